#include "i18n/locale.h"

#include "i18n/escape.h"

#include "base/limits.h"

static const struct msg_arg *find_arg(const struct msg_arg *args, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(args[i].name, name))
			return &args[i];
	return NULL;
}

/* The text is walked once, so a value that looks like a placeholder is printed as it is. */
static void write_filled(
	struct buf *out, struct str text, const struct msg_arg *args, size_t count, bool html)
{
	while (text.n) {
		ptrdiff_t open = count ? str_find_byte(text, '{') : -1;
		ptrdiff_t close = open < 0 ? -1 : str_find_byte(str_skip(text, (size_t)open), '}');
		if (close < 0)
			break;
		size_t whole = (size_t)close + 1;
		struct str name = str_sub(text, (size_t)open + 1, whole - 2);
		const struct msg_arg *arg = find_arg(args, count, name);
		buf_str(out, str_sub(text, 0, (size_t)open));
		if (!arg)
			buf_str(out, str_sub(text, (size_t)open, whole));
		else if (html)
			escape_text(out, arg->value);
		else
			buf_str(out, arg->value);
		text = str_skip(text, (size_t)open + whole);
	}
	buf_str(out, text);
}

static enum msg known(enum msg msg)
{
	return msg < MSG_COUNT ? msg : MSG_NONE;
}

void msg_write(struct buf *out, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count)
{
	write_filled(out, locale->plain[known(msg)], args, count, false);
}

void msg_write_html(struct buf *out, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count)
{
	write_filled(out, locale->html[known(msg)], args, count, true);
}

struct str msg_text(struct arena *arena, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count)
{
	if (!count)
		return locale->plain[known(msg)];
	struct buf out;
	size_t room = locale->plain[known(msg)].n;
	for (size_t i = 0; i < count && room < LIMIT_PAGE; i++)
		room += args[i].value.n;
	buf_init_room(&out, arena, LIMIT_PAGE, room < LIMIT_PAGE ? room : LIMIT_PAGE);
	msg_write(&out, locale, msg, args, count);
	return buf_view(&out);
}
