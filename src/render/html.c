#include "render/html.h"

#include "i18n/escape.h"

#include "base/encode.h"

void html_write_text(struct buf *out, struct str text)
{
	escape_text(out, text);
}
void html_write_attr(struct buf *out, struct str text)
{
	escape_attr(out, text);
}

static bool stands_in_url(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~' || c == '@';
}

void html_write_url(struct buf *out, struct str text)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.n;) {
		size_t from = i;
		while (i < text.n && stands_in_url(text.p[i]))
			i++;
		buf_bytes(out, text.p + from, i - from);
		if (i == text.n)
			break;
		unsigned char c = (unsigned char)text.p[i++];
		buf_bytes(out, (char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
	}
}

void html_write_segment(struct buf *out, struct str text)
{
	if (!text.n || str_eq(text, STR(".")) || str_eq(text, STR("..")))
		buf_byte(out, '-');
	percent_write(out, text);
}

void html_write_csrf(struct buf *out, const struct page *page)
{
	buf_lit(out, "<input type=\"hidden\" name=\"" HTML_CSRF_FIELD "\" value=\"");
	escape_attr(out, page->csrf);
	buf_lit(out, "\">");
}

#define ARG_MAX 128 /* a date with time and zone takes 60 bytes */

struct str html_arg_int(struct arena *arena, int64_t value)
{
	struct buf out;
	buf_init_room(&out, arena, ARG_MAX, 24);
	buf_i64(&out, value);
	return buf_view(&out);
}

struct str html_arg_date(struct arena *arena, const struct locale *locale, int32_t date)
{
	struct buf out;
	buf_init_room(&out, arena, ARG_MAX, 32);
	date_write(&out, locale, date);
	return buf_view(&out);
}

struct str html_arg_datetime(struct arena *arena, const struct locale *locale, int64_t at)
{
	struct buf out;
	buf_init_room(&out, arena, ARG_MAX, 80);
	datetime_write(&out, locale, at);
	return buf_view(&out);
}
