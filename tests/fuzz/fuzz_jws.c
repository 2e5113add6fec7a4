/*
 * Signed messages of strangers. Whatever is read has one text only, made of its parts; and of all
 * texts only the example of RFC 7515 A.3 is signed by that example's key.
 */

#include "fuzz.h"

#include "base/encode.h"
#include "base/limits.h"
#include "crypto/jws.h"

#define KEY                                                                                        \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define INPUT                                                                                    \
	"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtc" \
	"GxlLmNvbS9pc19yb290Ijp0cnVlfQ"

static struct jws_key *example_key(void)
{
	static struct jws_key *key;
	if (!key) {
		AUTO_ARENA arena;
		const struct json *jwk;
		arena_init(&arena, 64u << 10);
		MUST(!failed(json_read(&arena, STR(KEY), NULL, &jwk)));
		MUST(!failed(jws_key_public(jwk, &key)));
	}
	return key;
}

static void check_jwk(struct arena *arena, const struct json *jwk)
{
	AUTO_JWS_KEY struct jws_key *key = NULL, *again = NULL;
	const struct json *told;
	if (!jwk || failed(jws_key_public(jwk, &key)))
		return;
	MUST(!jws_key_is_pair(key));
	MUST(!failed(json_read(arena, jws_public_json(arena, key), NULL, &told)));
	MUST(!failed(jws_key_public(told, &again)) && str_eq(jws_thumbprint(arena, key), jws_thumbprint(arena, again)));
	MUST(jws_thumbprint(arena, key).n == JWS_THUMBPRINT_CHARS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA arena;
	struct jws jws;
	struct str text = str_make((const char *)data, size), rest = text, header;
	struct buf again;
	arena_init(&arena, 16u << 20);
	if (failed(jws_read(&arena, text, &jws)))
		return 0;
	buf_init(&again, &arena, LIMIT_JWS);
	MUST(str_next(&rest, '.', &header));
	buf_str(&again, header);
	buf_lit(&again, ".");
	base64url_write(&again, jws.payload);
	MUST(str_eq(buf_view(&again), jws.input));
	buf_lit(&again, ".");
	base64url_write(&again, str_make((const char *)jws.signature, sizeof jws.signature));
	MUST(str_eq(buf_view(&again), text));
	MUST(str_absent(jws.kid) || !jws.jwk);
	check_jwk(&arena, jws.jwk);
	if (!failed(jws_verify(&jws, example_key())))
		MUST(str_eq(jws.input, STR(INPUT)));
	return 0;
}
