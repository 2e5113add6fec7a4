#ifndef DOMAIN_DEFINITION_PROCEDURE_H
#define DOMAIN_DEFINITION_PROCEDURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "domain/cx.h"
#include "domain/definition/document.h"
#include "domain/definition/fee.h"
#include "domain/definition/field.h"
#include "domain/definition/minutes.h"
#include "domain/definition/rule.h"
#include "domain/definition/stay.h"
#include "domain/definition/text.h"

/*
 * Procedures as data: what procedures/<folder>/procedure.yaml says, checked and compiled at start, then frozen. The format is
 * docs/procedures.md; this is its shape in memory. A published version is named by the digest of its files.
 */

/* What is read from a card before a form is filled in. */
enum card_step { CARD_STEP_NONE, CARD_STEP_AUTH, CARD_STEP_BASIC4, CARD_STEP_COUNT };

/* What a procedure has to do with the request for use. */
enum use_role {
	USE_NONE,
	USE_NEEDED,  /* only those whose request has been accepted may apply */
	USE_REQUEST, /* it is such a request */
	USE_RENEWAL, /* it is one that goes on with an earlier one */
	USE_ROLE_COUNT
};

enum check_op { CHECK_LE, CHECK_LT, CHECK_EQ, CHECK_SUM_LE, CHECK_NOT_PAST, CHECK_NOT_FUTURE, CHECK_WITHIN_MONTHS, CHECK_SINCE_DAYS, CHECK_RULE, CHECK_OP_COUNT };
struct check {
	struct str id;
	enum check_op op;
	const struct field *a, *b; /* b NULL: compare with `value` */
	int64_t value;
	bool text;                 /* EQ of fields that are neither numbers nor dates */
	const struct rule *when;   /* applies only then */
	const struct rule *rule;   /* CHECK_RULE: must hold; a is its first field */
	const struct field *group; /* checked in each row of it; NULL (SUM_LE: one sum over the rows) */
	const struct section *section; /* in which all its fields lie; NULL: in several */
	struct text message;
	bool warning;              /* told, not refused */
};

struct section {
	struct str id;
	struct text title;
	struct text intro;
	unsigned minutes;          /* about how long it takes */
	const struct field *const *fields; /* in order; row fields only inside their group */
	size_t field_count;
	const struct rule *when;
	unsigned index;
};

/*
 * What has become of questions since earlier versions: an answer to `from` is an answer to `to` now; a value `from` of `field` is called
 * `to`. Of a group the rows move with it.
 */
struct field_move {
	struct str from; /* id, or "group.field" */
	const struct field *to;
};
struct value_move {
	const struct field *field;
	struct str from, to;
};

struct lookup;

struct procedure {
	struct str id;             /* folder name: "extension" */
	struct str version;        /* first 16 hex digits of the digest of its files */
	const struct str *files;   /* which those are: "extension/procedure.yaml", "shared/family.yaml", "codes/sex.csv", sorted */
	size_t file_count;
	const struct field_move *moves;
	size_t move_count;
	const struct value_move *value_moves;
	size_t value_move_count;
	struct str code;           /* its letter in reception numbers: 留 */
	struct text title;         /* official name */
	struct text short_title;   /* "Extension of period of stay" */
	struct text summary;       /* one sentence for the list */
	struct text explanation;   /* paragraphs, separated by an empty line */
	struct text needs;         /* what to have at hand, one item a line */
	struct text contact;
	struct text terms;
	struct text after;         /* what happens next, one step a line */
	struct text time;          /* how long the examination usually takes; empty: not said */
	struct str keywords;       /* for the search */
	unsigned order;            /* in lists; equal ones stand by their id */
	int32_t open_from, open_until; /* reception, YYYYMMDD; 0: at any time */
	bool user_types[USER_TYPE_COUNT];
	struct str office_field;   /* id of the field that names the receiving office; absent: no office does */
	struct str name_field;     /* id: the applicant's name */
	struct str email_field;    /* id: where the mail goes; absent: to the account's address */
	struct str status_field;   /* id: the field that `$status` means; absent: none */
	struct str activity_field; /* id: the field that `$activity` means; absent: none */
	enum card_step card_steps[2]; /* what is read from the card, in order; CARD_STEP_NONE: nothing more */
	unsigned card_reading_for; /* bits of enum user_type: who reads; 0: nobody */
	bool tax_information;      /* tax information may be fetched and attached */
	struct stay_rule stay;     /* what tells the special period */
	enum use_role use;
	unsigned use_months;       /* of a request: how long it is good once accepted; 0: without end */
	const struct section *const *sections;
	size_t section_count;
	const struct field *const *fields; /* all, by index, row fields too */
	size_t field_count;
	const struct field *const *calcs; /* those that are computed, each behind what it is computed from */
	size_t calc_count;
	struct map by_id;          /* id → struct field *; row fields by "group.field" */
	const struct check *checks;
	size_t check_count;
	const struct lookup *lookups; /* what only the store can answer: domain/application/lookup.h */
	size_t lookup_count;
	unsigned files_most;       /* with the photo; 0: it takes no files */
	int64_t bytes_most;        /* of all files together */
	struct photo_rule photo;
	const struct document *documents; /* in the order of the list */
	size_t document_count;
	bool amends;               /* a view of what is open (domain/application/amend.h): sections and documents are not all */
	struct minutes minutes[USER_TYPE_COUNT]; /* about how long the form takes */
};

struct catalogue {
	const struct procedure *const *v; /* as they stand in lists */
	size_t n;
	struct map by_id;
	struct map lists;          /* id → struct choice_list * */
	struct fee_table fees;
};

/* What is wrong with a definition: one line each, "file:line:column: words". */
struct definition_problems {
	struct buf text; /* at most LIMIT_DEFINITION_FAULTS lines */
	size_t n;        /* lines */
};

/*
 * Reads the folder of procedures; *problems is made in `arena`. INVALID: *problems says where; NOT_FOUND, INTERNAL: the folder
 * cannot be read. Reading goes on behind a fault, so that one run reports them all.
 */
err catalogue_read(struct arena *arena, const char *folder, struct definition_problems *problems, struct catalogue *out);
/*
 * The same, and faults also for what no answer ever leads to: conditions, sections and fields whose conditions contradict each other, `only`
 * that changes nothing, lists of a procedure that no field uses. For whoever writes procedures.
 */
err catalogue_check(struct arena *arena, const char *folder, struct definition_problems *problems, struct catalogue *out);
const struct procedure *catalogue_find(const struct catalogue *catalogue, struct str id); /* NULL */

bool procedure_is_request(const struct procedure *procedure); /* for use, first or again */
bool procedure_open(const struct procedure *procedure, int32_t today);
const struct field *procedure_field(const struct procedure *procedure, struct str id); /* NULL */
const struct section *procedure_section(const struct procedure *procedure, struct str id); /* NULL */

/* Whether people of that kind read their card for it, and the reading that belongs to the steps. */
bool procedure_reads_card(const struct procedure *procedure, enum user_type type);
bool procedure_has_step(const struct procedure *procedure, enum card_step step);

const struct document *procedure_document(const struct procedure *procedure, struct str id); /* NULL */

const char *user_type_name(enum user_type type);

#endif
