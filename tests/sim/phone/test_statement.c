/* The text that a card signs: one text for one set of values. */

#include "sim/phone/statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NONCE "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define APP "mBoQVuQe8htOqaYTLYEuDLvNNSSIrrWWjwyzxwJiLvE"
#define LINES(purpose) \
	"rp=rp:immi-demo\norigin=https://portal.example\ntx=4J8\npurpose=" purpose "\n"
#define REST "nonce=" NONCE "\napp=" APP "\nexp=1795392181\n"
#define SENTENCE "I ask immi-demo to read my name, address, date of birth and sex from my card for "

static void round_trip(const char *text, enum ask_op op)
{
	AUTO_ARENA arena;
	struct statement s;
	arena_init(&arena, 1u << 16);
	assert_int_equal(statement_read(str_of(text), &s).code, OK);
	assert_int_equal(s.op, op);
	assert_true(str_eq(s.rp, STR("rp:immi-demo")));
	assert_true(str_eq(s.nonce, STR(NONCE)));
	assert_int_equal(s.exp, 1795392181);
	assert_true(str_eq(statement_write(&arena, &s), str_of(text)));
}

static void reads_and_writes_the_same(void **state)
{
	(void)state;
	round_trip("CLP1 AUTH\n" LINES("usage_request") REST, ASK_AUTH);
	round_trip("CLP1 BASIC4\n" LINES("apply") "text=" SENTENCE "my application 7.\n" REST,
		ASK_BASIC4);
}

static void refuses_other_texts(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"\n",
		"CLP1 AUTH",
		"CLP1 AUTH\n",
		"CLP1 SIGN\n" LINES("apply") REST,
		"CLP2 AUTH\n" LINES("apply") REST,
		"clp1 auth\n" LINES("apply") REST,
		"CLP1 AUTH\r\n" LINES("apply") REST,
		"CLP1 AUTH\n" LINES("apply") REST "more=1\n",
		"CLP1 AUTH\n" LINES("apply") REST "\n",
		"CLP1 AUTH\n" LINES("") REST,
		"CLP1 AUTH\n" LINES("apply") "text=x\n" REST,
		"CLP1 BASIC4\n" LINES("apply") REST,
		"CLP1 BASIC4\n" LINES("apply") "text=\n" REST,
		"CLP1 AUTH\n" LINES("apply") "nonce=" NONCE "=\napp=" APP "\nexp=1\n",
		"CLP1 AUTH\n" LINES("apply") "nonce=AAAA\napp=" APP "\nexp=1\n",
		"CLP1 AUTH\n" LINES("apply") "nonce=" NONCE "\napp=" APP "\nexp=-1x\n",
		"CLP1 AUTH\n" LINES("apply") "nonce=" NONCE "\napp=" APP
					     "\nexp=99999999999999999999\n",
		"CLP1 AUTH\n" LINES("apply") "nonce=" NONCE "\napp=" APP "\nexp=1",
		"CLP1 AUTH\n" LINES("apply") "app=" APP "\nnonce=" NONCE "\nexp=1\n",
	};
	struct statement s;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (statement_read(str_of(texts[i]), &s).code != ERR_INVALID)
			fail_msg("%zu: %s", i, texts[i]);
	}
	/* Another spelling of a number parses, and is not what is written: the comparison finds it.
	 */
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 16);
	struct str spelled =
		STR("CLP1 AUTH\n" LINES("apply") "nonce=" NONCE "\napp=" APP "\nexp=01\n");
	if (!failed(statement_read(spelled, &s)))
		assert_false(str_eq(statement_write(&arena, &s), spelled));
}

static void knows_the_sentence(void **state)
{
	(void)state;
	static const struct {
		const char *text, *purpose;
		bool good;
	} cases[] = {
		{SENTENCE "my request for use.", "usage_request", true},
		{SENTENCE "my request for use 12.", "usage_request", true},
		{SENTENCE "my application U-2026-000123.", "apply", true},
		{SENTENCE "application U-2026-000123.", "apply", true},
		{SENTENCE "linking my new card.", "relink", true},
		{SENTENCE "my application.", "usage_request", false},
		{SENTENCE "my request for use.", "apply", false},
		{SENTENCE "my request for use", "usage_request", false},
		{SENTENCE "my request for use. ", "usage_request", false},
		{SENTENCE "my request for use .", "usage_request", false},
		{SENTENCE "my request for use abc.", "usage_request", false},
		{SENTENCE "my request for use 1 2.", "usage_request", false},
		{SENTENCE "my request for use AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.",
			"usage_request", true},
		{SENTENCE "my request for use AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.",
			"usage_request", false},
		{SENTENCE ".", "usage_request", false},
		{"I ask bank to read my name, address, date of birth and sex from my card for my "
		 "request for use.",
			"usage_request", false},
		{"", "usage_request", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (statement_asks_items(str_of(cases[i].text), STR("rp:immi-demo"),
			    str_of(cases[i].purpose)) != cases[i].good)
			fail_msg("%zu: %s", i, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes_the_same),
		cmocka_unit_test(refuses_other_texts),
		cmocka_unit_test(knows_the_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
