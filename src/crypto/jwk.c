#include "crypto/jws_key.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/jws_inside.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>

/* The text of 32 bytes. */
#define COORDINATE_CHARS 43
#define JWK_CHARS 300 /* of one key in a set; 229 */

struct str jws_sha256(struct arena *arena, struct str bytes)
{
	uint8_t digest[SHA256_BYTES];
	struct buf text;
	sha256(bytes, digest);
	buf_init_room(&text, arena, COORDINATE_CHARS, COORDINATE_CHARS);
	base64url_write(&text, str_make((const char *)digest, sizeof digest));
	return buf_view(&text);
}

/* The members that a thumbprint is of, in the order of their names (RFC 7638 section 3). */
static void write_public(struct buf *out, const struct jws_key *key)
{
	buf_lit(out, "\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"");
	base64url_write(out, str_make((const char *)key->x, P256_BYTES));
	buf_lit(out, "\",\"y\":\"");
	base64url_write(out, str_make((const char *)key->y, P256_BYTES));
	buf_lit(out, "\"");
}

struct str jws_public_json(struct arena *arena, const struct jws_key *key)
{
	struct buf text;
	buf_init_room(&text, arena, JWK_CHARS, JWK_CHARS);
	buf_lit(&text, "{");
	write_public(&text, key);
	buf_lit(&text, "}");
	return buf_view(&text);
}

struct str jws_thumbprint(struct arena *arena, const struct jws_key *key)
{
	return jws_sha256(arena, jws_public_json(arena, key));
}

struct str jws_set_json(struct arena *arena, const struct jws_key *const *keys, size_t count)
{
	struct buf text;
	buf_init(&text, arena, (count + 1) * JWK_CHARS);
	buf_lit(&text, "{\"keys\":[");
	for (size_t i = 0; i < count; i++) {
		buf_c(&text, i ? ",{" : "{");
		write_public(&text, keys[i]);
		buf_lit(&text, ",\"kid\":\"");
		buf_str(&text, jws_thumbprint(arena, keys[i]));
		buf_lit(&text, "\",\"use\":\"sig\",\"alg\":\"ES256\"}");
	}
	buf_lit(&text, "]}");
	return buf_view(&text);
}

/* There and this text, or, when it may be left out, not there. */
static bool says(const struct json *jwk, struct str name, struct str text, bool may_be_absent)
{
	struct str got;
	err e = json_str(jwk, name, &got);
	return e.code == ERR_NOT_FOUND ? may_be_absent : !failed(e) && str_eq(got, text);
}

static bool may_verify(const struct json *jwk)
{
	const struct json *ops = json_get(jwk, STR("key_ops"));
	if (!ops)
		return true;
	if (ops->kind != JSON_KIND_LIST)
		return false;
	for (size_t i = 0; i < ops->items.n; i++)
		if (ops->items.v[i].kind == JSON_KIND_STR &&
			str_eq(ops->items.v[i].text, STR("verify")))
			return true;
	return false;
}

static err coordinate(const struct json *jwk, struct str name, unsigned char out[P256_BYTES])
{
	AUTO_ARENA arena;
	arena_init(&arena, 4096);
	struct str text, bytes;
	TRY(json_str(jwk, name, &text));
	if (text.n != COORDINATE_CHARS)
		return fail(ERR_INVALID, "JWK: a coordinate is not 32 bytes");
	TRY(base64url_read(&arena, text, &bytes));
	memcpy(out, bytes.p, P256_BYTES);
	return ok();
}

/* OpenSSL refuses what is no point of the curve. */
static EVP_PKEY *from_point(unsigned char point[1 + 2 * P256_BYTES])
{
	char group[] = "P-256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * P256_BYTES),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *pkey = NULL;
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

err jws_key_public(const struct json *jwk, struct jws_key **out)
{
	unsigned char point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
	if (!says(jwk, STR("kty"), STR("EC"), false) ||
		!says(jwk, STR("crv"), STR("P-256"), false) ||
		!says(jwk, STR("use"), STR("sig"), true) ||
		!says(jwk, STR("alg"), STR("ES256"), true) || !may_verify(jwk))
		return fail(ERR_INVALID, "JWK: not for ES256");
	if (json_get(jwk, STR("d")))
		return fail(ERR_INVALID, "JWK: tells its private half");
	if (failed(coordinate(jwk, STR("x"), point + 1)) ||
		failed(coordinate(jwk, STR("y"), point + 1 + P256_BYTES)))
		return fail(ERR_INVALID, "JWK: no x or no y");
	EVP_PKEY *pkey = from_point(point);
	if (!pkey)
		return fail(ERR_INVALID, "JWK: not a point of the curve");
	return jws_key_take(pkey, false, out);
}

err jws_key_of_set(const struct json *set, struct str kid, struct jws_key **out)
{
	AUTO_JWS_KEY struct jws_key *found = NULL;
	const struct json *keys;
	if (failed(json_list(set, STR("keys"), &keys)))
		return fail(ERR_INVALID, "JWK set: no keys");
	for (size_t i = 0; i < keys->items.n; i++) {
		struct jws_key *key;
		const struct json *jwk = &keys->items.v[i];
		if (!says(jwk, STR("kid"), kid, false) || failed(jws_key_public(jwk, &key)))
			continue;
		if (found) {
			jws_key_free(key);
			return fail(ERR_NOT_FOUND, "JWK set: the kid is there twice");
		}
		found = key;
	}
	if (!found)
		return fail(ERR_NOT_FOUND, "JWK set: no key with this kid");
	*out = found;
	found = NULL;
	return ok();
}
