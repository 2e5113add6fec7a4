#include "web/typed.h"

#include "base/limits.h"
#include "base/vec.h"
#include "domain/form/form.h"
#include "domain/portal.h"
#include "web/japanese.h"
#include "web/view_text.h"

/* The questions outside procedures. */
static const struct {
	const char *name;
	enum msg label;
} known[] = {
	{"login", MSG_login_user_id},
	{"email", MSG_registration_email},
	{"user_type", MSG_registration_user_type},
	{"name", MSG_registration_name},
	{"org_name", MSG_registration_org_name},
	{"phone", MSG_registration_phone},
	{"postal_code", MSG_registration_postal_code},
	{"address", MSG_registration_address},
	{"sex", MSG_registration_sex},
	{"birth_on", MSG_registration_birth_date},
};

bool typed_is(const struct param *param)
{
	static const char *const ours[] = {"token", "next", "back", "set"};

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		if (str_eq(param->name, str_of(ours[i])))
			return false;
	}
	return !str_empty(param->value) && !str_starts(param->name, STR("_")) && str_find(param->name, STR("password")) < 0;
}

/* The row in "family.2.name"; 0 outside groups. */
static size_t row_in(struct str path)
{
	struct str part = {0};
	uint64_t row = 0;

	str_next(&path, '.', &part);
	str_next(&path, '.', &part);
	return str_to_u64(part, &row) && row < LIMIT_GROUP_ROWS ? (size_t)row : 0;
}

/*
 * "family.2.name" is field "family.name" of its procedure. Without memory: of a form with a thousand names each is looked for in every
 * procedure.
 */
static const struct field *field_in(const struct procedure *procedure, struct str path)
{
	struct str group = {0}, row = {0}, id = path;
	char joined[LIMIT_FORM_NAME + 1];

	if (path.n > LIMIT_FORM_NAME)
		return NULL;
	if (str_next(&path, '.', &group) && str_next(&path, '.', &row) && !str_empty(path)) {
		memcpy(joined, group.p, group.n);
		joined[group.n] = '.';
		memcpy(joined + group.n + 1, path.p, path.n);
		id = str_make(joined, group.n + 1 + path.n);
	}
	const struct field *field = procedure_field(procedure, id);

	return field && (field->group != NULL) == (id.p == joined) ? field : NULL;
}

static const struct field *field_named(struct exchange *ex, struct str path, const struct typed_from *from, const struct procedure **procedure)
{
	const struct catalogue *catalogue = ex->cx.portal->catalogue;
	const struct field *field = from->procedure ? field_in(from->procedure, path) : NULL;

	*procedure = from->procedure;
	for (size_t p = 0; from->section && !field && p < catalogue->n; p++) {
		*procedure = catalogue->v[p];
		field = field_in(*procedure, path);
	}
	return field;
}

struct str typed_label(struct exchange *ex, struct str name, const struct typed_from *from)
{
	const struct procedure *procedure;
	const struct field *field = field_named(ex, name, from, &procedure);

	if (field)
		return view_label_plain(ex, &field->label);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (str_eq(name, str_of(known[i].name)))
			return ex->page.locale->plain[known[i].label];
	}
	return (struct str){0};
}

static struct html label_of(struct exchange *ex, const struct field *field, struct str name)
{
	if (field)
		return view_label(ex, &field->label);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (str_eq(name, str_of(known[i].name)))
			return view_msg(ex, known[i].label);
	}
	return view_plain(ex, name);
}

static struct str display(struct exchange *ex, const struct field *field, const struct procedure *procedure, const struct param *param)
{
	struct answers none;
	struct form_scope scope = {.procedure = procedure, .answers = &none};
	struct buf value;

	if (!field)
		return param->value;
	answers_init(&none, ex->cx.arena);
	buf_init(&value, ex->cx.arena, LIMIT_PAGE);
	answer_display(&value, &scope, ex->page.locale, field, row_in(param->name), param->value);
	return buf_view(&value);
}

/* Its first bytes as HTML, when not all of it has room. */
static void write_head(struct exchange *ex, struct buf *out, struct str text, size_t room)
{
	size_t n = room / 8; /* the longest escape has six, and the marks around it want some */

	while (n > 0 && n < text.n && ((unsigned char)text.p[n] & 0xC0) == 0x80)
		n--;
	buf_clear(out);
	japanese_write(ex, out, str_sub(text, 0, n));
	buf_lit(out, "…");
}

/* The values of one name that follow each other, as the boxes of a date do, or the ticks of a list. *at: behind the last of them. */
static struct html values(struct exchange *ex, const struct params *form, const struct field *field, const struct procedure *procedure,
	size_t room, size_t *at, bool *cut)
{
	const struct param *first = &form->v[*at];
	struct str shown = display(ex, field, procedure, first);
	struct buf out;

	buf_init(&out, ex->cx.arena, room);
	japanese_write(ex, &out, shown);
	for (++*at; *at < form->n && str_eq(form->v[*at].name, first->name); ++*at) {
		if (!typed_is(&form->v[*at]))
			continue;
		buf_lit(&out, " / ");
		japanese_write(ex, &out, form->v[*at].value);
	}
	*cut = out.over;
	if (out.over)
		write_head(ex, &out, shown, room);
	return html_of(&out);
}

#define MARKUP 64 /* around a row */

void typed_rows(struct exchange *ex, const struct params *form, const struct typed_from *from, struct typed_list *out)
{
	VEC(struct typed) rows = {0};
	size_t room = LIMIT_SHOWN;
	bool cut = false;

	for (size_t i = 0; i < form->n && !cut;) {
		const struct procedure *procedure;
		const struct field *field;
		struct typed row;

		if (!typed_is(&form->v[i])) {
			i++;
			continue;
		}
		field = field_named(ex, form->v[i].name, from, &procedure);
		row.label = label_of(ex, field, form->v[i].name);
		cut = rows.n == LIMIT_SHOWN_ROWS || row.label.s.n + MARKUP * 2 > room;
		if (cut)
			break;
		room -= row.label.s.n + MARKUP;
		row.value = values(ex, form, field, procedure, room, &i, &cut);
		room -= row.value.s.n;
		vec_push(ex->cx.arena, &rows, row);
	}
	*out = (struct typed_list){rows.v, rows.n, cut};
}
