#include "domain/application/amend.h"

#include "base/vec.h"

/* The procedure as far as an officer has opened it: the same fields and conditions, fewer of them on pages. */

static bool has_item(const struct amend_items *items, const char *kind, struct str id)
{
	for (size_t i = 0; i < items->n; i++) {
		struct str item = items->v[i];
		if (str_starts(item, str_of(kind)) && str_eq(str_skip(item, strlen(kind)), id))
			return true;
	}
	return false;
}

struct viewing {
	const struct amend_items *items;
	struct rule_eval now, before;
};

/* Opened, or a question that comes only now. */
static bool is_open(struct viewing *viewing, const struct field *field)
{
	if (has_item(viewing->items, "field:", field->id))
		return true;
	if (field->same_as && has_item(viewing->items, "field:", field->same_as->id))
		return true;
	return rule_field_shown(&viewing->now, field) && !rule_field_shown(&viewing->before, field);
}

static const struct section *section_view(struct arena *arena, struct viewing *viewing, const struct section *section)
{
	VEC(const struct field *) fields = {0};
	for (size_t i = 0; i < section->field_count; i++)
		if (is_open(viewing, section->fields[i]))
			vec_push(arena, &fields, section->fields[i]);
	if (fields.n == 0)
		return NULL;
	struct section *copy = arena_new(arena, struct section);
	*copy = *section;
	copy->fields = fields.v;
	copy->field_count = fields.n;
	return copy;
}

static void documents_view(struct arena *arena, const struct amend_items *items, struct procedure *view)
{
	struct document *documents = arena_array(arena, struct document, view->document_count);
	size_t count = 0;
	for (size_t i = 0; i < view->document_count; i++) {
		if (!has_item(items, "document:", view->documents[i].id))
			continue;
		documents[count] = view->documents[i];
		documents[count].when = NULL; /* the officer has asked for it, whatever the answers */
		documents[count].expected = true;
		documents[count].by_tax = false;
		count++;
	}
	view->documents = documents;
	view->document_count = count;
}

bool amend_shows(const struct procedure *view, const struct field *field)
{
	const struct field *top = field->group ? field->group : field;
	for (size_t s = 0; s < view->section_count; s++)
		for (size_t i = 0; i < view->sections[s]->field_count; i++)
			if (view->sections[s]->fields[i] == top)
				return true;
	return false;
}

/* A rule between what is closed cannot be mended. */
static void checks_view(struct arena *arena, struct procedure *view)
{
	struct check *checks = arena_array(arena, struct check, view->check_count);
	size_t count = 0;
	for (size_t i = 0; i < view->check_count; i++) {
		const struct check *check = &view->checks[i];
		if ((check->a && amend_shows(view, check->a)) || (check->b && amend_shows(view, check->b)))
			checks[count++] = *check;
	}
	view->checks = checks;
	view->check_count = count;
}

const struct procedure *amend_view(struct arena *arena, const struct form_scope *now, const struct answers *before, const struct amend_items *items)
{
	const struct procedure *whole = now->procedure;
	struct form_scope then = *now;
	struct viewing *viewing = arena_new(arena, struct viewing);
	VEC(const struct section *) sections = {0};
	then.answers = before;
	viewing->items = items;
	rule_eval_init(&viewing->now, now);
	rule_eval_init(&viewing->before, &then);
	struct procedure *view = arena_new(arena, struct procedure);
	*view = *whole;
	view->amends = true;
	for (size_t i = 0; i < whole->section_count; i++) {
		const struct section *section = section_view(arena, viewing, whole->sections[i]);
		if (section)
			vec_push(arena, &sections, section);
	}
	view->sections = sections.v;
	view->section_count = sections.n;
	documents_view(arena, items, view);
	if (!has_item(items, "photo", STR("")))
		view->photo = (struct photo_rule){0};
	else
		view->photo.when = NULL;
	checks_view(arena, view);
	return view;
}
