/*
 * JSON of a stranger. What is read is text without NUL, no deeper than allowed, has no name twice,
 * and written anew it is read as the same tree.
 */

#include "fuzz.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "json/json.h"

static void check_text(struct str text)
{
	MUST(utf8_valid(text) && str_find_byte(text, '\0') < 0);
}

static void write_tree(struct buf *out, const struct json *tree, unsigned depth)
{
	MUST(depth <= LIMIT_JSON_DEPTH);
	switch (tree->kind) {
	case JSON_KIND_NULL:
		buf_lit(out, "null");
		return;
	case JSON_KIND_BOOL:
		buf_c(out, tree->truth ? "true" : "false");
		return;
	case JSON_KIND_INT:
		buf_i64(out, tree->number);
		return;
	case JSON_KIND_STR:
		check_text(tree->text);
		json_write_str(out, tree->text);
		return;
	default:
		break;
	}
	bool map = tree->kind == JSON_KIND_MAP;
	buf_c(out, map ? "{" : "[");
	for (size_t i = 0; i < tree->items.n; i++) {
		const struct json *item = &tree->items.v[i];
		MUST(str_absent(item->name) != map);
		buf_c(out, i ? "," : "");
		if (map) {
			check_text(item->name);
			MUST(json_get(tree, item->name) == item); /* the first of its name */
			json_write_str(out, item->name);
			buf_lit(out, ":");
		}
		write_tree(out, item, depth + 1);
	}
	buf_c(out, map ? "}" : "]");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA arena;
	const struct json *tree, *again;
	arena_init(&arena, 64u << 20);
	if (failed(json_read(&arena, str_make((const char *)data, size), NULL, &tree)))
		return 0;
	struct buf first, second;
	/* Escapes make a text six times as long at most; such a one may be longer than the limit.
	 */
	struct json_limits limits = {(size_t)8 * LIMIT_JSON, LIMIT_JSON_DEPTH};
	buf_init(&first, &arena, limits.bytes);
	buf_init(&second, &arena, limits.bytes);
	write_tree(&first, tree, 0);
	MUST(!failed(buf_error(&first)));
	MUST(!failed(json_read(&arena, buf_view(&first), &limits, &again)));
	write_tree(&second, again, 0);
	MUST(str_eq(buf_view(&first), buf_view(&second)));
	return 0;
}
