#include "http/http.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

static err decode(struct arena *arena, struct str coded, size_t most, struct str *out)
{
	struct str text;
	TRY(percent_read(arena, coded, true, &text));
	if (text.n > most)
		return fail(ERR_LIMIT, "params: %zu bytes where %zu are allowed", text.n, most);
	if (!utf8_valid(text))
		return fail(ERR_INVALID, "params: not UTF-8");
	*out = text;
	return ok();
}

/* A pair without '=' has the empty value (WHATWG URL, application/x-www-form-urlencoded parsing).
 */
static err read_pair(struct arena *arena, struct str pair, struct param *out)
{
	ptrdiff_t equals = str_find_byte(pair, '=');
	size_t split = equals < 0 ? pair.n : (size_t)equals;
	TRY(decode(arena, str_sub(pair, 0, split), LIMIT_FORM_NAME, &out->name));
	return decode(arena, str_skip(pair, split + 1), LIMIT_FORM_VALUE, &out->value);
}

err params_read(struct arena *arena, struct str text, struct params *out)
{
	VEC(struct param) found = {0};
	struct str rest = text, pair;
	while (str_next(&rest, '&', &pair)) {
		if (str_empty(pair))
			continue;
		if (found.n == LIMIT_FORM_PARAMS)
			return fail(ERR_LIMIT, "params: more than %d", LIMIT_FORM_PARAMS);
		struct param param;
		TRY(read_pair(arena, pair, &param));
		vec_push(arena, &found, param);
	}
	*out = (struct params){found.v, found.n};
	return ok();
}

struct str params_get(const struct params *params, struct str name)
{
	for (size_t i = 0; i < params->n; i++) {
		if (str_eq(params->v[i].name, name))
			return params->v[i].value;
	}
	return (struct str){NULL, 0};
}

size_t params_count(const struct params *params, struct str name)
{
	size_t count = 0;
	for (size_t i = 0; i < params->n; i++)
		count += str_eq(params->v[i].name, name);
	return count;
}
