#include "identity/oidc_inside.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/jws.h"

/* The way back: what came through the browser, then the provider's own word, then the end of the transaction. */

static err id_token_verify(struct oidc_trip *trip, const struct oidc_expect *expect, struct str text, struct str *sub)
{
	struct cx *cx = trip->cx;
	AUTO_JWS_KEY struct jws_key *key = NULL;
	struct jws jws;

	TRY(jws_read(cx->arena, text, &jws));
	if (str_absent(jws.kid))
		return fail(ERR_INVALID, "kid of the ID token");
	TRY(oidc_key_find(trip, jws.kid, &key));
	TRY(jws_verify(&jws, key));
	return oidc_id_token_check(cx->arena, jws.payload, expect, sub);
}

static err claims_get(struct oidc_trip *trip, struct str access_token, struct str sub, struct str *body, struct basic4 *out)
{
	struct arena *arena = trip->cx->arena;
	struct fetch_header headers[] = {
		{STR("Authorization"), str_fmt(arena, "Bearer " STR_FMT, STR_ARG(access_token))},
		{STR("Accept"), STR("application/json")},
	};
	struct fetch request = {.url = trip->oidc->conf.userinfo_url, .headers = headers, .header_count = 2};
	const struct json *claims;
	struct fetched answer;
	struct str whose;

	TRY(oidc_ask(trip, &request, &answer));
	if (answer.status != 200)
		return fail(ERR_INVALID, "status %u of userinfo", answer.status);
	TRY(oidc_json(arena, &answer, &claims));
	if (failed(json_str(claims, STR("sub"), &whose)) || !str_eq(whose, sub))
		return fail(ERR_INVALID, "sub of userinfo");
	*body = answer.body;
	return oidc_basic4(arena, claims, out);
}

/* OpenID Connect Core section 2: sub is unique within the issuer, so the issuer is part of the name. */
static struct str subject_of(struct arena *arena, struct str issuer, struct str sub)
{
	struct buf text;

	buf_init(&text, arena, LIMIT_JSON);
	buf_lit(&text, "oidc");
	buf_str(&text, issuer);
	buf_byte(&text, '\0');
	buf_str(&text, sub);
	return sha256_hex(arena, buf_view(&text));
}

static err prove(struct oidc_trip *trip, struct str code, const struct held *held, struct idv_result *out)
{
	struct cx *cx = trip->cx;
	const struct oidc_conf *conf = &trip->oidc->conf;
	struct oidc_tokens tokens;
	struct str sub, body;

	TRY(oidc_tokens_get(trip, code, held->verifier, &tokens));
	struct oidc_expect expect = {
		.issuer = conf->issuer,
		.client_id = conf->client_id,
		.nonce = held->nonce,
		.access_token = tokens.access_token,
		.acr_values = conf->acr_values,
		.now = cx->now,
	};

	TRY(id_token_verify(trip, &expect, tokens.id_token, &sub));
	*out = (struct idv_result){.assurance = IDV_OIDC_AAL3, .has_subject = true, .has_basic4 = true};
	TRY(claims_get(trip, tokens.access_token, sub, &body, &out->basic4));
	out->subject = subject_of(cx->arena, conf->issuer, sub);
	out->issuer = conf->issuer;
	out->serial = sub;
	out->evidence = sha256_hex(cx->arena, str_fmt(cx->arena, STR_FMT "\n" STR_FMT, STR_ARG(tokens.id_token), STR_ARG(body)));
	return ok();
}

static enum idv_error error_of(err e)
{
	switch (e.code) {
	case ERR_UNAVAILABLE:
		return IDV_ERROR_op_unavailable;
	case ERR_NOT_FOUND:
		return IDV_ERROR_basic4_missing;
	case ERR_INTERNAL:
	case ERR_SHUT:
		return IDV_ERROR_internal;
	default:
		return IDV_ERROR_oidc_protocol;
	}
}

/* Another tab was faster, or it was cancelled: how it stands is what there is to say. */
static err as_it_is(struct cx *cx, struct str id, struct idv_tx *out)
{
	cx_end(cx);
	return idv_require(cx, id, out);
}

static err carry_on(struct cx *cx, struct oidc *oidc, struct str id, struct str code, struct idv_tx *out)
{
	struct oidc_trip trip = {.cx = cx, .oidc = oidc, .until = time_monotonic() + OIDC_TOTAL_MS};
	struct held held;
	struct idv_result result;
	enum idv_error refused;
	struct str none;

	TRY(idv_verifying(cx, id, (struct str){0}, out, &refused));
	if (refused != IDV_ERROR_NONE)
		return as_it_is(cx, id, out);
	TRY(held_read(out->held, &held));
	cx_end(cx); /* no transaction stays open while the provider is asked */
	err e = prove(&trip, code, &held, &result);

	if (failed(e))
		return idv_fail(cx, id, error_of(e), str_fmt(cx->arena, "%s", err_detail()), out);
	e = idv_finish(cx, id, &result, out, &none);
	return e.code == ERR_CONFLICT ? as_it_is(cx, id, out) : e;
}

err oidc_return(struct cx *cx, struct oidc *oidc, const struct returned *answer, struct idv_tx *out)
{
	struct held held;
	struct idv_tx tx;
	const char *why;

	TRY(returned_find(cx, IDV_OIDC, answer->state, &tx));
	if (tx.state != IDV_SHOWN) {
		*out = tx;
		return ok();
	}
	TRY(held_read(tx.held, &held));
	enum idv_error error = returned_check(answer, &held, oidc->conf.issuer, &why);

	cx_end(cx);
	if (error != IDV_ERROR_NONE)
		return idv_fail(cx, tx.id, error, str_of(why), out);
	return carry_on(cx, oidc, tx.id, answer->code, out);
}
