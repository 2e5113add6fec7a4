#ifndef DOMAIN_PROCEDURE_H
#define DOMAIN_PROCEDURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "domain/choice.h"
#include "domain/cx.h"
#include "domain/fee.h"
#include "domain/rule.h"
#include "domain/stay.h"
#include "domain/text.h"

/*
 * Procedures as data: what procedures/<folder>/procedure.yaml says, checked and compiled at start, then frozen. The format is
 * docs/procedures.md; this is its shape in memory. A published version is named by the digest of its files.
 */

enum field_type {
	FIELD_TEXT,      /* one line; `script` says which characters */
	FIELD_TEXTAREA,
	FIELD_NUMBER,    /* whole number within min … max */
	FIELD_YEN,
	FIELD_DIGITS,    /* a code of digits: leading zeros stay */
	FIELD_DATE,      /* YYYYMMDD */
	FIELD_MONTH,     /* YYYYMM */
	FIELD_PARTIAL_DATE,  /* YYYY, YYYYMM or YYYYMMDD: as much as is known */
	FIELD_PARTIAL_MONTH, /* YYYY or YYYYMM */
	FIELD_SELECT,
	FIELD_RADIO,
	FIELD_MULTI,     /* several of a list: values joined by one blank, in the list's order */
	FIELD_CHECKBOX,  /* "yes" or nothing */
	FIELD_EMAIL,
	FIELD_PHONE,
	FIELD_POSTAL,    /* 7 digits */
	FIELD_ADDRESS,   /* filled by the postal code before it */
	FIELD_CARD_NO,   /* AB12345678CD */
	FIELD_CORP_NO,   /* 13 digits with a check digit */
	FIELD_COUNTRY,   /* a select with search */
	FIELD_GROUP,     /* repeats its `fields` up to `max` times */
	FIELD_NOTE,      /* a text, no answer */
	FIELD_CALC,      /* computed from other answers (domain/expr.h): shown and stored, never taken from the person */
	FIELD_TYPE_COUNT
};

/* What of the four items of a card fills a field, and what is read before a form is filled in. */
enum card_item { CARD_NONE, CARD_NAME, CARD_ADDRESS, CARD_BIRTH_DATE, CARD_SEX, CARD_ITEM_COUNT };
enum card_step { CARD_STEP_NONE, CARD_STEP_AUTH, CARD_STEP_BASIC4, CARD_STEP_COUNT };

/* What a procedure has to do with the request for use. */
enum use_role {
	USE_NONE,
	USE_NEEDED,  /* only those whose request has been accepted may apply */
	USE_REQUEST, /* it is such a request */
	USE_RENEWAL, /* it is one that goes on with an earlier one */
	USE_ROLE_COUNT
};

/* What a computed number counts. */
enum calc_unit { UNIT_NONE, UNIT_POINTS, UNIT_PERCENT, UNIT_YEN, CALC_UNIT_COUNT };

/* How a choice is proposed to somebody who has not chosen yet. */
enum propose_by {
	PROPOSE_NONE,
	PROPOSE_AREA,   /* the choice whose Japanese label the text `from` begins with; of several the longest */
	PROPOSE_PARENT, /* the only choice that is left under the value of `from` */
	PROPOSE_BY_COUNT
};

enum script_rule { SCRIPT_ANY, SCRIPT_FULL, SCRIPT_ASCII, SCRIPT_UPPER, SCRIPT_ALNUM, SCRIPT_RULE_COUNT };

struct field {
	struct str id;             /* inside its procedure; rows of a group: "family.relation" */
	struct str no;             /* item number, "9.4"; absent: none */
	enum field_type type;
	enum script_rule script;
	struct text label;         /* the official one */
	struct text hint;
	struct str example;
	bool required;             /* when shown */
	struct str one_of;         /* fields with the same mark: at least one must be given */
	const struct field *const *one_of_with; /* all fields of the mark, this one too */
	size_t one_of_count;
	unsigned min_length, max_length; /* characters */
	int64_t min, max;          /* NUMBER, YEN; GROUP: rows */
	const struct choice_list *choices;
	const struct field *depends_on;  /* the field whose value selects the choices */
	const struct rule *when;   /* NULL: always shown */
	const struct field *group; /* NULL, or the group it is a row field of */
	const struct field *const *fields; /* GROUP */
	size_t field_count;
	const struct field *same_as;     /* EMAIL typed again: must equal this one; not stored in the receipt */
	const struct field *fills;       /* POSTAL: the ADDRESS that it fills */
	struct str autocomplete;   /* HTML autocomplete token, absent: off */
	struct str prefill;        /* "account.name", …: proposed from the account */
	unsigned prefill_for;      /* bits of enum user_type; 0: everybody */
	enum card_item card;       /* the item of a card that fills it, when one was read */
	unsigned card_for;         /* bits of enum user_type; 0: everybody */
	const struct expr *calc;   /* CALC */
	bool copies;               /* CALC: shows another field's answer instead of a number */
	enum calc_unit unit;       /* CALC */
	unsigned decimals;         /* CALC: 0 to 2 */
	const struct field *proposes_from; /* NULL: nothing is proposed */
	enum propose_by propose_by;
	const struct section *section;
	const struct str *row_paths; /* of a row field: its paths in the rows 0 to max of the group */
	bool controls;             /* what other fields are asked, or which choices they have, hangs on this one */
	unsigned index;            /* among all fields of the procedure; a group stands right before its fields */
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

/* A paper that may be attached. What is expected and missing is told, not refused. */
struct document {
	struct str id;             /* "passport_copy": the row of an attachment names it; "photo" is none */
	struct text label;
	struct text hint;          /* what it must show, who issues it, how old it may be */
	bool expected;
	unsigned files;            /* for it at most */
	const struct rule *when;   /* NULL: always asked */
};

/* The facial photo (manual 4.2.7). */
struct photo_rule {
	bool asked;                /* else the procedure wants none */
	const struct rule *when;   /* NULL: of everybody */
	bool may_skip;             /* `not_needed` is given: the person may declare that none is needed */
	const struct rule *not_needed; /* NULL: always */
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
	unsigned files_most;       /* with the photo; 0: it takes no files */
	int64_t bytes_most;        /* of all files together */
	struct photo_rule photo;
	const struct document *documents; /* in the order of the list */
	size_t document_count;
	bool amends;               /* a view of what is open (domain/amend.h): sections and documents are not all */
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

bool field_has_choices(const struct field *field); /* one or several of a list */
bool field_is_answered(const struct field *field); /* by the person: groups, notes and what is computed are not */
bool field_has_value(const struct field *field); /* answered or computed */
bool field_is_number(const struct field *field); /* compared as a number: number, yen, digits, computed, choices that all are numbers */
bool field_is_date(const struct field *field); /* date, month, and those of which a part may be unknown */
const char *field_type_name(enum field_type type); /* as in the definition: "partial_date" */
const char *calc_unit_name(enum calc_unit unit); /* "points" */
const char *user_type_name(enum user_type type);

#endif
