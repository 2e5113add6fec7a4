#include "domain/form/form_drop.h"

#include "base/vec.h"

struct looking {
	struct rule_eval before, after;
	struct arena *arena;
	VEC(struct dropped) found;
};

/* Whether each value given can be chosen under what the field depends on. */
static bool fits(struct rule_eval *eval, const struct field *field, struct str values)
{
	struct str parent, one;
	if (!field->depends_on)
		return true;
	if (!rule_field_shown(eval, field->depends_on))
		return false;
	parent = rule_answer(eval, field->depends_on);
	while (str_next(&values, ' ', &one))
		if (str_empty(parent) || !choice_find(field->choices, one, parent, 0))
			return false;
	return true;
}

static bool used(struct rule_eval *eval, const struct field *field, struct str value)
{
	return rule_field_shown(eval, field) && fits(eval, field, value);
}

static void look(struct looking *looking, const struct field *field, size_t row)
{
	struct str value = rule_answer(&looking->before, field);
	if (!field_is_answered(field) || field->same_as || str_empty(value) || !str_eq(value, rule_answer(&looking->after, field)))
		return;
	struct str path = field_path(field, row)->text;
	if (answers_held(looking->before.scope->answers, path) || !used(&looking->before, field, value) || used(&looking->after, field, value))
		return;
	vec_push(looking->arena, &looking->found, ((struct dropped){field, row, path, value}));
}

static void look_at_rows(struct looking *looking, const struct field *group)
{
	size_t rows = answers_rows(looking->before.scope->answers, group);
	for (size_t row = 0; row < rows && row < (size_t)group->max; row++) {
		rule_eval_row(&looking->before, group, row);
		rule_eval_row(&looking->after, group, row);
		for (size_t i = 0; i < group->field_count; i++)
			look(looking, group->fields[i], row);
	}
}

void form_dropped(const struct form_scope *before, const struct form_scope *after, struct arena *arena, struct drops *out)
{
	const struct procedure *procedure = before->procedure;
	struct looking *looking = arena_new(arena, struct looking);
	looking->arena = arena;
	rule_eval_init(&looking->before, before);
	rule_eval_init(&looking->after, after);
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		if (field->type == FIELD_GROUP)
			look_at_rows(looking, field);
		else if (!field->group)
			look(looking, field, 0);
	}
	*out = (struct drops){looking->found.v, looking->found.n};
}

void form_drop_undo(const struct form_scope *before, const struct form_scope *after, const struct str *paths, size_t count, struct answers *out)
{
	struct answers undone = {.arena = out->arena};
	answers_copy(after->answers, &undone);
	for (size_t i = 0; i < count; i++)
		answers_set(&undone, paths[i], answers_get(before->answers, paths[i]));
	const struct form_scope scope = {after->procedure, &undone, after->user_type, after->today};
	form_calculate(&scope, &undone);
	*out = undone;
}

static bool still_dropped(const struct drops *drops, const struct dropped *one)
{
	for (size_t i = 0; i < drops->n; i++)
		if (str_eq(drops->v[i].path, one->path))
			return true;
	return false;
}

/* Whether putting this one answer back saves one of the others. */
static bool is_cause(const struct form_scope *before, const struct form_scope *after, const struct drops *all, struct arena *arena, struct str path)
{
	struct answers without;
	struct drops left;
	answers_init(&without, arena);
	form_drop_undo(before, after, &path, 1, &without);
	const struct form_scope scope = {after->procedure, &without, after->user_type, after->today};
	form_dropped(before, &scope, arena, &left);
	for (size_t i = 0; i < all->n; i++)
		if (!still_dropped(&left, &all->v[i]))
			return true;
	return false;
}

struct causes {
	const struct form_scope *before, *after;
	struct arena *arena;
	VEC(struct str) changed;
};

static void note_change(struct causes *causes, const struct field *field, size_t row)
{
	struct str path = path_in_row(causes->arena, field, row);
	if (field_is_answered(field) && field->controls && !str_eq(answers_get(causes->before->answers, path), answers_get(causes->after->answers, path)))
		vec_push(causes->arena, &causes->changed, path);
}

static void note_changes(struct causes *causes, const struct section *section)
{
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		note_change(causes, field, 0);
		for (size_t row = 0; field->type == FIELD_GROUP && row < (size_t)field->max; row++)
			for (size_t f = 0; f < field->field_count; f++)
				note_change(causes, field->fields[f], row);
	}
}

void form_drop_causes(const struct form_scope *before, const struct form_scope *after, const struct section *section, struct arena *arena,
	struct str **paths, size_t *count)
{
	struct causes causes = {.before = before, .after = after, .arena = arena};
	struct answers undone;
	struct drops drops, left;
	VEC(struct str) found = {0};
	form_dropped(before, after, arena, &drops);
	*paths = NULL;
	*count = 0;
	if (drops.n == 0)
		return;
	note_changes(&causes, section);
	for (size_t i = 0; i < causes.changed.n; i++)
		if (is_cause(before, after, &drops, arena, causes.changed.v[i]))
			vec_push(arena, &found, causes.changed.v[i]);
	answers_init(&undone, arena);
	form_drop_undo(before, after, found.v, found.n, &undone);
	const struct form_scope scope = {after->procedure, &undone, after->user_type, after->today};
	form_dropped(before, &scope, arena, &left);
	/* Only together do they save all. */
	bool enough = left.n == 0;
	*paths = enough ? found.v : causes.changed.v;
	*count = enough ? found.n : causes.changed.n;
}
