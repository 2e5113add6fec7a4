#include "base/limits.h"
#include "base/time.h"
#include "domain/identity/card_address.h"
#include "domain/identity/usage.h"
#include "domain/portal.h"
#include "render/templates.h"
#include "web/card_panel.h"
#include "web/card_step.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"

/* Manual 3.2 step 5 and 4.1 step 6: why the card is read, what for, and what is needed; then the QR code. */

static err find(struct exchange *ex, struct draft *out)
{
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	return draft_require(&ex->cx, id, out);
}

/* The link in force; *linked false: there is none. */
static err link_find(struct exchange *ex, struct card_link *link, bool *linked)
{
	err found = card_link_find(&ex->cx, ex->cx.actor.account_id, link);

	*linked = found.code == OK;
	return found.code == ERR_NOT_FOUND ? ok() : found;
}

/* Only a request for use may begin by a way to which the account is not linked yet. */
static err way_find(struct exchange *ex, enum idv_adapter adapter, enum idv_purpose purpose, bool *open)
{
	struct card_link link;

	*open = idv_way_on(&ex->cx, adapter);
	if (!*open || purpose == IDV_USAGE)
		return ok();
	err found = card_link_find_of(&ex->cx, ex->cx.actor.account_id, adapter, &link);

	*open = found.code == OK;
	return found.code == ERR_NOT_FOUND ? ok() : found;
}

static err show(struct exchange *ex, struct view_card_about *view, const struct draft *draft)
{
	struct card_reading step;

	TRY(card_reading_next(ex, draft, &step));
	TRY(way_find(ex, IDV_CARDLINK, step.purpose, &view->scan));
	TRY(way_find(ex, IDV_OIDC, step.purpose, &view->provider));
	view->can_proceed = view->scan || view->provider;
	if (!draft && !view->can_proceed)
		return exchange_redirect(ex, view->back);
	view->has_usage = !view->can_proceed && !str_empty(view->usage);
	view->app = ex->cx.portal->settings.card_app_name;
	view->op = idv_op_names[step.op];
	view->purpose = idv_purpose_names[step.purpose];
	view->chain = step.chain;
	view->second = !str_absent(step.chain);
	return PAGE(ex, 200, MSG_card_about_title, card_about, view);
}

err page_card_about(struct exchange *ex)
{
	struct draft draft;
	struct card_link link;
	bool linked;

	TRY(find(ex, &draft));
	if (!card_is_first(&draft))
		return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_show, draft.id));
	TRY(link_find(ex, &link, &linked));
	bool auth = procedure_has_step(draft.procedure, CARD_STEP_AUTH);
	const struct procedure *request = usage_procedure(&ex->cx, ex->cx.actor.user_type);
	struct view_card_about view = {
		.title = view_label(ex, &draft.procedure->short_title),
		.back = url_1(ex->cx.arena, ROUTE_procedure_show, draft.procedure->id),
		.need = auth ? MSG_card_about_auth : MSG_card_about_basic4,
		.how_scan = auth ? MSG_card_how_scan_two : MSG_card_how_scan_one,
		.how_end = MSG_card_how_form,
		.auth = auth,
		.draft = exchange_path(ex, 0),
	};

	if (linked)
		view.warning = card_warning(ex, &link);
	if (!auth && request)
		view.usage = url_1(ex->cx.arena, ROUTE_procedure_show, request->id);
	return show(ex, &view, &draft);
}

/* The card was renewed: both readings again, for the link alone. */
err page_card_again(struct exchange *ex)
{
	struct card_link link;
	bool linked;

	TRY(link_find(ex, &link, &linked));
	if (!card_reading_on(&ex->cx) || !linked)
		return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_account_show, NULL, 0));
	struct view_card_about view = {
		.back = url_route(ex->cx.arena, ROUTE_account_show, NULL, 0),
		.need = MSG_card_about_again,
		.how_scan = MSG_card_how_scan_two,
		.how_end = MSG_card_how_again,
		.auth = true,
		.warning = card_warning(ex, &link),
	};

	return show(ex, &view, NULL);
}

/* The address of the renewed card becomes the registered one. */
err page_card_address_take(struct exchange *ex)
{
	TRY(card_address_take(&ex->cx));
	return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_account_show, NULL, 0));
}
