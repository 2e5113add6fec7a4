#include "cmd/admin_notice.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "domain/notice.h"

enum { MOST = 1000 };

static struct str given(const char *text)
{
	return text ? str_of(text) : STR("");
}

/* Not given: *out stays. */
static bool time_given(const char *option, const char *text, int64_t *out)
{
	if (!text || time_read_iso(str_of(text), out))
		return true;
	fprintf(stderr, "madoguchi: %s wants a time in Japan as 2026-12-01T09:00+09:00, not %s\n", option, text);
	return false;
}

static bool is(const struct program *program, const char *first, const char *second)
{
	return strcmp(program->words[0], first) == 0 && strcmp(program->words[1], second) == 0;
}

static bool number_given(const struct program *program, int64_t *out)
{
	if (program->word_count > 2 && str_to_i64(str_of(program->words[2]), out))
		return true;
	fprintf(stderr, "madoguchi: admin notice remove wants the number of a notice: admin notice list tells it\n");
	return false;
}

static bool notice_given(const struct program *program, int64_t now, struct notice *out)
{
	struct notice notice = {.published_at = now};

	for (int lang = 0; lang < LANG_COUNT; lang++) {
		if (!program->title[lang] || !program->text[lang]) {
			fprintf(stderr, "madoguchi: admin notice add wants --title-ja, --title-en, --text-ja and --text-en\n");
			return false;
		}
		notice.title[lang] = str_of(program->title[lang]);
		notice.body[lang] = str_of(program->text[lang]);
	}
	*out = notice;
	return time_given("--from", program->from, &out->published_at) && time_given("--until", program->until, &out->until_at);
}

/* Announced now, or when it begins if that is past. */
static bool window_given(const struct program *program, int64_t now, struct maintenance *out)
{
	struct maintenance window = {.words = {[LANG_JA] = given(program->text[LANG_JA]), [LANG_EN] = given(program->text[LANG_EN])}};

	if (!program->from || !program->until) {
		fprintf(stderr, "madoguchi: admin maintenance set wants --from and --until\n");
		return false;
	}
	if (!time_given("--from", program->from, &window.starts_at) || !time_given("--until", program->until, &window.ends_at))
		return false;
	window.announced_at = now < window.starts_at ? now : window.starts_at;
	*out = window;
	return time_given("--announce", program->announce, &out->announced_at);
}

/* What the command line says; only that member which its command needs. */
struct told {
	struct notice notice;
	struct maintenance window;
	int64_t id;
};

static bool told_read(const struct program *program, int64_t now, struct told *out)
{
	if (is(program, "notice", "add"))
		return notice_given(program, now, &out->notice);
	if (is(program, "notice", "remove"))
		return number_given(program, &out->id);
	if (is(program, "maintenance", "set"))
		return window_given(program, now, &out->window);
	return true;
}

enum exit_code admin_notice_wants(const struct program *program)
{
	struct told told;

	return told_read(program, 0, &told) ? EXIT_DONE : EXIT_USAGE;
}

/* One row of a list: in lines with tabs, or as an object. */
struct row {
	struct buf *out;
	bool json;
	bool begun;
};

static void row_name(struct row *row, const char *name)
{
	if (!row->json) {
		if (row->begun)
			buf_byte(row->out, '\t');
	} else {
		buf_c(row->out, row->begun ? "," : row->out->n ? ",\n{" : "[\n{");
		buf_fmt(row->out, "\"%s\":", name);
	}
	row->begun = true;
}

static void row_text(struct row *row, const char *name, struct str text)
{
	row_name(row, name);
	if (row->json)
		json_write_str(row->out, text);
	else
		buf_str(row->out, str_empty(text) ? STR("-") : text);
}

/* 0: none. */
static void row_time(struct row *row, const char *name, int64_t at)
{
	struct buf text;

	buf_init(&text, row->out->arena, 64);
	if (at != 0)
		time_write_iso(&text, at);
	row_text(row, name, buf_view(&text));
}

static void row_end(struct row *row)
{
	buf_c(row->out, row->json ? "}" : "\n");
	row->begun = false;
}

static void list_end(struct row *row)
{
	if (row->json)
		buf_c(row->out, row->out->n ? "\n]\n" : "[]\n");
}

static err notice_rows(struct cx *cx, struct row *row)
{
	struct notice *notices;
	size_t count;

	TRY(notice_all(cx, MOST, &notices, &count));
	for (size_t i = 0; i < count; i++) {
		const struct notice *one = &notices[i];
		bool over = one->until_at != 0 && one->until_at <= cx->now;

		row_text(row, "number", str_fmt(cx->arena, "%lld", (long long)one->id));
		row_time(row, "from", one->published_at);
		row_time(row, "until", one->until_at);
		row_text(row, "state", one->published_at > cx->now ? STR("coming") : over ? STR("over") : STR("out"));
		row_text(row, "title_ja", one->title[LANG_JA]);
		row_text(row, "title_en", one->title[LANG_EN]);
		row_end(row);
	}
	list_end(row);
	return buf_error(row->out);
}

static err window_rows(struct cx *cx, struct row *row)
{
	struct maintenance *windows;
	size_t count;

	TRY(maintenance_list(cx, MOST, &windows, &count));
	for (size_t i = 0; i < count; i++) {
		const struct maintenance *one = &windows[i];

		row_time(row, "announced", one->announced_at);
		row_time(row, "from", one->starts_at);
		row_time(row, "until", one->ends_at);
		row_text(row, "state", one->announced_at > cx->now ? STR("coming") : one->starts_at > cx->now ? STR("announced") : STR("running"));
		row_text(row, "text_ja", one->words[LANG_JA]);
		row_text(row, "text_en", one->words[LANG_EN]);
		row_end(row);
	}
	list_end(row);
	return buf_error(row->out);
}

/* The number is what takes it back. */
static err add(struct cx *cx, const struct notice *notice, struct buf *out)
{
	int64_t id;

	TRY(notice_add(cx, notice, &id));
	buf_i64(out, id);
	buf_byte(out, '\n');
	return buf_error(out);
}

static err carry_out(struct cx *cx, const struct program *program, const struct told *told, struct buf *out)
{
	struct row row = {.out = out, .json = program->json};

	if (is(program, "notice", "list"))
		return notice_rows(cx, &row);
	if (is(program, "notice", "add"))
		return add(cx, &told->notice, out);
	if (is(program, "notice", "remove"))
		return notice_remove(cx, told->id);
	if (is(program, "maintenance", "show"))
		return window_rows(cx, &row);
	if (is(program, "maintenance", "set"))
		return maintenance_set(cx, &told->window);
	if (is(program, "maintenance", "clear"))
		return maintenance_clear(cx);
	return fail(ERR_INTERNAL, "a command that nobody carries out");
}

enum exit_code admin_notice(struct start *start)
{
	const struct program *program = start->program;
	struct cx cx = start_cx(start, program->arena, ACTOR_OPERATOR);
	struct told told = {0};
	struct buf out;

	if (!told_read(program, cx.now, &told))
		return EXIT_USAGE;
	buf_init(&out, program->arena, LIMIT_PAGE);
	err e = carry_out(&cx, program, &told, &out);
	cx_end(&cx);
	if (failed(e)) {
		program_complain(program->words[0], e);
		return program_exit_of(e);
	}
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_DONE;
}
