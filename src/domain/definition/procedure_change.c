#include "domain/definition/procedure_change.h"

#include "base/limits.h"
#include "base/vec.h"

/* ---- questions ---- */

struct comparing {
	struct arena *arena;
	const struct procedure *before, *now;
	VEC(struct procedure_change) found;
};

static const struct field_move *move_from(const struct procedure *now, struct str id)
{
	for (size_t i = 0; i < now->move_count; i++)
		if (str_eq(now->moves[i].from, id))
			return &now->moves[i];
	return NULL;
}

static struct str name_in_group(const struct field *field)
{
	return str_skip(field->id, field->group->id.n + 1);
}

static struct str path_of(struct arena *arena, const struct field *group, struct str name)
{
	return str_fmt(arena, STR_FMT "." STR_FMT, STR_ARG(group->id), STR_ARG(name));
}

/* Where a group has moved, its fields have moved with it under their old names, unless something else is said of one. */
static const struct field *came_from(const struct comparing *comparing, const struct field *field)
{
	const struct field *same = procedure_field(comparing->before, field->id);

	for (size_t i = 0; !same && i < comparing->now->move_count; i++)
		if (comparing->now->moves[i].to == field)
			same = procedure_field(comparing->before, comparing->now->moves[i].from);
	if (same || !field->group)
		return same;
	const struct field *group = came_from(comparing, field->group);

	return group ? procedure_field(comparing->before, path_of(comparing->arena, group, name_in_group(field))) : NULL;
}

static bool same_words(const struct field *a, const struct field *b)
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++)
		if (!str_eq(text_form(&a->label, lang, TEXT_PLAIN), text_form(&b->label, lang, TEXT_PLAIN)))
			return false;
	return true;
}

/* An answer that was good may not be good any more. */
static bool takes_less(const struct field *before, const struct field *now)
{
	if (before->type != now->type || (now->required && !before->required))
		return true;
	return now->max_length < before->max_length || now->min_length > before->min_length || now->max < before->max || now->min > before->min;
}

static void add(struct comparing *comparing, enum change_kind kind, const struct field *before, const struct field *now)
{
	vec_push(comparing->arena, &comparing->found, ((struct procedure_change){kind, before, now}));
}

static void compare(struct comparing *comparing, const struct field *field)
{
	const struct field *before = came_from(comparing, field);

	if (field->group && !came_from(comparing, field->group))
		return; /* its group is new */
	if (!before)
		add(comparing, CHANGE_NEW, NULL, field);
	else if (!same_words(before, field) || takes_less(before, field))
		add(comparing, CHANGE_ASKED, before, field);
	else if (!str_eq(before->section->id, field->section->id))
		add(comparing, CHANGE_MOVED, before, field);
}

static bool has_left(const struct comparing *comparing, const struct field *before)
{
	if (procedure_field(comparing->now, before->id) || move_from(comparing->now, before->id))
		return false;
	if (!before->group)
		return true;
	const struct field_move *with = move_from(comparing->now, before->group->id);

	if (with)
		return !procedure_field(comparing->now, path_of(comparing->arena, with->to, name_in_group(before)));
	return !has_left(comparing, before->group); /* the group is told as a whole */
}

void procedure_changes(struct arena *arena, const struct procedure *before, const struct procedure *now, struct procedure_change **out, size_t *count)
{
	struct comparing comparing = {.arena = arena, .before = before, .now = now};

	for (size_t i = 0; i < now->field_count; i++)
		if (field_is_answered(now->fields[i]) || now->fields[i]->type == FIELD_GROUP)
			compare(&comparing, now->fields[i]);
	for (size_t i = 0; i < before->field_count; i++)
		if ((field_is_answered(before->fields[i]) || before->fields[i]->type == FIELD_GROUP) && has_left(&comparing, before->fields[i]))
			add(&comparing, CHANGE_LEFT, before->fields[i], NULL);
	*out = comparing.found.v;
	*count = comparing.found.n;
}

/* ---- answers ---- */

/* Not over an answer that was given at the new place. */
static void move_answer(struct answers *answers, struct str from, struct str to)
{
	struct str value = answers_get(answers, from);

	if (str_empty(value) || !str_empty(answers_get(answers, to)))
		return;
	answers_set(answers, to, value);
	answers_set(answers, from, STR(""));
}

static void move_rows(struct answers *answers, struct str from_group, struct str from_name, struct str to_group, struct str to_name)
{
	for (size_t row = 0; row < LIMIT_GROUP_ROWS; row++)
		move_answer(answers, str_fmt(answers->arena, STR_FMT ".%zu." STR_FMT, STR_ARG(from_group), row, STR_ARG(from_name)),
			str_fmt(answers->arena, STR_FMT ".%zu." STR_FMT, STR_ARG(to_group), row, STR_ARG(to_name)));
}

static void move_field(struct answers *answers, const struct field_move *move)
{
	struct str group, name = move->from;

	if (move->to->type == FIELD_GROUP) {
		for (size_t i = 0; i < move->to->field_count; i++)
			move_rows(answers, move->from, name_in_group(move->to->fields[i]), move->to->id, name_in_group(move->to->fields[i]));
	} else if (move->to->group) {
		str_next(&name, '.', &group);
		move_rows(answers, group, name, move->to->group->id, name_in_group(move->to));
	} else {
		move_answer(answers, move->from, move->to->id);
	}
}

/* Of a multi each of its values. */
static struct str value_moved(struct arena *arena, const struct value_move *move, struct str value)
{
	struct buf out;
	struct str one;

	buf_init(&out, arena, value.n + LIMIT_TEXT_LENGTH);
	while (str_next(&value, ' ', &one)) {
		if (out.n > 0)
			buf_byte(&out, ' ');
		buf_str(&out, str_eq(one, move->from) ? move->to : one);
	}
	return buf_view(&out);
}

static void move_value(struct answers *answers, const struct value_move *move)
{
	const struct field *field = move->field;

	for (size_t row = 0; row < (field->group ? (size_t)field->group->max : 1); row++) {
		struct str path = path_in_row(answers->arena, field, row), value = answers_get(answers, path);

		if (!str_empty(value))
			answers_set(answers, path, value_moved(answers->arena, move, value));
	}
}

void answers_move(const struct procedure *now, struct answers *answers)
{
	for (size_t i = 0; i < now->move_count; i++)
		move_field(answers, &now->moves[i]);
	for (size_t i = 0; i < now->value_move_count; i++)
		move_value(answers, &now->value_moves[i]);
}
