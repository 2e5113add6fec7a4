#include "base/time.h"
#include "sim/phone/screen.h"
#include "sim/phone/web_page.h"

static void page_start(const struct sheet *sheet)
{
	struct buf *out = sheet->out;
	sheet_begin(sheet, word_text(W_start_title, sheet->web->tongue), "start");
	sheet_word_line(sheet, "p", "lead", W_start_lead);
	/* Shown by the script, where there is a camera. */
	buf_lit(out,
		"<div id=\"camera\" hidden>\n<video id=\"view\" muted playsinline hidden></video>\n"
		"<p id=\"camera-hint\" role=\"status\" hidden>");
	sheet_word(sheet, W_start_camera_hint);
	buf_lit(out, "</p>\n<p id=\"camera-none\" role=\"status\" hidden>");
	sheet_word(sheet, W_start_camera_none);
	buf_lit(out, "</p>\n<button type=\"button\" id=\"camera-open\" class=\"key\">");
	sheet_word(sheet, W_start_camera);
	buf_lit(out,
		"</button>\n<button type=\"button\" id=\"camera-stop\" class=\"plain\" hidden>");
	sheet_word(sheet, W_start_camera_stop);
	buf_lit(out, "</button>\n</div>\n");
	sheet_form(sheet, "/image",
		" enctype=\"multipart/form-data\" id=\"image-form\" class=\"card\"");
	buf_lit(out, "<label for=\"image\">");
	sheet_word(sheet, W_start_image);
	buf_lit(out, "</label>\n<input type=\"file\" id=\"image\" name=\"image\" "
		     "accept=\"image/png,image/jpeg\" required>\n");
	sheet_button(sheet, "plain", NULL, NULL, W_start_image_go);
	sheet_form_end(sheet);
	sheet_form(sheet, "/scan", " class=\"card\"");
	buf_lit(out, "<label for=\"text\">");
	sheet_word(sheet, W_start_text);
	buf_lit(out, "</label>\n<p id=\"text-hint\" class=\"hint\">");
	sheet_word(sheet, W_start_text_hint);
	buf_fmt(out,
		"</p>\n<input id=\"text\" name=\"text\" maxlength=\"%d\" autocomplete=\"off\" "
		"autocapitalize=\"off\" spellcheck=\"false\" "
		"aria-describedby=\"text-hint\" required>\n",
		QR_TEXT_MOST);
	sheet_button(sheet, "plain", NULL, NULL, W_start_text_go);
	sheet_form_end(sheet);
	sheet_word_line(sheet, "p", "care", W_start_never);
	sheet_end(sheet);
}

static void row(const struct sheet *sheet, enum word name, struct str value, bool ours)
{
	if (str_empty(value))
		return;
	buf_lit(sheet->out, "<div>");
	sheet_word_line(sheet, "dt", NULL, name);
	if (ours)
		sheet_line(sheet, "dd", NULL, value);
	else
		sheet_said(sheet, "dd", value);
	buf_lit(sheet->out, "</div>\n");
}

static void page_ask(const struct sheet *sheet, int64_t now)
{
	const struct flow *flow = &sheet->web->flow;
	const struct ask *ask = &flow->ask;
	enum tongue tongue = sheet->web->tongue;
	struct buf *out = sheet->out;
	sheet_begin(sheet, ask->title[tongue], "ask");
	sheet_word_line(sheet, "p", "lead", W_ask_lead);
	buf_lit(out, "<dl>\n");
	row(sheet, W_ask_who, flow->party->id, false);
	row(sheet, W_ask_origin, flow->party->origin, false);
	row(sheet, W_ask_account, ask->account, false);
	row(sheet, W_ask_browser, ask->browser, false);
	if (ask->started > 0)
		row(sheet, W_ask_started, screen_started(sheet->arena, tongue, ask->started, now),
			true);
	row(sheet, W_ask_place, ask->place, false);
	row(sheet, W_ask_purpose, word_text(screen_purpose(ask->purpose), tongue), true);
	row(sheet, W_ask_signs,
		word_text(ask->op == ASK_AUTH ? W_ask_signs_auth : W_ask_signs_items, tongue),
		true);
	buf_lit(out, "</dl>\n<details>\n<summary>");
	sheet_word(sheet, W_ask_signs_whole);
	buf_lit(out, "</summary>\n<pre lang=\"en\" tabindex=\"0\">");
	html_text(out, ask->statement);
	buf_lit(out, "</pre>\n</details>\n");
	if (ask->bindback)
		sheet_word_line(sheet, "p", "hint", W_ask_code);
	sheet_form(sheet, "/ask", " class=\"pair\"");
	sheet_button(sheet, "plain", "go", "decline", W_ask_decline);
	sheet_button(sheet, "key", "go", "continue", W_ask_continue);
	sheet_form_end(sheet);
	sheet_end(sheet);
}

static void page_card(const struct sheet *sheet)
{
	struct home_card *cards = arena_array(sheet->arena, struct home_card, HOME_CARDS_MOST);
	struct buf *out = sheet->out;
	size_t count = 0;
	if (failed(home_cards(sheet->arena, sheet->web->cards, cards, &count)))
		count = 0;
	sheet_begin(sheet, word_text(W_card_title, sheet->web->tongue), "cards");
	sheet_word_line(sheet, "p", "lead", count > 0 ? W_card_lead : W_card_none);
	sheet_form(sheet, "/card", "");
	buf_lit(out, "<ul>\n");
	for (size_t i = 0; i < count; i++) {
		struct str date = str_fmt(sheet->arena, "%d-%02d-%02d", cards[i].expires_on / 10000,
			cards[i].expires_on / 100 % 100, cards[i].expires_on % 100);
		buf_lit(out, "<li><button name=\"card\" value=\"");
		html_text(out, cards[i].dir);
		buf_lit(out, "\"><span class=\"holder\" lang=\"ja\">");
		html_text(out, cards[i].holder);
		buf_lit(out, "</span> <span class=\"label\" lang=\"en\">");
		html_text(out, str_empty(cards[i].label) ? cards[i].dir : cards[i].label);
		buf_lit(out, "</span> <span class=\"label\">");
		word_html(out, word_with(sheet->arena, W_card_expires, sheet->web->tongue, date));
		buf_lit(out, "</span></button></li>\n");
	}
	buf_lit(out, "</ul>\n");
	sheet_form_end(sheet);
	buf_lit(out, "<div class=\"quietly\">\n");
	sheet_press(sheet, "/back", "quiet", W_back);
	sheet_press(sheet, "/cancel", "quiet", W_cancel);
	buf_lit(out, "</div>\n");
	sheet_end(sheet);
}

/* The field: digits with a pad that the script puts beside it, or a password. */
static void secret_field(const struct sheet *sheet)
{
	bool pin = sheet->web->method != ASK_JPKI_SIGN;
	struct buf *out = sheet->out;
	buf_lit(out, "<label for=\"secret\">");
	sheet_word(sheet, pin ? W_secret_pin : W_secret_password);
	buf_fmt(out,
		"</label>\n<input type=\"password\" id=\"secret\" name=\"secret\" class=\"%s\" "
		"autocomplete=\"off\" "
		"aria-describedby=\"tries stays\" %s required>\n",
		pin ? "pin" : "password",
		pin ? "inputmode=\"numeric\" pattern=\"[0-9]{4}\" maxlength=\"4\""
		    : "autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"16\"");
	if (pin) {
		buf_lit(out, "<div id=\"pad\" data-delete=\"");
		html_text(out,
			word_plain(sheet->arena, word_text(W_secret_delete, sheet->web->tongue)));
		buf_lit(out, "\" hidden></div>\n");
		return;
	}
	buf_lit(out, "<label class=\"check\" id=\"show\" hidden><input type=\"checkbox\"><span>");
	sheet_word(sheet, W_secret_show);
	buf_lit(out, "</span></label>\n");
}

static void other_method(const struct sheet *sheet)
{
	const struct web *web = sheet->web;
	enum ask_method other = web->method == ASK_JPKI_SIGN ? ASK_CARD_TEXT : ASK_JPKI_SIGN;
	if (web->method == ASK_JPKI_AUTH || !web->flow.ask.methods[other])
		return;
	sheet_form(sheet, "/method", "");
	sheet_button(sheet, "quiet", "method", other == ASK_CARD_TEXT ? "card_text" : "jpki_sign",
		other == ASK_CARD_TEXT ? W_secret_other_text : W_secret_other_sign);
	sheet_form_end(sheet);
}

static void page_secret(const struct sheet *sheet)
{
	const struct web *web = sheet->web;
	struct buf *out = sheet->out;
	sheet_begin(sheet, word_text(screen_secret_title(web->method), web->tongue), "secret");
	sheet_word_line(sheet, "p", "lead", screen_secret_lead(web->method));
	sheet_form(sheet, "/secret", " class=\"card\"");
	secret_field(sheet);
	buf_lit(out, "<p id=\"tries\">");
	word_html(out, word_with(sheet->arena, W_secret_tries, web->tongue,
			       str_fmt(sheet->arena, "%u", web->tries)));
	if (web->tries == 1) {
		buf_lit(out, " <strong>");
		sheet_word(sheet, W_secret_last);
		buf_lit(out, "</strong>");
	}
	buf_lit(out, "</p>\n<p id=\"stays\" class=\"hint\">");
	sheet_word(sheet, W_secret_stays);
	buf_lit(out, "</p>\n");
	sheet_button(sheet, "key", NULL, NULL, W_next);
	sheet_form_end(sheet);
	buf_lit(out, "<details>\n<summary>");
	sheet_word(sheet, W_secret_forgot);
	buf_lit(out, "</summary>\n");
	sheet_word_line(sheet, "p", NULL, W_secret_forgot_help);
	buf_lit(out, "</details>\n<div class=\"quietly\">\n");
	other_method(sheet);
	sheet_press(sheet, "/back", "quiet", W_back);
	sheet_press(sheet, "/cancel", "quiet", W_cancel);
	buf_lit(out, "</div>\n");
	sheet_end(sheet);
}

static void page_hold(const struct sheet *sheet)
{
	struct buf *out = sheet->out;
	sheet_begin(sheet, word_text(W_hold_title, sheet->web->tongue), "hold");
	buf_lit(out, "<svg class=\"picture\" viewBox=\"0 0 240 190\" role=\"img\" aria-label=\"");
	html_text(out, word_plain(sheet->arena, word_text(W_hold_picture, sheet->web->tongue)));
	buf_lit(out, "\"><rect class=\"id\" x=\"14\" y=\"62\" width=\"152\" height=\"98\" "
		     "rx=\"10\"/><rect class=\"face\" x=\"28\" y=\"82\" width=\"34\" height=\"42\" "
		     "rx=\"4\"/>"
		     "<path class=\"lines\" d=\"M74 90h44M74 104h36M28 140h60\"/><g "
		     "transform=\"rotate(14 150 95)\"><rect class=\"body\" x=\"108\" y=\"12\" "
		     "width=\"84\" height=\"164\" rx=\"14\"/>"
		     "<rect class=\"glass\" x=\"115\" y=\"24\" width=\"70\" height=\"140\" "
		     "rx=\"6\"/></g><path class=\"waves\" d=\"M196 60q14 14 0 28M208 48q26 26 0 "
		     "52\"/></svg>\n");
	sheet_word_line(sheet, "p", "lead", W_hold_lead);
	sheet_word_line(sheet, "p", "hint", W_hold_cover);
	sheet_line(sheet, "p", "holding", sheet->web->card.holder);
	sheet_press(sheet, "/hold", "key", W_hold_scan);
	buf_lit(out, "<div class=\"quietly\">\n");
	sheet_press(sheet, "/back", "quiet", W_back);
	sheet_press(sheet, "/cancel", "quiet", W_cancel);
	buf_lit(out, "</div>\n");
	sheet_end(sheet);
}

static void page_code(const struct sheet *sheet, int64_t now)
{
	const struct flow *flow = &sheet->web->flow;
	struct buf *out = sheet->out;
	int64_t left = flow->code_until > now ? (flow->code_until - now + 999) / TIME_SECOND : 0;
	sheet_begin(sheet, word_text(W_code_title, sheet->web->tongue), "code");
	buf_lit(out, "<p class=\"digits\">");
	for (size_t i = 0; i < flow->code.n; i++)
		buf_fmt(out, "<span>%c</span>", flow->code.p[i]);
	buf_fmt(out, "</p>\n<p id=\"left\" role=\"timer\" data-left=\"%lld\" data-most=\"90\">",
		(long long)left);
	word_html(out, word_with(sheet->arena, W_code_left, sheet->web->tongue,
			       str_fmt(sheet->arena, "%lld", (long long)left)));
	buf_lit(out, "</p>\n");
	sheet_word_line(sheet, "p", "care", W_code_warning);
	sheet_word_line(sheet, "p", "hint", W_code_waits);
	sheet_end(sheet);
}

static void page_end(const struct sheet *sheet)
{
	const struct web *web = sheet->web;
	enum ending ending = web->flow.ending;
	bool good = ending_good(ending);
	sheet_begin(sheet, ending_title(ending, web->tongue), good ? "end good" : "end bad");
	buf_c(sheet->out,
		good ? "<svg class=\"sign\" viewBox=\"0 0 64 64\" aria-hidden=\"true\"><circle "
		       "cx=\"32\" cy=\"32\" r=\"30\"/><path d=\"M18 33l10 10 19-21\"/></svg>\n"
		     : "<svg class=\"sign\" viewBox=\"0 0 64 64\" aria-hidden=\"true\"><circle "
		       "cx=\"32\" cy=\"32\" r=\"30\"/><path d=\"M32 16v20M32 45v3\"/></svg>\n");
	sheet_line(sheet, "p", "lead", ending_advice(ending, web->tongue));
	if (!good)
		sheet_line(sheet, "p", "hint",
			word_with(sheet->arena, W_reference, web->tongue,
				str_of(ending_name(ending))));
	sheet_press(sheet, "/close", "key", W_close);
	sheet_end(sheet);
}

void web_page(const struct web *web, struct buf *out, struct arena *arena, int64_t now)
{
	const struct sheet sheet = {out, arena, web};
	switch (web->step) {
	case WEB_ASK:
		page_ask(&sheet, now);
		break;
	case WEB_CARD:
		page_card(&sheet);
		break;
	case WEB_SECRET:
		page_secret(&sheet);
		break;
	case WEB_HOLD:
		page_hold(&sheet);
		break;
	case WEB_CODE:
		page_code(&sheet, now);
		break;
	case WEB_END:
		page_end(&sheet);
		break;
	default:
		page_start(&sheet);
	}
}
