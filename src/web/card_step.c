#include "web/card_step.h"

#include "web/url.h"

bool card_is_first(const struct draft *draft)
{
	return draft->card_next != CARD_STEP_NONE;
}

err card_lead(struct exchange *ex, const struct draft *draft)
{
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_card_about, draft->id));
}

static enum idv_purpose purpose_of(const struct draft *draft)
{
	if (!draft)
		return IDV_RELINK;
	return procedure_is_request(draft->procedure) ? IDV_USAGE : IDV_APPLY;
}

err card_reading_next(struct exchange *ex, const struct draft *draft, struct card_reading *out)
{
	struct card_reading step = {.op = IDV_BASIC4, .purpose = purpose_of(draft)};

	/* For the link itself both are read: the new certificate, and whether it is the same person's. */
	if (!draft || procedure_has_step(draft->procedure, CARD_STEP_AUTH)) {
		err found = idv_chain_find(&ex->cx, step.purpose, draft ? draft->id : 0, &step.chain);

		if (found.code == ERR_NOT_FOUND)
			step.op = IDV_AUTH;
		else
			TRY(found);
	}
	*out = step;
	return ok();
}

struct str card_page_after(struct exchange *ex, enum idv_op op, enum idv_purpose purpose, int64_t draft_id)
{
	if (draft_id != 0)
		return url_id(ex->cx.arena, op == IDV_AUTH ? ROUTE_card_about : ROUTE_draft_show, draft_id);
	return url_route(ex->cx.arena, op == IDV_AUTH && purpose == IDV_RELINK ? ROUTE_card_again : ROUTE_account_show, NULL, 0);
}
