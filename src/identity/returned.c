#include "identity/returned.h"

#include "base/buf.h"
#include "base/encode.h"
#include "crypto/jws_key.h"
#include "crypto/token.h"

void held_new(struct arena *arena, struct held *out)
{
	*out = (struct held){token_new(arena), token_new(arena), token_new(arena)};
}

struct str held_write(struct arena *arena, const struct held *held)
{
	return str_fmt(arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(held->state), STR_ARG(held->nonce), STR_ARG(held->verifier));
}

err held_read(struct str text, struct held *out)
{
	struct str rest = text;

	if (!str_next(&rest, ' ', &out->state) || !str_next(&rest, ' ', &out->nonce) || !str_next(&rest, ' ', &out->verifier) ||
		out->state.n != TOKEN_CHARS || out->nonce.n != TOKEN_CHARS || out->verifier.n != TOKEN_CHARS)
		return fail(ERR_INVALID, "nothing is held for another service");
	return ok();
}

void parameter_write(struct buf *out, const char *name, struct str value)
{
	buf_fmt(out, "&%s=", name);
	percent_write(out, value);
}

void way_there(struct buf *out, struct str auth_url, struct str client_id, struct str redirect_uri, struct str tx_id, const struct held *held)
{
	buf_str(out, auth_url);
	buf_lit(out, "?response_type=code");
	parameter_write(out, "client_id", client_id);
	parameter_write(out, "redirect_uri", redirect_uri);
	parameter_write(out, "state", str_fmt(out->arena, STR_FMT "." STR_FMT, STR_ARG(tx_id), STR_ARG(held->state)));
	parameter_write(out, "code_challenge", jws_sha256(out->arena, held->verifier));
	parameter_write(out, "code_challenge_method", STR("S256"));
}

err returned_find(struct cx *cx, enum idv_adapter adapter, struct str state, struct idv_tx *out)
{
	struct idv_tx own;

	if (state.n <= IDV_ID_CHARS + 1 || state.n > 255 || state.p[IDV_ID_CHARS] != '.')
		return fail(ERR_NOT_FOUND, "no state of ours");
	TRY(idv_require(cx, str_sub(state, 0, IDV_ID_CHARS), &own));
	if (own.adapter != adapter)
		return fail(ERR_NOT_FOUND, "a transaction of another way");
	return idv_get(cx, own.id, out);
}

/* RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6. */
static enum idv_error error_said(struct str error)
{
	static const struct str away[] = {
		STR_INIT("login_required"),
		STR_INIT("interaction_required"),
		STR_INIT("temporarily_unavailable"),
		STR_INIT("server_error"),
	};

	if (str_eq(error, STR("access_denied")))
		return IDV_ERROR_declined;
	for (size_t i = 0; i < sizeof away / sizeof *away; i++)
		if (str_eq(error, away[i]))
			return IDV_ERROR_op_unavailable;
	return IDV_ERROR_oidc_protocol;
}

enum idv_error returned_check(const struct returned *answer, const struct held *held, struct str issuer, const char **why)
{
	*why = "state of the answer";
	if (answer->repeated || !str_eq_secret(str_skip(answer->state, IDV_ID_CHARS + 1), held->state))
		return IDV_ERROR_oidc_protocol;
	*why = "iss of the answer";
	if (!str_absent(answer->iss) && !str_eq(answer->iss, issuer))
		return IDV_ERROR_oidc_protocol;
	*why = "neither code nor error, or both";
	if ((answer->code.n > 0) == (answer->error.n > 0))
		return IDV_ERROR_oidc_protocol;
	*why = "error of the service";
	return answer->error.n > 0 ? error_said(answer->error) : IDV_ERROR_NONE;
}
