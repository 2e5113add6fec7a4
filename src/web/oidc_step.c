#include "web/oidc_step.h"

#include "identity/oidc.h"
#include "web/idv_view.h"
#include "web/web.h"

err oidc_lead(struct exchange *ex, const struct idv_begin *begin)
{
	struct idv_tx tx;
	struct str url;

	if (!ex->web->conf.oidc)
		return idv_not_begun(ex, fail(ERR_DENIED, "no provider"), NULL);
	err e = oidc_begin(&ex->cx, ex->web->conf.oidc, begin, &tx, &url);

	return failed(e) ? idv_not_begun(ex, e, NULL) : exchange_leave(ex, url);
}
