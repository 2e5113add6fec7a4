/* crypto/jws: published vectors, and every way to say something else than ES256. */
#include "crypto/jws.h"

#include "base/encode.h"
#include "base/limits.h"
#include "crypto/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;
static struct jws_key *key, *other;

/* RFC 7515 appendix A.3. */
#define A3_HEADER "eyJhbGciOiJFUzI1NiJ9"
#define A3_PAYLOAD                                                                       \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc1" \
	"9yb290Ijp0cnVlfQ"
#define A3_SIGNATURE \
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define A3_JWK                                                                                     \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"

static const struct json *json(const char *text)
{
	const struct json *out = NULL;
	assert_int_equal(json_read(&arena, str_of(text), NULL, &out).code, OK);
	return out;
}

static struct str encoded(struct str bytes)
{
	struct buf text;
	buf_init(&text, &arena, 1u << 20);
	base64url_write(&text, bytes);
	return buf_view(&text);
}

/* A message with this header; the other parts are those of A.3. */
static struct str with_header(struct str header)
{
	return str_fmt(&arena, STR_FMT "." A3_PAYLOAD "." A3_SIGNATURE, STR_ARG(encoded(header)));
}

static void refused(struct str text, enum err_code code)
{
	struct jws jws = {.typ = STR("kept")};
	err e = jws_read(&arena, text, &jws);
	if (e.code != code)
		fail_msg("%s, not %s: " STR_FMT, err_name(e.code), err_name(code), STR_ARG(text));
	assert_true(str_eq(jws.typ, STR("kept")));
}

static void test_rfc7515_a3(void **state)
{
	(void)state;
	AUTO_JWS_KEY struct jws_key *joe = NULL;
	struct jws jws;
	assert_int_equal(jws_key_public(json(A3_JWK), &joe).code, OK);
	assert_int_equal(
		jws_read(&arena, STR(A3_HEADER "." A3_PAYLOAD "." A3_SIGNATURE), &jws).code, OK);
	assert_true(str_eq(jws.payload, STR("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n "
					    "\"http://example.com/is_root\":true}")));
	assert_true(str_absent(jws.typ) && str_absent(jws.kid) && !jws.jwk);
	assert_int_equal(jws_verify(&jws, joe).code, OK);
	assert_int_equal(jws_verify(&jws, key).code, ERR_INVALID);
}

/* One bit of it changed, anywhere. */
static void test_every_bit_counts(void **state)
{
	(void)state;
	AUTO_JWS_KEY struct jws_key *joe = NULL;
	struct jws jws;
	char text[] = A3_HEADER "." A3_PAYLOAD "." A3_SIGNATURE;
	assert_int_equal(jws_key_public(json(A3_JWK), &joe).code, OK);
	for (size_t i = 0; i < sizeof text - 1; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			text[i] = (char)((unsigned char)text[i] ^ 1u << bit);
			err e = jws_read(&arena, str_make(text, sizeof text - 1), &jws);
			if (!failed(e) && !failed(jws_verify(&jws, joe)))
				fail_msg("bit %u of character %zu does not count", bit, i);
			text[i] = (char)((unsigned char)text[i] ^ 1u << bit);
		}
}

static void test_other_algorithms(void **state)
{
	(void)state;
	static const struct str headers[] = {
		STR_INIT("{\"alg\":\"none\"}"),
		STR_INIT("{\"alg\":\"None\"}"),
		STR_INIT("{\"alg\":\"\"}"),
		STR_INIT("{\"alg\":null}"),
		STR_INIT("{\"alg\":256}"),
		STR_INIT("{\"alg\":[\"ES256\"]}"),
		STR_INIT("{\"alg\":\"es256\"}"),
		STR_INIT("{\"alg\":\"ES256 \"}"),
		STR_INIT("{\"alg\":\"ES256K\"}"),
		STR_INIT("{\"alg\":\"ES384\"}"),
		STR_INIT("{\"alg\":\"ES512\"}"),
		STR_INIT("{\"alg\":\"RS256\"}"),
		STR_INIT("{\"alg\":\"PS256\"}"),
		STR_INIT("{\"alg\":\"HS256\"}"),
		STR_INIT("{\"alg\":\"EdDSA\"}"),
		STR_INIT("{}"),
		STR_INIT("{\"typ\":\"JWT\"}"),
		STR_INIT("{\"alg\":\"ES256\",\"alg\":\"none\"}"),
		STR_INIT("{\"alg\":\"none\",\"alg\":\"ES256\"}"),
		STR_INIT("{\"Alg\":\"ES256\"}"),
	};
	for (size_t i = 0; i < COUNT(headers); i++)
		refused(with_header(headers[i]), ERR_INVALID);
	/* No signature at all. */
	refused(str_fmt(&arena, STR_FMT "." A3_PAYLOAD ".",
			STR_ARG(encoded(STR("{\"alg\":\"none\"}")))),
		ERR_INVALID);
}

/* The public key as the secret of an HMAC. */
static void test_hmac_with_public_key(void **state)
{
	(void)state;
	struct jws jws;
	uint8_t mac[SHA256_BYTES], both[2 * SHA256_BYTES];
	static const char *const algorithms[] = {"HS256", "ES256"};
	for (size_t i = 0; i < COUNT(algorithms); i++) {
		struct str header = str_fmt(&arena, "{\"alg\":\"%s\"}", algorithms[i]);
		struct str input =
			str_fmt(&arena, STR_FMT "." A3_PAYLOAD, STR_ARG(encoded(header)));
		hmac_sha256(jws_public_json(&arena, key), input, mac);
		memcpy(both, mac, sizeof mac);
		memcpy(both + sizeof mac, mac, sizeof mac);
		struct str text = str_fmt(&arena, STR_FMT "." STR_FMT, STR_ARG(input),
			STR_ARG(encoded(str_make((const char *)mac, sizeof mac))));
		refused(text, ERR_INVALID); /* 32 bytes */
		text = str_fmt(&arena, STR_FMT "." STR_FMT, STR_ARG(input),
			STR_ARG(encoded(str_make((const char *)both, sizeof both))));
		err e = jws_read(&arena, text, &jws);
		assert_true(failed(e) == (i == 0));
		if (!failed(e))
			assert_int_equal(jws_verify(&jws, key).code, ERR_INVALID);
	}
}

static void test_headers(void **state)
{
	(void)state;
	char kid[300];
	memset(kid, 'k', sizeof kid);
	static const struct str bad[] = {
		STR_INIT(""),
		STR_INIT("[]"),
		STR_INIT("ES256"),
		STR_INIT("{\"alg\":\"ES256\"} {}"),
		STR_INIT("{\"alg\":\"ES256\",\"crit\":[\"exp\"]}"),
		STR_INIT("{\"alg\":\"ES256\",\"crit\":[]}"),
		STR_INIT("{\"alg\":\"ES256\",\"b64\":false}"),
		STR_INIT("{\"alg\":\"ES256\",\"jku\":\"https://a.example/\"}"),
		STR_INIT("{\"alg\":\"ES256\",\"x5u\":\"https://a.example/\"}"),
		STR_INIT("{\"alg\":\"ES256\",\"x5c\":[]}"),
		STR_INIT("{\"alg\":\"ES256\",\"cty\":\"JWT\"}"),
		STR_INIT("{\"alg\":\"ES256\",\"zip\":\"DEF\"}"),
		STR_INIT("{\"alg\":\"ES256\",\"typ\":1}"),
		STR_INIT("{\"alg\":\"ES256\",\"kid\":1}"),
		STR_INIT("{\"alg\":\"ES256\",\"kid\":\"\"}"),
		STR_INIT("{\"alg\":\"ES256\",\"jwk\":\"a\"}"),
		STR_INIT("{\"alg\":\"ES256\",\"jwk\":null}"),
		STR_INIT("{\"alg\":\"ES256\",\"kid\":\"a\",\"jwk\":{}}"),
		STR_INIT("{\"alg\":\"ES256\",\"jwk\":{\"kid\":\"a\"}}"),
		STR_INIT("{\"alg\":\"ES256\",\"jwk\":{\"d\":\"a\"}}"),
	};
	for (size_t i = 0; i < COUNT(bad); i++)
		refused(with_header(bad[i]), ERR_INVALID);
	for (size_t n = 254; n <= 256; n++) {
		struct jws jws;
		struct str header =
			str_fmt(&arena, "{\"alg\":\"ES256\",\"kid\":\"%.*s\"}", (int)n, kid);
		err e = jws_read(&arena, with_header(header), &jws);
		assert_int_equal(e.code, n <= 255 ? OK : ERR_INVALID);
	}
}

static void test_shapes(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		".",
		"..",
		"...",
		A3_HEADER,
		A3_HEADER ".",
		A3_HEADER "." A3_PAYLOAD,
		A3_HEADER "." A3_PAYLOAD ".",
		A3_HEADER "." A3_PAYLOAD "." A3_SIGNATURE ".",
		A3_HEADER "." A3_PAYLOAD "." A3_SIGNATURE "." A3_PAYLOAD "." A3_PAYLOAD,
		"." A3_PAYLOAD "." A3_SIGNATURE,
		" " A3_HEADER "." A3_PAYLOAD "." A3_SIGNATURE,
		A3_HEADER "." A3_PAYLOAD "." A3_SIGNATURE "\n",
		A3_HEADER "=." A3_PAYLOAD "." A3_SIGNATURE,
		A3_HEADER "." A3_PAYLOAD "==." A3_SIGNATURE,
		A3_HEADER "." A3_PAYLOAD "." A3_SIGNATURE "==",
		A3_HEADER "." A3_PAYLOAD "+." A3_SIGNATURE,
		/* Bits left over: the same bytes in another text. */
		"eyJhbGciOiJFUzI1NiJ8." A3_PAYLOAD "=." A3_SIGNATURE,
		A3_HEADER "." A3_PAYLOAD
			  ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQx"
			  "fKTUJqPP3-Kg6NU1R",
		/* JSON serialization is another thing. */
		"{\"payload\":\"\",\"protected\":\"\",\"signature\":\"\"}",
	};
	for (size_t i = 0; i < COUNT(bad); i++)
		refused(str_of(bad[i]), ERR_INVALID);
}

static void test_signature_sizes(void **state)
{
	(void)state;
	char bytes[140] = {1};
	static const size_t sizes[] = {0, 1, 32, 63, 65, 66, 70, 71, 72, 96, 128, 132};
	for (size_t i = 0; i < COUNT(sizes); i++)
		refused(str_fmt(&arena, A3_HEADER "." A3_PAYLOAD "." STR_FMT,
				STR_ARG(encoded(str_make(bytes, sizes[i])))),
			ERR_INVALID);
}

/* r or s 0, the order of the curve, or all ones: of the right size and no signature. */
static void test_signature_values(void **state)
{
	(void)state;
	static const char order[] =
		"\xFF\xFF\xFF\xFF\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
		"\xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2\xFC\x63\x25\x51";
	static const char zero[32], one[32] = {[31] = 1};
	char ones[32];
	memset(ones, 0xFF, sizeof ones);
	const char *const values[] = {zero, one, order, ones};
	for (size_t r = 0; r < COUNT(values); r++)
		for (size_t s = 0; s < COUNT(values); s++) {
			struct jws jws = {.input = STR("a.b")};
			memcpy(jws.signature, values[r], 32);
			memcpy(jws.signature + 32, values[s], 32);
			assert_int_equal(jws_verify(&jws, key).code, ERR_INVALID);
		}
}

/* Until there was a signature whose r begins with a high bit, which DER writes with one byte more,
 * and one that begins with a zero byte, which it writes with one less. */
static void test_round_trip(void **state)
{
	(void)state;
	bool high = false, low = false;
	for (int i = 0; i < 100 || !high || !low; i++) {
		struct jws jws;
		struct str text, payload = str_fmt(&arena, "{\"i\":%d}", i);
		assert_int_equal(
			jws_sign(&arena, key, STR("clp+jwt"), (struct str){0}, payload, &text).code,
			OK);
		assert_int_equal(jws_read(&arena, text, &jws).code, OK);
		assert_true(str_eq(jws.payload, payload));
		assert_true(str_eq(jws.typ, STR("clp+jwt")));
		assert_true(str_absent(jws.kid));
		assert_int_equal(jws_verify(&jws, key).code, OK);
		assert_int_equal(jws_verify(&jws, other).code, ERR_INVALID);
		high = high || jws.signature[0] >= 0x80;
		low = low || jws.signature[0] == 0 || jws.signature[32] == 0;
	}
}

static void test_names_its_key(void **state)
{
	(void)state;
	AUTO_JWS_KEY struct jws_key *told = NULL;
	struct jws jws;
	struct str text;
	assert_int_equal(
		jws_sign(&arena, key, (struct str){0}, STR("a \"kid\""), STR(""), &text).code, OK);
	assert_int_equal(jws_read(&arena, text, &jws).code, OK);
	assert_true(str_absent(jws.typ) && !jws.jwk && str_eq(jws.kid, STR("a \"kid\"")));
	assert_int_equal(jws.payload.n, 0);
	assert_int_equal(jws_verify(&jws, key).code, OK);

	assert_int_equal(
		jws_sign(&arena, key, STR("t"), (struct str){0}, STR("\0\xff"), &text).code, OK);
	assert_int_equal(jws_read(&arena, text, &jws).code, OK);
	assert_true(str_eq(jws.payload, STR("\0\xff")));
	assert_int_equal(jws_key_public(jws.jwk, &told).code, OK);
	assert_true(str_eq(jws_thumbprint(&arena, told), jws_thumbprint(&arena, key)));
	assert_false(jws_key_is_pair(told));
	assert_int_equal(jws_verify(&jws, told).code, OK);
	assert_int_equal(
		jws_sign(&arena, told, STR("t"), STR("k"), STR(""), &text).code, ERR_INVALID);
}

static void test_size(void **state)
{
	(void)state;
	struct jws jws;
	struct str text;
	char *p = arena_alloc(&arena, LIMIT_JWS);
	/* 3 bytes are 4 characters; the rest is header and signature. */
	size_t most = 0;
	for (size_t n = LIMIT_JWS / 4 * 3; !most; n--)
		if (!failed(jws_sign(
			    &arena, key, (struct str){0}, STR("k"), str_make(p, n), &text)))
			most = n;
	assert_true(text.n <= LIMIT_JWS && text.n > LIMIT_JWS - 4);
	assert_int_equal(jws_read(&arena, text, &jws).code, OK);
	assert_int_equal(
		jws_sign(&arena, key, (struct str){0}, STR("k"), str_make(p, most + 1), &text).code,
		ERR_LIMIT);
	char *long_text = arena_alloc(&arena, LIMIT_JWS + 1);
	memset(long_text, 'A', LIMIT_JWS + 1);
	refused(str_make(long_text, LIMIT_JWS + 1), ERR_LIMIT);
	refused(str_make(long_text, LIMIT_JWS), ERR_INVALID);
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	return failed(jws_key_new(&key)) || failed(jws_key_new(&other));
}

static int tear_down(void **state)
{
	(void)state;
	jws_key_free(key);
	jws_key_free(other);
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc7515_a3),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_other_algorithms),
		cmocka_unit_test(test_hmac_with_public_key),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_signature_sizes),
		cmocka_unit_test(test_signature_values),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_names_its_key),
		cmocka_unit_test(test_size),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
