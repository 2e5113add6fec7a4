#include "base/limits.h"
#include "base/time.h"
#include "base/vec.h"
#include "domain/application/application.h"
#include "domain/notice.h"
#include "render/templates.h"
#include "web/form_view.h"
#include "web/locale_choice.h"
#include "web/page.h"
#include "web/resend.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

#define TOP_NOTICES 3
#define TOP_APPLICATIONS 3
#define NOTICES_SHOWN 100

static err drafts_view(struct exchange *ex, struct view_top_show *view)
{
	struct draft *drafts;
	size_t count;

	TRY(draft_list(&ex->cx, &drafts, &count));
	struct view_top_show_drafts *rows = arena_array(ex->cx.arena, struct view_top_show_drafts, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].url = url_id(ex->cx.arena, ROUTE_draft_show, drafts[i].id);
		rows[i].title = view_label(ex, &drafts[i].procedure->short_title);
		rows[i].saved = drafts[i].saved_at;
	}
	view->drafts = rows;
	view->drafts_count = count;
	return ok();
}

static err applications_view(struct exchange *ex, struct view_top_show *view)
{
	struct application_search search = {.per_page = 10};
	struct application_list list;

	TRY(application_list(&ex->cx, &search, &list));
	size_t count = list.n < TOP_APPLICATIONS ? list.n : TOP_APPLICATIONS;
	struct view_top_show_applications *rows = arena_array(ex->cx.arena, struct view_top_show_applications, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].url = url_1(ex->cx.arena, ROUTE_application_show, list.v[i].reference);
		rows[i].title = list.v[i].procedure ? view_label(ex, &list.v[i].procedure->short_title) : html_none();
		rows[i].status = status_msg(list.v[i].status);
		rows[i].at = list.v[i].submitted_at;
	}
	view->applications = rows;
	view->applications_count = count;
	return ok();
}

err page_top_show(struct exchange *ex)
{
	struct view_top_show view = {.account = ex->session.id != 0};
	struct notice *notices;
	size_t count, total;

	if (view.account) {
		TRY(drafts_view(ex, &view));
		TRY(applications_view(ex, &view));
	}
	TRY(notice_list(&ex->cx, TOP_NOTICES, 0, &notices, &count, &total));
	struct view_top_show_notices *rows = arena_array(ex->cx.arena, struct view_top_show_notices, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].url = url_id(ex->cx.arena, ROUTE_notice_show, notices[i].id);
		rows[i].on = time_date(notices[i].published_at);
		rows[i].title = view_ruby(ex, notices[i].title[ex->page.locale->lang]);
	}
	view.notices = rows;
	view.notices_count = count;
	return PAGE(ex, 200, MSG_top_title, top_show, &view);
}

err page_notice_list(struct exchange *ex)
{
	struct notice *notices;
	size_t count, total;

	TRY(notice_list(&ex->cx, NOTICES_SHOWN, 0, &notices, &count, &total));
	struct view_notice_list_notices *rows = arena_array(ex->cx.arena, struct view_notice_list_notices, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].url = url_id(ex->cx.arena, ROUTE_notice_show, notices[i].id);
		rows[i].on = time_date(notices[i].published_at);
		rows[i].title = view_ruby(ex, notices[i].title[ex->page.locale->lang]);
	}
	struct view_notice_list view = {.notices = rows, .notices_count = count};

	return PAGE(ex, 200, MSG_notice_list, notice_list, &view);
}

err page_notice_show(struct exchange *ex)
{
	struct notice notice;
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(notice_require(&ex->cx, id, &notice));
	struct str title = notice.title[ex->page.locale->lang];
	struct buf plain;
	struct view_notice_show view = {
		.on = time_date(notice.published_at),
		.title = view_ruby(ex, title),
		.body = view_paragraphs(ex, notice.body[ex->page.locale->lang]),
	};

	buf_init(&plain, ex->cx.arena, LIMIT_PAGE);
	ruby_write_plain(&plain, title);
	tmpl_notice_show(&ex->body, &ex->page, &view);
	return exchange_page(ex, 200, buf_view(&plain));
}

/* A preference, kept in a cookie: nothing of the store is touched. From a page that holds a form the form comes along, and that page again. */
err page_language_set(struct exchange *ex)
{
	struct str what = {0};

	/* A form that comes along may have one of its own: the button's is the last. */
	for (size_t i = 0; i < ex->form.n; i++) {
		if (str_eq(ex->form.v[i].name, STR("set")))
			what = ex->form.v[i].value;
	}
	locale_choose(ex, what);
	if (resend_asked(ex))
		return resend_again(ex);
	return exchange_redirect(ex, safe_next(exchange_field(ex, "back")));
}

err page_help_show(struct exchange *ex)
{
	const struct settings *settings = &ex->cx.portal->settings;
	const struct msg_arg times[] = {
		view_time(ex, "idle", settings->session_idle_ms),
		view_time(ex, "total", settings->session_total_ms),
	};
	struct msg_arg lock[LOGIN_POLICY_ARGS];
	enum msg lock_msg = login_policy_msg(ex, MSG_help_lock_text, MSG_help_lock_text_delays, lock);
	struct view_help_show view = {
		.phone = ex->web->conf.help_phone,
		.hours = view_help_hours(ex),
		.time = view_msg_args(ex, MSG_help_time_text, times, 2),
		.lock = view_msg_args(ex, lock_msg, lock, LOGIN_POLICY_ARGS),
	};

	return PAGE(ex, 200, MSG_help_title, help_show, &view);
}

err page_terms_show(struct exchange *ex)
{
	struct view_help_terms view = {.binding = ex->page.locale->lang != LANG_JA};

	return PAGE(ex, 200, MSG_terms_title, help_terms, &view);
}

err page_accessibility_show(struct exchange *ex)
{
	struct view_help_accessibility view = {.phone = ex->web->conf.help_phone};

	return PAGE(ex, 200, MSG_accessibility_title, help_accessibility, &view);
}
