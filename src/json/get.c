#include "json/json.h"

const struct json *json_get(const struct json *map, struct str name)
{
	if (!map || map->kind != JSON_KIND_MAP)
		return NULL;
	for (size_t i = 0; i < map->items.n; i++)
		if (str_eq(map->items.v[i].name, name))
			return &map->items.v[i];
	return NULL;
}

/* The names are ours, so they may stand in the words. */
static err require(
	const struct json *map, struct str name, enum json_kind kind, const struct json **out)
{
	const struct json *item = json_get(map, name);
	if (!item)
		return fail(ERR_NOT_FOUND, "JSON: no member " STR_FMT, STR_ARG(name));
	if (item->kind != kind)
		return fail(
			ERR_INVALID, "JSON: member " STR_FMT " is of another kind", STR_ARG(name));
	*out = item;
	return ok();
}

err json_str(const struct json *map, struct str name, struct str *out)
{
	const struct json *item;
	TRY(require(map, name, JSON_KIND_STR, &item));
	*out = item->text;
	return ok();
}

err json_int(const struct json *map, struct str name, int64_t *out)
{
	const struct json *item;
	TRY(require(map, name, JSON_KIND_INT, &item));
	*out = item->number;
	return ok();
}

err json_bool(const struct json *map, struct str name, bool *out)
{
	const struct json *item;
	TRY(require(map, name, JSON_KIND_BOOL, &item));
	*out = item->truth;
	return ok();
}

err json_map(const struct json *map, struct str name, const struct json **out)
{
	return require(map, name, JSON_KIND_MAP, out);
}

err json_list(const struct json *map, struct str name, const struct json **out)
{
	return require(map, name, JSON_KIND_LIST, out);
}

err json_only(const struct json *map, const struct str *names, size_t count)
{
	if (!map || map->kind != JSON_KIND_MAP)
		return fail(ERR_INVALID, "JSON: not a map");
	for (size_t i = 0; i < map->items.n; i++) {
		bool known = false;
		for (size_t j = 0; j < count && !known; j++)
			known = str_eq(map->items.v[i].name, names[j]);
		if (!known)
			return fail(ERR_INVALID, "JSON: a member of another name");
	}
	return ok();
}
