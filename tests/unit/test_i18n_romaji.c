#include "i18n/romaji.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect(struct str got, const char *wanted, const char *of)
{
	if (!str_eq(got, str_of(wanted)))
		fail_msg("%s gives \"" STR_FMT "\", not \"%s\"", of, STR_ARG(got), wanted);
}

static void test_kana(void **state)
{
	static const struct {
		const char *kana, *romaji;
	} rows[] = {
		{"こうしん", "koshin"}, {"コウシン", "koshin"}, {"ざいりゅう", "zairyu"}, {"しゅうろう", "shuro"}, {"しょうめいしょ", "shomeisho"}, {"けっか", "kekka"},
		{"マッチ", "macchi"}, {"ちゅうごく", "chugoku"}, {"じゃ", "ja"}, {"ふぁ", "fa"}, {"がくせい", "gakusei"}, {"しんぶん", "shinbun"}, {"づき", "zuki"},
		{"パスポート", "pasupoto"}, {"カード", "kado"}, {"を", "o"}, {"ひゃく", "hyaku"}, {"ヴ", "vu"}, {"EPAかぞく", "epakazoku"}, {"漢字", ""}, {"ー", ""}, {"", ""}, {"ゃ", "ya"},
		{"っ", ""},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, LIMIT_REQUEST_ARENA);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(romaji_of_kana(&arena, str_of(rows[i].kana)), rows[i].romaji, rows[i].kana);
	arena_release(&arena);
}

/* However it is spelled, it comes out as kana do. */
static void test_spellings(void **state)
{
	static const struct {
		const char *typed, *kana;
	} rows[] = {
		{"koushin", "こうしん"}, {"kosin", "こうしん"}, {"Koshin", "こうしん"}, {"kousinn", "こうしんん"}, {"zairyuu", "ざいりゅう"}, {"syuurou", "しゅうろう"}, {"shuro", "しゅうろう"},
		{"shimbun", "しんぶん"}, {"kenmei", "けんめい"}, {"tyuugoku", "ちゅうごく"}, {"tsuuchi", "つうち"}, {"tuuti", "つうち"}, {"zyuusyo", "じゅうしょ"}, {"matchi", "まっち"}, {"hudousan", "ふどうさん"},
		{"kin'en", "きんえん"}, {"oosaka", "おおさか"}, {"", ""},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, LIMIT_REQUEST_ARENA);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str kana = romaji_of_kana(&arena, str_of(rows[i].kana));

		expect(romaji_normal(&arena, str_of(rows[i].typed)), str_c(&arena, kana), rows[i].typed);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kana),
		cmocka_unit_test(test_spellings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
