#include "web/idv_again.h"

#include "domain/identity/identity.h"
#include "web/csrf.h"
#include "web/session_cookie.h"

/* The proof that is asked for; absent: another page. What comes back from a provider names it first in its state. */
static struct str proof_of(const struct exchange *ex)
{
	switch (ex->route->id) {
	case ROUTE_id_tx_show:
	case ROUTE_id_tx_status:
	case ROUTE_id_tx_code:
	case ROUTE_id_tx_cancel:
	case ROUTE_id_tx_renew:
	case ROUTE_id_tx_proceed:
		return exchange_path(ex, 0);
	case ROUTE_oidc_back:
		return str_sub(exchange_query(ex, "state"), 0, IDV_ID_CHARS);
	case ROUTE_oidc_finish:
		return str_sub(exchange_field(ex, "state"), 0, IDV_ID_CHARS);
	default:
		return (struct str){0};
	}
}

err idv_again(struct exchange *ex, bool *answered)
{
	bool press = http_writes(ex->req->method);
	struct str id = proof_of(ex), sent = {0}, token = {0};
	struct idv_tx tx;

	*answered = false;
	if (str_empty(id) || !ex->session_ended || (press && failed(csrf_origin(ex))))
		return ok();
	TRY(session_cookie_get(ex, &sent));
	err e = idv_proceed_again(&ex->cx, id, sent, &tx, &token);

	if (e.code == ERR_NOT_FOUND)
		return ok();
	TRY(e);
	*answered = true;
	session_cookie_set(ex, token);
	return exchange_redirect(ex, press ? tx.next : ex->req->target);
}
