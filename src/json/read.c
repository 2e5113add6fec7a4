#include "json/json.h"

#include "base/limits.h"

#include <jansson.h>

const struct json_limits json_limits_default = {LIMIT_JSON, LIMIT_JSON_DEPTH};

/*
 * Before libjansson sees it: that one calls itself for each level, to a depth that a worker's stack
 * does not hold. Until the first fault of the text both agree on what is a string; behind it
 * libjansson reads nothing.
 */
static err check_depth(struct str text, unsigned most)
{
	unsigned depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '[' || c == '{') && ++depth > most)
			return fail(ERR_LIMIT, "JSON: deeper than %u at byte %zu", most, i);
		else if (!quoted && (c == ']' || c == '}') && depth)
			depth--;
	}
	return ok();
}

static err copy(struct arena *arena, json_t *from, struct json *to);

static err copy_list(struct arena *arena, json_t *from, struct json *to)
{
	size_t n = json_array_size(from);
	struct json *items = arena_array(arena, struct json, n);
	for (size_t i = 0; i < n; i++)
		TRY(copy(arena, json_array_get(from, i), &items[i]));
	to->kind = JSON_KIND_LIST;
	to->items.v = items;
	to->items.n = n;
	return ok();
}

static err copy_map(struct arena *arena, json_t *from, struct json *to)
{
	struct json *items = arena_array(arena, struct json, json_object_size(from));
	size_t n = 0;
	for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
		struct json *item = &items[n++];
		TRY(copy(arena, json_object_iter_value(at), item));
		item->name = str_dup(
			arena, str_make(json_object_iter_key(at), json_object_iter_key_len(at)));
	}
	to->kind = JSON_KIND_MAP;
	to->items.v = items;
	to->items.n = n;
	return ok();
}

/* As deep as check_depth() allowed. */
static err copy(struct arena *arena, json_t *from, struct json *to)
{
	switch (json_typeof(from)) {
	case JSON_OBJECT:
		return copy_map(arena, from, to);
	case JSON_ARRAY:
		return copy_list(arena, from, to);
	case JSON_STRING:
		to->kind = JSON_KIND_STR;
		to->text =
			str_dup(arena, str_make(json_string_value(from), json_string_length(from)));
		return ok();
	case JSON_INTEGER:
		to->kind = JSON_KIND_INT;
		to->number = json_integer_value(from);
		return ok();
	case JSON_TRUE:
	case JSON_FALSE:
		to->kind = JSON_KIND_BOOL;
		to->truth = json_is_true(from);
		return ok();
	case JSON_NULL:
		to->kind = JSON_KIND_NULL;
		return ok();
	case JSON_REAL:
		break;
	}
	return fail(ERR_INVALID, "JSON: a number that is no integer");
}

err json_read(struct arena *arena, struct str text, const struct json_limits *limits,
	const struct json **out)
{
	if (!limits)
		limits = &json_limits_default;
	if (text.n > limits->bytes)
		return fail(ERR_LIMIT, "JSON: longer than %zu bytes", limits->bytes);
	TRY(check_depth(text, limits->depth));
	json_error_t why;
	json_t *read = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &why);
	if (!read && json_error_code(&why) == json_error_out_of_memory)
		return fail(ERR_UNAVAILABLE, "JSON: no memory");
	if (!read)
		return fail(ERR_INVALID, "JSON: fault %d at byte %d", (int)json_error_code(&why),
			why.position);
	struct json *tree = arena_new(arena, struct json);
	err copied = copy(arena, read, tree);
	json_decref(read);
	TRY(copied);
	*out = tree;
	return ok();
}
