#include "web/view_text.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/portal.h"
#include "web/japanese.h"
#include "web/web.h"

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

struct msg_arg view_number(struct exchange *ex, const char *name, int64_t number)
{
	return (struct msg_arg){str_of(name), str_fmt(ex->cx.arena, "%lld", (long long)number)};
}

struct msg_arg view_time(struct exchange *ex, const char *name, int64_t ms)
{
	static const struct {
		int64_t ms;
		enum msg one, many, pun;
	} units[] = {
		{TIME_HOUR, MSG_time_hour, MSG_time_hours, MSG_time_hours},
		{TIME_MINUTE, MSG_time_minute, MSG_time_minutes, MSG_time_minutes_pun},
		{TIME_SECOND, MSG_time_seconds, MSG_time_seconds, MSG_time_seconds},
	};
	size_t at = 0;

	while (at + 1 < sizeof units / sizeof *units && ms % units[at].ms != 0)
		at++;
	int64_t n = ms / units[at].ms;
	struct msg_arg arg = view_number(ex, name, n);

	arg.unit = n == 1 ? units[at].one : minutes_are_pun(n) ? units[at].pun : units[at].many;
	return arg;
}

struct html view_msg_time(struct exchange *ex, enum msg msg, int64_t ms)
{
	const struct msg_arg time = view_time(ex, "time", ms);

	return view_msg_args(ex, msg, &time, 1);
}

static struct msg_arg tries_arg(struct exchange *ex, const char *name, int64_t tries)
{
	struct msg_arg arg = view_number(ex, name, tries);

	arg.unit = tries == 1 ? MSG_login_tries_one : MSG_login_tries;
	return arg;
}

enum msg login_policy_msg(struct exchange *ex, enum msg locks, enum msg delays, struct msg_arg args[LOGIN_POLICY_ARGS])
{
	const struct login_policy *policy = &ex->cx.portal->settings.login;

	args[0] = tries_arg(ex, "tries", policy->free_tries);
	args[1] = view_time(ex, "time", policy->first_ms);
	args[2] = view_time(ex, "longest", policy->longest_ms);
	args[3] = tries_arg(ex, "most", policy->most_tries);
	return policy->first_ms < policy->longest_ms ? delays : locks;
}

struct html view_ruby(struct exchange *ex, struct str text)
{
	struct buf out = text_buf(ex);

	ruby_write_html(&out, text, ex->page.locale->furigana);
	return japanese_marked(ex, html_of(&out));
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

struct html view_help_hours(struct exchange *ex)
{
	const struct locale *locale = ex->page.locale;
	struct buf out = text_buf(ex);

	if (!str_empty(ex->web->conf.help_phone))
		ruby_write_html(&out, ex->web->conf.help_hours[locale->lang], locale->furigana);
	return html_of(&out);
}

struct html view_maintenance(struct exchange *ex, const struct maintenance *window)
{
	const struct locale *locale = ex->page.locale;
	struct buf from, until, out = text_buf(ex);

	buf_init(&from, ex->cx.arena, 128);
	buf_init(&until, ex->cx.arena, 128);
	datetime_write(&from, locale, window->starts_at);
	datetime_write(&until, locale, window->ends_at);
	struct msg_arg args[] = {{STR("from"), buf_view(&from)}, {STR("until"), buf_view(&until)}};

	buf_lit(&out, "<p>");
	msg_write_html(&out, locale, MSG_layout_maintenance_planned, args, 2);
	if (!str_empty(window->words[locale->lang])) {
		if (locale->lang != LANG_JA)
			buf_lit(&out, " ");
		ruby_write_html(&out, window->words[locale->lang], locale->furigana);
	}
	buf_lit(&out, "</p>");
	return japanese_marked(ex, html_of(&out));
}
