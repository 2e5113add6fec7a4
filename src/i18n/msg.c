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

static enum msg known(enum msg msg)
{
	return msg < MSG_COUNT ? msg : MSG_NONE;
}

static void write_filled(struct buf *out, const struct str *texts, enum msg msg,
	const struct msg_arg *args, size_t count, bool html);

static void write_value(struct buf *out, const struct str *texts, const struct msg_arg *arg, bool html)
{
	const struct msg_arg n = {.name = STR("n"), .value = arg->value};
	if (arg->unit != MSG_NONE) /* once: n has none */
		write_filled(out, texts, arg->unit, &n, 1, html);
	else if (html)
		escape_text(out, arg->value);
	else
		buf_str(out, arg->value);
}

/* The text is walked once, so a value that looks like a placeholder is printed as it is. */
static void write_filled(struct buf *out, const struct str *texts, enum msg msg,
	const struct msg_arg *args, size_t count, bool html)
{
	struct str text = texts[known(msg)];
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
		else
			write_value(out, texts, arg, html);
		text = str_skip(text, (size_t)open + whole);
	}
	buf_str(out, text);
}

void msg_write(struct buf *out, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count)
{
	write_filled(out, locale->plain, msg, args, count, false);
}

void msg_write_html(struct buf *out, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count)
{
	write_filled(out, locale->html, msg, args, count, true);
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
