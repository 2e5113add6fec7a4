#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "i18n/width.h"

#include "base/utf8.h"

/* Width, kana, normal forms. */

typedef struct str width_fn(struct arena *arena, struct str text);

struct one {
	const char *from;
	const char *to;
};

static void check_all(width_fn *fn, const struct one *all, size_t count)
{
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	for (size_t i = 0; i < count; i++) {
		struct str is = fn(&arena, str_of(all[i].from));
		if (!str_eq(is, str_of(all[i].to)))
			print_error("%s gives %.*s, expected %s\n", all[i].from, STR_ARG(is),
				all[i].to);
		assert_true(str_eq(is, str_of(all[i].to)));
	}
}
#define CHECK(fn, all) check_all((fn), (all), sizeof(all) / sizeof *(all))

static width_fn *const all_functions[] = {
	width_nfc, width_nfkc, width_half, width_full, width_fold};

/* Bad UTF-8 comes back as it is, and is not read beyond its end. */
static void test_bad_utf8(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	static const struct str bad[] = {STR_INIT("\xFF"), STR_INIT("a\xC3"), STR_INIT("\xE3\x81"),
		STR_INIT("\xEF\xBD\xB6\xEF\xBE"), STR_INIT("\xED\xA0\x80"), STR_INIT("\xC0\x80"),
		STR_INIT("\xF4\x90\x80\x80"), STR_INIT("\x80"), {NULL, 0}, STR_INIT("")};
	for (size_t f = 0; f < sizeof all_functions / sizeof *all_functions; f++) {
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
			char *exact = arena_alloc(&arena, bad[i].n + 1);
			if (bad[i].n)
				memcpy(exact, bad[i].p, bad[i].n);
			struct str is = all_functions[f](&arena, str_make(exact, bad[i].n));
			assert_true(str_eq(is, bad[i]));
		}
	}
}

/* Every Unicode scalar value, alone and behind a half-width kana: each function ends, answers valid
   UTF-8, and doing it twice changes nothing more. */
static void test_every_character(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	for (uint32_t point = 0; point <= 0x10FFFF;
		point += point < 0x3400 || (point >= 0xF900 && point < 0x10000) ? 1 : 13) {
		char text[8] = "\xEF\xBD\xB6"; /* ｶ */
		size_t n = utf8_encode(point, text + 3);
		if (!n)
			continue;
		for (size_t f = 0; f < sizeof all_functions / sizeof *all_functions; f++) {
			struct str once = all_functions[f](&arena, str_make(text + 3, n));
			struct str twice = all_functions[f](&arena, once);
			assert_true(utf8_valid(once));
			assert_true(str_eq(once, twice));
			assert_true(utf8_valid(all_functions[f](&arena, str_make(text, 3 + n))));
		}
		arena_reset(&arena);
	}
}

static void test_half(void **state)
{
	(void)state;
	static const struct one all[] = {
		{"", ""},
		{"１２－Ａ ﾔ", "12-A ヤ"},
		{"！＂＃＄％＆＇（）＊＋，－．／０９：；＜＝＞？＠ＡＺ［＼］＾＿｀ａｚ｛｜｝～",
			"!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~"},
		{"Ａ　Ｂ\xC2\xA0"
		 "C",
			"A B C"},
		{"‐‑‒–—―−﹣﹘－", "----------"},
		{"O’Brien ‘x’ “y” 〜", "O'Brien 'x' \"y\" ~"},
		{"03ー1234ー5678", "03-1234-5678"},
		{"０３ー１２３４", "03-1234"},
		{"1ｰ2", "1-2"},
		{"ー2", "-2"},
		{"Aー1", "A-1"},
		{"グエン－ー", "グエン-ー"},
		{"サーバー", "サーバー"},
		{"タワー3", "タワー3"},
		{"ﾀﾜｰ3", "タワー3"},
		{"ｶﾞｷﾞﾊﾟｳﾞﾜﾞｦﾞﾝﾞ", "ガギパヴヷヺン゛"},
		{"漢字かなカナ한국어ñ", "漢字かなカナ한국어ñ"},
		{"a\tb\nc", "a\tb\nc"},
		{"￥￡", "￥￡"},
	};
	CHECK(width_half, all);
}

static void test_full(void **state)
{
	(void)state;
	static const struct one all[] = {
		{"", ""},
		{"12-A ﾔﾏﾀﾞ", "１２－Ａ　ヤマダ"},
		{"!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~",
			"！＂＃＄％＆＇（）＊＋，－．／０９：；＜＝＞？＠ＡＺ［＼］＾＿｀ａｚ｛｜｝"
			"～"},
		{"ｱｲｳｴｵｧｨｩｪｫ", "アイウエオァィゥェォ"},
		{"ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞ", "ガギグゲゴザジズゼゾダヂヅデド"},
		{"ﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "バビブベボパピプペポ"},
		{"ｳﾞﾜﾞｦﾞ", "ヴヷヺ"},
		{"ｱﾞｶﾟｯﾞﾝﾟﾞﾟ", "ア゛カ゜ッ゛ン゜゛゜"},
		{"ｶ", "カ"},
		{"ｶｶﾞ", "カガ"},
		{"ｬｭｮｯｰ｡｢｣､･", "ャュョッー。「」、・"},
		{"ﾅﾆﾇﾈﾉﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ", "ナニヌネノマミムメモヤユヨラリルレロワヲン"},
		{"1‐2‑3‒4–5−6", "１－２－３－４－５－６"},
		{"ア—イ―ウーエ", "ア—イ―ウーエ"},
		{"a\tb\nc", "ａ\tｂ\nｃ"},
		{"\xC2\xA5", "￥"},
		{"漢字\xEF\xA8\x99", "漢字\xEF\xA8\x99"}, /* U+FA19, which NFC would replace */
		{"全角　スペース", "全角　スペース"},
	};
	CHECK(width_full, all);
}

/* What is typed in one width and wanted in the other may be converted there and back. */
static void test_there_and_back(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	for (char c = ' '; c <= '~'; c++) {
		struct str ascii = str_make(&c, 1);
		struct str wide = width_full(&arena, ascii);
		assert_int_equal(wide.n, 3);
		assert_true(str_eq(width_half(&arena, wide), ascii));
	}
}

static void test_first_not_ascii(void **state)
{
	(void)state;
	assert_int_equal(width_first_not_ascii(STR("")).n, 0);
	assert_int_equal(width_first_not_ascii(STR("abc ~\n")).n, 0);
	assert_true(str_eq(width_first_not_ascii(STR("abあc")), STR("あc")));
	assert_true(str_eq(width_first_not_ascii(STR("é")), STR("é")));
	assert_int_equal(width_first_not_ascii((struct str){0}).n, 0);
}

static void test_normal_forms(void **state)
{
	(void)state;
	static const struct one nfc[] = {
		{"Nguye\xCC\x82\xCC\x83n", "Nguyễn"},
		{"\xE3\x81\x8B\xE3\x82\x99", "が"},
		{"ﾔ１", "ﾔ１"},
		{"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"},
		{"abc", "abc"},
		{"\xEF\xA8\x99", "神"},
	};
	static const struct one nfkc[] = {
		{"ﾔﾏﾀﾞ１Ａ", "ヤマダ1A"},
		{"①㈱ﬁ", "1(株)fi"},
		{"㌍", "カロリー"},
	};
	CHECK(width_nfc, nfc);
	CHECK(width_nfkc, nfkc);
}

static void test_fold(void **state)
{
	(void)state;
	static const struct one all[] = {
		{"", ""},
		{"   \t\n　", ""},
		{"Nguyễn Thị Hương", "nguyenthihuong"},
		{"ĐẶNG Łódź Øre", "danglodzore"},
		{"ﾔﾏﾀﾞ　タロウ", "やまだたろう"},
		{"がガｶﾞ", "ががが"},
		{"か", "か"},
		{"ＡＢＣ abc", "abcabc"},
		{"STRASSE straße", "strassestrasse"},
		{"İstanbul ıI", "istanbulii"},
		{"ヴァイオリン", "ゔぁいおりん"},
		{"サーバー", "さーばー"},
		{"မြန်မာ", "မြန်မာ"},
		{"ไทย น้ำ", "ไทยน\xE0\xB9\x89\xE0\xB9\x8D\xE0\xB8\xB2"},
		{"हिन्दी", "हिन्दी"},
		{"zero\xE2\x80\x8Bwidth", "zerowidth"},
	};
	CHECK(width_fold, all);
}

/* What is folded without the library's tables is folded as with them; a wide letter behind it asks for those. */
static void test_fold_alone(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 1u << 20);
	for (uint32_t point = 1; point < 0xA000; point++) {
		char text[64];
		size_t n = 0;
		if (point == 0x80)
			point = 0x3000;
		/* Alone, and among letters that would combine with a mark. */
		for (int i = 0; i < 3; i++) {
			static const uint32_t around[] = {'e', 0x30AB, 0x5B57};
			n += utf8_encode(around[i], text + n);
			n += utf8_encode(point, text + n);
		}
		struct str alone = str_make(text, n);
		struct str with = str_fmt(&arena, STR_FMT "ｚ", STR_ARG(alone));
		struct str want = width_fold(&arena, with), got = width_fold(&arena, alone);
		bool same = want.n > 0 && str_eq(got, str_sub(want, 0, want.n - 1));
		if (!same)
			print_error("U+%04X: " STR_FMT " is not " STR_FMT "\n", point, STR_ARG(got), STR_ARG(want));
		assert_true(same);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_utf8),
		cmocka_unit_test(test_every_character),
		cmocka_unit_test(test_half),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_first_not_ascii),
		cmocka_unit_test(test_normal_forms),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
