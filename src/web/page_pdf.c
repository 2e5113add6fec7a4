#include "base/limits.h"
#include "base/vec.h"
#include "domain/application/application.h"
#include "domain/portal.h"
#include "render/pdf.h"
#include "web/application_view.h"
#include "web/files_view.h"
#include "web/form_view.h"
#include "web/page.h"
#include "web/tax_view.h"
#include "web/view_text.h"

/* The copy of an application on paper, in the reader's language with the official Japanese term of each question. */

static struct str official_plain(struct exchange *ex, const struct text *text)
{
	return ex->page.locale->lang == LANG_JA ? STR("") : text_form(text, LANG_JA, TEXT_PLAIN);
}

/* "9.4 Sex [Basic 4 Info Read]" */
static struct str row_label(struct exchange *ex, const struct answer_row *row)
{
	struct str no = row->field->no;
	struct str label = str_fmt(ex->cx.arena, STR_FMT "%s" STR_FMT, STR_ARG(no), str_empty(no) ? "" : " ",
		STR_ARG(row_label_plain(ex, row)));

	return row->read ? str_fmt(ex->cx.arena, STR_FMT " [" STR_FMT "]", STR_ARG(label),
				   STR_ARG(ex->page.locale->plain[MSG_card_badge]))
			 : label;
}

static void sections_of(struct exchange *ex, const struct application *application, struct pdf_doc *doc)
{
	struct form_scope scope = form_scope_submitted(application);
	struct answer_row *answers;
	size_t count;
	VEC(struct pdf_section) sections = {0};

	answer_rows(ex, &scope, &answers, &count);
	struct pdf_row *rows = arena_array(ex->cx.arena, struct pdf_row, count);

	for (size_t i = 0; i < count; i++) {
		const struct field *field = answers[i].field;

		if (i == 0 || answers[i].section != answers[i - 1].section) {
			struct pdf_section *section = vec_add(ex->cx.arena, &sections);

			section->title = view_label_plain(ex, &answers[i].section->title);
			section->sub_title = official_plain(ex, &answers[i].section->title);
			section->rows = &rows[i];
		}
		rows[i].label = row_label(ex, &answers[i]);
		rows[i].sub_label = official_plain(ex, &field->label);
		rows[i].value = str_empty(answers[i].value) ? ex->page.locale->plain[MSG_confirm_not_given] : answers[i].value;
		sections.v[sections.n - 1].row_count++;
	}
	doc->sections = sections.v;
	doc->section_count = sections.n;
}

static void add_section(struct exchange *ex, struct pdf_doc *doc, enum msg title, const struct pdf_row *rows, size_t count)
{
	struct pdf_section *sections = arena_array(ex->cx.arena, struct pdf_section, doc->section_count + 1);

	for (size_t i = 0; i < doc->section_count; i++)
		sections[i] = doc->sections[i];
	sections[doc->section_count] = (struct pdf_section){.title = ex->page.locale->plain[title], .rows = rows, .row_count = count};
	doc->sections = sections;
	doc->section_count++;
}

/* Behind the answers, when tax information was attached. */
static err add_tax(struct exchange *ex, const struct application *application, struct pdf_doc *doc)
{
	struct tax_line *lines;
	size_t count;

	TRY(tax_application_lines(ex, application, &lines, &count));
	if (count == 0)
		return ok();
	struct pdf_row *rows = arena_array(ex->cx.arena, struct pdf_row, count);

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct pdf_row){.label = lines[i].label, .value = lines[i].value};
	add_section(ex, doc, MSG_tax_title, rows, count);
	return ok();
}

/* The files that went along: name, size, pages and digest, so that a copy at home can be told to be the same. */
static err add_files(struct exchange *ex, const struct application *application, struct pdf_doc *doc)
{
	struct file_line *lines;
	size_t count;

	TRY(files_application_lines(ex, application, &lines, &count));
	if (count == 0)
		return ok();
	struct pdf_row *rows = arena_array(ex->cx.arena, struct pdf_row, count);

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct pdf_row){.label = lines[i].label, .value = lines[i].value};
	add_section(ex, doc, MSG_attach_confirm_title, rows, count);
	return ok();
}

static struct str time_text(struct exchange *ex, int64_t at)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, 128);
	datetime_write(&out, ex->page.locale, at);
	return buf_view(&out);
}

err page_application_pdf(struct exchange *ex)
{
	struct application application;

	TRY(application_require(&ex->cx, exchange_path(ex, 0), RIGHT_VIEW, &application));
	const struct receipt *receipt = &application.receipt;
	const struct str *words = ex->page.locale->plain;
	struct pdf_row facts[] = {
		{.label = words[MSG_receipt_reference], .value = receipt->reference},
		{.label = words[MSG_receipt_temporary], .value = receipt->temporary_no},
		{.label = words[MSG_receipt_received], .value = time_text(ex, receipt->submitted_at)},
		{.label = words[MSG_application_status], .value = words[status_msg(receipt->status)]},
		{.label = words[MSG_application_office], .value = office_name(ex, receipt->office)},
	};
	/* The last one stands only where there is an office. */
	size_t fact_count = sizeof facts / sizeof *facts - str_empty(receipt->office);
	struct pdf_doc doc = {
		.title = receipt->procedure ? view_label_plain(ex, &receipt->procedure->title) : receipt->procedure_id,
		.subtitle = receipt->procedure ? official_plain(ex, &receipt->procedure->title) : STR(""),
		.author = ex->cx.portal->settings.service_name[ex->page.locale->lang],
		.facts = facts,
		.fact_count = fact_count,
		.continued = words[MSG_pdf_continued],
		.footer = str_fmt(ex->cx.arena, STR_FMT " · " STR_FMT, STR_ARG(receipt->reference),
			STR_ARG(ex->cx.portal->settings.service_name[ex->page.locale->lang])),
		.lang = ex->page.locale->tag,
		.created_at = receipt->submitted_at,
	};

	if (receipt->procedure)
		sections_of(ex, &application, &doc);
	TRY(add_tax(ex, &application, &doc));
	TRY(add_files(ex, &application, &doc));
	TRY(pdf_write(ex->cx.arena, &doc, &ex->res->body));
	ex->res->status = 200;
	response_header(ex->res, STR("Content-Type"), STR("application/pdf"));
	response_header(ex->res, STR("Content-Disposition"),
		str_fmt(ex->cx.arena, "attachment; filename=\"application-" STR_FMT ".pdf\"", STR_ARG(receipt->reference)));
	return ok();
}
