/* crypto/digest: published vectors, text in pieces, many threads at once. */
#include "crypto/digest.h"

#include "base/encode.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static struct str hex(const uint8_t digest[SHA256_BYTES])
{
	struct buf buf;
	buf_init(&buf, &arena, 64);
	hex_write(&buf, str_make((const char *)digest, SHA256_BYTES));
	return buf_view(&buf);
}

static void same(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got " STR_FMT ", want %s", STR_ARG(got), want);
}

/* FIPS 180-4's examples. */
static void test_sha256(void **state)
{
	(void)state;
	same(sha256_hex(&arena, (struct str){0}),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	same(sha256_hex(&arena, STR("abc")),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	same(sha256_hex(&arena, STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	char *million = arena_alloc(&arena, 1000000);
	memset(million, 'a', 1000000);
	same(sha256_hex(&arena, str_make(million, 1000000)),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void test_pieces(void **state)
{
	(void)state;
	char text[300];
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)i;
	for (size_t piece = 1; piece < 140; piece++) {
		uint8_t whole[SHA256_BYTES], parts[SHA256_BYTES];
		AUTO_SHA256 sum = {0};
		sha256(str_make(text, sizeof text), whole);
		sha256_init(&sum);
		sha256_add(&sum, (struct str){0});
		for (size_t at = 0; at < sizeof text; at += piece)
			sha256_add(&sum, str_sub(str_make(text, sizeof text), at, piece));
		sha256_end(&sum, parts);
		assert_memory_equal(whole, parts, SHA256_BYTES);
	}
	AUTO_SHA256 unused = {0};
	AUTO_SHA256 unfinished = {0};
	sha256_init(&unfinished);
	sha256_add(&unfinished, STR("the scope ends here, and nothing may leak"));
	AUTO_SHA256 again = {0};
	uint8_t digest[SHA256_BYTES];
	for (int i = 0; i < 2; i++) {
		sha256_init(&again);
		sha256_add(&again, STR("abc"));
		sha256_end(&again, digest);
		same(hex(digest),
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	}
	assert_null(unused.ctx);
}

static void mac(struct str key, struct str text, const char *want)
{
	uint8_t out[SHA256_BYTES];
	hmac_sha256(key, text, out);
	same(hex(out), want);
}

/* RFC 4231 cases 1, 2, 6 and 7; then what it does not have: nothing at all. */
static void test_hmac(void **state)
{
	(void)state;
	char key[131];
	memset(key, 0x0b, 20);
	mac(str_make(key, 20), STR("Hi There"),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	mac(STR("Jefe"), STR("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	mac(str_make(key, sizeof key),
		STR("Test Using Larger Than Block-Size Key - Hash Key First"),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	mac(str_make(key, sizeof key),
		STR("This is a test using a larger than block-size key and a larger than "
		    "block-size data. The key needs "
		    "to be hashed before being used by the HMAC algorithm."),
		"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
	mac((struct str){0}, (struct str){0},
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void *many(void *arg)
{
	uint8_t first[SHA256_BYTES], out[SHA256_BYTES];
	hmac_sha256(str_of(arg), STR("text"), first);
	for (int i = 0; i < 300; i++) {
		hmac_sha256(str_of(arg), STR("text"), out);
		if (memcmp(first, out, sizeof out) != 0)
			return arg;
	}
	return NULL;
}

static void test_threads(void **state)
{
	(void)state;
	static char keys[][4] = {"a", "bb", "ccc", ""};
	pthread_t threads[4];
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, many, keys[i]), 0);
	for (size_t i = 0; i < 4; i++) {
		void *wrong;
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 4u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads), /* first: the algorithms are looked up by several
						   threads at once */
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_hmac),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
