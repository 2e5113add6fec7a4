#include "base/log.h"

#include "base/encode.h"
#include "base/time.h"
#include "base/unset.h"
#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>

/*
 * The line is put together on the stack and leaves in one write, by itself or with others that the thread
 * has gathered. What leaves is never longer than PIPE_BUF, so that lines of several processes on one pipe are
 * not mixed; values that do not fit are cut and the line says so.
 */
#define LOG_LINE ((size_t)PIPE_BUF)
#define LOG_VALUE 1024u
/* ,"cut":1}\n with some room for the longest escape. */
#define LOG_TAIL 32u

static_assert(PIPE_BUF >= 4096, "a log line must leave in one piece");

static _Atomic int least_level = LOG_INFO;
static _Atomic int log_fd = STDERR_FILENO;

static const char *const level_names[LOG_LEVEL_COUNT] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

void log_set_level(enum log_level least)
{
	atomic_store(&least_level, (int)least);
}

void log_set_fd(int fd)
{
	atomic_store(&log_fd, fd);
}

/* The text as a JSON string that ends before `end`; false when it was cut. */
static bool put_text(struct buf *line, struct str text, size_t end)
{
	/* Nearly always a short word of ours; what is long, broken or cut goes point by point. */
	bool in_runs = text.n <= LOG_VALUE && utf8_valid(text);
	buf_byte(line, '"');
	while (text.n && line->n < end) {
		size_t n = in_runs ? json_plain_run(text) : 0;
		if (n > end - line->n)
			n = 0;
		buf_bytes(line, text.p, n);
		text = str_skip(text, n);
		if (text.n)
			json_write_point(line, utf8_next(&text));
	}
	buf_byte(line, '"');
	return text.n == 0;
}

/* False when the value was cut or the field left out. */
static bool put_field(struct buf *line, const struct log_field *field)
{
	struct str name = str_of(field->name);
	/* Comma, quotes, colon and a number of 20 digits; a name is a word of ours and needs no
	 * escape. */
	if (line->n + name.n + 64 + LOG_TAIL > LOG_LINE)
		return false;
	buf_byte(line, ',');
	buf_lit(line, "\"");
	buf_str(line, name);
	buf_lit(line, "\":");
	if (field->is_number) {
		buf_i64(line, field->number);
		return true;
	}
	size_t end = line->n + LOG_VALUE;
	if (end > LOG_LINE - LOG_TAIL)
		end = LOG_LINE - LOG_TAIL;
	return put_text(line, field->text, end);
}

/* "2026-11-23T05:03:07.123Z". The second changes rarely, so each thread keeps its text. */
static void put_time(struct buf *line, int64_t at)
{
	static _Thread_local struct {
		int64_t second;
		char text[20];
	} kept;
	if (at < 0 || at / TIME_SECOND != kept.second || !kept.text[0]) {
		char memory[32];
		struct buf whole = {.p = memory, .cap = sizeof memory, .max = sizeof memory};
		time_write_utc(&whole, at);
		memcpy(kept.text, memory, sizeof kept.text);
		kept.second = at / TIME_SECOND;
	}
	buf_bytes(line, kept.text, sizeof kept.text);
	buf_pad(line, (at % TIME_SECOND + TIME_SECOND) % TIME_SECOND, 3);
	buf_byte(line, 'Z');
}

static void write_lines(struct str lines)
{
	ssize_t n;
	do
		n = write(atomic_load(&log_fd), lines.p, lines.n);
	while (n < 0 && errno == EINTR);
	/* There is nobody to tell that telling failed. */
}

/* The lines that this thread has gathered: whole ones, never more than leave in one piece. */
static _Thread_local struct {
	bool on;
	size_t n;
	char lines[LOG_LINE];
} gathered;

static void let_go(void)
{
	if (gathered.n > 0)
		write_lines(str_make(gathered.lines, gathered.n));
	gathered.n = 0;
}

void log_gather(void)
{
	gathered.on = true;
}

void log_let_go(void)
{
	int kept_errno = errno;
	let_go();
	gathered.on = false;
	errno = kept_errno;
}

static void put_line(enum log_level level, struct str line)
{
	if (!gathered.on || level >= LOG_WARN || line.n > LOG_LINE - gathered.n)
		let_go();
	if (!gathered.on || level >= LOG_WARN) {
		write_lines(line);
		return;
	}
	memcpy(gathered.lines + gathered.n, line.p, line.n);
	gathered.n += line.n;
}

void log_write(
	enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
	if ((unsigned)level >= LOG_LEVEL_COUNT || (int)level < atomic_load(&least_level))
		return;
	int kept_errno = errno;
	UNSET char memory[LOG_LINE + 1];
	/* Full from the start, so it never asks an arena for more. */
	struct buf line = {.p = memory, .cap = LOG_LINE, .max = LOG_LINE};
	buf_lit(&line, "{\"time\":\"");
	put_time(&line, time_now());
	buf_lit(&line, "\",\"level\":\"");
	buf_c(&line, level_names[level]);
	buf_lit(&line, "\",\"event\":");
	bool whole = put_text(&line, str_of(event), LOG_VALUE);
	for (size_t i = 1; i < count; i++)
		whole &= put_field(&line, &fields[i]);
	if (!whole)
		buf_lit(&line, ",\"cut\":1");
	buf_lit(&line, "}\n");
	put_line(level, buf_view(&line));
	errno = kept_errno;
}
