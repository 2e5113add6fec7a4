#ifndef DOMAIN_IDENTITY_TAX_H
#define DOMAIN_IDENTITY_TAX_H

#include "domain/application/draft.h"
#include "domain/cx.h"
#include "domain/definition/procedure.h"

/*
 * Tax information that a person lets the counter fetch instead of attaching a certificate of taxation.
 *
 *   (none) ── the person consents ──▶ fetching ── an answer ──▶ answered ── attach ──▶ attached ── submit ──▶ with the application
 *                                                                  ╰── do not attach ──▶ (none)
 *
 * It is fetched only for a draft whose procedure says so, shown before it is attached, and never edited: there is no way from a form into it. What is
 * stored has a neutral form that names no service, sealed and bound to its row. Only what is attached goes with the application; the rest is
 * forgotten with the draft, or after TAX_DRAFT_MS.
 *
 * The class of a year follows from its two levies (the rule that municipalities use): none and none, not taxed; none by income and some per
 * capita, per capita only; both, taxed. A levy by income without one per capita cannot be, and makes the whole answer useless. Somebody
 * who has not declared has no levies yet.
 *
 * Texts live in cx->arena.
 */

enum tax_state { TAX_FETCHING, TAX_ANSWERED, TAX_ATTACHED, TAX_STATE_COUNT };

enum tax_answer {
	TAX_OK,
	TAX_NO_RECORD,                /* the municipality has nothing on this person */
	TAX_NOT_YET,                  /* the year's levy is not decided yet */
	TAX_MUNICIPALITY_UNSUPPORTED, /* it does not take part */
	TAX_CONSENT_REFUSED,
	TAX_UNAVAILABLE,              /* the service is away, answers nonsense, or takes too long */
	TAX_ANSWER_COUNT
};
extern const struct str tax_answer_names[TAX_ANSWER_COUNT]; /* "ok", "no_record" … */
bool tax_answer_of(struct str name, enum tax_answer *out);

enum tax_class { TAX_NOT_TAXED, TAX_PER_CAPITA_ONLY, TAX_TAXED, TAX_NOT_DECLARED, TAX_CLASS_COUNT };
extern const struct str tax_class_names[TAX_CLASS_COUNT]; /* "not_taxed" … */

struct tax_year {
	int64_t fiscal_year, income_year;
	struct str municipality;   /* 6 digits */
	bool declared;             /* else the amounts are 0 and mean nothing */
	int64_t salary_income, total_income, dependents;
	int64_t levy_income_based, levy_per_capita;
	enum tax_class class;
};

#define TAX_YEARS_MOST 5

struct tax_info {
	int64_t id;
	enum tax_state state;
	enum tax_answer answer;    /* when not FETCHING */
	int64_t fetched_at;
	struct str source;         /* "selfinfo-sim"; with TAX_OK, as the years */
	struct tax_year years[TAX_YEARS_MOST];
	size_t year_count;
};

#define TAX_EVERY_MS INT64_C(3000)   /* between two questions whether it is there */
#define TAX_WAIT_MS INT64_C(60000)   /* then nobody waits any more */
#define TAX_ASK_MS INT64_C(15000)    /* one question at most: until then it is nobody else's */
#define TAX_DRAFT_MS (30 * INT64_C(86400000))

/*
 * The name of a year's municipality, in the lists of codes. Its sixth digit is a check digit (JIS X 0402). NULL: that digit is wrong, or there
 * is none of this code.
 */
const struct text *tax_municipality(const struct catalogue *catalogue, struct str code);

/* By the rule above. INVALID: levies that cannot be. */
err tax_classify(bool declared, int64_t levy_income_based, int64_t levy_per_capita, enum tax_class *out);

/* Years in order, numbers in sensible bounds, classes as the rule has them. INVALID. */
err tax_check(const struct tax_info *info);

/* The neutral form as JSON: {"v":1,"fetched":…,"source":…,"years":[…]}. tax_read: INVALID. */
struct str tax_write(struct arena *arena, const struct tax_info *info);
err tax_read(struct arena *arena, struct str text, struct tax_info *out);
struct json;
err tax_read_map(const struct json *map, struct tax_info *out); /* its texts are the map's */

/* The actor's own. NOT_FOUND: nothing was asked for. One that waits for too long counts as answered by TAX_UNAVAILABLE. */
err tax_of_draft(struct cx *cx, int64_t draft_id, struct tax_info *out);
/* Whoever may see the application (ask application_require first). NOT_FOUND: none was attached. */
err tax_of_application(struct cx *cx, int64_t account_id, int64_t application_id, struct tax_info *out);
/* Whether it would go along if the draft were submitted now. False without a question when the procedure wants none. */
err tax_is_attached(struct cx *cx, const struct draft *draft, bool *out);

/* For the adapter: the answer will come; `work` is what it wants again to ask for it. CONFLICT: something is attached. */
err tax_begin(struct cx *cx, int64_t draft_id, struct str work);
/* For the adapter: it will not. CONFLICT as above. */
err tax_failed(struct cx *cx, int64_t draft_id, enum tax_answer answer);

/* For the job: one that is due, which is then nobody else's for TAX_ASK_MS. NOT_FOUND: none. SHUT: it does not open; it is answered as unavailable. */
struct tax_due {
	int64_t id, account_id, draft_id;
	struct str work;
	int64_t until_at;
	int64_t lease;  /* what tax_later needs */
};
err tax_claim(struct cx *cx, struct tax_due *out);
err tax_later(struct cx *cx, const struct tax_due *due);
/* info: source and years, when the answer is TAX_OK; else NULL. No error when somebody was faster. */
err tax_answered(struct cx *cx, const struct tax_due *due, enum tax_answer answer, const struct tax_info *info);

/* What the person says to what was shown, named by its id. attach: CONFLICT when it is not that any more, or cannot be attached. */
err tax_attach(struct cx *cx, int64_t draft_id, int64_t id);
err tax_remove(struct cx *cx, int64_t draft_id);

/* Inside cx_write: with the application; what is not attached goes. And: the draft is deleted. */
err tax_keep(struct cx *cx, int64_t account_id, int64_t draft_id, int64_t application_id);
err tax_drop(struct cx *cx, int64_t account_id, int64_t draft_id);
/* Inside cx_write, for the job of old things. */
err tax_purge(struct cx *cx);

#endif
