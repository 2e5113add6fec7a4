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

/* A pair without '=' has the empty value (WHATWG URL, application/x-www-form-urlencoded parsing). */
static void split(struct str pair, struct str *name, struct str *value)
{
	ptrdiff_t equals = str_find_byte(pair, '=');
	size_t at = equals < 0 ? pair.n : (size_t)equals;
	*name = str_sub(pair, 0, at);
	*value = str_skip(pair, at + 1);
}

err params_read_but(struct arena *arena, struct str text, struct str long_name, size_t long_most, struct params *out)
{
	VEC(struct param) found = {0};
	struct str rest = text, pair, name, value;
	while (str_next(&rest, '&', &pair)) {
		if (str_empty(pair))
			continue;
		if (found.n == LIMIT_FORM_PARAMS)
			return fail(ERR_LIMIT, "params: more than %d", LIMIT_FORM_PARAMS);
		struct param param;
		split(pair, &name, &value);
		TRY(decode(arena, name, LIMIT_FORM_NAME, &param.name));
		TRY(decode(arena, value, str_eq(param.name, long_name) ? long_most : LIMIT_FORM_VALUE, &param.value));
		vec_push(arena, &found, param);
	}
	*out = (struct params){found.v, found.n};
	return ok();
}

err params_read(struct arena *arena, struct str text, struct params *out)
{
	return params_read_but(arena, text, STR(""), LIMIT_FORM_VALUE, out);
}

/* Its first bytes, at most so many, and no character cut in two. */
static struct str head_of(struct str text, size_t most)
{
	if (text.n <= most)
		return text;
	while (most > 0 && ((unsigned char)text.p[most] & 0xC0) == 0x80)
		most--;
	return str_sub(text, 0, most);
}

struct params params_readable(struct arena *arena, struct str text, struct str *cut)
{
	VEC(struct param) found = {0};
	struct str rest = text, pair, name, value;
	*cut = (struct str){NULL, 0};
	while (found.n < LIMIT_FORM_PARAMS && str_next(&rest, '&', &pair)) {
		struct param param;
		split(pair, &name, &value);
		if (str_empty(pair) || failed(decode(arena, name, LIMIT_FORM_NAME, &param.name)) || failed(decode(arena, value, SIZE_MAX, &param.value)))
			continue;
		if (param.value.n > LIMIT_FORM_VALUE && str_absent(*cut))
			*cut = param.name;
		param.value = head_of(param.value, LIMIT_FORM_VALUE);
		vec_push(arena, &found, param);
	}
	return (struct params){found.v, found.n};
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
