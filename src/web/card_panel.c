#include "web/card_panel.h"

#include "base/time.h"
#include "domain/identity/card_address.h"
#include "domain/identity/usage.h"
#include "web/japanese.h"
#include "web/usage_view.h"
#include "web/view_text.h"

/* From here on it is said on each visit; the text names the days that are left, so 30 and 7 need no words of their own. */
#define WARN_DAYS 60

struct html card_warning(struct exchange *ex, const struct card_link *link)
{
	int32_t today = time_date(ex->cx.now), last = time_date(link->not_after);
	struct buf date;

	if (link->not_after == 0)
		return html_none();
	int64_t days = date_days_between(today, last);

	if (days > WARN_DAYS)
		return html_none();
	buf_init(&date, ex->cx.arena, 128);
	date_write(&date, ex->page.locale, last);
	const struct msg_arg args[] = {
		{STR("last"), buf_view(&date)},
		{STR("days"), str_fmt(ex->cx.arena, "%lld", (long long)days)},
	};
	bool over = link->not_after <= ex->cx.now;

	return view_msg_args(ex, over ? MSG_card_warn_over : MSG_card_warn_soon, args, over ? 1 : 2);
}

static err usage_panel(struct exchange *ex, struct view_account_show *view)
{
	struct usage usage;

	TRY(usage_find(&ex->cx, &usage));
	/* Where no card is read nobody needs a request; who has made one sees it. */
	view->has_usage = card_reading_on(&ex->cx) || usage.state != USAGE_NONE;
	if (view->has_usage)
		usage_view(ex, &usage, &view->usage);
	return ok();
}

err card_panel_view(struct exchange *ex, struct view_account_show *view)
{
	enum user_type type = ex->cx.actor.user_type;
	const struct procedure *request = usage_procedure(&ex->cx, type);
	struct card_link link;

	TRY(usage_panel(ex, view));
	if (!card_reading_on(&ex->cx) || !request || !procedure_reads_card(request, type))
		return ok();
	view->has_card = true;
	err found = card_link_find(&ex->cx, ex->cx.actor.account_id, &link);

	if (found.code == ERR_NOT_FOUND)
		return ok();
	TRY(found);
	view->linked = true;
	view->linked_at = link.linked_at;
	view->not_after = link.not_after;
	view->warning = card_warning(ex, &link);
	struct str address;

	TRY(card_address_offer(&ex->cx, &address));
	view->address = str_absent(address) ? html_none() : japanese_value(ex, address);
	return ok();
}
