#include "crypto/jws.h"

#include "base/encode.h"
#include "base/limits.h"
#include "crypto/jws_inside.h"
#include "crypto/signature.h"

#define KID_MAX 255
#define DER_MAX 80 /* of a signature; 72 */

static const struct str header_members[] = {
	STR_INIT("alg"),
	STR_INIT("typ"),
	STR_INIT("kid"),
	STR_INIT("jwk"),
};
/* As RFC 7638 names them: nothing more belongs to a key that is told in a header. */
static const struct str jwk_members[] = {
	STR_INIT("crv"),
	STR_INIT("kty"),
	STR_INIT("x"),
	STR_INIT("y"),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- reading ---- */

static err optional(const struct json *header, struct str name, struct str *out)
{
	*out = (struct str){0};
	err e = json_str(header, name, out);
	return e.code == ERR_NOT_FOUND ? ok() : e;
}

static err read_header(struct arena *arena, struct str part, struct jws *out)
{
	struct str text, alg;
	const struct json *header;
	TRY(base64url_read(arena, part, &text));
	TRY(json_read(arena, text, NULL, &header));
	TRY(json_only(header, header_members, COUNT(header_members)));
	if (failed(json_str(header, STR("alg"), &alg)) || !str_eq(alg, STR("ES256")))
		return fail(ERR_INVALID, "JWS: the algorithm is not ES256");
	TRY(optional(header, STR("typ"), &out->typ));
	TRY(optional(header, STR("kid"), &out->kid));
	if (!str_absent(out->kid) && (out->kid.n == 0 || out->kid.n > KID_MAX))
		return fail(ERR_INVALID, "JWS: the kid is not 1 to %d bytes", KID_MAX);
	out->jwk = json_get(header, STR("jwk"));
	if (out->jwk) {
		TRY(json_only(out->jwk, jwk_members, COUNT(jwk_members)));
		if (!str_absent(out->kid))
			return fail(ERR_INVALID, "JWS: both kid and jwk");
	}
	return ok();
}

err jws_read(struct arena *arena, struct str text, struct jws *out)
{
	struct jws jws = {0};
	struct str rest = text, header, payload, signature;
	if (text.n > LIMIT_JWS)
		return fail(ERR_LIMIT, "JWS: longer than %u bytes", LIMIT_JWS);
	if (!str_next(&rest, '.', &header) || !str_next(&rest, '.', &payload) ||
		str_find_byte(rest, '.') >= 0)
		return fail(ERR_INVALID, "JWS: not three parts");
	jws.input = str_sub(text, 0, header.n + 1 + payload.n);
	TRY(read_header(arena, header, &jws));
	TRY(base64url_read(arena, payload, &jws.payload));
	TRY(base64url_read(arena, rest, &signature));
	if (signature.n != JWS_SIGNATURE_BYTES)
		return fail(ERR_INVALID, "JWS: the signature is not %d bytes", JWS_SIGNATURE_BYTES);
	memcpy(jws.signature, signature.p, JWS_SIGNATURE_BYTES);
	*out = jws;
	return ok();
}

/* ---- signatures: r and s here, DER at OpenSSL's ---- */

err jws_verify(const struct jws *jws, const struct jws_key *key)
{
	struct str signature = str_make((const char *)jws->signature, JWS_SIGNATURE_BYTES);
	return signature_ecdsa(key->pkey, "SHA256", P256_BYTES, jws->input, signature)
		       ? ok()
		       : fail(ERR_INVALID, "JWS: not signed by this key");
}

static err sign(const struct jws_key *key, struct str input, unsigned char raw[JWS_SIGNATURE_BYTES])
{
	unsigned char der[DER_MAX];
	size_t n = sizeof der;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = ctx &&
		    EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, key->pkey, NULL) == 1 &&
		    EVP_DigestSign(ctx, der, &n, (const unsigned char *)input.p, input.n) == 1 &&
		    signature_from_der(der, n, P256_BYTES, raw);
	EVP_MD_CTX_free(ctx);
	return done ? ok() : fail(ERR_UNAVAILABLE, "JWS: OpenSSL does not sign");
}

/* ---- writing ---- */

static struct str make_header(
	struct arena *arena, const struct jws_key *key, struct str typ, struct str kid)
{
	struct buf header;
	buf_init(&header, arena, LIMIT_JWS);
	buf_lit(&header, "{\"alg\":\"ES256\"");
	if (!str_absent(typ)) {
		buf_lit(&header, ",\"typ\":");
		json_write_str(&header, typ);
	}
	if (str_absent(kid)) {
		buf_lit(&header, ",\"jwk\":");
		buf_str(&header, jws_public_json(arena, key));
	} else {
		buf_lit(&header, ",\"kid\":");
		json_write_str(&header, kid);
	}
	buf_lit(&header, "}");
	return buf_view(&header);
}

err jws_sign(struct arena *arena, const struct jws_key *key, struct str typ, struct str kid,
	struct str payload, struct str *out)
{
	unsigned char signature[JWS_SIGNATURE_BYTES];
	struct buf text;
	if (!key->pair)
		return fail(ERR_INVALID, "JWS: the private half is not here");
	buf_init(&text, arena, LIMIT_JWS);
	base64url_write(&text, make_header(arena, key, typ, kid));
	buf_lit(&text, ".");
	base64url_write(&text, payload);
	TRY(buf_error(&text));
	TRY(sign(key, buf_view(&text), signature));
	buf_lit(&text, ".");
	base64url_write(&text, str_make((const char *)signature, sizeof signature));
	TRY(buf_error(&text));
	*out = buf_view(&text);
	return ok();
}
