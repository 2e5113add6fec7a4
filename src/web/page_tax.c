#include "identity/selfinfo.h"

#include "domain/identity/identity.h"
#include "web/card_step.h"
#include "web/idv_view.h"
#include "web/page.h"
#include "web/returned_view.h"
#include "web/tax_view.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* `Get Tax Information`: consent at the self-information service, waiting, what it says, and whether it goes with the application. */

static err find(struct exchange *ex, struct draft *out)
{
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_require(&ex->cx, id, out));
	if (!out->procedure->tax_information || !idv_way_on(&ex->cx, IDV_SELFINFO))
		return fail(ERR_NOT_FOUND, "no tax information here");
	return ok();
}

static err show_draft(struct exchange *ex, int64_t draft_id)
{
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_tax_show, draft_id));
}

err page_tax_show(struct exchange *ex)
{
	struct tax_info info = {0};
	struct draft draft;

	TRY(find(ex, &draft));
	if (card_is_first(&draft))
		return card_lead(ex, &draft);
	err e = tax_of_draft(&ex->cx, draft.id, &info);

	if (e.code != ERR_NOT_FOUND)
		TRY(e);
	bool there = !failed(e), good = there && info.state != TAX_FETCHING && info.answer == TAX_OK;
	bool ended = there && info.state == TAX_ANSWERED && !good;
	struct view_tax_show view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->short_title),
		.ask = !there,
		.waiting = there && info.state == TAX_FETCHING,
		.choose = good && info.state == TAX_ANSWERED,
		.attached = good && info.state == TAX_ATTACHED,
		.ended = ended,
		.info = str_fmt(ex->cx.arena, "%lld", (long long)info.id),
		.here = url_id(ex->cx.arena, ROUTE_tax_show, draft.id),
	};

	if (good)
		tax_info_view(ex, &info, &view.tax);
	if (ended) {
		const struct tax_words *words = &tax_words[info.answer];

		view.why = words->title;
		view.detail = words->detail;
		view.paper = words->paper;
		view.again = words->again;
	}
	ex->refresh = view.waiting;
	return PAGE(ex, 200, MSG_tax_title, tax_show, &view);
}

err page_tax_begin(struct exchange *ex)
{
	struct draft draft;
	struct idv_tx tx;
	struct str url;

	TRY(find(ex, &draft));
	if (!ex->web->conf.selfinfo)
		return fail(ERR_NOT_FOUND, "no self-information service");
	err e = selfinfo_begin(&ex->cx, ex->web->conf.selfinfo, draft.id, url_id(ex->cx.arena, ROUTE_tax_show, draft.id),
		request_header(ex->req, STR("User-Agent")), &tx, &url);

	/* Attached in another tab: the page shows it. */
	if (e.code == ERR_CONFLICT)
		return show_draft(ex, draft.id);
	return failed(e) ? idv_not_begun(ex, e, NULL) : exchange_leave(ex, url);
}

err page_tax_decide(struct exchange *ex)
{
	struct str choice = exchange_field(ex, "choice");
	struct draft draft;
	int64_t id;

	TRY(find(ex, &draft));
	if (str_eq(choice, STR("remove")))
		TRY(tax_remove(&ex->cx, draft.id));
	else if (!str_eq(choice, STR("attach")) || !str_to_i64(exchange_field(ex, "info"), &id))
		return fail(ERR_INVALID, "neither attach nor remove");
	else {
		err e = tax_attach(&ex->cx, draft.id, id);

		/* Another one is there now, or it is attached already: the page shows which. */
		if (e.code == ERR_CONFLICT)
			return show_draft(ex, draft.id);
		TRY(e);
	}
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_show, draft.id));
}

err page_tax_back(struct exchange *ex)
{
	return returned_page(ex, ROUTE_tax_finish);
}

err page_tax_finish(struct exchange *ex)
{
	struct returned answer = returned_sent(ex);
	struct idv_tx tx;

	if (!ex->web->conf.selfinfo)
		return fail(ERR_NOT_FOUND, "no self-information service");
	TRY(selfinfo_return(&ex->cx, ex->web->conf.selfinfo, &answer, &tx));
	/* Whatever came of it stands there; but of one that ran out or was cancelled nothing does. */
	if (tx.state == IDV_EXPIRED || tx.error == IDV_ERROR_cancelled || tx.error == IDV_ERROR_superseded)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_id_tx_show, tx.id));
	return show_draft(ex, tx.draft_id);
}
