#include "domain/identity/identity_adapter.h"
#include "domain/identity/identity_words.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* What is said of browsers and addresses, and the table of what can go wrong. */

static struct arena arena;

#define assert_words(got, wanted)                                                      \
	do {                                                                           \
		struct str words_got = (got);                                          \
		assert_string_equal(str_c(&arena, words_got), wanted);                 \
	} while (0)

static void browsers(void **state)
{
	static const struct {
		const char *agent, *words;
	} cases[] = {
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome, Windows"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "Safari, Mac"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
			"Safari, iPhone"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"},
		{"Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/140.0 Mobile Safari/537.36",
			"Samsung Internet, Android"},
		{"Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", "Chrome, ChromeOS"},
		{"curl/8.0", ""},
		{"", ""},
		{"Windows", "Windows"},
		{"Firefox/1 <script>alert(1)</script>\n", "Firefox"},
		{"\xff\xfe Chrome/1", "Chrome"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_words(idv_browser_words(&arena, str_of(cases[i].agent)), cases[i].words);
}

static void addresses_of_mail(void **state)
{
	(void)state;
	assert_words(idv_mask_email(&arena, STR("tran@apu.ac.jp")), "t•••@apu.ac.jp");
	assert_words(idv_mask_email(&arena, STR("t@apu.ac.jp")), "t•••@apu.ac.jp");
	assert_words(idv_mask_email(&arena, STR("élan@x.example")), "é•••@x.example");
	assert_words(idv_mask_email(&arena, STR("@x.example")), "•••");
	assert_words(idv_mask_email(&arena, STR("nobody")), "•••");
	assert_words(idv_mask_email(&arena, STR("")), "•••");
}

static void networks(void **state)
{
	(void)state;
	assert_words(idv_network(&arena, STR("192.0.2.77")), "192.0.2.0/24");
	assert_words(idv_network(&arena, STR("::ffff:192.0.2.77")), "192.0.2.0/24");
	assert_words(idv_network(&arena, STR("2001:db8:1:2:3:4:5:6")), "2001:db8:1::/48");
	assert_words(idv_network(&arena, STR("::1")), "::/48");
	assert_words(idv_network(&arena, STR("unix")), "");
	assert_words(idv_network(&arena, STR("")), "");
	assert_words(idv_network(&arena, STR("192.0.2.77\nx")), "");
}

static void the_table(void **state)
{
	enum idv_error error;

	(void)state;
	for (enum idv_error e = IDV_ERROR_NONE + 1; e < IDV_ERROR_COUNT; e++) {
		assert_true(idv_error_of(idv_errors[e].name, &error));
		assert_int_equal(error, e);
		assert_true(idv_errors[e].status == 200 || (idv_errors[e].status >= 400 && idv_errors[e].status < 600));
		assert_true(idv_errors[e].ends_in == IDV_UNCHANGED || idv_errors[e].ends_in > IDV_DONE);
	}
	assert_false(idv_error_of(STR(""), &error));
	assert_false(idv_error_of(STR("none"), &error));
	assert_int_equal(idv_errors[IDV_ERROR_declined].ends_in, IDV_CANCELLED);
	assert_int_equal(idv_errors[IDV_ERROR_claimed_twice].ends_in, IDV_FAILED);
	assert_int_equal(idv_errors[IDV_ERROR_expired].ends_in, IDV_EXPIRED);
	for (enum idv_state s = IDV_CREATED; s < IDV_STATE_COUNT; s++)
		assert_int_equal(idv_over(s), s >= IDV_DONE);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(browsers),
		cmocka_unit_test(addresses_of_mail),
		cmocka_unit_test(networks),
		cmocka_unit_test(the_table),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
