#include "identity/oidc_inside.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/jws.h"
#include "crypto/token.h"

/* Requests to the provider, and what its ID token must say. */

err oidc_ask(struct oidc_trip *trip, struct fetch *request, struct fetched *out)
{
	int64_t left = trip->until - time_monotonic();

	if (left <= 0)
		return fail(ERR_UNAVAILABLE, "the provider takes too long");
	request->ca_file = trip->oidc->conf.ca_file;
	request->total_ms = left < FETCH_TOTAL_MS ? left : FETCH_TOTAL_MS;
	request->max_bytes = LIMIT_JSON;
	TRY(fetch(request, trip->cx->arena, out));
	if (out->status >= 500 || out->status == 429)
		return fail(ERR_UNAVAILABLE, "status %u of the provider", out->status);
	return ok();
}

err oidc_json(struct arena *arena, const struct fetched *answer, const struct json **out)
{
	struct str type = fetched_type(arena, answer);

	if (!str_eq(type, STR("application/json")) && !str_eq(type, STR("application/jwk-set+json")))
		return fail(ERR_INVALID, "the provider's answer is not JSON");
	return json_read(arena, answer->body, NULL, out);
}

/* RFC 7523 section 3, as OpenID Connect Core section 9 has it. */
static err assertion(struct cx *cx, const struct oidc *oidc, struct str *out)
{
	int64_t now = cx->now / TIME_SECOND;
	struct buf text;

	buf_init(&text, cx->arena, LIMIT_JWS);
	buf_lit(&text, "{\"iss\":");
	json_write_str(&text, oidc->conf.client_id);
	buf_lit(&text, ",\"sub\":");
	json_write_str(&text, oidc->conf.client_id);
	buf_lit(&text, ",\"aud\":");
	json_write_str(&text, oidc->conf.token_url);
	buf_lit(&text, ",\"jti\":");
	json_write_str(&text, token_new(cx->arena));
	buf_fmt(&text, ",\"iat\":%lld,\"exp\":%lld}", (long long)now, (long long)(now + OIDC_ASSERTION_MS / TIME_SECOND));
	TRY(buf_error(&text));
	return jws_sign(cx->arena, oidc->key, STR("JWT"), oidc->kid, buf_view(&text), out);
}

static void parameter(struct buf *out, const char *name, struct str value)
{
	buf_fmt(out, "%s%s=", out->n > 0 ? "&" : "", name);
	percent_write(out, value);
}

err oidc_token_form(struct cx *cx, const struct oidc *oidc, struct str code, struct str verifier, struct str *out)
{
	struct str word;
	struct buf form;

	TRY(assertion(cx, oidc, &word));
	buf_init(&form, cx->arena, LIMIT_JSON);
	parameter(&form, "grant_type", STR("authorization_code"));
	parameter(&form, "code", code);
	parameter(&form, "redirect_uri", oidc->conf.redirect_uri);
	parameter(&form, "code_verifier", verifier);
	parameter(&form, "client_id", oidc->conf.client_id);
	parameter(&form, "client_assertion_type", STR("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
	parameter(&form, "client_assertion", word);
	*out = buf_view(&form);
	return buf_error(&form);
}

/* RFC 6749 section 5.2: nothing of it is for the person; two words mean that it is worth trying again. */
static err refused(struct arena *arena, const struct fetched *answer)
{
	const struct json *json;
	struct str error;

	if (!failed(oidc_json(arena, answer, &json)) && !failed(json_str(json, STR("error"), &error)) &&
		(str_eq(error, STR("temporarily_unavailable")) || str_eq(error, STR("server_error"))))
		return fail(ERR_UNAVAILABLE, "the token endpoint is away");
	return fail(ERR_INVALID, "status %u of the token endpoint", answer->status);
}

/* RFC 6750 section 2.1: what may stand behind "Bearer". */
static bool is_bearer(struct str token)
{
	for (size_t i = 0; i < token.n; i++)
		if (token.p[i] <= ' ' || token.p[i] > '~')
			return false;
	return token.n > 0;
}

err oidc_tokens_get(struct oidc_trip *trip, struct str code, struct str verifier, struct oidc_tokens *out)
{
	struct arena *arena = trip->cx->arena;
	struct fetch_header headers[] = {
		{STR("Content-Type"), STR("application/x-www-form-urlencoded")},
		{STR("Accept"), STR("application/json")},
	};
	struct fetch request = {
		.method = STR("POST"), .url = trip->oidc->conf.token_url, .headers = headers, .header_count = 2};
	struct oidc_tokens tokens;
	const struct json *json;
	struct fetched answer;
	struct str type;

	TRY(oidc_token_form(trip->cx, trip->oidc, code, verifier, &request.body));
	TRY(oidc_ask(trip, &request, &answer));
	if (answer.status != 200)
		return refused(arena, &answer);
	TRY(oidc_json(arena, &answer, &json));
	if (failed(json_str(json, STR("id_token"), &tokens.id_token)) ||
		failed(json_str(json, STR("access_token"), &tokens.access_token)) || failed(json_str(json, STR("token_type"), &type)) ||
		!str_eq_nocase(type, STR("Bearer")) || !is_bearer(tokens.access_token))
		return fail(ERR_INVALID, "the token endpoint's answer");
	*out = tokens;
	return ok();
}

/* OpenID Connect Core section 3.1.3.7, 3 to 5. */
static bool for_us(const struct json *claims, struct str client_id)
{
	const struct json *aud = json_get(claims, STR("aud"));
	struct str azp = {0};
	bool found = false;

	if (json_get(claims, STR("azp")) && (failed(json_str(claims, STR("azp"), &azp)) || !str_eq(azp, client_id)))
		return false;
	if (!aud || aud->kind == JSON_KIND_STR)
		return aud && str_eq(aud->text, client_id);
	if (aud->kind != JSON_KIND_LIST)
		return false;
	for (size_t i = 0; i < aud->items.n; i++)
		found = found || (aud->items.v[i].kind == JSON_KIND_STR && str_eq(aud->items.v[i].text, client_id));
	return found && azp.n > 0;
}

/* All that was asked for is among what was done. */
static bool acr_holds(const struct json *claims, struct str wanted)
{
	struct str rest = wanted, want, said, have;

	if (wanted.n == 0)
		return true;
	if (failed(json_str(claims, STR("acr"), &said)))
		return false;
	while (str_next(&rest, ' ', &want)) {
		struct str words = said;
		bool found = want.n == 0;

		while (!found && str_next(&words, ' ', &have))
			found = str_eq(want, have);
		if (!found)
			return false;
	}
	return true;
}

/* OpenID Connect Core section 3.1.3.6: the left half of the access token's SHA-256. */
static bool at_hash_fits(struct arena *arena, const struct json *claims, struct str access_token)
{
	uint8_t digest[SHA256_BYTES];
	struct str said;
	struct buf hash;

	if (!json_get(claims, STR("at_hash")))
		return true;
	sha256(access_token, digest);
	buf_init(&hash, arena, 64);
	base64url_write(&hash, str_make((const char *)digest, SHA256_BYTES / 2));
	return !failed(json_str(claims, STR("at_hash"), &said)) && str_eq_secret(said, buf_view(&hash));
}

#define SECONDS_MOST (INT64_MAX / TIME_SECOND / 2)

static bool time_of(const struct json *claims, struct str name, int64_t *ms)
{
	int64_t seconds;

	if (failed(json_int(claims, name, &seconds)) || seconds < 0 || seconds > SECONDS_MOST)
		return false;
	*ms = seconds * TIME_SECOND;
	return true;
}

err oidc_id_token_check(struct arena *arena, struct str payload, const struct oidc_expect *expect, struct str *sub)
{
	const struct json *claims;
	struct str iss, nonce, who;
	int64_t exp, iat, nbf;

	TRY(json_read(arena, payload, NULL, &claims));
	if (failed(json_str(claims, STR("iss"), &iss)) || !str_eq(iss, expect->issuer))
		return fail(ERR_INVALID, "iss of the ID token");
	if (!for_us(claims, expect->client_id))
		return fail(ERR_INVALID, "aud of the ID token");
	if (!time_of(claims, STR("exp"), &exp) || exp + OIDC_SKEW_MS <= expect->now)
		return fail(ERR_INVALID, "exp of the ID token");
	if (!time_of(claims, STR("iat"), &iat) || iat - OIDC_SKEW_MS > expect->now || iat + OIDC_ISSUED_MS < expect->now)
		return fail(ERR_INVALID, "iat of the ID token");
	if (json_get(claims, STR("nbf")) && (!time_of(claims, STR("nbf"), &nbf) || nbf - OIDC_SKEW_MS > expect->now))
		return fail(ERR_INVALID, "nbf of the ID token");
	if (failed(json_str(claims, STR("nonce"), &nonce)) || !str_eq_secret(nonce, expect->nonce))
		return fail(ERR_INVALID, "nonce of the ID token");
	if (!at_hash_fits(arena, claims, expect->access_token))
		return fail(ERR_INVALID, "at_hash of the ID token");
	if (!acr_holds(claims, expect->acr_values))
		return fail(ERR_INVALID, "acr of the ID token");
	if (failed(json_str(claims, STR("sub"), &who)) || who.n < 1 || who.n > 255)
		return fail(ERR_INVALID, "sub of the ID token");
	*sub = who;
	return ok();
}
