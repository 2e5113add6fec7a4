#include "domain/identity/identity_words.h"

#include "base/utf8.h"

#include <arpa/inet.h>
#include <string.h>

struct word {
	struct str sign; /* in the User-Agent */
	struct str word;
};

/* The first that fits counts: browsers name those they descend from. */
static const struct word browsers[] = {
	{STR_INIT("Edg"), STR_INIT("Edge")},
	{STR_INIT("OPR/"), STR_INIT("Opera")},
	{STR_INIT("SamsungBrowser/"), STR_INIT("Samsung Internet")},
	{STR_INIT("Firefox/"), STR_INIT("Firefox")},
	{STR_INIT("FxiOS/"), STR_INIT("Firefox")},
	{STR_INIT("CriOS/"), STR_INIT("Chrome")},
	{STR_INIT("Chrome/"), STR_INIT("Chrome")},
	{STR_INIT("Chromium/"), STR_INIT("Chrome")},
	{STR_INIT("Safari/"), STR_INIT("Safari")},
};

static const struct word systems[] = {
	{STR_INIT("iPhone"), STR_INIT("iPhone")},
	{STR_INIT("iPad"), STR_INIT("iPad")},
	{STR_INIT("Android"), STR_INIT("Android")},
	{STR_INIT("Windows"), STR_INIT("Windows")},
	{STR_INIT("CrOS"), STR_INIT("ChromeOS")},
	{STR_INIT("Mac OS X"), STR_INIT("Mac")},
	{STR_INIT("Linux"), STR_INIT("Linux")},
};

static struct str word_of(const struct word *words, size_t count, struct str agent)
{
	for (size_t i = 0; i < count; i++)
		if (str_find(agent, words[i].sign) >= 0)
			return words[i].word;
	return STR("");
}

struct str idv_browser_words(struct arena *arena, struct str agent)
{
	struct str browser = word_of(browsers, sizeof browsers / sizeof *browsers, agent);
	struct str platform = word_of(systems, sizeof systems / sizeof *systems, agent);

	if (browser.n == 0 || platform.n == 0)
		return browser.n > 0 ? browser : platform;
	return str_fmt(arena, STR_FMT ", " STR_FMT, STR_ARG(browser), STR_ARG(platform));
}

struct str idv_mask_email(struct arena *arena, struct str email)
{
	ptrdiff_t at = str_find_byte(email, '@');

	if (at < 1)
		return STR("•••");
	return str_fmt(arena, STR_FMT "•••" STR_FMT, STR_ARG(utf8_head(email, 1)), STR_ARG(str_skip(email, (size_t)at)));
}

static struct str network_of_v4(struct arena *arena, struct in_addr v4)
{
	char text[INET_ADDRSTRLEN];

	v4.s_addr &= htonl(0xffffff00u);
	return inet_ntop(AF_INET, &v4, text, sizeof text) ? str_fmt(arena, "%s/24", text) : STR("");
}

struct str idv_network(struct arena *arena, struct str address)
{
	const char *text = str_c(arena, address);
	struct in6_addr v6;
	struct in_addr v4;
	char out[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET, text, &v4) == 1)
		return network_of_v4(arena, v4);
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return STR("");
	if (IN6_IS_ADDR_V4MAPPED(&v6)) {
		memcpy(&v4, &v6.s6_addr[12], sizeof v4);
		return network_of_v4(arena, v4);
	}
	memset(&v6.s6_addr[6], 0, 10);
	return inet_ntop(AF_INET6, &v6, out, sizeof out) ? str_fmt(arena, "%s/48", out) : STR("");
}
