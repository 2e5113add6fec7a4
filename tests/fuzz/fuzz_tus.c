/*
 * Heads of requests of the resume protocol of uploads (web/tus.h, docs/attachments.md), from the request line on, as src/http takes them.
 *   - a version is taken only when it is ours and said once;
 *   - a number that was taken is the one that stands there, not below zero, and said once;
 *   - a value of the metadata that was taken is the only one of its key, has one spelling, and is found again when it is printed again;
 *   - a name that was sent becomes one that can be shown;
 *   - a path that leads to the protocol is found again when it is made of its parts.
 */

#include "fuzz.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "domain/attachment/attachment.h"
#include "http/parse.h"
#include "http/target.h"
#include "web/tus.h"

#define ARENA (16u << 20)

static size_t header_times(const struct request *req, struct str name)
{
	size_t n = 0;
	for (size_t i = 0; i < req->header_count; i++)
		n += str_eq_nocase(req->headers[i].name, name);
	return n;
}

static void check_version(struct exchange *ex)
{
	struct str name = STR("Tus-Resumable");
	bool right = header_times(ex->req, name) == 1 && str_eq(request_header(ex->req, name), STR("1.0.0"));
	err e = tus_version(ex);
	MUST(failed(e) != right);
	MUST(right || (e.code == ERR_INVALID && ex->refusal == 412));
	MUST(!ex->res->broken);
}

static void check_number(struct exchange *ex, struct str name)
{
	int64_t number = -1;
	if (failed(tus_number(ex, name, &number))) {
		MUST(number == -1);
		return;
	}
	struct str text = request_header(ex->req, name);
	MUST(number >= 0 && header_times(ex->req, name) == 1);
	while (text.n > 1 && text.p[0] == '0')
		text = str_skip(text, 1);
	MUST(str_eq(text, str_fmt(ex->cx.arena, "%lld", (long long)number)));
}

/* Pairs of the metadata with that key; *text: the value of the last, as it stands there. */
static size_t pairs_of(struct str metadata, struct str key, struct str *text)
{
	struct str pair;
	size_t n = 0;
	while (str_next(&metadata, ',', &pair)) {
		struct str name;
		pair = str_trim(pair);
		if (!str_next(&pair, ' ', &name) || !str_eq(name, key))
			continue;
		*text = str_absent(pair) ? STR("") : pair;
		n++;
	}
	return n;
}

/* The same key alone, printed from what was understood. */
static void check_again(const struct exchange *ex, struct str key, struct str value)
{
	struct exchange again = *ex;
	struct buf text;
	struct str found = {0};
	buf_init(&text, ex->cx.arena, LIMIT_HTTP_HEAD * 2);
	buf_str(&text, key);
	buf_byte(&text, ' ');
	base64_write(&text, value, 0);
	MUST(!failed(buf_error(&text)));
	struct http_header header = {STR("upload-metadata"), str_trim(buf_view(&text))};
	struct request req = {.headers = &header, .header_count = 1};
	again.req = &req;
	MUST(!failed(tus_metadata(&again, key, &found)));
	MUST(!str_absent(found) && str_eq(found, value));
}

static void check_metadata(struct exchange *ex, struct str key)
{
	struct str name = STR("Upload-Metadata"), value = {0}, text = {0};
	struct buf same;
	if (failed(tus_metadata(ex, key, &value)))
		return;
	size_t times = header_times(ex->req, name), pairs = pairs_of(request_header(ex->req, name), key, &text);
	MUST(times <= 1 && pairs <= 1);
	MUST(str_absent(value) == (pairs == 0));
	if (pairs == 0)
		return;
	buf_init(&same, ex->cx.arena, LIMIT_HTTP_HEAD * 2);
	base64_write(&same, value, 0);
	MUST(str_eq(buf_view(&same), text));
	check_again(ex, key, value);
}

static void check_name(struct exchange *ex)
{
	struct str given = {0};
	if (failed(tus_metadata(ex, STR("filename"), &given)))
		return;
	struct str name = attachment_name(ex->cx.arena, given);
	MUST(name.n > 0 && utf8_valid(name) && utf8_count(name) <= LIMIT_FILE_NAME);
	for (size_t i = 0; i < name.n; i++)
		MUST((unsigned char)name.p[i] >= 0x20 && name.p[i] != 0x7f && name.p[i] != '/' && name.p[i] != '\\');
	MUST(str_eq(attachment_name(ex->cx.arena, name), name));
}

static void check_route(struct exchange *ex)
{
	const struct route *again;
	unsigned allowed = 0;
	int64_t draft, file;
	if (failed(route_find(ex->req->method, ex->req->path, ex->path_params, &ex->route, &allowed)) || !(ex->route->flags & ROUTE_TUS))
		return;
	bool of_file = str_find(ex->route->pattern, STR(":file")) >= 0;
	if (failed(exchange_path_id(ex, 0, &draft)) || (of_file && failed(exchange_path_id(ex, 1, &file))))
		return;
	MUST(draft > 0 && (!of_file || file > 0));
	struct str path = of_file ? str_fmt(ex->cx.arena, "/drafts/%lld/files/%lld", (long long)draft, (long long)file)
				  : str_fmt(ex->cx.arena, "/drafts/%lld/files", (long long)draft);
	MUST(str_eq(path, ex->req->path));
	MUST(!failed(route_find(ex->req->method, path, ex->path_params, &again, &allowed)) && again == ex->route);
}

static void check_request(struct arena *arena, const struct parse *parse, const char *base)
{
	struct http_header headers[LIMIT_HTTP_HEADERS];
	struct request req = {.arena = arena, .method = parse->method, .headers = headers, .header_count = parse->header_count};
	struct response res = {.arena = arena, .status = 200};
	struct exchange ex = {.cx = {.arena = arena}, .req = &req, .res = &res};
	if (failed(target_read(arena, span_str(parse->origin, base), &req.path, &req.query)))
		return;
	for (size_t i = 0; i < parse->header_count; i++)
		headers[i] = (struct http_header){span_str(parse->headers[i].name, base), span_str(parse->headers[i].value, base)};
	buf_init(&res.headers, arena, 1u << 20);
	buf_init(&res.body, arena, 1u << 20);
	check_version(&ex);
	check_number(&ex, STR("Upload-Length"));
	check_number(&ex, STR("Upload-Offset"));
	check_metadata(&ex, STR("document"));
	check_metadata(&ex, STR("filename"));
	check_metadata(&ex, STR("page"));
	check_name(&ex);
	check_route(&ex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_limits limits = http_limits_filled(&(struct http_limits){0});
	struct parse parse;
	if (size > LIMIT_HTTP_HEAD)
		return 0;
	parse_init(&parse);
	if (parse_head(&parse, &limits, (const char *)data, size) != PARSE_DONE)
		return 0;
	AUTO_ARENA arena;
	arena_init(&arena, ARENA);
	check_request(&arena, &parse, (const char *)data);
	return 0;
}
