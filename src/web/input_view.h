#ifndef WEB_INPUT_VIEW_H
#define WEB_INPUT_VIEW_H

#include "domain/form/form.h"
#include "render/templates.h"
#include "web/exchange.h"

/*
 * The fields of the small forms (registration, login, forgotten, reset) as views: a page gives a table of inputs, what was typed, and
 * what is wrong with it. The big forms are procedures' (web/form_view.h).
 */

enum question_kind { INPUT_LINE, INPUT_EMAIL, INPUT_PASSWORD, INPUT_RADIO, INPUT_DATE, INPUT_POSTAL };

struct question_choice {
	const char *value;
	enum msg label;
};

struct question {
	const char *name;           /* of the parameter, and of its issues */
	enum question_kind kind;
	enum msg label;
	enum msg hint;
	bool has_hint;
	unsigned max;               /* {max} of the hint; of passwords it is the profile's, as {min} is */
	bool optional;
	const char *width;          /* class of css/main.css: "w-full", "w-20", "w-12", "w-8" */
	const char *autocomplete;
	const char *inputmode;
	bool upper;
	const struct question_choice *choices; /* RADIO */
	size_t choice_count;
};

/* The n-th parameter of that name: the parts of a date (year, month, day) share their field's name. */
struct str param_nth(const struct params *params, struct str name, size_t nth);

/* `typed`: the values by name. Passwords are never given back. */
void inputs_view(struct exchange *ex, const struct question *inputs, size_t count, const struct params *typed,
	const struct issues *issues, struct view_part_fields *fields, struct view_part_errors *errors);

/* The words of an issue, in the reader's language. */
struct html issue_html(struct exchange *ex, const struct issue *issue);
/* The question that a check's message is about, for lists; empty for messages that name theirs. */
struct html issue_place(struct exchange *ex, const struct issue *issue);

#endif
