#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "i18n/ruby.h"

#include "base/utf8.h"

/* Readings in Aozora notation: what is no markup stays text, whatever it looks like; nothing is
 * lost and all is escaped. */

static struct str plain(struct arena *arena, struct str text)
{
	struct buf out;
	buf_init(&out, arena, 1u << 20);
	ruby_write_plain(&out, text);
	return buf_view(&out);
}

static struct str html(struct arena *arena, struct str text, enum ruby_style style)
{
	struct buf out;
	buf_init(&out, arena, 1u << 20);
	ruby_write_styled(&out, text, style);
	return buf_view(&out);
}

static void assert_str(struct str is, const char *expected)
{
	if (!str_eq(is, str_of(expected)))
		print_error("is       %.*s\nexpected %s\n", STR_ARG(is), expected);
	assert_true(str_eq(is, str_of(expected)));
}

struct one {
	const char *text;
	const char *plain;
	const char *html; /* with ruby */
};

static void check_all(const struct one *all, size_t count)
{
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	for (size_t i = 0; i < count; i++) {
		assert_str(plain(&arena, str_of(all[i].text)), all[i].plain);
		assert_str(html(&arena, str_of(all[i].text), RUBY_SHOWN), all[i].html);
	}
}
#define CHECK(all) check_all((all), sizeof(all) / sizeof *(all))

static void test_broken_markup_is_text(void **state)
{
	(void)state;
	static const struct one all[] = {
		{"", "", ""},
		{"《", "《", "《"},
		{"》", "》", "》"},
		{"｜", "｜", "｜"},
		{"《あ》", "《あ》", "《あ》"},
		{"在留《", "在留《", "在留《"},
		{"在留《》", "在留《》", "在留《》"},
		{"在留《ざい", "在留《ざい", "在留《ざい"},
		{"在留《ざ《い》", "在留《ざ《い》", "在留《ざ《い》"},
		{"在留《ざ\nい》", "在留《ざ\nい》", "在留《ざ\nい》"},
		{"在留《ざ｜い》", "在留《ざ｜い》", "在留《ざ｜い》"},
		{"かな《かな》", "かな《かな》", "かな《かな》"},
		{"｜《あ》", "｜《あ》", "｜《あ》"},
		{"｜あ\nい《う》", "｜あ\nい《う》", "｜あ\nい《う》"},
		{"｜あ", "｜あ", "｜あ"},
		{"｜｜｜《《《》》》", "｜｜｜《《《》》》", "｜｜｜《《《》》》"},
		{"*", "*", "*"},
		{"**", "", "<strong></strong>"},
		{"***", "*", "<strong>*</strong>"},
		{"****", "", "<strong></strong>"},
		{"**あ", "あ", "<strong>あ</strong>"},
		{"あ**", "あ", "あ<strong></strong>"},
	};
	CHECK(all);
}

static void test_escaping(void **state)
{
	(void)state;
	static const struct one all[] = {
		{"<b>&\"'</b>", "<b>&\"'</b>", "&lt;b&gt;&amp;\"'&lt;/b&gt;"},
		{"｜<b>《<i>》", "<b>", "<ruby>&lt;b&gt;<rt>&lt;i&gt;</rt></ruby>"},
		{"**<script>**", "<script>", "<strong>&lt;script&gt;</strong>"},
	};
	CHECK(all);
}

static void test_bases(void **state)
{
	(void)state;
	static const struct one all[] = {
		{"在留《ざいりゅう》カード", "在留カード",
			"<ruby>在留<rt>ざいりゅう</rt></ruby>カード"},
		{"｜在留《ざいりゅう》カード", "在留カード",
			"<ruby>在留<rt>ざいりゅう</rt></ruby>カード"},
		{"この在留《ざいりゅう》", "この在留", "この<ruby>在留<rt>ざいりゅう</rt></ruby>"},
		{"人々《ひとびと》", "人々", "<ruby>人々<rt>ひとびと</rt></ruby>"},
		{"三ヶ月《さんかげつ》", "三ヶ月", "<ruby>三ヶ月<rt>さんかげつ</rt></ruby>"},
		{"〇歳《れいさい》", "〇歳", "<ruby>〇歳<rt>れいさい</rt></ruby>"},
		{"在留｜期間《きかん》", "在留期間", "在留<ruby>期間<rt>きかん</rt></ruby>"},
		{"｜申し込み《もうしこみ》", "申し込み",
			"<ruby>申し込み<rt>もうしこみ</rt></ruby>"},
		{"｜OK《オーケー》", "OK", "<ruby>OK<rt>オーケー</rt></ruby>"},
		{"一《いち》二《に》", "一二",
			"<ruby>一<rt>いち</rt></ruby><ruby>二<rt>に</rt></ruby>"},
		{"**重要《じゅうよう》**です", "重要です",
			"<strong><ruby>重要<rt>じゅうよう</rt></ruby></strong>です"},
		{"\xF0\xA0\xAE\xB7田《よしだ》", "\xF0\xA0\xAE\xB7田",
			"<ruby>\xF0\xA0\xAE\xB7田<rt>よしだ</rt></ruby>"},
	};
	CHECK(all);
}

static void test_styles(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	struct str text = STR("在留《ざいりゅう》& **x**");
	assert_str(html(&arena, text, RUBY_HIDDEN), "在留&amp; <strong>x</strong>");
	assert_str(html(&arena, text, RUBY_SHOWN_ABROAD),
		"<ruby lang=\"ja\">在留<rt>ざいりゅう</rt></ruby>&amp; <strong>x</strong>");
	struct buf out;
	buf_init(&out, &arena, 1u << 16);
	ruby_write_html(&out, text, false);
	ruby_write_html(&out, text, true);
	assert_str(buf_view(&out),
		"在留&amp; <strong>x</strong><ruby>在留<rt>ざいりゅう</rt></ruby>&amp; "
		"<strong>x</strong>");
}

/* Each text made of up to five signs, and each of its beginnings, broken UTF-8 too: the pieces put
   together are the text, and bytes are never lost or read beyond the end. */
static void test_all_short_texts(void **state)
{
	(void)state;
	static const struct str signs[] = {STR_INIT("｜"), STR_INIT("《"), STR_INIT("》"),
		STR_INIT("漢"), STR_INIT("か"), STR_INIT("*"), STR_INIT("\xE3\x80"),
		STR_INIT("\n")};
	enum { COUNT = sizeof signs / sizeof *signs };
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	for (unsigned n = 0; n < COUNT * COUNT * COUNT * COUNT * COUNT; n++) {
		struct buf text;
		buf_init(&text, &arena, 64);
		for (unsigned rest = n, i = 0; i < 5; i++, rest /= COUNT)
			buf_str(&text, signs[rest % COUNT]);
		char *exact = arena_alloc(&arena, text.n);
		memcpy(exact, text.p, text.n);
		size_t seen = 0;
		struct ruby_reader reader = {.rest = str_make(exact, text.n)};
		struct ruby_piece piece;
		while (ruby_next(&reader, &piece)) {
			assert_true(piece.text.p >= exact + seen);
			assert_true(piece.text.n > 0);
			seen = (size_t)(piece.text.p - exact) + piece.text.n;
			if (piece.kind == RUBY_PAIR) {
				assert_true(piece.reading.n > 0 && piece.reading.p > piece.text.p);
				seen = (size_t)(piece.reading.p - exact) + piece.reading.n +
				       strlen("》");
			}
		}
		assert_int_equal(seen, text.n);
		arena_reset(&arena);
	}
}

static void test_kanji(void **state)
{
	(void)state;
	static const uint32_t yes[] = {
		0x3005, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xF900, 0xFAFF, 0x20000, 0x3FFFF};
	static const uint32_t no[] = {0, 'a', 0x3006, 0x3007, 0x3042, 0x30A2, 0x30F6, 0x33FF,
		0x4DC0, 0xA000, 0xF8FF, 0xFB00, 0x1FFFF, 0x40000, UTF8_BAD};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		assert_true(ruby_is_kanji(yes[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(ruby_is_kanji(no[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_markup_is_text),
		cmocka_unit_test(test_escaping),
		cmocka_unit_test(test_bases),
		cmocka_unit_test(test_styles),
		cmocka_unit_test(test_all_short_texts),
		cmocka_unit_test(test_kanji),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
