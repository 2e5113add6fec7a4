#include "web/card_step.h"

#include "web/oidc_step.h"
#include "web/url.h"

bool card_is_first(const struct draft *draft)
{
	return draft->card_next != CARD_STEP_NONE;
}

err card_lead(struct exchange *ex, const struct draft *draft)
{
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_card_about, draft->id));
}

/* For the link itself both are read: the new certificate, and whether it is the same person's. */
static bool has_auth(const struct draft *draft)
{
	return !draft || procedure_has_step(draft->procedure, CARD_STEP_AUTH);
}

static enum idv_purpose purpose_of(const struct draft *draft)
{
	if (!draft)
		return IDV_RELINK;
	return draft->procedure->use == USE_REQUEST ? IDV_USAGE : IDV_APPLY;
}

err card_chain(struct exchange *ex, const struct draft *draft, struct str *chain)
{
	*chain = (struct str){0};
	if (!has_auth(draft))
		return ok();
	err found = idv_chain_find(&ex->cx, purpose_of(draft), draft ? draft->id : 0, chain);

	return found.code == ERR_NOT_FOUND ? ok() : found;
}

/* Behind the certificate the browser comes back here for the four items; behind those to the form. */
static struct str next_of(struct exchange *ex, const struct draft *draft, enum idv_op op)
{
	if (!draft)
		return url_route(ex->cx.arena, op == IDV_AUTH ? ROUTE_card_again : ROUTE_account_show, NULL, 0);
	return url_id(ex->cx.arena, op == IDV_AUTH ? ROUTE_card_about : ROUTE_draft_show, draft->id);
}

err card_read_next(struct exchange *ex, const struct draft *draft)
{
	struct str chain;
	struct idv_tx tx;

	TRY(card_chain(ex, draft, &chain));
	enum idv_op op = has_auth(draft) && str_absent(chain) ? IDV_AUTH : IDV_BASIC4;

	TRY(idv_begin(&ex->cx,
		&(struct idv_begin){
			.adapter = IDV_CARDLINK,
			.op = op,
			.purpose = purpose_of(draft),
			.draft_id = draft ? draft->id : 0,
			.chain = chain,
			.next = next_of(ex, draft, op),
			.agent = request_header(ex->req, STR("User-Agent")),
		},
		&tx));
	return exchange_redirect(ex, str_fmt(ex->cx.arena, "/id/tx/" STR_FMT, STR_ARG(tx.id)));
}

err card_read_at_provider(struct exchange *ex, const struct draft *draft)
{
	return oidc_lead(ex, &(struct idv_begin){
				     .purpose = purpose_of(draft),
				     .draft_id = draft ? draft->id : 0,
				     .next = next_of(ex, draft, IDV_BASIC4),
				     .agent = request_header(ex->req, STR("User-Agent")),
			     });
}
