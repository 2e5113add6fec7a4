#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "render/pdf.h"

#include "base/auto.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

/* The PDF is read back by other people's programs: pdfinfo, pdftotext, pdffonts. */

extern char **environ;

/* What fontconfig and cairo keep until the end of the process is theirs. Read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libcairo\nleak:libpango\nleak:libglib\n";
}

#define PDF_MAX (16u << 20)
#define LONG_NAME_CHARS 150

/* Writes the file to a temporary place, runs the program on it and answers what it printed. */
static struct str ask(struct arena *arena, struct str pdf, const char *program, const char *option,
	const char *last)
{
	char in[] = "/tmp/test_render_pdf_XXXXXX";
	AUTO_FD int fd = mkstemp(in);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, pdf.p, pdf.n), pdf.n);
	int out[2];
	assert_int_equal(pipe(out), 0);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_addclose(&actions, out[0]);
	char *copies[] = {
		strdup(program), strdup(option), strdup(in), last ? strdup(last) : NULL, NULL};
	pid_t pid;
	assert_int_equal(posix_spawnp(&pid, program, &actions, NULL, copies, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	struct buf text;
	buf_init(&text, arena, PDF_MAX);
	char chunk[4096];
	for (ssize_t n; (n = read(out[0], chunk, sizeof chunk)) > 0;)
		buf_bytes(&text, chunk, (size_t)n);
	close(out[0]);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (size_t i = 0; i < 4; i++)
		free(copies[i]);
	unlink(in);
	return buf_view(&text);
}

/* Lines break where they break: neither ASCII white space nor the ideographic blank counts. */
static struct str without_blanks(struct arena *arena, struct str text)
{
	struct buf out;
	buf_init(&out, arena, PDF_MAX);
	for (size_t i = 0; i < text.n; i++) {
		if (str_starts(str_skip(text, i), STR("　")))
			i += 2;
		else if (!isspace((unsigned char)text.p[i]))
			buf_byte(&out, text.p[i]);
	}
	return buf_view(&out);
}

static struct str without(struct arena *arena, struct str text, struct str part)
{
	struct buf out;
	buf_init(&out, arena, PDF_MAX);
	for (ptrdiff_t at; (at = str_find(text, part)) >= 0;
		text = str_skip(text, (size_t)at + part.n))
		buf_str(&out, str_sub(text, 0, (size_t)at));
	buf_str(&out, text);
	return buf_view(&out);
}

static struct str text_of(struct arena *arena, struct str pdf)
{
	return without_blanks(arena, ask(arena, pdf, "pdftotext", "-raw", "-"));
}

static int pages_of(struct arena *arena, struct str pdf)
{
	struct str info = ask(arena, pdf, "pdfinfo", "-rawdates", NULL);
	ptrdiff_t at = str_find(info, STR("Pages:"));
	assert_true(at >= 0);
	struct str rest = str_skip(info, (size_t)at + 6);
	struct str line;
	int64_t pages = 0;
	assert_true(str_next(&rest, '\n', &line));
	assert_true(str_to_i64(str_trim(line), &pages));
	return (int)pages;
}

static struct str write_pdf(struct arena *arena, const struct pdf_doc *doc)
{
	struct buf out;
	buf_init(&out, arena, PDF_MAX);
	err e = pdf_write(arena, doc, &out);
	if (failed(e))
		print_error("%s\n", err_detail());
	assert_false(failed(e));
	assert_true(str_starts(buf_view(&out), STR("%PDF-1.")));
	return buf_view(&out);
}

static const struct pdf_doc head = {
	.title = STR_INIT("在留期間更新許可申請（留学）"),
	.subtitle = STR_INIT("Application for extension of period of stay"),
	.author = STR_INIT("madoguchi"),
	.continued = STR_INIT("(続き)"),
	.footer = STR_INIT("申請内容の控え"),
	.lang = STR_INIT("ja"),
	.created_at = INT64_C(1795413787000), /* 2026-11-23T15:03:07+09:00 */
};

static void assert_contains(struct arena *arena, struct str all, struct str part)
{
	struct str wanted = without_blanks(arena, part);
	if (str_find(all, wanted) < 0)
		print_error("missing: %.*s\n", STR_ARG(wanted));
	assert_true(str_find(all, wanted) >= 0);
}

/* Nothing at all, and nothing but broken bytes, are documents too. */
static void test_empty(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	const struct pdf_doc nothing = {0};
	struct str pdf = write_pdf(&arena, &nothing);
	assert_int_equal(pages_of(&arena, pdf), 1);
	assert_contains(&arena, text_of(&arena, pdf), STR("1/1"));

	struct pdf_row row = {STR("a\xFF\x80z"), STR("\xE3\x81"),
		STR("x\x01\x02\x7F\xC2\x85y \xE2\x80\xAE"
		    "abc \xE2\x81\xA6\xEF\xBB\xBF")};
	struct pdf_section section = {STR("\xC0"), {0}, &row, 1};
	const struct pdf_doc broken = {.title = STR("\xED\xA0\x80"),
		.sections = &section,
		.section_count = 1,
		.lang = STR("\"'")};
	struct str all = text_of(&arena, write_pdf(&arena, &broken));
	assert_contains(&arena, all, STR("xy abc"));
	assert_true(str_find(all, STR("\xE2\x80\xAE")) < 0);
}

static void test_scripts_come_out_whole(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	static const struct str values[] = {
		STR_INIT("東京都港区港南５丁目５番３０号　品川ビル"),
		STR_INIT("髙橋 﨑 𠮷野家 ヷ ㌔"),
		STR_INIT("NGUYỄN THỊ HƯƠNG GIANG, Đặng Trường Sơn"),
		STR_INIT("မြန်မာနိုင်ငံ"),
		STR_INIT("ประเทศไทย สวัสดีครับ"),
		STR_INIT("नेपाल राम"),
		STR_INIT("한국 김철수"),
		STR_INIT("中华人民共和国 繁體字"),
		STR_INIT("Монгол Улс Ελλάδα"),
		STR_INIT("fi ffl office KI LI FI"),
		STR_INIT("<b>&amp;</b> \\ (parentheses) %PDF"),
	};
	enum { COUNT = sizeof values / sizeof *values };
	struct pdf_row rows[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		rows[i] = (struct pdf_row){STR("項目"), STR("Item"), values[i]};
	struct pdf_section section = {
		STR("所属機関等作成用１"), STR("For organization, part 1"), rows, COUNT};
	struct pdf_row fact = {STR("受付番号"), STR("Reference"), STR("M-2026-ABCD-1234")};
	struct pdf_doc doc = head;
	doc.facts = &fact;
	doc.fact_count = 1;
	doc.sections = &section;
	doc.section_count = 1;

	struct str pdf = write_pdf(&arena, &doc);
	struct str all = text_of(&arena, pdf);
	for (size_t i = 0; i < COUNT; i++)
		assert_contains(&arena, all, values[i]);
	assert_contains(&arena, all, doc.title);
	assert_contains(&arena, all, doc.subtitle);
	assert_contains(&arena, all, section.title);
	assert_contains(&arena, all, section.sub_title);
	assert_contains(&arena, all, STR("M-2026-ABCD-1234"));
	assert_contains(&arena, all, doc.footer);
	assert_int_equal(pages_of(&arena, pdf), 1);
	assert_true(pdf.n < 400000);
}

static void test_metadata_and_fonts(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	struct pdf_row row = {STR("氏名"), STR("Name"), STR("HUYNH Anh")};
	struct pdf_section section = {STR("申請人"), {0}, &row, 1};
	struct pdf_doc doc = head;
	doc.sections = &section;
	doc.section_count = 1;
	struct str pdf = write_pdf(&arena, &doc);
	struct str info = ask(&arena, pdf, "pdfinfo", "-rawdates", NULL);
	assert_contains(
		&arena, without_blanks(&arena, info), STR("Title: 在留期間更新許可申請（留学）"));
	assert_contains(&arena, without_blanks(&arena, info), STR("Author: madoguchi"));
	assert_contains(
		&arena, without_blanks(&arena, info), STR("CreationDate: 20261123150307+09'00"));
	assert_contains(
		&arena, without_blanks(&arena, info), STR("Page size: 595.28 x 841.89 pts (A4)"));
	struct str tags = without_blanks(&arena, ask(&arena, pdf, "pdfinfo", "-struct", NULL));
	assert_contains(
		&arena, tags, STR("H1 (block) P (block) H2 (block) Table (block) TR TH TD"));
}

/* Every font is embedded and a subset: the columns emb, sub, uni of pdffonts are all "yes". */
static void test_fonts_are_embedded(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	struct pdf_row row = {STR("氏名"), STR("Name"), STR("HUYNH Anh ไทย မြန်")};
	struct pdf_section section = {STR("申請人"), {0}, &row, 1};
	struct pdf_doc doc = head;
	doc.sections = &section;
	doc.section_count = 1;
	struct str rest = ask(&arena, write_pdf(&arena, &doc), "pdffonts", "--", NULL);
	struct str line;
	size_t fonts = 0;
	for (size_t n = 0; str_next(&rest, '\n', &line); n++) {
		if (n < 2 || !line.n)
			continue;
		assert_true(str_find(line, STR("yes yes yes")) >= 0);
		fonts++;
	}
	assert_true(fonts >= 4);
}

static void test_long_name(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	char name[LONG_NAME_CHARS];
	for (size_t i = 0; i < sizeof name; i++)
		name[i] = (char)('A' + i % 26);
	struct buf kanji;
	buf_init(&kanji, &arena, 4096);
	for (size_t i = 0; i < LONG_NAME_CHARS; i++)
		buf_c(&kanji, i % 2 ? "齋" : "藤");
	struct pdf_row facts[] = {{STR("氏名"), STR("Name"), str_make(name, sizeof name)},
		{STR("漢字"), {0}, buf_view(&kanji)}};
	struct pdf_row row = {str_make(name, sizeof name), buf_view(&kanji), STR("x")};
	struct pdf_section section = {str_make(name, sizeof name), buf_view(&kanji), &row, 1};
	struct pdf_doc doc = head;
	doc.title = buf_view(&kanji);
	doc.facts = facts;
	doc.fact_count = 2;
	doc.sections = &section;
	doc.section_count = 1;
	struct str all = text_of(&arena, write_pdf(&arena, &doc));
	size_t names = 0;
	size_t kanjis = 0;
	for (ptrdiff_t at; (at = str_find(all, str_make(name, sizeof name))) >= 0; names++)
		all = str_skip(all, (size_t)at + sizeof name);
	all = text_of(&arena, write_pdf(&arena, &doc));
	for (ptrdiff_t at; (at = str_find(all, buf_view(&kanji))) >= 0; kanjis++)
		all = str_skip(all, (size_t)at + kanji.n);
	assert_int_equal(names, 3);
	assert_int_equal(kanjis, 4);
}

/* Rows over many pages: each once and in order, headings repeated, "n / N" right on each page. */
static void test_many_pages(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	enum { ROWS = 300 };
	struct pdf_row *rows = arena_array(&arena, struct pdf_row, ROWS);
	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct pdf_row){str_fmt(&arena, "項目%zu", i), STR("sub"),
			str_fmt(&arena, "[value-%zu]", i)};
	struct pdf_section sections[] = {
		{STR("第一部"), {0}, rows, ROWS}, {STR("第二部"), {0}, rows, 1}};
	struct pdf_doc doc = head;
	doc.sections = sections;
	doc.section_count = 2;
	struct str pdf = write_pdf(&arena, &doc);
	int pages = pages_of(&arena, pdf);
	assert_in_range(pages, 8, 40);
	struct str all = text_of(&arena, pdf);
	size_t from = 0;
	for (size_t i = 0; i < ROWS; i++) {
		ptrdiff_t at = str_find(str_skip(all, from), str_fmt(&arena, "[value-%zu]", i));
		assert_true(at >= 0);
		from += (size_t)at;
	}
	from = 0;
	int repeated = 0;
	for (int page = 1; page <= pages; page++) {
		ptrdiff_t at = str_find(str_skip(all, from), str_fmt(&arena, "%d/%d", page, pages));
		assert_true(at >= 0);
		repeated += str_find(str_sub(all, from, (size_t)at), STR("第一部(続き)")) >= 0;
		from += (size_t)at;
	}
	assert_in_range(repeated, pages - 2, pages - 1);
	assert_true(str_find(all, STR("第二部(続き)")) < 0);
}

/* One answer that is longer than two pages. */
static void test_long_value(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	struct buf value;
	buf_init(&value, &arena, 1u << 20);
	for (int i = 0; i < 700; i++)
		buf_fmt(&value, "%dこれは長い理由です。%s", i, i % 50 == 49 ? "\n\n" : "");
	struct pdf_row rows[] = {{STR("前"), {0}, STR("x")},
		{STR("理由"), STR("Reason"), buf_view(&value)}, {STR("後"), {0}, STR("y")}};
	struct pdf_section section = {STR("申請理由"), {0}, rows, 3};
	struct pdf_doc doc = head;
	doc.sections = &section;
	doc.section_count = 1;
	struct str pdf = write_pdf(&arena, &doc);
	int pages = pages_of(&arena, pdf);
	assert_in_range(pages, 4, 20);
	struct str all = text_of(&arena, pdf);
	for (int page = 1; page <= pages; page++)
		all = without(&arena, all, str_fmt(&arena, "申請内容の控え%d/%d", page, pages));
	all = without(&arena, all, STR("申請理由(続き)"));
	assert_contains(&arena, all, buf_view(&value));
	assert_contains(&arena, all, STR("後 y"));
}

static void test_ceiling(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	struct buf out;
	buf_init(&out, &arena, 1000);
	err e = pdf_write(&arena, &head, &out);
	assert_int_equal(e.code, ERR_LIMIT);
	struct str pdf = write_pdf(&arena, &head);
	buf_init(&out, &arena, pdf.n);
	assert_false(failed(pdf_write(&arena, &head, &out)));
	/* Wherever it ends: cairo would end the process if it knew that what it writes of an outline is lost. */
	struct pdf_row rows[40];
	struct pdf_section sections[12];
	for (size_t i = 0; i < 40; i++)
		rows[i] = (struct pdf_row){.label = STR("理由"), .value = STR("学校に通うため")};
	for (size_t i = 0; i < 12; i++)
		sections[i] = (struct pdf_section){.title = str_fmt(&arena, "申請理由 %zu", i), .rows = rows, .row_count = 40};
	struct pdf_doc doc = head;
	doc.sections = sections;
	doc.section_count = 12;
	pdf = write_pdf(&arena, &doc);
	for (size_t i = 1; i < 60; i++) {
		buf_init(&out, &arena, pdf.n * i / 60);
		assert_int_equal(pdf_write(&arena, &doc, &out).code, ERR_LIMIT);
	}
	/* Nothing is drawn of texts that are not whole. */
	AUTO_ARENA small;
	arena_init_text(&small, 1, 64u << 20);
	buf_init(&out, &arena, pdf.n);
	assert_int_equal(pdf_write(&small, &head, &out).code, ERR_LIMIT);
	assert_int_equal(out.n, 0);
}

/* The same document gives the same bytes. */
static void test_repeatable(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	assert_true(str_eq(write_pdf(&arena, &head), write_pdf(&arena, &head)));
}

struct written {
	char *p; /* malloc */
	size_t n;
};

static void *write_some(void *arg)
{
	struct written *out = arg;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	for (int i = 0; i < 3; i++) {
		struct buf buf;
		buf_init(&buf, &arena, PDF_MAX);
		if (failed(pdf_write(&arena, &head, &buf)))
			return NULL;
		free(out->p);
		out->p = malloc(buf.n);
		out->n = buf.n;
		memcpy(out->p, buf.p, buf.n);
	}
	return out;
}

static void test_threads(void **state)
{
	(void)state;
	enum { THREADS = 4 };
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	pthread_t threads[THREADS];
	struct written results[THREADS] = {{0}};
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_some, &results[i]), 0);
	struct str expected = write_pdf(&arena, &head);
	for (size_t i = 0; i < THREADS; i++) {
		void *answer = NULL;
		assert_int_equal(pthread_join(threads[i], &answer), 0);
		assert_non_null(answer);
		assert_true(str_eq(str_make(results[i].p, results[i].n), expected));
		free(results[i].p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_scripts_come_out_whole),
		cmocka_unit_test(test_metadata_and_fonts),
		cmocka_unit_test(test_fonts_are_embedded),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_many_pages),
		cmocka_unit_test(test_long_value),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_repeatable),
		cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
