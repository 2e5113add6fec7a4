#include "web/preview.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/definition/reach.h"
#include "render/static_files.h"
#include "render/templates.h"
#include "web/form_view.h"
#include "web/view_text.h"

struct preview {
	struct exchange ex;
	struct form_scope scope;
	struct answers answers;
	struct reach *reach;
	struct rule status; /* IS with one value; field NULL: everybody */
	struct str value;
};

/* No request stands behind it: the parts of pages that are used here look at the language, the forms and the arena only. */
static void begin(struct preview *preview, struct arena *arena, const struct procedure *procedure, const struct locale *locale, int32_t today)
{
	*preview = (struct preview){
		.ex = {.cx = {.arena = arena, .now = date_start(today), .locale = locale}, .page = {.locale = locale}},
		.reach = reach_new(arena, procedure),
	};
	answers_init(&preview->answers, arena);
	preview->scope = (struct form_scope){procedure, &preview->answers, USER_ORGANIZATION, today, true};
}

static err choose_status(struct preview *preview, struct str status)
{
	const struct procedure *procedure = preview->scope.procedure;
	const struct field *field = str_absent(procedure->status_field) ? NULL : procedure_field(procedure, procedure->status_field);

	if (str_empty(status))
		return ok();
	if (!field)
		return fail(ERR_INVALID, "the procedure has no status_field");
	if (!choice_find(field->choices, status, (struct str){0}, 0))
		return fail(ERR_INVALID, "'" STR_FMT "' is no choice of " STR_FMT, STR_ARG(status), STR_ARG(field->id));
	preview->value = status;
	preview->status = (struct rule){.op = RULE_IS, .field = field, .values = &preview->value, .value_count = 1};
	answers_set(&preview->answers, field->id, status);
	return ok();
}

static void given_status(struct preview *preview)
{
	if (preview->status.field)
		reach_also(preview->reach, &preview->status, true);
}

static void write_values(struct buf *out, const struct rule *rule)
{
	for (size_t i = 0; i < rule->value_count; i++) {
		buf_c(out, i == 0 ? " " : ", ");
		buf_str(out, rule->values[i]);
	}
}

static void write_bound(struct buf *out, const char *word, int64_t bound)
{
	if (bound == INT64_MIN || bound == INT64_MAX)
		return;
	buf_fmt(out, " %s %lld", word, (long long)(bound / 1000));
	if (bound % 1000)
		buf_fmt(out, ".%03lld", (long long)(bound % 1000 < 0 ? -(bound % 1000) : bound % 1000));
}

static void write_comparison(struct buf *out, const struct rule *rule)
{
	static const char *const words[RULE_OP_COUNT] = {
		[RULE_IS] = " is", [RULE_IN] = " is one of", [RULE_HAS] = " has", [RULE_GIVEN] = " is given", [RULE_RANGE] = "", [RULE_AGE] = "",
	};

	if (rule->op == RULE_AGE)
		buf_lit(out, "age by ");
	buf_str(out, rule->field->id);
	buf_c(out, words[rule->op]);
	write_values(out, rule);
	if (rule->op == RULE_RANGE || rule->op == RULE_AGE) {
		write_bound(out, "at least", rule->least);
		write_bound(out, "below", rule->below);
	}
}

/* "a is x and (b is given or not (c has y))": for a person who writes definitions, by the names that stand in them. */
static void write_condition(struct buf *out, const struct rule *rule, bool inside)
{
	bool brackets = inside && (rule->op == RULE_ALL || rule->op == RULE_ANY);

	if (rule->field) {
		write_comparison(out, rule);
		return;
	}
	if (rule->op == RULE_ACTOR) {
		buf_lit(out, "the user is");
		write_values(out, rule);
	} else if (rule->op == RULE_CARD) {
		buf_lit(out, "a card has been read");
	} else if (rule->op == RULE_NOT) {
		buf_lit(out, "not ");
	}
	if (brackets || rule->op == RULE_NOT)
		buf_lit(out, "(");
	for (size_t i = 0; i < rule->sub_count; i++) {
		if (i > 0)
			buf_c(out, rule->op == RULE_ALL ? " and " : " or ");
		write_condition(out, rule->sub[i], rule->op != RULE_NOT);
	}
	if (brackets || rule->op == RULE_NOT)
		buf_lit(out, ")");
}

static struct str condition(struct preview *preview, const struct rule *rule)
{
	struct buf out;

	if (!rule)
		return STR("");
	buf_init(&out, preview->ex.cx.arena, LIMIT_PAGE);
	buf_lit(&out, "when ");
	write_condition(&out, rule, false);
	return buf_view(&out);
}

static size_t items_of(struct preview *preview, const struct section *section, struct view_procedure_preview_sections_items *out)
{
	struct view_section_show page = {0};
	size_t count = 0;

	section_items_view(&preview->ex, &preview->scope, section, NULL, &page);
	for (size_t i = 0; i < section->field_count; i++) {
		given_status(preview);
		if (!reach_field(preview->reach, section->fields[i]))
			continue;
		out[count++] = (struct view_procedure_preview_sections_items){
			.when = condition(preview, section->fields[i]->when),
			.is_field = page.items[i].is_field,
			.is_group = page.items[i].is_group,
			.field = page.items[i].field,
			.group = page.items[i].group,
		};
	}
	return count;
}

static void section_view(struct preview *preview, const struct section *section, struct view_procedure_preview_sections *out)
{
	struct exchange *ex = &preview->ex;
	struct view_procedure_preview_sections_items *items =
		arena_array(ex->cx.arena, struct view_procedure_preview_sections_items, section->field_count);
	size_t count = items_of(preview, section, items);

	*out = (struct view_procedure_preview_sections){
		.id = section->id,
		.title = view_label(ex, &section->title),
		.official = view_official(ex, &section->title),
		.intro = view_paragraphs(ex, text_in(&section->intro, ex->page.locale)),
		.minutes = view_msg_time(ex, MSG_procedure_minutes, section->minutes * TIME_MINUTE),
		.when = condition(preview, section->when),
		.items = items,
		.items_count = count,
	};
}

static struct str style_sheet(void)
{
	for (size_t i = 0; i < static_file_count; i++)
		if (str_eq(static_files[i].path, STR("css/main.css")))
			return static_files[i].body;
	return STR("");
}

err preview_write(struct arena *arena, const struct procedure *procedure, struct str status, const struct locale *locale, int32_t today,
	struct buf *out)
{
	struct preview preview;
	struct view_procedure_preview view = {.procedure = procedure->id, .version = procedure->version};
	struct view_procedure_preview_sections *sections =
		arena_array(arena, struct view_procedure_preview_sections, procedure->section_count);

	begin(&preview, arena, procedure, locale, today);
	TRY(choose_status(&preview, status));
	for (size_t i = 0; i < procedure->section_count; i++) {
		given_status(&preview);
		if (reach_section(preview.reach, procedure->sections[i]))
			section_view(&preview, procedure->sections[i], &sections[view.sections_count++]);
	}
	view.sections = sections;
	view.title = view_label(&preview.ex, &procedure->title);
	view.official = view_official(&preview.ex, &procedure->title);
	if (preview.status.field)
		view.status = view_label(&preview.ex, &choice_find(preview.status.field->choices, status, (struct str){0}, 0)->label);
	buf_fmt(out, "<!DOCTYPE html>\n<html lang=\"" STR_FMT "\">\n<head>\n<meta charset=\"utf-8\">\n<title>", STR_ARG(locale->tag));
	html_write_text(out, text_plain(&procedure->title, locale));
	buf_c(out, "</title>\n<style>\n");
	buf_str(out, style_sheet());
	buf_c(out, "\n</style>\n</head>\n<body>\n<main class=\"wrap\">\n");
	tmpl_procedure_preview(out, &preview.ex.page, &view);
	buf_c(out, "</main>\n</body>\n</html>\n");
	return buf_error(out);
}

void preview_section(struct arena *arena, const struct procedure *procedure, const struct section *section, const struct locale *locale,
	int32_t today, struct buf *out)
{
	struct preview preview;
	struct view_section_show view = {.draft = STR("1"), .section = section->id};

	begin(&preview, arena, procedure, locale, today);
	view.title = view_label(&preview.ex, &section->title);
	view.intro = view_paragraphs(&preview.ex, text_in(&section->intro, locale));
	section_items_view(&preview.ex, &preview.scope, section, NULL, &view);
	tmpl_section_show(out, &preview.ex.page, &view);
}
