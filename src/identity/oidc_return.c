#include "identity/oidc_inside.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/jws.h"

/* The way back: what came through the browser, then the provider's own word, then the end of the transaction. */

/* Which transaction of this session the state names. Nothing is said of others. */
static err find(struct cx *cx, struct str state, struct idv_tx *tx, struct str *secret)
{
	struct idv_tx own;

	if (state.n <= IDV_ID_CHARS + 1 || state.n > 255 || state.p[IDV_ID_CHARS] != '.')
		return fail(ERR_NOT_FOUND, "no state of ours");
	*secret = str_skip(state, IDV_ID_CHARS + 1);
	TRY(idv_require(cx, str_sub(state, 0, IDV_ID_CHARS), &own));
	if (own.adapter != IDV_OIDC)
		return fail(ERR_NOT_FOUND, "a transaction of another way");
	return idv_get(cx, own.id, tx);
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

/* What is wrong with the answer before anybody is asked; NONE: it brings a code. */
static enum idv_error answer_check(const struct oidc *oidc, const struct oidc_answer *answer, const struct oidc_held *held, struct str secret,
	const char **why)
{
	if (answer->repeated || !str_eq_secret(secret, held->state)) {
		*why = "state";
		return IDV_ERROR_oidc_protocol;
	}
	if (!str_absent(answer->iss) && !str_eq(answer->iss, oidc->conf.issuer)) {
		*why = "iss of the answer";
		return IDV_ERROR_oidc_protocol;
	}
	if ((answer->code.n > 0) == (answer->error.n > 0)) {
		*why = "neither code nor error, or both";
		return IDV_ERROR_oidc_protocol;
	}
	*why = "error of the provider";
	return answer->error.n > 0 ? error_said(answer->error) : IDV_ERROR_NONE;
}

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

static err prove(struct oidc_trip *trip, struct str code, const struct oidc_held *held, struct idv_result *out)
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
	struct oidc_held held;
	struct idv_result result;
	enum idv_error refused;
	struct str none;

	TRY(idv_verifying(cx, id, (struct str){0}, out, &refused));
	if (refused != IDV_ERROR_NONE)
		return as_it_is(cx, id, out);
	TRY(oidc_held_read(out->held, &held));
	cx_end(cx); /* no transaction stays open while the provider is asked */
	err e = prove(&trip, code, &held, &result);

	if (failed(e))
		return idv_fail(cx, id, error_of(e), str_fmt(cx->arena, "%s", err_detail()), out);
	e = idv_finish(cx, id, &result, out, &none);
	return e.code == ERR_CONFLICT ? as_it_is(cx, id, out) : e;
}

err oidc_return(struct cx *cx, struct oidc *oidc, const struct oidc_answer *answer, struct idv_tx *out)
{
	struct oidc_held held;
	struct idv_tx tx;
	struct str secret;
	const char *why;

	TRY(find(cx, answer->state, &tx, &secret));
	if (idv_over(tx.state) || tx.state != IDV_SHOWN) {
		*out = tx;
		return ok();
	}
	TRY(oidc_held_read(tx.held, &held));
	enum idv_error error = answer_check(oidc, answer, &held, secret, &why);

	cx_end(cx);
	if (error != IDV_ERROR_NONE)
		return idv_fail(cx, tx.id, error, str_of(why), out);
	return carry_on(cx, oidc, tx.id, answer->code, out);
}
