/*
 * Cookie header lines, one in a line of the input. A value that was taken can be set again and is
 * then found; and whatever is set as a cookie or a header, no line of the answer begins with it.
 */

#include "fuzz.h"

#include "base/limits.h"
#include "http/http.h"

#define LINES 20

static struct response fresh(struct arena *arena)
{
	struct response res = {.arena = arena, .status = 200};
	buf_init(&res.headers, arena, 1u << 20);
	buf_init(&res.body, arena, 1u << 20);
	return res;
}

/* Exactly one line, or none and the answer is broken. */
static void check_answer(const struct response *res)
{
	struct str text = buf_view(&res->headers);
	MUST(res->broken == str_empty(text));
	if (!res->broken) {
		MUST(str_find(text, STR("\r\n")) == (ptrdiff_t)text.n - 2);
		MUST(str_find_byte(text, '\n') == (ptrdiff_t)text.n - 1 &&
			str_find_byte(text, '\0') < 0);
	}
}

static void check_value(struct arena *arena, struct str value)
{
	struct response res = fresh(arena);
	response_cookie(&res, STR("sid"), value, 0, true);
	check_answer(&res);
	MUST(!res.broken);
	struct str line =
		str_sub(buf_view(&res.headers), 12, value.n + 4); /* behind "Set-Cookie: " */
	struct http_header header = {STR("Cookie"), line};
	struct request req = {.headers = &header, .header_count = 1};
	struct str again;
	MUST(!failed(cookie_get(&req, STR("sid"), &again)) && str_eq(again, value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > LIMIT_HTTP_HEAD)
		return 0;
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	struct str all = {(const char *)data, size}, rest = all, line;
	struct http_header headers[LINES];
	size_t count = 0;
	while (count < LINES && str_next(&rest, '\n', &line))
		headers[count++] = (struct http_header){STR("Cookie"), line};
	struct request req = {.headers = headers, .header_count = count};
	struct str value;
	if (!failed(cookie_get(&req, STR("sid"), &value)) && !str_absent(value))
		check_value(&arena, value);

	struct response res = fresh(&arena);
	response_header(&res, STR("Location"), all);
	check_answer(&res);
	res = fresh(&arena);
	response_header(&res, all, STR("a"));
	check_answer(&res);
	res = fresh(&arena);
	response_cookie(&res, STR("sid"), all, 10, true);
	check_answer(&res);
	return 0;
}
