#include "domain/form/form_merge.h"

#include "base/encode.h"
#include "base/limits.h"
#include "crypto/shorthash.h"

/* The answers of a field as one text: of a group, row by row, with what tells its fields apart. */
static struct str text_of(struct arena *arena, const struct field *field, const struct answers *answers)
{
	struct buf out;
	size_t rows;

	if (field->type != FIELD_GROUP)
		return answers_to(answers, field, 0);
	rows = answers_rows(answers, field);
	if (rows == 0)
		return STR("");
	buf_init(&out, arena, LIMIT_ANSWERS * 2);
	for (size_t row = 0; row < rows; row++) {
		for (size_t i = 0; i < field->field_count; i++) {
			buf_str(&out, answers_to(answers, field->fields[i], row));
			buf_byte(&out, '\0');
		}
	}
	return buf_view(&out);
}

static bool same(struct arena *arena, const struct field *field, const struct answers *a, const struct answers *b)
{
	return str_eq(text_of(arena, field, a), text_of(arena, field, b));
}

static void mark_write(struct buf *out, const struct field *field, const struct answers *answers)
{
	uint64_t sum = shorthash(text_of(out->arena, field, answers));
	char bytes[3] = {(char)sum, (char)(sum >> 8), (char)(sum >> 16)};

	base64url_write(out, str_make(bytes, sizeof bytes));
}

void form_marks_write(struct buf *out, const struct section *section, const struct answers *answers)
{
	for (size_t i = 0; i < section->field_count; i++)
		mark_write(out, section->fields[i], answers);
}

static bool has_mark(struct arena *arena, const struct field *field, const struct answers *answers, struct str mark)
{
	struct buf out;

	buf_init(&out, arena, FORM_MARK);
	mark_write(&out, field, answers);
	return str_eq(buf_view(&out), mark);
}

void form_merge_take(const struct field *field, const struct answers *from, struct answers *answers)
{
	if (field->type != FIELD_GROUP) {
		answers_set(answers, field->id, answers_to(from, field, 0));
		return;
	}
	for (size_t row = 0; row <= (size_t)field->max; row++)
		for (size_t i = 0; i < field->field_count; i++)
			answers_set(answers, field_path(field->fields[i], row)->text, answers_to(from, field->fields[i], row));
}

/* What is computed follows from the others. */
static bool is_merged(const struct field *field)
{
	return field->type == FIELD_GROUP || field_is_answered(field);
}

enum form_merged *form_merge(const struct form_merge *merge, struct arena *arena, struct answers *answers)
{
	const struct section *section = merge->section;
	enum form_merged *merged = arena_array(arena, enum form_merged, section->field_count + 1);
	bool known = merge->marks.n == section->field_count * FORM_MARK;

	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		struct str mark = str_sub(merge->marks, i * FORM_MARK, FORM_MARK);

		merged[i] = MERGED_HERE;
		if (!known || !is_merged(field) || same(arena, field, answers, merge->stored) || has_mark(arena, field, merge->stored, mark))
			continue;
		merged[i] = has_mark(arena, field, answers, mark) ? MERGED_THERE : MERGED_BOTH;
		if (merged[i] == MERGED_THERE)
			form_merge_take(field, merge->stored, answers);
	}
	return merged;
}
