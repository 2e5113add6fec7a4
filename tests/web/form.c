#include "form.h"

#include "base/encode.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct str form_value(struct site *site, struct str page, const char *sign)
{
	static const struct {
		const char *form, *of;
	} forms[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
	ptrdiff_t at = str_find(page, str_of(sign));
	struct buf out;

	if (at < 0)
		return (struct str){0};
	struct str rest = str_skip(page, (size_t)at + strlen(sign));

	buf_init(&out, &site->arena, 4u << 20);
	for (rest = str_sub(rest, 0, (size_t)str_find_byte(rest, '"')); rest.n > 0;) {
		size_t n = 1;

		for (size_t i = 0; i < COUNT(forms); i++) {
			if (!str_starts(rest, str_of(forms[i].form)))
				continue;
			buf_c(&out, forms[i].of);
			n = strlen(forms[i].form);
		}
		if (n == 1)
			buf_byte(&out, rest.p[0]);
		rest = str_skip(rest, n);
	}
	return buf_view(&out);
}

struct str form_hidden(struct site *site, const struct reply *reply, const char *name)
{
	return form_value(site, reply->body, str_c(&site->arena, str_fmt(&site->arena, "type=\"hidden\" name=\"%s\" value=\"", name)));
}

bool reply_has(const struct reply *reply, const char *text)
{
	return str_find(reply->body, str_of(text)) >= 0;
}

struct str form_fields(struct site *site, const struct reply *reply, const char *id)
{
	ptrdiff_t at = str_find(reply->body, str_fmt(&site->arena, "id=\"%s\"", id));
	struct buf out;

	assert_true(at >= 0);
	struct str rest = str_skip(reply->body, (size_t)at);

	rest = str_sub(rest, 0, (size_t)str_find(rest, STR("</form>")));
	buf_init(&out, &site->arena, 4u << 20);
	for (;;) {
		at = str_find(rest, STR("<input type=\"hidden\" name=\""));
		if (at < 0)
			return buf_view(&out);
		rest = str_skip(rest, (size_t)at);
		if (out.n > 0)
			buf_lit(&out, "&");
		percent_write(&out, form_value(site, rest, "name=\""));
		buf_lit(&out, "=");
		percent_write(&out, form_value(site, rest, "value=\""));
		rest = str_skip(rest, 10);
	}
}

struct reply form_press(struct site *site, const struct reply *reply, const struct ask *like, struct str to, const char *more)
{
	struct ask ask = *like;

	ask.method = NULL;
	ask.path = str_c(&site->arena, to);
	ask.form = str_c(&site->arena, str_fmt(&site->arena, STR_FMT "%s", STR_ARG(form_fields(site, reply, "again")), more));
	ask.token = TOKEN_RAW;
	ask.headers = NULL;
	ask.busy = false;
	return site_ask(site, &ask);
}

struct str form_retry(struct site *site, const struct reply *reply)
{
	return form_value(site, reply->body, "id=\"again\" method=\"post\" action=\"");
}

struct str form_language(struct site *site, const struct reply *reply)
{
	return form_value(site, reply->body, "form=\"again\" formaction=\"");
}

struct str repeated(struct site *site, const char *piece, size_t times)
{
	struct buf out;

	buf_init(&out, &site->arena, 4u << 20);
	for (size_t i = 0; i < times; i++)
		buf_c(&out, piece);
	return buf_view(&out);
}

const char *form_of(struct site *site, const char *name, const char *piece, size_t times)
{
	return str_c(&site->arena, str_fmt(&site->arena, "%s=" STR_FMT, name, STR_ARG(repeated(site, piece, times))));
}
