#include "identity/oidc.h"
#include "render/templates.h"
#include "web/idv_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/web.h"

/*
 * The way back from the OpenID provider. It comes as a GET, and a GET changes nothing here (docs/decisions/0012): its page has a form with what came, which
 * is sent by itself where there is script, and by a button where there is none.
 */

static struct str once(const struct params *from, const char *name, bool *repeated)
{
	struct str value = {0};
	size_t n = 0;

	for (size_t i = 0; i < from->n; i++) {
		if (!str_eq(from->v[i].name, str_of(name)))
			continue;
		value = from->v[i].value;
		n++;
	}
	*repeated = *repeated || n > 1;
	return value;
}

static struct returned returned_of(const struct params *from)
{
	struct returned answer = {0};

	answer.code = once(from, "code", &answer.repeated);
	answer.state = once(from, "state", &answer.repeated);
	answer.iss = once(from, "iss", &answer.repeated);
	answer.error = once(from, "error", &answer.repeated);
	return answer;
}

err page_oidc_back(struct exchange *ex)
{
	struct returned answer = returned_of(&ex->query);
	struct view_id_back view = {
		.action = url_route(ex->cx.arena, ROUTE_oidc_finish, NULL, 0),
		.code = answer.code,
		.has_code = !str_absent(answer.code),
		.state = answer.state,
		.iss = answer.iss,
		.has_iss = !str_absent(answer.iss),
		.error = answer.error,
		.has_error = !str_absent(answer.error),
		.repeated = answer.repeated,
	};

	return PAGE(ex, 200, MSG_id_back_title, id_back, &view);
}

err page_oidc_finish(struct exchange *ex)
{
	struct returned answer = returned_of(&ex->form);
	struct idv_tx tx;

	if (!ex->web->conf.oidc)
		return fail(ERR_NOT_FOUND, "no provider");
	answer.repeated = answer.repeated || !str_absent(exchange_field(ex, "repeated"));
	TRY(oidc_return(&ex->cx, ex->web->conf.oidc, &answer, &tx));
	if (tx.state == IDV_DONE)
		return idv_go_on(ex, tx.id);
	return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_id_tx_show, tx.id));
}
