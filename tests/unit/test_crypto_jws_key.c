/* crypto/jws_key: keys as others tell them, as they are published, and as they are kept. */
#include "crypto/jws_key.h"

#include "base/auto.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* RFC 7515 appendix A.3. */
#define X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define KEY "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\""
#define XY "\"x\":\"" X "\",\"y\":\"" Y "\""

static struct arena arena;
static char folder[PATH_MAX], path[PATH_MAX + 16];

static const struct json *json(const char *text)
{
	const struct json *out = NULL;
	if (failed(json_read(&arena, str_of(text), NULL, &out)))
		fail_msg("%s: %s", err_detail(), text);
	return out;
}

/* By what tells a public half from all others. */
static bool same(const struct jws_key *a, const struct jws_key *b)
{
	return str_eq(jws_thumbprint(&arena, a), jws_thumbprint(&arena, b));
}

static void test_digests(void **state)
{
	(void)state;
	/* RFC 7636 appendix B. */
	assert_true(str_eq(jws_sha256(&arena, STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
		STR("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")));
	/* RFC 7638 section 3.1; its key is RSA, so only the canonical text can be had. */
	assert_true(str_eq(
		jws_sha256(&arena,
			STR("{\"e\":\"AQAB\",\"kty\":\"RSA\",\"n\":"
			    "\"0vx7agoebGcQSuuPiLJXZptN9nndrQm"
			    "bXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZ"
			    "CiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGj"
			    "QR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOp"
			    "bISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls"
			    "1jF44-csFCur-kEgU8awapJzKnqDKgw\"}")),
		STR("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")));
}

/* RFC 9449 section 6.1 has a thumbprint of a P-256 key. */
static void test_thumbprint(void **state)
{
	(void)state;
	AUTO_JWS_KEY struct jws_key *key = NULL;
	assert_int_equal(
		jws_key_public(json("{\"kty\":\"EC\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWV"
				    "AWBFs\",\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\","
				    "\"crv\":\"P-256\"}"),
			&key)
			.code,
		OK);
	assert_true(str_eq(
		jws_thumbprint(&arena, key), STR("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")));
}

static void test_public(void **state)
{
	(void)state;
	static const char *const good[] = {
		"{" KEY "}",
		"{" KEY ",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"a\",\"x5c\":[]}",
		"{" KEY ",\"key_ops\":[\"verify\"]}",
		"{" KEY ",\"key_ops\":[1,\"sign\",\"verify\"]}",
	};
	static const char *const bad[] = {
		"{}",
		"[]",
		"{\"kty\":\"EC\",\"crv\":\"P-256\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"y\":\"" Y "\"}",
		"{\"crv\":\"P-256\"," XY "}",
		"{\"kty\":\"EC\"," XY "}",
		"{\"kty\":\"RSA\",\"crv\":\"P-256\"," XY "}",
		"{\"kty\":\"oct\",\"k\":\"" X "\"}",
		"{\"kty\":\"ec\",\"crv\":\"P-256\"," XY "}",
		"{\"kty\":\"EC\",\"crv\":\"P-384\"," XY "}",
		"{\"kty\":\"EC\",\"crv\":\"secp256k1\"," XY "}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":2}",
		/* Not on the curve: y and x exchanged, zero, x as y. */
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" Y "\",\"y\":\"" X "\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" X "\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\","
		"\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
		"\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
		/* Above the prime. */
		"{\"kty\":\"EC\",\"crv\":\"P-256\","
		"\"x\":\"__________________________________________8\",\"y\":\"" Y "\"}",
		/* Padding, another alphabet, bits left over, one byte more or less. */
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "=\",\"y\":\"" Y "\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\","
		"\"y\":\"x/FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\","
		"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA" X "\",\"y\":\"" Y "\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"\"}",
		/* For another thing, or more than public. */
		"{" KEY ",\"use\":\"enc\"}",
		"{" KEY ",\"alg\":\"ES384\"}",
		"{" KEY ",\"alg\":\"ECDH-ES\"}",
		"{" KEY ",\"key_ops\":[]}",
		"{" KEY ",\"key_ops\":[\"deriveKey\"]}",
		"{" KEY ",\"key_ops\":\"verify\"}",
		"{" KEY ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}",
	};
	for (size_t i = 0; i < COUNT(good); i++) {
		AUTO_JWS_KEY struct jws_key *key = NULL;
		assert_int_equal(jws_key_public(json(good[i]), &key).code, OK);
		assert_false(jws_key_is_pair(key));
		assert_true(str_eq(jws_public_json(&arena, key),
			STR("{\"crv\":\"P-256\",\"kty\":\"EC\"," XY "}")));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct jws_key *key = NULL;
		if (jws_key_public(json(bad[i]), &key).code != ERR_INVALID)
			fail_msg("taken: %s", bad[i]);
		assert_null(key);
	}
	struct jws_key *none = NULL;
	assert_int_equal(jws_key_public(NULL, &none).code, ERR_INVALID);
}

static void test_set(void **state)
{
	(void)state;
	AUTO_JWS_KEY struct jws_key *first = NULL, *second = NULL, *found = NULL;
	assert_int_equal(jws_key_new(&first).code, OK);
	assert_int_equal(jws_key_new(&second).code, OK);
	const struct jws_key *const both[] = {first, second};
	const struct json *set = json(str_c(&arena, jws_set_json(&arena, both, 2)));
	assert_int_equal(jws_key_of_set(set, jws_thumbprint(&arena, second), &found).code, OK);
	assert_true(same(found, second) && !same(found, first));
	assert_int_equal(
		jws_key_of_set(json("{\"keys\":[]}"), STR("a"), &found).code, ERR_NOT_FOUND);

	static const char *const none[] = {
		"{\"keys\":[{" KEY "}]}",
		"{\"keys\":[{" KEY ",\"kid\":\"b\"}]}",
		"{\"keys\":[{" KEY ",\"kid\":1}]}",
		"{\"keys\":[{" KEY ",\"kid\":\"a\",\"use\":\"enc\"}]}",
		"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
		"{\"keys\":[1,null,\"a\"]}",
		"{\"keys\":[{" KEY ",\"kid\":\"a\"},{" KEY ",\"kid\":\"a\"}]}",
	};
	static const char *const no_set[] = {
		"{}", "[]", "{\"keys\":{}}", "{" KEY ",\"kid\":\"a\"}"};
	struct jws_key *untouched = NULL;
	for (size_t i = 0; i < COUNT(none); i++)
		assert_int_equal(
			jws_key_of_set(json(none[i]), STR("a"), &untouched).code, ERR_NOT_FOUND);
	for (size_t i = 0; i < COUNT(no_set); i++)
		assert_int_equal(
			jws_key_of_set(json(no_set[i]), STR("a"), &untouched).code, ERR_INVALID);
	assert_null(untouched);
	AUTO_JWS_KEY struct jws_key *beside = NULL;
	assert_int_equal(jws_key_of_set(json("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\"},{" KEY
					     ",\"kid\":\"a\"}]}"),
				 STR("a"), &beside)
				 .code,
		OK);
}

static void test_file(void **state)
{
	(void)state;
	AUTO_JWS_KEY struct jws_key *key = NULL, *again = NULL, *late = NULL, *public = NULL;
	struct stat st;
	assert_int_equal(jws_key_load(path, &key).code, ERR_NOT_FOUND);
	assert_int_equal(jws_key_new(&key).code, OK);
	assert_true(jws_key_is_pair(key));
	assert_int_equal(jws_key_save(key, path).code, OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(jws_key_load(path, &again).code, OK);
	assert_true(same(key, again) && jws_key_is_pair(again));

	/* What is there stays. */
	assert_int_equal(jws_key_new(&late).code, OK);
	assert_int_equal(jws_key_save(late, path).code, OK);
	jws_key_cleanup(&again);
	assert_int_equal(jws_key_load(path, &again).code, OK);
	assert_true(same(key, again) && !same(late, again));

	assert_int_equal(jws_key_public(json("{" KEY "}"), &public).code, OK);
	assert_int_equal(jws_key_save(public, path).code, ERR_INVALID);
	struct jws_key *none = NULL;
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(jws_key_load(path, &none).code, ERR_DENIED);
}

static void put(const char *text, size_t n)
{
	unlink(path);
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
}

/* The second line of PEM has no name in this file: keys of anybody have no place in the tree. */
#define PEM(kind, body) "-----BEGIN " kind "-----\n" body "\n-----END " kind "-----\n"
#define PRIVATE \
	"PRIV"  \
	"ATE KEY"

static void test_bad_files(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"x",
		"-----BEGIN",
		PEM(PRIVATE, ""),
		PEM(PRIVATE, "AAAA"),
		PEM("PUBLIC KEY",
			"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPH"
			"vR\nVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ=="),
		/* Ed25519, RFC 8410 section 10.3. */
		PEM(PRIVATE, "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"),
	};
	struct jws_key *none = NULL;
	for (size_t i = 0; i < COUNT(bad); i++) {
		put(bad[i], strlen(bad[i]));
		assert_int_equal(jws_key_load(path, &none).code, ERR_INVALID);
	}
	char large[4097];
	memset(large, '\n', sizeof large);
	put(large, 4096);
	assert_int_equal(jws_key_load(path, &none).code, ERR_INVALID);
	put(large, 4097);
	assert_int_equal(jws_key_load(path, &none).code, ERR_INVALID);
	put(large, 0);
	assert_int_equal(jws_key_load(path, &none).code, ERR_INVALID);
	assert_null(none);
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 4u << 20);
	(void)snprintf(folder, sizeof folder, "%s/jws-key-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/key.pem", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	rmdir(folder);
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digests),
		cmocka_unit_test(test_thumbprint),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_bad_files),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
