#include "web/page.h"
#include "web/web.h"

/* What apps say, and what they are answered: identity/cardlink.h. The bodies are read there. */

#define WAIT_MS 25000

static err message(struct exchange *ex, enum cardlink_kind kind)
{
	struct cardlink_in in = {
		.kind = kind,
		.body = ex->req->body,
		.address = ex->req->peer,
		.may_wait = !ex->req->final,
	};
	struct cardlink_out out;

	if (!ex->web->conf.cardlink)
		return fail(ERR_NOT_FOUND, "cards are not read");
	TRY(cardlink_message(&ex->cx, ex->web->conf.cardlink, &in, &out));
	if (out.hold)
		return exchange_hold(ex, out.tx, WAIT_MS);
	if (out.retry_after > 0)
		response_header(ex->res, STR("Retry-After"), str_fmt(ex->cx.arena, "%d", out.retry_after));
	return exchange_bytes(ex, out.status, out.error == IDV_ERROR_NONE ? STR("application/json") : STR("application/problem+json"), out.body);
}

err page_m_claim(struct exchange *ex)
{
	return message(ex, CARDLINK_CLAIM);
}

err page_m_submit(struct exchange *ex)
{
	return message(ex, CARDLINK_SUBMIT);
}

err page_m_report(struct exchange *ex)
{
	return message(ex, CARDLINK_REPORT);
}

err page_m_wait(struct exchange *ex)
{
	return message(ex, CARDLINK_WAIT);
}

err page_cardlink_jwks(struct exchange *ex)
{
	if (!ex->web->conf.cardlink)
		return fail(ERR_NOT_FOUND, "cards are not read");
	return exchange_bytes(ex, 200, STR("application/json"), cardlink_jwks(ex->cx.arena, ex->web->conf.cardlink));
}
