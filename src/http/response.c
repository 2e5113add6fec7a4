#include "http/http.h"

#include "http/bytes.h"

#include "base/limits.h"

/* The server writes these itself; a second one would be an ambiguous answer. */
static bool is_ours(struct str name)
{
	static const struct str ours[] = {
		STR_INIT("Connection"),
		STR_INIT("Content-Length"),
		STR_INIT("Date"),
		STR_INIT("Transfer-Encoding"),
	};
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		if (str_eq_nocase(name, ours[i]))
			return true;
	}
	return false;
}

void response_header(struct response *res, struct str name, struct str value)
{
	if (str_empty(name) || !bytes_are(name, BYTE_TOKEN) || !bytes_are(value, BYTE_FIELD) ||
		is_ours(name)) {
		IGNORE(fail(
			ERR_INTERNAL, "response: refused a header")); /* `broken` makes it a 500 */
		res->broken = true;
		return;
	}
	buf_str(&res->headers, name);
	buf_lit(&res->headers, ": ");
	buf_str(&res->headers, value);
	buf_lit(&res->headers, "\r\n");
}

void response_headers(struct response *res, struct str lines)
{
	buf_str(&res->headers, lines);
}

static bool is_cookie_value(struct str value)
{
	return bytes_are(value, BYTE_LINE) && str_find_byte(value, ';') < 0 &&
	       str_find_byte(value, ' ') < 0 && str_find_byte(value, ',') < 0 &&
	       str_find_byte(value, '"') < 0 && str_find_byte(value, '\\') < 0;
}

void response_cookie(
	struct response *res, struct str name, struct str value, int64_t max_age, bool secure)
{
	if (str_empty(name) || !bytes_are(name, BYTE_TOKEN) || !is_cookie_value(value)) {
		IGNORE(fail(
			ERR_INTERNAL, "response: refused a cookie")); /* `broken` makes it a 500 */
		res->broken = true;
		return;
	}
	struct buf text;
	buf_init(&text, res->arena, res->headers.max);
	buf_str(&text, name);
	buf_byte(&text, '=');
	buf_str(&text, max_age < 0 ? STR("") : value);
	if (max_age != 0) {
		buf_lit(&text, "; Max-Age=");
		buf_i64(&text, max_age < 0 ? 0 : max_age);
	}
	buf_lit(&text, "; Path=/; HttpOnly; SameSite=Lax");
	if (secure)
		buf_lit(&text, "; Secure");
	if (text.over)
		res->broken = true;
	response_header(res, STR("Set-Cookie"), buf_view(&text));
}

void response_give(struct response *res, const struct giver *giver)
{
	res->giver = *giver;
}

void response_hold(struct response *res, struct str key, int64_t ms)
{
	res->hold_key = key;
	res->hold_ms = ms < 1 ? 1 : ms > LIMIT_HTTP_HOLD_MS ? LIMIT_HTTP_HOLD_MS : ms;
}
