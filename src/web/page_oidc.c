#include "identity/oidc.h"
#include "web/idv_view.h"
#include "web/page.h"
#include "web/returned_view.h"
#include "web/url.h"
#include "web/web.h"

/* The way back from the OpenID provider. */

err page_oidc_back(struct exchange *ex)
{
	return returned_page(ex, ROUTE_oidc_finish);
}

err page_oidc_finish(struct exchange *ex)
{
	struct returned answer = returned_sent(ex);
	struct idv_tx tx;

	if (!ex->web->conf.oidc)
		return fail(ERR_NOT_FOUND, "no provider");
	TRY(oidc_return(&ex->cx, ex->web->conf.oidc, &answer, &tx));
	if (tx.state == IDV_DONE)
		return idv_go_on(ex, tx.id);
	return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_id_tx_show, tx.id));
}
