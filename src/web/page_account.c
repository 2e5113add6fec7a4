#include "base/time.h"
#include "domain/account/account.h"
#include "domain/application/draft.h"
#include "render/templates.h"
#include "web/card_panel.h"
#include "web/japanese.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"

static err drafts_view(struct exchange *ex, struct view_account_show *view)
{
	struct draft *drafts;
	size_t count;

	TRY(draft_list(&ex->cx, &drafts, &count));
	struct view_account_show_drafts *rows = arena_array(ex->cx.arena, struct view_account_show_drafts, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].url = url_id(ex->cx.arena, ROUTE_draft_show, drafts[i].id);
		rows[i].delete_url = url_id(ex->cx.arena, ROUTE_draft_delete_ask, drafts[i].id);
		rows[i].title = view_label(ex, &drafts[i].procedure->short_title);
		rows[i].saved = drafts[i].saved_at;
		rows[i].until = time_date(drafts[i].expires_at);
	}
	view->drafts = rows;
	view->drafts_count = count;
	return ok();
}

/* My page, manual 7: drafts, applications, the person's own data. */
err page_account_show(struct exchange *ex)
{
	struct view_account_show view = {0};
	struct account account;
	struct buf birth, login;

	TRY(drafts_view(ex, &view));
	TRY(card_panel_view(ex, &view));
	TRY(account_require(&ex->cx, &account));
	buf_init(&birth, ex->cx.arena, 64);
	date_write(&birth, ex->page.locale, account.birth_on);
	buf_init(&login, ex->cx.arena, 128);
	if (ex->session.last_login_at != 0)
		datetime_write(&login, ex->page.locale, ex->session.last_login_at);
	struct view_account_show_rows rows[] = {
		{view_msg(ex, MSG_account_user_id), japanese_value(ex, account.user_id)},
		{view_msg(ex, MSG_registration_user_type), japanese_value(ex, ex->page.locale->plain[user_type_msg(account.user_type)])},
		{view_msg(ex, MSG_registration_name), japanese_value(ex, account.name)},
		{view_msg(ex, MSG_registration_email), japanese_value(ex, account.email)},
		{view_msg(ex, MSG_registration_phone), japanese_value(ex, account.phone)},
		{view_msg(ex, MSG_registration_postal_code), japanese_value(ex, account.postal_code)},
		{view_msg(ex, MSG_registration_address), japanese_value(ex, account.address)},
		{view_msg(ex, MSG_registration_birth_date), japanese_value(ex, buf_view(&birth))},
		{view_msg(ex, MSG_layout_last_login), japanese_value(ex, buf_view(&login))},
	};

	view.rows = rows;
	view.rows_count = sizeof rows / sizeof *rows - (ex->session.last_login_at == 0);
	return PAGE(ex, 200, MSG_account_title, account_show, &view);
}
