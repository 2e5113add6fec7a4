#include "domain/form.h"

#include <jansson.h>

static void json_release(json_t **json)
{
	json_decref(*json);
}

#define AUTO_JSON __attribute__((cleanup(json_release))) json_t

/* Ours are ids, row numbers and dots: whatever else stands there was not written by us. */
static bool path_valid(struct str path)
{
	if (path.n == 0 || path.n > LIMIT_FORM_NAME)
		return false;
	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'))
			return false;
	}
	return true;
}

err answers_read(struct arena *arena, struct str json, struct answers *out)
{
	json_error_t error;
	if (json.n > LIMIT_ANSWERS)
		return fail(ERR_LIMIT, "stored answers of %zu bytes", json.n);
	AUTO_JSON *root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (!root)
		return fail(ERR_INVALID, "stored answers are no JSON at byte %d", error.position);
	if (!json_is_object(root))
		return fail(ERR_INVALID, "stored answers are no JSON object");
	struct answers answers;
	answers_init(&answers, arena);
	const char *key;
	json_t *value;
	json_object_foreach(root, key, value) {
		if (!path_valid(str_of(key)) || !json_is_string(value) || json_string_length(value) == 0)
			return fail(ERR_INVALID, "stored answers hold something else than paths and texts");
		answers_set(&answers, str_of(key), str_make(json_string_value(value), json_string_length(value)));
	}
	*out = answers;
	return ok();
}
