#include "web/locale_choice.h"

#include "web/web.h"

#define YEAR_SECONDS (365 * 24 * 3600)

const struct locale *locale_choice(const struct exchange *ex)
{
	struct str value = {0};

	if (!failed(cookie_get(ex->req, STR("language"), &value)) && !str_absent(value)) {
		ptrdiff_t plus = str_find_byte(value, '+');
		struct str tag = plus < 0 ? value : str_sub(value, 0, (size_t)plus);
		const struct locale *locale = locale_find(tag, plus >= 0);

		if (locale)
			return locale;
	}
	return locale_get(locale_negotiate(request_header(ex->req, STR("Accept-Language"))), false);
}

bool locale_switched(struct exchange *ex)
{
	struct str what = exchange_field(ex, "set");

	if (!str_absent(what))
		locale_choose(ex, what);
	return !str_absent(what);
}

void locale_choose(struct exchange *ex, struct str what)
{
	const struct locale *now = ex->page.locale;
	const struct locale *next = NULL;

	if (str_eq(what, STR("furigana-on")))
		next = locale_get(now->lang, true);
	else if (str_eq(what, STR("furigana-off")))
		next = locale_get(now->lang, false);
	else
		next = locale_find(what, now->furigana);
	if (!next)
		return;
	ex->page.locale = ex->cx.locale = next;
	response_cookie(ex->res, STR("language"),
		str_fmt(ex->cx.arena, STR_FMT "%s", STR_ARG(next->tag), next->furigana ? "+furigana" : ""), YEAR_SECONDS,
		ex->web->conf.secure);
}
