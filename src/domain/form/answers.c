#include "domain/form/form.h"

#include "base/encode.h"
#include "base/vec.h"

void answers_init(struct answers *answers, struct arena *arena)
{
	answers_init_room(answers, arena, 0);
}

void answers_init_room(struct answers *answers, struct arena *arena, size_t count)
{
	*answers = (struct answers){.arena = arena};
	map_init_room(&answers->map, arena, count);
}

struct str answers_get(const struct answers *answers, struct str path)
{
	const struct answer *answer = map_get(&answers->map, path);
	return answer ? answer->value : (struct str){0};
}

size_t answers_place(const struct answers *answers, const struct map_key *path)
{
	return map_place(&answers->map, path);
}

struct str answers_to(const struct answers *answers, const struct field *field, size_t row)
{
	const struct answer *answer = answers_at(answers, answers_place(answers, field_path(field, row)));
	return answer ? answer->value : (struct str){0};
}

void answers_set(struct answers *answers, struct str path, struct str value)
{
	struct map_key key = map_key(path);
	struct answer *answer = map_get_key(&answers->map, &key);
	if (!answer) {
		if (str_empty(value))
			return;
		answer = arena_new(answers->arena, struct answer);
		key.text = answer->path = str_dup(answers->arena, path);
		map_put_key(&answers->map, &key, answer);
	}
	if (answer->held)
		return;
	/* The map has no removal: an empty value counts as none. */
	answer->value = str_empty(value) ? (struct str){0} : str_dup(answers->arena, value);
}

void answers_hold(struct answers *answers, struct str path, struct str value)
{
	struct answer *answer = map_get(&answers->map, path);
	if (answer)
		answer->held = false;
	answers_set(answers, path, value);
	answer = map_get(&answers->map, path);
	if (answer)
		answer->held = !str_empty(value);
}

bool answers_held(const struct answers *answers, struct str path)
{
	const struct answer *answer = map_get(&answers->map, path);
	return answer && answer->held;
}

const struct answer *answers_at(const struct answers *answers, size_t i)
{
	return i < answers->map.n ? answers->map.entries[i].value : NULL;
}

void answers_copy(const struct answers *from, struct answers *out)
{
	answers_init(out, out->arena);
	out->card = from->card;
	for (size_t i = 0; answers_at(from, i); i++) {
		const struct answer *answer = answers_at(from, i);
		if (answer->held)
			answers_hold(out, answer->path, answer->value);
		else
			answers_set(out, answer->path, answer->value);
	}
}

void answers_borrow(struct answers *answers, const struct map_key *path, struct str value)
{
	struct answer *answer = arena_new(answers->arena, struct answer);
	answer->path = path->text;
	answer->value = value;
	map_put_key(&answers->map, path, answer);
}

struct str path_head(struct str path)
{
	ptrdiff_t dot = str_find_byte(path, '.');
	return dot < 0 ? path : str_sub(path, 0, (size_t)dot);
}

struct str path_in_row(struct arena *arena, const struct field *field, size_t row)
{
	if (!field->group)
		return field->id;
	if (row <= (size_t)field->group->max)
		return field_path(field, row)->text;
	struct str name = str_skip(field->id, field->group->id.n + 1);
	return str_fmt(arena, STR_FMT ".%zu." STR_FMT, STR_ARG(field->group->id), row, STR_ARG(name));
}

static bool row_answered(const struct answers *answers, const struct field *group, size_t row)
{
	for (size_t i = 0; i < group->field_count; i++)
		if (group->fields[i]->type != FIELD_CALC && !str_empty(answers_to(answers, group->fields[i], row)))
			return true;
	return false;
}

size_t answers_rows(const struct answers *answers, const struct field *group)
{
	size_t rows = (size_t)group->max + 1;
	while (rows && !row_answered(answers, group, rows - 1))
		rows--;
	return rows;
}

void answers_remove_row(struct answers *answers, const struct field *group, size_t row)
{
	/* Answers of an older version may fill more rows than fit now; they move up too. */
	for (; row < LIMIT_GROUP_ROWS; row++) {
		for (size_t i = 0; i < group->field_count; i++) {
			const struct field *field = group->fields[i];
			struct str next = answers_get(answers, path_in_row(answers->arena, field, row + 1));
			answers_set(answers, path_in_row(answers->arena, field, row), next);
		}
	}
}

static int by_path(const void *a, const void *b)
{
	const struct answer *const *x = a;
	const struct answer *const *y = b;
	return str_cmp((*x)->path, (*y)->path);
}

struct str answers_write(struct arena *arena, const struct answers *answers)
{
	const struct answer **sorted = arena_array(arena, const struct answer *, answers->map.n);
	size_t count = 0;
	size_t room = 2;
	bool in_order = true;
	for (size_t i = 0; i < answers->map.n; i++) {
		const struct answer *answer = answers_at(answers, i);
		if (str_empty(answer->value))
			continue;
		in_order = in_order && (count == 0 || str_cmp(sorted[count - 1]->path, answer->path) < 0);
		sorted[count++] = answer;
		room += answer->path.n + answer->value.n + 6;
	}
	if (!in_order)
		qsort(sorted, count, sizeof *sorted, by_path);
	struct buf out;
	/* Escapes take at most six bytes for one. */
	buf_init_room(&out, arena, room * 6, room + room / 8);
	buf_byte(&out, '{');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_byte(&out, ',');
		json_write_str(&out, sorted[i]->path);
		buf_byte(&out, ':');
		json_write_str(&out, sorted[i]->value);
	}
	buf_byte(&out, '}');
	return buf_view(&out);
}
