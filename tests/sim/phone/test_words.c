/* The texts of the screens: each kanji has its reading, and markup is made of nothing but that. */

#include "sim/phone/ending.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_kanji(uint32_t point)
{
	return (point >= 0x4E00 && point <= 0x9FFF) || point == 0x3005;
}

/* A run of kanji is followed by 《…》, of kana alone. */
static void check_readings(struct str text)
{
	struct str rest = text;
	bool run = false, reading = false;
	while (rest.n > 0) {
		uint32_t point = utf8_next(&rest);
		if (point == 0x300A) {
			assert_true(run && !reading);
			reading = true;
		} else if (point == 0x300B) {
			assert_true(reading);
			reading = false;
		} else if (reading) {
			assert_true(point >= 0x3041 && point <= 0x30FF);
		} else if (run && !is_kanji(point)) {
			fail_msg("a kanji without a reading: " STR_FMT, STR_ARG(text));
		}
		run = is_kanji(point);
	}
	assert_false(run || reading);
}

static void each_kanji_has_its_reading(void **state)
{
	(void)state;
	for (enum word word = 0; word < W_COUNT; word++) {
		if (word != W_other_language)
			check_readings(word_text(word, TONGUE_JA));
	}
	for (enum ending ending = ENDING_NONE + 1; ending < ENDING_COUNT; ending++) {
		check_readings(ending_title(ending, TONGUE_JA));
		check_readings(ending_advice(ending, TONGUE_JA));
	}
}

static void no_text_is_empty_and_values_agree(void **state)
{
	(void)state;
	for (enum word word = 0; word < W_COUNT; word++) {
		struct str en = word_text(word, TONGUE_EN), ja = word_text(word, TONGUE_JA);
		assert_true(en.n > 0 && ja.n > 0);
		assert_int_equal(str_find(en, STR("{a}")) >= 0, str_find(ja, STR("{a}")) >= 0);
	}
	for (enum ending ending = ENDING_NONE + 1; ending < ENDING_COUNT; ending++) {
		for (enum tongue tongue = 0; tongue < TONGUE_COUNT; tongue++)
			assert_true(ending_title(ending, tongue).n > 0 &&
				    ending_advice(ending, tongue).n > 0);
	}
}

static struct str html(struct arena *arena, const char *text)
{
	struct buf out;
	buf_init(&out, arena, 4096);
	word_html(&out, str_of(text));
	return buf_view(&out);
}

static void writes_html_and_plain_text(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 16);
	assert_true(str_eq(html(&arena, "1枚《まい》の<紙《かみ》>"),
		STR("1<ruby>枚<rp>(</rp><rt>まい</rt><rp>)</rp></ruby>の&lt;<ruby>紙<rp>(</"
		    "rp><rt>かみ</rt><rp>)</rp></ruby>&gt;")));
	assert_true(str_eq(html(&arena, "&<>\"'"), STR("&amp;&lt;&gt;&quot;&#39;")));
	assert_true(str_eq(html(&arena, "》《<"), STR("》《&lt;")));
	assert_true(str_eq(html(&arena, "《<b>》"),
		STR("<ruby><rp>(</rp><rt>&lt;b&gt;</rt><rp>)</rp></ruby>")));
	assert_true(str_eq(word_plain(&arena, STR("読《よ》み取《と》る")), STR("読み取る")));
	assert_true(str_eq(
		word_with(&arena, W_secret_tries, TONGUE_EN, STR("3")), STR("Tries left: 3")));
}

static void knows_the_codes_of_portals(void **state)
{
	(void)state;
	assert_int_equal(ending_of_code(STR("cert_revoked")), ENDING_cert_revoked);
	assert_int_equal(ending_of_code(STR("no_such_code")), ENDING_internal);
	/* What only the app may say. */
	assert_int_equal(ending_of_code(STR("login_completed")), ENDING_internal);
	assert_int_equal(ending_of_code(STR("not_pinned")), ENDING_internal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kanji_has_its_reading),
		cmocka_unit_test(no_text_is_empty_and_values_agree),
		cmocka_unit_test(writes_html_and_plain_text),
		cmocka_unit_test(knows_the_codes_of_portals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
