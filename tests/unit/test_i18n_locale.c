#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "i18n/locale.h"

#include "base/limits.h"

/* Which language, and texts with their placeholders. */

static const struct {
	const char *header;
	enum lang lang;
} headers[] = {
	/* broken elements count for nothing, the others still do */
	{"", LANG_JA},
	{",,, ,", LANG_JA},
	{";q=1", LANG_JA},
	{"en;q=", LANG_JA},
	{"en;q=2", LANG_JA},
	{"en;q=1.001", LANG_JA},
	{"en;q=0.1234", LANG_JA},
	{"en;q=-1", LANG_JA},
	{"en;q=a", LANG_JA},
	{"en;q=.9", LANG_JA},
	{"en;q=0,9", LANG_JA},
	{"en;q=1;q=1", LANG_JA},
	{"en;level=1", LANG_JA},
	{"en q=1", LANG_JA},
	{"en-", LANG_JA},
	{"-en", LANG_JA},
	{"en--us", LANG_JA},
	{"en_US", LANG_JA},
	{"e n", LANG_JA},
	{"en-abcdefghi", LANG_JA},
	{"english", LANG_JA},
	{"e", LANG_JA},
	{"1en", LANG_JA},
	{"\xE3\x81\x82", LANG_JA},
	{"en\x01", LANG_JA},
	{"**", LANG_JA},
	{"ja;q=x, en", LANG_EN},
	{"en;q=x, en;q=0.1", LANG_EN},
	/* what browsers send */
	{"en", LANG_EN},
	{"EN", LANG_EN},
	{"en-US,en;q=0.9", LANG_EN},
	{"en-US,en;q=0.9,ja;q=0.8", LANG_EN},
	{"ja,en-US;q=0.9,en;q=0.8", LANG_JA},
	{"ja-JP", LANG_JA},
	{"vi-VN,vi;q=0.9,fr-FR;q=0.8,fr;q=0.7,en-US;q=0.6,en;q=0.5", LANG_EN},
	{"zh-CN,zh;q=0.9", LANG_JA},
	{"zh-Hant-TW , en ; q=0.5", LANG_EN},
	{"\ten\t;\tq=0.5\t", LANG_EN},
	/* weights */
	{"en;q=0.5,ja;q=0.501", LANG_JA},
	{"ja;q=0.5,en;q=0.501", LANG_EN},
	{"en;q=0.5,ja;q=0.5", LANG_EN},
	{"ja;q=0.5,en;q=0.5", LANG_JA},
	{"en;q=0,ja;q=0.001", LANG_JA},
	{"ja;q=0,en;q=0.001", LANG_EN},
	{"en;q=0", LANG_JA},
	{"ja;q=0", LANG_JA},
	{"en-US;q=0,en;q=0.2,ja;q=0.1", LANG_EN},
	{"en;Q=1.000, ja;q=0.999", LANG_EN},
	{"*", LANG_JA},
	{"*;q=0.5, en;q=0.4", LANG_JA},
	{"*;q=0.4, en;q=0.5", LANG_EN},
	{"ja;q=0, *", LANG_EN},
	{"ja;q=0.3, *;q=0.7", LANG_EN},
	{"*;q=0", LANG_JA},
};

static void test_negotiate(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		enum lang is = locale_negotiate(str_of(headers[i].header));
		if (is != headers[i].lang)
			print_error("%s\n", headers[i].header);
		assert_int_equal(is, headers[i].lang);
	}
	assert_int_equal(locale_negotiate((struct str){0}), LANG_JA);
}

/* As long as a header may be, in exact memory: no byte beyond it is read. */
static void test_negotiate_long(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	static const char *const repeated[] = {
		"en;q=0.1,", ",", "a-", "*;q=0.", "en;q=0.9999999999,"};
	for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++) {
		struct buf out;
		buf_init(&out, &arena, LIMIT_HTTP_HEAD);
		while (!out.over)
			buf_c(&out, repeated[i]);
		char *exact = arena_alloc(&arena, out.n);
		memcpy(exact, out.p, out.n);
		enum lang expected = i == 0 ? LANG_EN : LANG_JA;
		assert_int_equal(locale_negotiate(str_make(exact, out.n)), expected);
	}
}

static void test_find(void **state)
{
	(void)state;
	static const char *const unknown[] = {"", "JA", "j", "jaa", "ja-JP", "fr", "*"};
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_null(locale_find(str_of(unknown[i]), false));
	assert_null(locale_find(str_make("en\0", 3), false));
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		for (int furigana = 0; furigana < 2; furigana++) {
			const struct locale *locale = locale_get((enum lang)lang, furigana);
			assert_ptr_equal(locale, locale_find(locale->tag, furigana));
			assert_int_equal(locale->lang, lang);
			assert_int_equal(locale->furigana, furigana);
			for (int msg = 1; msg < MSG_COUNT; msg++) {
				assert_true(locale->plain[msg].n > 0);
				assert_true(locale->html[msg].n > 0);
				assert_true(str_find(locale->plain[msg], STR("《")) < 0);
			}
			assert_int_equal(locale->plain[MSG_NONE].n, 0);
			assert_int_equal(locale->html[MSG_NONE].n, 0);
		}
	}
	assert_int_equal(locale_get((enum lang)99, false)->lang, LANG_JA);
}

/* A locale of our own, so that the test does not depend on the words of the catalogue. */
static const struct str own_plain[] = {STR_INIT(""), STR_INIT("{a}<{b}>{a} {c}"), STR_INIT("{"),
	STR_INIT("a}{b"), STR_INIT("{a}")};
static const struct str own_html[] = {STR_INIT(""), STR_INIT("{a}&lt;{b}&gt;{a} {c}"),
	STR_INIT("{"), STR_INIT("a}{b"), STR_INIT("{a}")};

static void test_placeholders(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	const struct locale own = {.plain = own_plain, .html = own_html};
	const struct msg_arg args[] = {{STR("a"), STR("{b}&\"'")}, {STR("b"), STR("<{a}>")}};
	struct buf out;
	buf_init(&out, &arena, 1u << 16);
	assert_true(MSG_COUNT > 4); /* the ids below are within the enum */
	msg_write(&out, &own, (enum msg)1, args, 2);
	assert_true(str_eq(buf_view(&out), STR("{b}&\"'<<{a}>>{b}&\"' {c}")));
	buf_clear(&out);
	msg_write_html(&out, &own, (enum msg)1, args, 2);
	assert_true(str_eq(buf_view(&out), STR("{b}&amp;\"'&lt;&lt;{a}&gt;&gt;{b}&amp;\"' {c}")));
	assert_true(str_eq(
		msg_text(&arena, &own, (enum msg)1, args, 2), STR("{b}&\"'<<{a}>>{b}&\"' {c}")));
	assert_true(str_eq(msg_text(&arena, &own, (enum msg)1, NULL, 0), STR("{a}<{b}>{a} {c}")));
	assert_true(str_eq(msg_text(&arena, &own, (enum msg)2, args, 2), STR("{")));
	assert_true(str_eq(msg_text(&arena, &own, (enum msg)3, args, 2), STR("a}{b")));
	assert_true(str_eq(msg_text(&arena, &own, (enum msg)(MSG_COUNT + 5), args, 2), STR("")));
}

/* "{n} hours" stands for the number, with its markup; what is in the number stays text. */
static void test_units(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	static const struct str plain[] = {STR_INIT(""), STR_INIT("for {time}."), STR_INIT("{n}h{n} {time}")};
	static const struct str html[] = {STR_INIT(""), STR_INIT("<b>for</b> {time}."), STR_INIT("{n}<i>h</i>{n} {time}")};
	const struct locale own = {.plain = plain, .html = html};
	const struct msg_arg arg = {STR("time"), STR("<{n}>"), (enum msg)2};
	struct buf out;
	buf_init(&out, &arena, 1u << 16);
	assert_true(str_eq(msg_text(&arena, &own, (enum msg)1, &arg, 1), STR("for <{n}>h<{n}> {time}.")));
	msg_write_html(&out, &own, (enum msg)1, &arg, 1);
	assert_true(str_eq(buf_view(&out), STR("<b>for</b> &lt;{n}&gt;<i>h</i>&lt;{n}&gt; {time}.")));
}

/* A text longer than a page is cut, not an endless allocation. */
static void test_large_argument(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 64u << 20);
	const struct locale own = {.plain = own_plain, .html = own_html};
	char *large = arena_alloc(&arena, LIMIT_PAGE + 1);
	memset(large, '<', LIMIT_PAGE + 1);
	const struct msg_arg at[] = {{STR("a"), str_make(large, LIMIT_PAGE)}};
	assert_int_equal(msg_text(&arena, &own, (enum msg)4, at, 1).n, LIMIT_PAGE);
	const struct msg_arg above[] = {{STR("a"), str_make(large, LIMIT_PAGE + 1)}};
	assert_int_equal(msg_text(&arena, &own, (enum msg)4, above, 1).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_negotiate),
		cmocka_unit_test(test_negotiate_long),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_large_argument),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
