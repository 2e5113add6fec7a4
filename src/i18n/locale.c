#include "i18n/locale.h"

#include "i18n/msg_table.h"

static const struct locale locales[LANG_COUNT][2] = {
	[LANG_JA] =
		{
			{LANG_JA, false, STR_INIT("ja"), STR_INIT("日本語"), msg_ja_plain,
				msg_ja_html},
			{LANG_JA, true, STR_INIT("ja"), STR_INIT("日本語"), msg_ja_plain,
				msg_ja_ruby},
		},
	[LANG_EN] =
		{
			{LANG_EN, false, STR_INIT("en"), STR_INIT("English"), msg_en_plain,
				msg_en_html},
			{LANG_EN, true, STR_INIT("en"), STR_INIT("English"), msg_en_plain,
				msg_en_html},
		},
};

const struct locale *locale_get(enum lang lang, bool furigana)
{
	return &locales[lang < LANG_COUNT ? lang : LANG_JA][furigana];
}

const struct locale *locale_find(struct str tag, bool furigana)
{
	for (int lang = 0; lang < LANG_COUNT; lang++)
		if (str_eq(locales[lang][0].tag, tag))
			return &locales[lang][furigana];
	return NULL;
}

/* ---- Accept-Language ---- */

/* qvalue in thousandths: 0, 1, 0.d, 0.dd, 0.ddd, 1.000. -1: none. */
static int read_quality(struct str s)
{
	if (!s.n || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
		return -1;
	int value = s.p[0] == '1' ? 1000 : 0;
	int unit = 100;
	for (size_t i = 2; i < s.n; i++, unit /= 10) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		value += (s.p[i] - '0') * unit;
	}
	return value <= 1000 ? value : -1;
}

/* "*", or subtags of 1 to 8 letters (from the second on: or digits) joined by '-'. */
static bool is_range(struct str s)
{
	if (str_eq(s, STR("*")))
		return true;
	size_t length = 0;
	bool first = true;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (c == '-') {
			if (!length)
				return false;
			length = 0;
			first = false;
		} else if (letter || (!first && c >= '0' && c <= '9')) {
			if (++length > 8)
				return false;
		} else {
			return false;
		}
	}
	return length > 0;
}

/* One element of the list: its range and quality. False: not of the form; such an element counts
 * for nothing. */
static bool read_element(struct str element, struct str *range, int *quality)
{
	ptrdiff_t semicolon = str_find_byte(element, ';');
	*quality = 1000;
	*range = str_trim(semicolon < 0 ? element : str_sub(element, 0, (size_t)semicolon));
	if (semicolon >= 0) {
		struct str weight = str_trim(str_skip(element, (size_t)semicolon + 1));
		if (!str_starts(weight, STR("q=")) && !str_starts(weight, STR("Q=")))
			return false;
		*quality = read_quality(str_skip(weight, 2));
	}
	return *quality >= 0 && is_range(*range);
}

enum lang locale_negotiate(struct str accept_language)
{
	int quality[LANG_COUNT];
	size_t order[LANG_COUNT]; /* of the element that gave the quality */
	int others = 0;           /* by "*" */
	size_t others_order = 0;
	for (int lang = 0; lang < LANG_COUNT; lang++)
		quality[lang] = -1;

	struct str element;
	for (size_t n = 0; str_next(&accept_language, ',', &element); n++) {
		struct str range;
		int q;
		if (!read_element(element, &range, &q))
			continue;
		if (str_eq(range, STR("*")) && q > others) {
			others = q;
			others_order = n;
		}
		ptrdiff_t dash = str_find_byte(range, '-');
		struct str primary = dash < 0 ? range : str_sub(range, 0, (size_t)dash);
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			if (str_eq_nocase(primary, locales[lang][0].tag) && q > quality[lang]) {
				quality[lang] = q;
				order[lang] = n;
			}
		}
	}

	enum lang best = LANG_JA;
	int best_quality = 0;
	size_t best_order = 0;
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		int q = quality[lang] >= 0 ? quality[lang] : others;
		size_t at = quality[lang] >= 0 ? order[lang] : others_order;
		if (q > best_quality || (q == best_quality && q && at < best_order)) {
			best = (enum lang)lang;
			best_quality = q;
			best_order = at;
		}
	}
	return best;
}
