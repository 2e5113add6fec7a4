/*
 * A multipart body: the first line is the Content-Type, the rest the body. What was taken lies
 * inside the input, without overlapping, in order; and printed again it is read as the same.
 */

#include "fuzz.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "http/http.h"

#include "multipart_same.h"

static void check(struct str body, const struct part *parts, size_t count)
{
	const char *at = body.p;
	MUST(count <= LIMIT_MULTIPART_PARTS);
	for (size_t i = 0; i < count; i++) {
		const struct part *part = &parts[i];
		MUST(part->body.p >= at && part->body.p + part->body.n <= body.p + body.n);
		at = part->body.p + part->body.n;
		MUST(part->name.n > 0 && part->name.n <= LIMIT_FORM_NAME && utf8_valid(part->name));
		MUST(utf8_valid(part->filename) && !str_absent(part->type));
		if (str_absent(part->filename))
			MUST(part->body.n <= LIMIT_FORM_VALUE && utf8_valid(part->body));
	}
}

static void print(struct buf *out, const struct part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_lit(out, "--again\r\nContent-Disposition: form-data; name=\"");
		buf_str(out, parts[i].name);
		if (!str_absent(parts[i].filename)) {
			buf_lit(out, "\"; filename=\"");
			buf_str(out, parts[i].filename);
		}
		buf_lit(out, "\"\r\nContent-Type: ");
		buf_str(out, parts[i].type);
		buf_lit(out, "\r\n\r\n");
		buf_str(out, parts[i].body);
		buf_lit(out, "\r\n");
	}
	buf_lit(out, "--again--");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size};
	ptrdiff_t line = str_find_byte(all, '\n');
	if (line < 0 || size > LIMIT_HTTP_BODY)
		return 0;
	AUTO_ARENA arena;
	arena_init(&arena, 64u << 20);
	struct str body = str_skip(all, (size_t)line + 1);
	struct part *parts, *again;
	size_t count, count_again;
	MUST(multipart_same(&arena, str_sub(all, 0, (size_t)line), body, 1 + size % 97) == NULL);
	if (failed(multipart_read(&arena, str_sub(all, 0, (size_t)line), body, &parts, &count)))
		return 0;
	check(body, parts, count);
	if (str_find(body, STR("--again")) >= 0)
		return 0;
	struct buf text;
	buf_init(&text, &arena, 16u << 20);
	print(&text, parts, count);
	err error = multipart_read(&arena, STR("multipart/form-data; boundary=again"),
		buf_view(&text), &again, &count_again);
	if (error.code == ERR_LIMIT)
		return 0; /* our header lines are a little longer than the shortest */
	MUST(error.code == OK && count_again == count);
	for (size_t i = 0; i < count; i++) {
		MUST(str_eq(again[i].name, parts[i].name) &&
			str_eq(again[i].filename, parts[i].filename));
		MUST(str_eq(again[i].type, parts[i].type) && str_eq(again[i].body, parts[i].body));
		MUST(str_absent(again[i].filename) == str_absent(parts[i].filename));
	}
	return 0;
}
