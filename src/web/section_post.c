#include "web/section_post.h"

#include "domain/form/input.h"
#include "web/account_view.h"
#include "web/input_view.h"

/* The parts of a date as one text that the form engine reads: "2000-1-23"; all parts empty: nothing. */
static struct str joined_date(struct exchange *ex, struct str name)
{
	struct str year = str_trim(param_nth(&ex->form, name, 0));
	struct str month = str_trim(param_nth(&ex->form, name, 1));
	struct str day = str_trim(param_nth(&ex->form, name, 2));
	size_t parts = params_count(&ex->form, name);

	/* One part that holds more than a year: a whole date typed or pasted into the first box. */
	if (str_empty(month) && str_empty(day))
		return year;
	if (parts == 2)
		return str_fmt(ex->cx.arena, STR_FMT "-" STR_FMT, STR_ARG(year), STR_ARG(month));
	return str_fmt(ex->cx.arena, STR_FMT "-" STR_FMT "-" STR_FMT, STR_ARG(year), STR_ARG(month), STR_ARG(day));
}

static struct str joined_ticks(struct exchange *ex, struct str name)
{
	size_t n = params_count(&ex->form, name);
	struct str *values = arena_array(ex->cx.arena, struct str, n);

	for (size_t i = 0; i < n; i++)
		values[i] = param_nth(&ex->form, name, i);
	return str_join(ex->cx.arena, values, n, STR(" "));
}

static bool is_date(const struct field *field)
{
	return field->type == FIELD_DATE || field->type == FIELD_MONTH || field->type == FIELD_PARTIAL_DATE ||
	       field->type == FIELD_PARTIAL_MONTH;
}

/* Boxes and buttons that are not ticked are not sent: whether they were on the page is told by _shown. */
static bool was_shown(const struct exchange *ex, struct str path)
{
	struct str rest = exchange_field(ex, "_shown"), part = {0};

	while (str_next(&rest, ' ', &part)) {
		if (str_eq(part, path))
			return true;
	}
	return false;
}

static void read_field(struct exchange *ex, const struct field *field, size_t row, struct answers *answers)
{
	struct str path = path_in_row(ex->cx.arena, field, row);
	bool sent = params_count(&ex->form, path) > 0;

	if (field->type == FIELD_NOTE)
		return;
	if (field->type == FIELD_MULTI || field->type == FIELD_CHECKBOX || field->type == FIELD_RADIO) {
		if (sent || was_shown(ex, path))
			form_apply(answers, field, row, joined_ticks(ex, path));
		return;
	}
	if (sent)
		form_apply(answers, field, row, is_date(field) ? joined_date(ex, path) : params_get(&ex->form, path));
}

static const struct field *section_field(const struct section *section, struct str id)
{
	for (size_t i = 0; i < section->field_count; i++) {
		if (str_eq(section->fields[i]->id, id))
			return section->fields[i];
	}
	return NULL;
}

/* "family.2": away with the third row. */
static void remove_row(const struct section *section, struct str what, struct answers *answers)
{
	struct str id = {0};
	uint64_t row;

	str_next(&what, '.', &id);
	const struct field *group = section_field(section, id);

	if (group && group->type == FIELD_GROUP && str_to_u64(what, &row) && row < (uint64_t)group->max)
		answers_remove_row(answers, group, (size_t)row);
}

/* The field and row of a path such as "p_sup.1.postal". */
static const struct field *field_at(const struct section *section, struct str path, size_t *row)
{
	struct str id = {0}, number = {0};
	uint64_t n = 0;

	*row = 0;
	str_next(&path, '.', &id);
	const struct field *field = section_field(section, id);

	if (!field || field->type != FIELD_GROUP)
		return field;
	str_next(&path, '.', &number);
	if (!str_to_u64(number, &n))
		return NULL;
	*row = (size_t)n;
	for (size_t i = 0; i < field->field_count; i++) {
		if (str_ends(field->fields[i]->id, path) && field->fields[i]->id.n == id.n + 1 + path.n)
			return field->fields[i];
	}
	return NULL;
}

/* A code that leads nowhere is said at its box, what does not fit at the address. */
static void search_address(struct exchange *ex, const struct section *section, struct str path, struct answers *answers,
	struct issues *issues)
{
	size_t row;
	const struct field *postal = field_at(section, path, &row);

	if (!postal || postal->type != FIELD_POSTAL || !postal->fills)
		return;
	const struct field *address = postal->fills;
	struct address_search search = {
		.code_path = path,
		.code = answers_get(answers, path_in_row(ex->cx.arena, postal, row)),
		.address_path = path_in_row(ex->cx.arena, address, row),
		.most = address->max_length > 0 ? address->max_length : SIZE_MAX,
	};
	size_t before = issues->n;

	if (answers_held(answers, search.address_path))
		return;
	search.address = answers_get(answers, search.address_path);
	struct str now = address_search(ex, &search, issues);

	if (issues->n > before)
		issues->v[before].field = str_eq(issues->v[before].path, path) ? postal : address;
	else
		form_apply(answers, address, row, now);
}

static void clear_choice(struct exchange *ex, const struct section *section, struct str path, struct answers *answers)
{
	size_t row;
	const struct field *field = field_at(section, path, &row);

	if (field)
		answers_set(answers, path_in_row(ex->cx.arena, field, row), STR(""));
}

void section_post_remove(const struct exchange *ex, const struct section *section, struct answers *answers)
{
	if (!str_absent(exchange_field(ex, "_remove")))
		remove_row(section, exchange_field(ex, "_remove"), answers);
}

void section_post_read(struct exchange *ex, const struct section *section, struct answers *answers, struct issues *issues)
{
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];

		if (field->type != FIELD_GROUP) {
			read_field(ex, field, 0, answers);
			continue;
		}
		for (size_t row = 0; row < (size_t)field->max; row++) {
			for (size_t f = 0; f < field->field_count; f++)
				read_field(ex, field->fields[f], row, answers);
		}
	}
	section_post_remove(ex, section, answers);
	if (!str_absent(exchange_field(ex, "_search")))
		search_address(ex, section, exchange_field(ex, "_search"), answers, issues);
	if (!str_absent(exchange_field(ex, "_clear")))
		clear_choice(ex, section, exchange_field(ex, "_clear"), answers);
}

bool section_post_stays(const struct exchange *ex)
{
	static const char *const buttons[] = {"_add", "_remove", "_search", "_clear", "_refresh"};

	for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
		if (!str_absent(exchange_field(ex, buttons[i])))
			return true;
	}
	return false;
}
