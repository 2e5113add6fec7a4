#ifndef DOMAIN_FORM_FORM_H
#define DOMAIN_FORM_FORM_H

#include "domain/definition/procedure.h"

/*
 * The answers a person gave to a procedure's questions, and what is wrong with them.
 *
 * A path names an answer: the field's id, or "group.ROW.field" in a row (rows from 0): "family.0.name". Values are text in
 * the form of the field's type. Order does not matter; a path occurs once.
 *
 * form_apply takes what was typed (both widths, any sensible form) into the form's own; it never refuses: what it cannot
 * convert it keeps as typed, so that nothing is lost and form_check can name the character. Hidden answers are kept in the draft
 * (the person may switch back) but form_shown leaves them out, and form_check, the confirmation and the submission use only what is shown.
 *
 * What was read from a card (domain/identity/card_fill.h) is held: answers_set and form_apply leave it as it is, whatever was typed or sent, and
 * form_check does not judge it, because the person could not mend it.
 */

struct answer {
	struct str path;
	struct str value;
	bool held; /* from a card */
};

struct answers {
	struct arena *arena;
	struct map map; /* path → struct answer * */
	bool card;      /* they come with the four items of a card */
};

void answers_init(struct answers *answers, struct arena *arena);
void answers_init_room(struct answers *answers, struct arena *arena, size_t count); /* with room for so many */
struct str answers_get(const struct answers *answers, struct str path); /* empty: not answered */
void answers_set(struct answers *answers, struct str path, struct str value); /* both are copied; empty value removes */
void answers_hold(struct answers *answers, struct str path, struct str value); /* from here on it has this value, not an empty one */
/* Where it stands, for answers_at; SIZE_MAX: nowhere, and nothing stands there. What stands somewhere stays there. */
size_t answers_place(const struct answers *answers, const struct map_key *path);
/* The field's answer; row: 0 to max of its group. */
struct str answers_to(const struct answers *answers, const struct field *field, size_t row);
/* Puts an answer that is not empty and not there yet; path and value stay the caller's. */
void answers_borrow(struct answers *answers, const struct map_key *path, struct str value);
bool answers_held(const struct answers *answers, struct str path);
/* Each answer in the order in which it was first set; i from 0; NULL: no more. Removed ones come with an empty value. */
const struct answer *answers_at(const struct answers *answers, size_t i);

void answers_copy(const struct answers *from, struct answers *out); /* all of them, held ones too; *out is made in its arena */

struct str path_head(struct str path); /* the id of the field, or of the group, that it belongs to: what stands before its first dot */
struct str path_in_row(struct arena *arena, const struct field *field, size_t row); /* "family.2.name"; outside groups the id */
/*
 * One more than the last row with any answer; rows before it may be empty. At most group->max + 1: one row too many is seen,
 * so that form_check can say so, and more are not looked for.
 */
size_t answers_rows(const struct answers *answers, const struct field *group);
void answers_remove_row(struct answers *answers, const struct field *group, size_t row); /* later rows move up */

/*
 * A JSON object of path → value, paths sorted, without those that are empty: the same answers give the same bytes. Whoever stores it
 * checks LIMIT_ANSWERS; reading does.
 */
struct str answers_write(struct arena *arena, const struct answers *answers);
/* INVALID: not what answers_write writes (unless for order and white space); LIMIT: more than LIMIT_ANSWERS bytes. */
err answers_read(struct arena *arena, struct str json, struct answers *out);

struct form_scope {
	const struct procedure *procedure;
	const struct answers *answers;
	enum user_type user_type; /* of the person at the counter: some questions are only for representatives */
	int32_t today;            /* YYYYMMDD in Japan */
	bool everything;          /* a look at the form itself: all counts as shown, whatever was answered */
};

/* Whether the section or field (in that row; 0 outside groups) is asked, given the answers. */
bool form_section_shown(const struct form_scope *scope, const struct section *section);
bool form_field_shown(const struct form_scope *scope, const struct field *field, size_t row);

/*
 * One posted value of a page. Multi fields: called once with all values joined by a blank. Dates in three boxes: joined by '-'
 * ("2000-1-23", "2000-01-"). Choices may also come as their label, from a box with suggestions. Applying what was made of a value
 * again changes nothing. Rows up to group->max (one too many) are kept.
 */
void form_apply(struct answers *answers, const struct field *field, size_t row, struct str typed);

/* A date, month or partial one as it stands in the boxes of a page: complete or as far as it was typed. */
struct date_boxes {
	struct str year, month, day;
};
struct date_boxes form_date_boxes(struct str value);

/*
 * Puts the value of each computed field into the answers, or takes it away where there is none: to be called when answers have been
 * read or changed, before anything else looks at them. What an application was submitted with is not computed again.
 */
void form_calculate(const struct form_scope *scope, struct answers *answers);

/* The value that is proposed for a choice not made yet; empty: none. Nothing is stored before the person has sent it. */
struct str form_proposal(const struct form_scope *scope, const struct field *field, size_t row);
/* Puts proposals for the section's questions into answers that are only looked at. */
void form_propose(const struct form_scope *scope, const struct section *section, struct answers *answers);

/*
 * Only what is shown, as it will be submitted: without addresses typed again, empty rows closed up, nothing of
 * paths that the procedure does not have.
 */
void form_shown(const struct form_scope *scope, struct arena *arena, struct answers *out);

/* What is wrong: one entry for each field and reason. The message has {label} and others as arguments. */
struct issue {
	struct str path;             /* where; for a check: its first field */
	const struct field *field;
	const struct check *check;   /* its message is used instead of msg; NULL: msg */
	enum msg msg;
	struct msg_arg args[4];      /* {char} {max} {count} … ; issue_write_html adds {label} and {others} */
	size_t arg_count;
	const struct field *const *others; /* other fields that the message names: {others} */
	size_t other_count;
	bool warning;
	struct str document;         /* of an attachment: the document's id, "photo", or empty; absent: the issue is of an answer */
	bool missing;                /* nothing is wrong with what is there: something is not there yet */
};
struct issues {
	struct issue *v;
	size_t n;
	size_t refusals;             /* those that are not warnings */
};

/* section NULL: the whole form, cross-field checks too (those whose fields all lie in the section otherwise). */
void form_check(const struct form_scope *scope, struct arena *arena, const struct section *section, struct issues *out);
/* form_check of the whole form and form_shown: what the one has found out the other need not ask again. */
void form_judge(const struct form_scope *scope, struct arena *arena, struct issues *issues, struct answers *shown);

/*
 * The words of an issue in the reader's language, as HTML, with readings when furigana is on; {label} is the field's label, with the
 * number of its row. Without a field (domain/form/input.h) the arguments must say it all.
 */
void issue_write_html(struct buf *out, const struct locale *locale, const struct issue *issue);

/* For lists of issues, as HTML: the question that a check's message stands at. All other messages name theirs, and nothing is written. */
void issue_write_place(struct buf *out, const struct locale *locale, const struct issue *issue);

/*
 * EMPTY: no answer is there; PROGRESS: something that is needed is missing; PROBLEM: an answer is wrong, by itself or with those
 * of other sections; DONE: none of these. A section that is not shown, or asks nothing, is DONE.
 */
enum section_state { SECTION_EMPTY, SECTION_PROGRESS, SECTION_DONE, SECTION_PROBLEM, SECTION_STATE_COUNT };
struct section_look {
	bool shown;
	enum section_state state;
};
/* All of them, by section->index. */
void form_sections(const struct form_scope *scope, struct arena *arena, struct section_look looks[LIMIT_SECTIONS]);

/*
 * For the eye: choices by their label, dates and amounts in the reader's form, as plain text. Except for a multi with several
 * values, form_apply understands what is written here.
 */
void answer_display(struct buf *out, const struct form_scope *scope, const struct locale *locale, const struct field *field,
	size_t row, struct str value);

/* An amount in the reader's form, with readings: "2,500,000円《えん》"; what is no number as it is. */
void yen_write(struct buf *out, const struct locale *locale, struct str value);

#endif
