#include "i18n/romaji.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

#define KANA_FIRST 0x3041 /* ぁ */
#define KANA_LAST 0x3096  /* ゖ */
#define KATAKANA_STEP 0x60
#define SMALL_TSU 0x3063

/* Hiragana in the order of Unicode. Small vowels and や, ゆ, よ begin with '+': they change the sound before them. */
static const char *const sounds[] = {
	"+a", "a", "+i", "i", "+u", "u", "+e", "e", "+o", "o", "ka", "ga", "ki", "gi", "ku", "gu", "ke", "ge", "ko", "go", "sa", "za", "shi",
	"ji", "su", "zu", "se", "ze", "so", "zo", "ta", "da", "chi", "ji", "", "tsu", "zu", "te", "de", "to", "do", "na", "ni", "nu", "ne",
	"no", "ha", "ba", "pa", "hi", "bi", "pi", "fu", "bu", "pu", "he", "be", "pe", "ho", "bo", "po", "ma", "mi", "mu", "me", "mo", "+ya",
	"ya", "+yu", "yu", "+yo", "yo", "ra", "ri", "ru", "re", "ro", "+wa", "wa", "i", "e", "o", "n", "vu", "ka", "ke",
};
_Static_assert(sizeof sounds / sizeof *sounds == KANA_LAST - KANA_FIRST + 1, "a sound for each kana");

/* Spellings that mean the same sound; the first that fits is taken. */
static const struct {
	struct str typed, normal;
} spellings[] = {
#define SAME(typed, normal) {STR_INIT(typed), STR_INIT(normal)}
	SAME("sh", "sh"), SAME("ch", "ch"), SAME("sya", "sha"), SAME("syu", "shu"), SAME("syo", "sho"), SAME("tya", "cha"), SAME("tyu", "chu"), SAME("tyo", "cho"),
	SAME("cya", "cha"), SAME("cyu", "chu"), SAME("cyo", "cho"), SAME("zya", "ja"), SAME("zyu", "ju"), SAME("zyo", "jo"),
	SAME("jya", "ja"), SAME("jyu", "ju"), SAME("jyo", "jo"), SAME("tch", "cch"), SAME("tsu", "tsu"), SAME("si", "shi"), SAME("ti", "chi"),
	SAME("tu", "tsu"), SAME("hu", "fu"), SAME("zi", "ji"), SAME("di", "ji"), SAME("du", "zu"), SAME("wo", "o"), SAME("n'", "n"),
#undef SAME
};

/* Takes what makes one sound from the front. */
static struct str sound_next(struct str *rest)
{
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		if (!str_starts(*rest, spellings[i].typed))
			continue;
		*rest = str_skip(*rest, spellings[i].typed.n);
		return spellings[i].normal;
	}
	struct str one = str_sub(*rest, 0, 1);

	*rest = str_skip(*rest, 1);
	if (one.p[0] == 'm' && rest->n > 0 && strchr("bpm", rest->p[0]))
		return STR("n");
	return one;
}

static bool lengthens(char before, char vowel)
{
	return strchr("aiueo", vowel) && (before == vowel || (before == 'o' && vowel == 'u'));
}

struct str romaji_normal(struct arena *arena, struct str typed)
{
	struct buf out;

	buf_init(&out, arena, typed.n + typed.n / 2 + 1);
	for (struct str rest = str_lower(arena, typed); rest.n > 0;) {
		struct str sound = sound_next(&rest);

		if (out.n == 0 || !lengthens(out.p[out.n - 1], sound.p[0]))
			buf_str(&out, sound);
	}
	return buf_view(&out);
}

/* き and a small ゃ are kya, し and ゃ sha, ふ and ぁ fa: the vowel of the first goes, and y where the consonant has it already. */
static void join_small(struct buf *out, const char *small)
{
	char before = out->n >= 2 ? out->p[out->n - 2] : 0;
	bool soft = before == 'j' || (before == 'h' && out->n >= 3 && strchr("sc", out->p[out->n - 3]));

	if (out->n > 0 && strchr("aiueo", out->p[out->n - 1]))
		out->n--;
	buf_c(out, soft && small[0] == 'y' ? small + 1 : small);
}

static uint32_t hiragana(uint32_t point)
{
	return point >= KANA_FIRST + KATAKANA_STEP && point <= KANA_LAST + KATAKANA_STEP ? point - KATAKANA_STEP : point;
}

struct str romaji_of_kana(struct arena *arena, struct str text)
{
	struct buf out;
	bool doubled = false;

	buf_init(&out, arena, 2 * text.n + 2);
	for (struct str rest = text; rest.n > 0;) {
		uint32_t point = hiragana(utf8_next(&rest));
		const char *sound = point >= KANA_FIRST && point <= KANA_LAST ? sounds[point - KANA_FIRST] : "";

		if (point < 0x80 && ((point >= '0' && point <= '9') || ((point | 0x20) >= 'a' && (point | 0x20) <= 'z')))
			buf_byte(&out, (char)point);
		else if (sound[0] == '+')
			join_small(&out, sound + 1);
		else if (doubled && sound[0])
			buf_byte(&out, sound[0]);
		if (sound[0] && sound[0] != '+')
			buf_c(&out, sound);
		doubled = point == SMALL_TSU;
	}
	return romaji_normal(arena, buf_view(&out));
}
