#ifndef DOMAIN_IDENTITY_USAGE_H
#define DOMAIN_IDENTITY_USAGE_H

#include "domain/account/account.h"
#include "domain/application/application.h"
#include "domain/identity/identity_card.h"

/*
 * The request for use (manual 3.2): who may apply for residence here. It is an application of a procedure with `use: request`, and beside it
 * stands a row that says what the machine found and how long the acceptance is good.
 *
 * A request for which a card was read, and whose card says what the account says, is accepted in the transaction in which it is
 * submitted. All others wait for an officer. The name is compared after folding, and a difference is told to the applicant and to the officer: whether
 * it matters is not for the machine to decide (a name in kanji, another spelling, a middle name).
 *
 *   waiting ── accept ──▶ accepted ── time ──▶ ended
 *      │ ╰──── refuse ──▶ refused
 *      ╰── withdrawn: as if there were none
 *
 * The state of an account is that of its best request: accepted and good, else the newest. The steps are those of the application's life cycle
 * (EVENT_USE_ACCEPT, EVENT_USE_REFUSE) with its history, audit entry and mail in one transaction; nothing else decides such a request.
 *
 * A renewal (`use: renewal`) is such a request of somebody who has, or had, an accepted one: its months count from the last day of that, or from
 * the decision where that day is past. With a request or a renewal nothing else differs.
 *
 * An accepted request is asked for only where cards are read (card_reading_on): a counter without works as one without requests for use.
 */

enum usage_state { USAGE_NONE, USAGE_WAITING, USAGE_ACCEPTED, USAGE_REFUSED, USAGE_ENDED, USAGE_STATE_COUNT };
extern const struct str usage_state_names[USAGE_STATE_COUNT]; /* "waiting" */

/* What the machine found different, as bits. */
enum usage_difference {
	USAGE_NO_CARD = 1, /* none was read */
	USAGE_NAME = 2,    /* of the card, from the registered one or from the one in the form */
	USAGE_BIRTH = 4,   /* another date, or not known in full */
	USAGE_SEX = 8,     /* another, or not stated */
	USAGE_TEXT = 16,   /* read by the text applet, which nothing ties to the card that logged in */
	USAGE_DIFFERENCES = 31
};

/* `card` NULL: none was read. `name`: as given in the form; empty: not asked. */
unsigned usage_compare(struct arena *arena, const struct account *account, struct str name, const struct basic4 *card);

struct usage {
	enum usage_state state;
	struct str reference;    /* of the request; with USAGE_NONE all else is empty */
	struct str procedure_id; /* of the request */
	unsigned differs;        /* of enum usage_difference */
	struct str note;         /* said with the decision */
	int64_t requested_at;
	int64_t decided_at;      /* 0: not yet */
	int32_t valid_until;     /* YYYYMMDD, the last day; 0: without end */
};

/* The actor's own. DENIED: nobody is logged in. */
err usage_find(struct cx *cx, struct usage *out);

/* Whether cards are read here. */
bool card_reading_on(const struct cx *cx);

/* May the actor apply by this procedure? DENIED: a request for use must be accepted before (of a renewal: or have been). */
err usage_require(struct cx *cx, const struct procedure *procedure);

/* The procedure by which people of that kind request use for the first time; NULL: there is none. */
const struct procedure *usage_procedure(const struct cx *cx, enum user_type type);
/* The one to be filed next by somebody in that state: a renewal where there is something to go on with. NULL: there is none. */
const struct procedure *usage_next(const struct cx *cx, enum user_type type, const struct usage *usage);

struct usage_new {
	const struct account *account;
	const struct procedure *procedure;
	int64_t application_id;
	struct str reference;
	struct str email; /* of the application */
	unsigned differs;
};

/* Inside the transaction of application_submit: notes the request, and accepts it when nothing differs. */
err usage_submitted(struct cx *cx, const struct usage_new *request);

/* For officers. */
struct usage_row {
	struct str reference, temporary_no, name, procedure_id;
	struct str user_id;
	enum usage_state state;
	unsigned differs;
	int64_t requested_at;
	int32_t valid_until;
};

/* Those that wait, the oldest first; at most `most`. */
err usage_list(struct cx *cx, size_t most, struct usage_row **out, size_t *count);

struct usage_details {
	struct usage_row row;
	struct application application;
	struct account account;
	struct basic4 card;
	bool has_card;
};

/* NOT_FOUND: no such number; INVALID: it is another kind of application; DENIED: not an officer. */
err usage_show(struct cx *cx, struct str reference, struct usage_details *out);

/*
 * Accepts or refuses, with history, audit entry and mail; `note` is told to the applicant. As usage_show, and CONFLICT: it does not wait (any
 * more); INVALID: the note is too long or no text.
 */
err usage_decide(struct cx *cx, struct str reference, bool accept, struct str note);

/* Tells those whose acceptance ends within two months, once; *out_count: how many mails were made. */
err usage_warn(struct cx *cx, size_t *out_count);

#endif
