/* Request objects at their limits: one second, one character and one byte on each side. */

#include "sim/phone/ask.h"

#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW INT64_C(1795392000)
#define TX "00000000000000000000000000"
#define APP "mBoQVuQe8htOqaYTLYEuDLvNNSSIrrWWjwyzxwJiLvE"
#define NONCE "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

struct given {
	int64_t iat, exp, started;
	struct str title;
};

static struct jws_key *key;

static struct str payload_of(struct arena *arena, const struct given *given)
{
	struct buf json;
	buf_init(&json, arena, 1u << 16);
	buf_fmt(&json,
		"{\"v\":1,\"iss\":\"rp:a\",\"origin\":\"https://a.example\",\"tx\":\"" TX
		"\",\"jkt\":\"" APP "\",\"iat\":%lld,\"exp\":%lld,\"op\":\"auth\",\"purpose\":"
				    "\"apply\",\"cert\":[\"jpki_auth\"],"
		"\"algs\":[\"RS256\",\"PS512\"],\"bindback\":true,\"display\":{\"title\":{\"en\":",
		(long long)given->iat, (long long)given->exp);
	json_write_str(&json, given->title);
	buf_fmt(&json,
		"},\"started\":%lld},\"statement\":\"CLP1 "
		"AUTH\\nrp=rp:a\\norigin=https://a.example\\ntx=" TX
		"\\npurpose=apply\\nnonce=" NONCE "\\napp=" APP "\\nexp=%lld\\n\"}",
		(long long)given->started, (long long)given->exp);
	return buf_view(&json);
}

static enum ending read_given(struct arena *arena, const struct given *given, struct ask *ask)
{
	const struct json *keys;
	struct str jws;
	const struct jws_key *const list[] = {key};
	struct party party = {
		STR("rp:a"), STR("https://a.example"), {jws_thumbprint(arena, key)}, 1};
	assert_int_equal(json_read(arena, jws_set_json(arena, list, 1), NULL, &keys).code, OK);
	assert_int_equal(jws_sign(arena, key, STR("clp-req+jwt"), party.keys[0],
				 payload_of(arena, given), &jws)
				 .code,
		OK);
	const struct ask_check check = {&party, STR(TX), STR(APP), keys, NOW};
	return ask_read(arena, jws, &check, ask);
}

static void expect(enum ending ending, struct given given)
{
	AUTO_ARENA arena;
	struct ask ask;
	arena_init(&arena, 1u << 20);
	if (str_absent(given.title))
		given.title = STR("Log in");
	assert_int_equal(read_given(&arena, &given, &ask), ending);
	if (ending != ENDING_NONE)
		return;
	assert_true(ask.methods[ASK_JPKI_AUTH] && !ask.methods[ASK_JPKI_SIGN] &&
		    !ask.methods[ASK_CARD_TEXT]);
	assert_true(ask.rs256 && !ask.es384 && ask.bindback);
	assert_true(str_eq(ask.title[TONGUE_JA], given.title));
	assert_true(str_absent(ask.account) && str_absent(ask.browser) && str_absent(ask.place));
}

static void times(void **state)
{
	(void)state;
	expect(ENDING_NONE, (struct given){.iat = NOW, .exp = NOW + 180});
	expect(ENDING_NONE, (struct given){.iat = NOW - 1, .exp = NOW + 1});
	expect(ENDING_request_late, (struct given){.iat = NOW - 1, .exp = NOW});
	expect(ENDING_NONE, (struct given){.iat = NOW + ASK_SKEW_S, .exp = NOW + 180});
	expect(ENDING_request_late, (struct given){.iat = NOW + ASK_SKEW_S + 1, .exp = NOW + 180});
	expect(ENDING_NONE, (struct given){.iat = NOW, .exp = NOW + ASK_LONGEST_S});
	expect(ENDING_request_unclear, (struct given){.iat = NOW, .exp = NOW + ASK_LONGEST_S + 1});
	expect(ENDING_request_unclear, (struct given){.iat = NOW, .exp = NOW});
	expect(ENDING_request_unclear, (struct given){.iat = -1, .exp = NOW});
	expect(ENDING_request_unclear, (struct given){.iat = INT64_MAX, .exp = INT64_MIN});
	expect(ENDING_request_unclear, (struct given){.iat = 0, .exp = INT64_MAX});
	expect(ENDING_NONE,
		(struct given){.iat = NOW, .exp = NOW + 180, .started = NOW + ASK_SKEW_S});
	expect(ENDING_request_unclear,
		(struct given){.iat = NOW, .exp = NOW + 180, .started = NOW + ASK_SKEW_S + 1});
	expect(ENDING_request_unclear, (struct given){.iat = NOW, .exp = NOW + 180, .started = -1});
}

static void texts(void **state)
{
	(void)state;
	static char long_text[3 * (ASK_TEXT_MOST + 1) + 1];
	for (size_t i = 0; i <= ASK_TEXT_MOST; i++)
		memcpy(long_text + 3 * i, "字", 3);
	struct given given = {.iat = NOW, .exp = NOW + 180};
	given.title = str_make(long_text, 3 * ASK_TEXT_MOST);
	expect(ENDING_NONE, given);
	given.title = str_make(long_text, 3 * (ASK_TEXT_MOST + 1));
	expect(ENDING_request_unclear, given);
	static const char *const hidden[] = {
		"a\tb", "a\x7f", "a\u200b", "a\u202eb", "\ufeff", "a\nb"};
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
		given.title = str_of(hidden[i]);
		expect(ENDING_request_unclear, given);
	}
}

static int make_key(void **state)
{
	(void)state;
	return failed(jws_key_new(&key));
}

static int free_key(void **state)
{
	(void)state;
	jws_key_free(key);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(times), cmocka_unit_test(texts)};
	return cmocka_run_group_tests(tests, make_key, free_key);
}
