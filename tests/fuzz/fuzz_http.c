/*
 * What a connection receives: heads, bodies, pipelined. The first byte chooses the limits, the rest
 * is the stream.
 *   - cut anywhere, the stream gives the same requests and the same refusal;
 *   - a head that was taken, printed again from what was understood, is understood as the same;
 *   - a path that was taken has one spelling.
 */

#include "fuzz.h"

#include "http/chunk.h"
#include "http/parse.h"
#include "http/target.h"

#include "base/utf8.h"

#include <assert.h>

#define REQUESTS 50
#define ARENA (64u << 20)

static struct http_limits limits;
static struct arena arena;

/* All that was understood of a stream, as text. */
struct trace {
	struct buf text;
};

static void note(struct trace *trace, const char *what, struct str value)
{
	buf_fmt(&trace->text, "%s(%zu)=", what, value.n);
	buf_str(&trace->text, value);
	buf_byte(&trace->text, '\n');
}

static void note_head(struct trace *trace, const struct parse *parse, const char *base)
{
	buf_fmt(&trace->text,
		"method=%d minor=%d length=%llu chunked=%d expects=%d keep=%d size=%zu\n",
		(int)parse->method, parse->minor, (unsigned long long)parse->length, parse->chunked,
		parse->expects, parse->keep_alive, parse->head_size);
	note(trace, "target", span_str(parse->target, base));
	note(trace, "host", span_str(parse->host, base));
	for (size_t i = 0; i < parse->header_count; i++) {
		note(trace, "name", span_str(parse->headers[i].name, base));
		note(trace, "value", span_str(parse->headers[i].value, base));
	}
}

static void check_path(struct str path)
{
	MUST(path.n > 0 && path.p[0] == '/' && utf8_valid(path));
	for (size_t i = 0; i < path.n; i++)
		MUST((unsigned char)path.p[i] >= 0x20 && path.p[i] != 0x7f && path.p[i] != '\\');
	MUST(str_find(path, STR("//")) < 0 && str_find(path, STR("/../")) < 0 &&
		str_find(path, STR("/./")) < 0);
	MUST(!str_ends(path, STR("/..")) && !str_ends(path, STR("/.")));
}

/* Prints what was understood and reads it again. */
static void check_print(const struct parse *parse, const char *base)
{
	static const char *const methods[] = {
		[HTTP_GET] = "GET",
		[HTTP_HEAD] = "HEAD",
		[HTTP_POST] = "POST",
		[HTTP_PATCH] = "PATCH",
		[HTTP_DELETE] = "DELETE",
		[HTTP_OPTIONS] = "OPTIONS",
	};
	static_assert(sizeof methods / sizeof methods[0] == HTTP_METHOD_COUNT, "a word for each");
	struct buf head;
	buf_init(&head, &arena, limits.head + 1000);
	buf_fmt(&head, "%s ", methods[parse->method]);
	buf_str(&head, span_str(parse->target, base));
	buf_fmt(&head, " HTTP/1.%d\r\n", parse->minor);
	for (size_t i = 0; i < parse->header_count; i++) {
		buf_str(&head, span_str(parse->headers[i].name, base));
		buf_lit(&head, ":");
		buf_str(&head, span_str(parse->headers[i].value, base));
		buf_lit(&head, "\r\n");
	}
	buf_lit(&head, "\r\n");
	struct parse again;
	parse_init(&again);
	MUST(parse_head(&again, &limits, head.p, head.n) == PARSE_DONE);
	MUST(again.head_size == head.n);

	struct parse same = *parse;
	same.head_size = again.head_size;
	struct trace first, second;
	buf_init(&first.text, &arena, ARENA / 4);
	buf_init(&second.text, &arena, ARENA / 4);
	note_head(&first, &same, base);
	note_head(&second, &again, head.p);
	MUST(str_eq(buf_view(&first.text), buf_view(&second.text)));
}

/* Bytes as they come: `seen` grows by the pieces that `dice` chooses; 0: all at once. */
struct stream {
	struct str all;
	size_t seen;
	uint32_t dice;
};

static bool more(struct stream *stream)
{
	if (stream->seen == stream->all.n)
		return false;
	size_t left = stream->all.n - stream->seen;
	if (stream->dice == 0) {
		stream->seen = stream->all.n;
		return true;
	}
	stream->dice = stream->dice * 1664525 + 1013904223;
	size_t piece = (stream->dice >> 30) == 0 ? (stream->dice >> 8) % 100 + 1
						 : (stream->dice >> 8) % 3 + 1;
	stream->seen += piece < left ? piece : left;
	return true;
}

static enum parse_result read_head(struct stream *stream, size_t from, struct parse *parse)
{
	parse_init(parse);
	for (;;) {
		size_t n = stream->seen - from;
		char *copy = malloc(n + 1); /* moved each time, and of exactly this size */
		MUST(copy != NULL);
		memcpy(copy, stream->all.p + from, n);
		enum parse_result result = parse_head(parse, &limits, copy, n);
		free(copy);
		if (result != PARSE_MORE || !more(stream))
			return result;
	}
}

static enum parse_result read_chunks(struct stream *stream, size_t *at, struct trace *trace)
{
	struct chunked chunked = {0};
	struct buf body;
	buf_init(&body, &arena, limits.body);
	for (;;) {
		size_t taken;
		enum parse_result result = chunked_read(
			&chunked, str_make(stream->all.p + *at, stream->seen - *at), &body, &taken);
		*at += taken;
		MUST(!body.over && body.n <= limits.body);
		if (result == PARSE_REFUSED)
			buf_fmt(&trace->text, "body refused %d\n", chunked.status);
		else if (result == PARSE_DONE)
			note(trace, "body", buf_view(&body));
		if (result != PARSE_MORE || !more(stream))
			return result;
	}
}

/* One request; false: the stream ends here. */
static bool read_request(struct stream *stream, size_t *at, struct trace *trace)
{
	struct parse parse;
	enum parse_result result = read_head(stream, *at, &parse);
	const char *base = stream->all.p + *at;
	if (result == PARSE_REFUSED)
		buf_fmt(&trace->text, "head refused %d\n", parse.status);
	if (result != PARSE_DONE)
		return false;
	note_head(trace, &parse, base);
	check_print(&parse, base);
	struct str path, query;
	if (failed(target_read(&arena, span_str(parse.origin, base), &path, &query))) {
		buf_lit(&trace->text, "target refused\n");
		return false;
	}
	check_path(path);
	note(trace, "path", path);
	*at += parse.head_size;
	if (parse.chunked)
		return read_chunks(stream, at, trace) == PARSE_DONE;
	MUST(parse.length <= limits.body);
	if (parse.length > stream->all.n - *at)
		return false;
	while (stream->seen - *at < parse.length)
		MUST(more(stream));
	*at += parse.length;
	return true;
}

static void read_stream(struct str all, uint32_t dice, struct trace *trace)
{
	struct stream stream = {.all = all, .dice = dice};
	size_t at = 0;
	buf_init(&trace->text, &arena, ARENA / 4);
	for (int i = 0; i < REQUESTS && read_request(&stream, &at, trace); i++)
		;
	buf_fmt(&trace->text, "at=%zu\n", at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > 20000)
		return 0;
	struct http_limits small = {.target = 40, .head = 300, .headers = 5, .body = 30};
	limits = http_limits_filled(data[0] & 1 ? &small : &(struct http_limits){0});
	arena_init(&arena, ARENA);
	struct str all = {(const char *)data + 1, size - 1};
	struct trace whole, cut;
	read_stream(all, 0, &whole);
	read_stream(all, data[0] | 1u, &cut);
	MUST(!whole.text.over);
	MUST(str_eq(buf_view(&whole.text), buf_view(&cut.text)));
	arena_release(&arena);
	return 0;
}
