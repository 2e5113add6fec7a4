#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/vec.h"
#include "domain/application/amend.h"
#include "domain/application/application.h"
#include "domain/definition/office.h"
#include "domain/portal.h"
#include "domain/identity/usage.h"
#include "files/files.h"
#include "i18n/width.h"
#include "render/templates.h"
#include "web/application_view.h"
#include "web/files_view.h"
#include "web/fee_view.h"
#include "web/form_view.h"
#include "web/input_view.h"
#include "web/page.h"
#include "web/pager.h"
#include "web/tax_view.h"
#include "web/japanese.h"
#include "web/url.h"
#include "web/usage_view.h"
#include "web/view_text.h"
#include "web/web.h"

/* What has been submitted: the act itself, the receipt, the list and the details (manual 4.2.10 and 5.1). */

/* There is no such draft, and nothing came of it: not a page that was not found, but a press that did nothing. */
static err draft_gone(struct exchange *ex)
{
	struct view_draft_gone view = {0};

	return PAGE(ex, 404, MSG_draft_gone_title, draft_gone, &view);
}

/* The form has a newer version: the person sees what has changed before applying. Otherwise the confirmation says what is in the way. */
static err look_again(struct exchange *ex, int64_t draft_id)
{
	struct draft draft;

	err e = draft_require(&ex->cx, draft_id, &draft);

	if (e.code == ERR_NOT_FOUND)
		return draft_gone(ex);
	TRY(e);
	return exchange_redirect(ex, url_id(ex->cx.arena, draft.outdated ? ROUTE_draft_changes : ROUTE_draft_confirm, draft_id));
}

/* Perhaps the request for use has ended since the draft was begun: then that is said, and the draft stays. */
static err denied(struct exchange *ex, int64_t draft_id, err e)
{
	struct str why = str_fmt(ex->cx.arena, "%s", err_detail());
	struct draft draft;

	TRY(draft_require(&ex->cx, draft_id, &draft));
	err use = usage_require(&ex->cx, draft.procedure);

	if (use.code == ERR_DENIED)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_usage_needed, draft.procedure->id));
	TRY(use);
	return fail(e.code, STR_FMT, STR_ARG(why));
}

/* Twice the same press, a reload, another tab: the same receipt, by the draft's token. */
err page_application_submit(struct exchange *ex)
{
	struct issues issues = {0};
	struct receipt receipt = {0};
	int64_t draft_id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	err e = application_submit(&ex->cx, draft_id, exchange_field(ex, "token"), &issues, &receipt);

	if (e.code == ERR_NOT_FOUND)
		return draft_gone(ex);
	if (e.code == ERR_CONFLICT)
		return look_again(ex, draft_id);
	if (e.code == ERR_DENIED)
		return denied(ex, draft_id, e);
	TRY(e);
	files_forget_all(ex->web->conf.files, &receipt.gone);
	if (issues.refusals > 0)
		return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_confirm, draft_id));
	return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_application_receipt, receipt.reference));
}

struct str office_name(struct exchange *ex, struct str code)
{
	const struct choice *office = office_find(ex->cx.portal->catalogue, code, 0);

	return office ? view_label_plain(ex, &office->label) : code;
}

/* Of a request for use the answer may be there at once. */
static err usage_of(struct exchange *ex, const struct receipt *receipt, struct view_application_receipt *view)
{
	struct usage usage;

	if (!receipt->procedure || !procedure_is_request(receipt->procedure))
		return ok();
	TRY(usage_find(&ex->cx, &usage));
	view->has_usage = str_eq(usage.reference, receipt->reference);
	if (!view->has_usage)
		return ok();
	usage_view(ex, &usage, &view->usage);
	view->usage.has_see = view->usage.has_actions = false; /* they are further down */
	view->procedures = usage.state == USAGE_ACCEPTED;
	return ok();
}

/* Read back from the store: what stands here is what is kept. */
err page_application_receipt(struct exchange *ex)
{
	struct application application;
	VEC(struct view_application_receipt_steps) steps = {0};

	TRY(application_look(&ex->cx, exchange_path(ex, 0), RIGHT_VIEW, &application));
	const struct receipt *receipt = &application.receipt;
	struct view_application_receipt view = {
		.reference = receipt->reference,
		.temporary = receipt->temporary_no,
		.at = receipt->submitted_at,
		.email = receipt->email,
		.office = office_name(ex, receipt->office),
		.show = url_1(ex->cx.arena, ROUTE_application_show, receipt->reference),
		.pdf = application.shut ? STR("") : url_1(ex->cx.arena, ROUTE_application_pdf, receipt->reference),
	};

	if (receipt->procedure) {
		struct str rest = text_in(&receipt->procedure->after, ex->page.locale), line = {0};

		int32_t received = time_date(receipt->submitted_at);

		view.title = view_label(ex, &receipt->procedure->title);
		if (!application.shut)
			fees_due_view(ex, receipt->procedure, &application.answers, received, &view.fees);
		view.special = stay_special_until(receipt->procedure, &application.answers, received);
		while (str_next(&rest, '\n', &line)) {
			struct buf words;

			if (str_empty(str_trim(line)))
				continue;
			buf_init(&words, ex->cx.arena, LIMIT_PAGE);
			ruby_write_html(&words, str_trim(line), ex->page.locale->furigana);
			vec_push(ex->cx.arena, &steps, ((struct view_application_receipt_steps){html_of(&words)}));
		}
	}
	view.steps = steps.v;
	view.steps_count = steps.n;
	TRY(usage_of(ex, receipt, &view));
	TRY(files_application_view(ex, &application, &view.files));
	return PAGE(ex, 200, MSG_receipt_title, application_receipt, &view);
}

/* 8 digits of any width, or nothing. */
static bool date_typed(struct exchange *ex, struct str typed, int32_t *out)
{
	struct str digits = str_trim(width_half(ex->cx.arena, typed));
	int64_t value = 0;

	*out = 0;
	if (str_empty(digits))
		return true;
	if (digits.n != 8 || !str_to_i64(digits, &value) || !date_valid((int32_t)value))
		return false;
	*out = (int32_t)value;
	return true;
}

/* What of the question cannot be answered. */
struct unclear {
	bool from, until;
	bool procedure; /* its words fit too many */
};

static struct unclear search_read(struct exchange *ex, struct application_search *search)
{
	struct pager pager = pager_read(ex);

	*search = (struct application_search){
		.related = exchange_query(ex, "q"),
		.procedure = exchange_query(ex, "procedure"),
		.sort = str_eq(exchange_query(ex, "sort"), STR("old")) ? SORT_OLDEST : SORT_NEWEST,
		.page = (unsigned)pager.page,
		.per_page = (unsigned)pager.size,
	};
	return (struct unclear){
		.from = !date_typed(ex, exchange_query(ex, "from"), &search->from_on),
		.until = !date_typed(ex, exchange_query(ex, "to"), &search->until_on),
	};
}

static err search_answer(struct exchange *ex, struct application_search *search, struct application_list *list, struct unclear *unclear)
{
	*unclear = search_read(ex, search);
	if (unclear->from || unclear->until)
		return ok();
	err e = application_list(&ex->cx, search, list);

	unclear->procedure = e.code == ERR_LIMIT;
	return unclear->procedure ? ok() : e;
}

static struct html unclear_view(struct exchange *ex, const struct unclear *unclear)
{
	struct msg_arg max = {STR("max"), str_fmt(ex->cx.arena, "%d", LIMIT_SEARCH_PROCEDURES)};

	if (unclear->from || unclear->until)
		return view_msg(ex, MSG_application_bad_date);
	return unclear->procedure ? view_msg_args(ex, MSG_application_many_procedures, &max, 1) : html_none();
}

err page_application_list(struct exchange *ex)
{
	struct application_search search;
	struct application_list list = {0};
	struct unclear unclear;

	TRY(search_answer(ex, &search, &list, &unclear));
	struct view_application_list_rows *rows = arena_array(ex->cx.arena, struct view_application_list_rows, list.n);

	for (size_t i = 0; i < list.n; i++) {
		const struct application_row *from = &list.v[i];

		rows[i].url = url_1(ex->cx.arena, ROUTE_application_show, from->reference);
		rows[i].title = from->procedure ? view_label(ex, &from->procedure->short_title) : html_none();
		rows[i].status = status_msg(from->status);
		rows[i].reference = from->reference;
		rows[i].temporary = from->temporary_no;
		rows[i].name = from->name;
		rows[i].at = from->submitted_at;
	}
	size_t first = (size_t)search.page * search.per_page;
	struct view_application_list view = {
		.now = ex->cx.now,
		.count = (int64_t)list.total,
		.q = search.related,
		.procedure = search.procedure,
		.procedure_wrong = unclear.procedure,
		.from = exchange_query(ex, "from"),
		.from_wrong = unclear.from,
		.to = exchange_query(ex, "to"),
		.to_wrong = unclear.until,
		.error = unclear_view(ex, &unclear),
		.searched = ex->query.n > 0,
		.sort_new = search.sort == SORT_NEWEST,
		.sort_old = search.sort == SORT_OLDEST,
		.size10 = search.per_page == 10,
		.size20 = search.per_page == 20,
		.size50 = search.per_page == 50,
		.pages = list.n > 0 || search.page > 0,
		.has_prev = search.page > 0,
		.prev = pager_url(ex, ROUTE_application_list, (int64_t)search.page - 1),
		.has_next = first + list.n < list.total,
		.next = pager_url(ex, ROUTE_application_list, (int64_t)search.page + 1),
		.first = list.n == 0 ? 0 : (int64_t)first + 1,
		.last = (int64_t)(first + list.n),
		.rows = rows,
		.rows_count = list.n,
	};

	return PAGE(ex, view.error.s.n == 0 ? 200 : 400, MSG_application_list_title, application_list, &view);
}

static struct str before_url(struct exchange *ex, const struct application *application, int64_t revision)
{
	const struct str parts[] = {application->receipt.reference, str_fmt(ex->cx.arena, "%lld", (long long)revision)};

	return url_route(ex->cx.arena, ROUTE_application_before, parts, 2);
}

static err events_view(struct exchange *ex, const struct application *application, struct view_application_show *view)
{
	struct history_entry *history;
	size_t count;

	TRY(application_history(&ex->cx, application, &history, &count));
	struct view_application_show_events *rows = arena_array(ex->cx.arena, struct view_application_show_events, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].at = history[i].at;
		rows[i].status = status_msg(history[i].status);
		rows[i].has_before = history[i].before != 0;
		if (rows[i].has_before)
			rows[i].before = before_url(ex, application, history[i].before);
	}
	view->events = rows;
	view->events_count = count;
	return ok();
}

/* What an officer has opened, while it is in return process. */
static err open_view(struct exchange *ex, const struct application *application, struct view_application_show *view)
{
	struct amend_items items;

	/* By the form as it is now, whatever version it was submitted by. */
	const struct procedure *procedure = catalogue_find(ex->cx.portal->catalogue, application->receipt.procedure_id);

	view->modify = status_amends[application->receipt.status] && procedure && !application->shut;
	if (!view->modify)
		return ok();
	TRY(amend_items(&ex->cx, procedure, application->account_id, application->id, &items));
	struct view_application_show_open *rows = arena_array(ex->cx.arena, struct view_application_show_open, items.n);

	for (size_t i = 0; i < items.n; i++)
		rows[i].text = view_plain(ex, amend_item_text(&ex->cx, procedure, items.v[i]));
	view->open = rows;
	view->open_count = items.n;
	return ok();
}

/* Manual 5.2: Details, then Modify. */
err page_application_modify(struct exchange *ex)
{
	int64_t draft_id;
	err e = amend_begin(&ex->cx, exchange_path(ex, 0), &draft_id);

	/* Submitted again in another tab: the details say so. */
	if (e.code == ERR_CONFLICT)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_application_show, exchange_path(ex, 0)));
	TRY(e);
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_show, draft_id));
}

/* When it was sent back, to be modified afterwards. */
static err returned_at(struct exchange *ex, const struct application *application, int64_t revision, int64_t *out)
{
	struct history_entry *history;
	size_t count;

	TRY(application_history(&ex->cx, application, &history, &count));
	for (size_t i = 0; i < count; i++) {
		if (history[i].before != revision)
			continue;
		*out = history[i].at;
		return ok();
	}
	return fail(ERR_NOT_FOUND, "nothing was modified there");
}

/* What had been submitted before it was modified; with the questions that were asked then. */
err page_application_before(struct exchange *ex)
{
	struct application application;
	int64_t revision;

	TRY(exchange_path_id(ex, 1, &revision));
	TRY(application_before(&ex->cx, exchange_path(ex, 0), RIGHT_VIEW, revision, &application));
	struct view_application_before view = {
		.reference = application.receipt.reference,
		.office = office_name(ex, application.receipt.office),
		.show = url_1(ex->cx.arena, ROUTE_application_show, application.receipt.reference),
	};

	TRY(returned_at(ex, &application, revision, &view.until));
	if (application.receipt.procedure) {
		view.title = view_label(ex, &application.receipt.procedure->title);
		struct form_scope scope = form_scope_submitted(&application);

		answers_view(ex, &scope, 0, &view.answers);
	}
	return PAGE(ex, 200, MSG_application_before_title, application_before, &view);
}

static err answers_of(struct exchange *ex, const struct application *application, struct view_application_show *view)
{
	struct form_scope scope = form_scope_submitted(application);

	TRY(tax_application_view(ex, application, &view->tax));
	if (application->receipt.procedure)
		answers_view(ex, &scope, 0, &view->answers);
	return ok();
}

err page_application_show(struct exchange *ex)
{
	struct application application;

	TRY(application_look(&ex->cx, exchange_path(ex, 0), RIGHT_VIEW, &application));
	const struct receipt *receipt = &application.receipt;
	struct view_application_show view = {
		.reference = receipt->reference,
		.temporary = receipt->temporary_no,
		.status = status_msg(receipt->status),
		.status_text = status_meaning_msg(receipt->status),
		.at = receipt->submitted_at,
		.note = str_empty(application.note) ? html_none() : japanese_value(ex, application.note),
		.office = office_name(ex, receipt->office),
		.shut = application.shut,
		.pdf = application.shut ? STR("") : url_1(ex->cx.arena, ROUTE_application_pdf, receipt->reference),
		.receipt = url_1(ex->cx.arena, ROUTE_application_receipt, receipt->reference),
	};

	TRY(events_view(ex, &application, &view));
	TRY(open_view(ex, &application, &view));
	TRY(files_application_view(ex, &application, &view.files));
	if (receipt->procedure) {
		view.title = view_label(ex, &receipt->procedure->title);
		view.official = view_official(ex, &receipt->procedure->title);
	}
	if (!application.shut)
		TRY(answers_of(ex, &application, &view));
	return PAGE(ex, 200, MSG_application_show_title, application_show, &view);
}
