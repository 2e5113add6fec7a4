#include "base/log.h"

#include "base/encode.h"
#include "base/time.h"
#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>

/*
 * The line is put together on the stack and leaves in one write. It is never longer than PIPE_BUF,
 * so that lines of several processes on one pipe are not mixed; values that do not fit are cut and
 * the line says so.
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
	buf_byte(line, '"');
	while (text.n && line->n < end)
		json_write_point(line, utf8_next(&text));
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
	bool whole = put_text(line, name, LOG_LINE - LOG_TAIL);
	buf_byte(line, ':');
	if (field->is_number) {
		buf_i64(line, field->number);
		return whole;
	}
	size_t end = line->n + LOG_VALUE;
	if (end > LOG_LINE - LOG_TAIL)
		end = LOG_LINE - LOG_TAIL;
	return put_text(line, field->text, end) && whole;
}

static void write_line(struct str line)
{
	ssize_t n;
	do
		n = write(atomic_load(&log_fd), line.p, line.n);
	while (n < 0 && errno == EINTR);
	/* There is nobody to tell that telling failed. */
}

void log_write(
	enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
	if ((unsigned)level >= LOG_LEVEL_COUNT || (int)level < atomic_load(&least_level))
		return;
	int kept_errno = errno;
	char memory[LOG_LINE + 1];
	/* Full from the start, so it never asks an arena for more. */
	struct buf line = {.p = memory, .cap = LOG_LINE, .max = LOG_LINE};
	buf_lit(&line, "{\"time\":\"");
	time_write_utc(&line, time_now());
	buf_lit(&line, "\",\"level\":\"");
	buf_c(&line, level_names[level]);
	buf_lit(&line, "\",\"event\":");
	bool whole = put_text(&line, str_of(event), LOG_VALUE);
	for (size_t i = 1; i < count; i++)
		whole &= put_field(&line, &fields[i]);
	if (!whole)
		buf_lit(&line, ",\"cut\":1");
	buf_lit(&line, "}\n");
	write_line(buf_view(&line));
	errno = kept_errno;
}
