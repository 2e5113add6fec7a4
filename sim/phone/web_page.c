#include "sim/phone/web_page.h"

void sheet_word(const struct sheet *sheet, enum word word)
{
	word_html(sheet->out, word_text(word, sheet->web->tongue));
}

void sheet_line(const struct sheet *sheet, const char *tag, const char *kind, struct str text)
{
	buf_fmt(sheet->out, "<%s", tag);
	if (kind)
		buf_fmt(sheet->out, " class=\"%s\"", kind);
	buf_byte(sheet->out, '>');
	word_html(sheet->out, text);
	buf_fmt(sheet->out, "</%s>\n", tag);
}

void sheet_word_line(const struct sheet *sheet, const char *tag, const char *kind, enum word word)
{
	sheet_line(sheet, tag, kind, word_text(word, sheet->web->tongue));
}

void sheet_said(const struct sheet *sheet, const char *tag, struct str text)
{
	buf_fmt(sheet->out, "<%s>", tag);
	html_text(sheet->out, text);
	buf_fmt(sheet->out, "</%s>\n", tag);
}

void sheet_form(const struct sheet *sheet, const char *action, const char *attributes)
{
	buf_fmt(sheet->out,
		"<form method=\"post\" action=\"%s\"%s>\n<input type=\"hidden\" name=\"token\" "
		"value=\"%s\">\n",
		action, attributes, sheet->web->token);
}

void sheet_form_end(const struct sheet *sheet)
{
	buf_lit(sheet->out, "</form>\n");
}

void sheet_button(const struct sheet *sheet, const char *kind, const char *name, const char *value,
	enum word word)
{
	buf_fmt(sheet->out, "<button class=\"%s\"", kind);
	if (name)
		buf_fmt(sheet->out, " name=\"%s\" value=\"%s\"", name, value);
	buf_byte(sheet->out, '>');
	sheet_word(sheet, word);
	buf_lit(sheet->out, "</button>\n");
}

void sheet_press(const struct sheet *sheet, const char *action, const char *kind, enum word word)
{
	sheet_form(sheet, action, "");
	sheet_button(sheet, kind, NULL, NULL, word);
	sheet_form_end(sheet);
}

static void head(struct buf *out, enum tongue tongue, struct arena *arena, struct str title,
	const char *more)
{
	buf_fmt(out,
		"<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
		tongue_tags[tongue]);
	html_text(out, word_plain(arena, title));
	buf_lit(out, " – ");
	html_text(out, word_plain(arena, word_text(W_app_name, tongue)));
	buf_lit(out, "</title>\n<link rel=\"stylesheet\" href=\"/phone.css\">\n<link rel=\"icon\" "
		     "href=\"/icon.svg\" type=\"image/svg+xml\">\n");
	buf_c(out, more);
	buf_lit(out, "</head>\n");
}

/* The bar of the app, and what says on each screen that this is none. */
static void bar(const struct sheet *sheet)
{
	struct buf *out = sheet->out;
	enum tongue other = sheet->web->tongue == TONGUE_JA ? TONGUE_EN : TONGUE_JA;
	buf_lit(out, "<a class=\"skip\" href=\"#main\">");
	sheet_word(sheet, W_skip);
	buf_lit(out, "</a>\n<div class=\"phone\">\n<header>\n<p class=\"app\"><svg class=\"mark\" "
		     "viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
		     "<rect x=\"2\" y=\"5\" width=\"20\" height=\"14\" rx=\"3\"/><path d=\"M6 "
		     "10h6M6 14h4\"/><circle cx=\"17\" cy=\"12\" r=\"2\"/></svg> ");
	sheet_word(sheet, W_app_name);
	buf_lit(out, "</p>\n");
	sheet_form(sheet, "/lang", "");
	buf_fmt(out, "<button class=\"quiet\" name=\"lang\" value=\"%s\" lang=\"%s\">",
		tongue_tags[other], tongue_tags[other]);
	html_text(out, word_text(W_other_language, sheet->web->tongue));
	buf_lit(out, "</button>\n");
	sheet_form_end(sheet);
	sheet_word_line(sheet, "p", "simulated", W_simulated);
	buf_lit(out, "</header>\n");
}

void sheet_begin(const struct sheet *sheet, struct str title, const char *kind)
{
	/* Without script a page that waits looks again by itself; with it, the script does
	 * (phone.js). */
	const char *more = strcmp(kind, "code") == 0
				   ? "<script src=\"/phone.js\" defer></script>\n<noscript><meta "
				     "http-equiv=\"refresh\" content=\"3\"></noscript>\n"
				   : "<script src=\"/phone.js\" defer></script>\n";
	head(sheet->out, sheet->web->tongue, sheet->arena, title, more);
	buf_fmt(sheet->out, "<body>\n");
	bar(sheet);
	buf_fmt(sheet->out, "<main id=\"main\" class=\"%s\" tabindex=\"-1\">\n", kind);
	if (sheet->web->notice != W_COUNT) {
		struct str tries = str_fmt(sheet->arena, "%u", sheet->web->tries);
		buf_lit(sheet->out, "<p class=\"notice\" role=\"alert\">");
		word_html(sheet->out,
			word_with(sheet->arena, sheet->web->notice, sheet->web->tongue, tries));
		buf_lit(sheet->out, "</p>\n");
	}
	sheet_line(sheet, "h1", NULL, title);
}

void sheet_end(const struct sheet *sheet)
{
	buf_lit(sheet->out, "</main>\n</div>\n</body>\n</html>\n");
}

void sheet_refusal(struct buf *out, enum tongue tongue, enum word why)
{
	struct web web = {.tongue = tongue, .notice = W_COUNT};
	struct sheet sheet = {out, out->arena, &web};
	head(out, tongue, out->arena, word_text(W_refused, tongue), "");
	buf_lit(out, "<body>\n<div class=\"phone\">\n<main>\n");
	sheet_word_line(&sheet, "h1", NULL, W_refused);
	if (why != W_refused)
		sheet_word_line(&sheet, "p", NULL, why);
	buf_lit(out, "<p><a href=\"/\">");
	sheet_word(&sheet, W_to_phone);
	buf_lit(out, "</a></p>\n");
	sheet_end(&sheet);
}
