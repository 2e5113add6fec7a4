#include "web/layout.h"

#include "render/templates.h"
#include "web/route.h"
#include "web/view_text.h"
#include "web/web.h"

/* What stands around the content; taken at once with it, so that the answer is written without being moved. */
#define LAYOUT_ROOM 8192

/* The banner of a maintenance window that is near. */
static struct html maintenance_banner(struct exchange *ex, bool has_store)
{
	struct maintenance window;

	if (!has_store || !banner_find(&ex->web->banner, &ex->cx, &window))
		return html_none();
	return view_maintenance(ex, &window);
}

/* Where a switch of the language leads: this page again. What a form answers stands mostly where the form itself does. */
static struct str back_of(struct exchange *ex)
{
	struct str params[ROUTE_PARAMS];
	const struct route *route;
	unsigned allowed;

	if (!str_absent(ex->back))
		return ex->back;
	if (ex->req->method != HTTP_POST)
		return ex->req->target;
	return failed(route_find(HTTP_GET, ex->req->path, params, &route, &allowed)) ? STR("/") : ex->req->path;
}

/* For those without script, who get no warning: when doing nothing ends the session. */
static struct str session_end_clock(struct exchange *ex)
{
	int64_t idle = ex->cx.now + ex->cx.portal->settings.session_idle_ms;
	struct buf out;

	buf_init(&out, ex->cx.arena, 16);
	clock_write(&out, idle < ex->session.total_until ? idle : ex->session.total_until);
	return buf_view(&out);
}

void layout_write(struct exchange *ex, struct str title, bool wrong)
{
	const struct locale *locale = ex->page.locale;
	enum route_id at = ex->route ? ex->route->id : ROUTE_COUNT;
	bool has_store = ex->route && !ex->storeless && ex->route->id != ROUTE_health_show;
	struct view_layout_base view = {
		.title = title,
		.service = ex->cx.portal->settings.service_name[locale->lang],
		.body = html_of(&ex->body),
		.wrong = wrong,
		.account = ex->session.id != 0,
		.user_name = ex->cx.actor.name,
		.at_procedures = at == ROUTE_procedure_list || at == ROUTE_procedure_show,
		.at_applications = at == ROUTE_application_list || at == ROUTE_application_show,
		.at_account = at == ROUTE_account_show,
		.at_login = at == ROUTE_login_show || at == ROUTE_login_send,
		.ja = locale->lang == LANG_JA,
		.en = locale->lang == LANG_EN,
		.furigana = locale->furigana,
		.back = back_of(ex),
		.form = ex->lang_form,
		.form_to = ex->lang_to,
		.refresh = ex->refresh,
		.maintenance = maintenance_banner(ex, has_store),
		.session_until = session_end_clock(ex),
		.session_seconds = ex->session.id == 0 ? 0 : ex->cx.portal->settings.session_idle_ms / 1000,
		.count_text = locale->plain[MSG_script_characters],
		.help_phone = ex->web->conf.help_phone,
		.help_hours = view_help_hours(ex),
	};

	buf_room(&ex->res->body, ex->body.n + LAYOUT_ROOM);
	tmpl_layout_base(&ex->res->body, &ex->page, &view);
}
