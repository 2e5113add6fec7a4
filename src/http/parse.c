#include "http/parse.h"

#include "http/bytes.h"

#include <stddef.h>

/* "HEAD " and " HTTP/1.1" with room for a longer method, which is answered 501 and not 414. */
#define AROUND_TARGET 32

static const struct str methods[HTTP_METHOD_COUNT] = {
	[HTTP_GET] = STR_INIT("GET"),
	[HTTP_HEAD] = STR_INIT("HEAD"),
	[HTTP_POST] = STR_INIT("POST"),
	[HTTP_PATCH] = STR_INIT("PATCH"),
	[HTTP_DELETE] = STR_INIT("DELETE"),
	[HTTP_OPTIONS] = STR_INIT("OPTIONS"),
};

void parse_init(struct parse *parse)
{
	memset(parse, 0,
		offsetof(struct parse, headers)); /* the rest counts only up to header_count */
}

static enum parse_result refuse(struct parse *parse, int status)
{
	parse->status = status;
	return PARSE_REFUSED;
}

/* The part of `base` that `part` points to. */
static struct span span_of(const char *base, struct str part)
{
	return (struct span){(uint32_t)(part.p - base), (uint32_t)part.n};
}

/* 0: fine; else the status. "HTTP/" digit "." digit, nothing else. */
static int take_version(struct parse *parse, struct str version)
{
	if (version.n != 8 || memcmp(version.p, "HTTP/", 5) != 0 || version.p[6] != '.')
		return 400;
	if (!isdigit((unsigned char)version.p[5]) || !isdigit((unsigned char)version.p[7]))
		return 400;
	if (version.p[5] != '1' || version.p[7] > '1')
		return 505;
	parse->minor = version.p[7] - '0';
	return 0;
}

static int take_method(struct parse *parse, struct str method)
{
	for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
		if (str_eq(method, methods[i])) {
			parse->method = (enum http_method)i;
			return 0;
		}
	}
	return 501;
}

/* Origin form, or absolute form (RFC 9112 3.2.2), whose authority must then equal Host. */
static int take_target(struct parse *parse, const char *base, struct str target)
{
	static const struct str schemes[] = {STR_INIT("http://"), STR_INIT("https://")};

	parse->target = span_of(base, target);
	if (target.p[0] == '/') {
		parse->origin = parse->target;
		return 0;
	}
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		if (!str_eq_nocase(str_sub(target, 0, schemes[i].n), schemes[i]))
			continue;
		struct str rest = str_skip(target, schemes[i].n);
		size_t n = 0;
		while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?' && rest.p[n] != '#')
			n++;
		if (n == 0)
			return 400;
		parse->authority = span_of(base, str_sub(rest, 0, n));
		if (n < rest.n)
			parse->origin = span_of(base, str_skip(rest, n));
		return 0;
	}
	return 400;
}

/* Syntax first, then version, because only that says what the rest means. */
static int take_request_line(
	struct parse *parse, const struct http_limits *limits, const char *base, struct str line)
{
	struct str rest = line, method, target;
	if (!str_next(&rest, ' ', &method) || !str_next(&rest, ' ', &target))
		return 400;
	if (str_empty(method) || str_empty(target) || !bytes_are(method, BYTE_TOKEN))
		return 400;
	int status = take_version(parse, rest);
	if (status == 0)
		status = take_method(parse, method);
	if (status == 0 && target.n > limits->target)
		status = 414;
	if (status == 0)
		status = take_target(parse, base, target);
	return status;
}

static int take_host(struct parse *parse, const char *base, struct str value)
{
	if (parse->host.n > 0 || str_empty(value) || !bytes_are(value, BYTE_HOST))
		return 400;
	parse->host = span_of(base, value);
	return 0;
}

/* Digits, once. Two equal ones are refused too: whoever stands before us may have read them as one
 * list. */
static int take_length(struct parse *parse, struct str value)
{
	if (parse->has_length || str_empty(value))
		return 400;
	parse->has_length = true;
	for (size_t i = 0; i < value.n; i++) {
		if (!isdigit((unsigned char)value.p[i]))
			return 400;
		unsigned digit = (unsigned)(value.p[i] - '0');
		if (parse->length > (UINT64_MAX - digit) / 10)
			return 413;
		parse->length = parse->length * 10 + digit;
	}
	return 0;
}

/* "chunked" alone, once (RFC 9112 6.1: 501 for a coding that is not understood). */
static int take_coding(struct parse *parse, struct str value)
{
	if (parse->has_coding || str_empty(value))
		return 400;
	parse->has_coding = true;
	parse->chunked = str_eq_nocase(value, STR("chunked"));
	return parse->chunked ? 0 : 501;
}

static int take_expect(struct parse *parse, struct str value)
{
	if (parse->has_expect)
		return 400;
	parse->has_expect = true;
	parse->expects = str_eq_nocase(value, STR("100-continue"));
	parse->unmet = !parse->expects;
	return 0;
}

static int take_connection(struct parse *parse, struct str value)
{
	struct str option;
	while (str_next(&value, ',', &option)) {
		option = bytes_trim(option);
		if (str_eq_nocase(option, STR("close")))
			parse->says_close = true;
		else if (str_eq_nocase(option, STR("keep-alive")))
			parse->says_keep = true;
	}
	return 0;
}

/* What the framing depends on; all other headers are the handler's. */
static int take_known(struct parse *parse, const char *base, struct str name, struct str value)
{
	switch (name.n) {
	case 4:
		return str_eq_nocase(name, STR("Host")) ? take_host(parse, base, value) : 0;
	case 6:
		return str_eq_nocase(name, STR("Expect")) ? take_expect(parse, value) : 0;
	case 10:
		return str_eq_nocase(name, STR("Connection")) ? take_connection(parse, value) : 0;
	case 14:
		return str_eq_nocase(name, STR("Content-Length")) ? take_length(parse, value) : 0;
	case 17:
		return str_eq_nocase(name, STR("Transfer-Encoding")) ? take_coding(parse, value)
								     : 0;
	default:
		return 0;
	}
}

/* A folded line begins with a blank and a blank before the colon is no token: both fail here. */
static int take_header(
	struct parse *parse, const struct http_limits *limits, const char *base, struct str line)
{
	if (parse->header_count == limits->headers)
		return 431;
	ptrdiff_t colon = str_find_byte(line, ':');
	if (colon <= 0)
		return 400;
	struct str name = str_sub(line, 0, (size_t)colon);
	if (!bytes_are(name, BYTE_TOKEN))
		return 400;
	struct str value = bytes_trim(str_skip(line, name.n + 1));
	parse->headers[parse->header_count].name = span_of(base, name);
	parse->headers[parse->header_count].value = span_of(base, value);
	parse->header_count++;
	return take_known(parse, base, name, value);
}

static bool host_missing_or_other(const struct parse *parse, const char *base)
{
	if (parse->host.n == 0)
		return parse->minor == 1;
	return parse->authority.n > 0 &&
	       !str_eq_nocase(span_str(parse->authority, base), span_str(parse->host, base));
}

/* What only the whole head tells. */
static int judge(struct parse *parse, const struct http_limits *limits, const char *base)
{
	if (parse->authority.n > 0 && !bytes_are(span_str(parse->authority, base), BYTE_HOST))
		return 400;
	if (host_missing_or_other(parse, base))
		return 400;
	if (parse->chunked && (parse->has_length || parse->minor == 0))
		return 400;
	bool with_body = parse->method == HTTP_POST || parse->method == HTTP_PATCH;
	if (!with_body && (parse->chunked || parse->length > 0))
		return 400; /* a body without a meaning: whoever stands before us may not have seen
			       it */
	if (with_body && !parse->chunked && !parse->has_length)
		return 411;
	if (parse->length > limits->body && parse->length > limits->take)
		return 413; /* of one that may be taken in pieces only its route knows more */
	if (parse->minor == 0)
		parse->expects = parse->unmet = false; /* RFC 9110 10.1.1: ignored */
	return parse->unmet ? 417 : 0;
}

static enum parse_result finish(
	struct parse *parse, const struct http_limits *limits, const char *base)
{
	int status = judge(parse, limits, base);
	if (status != 0)
		return refuse(parse, status);
	if (parse->authority.n > 0)
		parse->host = parse->authority;
	parse->keep_alive = !parse->says_close && (parse->minor == 1 || parse->says_keep);
	parse->head_size = parse->at;
	return PARSE_DONE;
}

/* A complete line without its end; parse->at is already behind the end. */
static enum parse_result take_line(
	struct parse *parse, const struct http_limits *limits, const char *base, struct str line)
{
	int status;
	if (parse->started) {
		if (str_empty(line))
			return finish(parse, limits, base);
		status = take_header(parse, limits, base, line);
	} else if (str_empty(line)) {
		status = parse->blank ? 400 : 0; /* RFC 9112 2.2: one is ignored */
		parse->blank = true;
	} else {
		status = take_request_line(parse, limits, base, line);
		parse->started = true;
	}
	return status == 0 ? PARSE_MORE : refuse(parse, status);
}

/* The first index from `at` on whose byte may not stand in this kind of line, or `end`. */
static size_t scan(const char *p, size_t at, size_t end, unsigned kind)
{
	while (at < end && byte_is(p[at], kind))
		at++;
	return at;
}

/* Where the line's end must have begun, and what is answered when it has not. */
static size_t ceiling(const struct parse *parse, const struct http_limits *limits, int *status)
{
	size_t line = parse->line + limits->target + AROUND_TARGET;
	if (!parse->started && line < limits->head) {
		*status = 414;
		return line;
	}
	*status = 431;
	return limits->head;
}

enum parse_result parse_head(
	struct parse *parse, const struct http_limits *limits, const char *p, size_t n)
{
	for (;;) {
		int too_long;
		size_t most = ceiling(parse, limits, &too_long);
		size_t end = n < most ? n : most;
		parse->at = scan(p, parse->at, end, parse->started ? BYTE_FIELD : BYTE_LINE);
		if (parse->at + 1 >= most)
			return refuse(parse, too_long);
		if (parse->at == n)
			return PARSE_MORE;
		if (p[parse->at] != '\r')
			return refuse(parse, 400);
		if (parse->at + 1 == n)
			return PARSE_MORE;
		if (p[parse->at + 1] != '\n')
			return refuse(parse, 400);
		struct str line = {p + parse->line, parse->at - parse->line};
		parse->at += 2;
		parse->line = parse->at;
		enum parse_result result = take_line(parse, limits, p, line);
		if (result != PARSE_MORE)
			return result;
	}
}
