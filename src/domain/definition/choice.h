#ifndef DOMAIN_DEFINITION_CHOICE_H
#define DOMAIN_DEFINITION_CHOICE_H

#include "base/map.h"
#include "domain/definition/text.h"

/*
 * A list of choices: in the procedure itself, or procedures/codes/<id>.csv. Values are visible ASCII without blanks, so
 * that several can stand in one answer.
 */

struct choice {
	struct str value;
	struct text label;
	struct str parent;  /* the value of the field named by `depends_on` that this choice belongs to; absent: any */
	struct str letter;  /* of an office: its kanji in reception numbers */
	int32_t points;     /* what choosing it counts, in a list with that column */
	int32_t valid_from, valid_until; /* YYYYMMDD, 0: open */
};

struct choice_list {
	struct str id;
	const struct choice *v;
	size_t n;
	bool has_parents;   /* some choice has one */
	bool has_letters;   /* the list has the column */
	bool has_points;    /* the list has the column */
	struct map by_value; /* value → its first struct choice *; also "parent\x1fvalue" ("\x1fvalue": of any parent) */
};

/* Before the first choice is found a list is complete: choice_list_index has been called. CONFLICT: *twice is there twice. */
err choice_list_index(struct arena *arena, struct choice_list *list, const struct choice **twice);

/*
 * The choice of that value under that parent; NULL: none. An absent parent asks for the value under any; `on` decides
 * about valid_from/until (0: any date).
 */
const struct choice *choice_find(const struct choice_list *list, struct str value, struct str parent, int32_t on);

/* Whether a page offers the choice to someone who chose `parent` (absent: all). */
bool choice_offered(const struct choice *choice, struct str parent, int32_t on);

/* The choice whose label, in any language, somebody typed or pasted; NULL: none. */
const struct choice *choice_by_label(const struct choice_list *list, struct str typed, struct str parent);

#endif
