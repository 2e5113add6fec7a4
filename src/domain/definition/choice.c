#include "domain/definition/choice.h"

/* Values hold no control characters, so this cannot stand in one. */
#define PARENT_MARK '\x1f'

/* Above the two longest values (codes.c takes 64 bytes each) and the mark. */
#define CHOICE_KEY 160

static struct str key_write(char key[CHOICE_KEY], struct str parent, struct str value)
{
	if (parent.n + value.n + 1 > CHOICE_KEY)
		return (struct str){0};
	if (parent.n)
		memcpy(key, parent.p, parent.n);
	key[parent.n] = PARENT_MARK;
	if (value.n)
		memcpy(key + parent.n + 1, value.p, value.n);
	return str_make(key, parent.n + 1 + value.n);
}

/* A map of constants: it hands out what was put in, and choice_find gives it back as const. */
static void *unconst(const struct choice *choice)
{
	union {
		const struct choice *from;
		void *to;
	} pointer = {.from = choice};
	return pointer.to;
}

err choice_list_index(struct arena *arena, struct choice_list *list, const struct choice **twice)
{
	for (size_t i = 0; i < list->n; i++)
		list->has_parents |= !str_absent(list->v[i].parent);
	map_init_room(&list->by_value, arena, list->has_parents ? 2 * list->n : list->n);
	for (size_t i = 0; i < list->n; i++) {
		const struct choice *choice = &list->v[i];
		char text[CHOICE_KEY];
		struct str key = list->has_parents ? key_write(text, choice->parent, choice->value) : choice->value;
		bool first = !map_get(&list->by_value, choice->value);
		if (map_get(&list->by_value, key)) {
			*twice = choice;
			return fail(ERR_CONFLICT, "a choice stands twice in its list");
		}
		if (list->has_parents)
			map_put(&list->by_value, str_dup(arena, key), unconst(choice));
		if (first)
			map_put(&list->by_value, choice->value, unconst(choice));
	}
	return ok();
}

static bool valid_on(const struct choice *choice, int32_t on)
{
	return on == 0 || ((choice->valid_from == 0 || choice->valid_from <= on) &&
			   (choice->valid_until == 0 || on <= choice->valid_until));
}

const struct choice *choice_find(const struct choice_list *list, struct str value, struct str parent, int32_t on)
{
	const struct choice *choice;
	if (list->has_parents && !str_absent(parent)) {
		char text[CHOICE_KEY];
		choice = map_get(&list->by_value, key_write(text, parent, value));
		if (!choice)
			choice = map_get(&list->by_value, key_write(text, (struct str){0}, value));
	} else {
		choice = map_get(&list->by_value, value);
	}
	/* What somebody typed may hold the mark and so look like a key of two parts. */
	return choice && str_eq(choice->value, value) && valid_on(choice, on) ? choice : NULL;
}

bool choice_offered(const struct choice *choice, struct str parent, int32_t on)
{
	bool here = str_absent(parent) || str_absent(choice->parent) || str_eq(choice->parent, parent);
	return here && valid_on(choice, on);
}

const struct choice *choice_by_label(const struct choice_list *list, struct str typed, struct str parent)
{
	if (str_empty(typed))
		return NULL;
	for (size_t i = 0; i < list->n; i++)
		if (choice_offered(&list->v[i], parent, 0) && text_is(&list->v[i].label, typed))
			return &list->v[i];
	return NULL;
}
