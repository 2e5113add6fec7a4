#include "http/target.h"

#include "http/bytes.h"

#include "base/encode.h"
#include "base/utf8.h"

/* The byte an escape stands for, or -1. */
static int escaped_byte(struct str from)
{
	if (from.n < 3)
		return -1;
	int high = byte_hex(from.p[1]), low = byte_hex(from.p[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Escapes that hide a separator or a control character, and whether there are any escapes at all.
 */
static err check_raw(struct str raw, bool *escapes)
{
	*escapes = false;
	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '\\')
			return fail(ERR_INVALID, "backslash in a path");
		if (raw.p[i] != '%')
			continue;
		int byte = escaped_byte(str_skip(raw, i));
		if (byte < 0x20 || byte == 0x7f || byte == '/' || byte == '\\')
			return fail(ERR_INVALID, "escape in a path");
		*escapes = true;
	}
	return ok();
}

/* path begins with '/'. */
static err check_segments(struct str path)
{
	struct str rest = str_skip(path, 1), segment;
	while (str_next(&rest, '/', &segment)) {
		if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
			return fail(ERR_INVALID, "dot segment in a path");
		if (str_empty(segment))
			return fail(ERR_INVALID, "empty segment in a path");
	}
	return ok();
}

static err read_path(struct arena *arena, struct str raw, struct str *out)
{
	bool escapes;
	TRY(check_raw(raw, &escapes));
	struct str path = raw;
	if (escapes)
		TRY(percent_read(arena, raw, false, &path));
	if (!utf8_valid(path))
		return fail(ERR_INVALID, "path is not UTF-8");
	TRY(check_segments(path));
	*out = path;
	return ok();
}

err target_read(struct arena *arena, struct str origin, struct str *path, struct str *query)
{
	if (str_find_byte(origin, '#') >= 0)
		return fail(ERR_INVALID, "fragment in a target");
	ptrdiff_t mark = str_find_byte(origin, '?');
	struct str raw = mark < 0 ? origin : str_sub(origin, 0, (size_t)mark);
	if (str_empty(raw))
		raw = STR("/"); /* "http://host?query" */
	TRY(read_path(arena, raw, path));
	*query = mark < 0 ? (struct str){NULL, 0}
			  : str_make(origin.p + mark + 1, origin.n - (size_t)mark - 1);
	return ok();
}
