#include "web/input_view.h"

#include "base/limits.h"
#include "base/vec.h"
#include "domain/portal.h"
#include "web/japanese.h"
#include "web/view_text.h"

struct html issue_html(struct exchange *ex, const struct issue *issue)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	issue_write_html(&out, ex->page.locale, issue);
	return japanese_marked(ex, html_of(&out));
}

struct html issue_place(struct exchange *ex, const struct issue *issue)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	issue_write_place(&out, ex->page.locale, issue);
	return japanese_marked(ex, html_of(&out));
}

static const struct issue *issue_at(const struct issues *issues, const char *name)
{
	for (size_t i = 0; issues && i < issues->n; i++) {
		if (str_eq(issues->v[i].path, str_of(name)))
			return &issues->v[i];
	}
	return NULL;
}

struct str param_nth(const struct params *params, struct str name, size_t nth)
{
	for (size_t i = 0; params && i < params->n; i++) {
		if (str_eq(params->v[i].name, name) && nth-- == 0)
			return params->v[i].value;
	}
	return (struct str){0};
}

static void choices_view(struct exchange *ex, const struct question *input, struct view_part_field *field)
{
	struct view_part_field_choices *rows =
		arena_array(ex->cx.arena, struct view_part_field_choices, input->choice_count);

	for (size_t i = 0; i < input->choice_count; i++) {
		rows[i].id = str_fmt(ex->cx.arena, "%s-%zu", input->name, i);
		rows[i].value = str_of(input->choices[i].value);
		rows[i].label = ex->page.locale->plain[input->choices[i].label];
		rows[i].label_html = view_msg(ex, input->choices[i].label);
		rows[i].chosen = str_eq(rows[i].value, field->value);
	}
	field->choices = rows;
	field->choices_count = input->choice_count;
}

static struct html hint_view(struct exchange *ex, const struct question *input)
{
	const struct password_profile *profile = &ex->cx.portal->settings.password;
	bool password = input->kind == INPUT_PASSWORD;
	const struct msg_arg args[] = {
		view_number(ex, "min", password ? profile->min : 0),
		view_number(ex, "max", password ? profile->max : input->max),
	};

	return input->has_hint ? view_msg_args(ex, input->hint, args, 2) : html_none();
}

static void input_view(struct exchange *ex, const struct question *input, const struct params *typed, const struct issue *issue,
	struct view_part_field *field)
{
	bool one_line = input->kind != INPUT_RADIO && input->kind != INPUT_DATE;

	*field = (struct view_part_field){
		.id = str_of(input->name),
		.name = str_of(input->name),
		.label = view_msg(ex, input->label),
		.hint = hint_view(ex, input),
		.required = !input->optional,
		.free = input->optional,
		.described = str_fmt(ex->cx.arena, issue ? "%s-hint %s-error" : "%s-hint", input->name, input->name),
		.autocomplete = input->autocomplete ? str_of(input->autocomplete) : STR("off"),
		.inputmode = str_of(input->inputmode),
		.width = input->width ? str_of(input->width) : STR("w-full"),
		.upper = input->upper,
		.is_line = one_line,
		.is_radio = input->kind == INPUT_RADIO,
		.is_date = input->kind == INPUT_DATE,
		.input_type = input->kind == INPUT_PASSWORD ? STR("password")
			    : input->kind == INPUT_EMAIL    ? STR("email")
							    : STR("text"),
		.search = input->kind == INPUT_POSTAL,
		.has_month = true,
		.has_day = true,
	};
	if (issue)
		field->error = issue_html(ex, issue);
	if (typed && input->kind != INPUT_PASSWORD)
		field->value = params_get(typed, field->name);
	field->year = param_nth(typed, field->name, 0);
	field->month = param_nth(typed, field->name, 1);
	field->day = param_nth(typed, field->name, 2);
	if (input->kind == INPUT_RADIO)
		choices_view(ex, input, field);
}

void inputs_view(struct exchange *ex, const struct question *inputs, size_t count, const struct params *typed,
	const struct issues *issues, struct view_part_fields *fields, struct view_part_errors *errors)
{
	struct view_part_fields_fields *rows = arena_array(ex->cx.arena, struct view_part_fields_fields, count);
	struct view_part_errors_issues *wrong = arena_array(ex->cx.arena, struct view_part_errors_issues, count);
	size_t wrong_count = 0;

	for (size_t i = 0; i < count; i++) {
		const struct issue *issue = issue_at(issues, inputs[i].name);

		input_view(ex, &inputs[i], typed, issue, &rows[i].field);
		if (!issue)
			continue;
		wrong[wrong_count].href = str_fmt(ex->cx.arena, "#%s", inputs[i].name);
		wrong[wrong_count++].text = rows[i].field.error;
	}
	*fields = (struct view_part_fields){.fields = rows, .fields_count = count};
	*errors = (struct view_part_errors){.any = wrong_count > 0, .issues = wrong, .issues_count = wrong_count};
}
