#ifndef DOMAIN_DEFINITION_FIELD_H
#define DOMAIN_DEFINITION_FIELD_H

#include "base/map.h"
#include "domain/definition/choice.h"
#include "domain/definition/text.h"

/*
 * A question of a procedure, compiled: what docs/procedures.md says of a field. Made when the definitions are read, then frozen.
 */

struct expr;
struct rule;
struct section;

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
	FIELD_CALC,      /* computed from other answers (domain/definition/expr.h): shown and stored, never taken from the person */
	FIELD_TYPE_COUNT
};

/* What of the four items of a card fills a field. */
enum card_item { CARD_NONE, CARD_NAME, CARD_ADDRESS, CARD_BIRTH_DATE, CARD_SEX, CARD_ITEM_COUNT };

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
	const struct map_key *paths; /* what its answer is called: its id; of a row field a path for each of the rows 0 to max of the group */
	bool controls;             /* what other fields are asked, or which choices they have, hangs on this one */
	bool reaches;              /* a change matters beyond its page: to questions or computed values of other sections, to lists and proposals of the server */
	unsigned index;            /* among all fields of the procedure; a group stands right before its fields */
};

/* row: 0 to max of its group; of a field outside groups nothing depends on it. */
static inline const struct map_key *field_path(const struct field *field, size_t row)
{
	return &field->paths[field->group ? row : 0];
}

bool field_has_choices(const struct field *field); /* one or several of a list */
bool field_is_answered(const struct field *field); /* by the person: groups, notes and what is computed are not */
bool field_has_value(const struct field *field); /* answered or computed */
bool field_is_number(const struct field *field); /* compared as a number: number, yen, digits, computed, choices that all are numbers */
bool field_is_date(const struct field *field); /* date, month, and those of which a part may be unknown */
const char *field_type_name(enum field_type type); /* as in the definition: "partial_date" */
const char *calc_unit_name(enum calc_unit unit); /* "points" */

#endif
