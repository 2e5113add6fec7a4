#include "web/view_text.h"

#include "base/limits.h"
#include "web/japanese.h"

static struct buf text_buf(struct exchange *ex)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	return out;
}

struct html view_msg(struct exchange *ex, enum msg msg)
{
	return (struct html){ex->page.locale->html[msg]};
}

struct html view_msg_args(struct exchange *ex, enum msg msg, const struct msg_arg *args, size_t count)
{
	struct buf out = text_buf(ex);

	msg_write_html(&out, ex->page.locale, msg, args, count);
	return japanese_marked(ex, html_of(&out));
}

struct html view_plain(struct exchange *ex, struct str text)
{
	struct buf out = text_buf(ex);

	html_write_text(&out, text);
	return html_of(&out);
}

struct html view_label(struct exchange *ex, const struct text *text)
{
	return japanese_marked(ex, (struct html){text_html(text, ex->page.locale)});
}

struct str view_label_plain(struct exchange *ex, const struct text *text)
{
	return text_plain(text, ex->page.locale);
}

struct html view_official(struct exchange *ex, const struct text *text)
{
	if (ex->page.locale->lang == LANG_JA)
		return html_none();
	return (struct html){text_html(text, locale_get(LANG_JA, ex->page.locale->furigana))};
}

struct html view_paragraphs(struct exchange *ex, struct str text)
{
	struct buf out = text_buf(ex);
	struct str line = {0};
	bool open = false;

	while (str_next(&text, '\n', &line)) {
		line = str_trim(line);
		if (str_empty(line)) {
			if (open)
				buf_lit(&out, "</p>");
			open = false;
			continue;
		}
		if (!open)
			buf_lit(&out, "<p>");
		else
			buf_lit(&out, " ");
		ruby_write_html(&out, line, ex->page.locale->furigana);
		open = true;
	}
	if (open)
		buf_lit(&out, "</p>");
	return japanese_marked(ex, html_of(&out));
}

struct html view_items(struct exchange *ex, struct str text)
{
	struct buf out = text_buf(ex);
	struct str line = {0};

	buf_lit(&out, "<ul>");
	while (str_next(&text, '\n', &line)) {
		line = str_trim(line);
		if (str_empty(line))
			continue;
		buf_lit(&out, "<li>");
		ruby_write_html(&out, line, ex->page.locale->furigana);
		buf_lit(&out, "</li>");
	}
	buf_lit(&out, "</ul>");
	return japanese_marked(ex, html_of(&out));
}

void maintenance_write(struct buf *out, const struct locale *locale, const struct maintenance *window)
{
	struct buf from, until;

	buf_init(&from, out->arena, 128);
	buf_init(&until, out->arena, 128);
	datetime_write(&from, locale, window->starts_at);
	datetime_write(&until, locale, window->ends_at);
	struct msg_arg args[] = {{STR("from"), buf_view(&from)}, {STR("until"), buf_view(&until)}};

	buf_lit(out, "<p>");
	msg_write_html(out, locale, MSG_layout_maintenance_planned, args, 2);
	if (!str_empty(window->words[locale->lang])) {
		buf_lit(out, " ");
		html_write_text(out, window->words[locale->lang]);
	}
	buf_lit(out, "</p>");
}
