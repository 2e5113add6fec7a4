#include "web/tus.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"

static void resumable(struct exchange *ex)
{
	response_header(ex->res, STR("Tus-Resumable"), STR(TUS_VERSION));
}

/* False: not there, or more than once. */
static bool header_once(struct exchange *ex, struct str name, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < ex->req->header_count; i++)
		n += str_eq_nocase(ex->req->headers[i].name, name);
	*out = request_header(ex->req, name);
	return n == 1;
}

err tus_version(struct exchange *ex)
{
	struct str version;

	resumable(ex);
	if (header_once(ex, STR("Tus-Resumable"), &version) && str_eq(version, STR(TUS_VERSION)))
		return ok();
	ex->refusal = 412;
	response_header(ex->res, STR("Tus-Version"), STR(TUS_VERSION));
	return fail(ERR_INVALID, "another version of tus");
}

err tus_number(struct exchange *ex, struct str name, int64_t *out)
{
	struct str text;
	int64_t number = 0;

	if (!header_once(ex, name, &text))
		return fail(ERR_INVALID, "tus: a header is missing, or there twice");
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return fail(ERR_INVALID, "tus: not a number");
	if (!str_to_i64(text, &number))
		return fail(ERR_INVALID, "tus: not a number");
	*out = number;
	return ok();
}

/* RFC 4648 section 4, with padding: what browsers' btoa() writes. */
static err base64_read(struct arena *arena, struct str text, struct str *out)
{
	struct buf url;

	buf_init(&url, arena, LIMIT_HTTP_HEAD);
	if (text.n % 4 != 0)
		return fail(ERR_INVALID, "base64: length");
	/* At most two: a third is left to be refused as no digit. */
	for (size_t padding = 0; padding < 2 && text.n > 0 && text.p[text.n - 1] == '='; padding++)
		text.n--;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '-' || text.p[i] == '_')
			return fail(ERR_INVALID, "base64: another alphabet");
		buf_byte(&url, text.p[i] == '+' ? '-' : text.p[i] == '/' ? '_' : text.p[i]);
	}
	TRY(buf_error(&url));
	return base64url_read(arena, buf_view(&url), out);
}

err tus_metadata(struct exchange *ex, struct str key, struct str *out)
{
	struct str rest, pair, value = {0};

	if (!header_once(ex, STR("Upload-Metadata"), &rest))
		return str_absent(rest) ? (*out = rest, ok()) : fail(ERR_INVALID, "tus: metadata twice");
	while (str_next(&rest, ',', &pair)) {
		struct str name;

		pair = str_trim(pair);
		if (!str_next(&pair, ' ', &name) || !str_eq(name, key))
			continue;
		if (!str_absent(value))
			return fail(ERR_INVALID, "tus: a key of the metadata twice");
		TRY(base64_read(ex->cx.arena, pair, &value));
		if (str_absent(value))
			value = STR("");
	}
	*out = value;
	return ok();
}

static const char *const state_words[ATTACHMENT_STATE_COUNT] = {
	[ATTACHMENT_MISSING] = "missing",
	[ATTACHMENT_UPLOADING] = "uploading",
	[ATTACHMENT_CHECKING] = "checking",
	[ATTACHMENT_OK] = "ok",
	[ATTACHMENT_PROBLEM] = "problem",
	[ATTACHMENT_NOT_NEEDED] = "not_needed",
};

struct str tus_state_word(enum attachment_state state)
{
	return str_of(state_words[state]);
}

static struct str number(struct exchange *ex, int64_t value)
{
	return str_fmt(ex->cx.arena, "%lld", (long long)value);
}

void tus_headers(struct exchange *ex, const struct attachment *file)
{
	bool uploading = file->state == ATTACHMENT_UPLOADING;
	struct buf until;

	response_header(ex->res, STR("Upload-Offset"), number(ex, uploading ? file->arrived : file->size));
	response_header(ex->res, STR("Upload-Length"), number(ex, file->size));
	response_header(ex->res, STR("Upload-State"), tus_state_word(file->state));
	if (!uploading)
		return;
	buf_init(&until, ex->cx.arena, 64);
	time_write_http(&until, file->until_at);
	response_header(ex->res, STR("Upload-Expires"), buf_view(&until));
}

err tus_refuse_text(struct exchange *ex, int status, struct str reason, struct str text)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	buf_lit(&out, "{\"reason\":");
	json_write_str(&out, reason);
	buf_lit(&out, ",\"text\":");
	json_write_str(&out, text);
	buf_lit(&out, "}\n");
	return exchange_bytes(ex, status, STR("application/json"), buf_view(&out));
}

err tus_refuse(struct exchange *ex, int status, struct str reason, enum msg msg)
{
	return tus_refuse_text(ex, status, reason, msg_text(ex->cx.arena, ex->page.locale, msg, NULL, 0));
}
