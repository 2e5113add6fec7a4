#include "golden.h"

#include "render/static_files.h"
#include "render/templates.h"

#include "base/auto.h"
#include "base/limits.h"

/* Templates, texts and static files of the golden site, printed with hostile values and compared
 * with expected/. */

static const char *expected_folder;

static struct str read_expected(struct arena *arena, const char *name)
{
	struct str path = str_fmt(arena, "%s/%s", expected_folder, name);
	AUTO_FILE FILE *file = fopen(str_c(arena, path), "rbe");
	assert_non_null(file);
	char *p = arena_alloc(arena, 1u << 20);
	return str_make(p, fread(p, 1, 1u << 20, file));
}

static void check(struct arena *arena, const char *name, struct str is)
{
	const char *update = getenv("GOLDEN_UPDATE");
	if (update && *update) {
		struct str path = str_fmt(arena, "%s/%s", expected_folder, name);
		AUTO_FILE FILE *file = fopen(str_c(arena, path), "wbe");
		assert_non_null(file);
		assert_int_equal(fwrite(is.p, 1, is.n, file), is.n);
		return;
	}
	struct str expected = read_expected(arena, name);
	if (!str_eq(is, expected))
		print_error("%s is now:\n%.*s\n", name, STR_ARG(is));
	assert_true(str_eq(is, expected));
}

#define HOSTILE STR("<script>alert('1')</script> & \"two\" {who} ../%2e")

static void render(struct arena *arena, const struct locale *locale, bool full, struct buf *out)
{
	struct view_part_row_inner inner[] = {{STR("<1>")}, {STR("2")}};
	struct view_everything_rows_deep deep[] = {{STR("d&1")}, {STR("d2")}};
	struct view_everything_rows rows[] = {
		{.label = HOSTILE,
			.url = STR("/a?b=1&c=\"2\""),
			.part = {.label = STR("p1"), .inner = inner, .inner_count = 2},
			.deep = deep,
			.deep_count = 2},
		{.label = STR("two"), .url = STR("/two")},
	};
	struct view_everything view = {
		.name = HOSTILE,
		.on = full,
		.off = !full,
		.count = full ? -7 : INT64_MAX,
		.born = full ? 19991231 : 0,
		.month = 20260400,
		.saved = INT64_C(1795413787000), /* 2026-11-23 15:03:07 in Japan */
		.why = MSG_page_title,
		.silent = MSG_NONE,
		.next = STR("/next?a=1&b='x'"),
		.body = {STR("<em>markup</em>")},
		.rows = full ? rows : NULL,
		.rows_count = full ? 2 : 0,
		.part = {.label = STR("last")},
	};
	struct page page = {.locale = locale,
		.csrf = STR("to\"ken")};
	buf_init(out, arena, LIMIT_PAGE);
	tmpl_everything(out, &page, &view);
}

static void test_page(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	struct buf out;
	render(&arena, locale_get(LANG_EN, false), true, &out);
	check(&arena, "everything.en.html", buf_view(&out));
	render(&arena, locale_get(LANG_JA, false), true, &out);
	check(&arena, "everything.ja.html", buf_view(&out));
	render(&arena, locale_get(LANG_JA, true), true, &out);
	check(&arena, "everything.ruby.html", buf_view(&out));
	render(&arena, locale_get(LANG_JA, true), false, &out);
	check(&arena, "everything.empty.html", buf_view(&out));
}

static void test_mail(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	struct view_mail_note_items items[] = {{HOSTILE}, {STR("2")}};
	struct view_mail_note view = {.name = HOSTILE,
		.born = 20000229,
		.url_base = STR("https://a.example"),
		.items = items,
		.items_count = 2};
	struct page page = {.locale = locale_get(LANG_JA, true)};
	struct buf out;
	buf_init(&out, &arena, LIMIT_PAGE);
	tmpl_mail_note(&out, &page, &view);
	view.items_count = 0;
	tmpl_mail_note(&out, &page, &view);
	check(&arena, "mail.txt", buf_view(&out));
}

/* All texts of the catalogue in each form. */
static void test_texts(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	struct buf out;
	buf_init(&out, &arena, LIMIT_PAGE);
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		for (int furigana = 0; furigana < 2; furigana++) {
			const struct locale *locale = locale_get((enum lang)lang, furigana);
			buf_fmt(&out, "== " STR_FMT " %d\n", STR_ARG(locale->tag), furigana);
			for (int msg = 0; msg < MSG_COUNT; msg++)
				buf_fmt(&out, STR_FMT "\n" STR_FMT "\n",
					STR_ARG(locale->plain[msg]), STR_ARG(locale->html[msg]));
		}
	}
	check(&arena, "texts.txt", buf_view(&out));
}

static void test_static_files(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	assert_int_equal(static_file_count, 3);
	assert_int_equal(static_version.n, 12);
	struct str css = str_fmt(&arena, STR_FMT "/css/main.css", STR_ARG(static_version));
	const struct static_file *file = static_find(css);
	assert_non_null(file);
	assert_true(str_eq(file->path, STR("css/main.css")));
	assert_true(str_eq(file->type, STR("text/css; charset=utf-8")));
	assert_true(str_starts(file->body, STR("body { color: #222; }\n")));
	assert_true(file->gzip.n > 18 && file->gzip.n < file->body.n);
	assert_memory_equal(file->gzip.p, "\x1f\x8b\x08\0\0\0\0\0", 8); /* no name, no time */
	assert_int_equal(file->etag.n, 18);
	file = static_find(str_fmt(&arena, STR_FMT "/img/dot.svg", STR_ARG(static_version)));
	assert_non_null(file);
	assert_true(str_empty(file->gzip)); /* would be longer */

	static const char *const refused[] = {
		"", "/", "css/main.css", "000000000000/css/main.css", "/css/main.css"};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_null(static_find(str_of(refused[i])));
	static const char *const tails[] = {"", "/", "//css/main.css", "/css", "/css/",
		"/css/main.cs", "/css/main.csss", "/../css/main.css", "/zzz", "/a", "css/main.css",
		"/CSS/main.css"};
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
		assert_null(static_find(
			str_fmt(&arena, STR_FMT "%s", STR_ARG(static_version), tails[i])));
	for (size_t i = 0; i < css.n; i++)
		assert_null(static_find(str_sub(css, 0, i)));
}

int main(int argc, char **argv)
{
	expected_folder = argc > 1 ? argv[1] : "expected";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_byte_in_each_place),
		cmocka_unit_test(test_long_values_around_the_width_of_sse),
		cmocka_unit_test(test_ceiling_of_the_page),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_static_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
