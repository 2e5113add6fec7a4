#include "http/http.h"

#include "http/bytes.h"

#include "base/limits.h"

/* cookie-octet of RFC 6265 4.1.1. We never set a value in quotes, so one in quotes is not ours. */
static bool is_value(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char byte = (unsigned char)value.p[i];
		if (byte <= ' ' || byte >= 0x7f || byte == '"' || byte == ',' || byte == ';' ||
			byte == '\\')
			return false;
	}
	return true;
}

struct search {
	struct str name;
	struct str value; /* absent: not yet found */
	size_t pairs;
};

/* Pairs of other names may be anything: other programs of the same host set them, and browsers send
 * them along. */
static err search_line(struct search *search, struct str line)
{
	struct str pair;
	while (str_next(&line, ';', &pair)) {
		if (++search->pairs > LIMIT_COOKIES)
			return fail(ERR_LIMIT, "cookie: more than %d", LIMIT_COOKIES);
		pair = bytes_trim(pair);
		ptrdiff_t equals = str_find_byte(pair, '=');
		if (equals < 0 ||
			!str_eq(bytes_trim(str_sub(pair, 0, (size_t)equals)), search->name))
			continue;
		struct str value = str_skip(pair, (size_t)equals + 1);
		if (!str_absent(search->value))
			return fail(ERR_INVALID, "cookie: sent twice");
		if ((size_t)equals != search->name.n || !is_value(value))
			return fail(ERR_INVALID, "cookie: malformed");
		search->value = value;
	}
	return ok();
}

err cookie_get(const struct request *req, struct str name, struct str *out)
{
	struct search search = {.name = name};
	for (size_t i = 0; i < req->header_count; i++) {
		if (str_eq_nocase(req->headers[i].name, STR("Cookie")))
			TRY(search_line(&search, req->headers[i].value));
	}
	*out = search.value;
	return ok();
}
