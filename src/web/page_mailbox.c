#include "base/auto.h"
#include "base/limits.h"
#include "base/vec.h"
#include "mail/mailbox.h"
#include "render/templates.h"
#include "web/japanese.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* The development mailbox: mails that stay in the data folder because no relay is configured. The route exists only then. */

#define MAILS_SHOWN 200

err page_mailbox_list(struct exchange *ex)
{
	struct mailbox_mail *mails;
	size_t count;

	TRY(mailbox_list(ex->cx.arena, ex->web->conf.mail_folder, MAILS_SHOWN, &mails, &count));
	struct view_mailbox_list_mails *rows = arena_array(ex->cx.arena, struct view_mailbox_list_mails, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].url = url_1(ex->cx.arena, ROUTE_mailbox_show, mails[i].name);
		rows[i].subject = japanese_value(ex, mails[i].subject);
		rows[i].to = mails[i].to;
		rows[i].at = mails[i].at;
	}
	struct view_mailbox_list view = {.mails = rows, .mails_count = count};

	return PAGE(ex, 200, MSG_mailbox_title, mailbox_list, &view);
}

/* The links of a mail lead back to this portal: they are made real links. */
static struct html body_html(struct exchange *ex, struct str body)
{
	struct str base = ex->cx.portal->settings.base_url, line = {0};
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	while (str_next(&body, '\n', &line)) {
		struct str text = str_trim(line);

		if (!str_empty(base) && str_starts(text, base) && text.n > base.n && text.p[base.n] == '/') {
			buf_lit(&out, "<a href=\"");
			html_write_attr(&out, safe_next(str_skip(text, base.n)));
			buf_lit(&out, "\">");
			html_write_text(&out, text);
			buf_lit(&out, "</a>");
		} else {
			html_write_text(&out, line);
		}
		buf_lit(&out, "\n");
	}
	return html_of(&out);
}

err page_mailbox_show(struct exchange *ex)
{
	struct mailbox_mail mail;

	TRY(mailbox_find(ex->cx.arena, ex->web->conf.mail_folder, exchange_path(ex, 0), &mail));
	struct view_mailbox_show view = {.subject = japanese_value(ex, mail.subject), .to = mail.to, .body = body_html(ex, mail.body)};

	tmpl_mailbox_show(&ex->body, &ex->page, &view);
	return exchange_page(ex, 200, mail.subject);
}
