#include "domain/form/latin.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "i18n/width.h"

/* Letters without a decomposition. */
static const struct {
	uint32_t point;
	const char *plain;
} special[] = {
	{0x00C6, "AE"}, {0x00E6, "AE"}, {0x0152, "OE"}, {0x0153, "OE"}, {0x00D0, "D"},  {0x00F0, "D"},  {0x00DE, "TH"}, {0x00FE, "TH"},
	{0x0110, "D"},  {0x0111, "D"},  {0x0126, "H"},  {0x0127, "H"},  {0x0131, "I"},  {0x0132, "IJ"}, {0x0133, "IJ"}, {0x0138, "K"},
	{0x0141, "L"},  {0x0142, "L"},  {0x014A, "N"},  {0x014B, "N"},  {0x0166, "T"},  {0x0167, "T"},  {0x018F, "E"},  {0x0259, "E"},
	{0x00D8, "OE"}, {0x00F8, "OE"}, {0x00DF, "SS"}, {0x1E9E, "SS"},
};

static bool is_latin(uint32_t point)
{
	return (point >= 0x00C0 && point <= 0x024F && point != 0x00D7 && point != 0x00F7) || point == 0x0259 ||
	       (point >= 0x1E00 && point <= 0x1EFF);
}

static bool is_mark(uint32_t point)
{
	return point >= 0x0300 && point <= 0x036F;
}

/* Its plain letters; empty: there are none. */
static struct str plain_of(struct arena *arena, uint32_t point, struct str letter)
{
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (special[i].point == point)
			return str_of(special[i].plain);
	struct str folded = width_fold(arena, letter);
	if (width_first_not_ascii(folded).n)
		return (struct str){0};
	return str_upper(arena, folded);
}

struct str latin_upper(struct arena *arena, struct str text)
{
	if (!width_first_not_ascii(text).n)
		return str_upper(arena, text);
	struct buf out;
	buf_init_room(&out, arena, text.n * 2, text.n);
	bool behind_latin = false;
	while (text.n) {
		struct str from = text;
		uint32_t point = utf8_next(&text);
		struct str one = str_sub(from, 0, from.n - text.n);
		struct str plain = {0};
		if (point < 0x80)
			plain = str_upper(arena, one);
		else if (is_latin(point))
			plain = plain_of(arena, point, one);
		else if (is_mark(point) && behind_latin)
			continue; /* a mark that has no letter of its own with its base */
		buf_str(&out, plain.n ? plain : one);
		behind_latin = plain.n && plain.p[plain.n - 1] >= 'A' && plain.p[plain.n - 1] <= 'Z';
	}
	return buf_view(&out);
}
