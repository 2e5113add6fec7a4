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

static const struct field *field_named(struct exchange *ex, struct str path, const struct procedure **procedure)
{
	const struct catalogue *catalogue = ex->cx.portal->catalogue;

	for (size_t p = 0; p < catalogue->n; p++) {
		for (size_t i = 0; i < catalogue->v[p]->field_count; i++) {
			const struct field *field = catalogue->v[p]->fields[i];

			if (!str_eq(path_in_row(ex->cx.arena, field, row_in(path)), path))
				continue;
			*procedure = catalogue->v[p];
			return field;
		}
	}
	return NULL;
}

static struct typed field_row(struct exchange *ex, const struct field *field, const struct procedure *procedure,
	const struct param *param)
{
	struct answers none;
	struct form_scope scope = {.procedure = procedure, .answers = &none};
	struct buf value;

	answers_init(&none, ex->cx.arena);
	buf_init(&value, ex->cx.arena, LIMIT_PAGE);
	answer_display(&value, &scope, ex->page.locale, field, row_in(param->name), param->value);
	return (struct typed){view_label(ex, &field->label), japanese_value(ex, buf_view(&value))};
}

static struct html plain_label(struct exchange *ex, struct str name)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (str_eq(name, str_of(known[i].name)))
			return view_msg(ex, known[i].label);
	}
	return view_plain(ex, name);
}

void typed_rows(struct exchange *ex, const struct params *form, bool section, struct typed **out, size_t *count)
{
	VEC(struct typed) rows = {0};

	for (size_t i = 0; i < form->n; i++) {
		const struct procedure *procedure = NULL;
		const struct field *field;

		if (!typed_is(&form->v[i]))
			continue;
		/* The boxes of one date, the ticks of one list. */
		if (i > 0 && rows.n > 0 && str_eq(form->v[i].name, form->v[i - 1].name)) {
			rows.v[rows.n - 1].value = (struct html){str_fmt(ex->cx.arena, STR_FMT " / " STR_FMT,
				STR_ARG(rows.v[rows.n - 1].value.s), STR_ARG(japanese_value(ex, form->v[i].value).s))};
			continue;
		}
		field = section ? field_named(ex, form->v[i].name, &procedure) : NULL;
		vec_push(ex->cx.arena, &rows,
			field ? field_row(ex, field, procedure, &form->v[i])
			      : ((struct typed){plain_label(ex, form->v[i].name), japanese_value(ex, form->v[i].value)}));
	}
	*out = rows.v;
	*count = rows.n;
}
