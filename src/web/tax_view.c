#include "web/tax_view.h"

#include "base/limits.h"
#include "base/vec.h"
#include "domain/identity/identity.h"
#include "domain/portal.h"
#include "i18n/locale.h"
#include "web/url.h"
#include "web/view_text.h"

const struct tax_words tax_words[TAX_ANSWER_COUNT] = {
	[TAX_NO_RECORD] = {MSG_tax_no_record_title, MSG_tax_no_record_detail, MSG_tax_no_record_paper, false},
	[TAX_NOT_YET] = {MSG_tax_not_yet_title, MSG_tax_not_yet_detail, MSG_tax_not_yet_paper, false},
	[TAX_MUNICIPALITY_UNSUPPORTED] = {MSG_tax_unsupported_title, MSG_tax_unsupported_detail, MSG_tax_unsupported_paper, false},
	[TAX_CONSENT_REFUSED] = {MSG_tax_refused_title, MSG_tax_refused_detail, MSG_tax_refused_paper, true},
	[TAX_UNAVAILABLE] = {MSG_tax_unavailable_title, MSG_tax_unavailable_detail, MSG_tax_unavailable_paper, true},
};

static const enum msg class_msgs[TAX_CLASS_COUNT] = {
	[TAX_NOT_TAXED] = MSG_tax_class_not_taxed,
	[TAX_PER_CAPITA_ONLY] = MSG_tax_class_per_capita_only,
	[TAX_TAXED] = MSG_tax_class_taxed,
	[TAX_NOT_DECLARED] = MSG_tax_class_not_declared,
};

/* 1,980,000 */
static struct str grouped(struct arena *arena, int64_t value)
{
	struct str digits = str_fmt(arena, "%lld", (long long)value);
	struct buf out;

	buf_init(&out, arena, 64);
	for (size_t i = 0; i < digits.n; i++) {
		if (i > 0 && (digits.n - i) % 3 == 0)
			buf_byte(&out, ',');
		buf_byte(&out, digits.p[i]);
	}
	return buf_view(&out);
}

struct row {
	enum msg label;
	enum msg word;     /* a text; or */
	const struct text *name; /* a name of the lists; or */
	struct str number; /* yen, when `yen`; else as it is */
	bool yen;
};

#define ROWS_MOST 7

static size_t rows_of(struct exchange *ex, const struct tax_year *year, struct row *rows)
{
	struct arena *arena = ex->cx.arena;
	size_t n = 0;

	rows[n++] = (struct row){.label = MSG_tax_class, .word = class_msgs[year->class]};
	rows[n++] = (struct row){.label = MSG_tax_municipality, .name = tax_municipality(ex->cx.portal->catalogue, year->municipality),
		.number = year->municipality};
	if (!year->declared)
		return n;
	rows[n++] = (struct row){.label = MSG_tax_salary_income, .number = grouped(arena, year->salary_income), .yen = true};
	rows[n++] = (struct row){.label = MSG_tax_total_income, .number = grouped(arena, year->total_income), .yen = true};
	rows[n++] = (struct row){.label = MSG_tax_levy_income_based, .number = grouped(arena, year->levy_income_based), .yen = true};
	rows[n++] = (struct row){.label = MSG_tax_levy_per_capita, .number = grouped(arena, year->levy_per_capita), .yen = true};
	rows[n++] = (struct row){.label = MSG_tax_dependents, .number = str_fmt(arena, "%lld", (long long)year->dependents)};
	return n;
}

static struct html row_html(struct exchange *ex, const struct row *row)
{
	if (row->word != MSG_NONE)
		return view_msg(ex, row->word);
	if (row->name)
		return view_label(ex, row->name);
	if (row->yen)
		return view_msg_args(ex, MSG_form_yen, &(struct msg_arg){STR("amount"), row->number}, 1);
	return view_plain(ex, row->number);
}

static struct str row_text(struct exchange *ex, const struct row *row)
{
	if (row->word != MSG_NONE)
		return ex->page.locale->plain[row->word];
	if (row->name)
		return text_plain(row->name, ex->page.locale);
	if (row->yen)
		return msg_text(ex->cx.arena, ex->page.locale, MSG_form_yen, &(struct msg_arg){STR("amount"), row->number}, 1);
	return row->number;
}

void tax_info_view(struct exchange *ex, const struct tax_info *info, struct view_part_tax *out)
{
	struct arena *arena = ex->cx.arena;
	struct view_part_tax_years *years = arena_array(arena, struct view_part_tax_years, info->year_count);

	for (size_t y = 0; y < info->year_count; y++) {
		const struct tax_year *year = &info->years[y];
		struct view_part_tax_years_rows *cells = arena_array(arena, struct view_part_tax_years_rows, ROWS_MOST);
		struct row rows[ROWS_MOST];
		size_t count = rows_of(ex, year, rows);

		for (size_t i = 0; i < count; i++)
			cells[i] = (struct view_part_tax_years_rows){rows[i].label, row_html(ex, &rows[i])};
		years[y] = (struct view_part_tax_years){
			.fiscal = year->fiscal_year, .income = year->income_year, .rows = cells, .rows_count = count};
	}
	*out = (struct view_part_tax){
		.any = true,
		.at = info->fetched_at,
		.source = info->source,
		.years = years,
		.years_count = info->year_count,
	};
}

static bool wanted(struct exchange *ex, const struct draft *draft)
{
	return draft->procedure->tax_information && idv_way_on(&ex->cx, IDV_SELFINFO);
}

void tax_task_view(struct exchange *ex, const struct draft *draft, bool attached, struct view_part_tax_task *out)
{
	*out = (struct view_part_tax_task){0};
	if (!wanted(ex, draft))
		return;
	*out = (struct view_part_tax_task){
		.any = true,
		.url = url_id(ex->cx.arena, ROUTE_tax_show, draft->id),
		.button = attached ? MSG_tax_see : MSG_tax_get,
		.state = attached ? MSG_tax_state_attached : MSG_tax_state_none,
		.class_name = attached ? STR("done") : STR("todo"),
	};
}

err tax_draft_view(struct exchange *ex, const struct draft *draft, bool attached, struct view_part_tax *out)
{
	struct tax_info info;

	*out = (struct view_part_tax){0};
	if (!attached && !wanted(ex, draft))
		return ok();
	if (attached) {
		TRY(tax_of_draft(&ex->cx, draft->id, &info));
		tax_info_view(ex, &info, out);
	}
	out->any = true;
	out->none = out->years_count == 0;
	out->change = url_id(ex->cx.arena, ROUTE_tax_show, draft->id);
	out->has_change = true;
	return ok();
}

/* *there false: none was attached. */
static err of_application(struct exchange *ex, const struct application *application, struct tax_info *out, bool *there)
{
	const struct procedure *procedure = application->receipt.procedure;

	*there = false;
	if (procedure && !procedure->tax_information)
		return ok();
	err e = tax_of_application(&ex->cx, application->account_id, application->receipt.application_id, out);

	*there = e.code == OK;
	return e.code == ERR_NOT_FOUND ? ok() : e;
}

err tax_application_view(struct exchange *ex, const struct application *application, struct view_part_tax *out)
{
	struct tax_info info;
	bool there;

	*out = (struct view_part_tax){0};
	TRY(of_application(ex, application, &info, &there));
	if (there)
		tax_info_view(ex, &info, out);
	return ok();
}

err tax_application_lines(struct exchange *ex, const struct application *application, struct tax_line **out, size_t *count)
{
	struct arena *arena = ex->cx.arena;
	const struct str *plain = ex->page.locale->plain;
	VEC(struct tax_line) lines = {0};
	struct tax_info info;
	bool there;

	*count = 0;
	TRY(of_application(ex, application, &info, &there));
	if (!there)
		return ok();
	for (size_t y = 0; y < info.year_count; y++) {
		struct row rows[ROWS_MOST];
		size_t n = rows_of(ex, &info.years[y], rows);

		for (size_t i = 0; i < n; i++)
			vec_push(arena, &lines,
				((struct tax_line){
					str_fmt(arena, "%lld " STR_FMT, (long long)info.years[y].fiscal_year, STR_ARG(plain[rows[i].label])),
					row_text(ex, &rows[i]),
				}));
	}
	struct buf at;

	buf_init(&at, arena, 128);
	datetime_write(&at, ex->page.locale, info.fetched_at);
	vec_push(arena, &lines, ((struct tax_line){plain[MSG_tax_fetched], buf_view(&at)}));
	vec_push(arena, &lines, ((struct tax_line){plain[MSG_tax_source], info.source}));
	*out = lines.v;
	*count = lines.n;
	return ok();
}
