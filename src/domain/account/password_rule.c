#include "domain/account/password_rule.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "i18n/width.h"

#define SYMBOLS "$%&=@_#*+-?!"

const struct password_profile password_profile_manual = {
	.min = 10,
	.max = 20,
	.classes = true,
	.ascii = true,
	.symbols = STR_INIT(SYMBOLS),
};
const struct password_profile password_profile_long = {
	.min = 15,
	.max = LIMIT_PASSWORD,
	.symbols = STR_INIT(SYMBOLS),
};

/*
 * What remains of the commonest passwords when decorations are taken off: digits and signs at both
 * ends, and the usual replacements of letters inside. Lists of leaked passwords that keep the
 * manual's rule are these words nearly throughout.
 */
static const char easy_words[] =
	"password passwort passw pass qwerty qwertyuiop qwert asdfgh asdf zxcvbn abc "
	"abcd abcde abcdef abcdefg admin administrator welcome letmein login hello "
	"iloveyou love monkey dragon master sunshine princess football baseball secret "
	"changeme test guest user japan nihon nippon tokyo osaka sakura zairyu visa "
	"immigration madoguchi summer winter spring autumn qazwsx";

struct str password_normal(
	const struct password_profile *profile, struct arena *arena, struct str typed)
{
	return profile->ascii || !utf8_valid(typed) ? typed : width_nfkc(arena, typed);
}

enum kind { KIND_UPPER = 1, KIND_LOWER = 2, KIND_DIGIT = 4, KIND_SYMBOL = 8, KIND_ALL = 15 };

static unsigned kind_of(const struct password_profile *profile, char c)
{
	if (c >= 'A' && c <= 'Z')
		return KIND_UPPER;
	if (c >= 'a' && c <= 'z')
		return KIND_LOWER;
	if (c >= '0' && c <= '9')
		return KIND_DIGIT;
	return str_find_byte(profile->symbols, c) >= 0 ? KIND_SYMBOL : 0;
}

static char plain_letter(char c)
{
	switch (c) {
	case '@':
		return 'a';
	case '$':
		return 's';
	case '!':
		return 'i';
	case '0':
		return 'o';
	case '1':
		return 'i';
	case '3':
		return 'e';
	case '5':
		return 's';
	case '7':
		return 't';
	default:
		return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

/* "P@ssw0rd12!" is the word password. Decorations come off as typed first, so that the 1 and ! of
 * the end are not read as letters. */
static bool is_easy_word(struct arena *arena, struct str password)
{
	struct str core = str_lower(arena, password);
	struct str words = str_of(easy_words), word;
	struct buf letters;

	while (core.n > 0 && !is_small(core.p[core.n - 1]))
		core.n--;
	while (core.n > 0 && !is_small(core.p[0]))
		core = str_skip(core, 1);
	buf_init(&letters, arena, core.n + 1);
	for (size_t i = 0; i < core.n; i++) {
		char c = plain_letter(core.p[i]);

		if (is_small(c))
			buf_byte(&letters, c);
	}
	while (str_next(&words, ' ', &word))
		if (str_eq(buf_view(&letters), word))
			return true;
	return false;
}

/* At most three different characters, or nothing but neighbours: "1234567890", "abcdefghij". */
static bool is_run(struct str password)
{
	bool seen[256] = {0};
	unsigned different = 0;
	size_t neighbours = 0;

	for (size_t i = 0; i < password.n; i++) {
		unsigned char c = (unsigned char)password.p[i];

		different += !seen[c];
		seen[c] = true;
		if (i > 0) {
			int step = c - (unsigned char)password.p[i - 1];

			neighbours += step >= -1 && step <= 1;
		}
	}
	return different <= 3 || neighbours + 1 >= password.n;
}

#define PERSONAL_MIN 4 /* shorter names occur by chance */

static bool contains_part(
	struct arena *arena, struct str low, struct str text, const char *separators)
{
	struct str rest = str_lower(arena, text);

	while (rest.n > 0) {
		size_t n = 0;

		while (n < rest.n && !strchr(separators, rest.p[n]))
			n++;
		struct str part = str_sub(rest, 0, n);

		if (utf8_count(part) >= PERSONAL_MIN && str_find(low, part) >= 0)
			return true;
		rest = str_skip(rest, n + (n < rest.n));
	}
	return false;
}

static bool is_personal(
	struct arena *arena, struct str password, const struct password_context *context)
{
	struct str low = str_lower(arena, password);
	ptrdiff_t at = str_find_byte(context->email, '@');
	struct str local = at < 0 ? context->email : str_sub(context->email, 0, (size_t)at);

	return contains_part(arena, low, local, ".+_-") ||
	       contains_part(arena, low, context->name, " -'.,") ||
	       contains_part(arena, low, context->user_id, " ");
}

/* False, with an issue, when the characters or their kinds are not those of the profile. */
static bool characters_good(const struct password_profile *profile, const struct input *in,
	struct str path, struct str password)
{
	struct msg_arg symbols = {.name = STR("symbols"), .value = profile->symbols};
	unsigned kinds = 0;

	for (size_t i = 0; i < password.n; i++) {
		unsigned kind = kind_of(profile, password.p[i]);

		if (kind == 0 && profile->ascii) {
			input_issue(in, path, MSG_account_password_char, &symbols, 1);
			return false;
		}
		kinds |= kind;
	}
	if (profile->classes && kinds != KIND_ALL) {
		input_issue(in, path, MSG_account_password_kinds, &symbols, 1);
		return false;
	}
	return true;
}

void password_rule_check(const struct password_profile *profile, const struct input *in,
	struct str path, struct str password, const struct password_context *context)
{
	struct arena *arena = in->arena;

	if (password.n == 0) {
		input_issue(in, path, MSG_input_required, NULL, 0);
		return;
	}
	struct str normal = password_normal(profile, arena, password);
	size_t count = utf8_count(normal);
	size_t before = in->issues->n;

	if (count < profile->min || count > profile->max || normal.n > LIMIT_PASSWORD)
		input_issue(in, path, MSG_account_password_length,
			(struct msg_arg[]){
				{.name = STR("min"), .value = str_fmt(arena, "%u", profile->min)},
				{.name = STR("max"), .value = str_fmt(arena, "%u", profile->max)},
				{.name = STR("count"), .value = str_fmt(arena, "%zu", count)},
			},
			3);
	if (!characters_good(profile, in, path, normal) || in->issues->n > before)
		return;
	if (is_run(normal) || is_easy_word(arena, normal))
		input_issue(in, path, MSG_account_password_easy, NULL, 0);
	else if (is_personal(arena, normal, context))
		input_issue(in, path, MSG_account_password_personal, NULL, 0);
}
