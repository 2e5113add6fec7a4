#include "web/csrf.h"

#include "base/encode.h"
#include "crypto/mac.h"
#include "crypto/token.h"
#include "web/host.h"
#include "web/session_cookie.h"
#include "web/web.h"

static struct str visitor_name(const struct exchange *ex)
{
	return ex->web->conf.secure ? STR("__Host-visitor") : STR("visitor");
}

/* What the token is bound to: the session, or the visitor. */
static err bound_secret(struct exchange *ex, struct str *out)
{
	if (ex->session.id != 0)
		return session_cookie_get(ex, out);
	TRY(cookie_get(ex->req, visitor_name(ex), out));
	if (!str_absent(*out))
		return ok();
	*out = token_new(ex->cx.arena);
	response_cookie(ex->res, visitor_name(ex), *out, 0, ex->web->conf.secure);
	return ok();
}

static struct str token_of(struct exchange *ex, struct str secret)
{
	uint8_t mac[MAC_BYTES];
	struct buf out;

	mac_make(ex->web->conf.key, secret, mac);
	buf_init_room(&out, ex->cx.arena, 64, 64);
	base64url_write(&out, str_make((const char *)mac, sizeof mac));
	return buf_view(&out);
}

err csrf_begin(struct exchange *ex)
{
	struct str secret = {0};

	TRY(bound_secret(ex, &secret));
	ex->csrf = token_of(ex, secret);
	return token_mask(ex->cx.arena, ex->csrf, &ex->page.csrf);
}

err csrf_renew(struct exchange *ex, struct str session_token)
{
	ex->csrf = token_of(ex, session_token);
	return token_mask(ex->cx.arena, ex->csrf, &ex->page.csrf);
}

/* False: the line came twice, and whoever stands before us may have believed the other one. */
static bool header_once(const struct request *req, struct str name, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < req->header_count; i++)
		n += str_eq_nocase(req->headers[i].name, name);
	*out = request_header(req, name);
	return n <= 1;
}

static bool from_elsewhere(const struct exchange *ex)
{
	struct str site, origin;

	if (!header_once(ex->req, STR("Sec-Fetch-Site"), &site) || !header_once(ex->req, STR("Origin"), &origin))
		return true;
	if (!str_absent(site))
		return !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none"));
	return !str_absent(origin) && !origin_is_ours(ex, origin);
}

err csrf_origin(struct exchange *ex)
{
	return from_elsewhere(ex) ? fail(ERR_DENIED, "form sent from another site") : ok();
}

err csrf_token(struct exchange *ex, struct str token)
{
	if (!token_masked_is(ex->cx.arena, token, ex->csrf))
		return fail(ERR_DENIED, "no form token, or that of another session");
	return ok();
}

err csrf_check(struct exchange *ex)
{
	struct str header, field = exchange_field(ex, "_csrf");

	TRY(csrf_origin(ex));
	if (!header_once(ex->req, STR("X-Form-Token"), &header))
		return fail(ERR_DENIED, "two form tokens");
	return csrf_token(ex, str_absent(field) ? header : field);
}
