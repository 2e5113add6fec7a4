#include "msggen.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "i18n/ruby.h"

#define text_fault(gen, in, text, ...) \
	gen_fault((gen), (in)->file, (in)->source, (text)->value_at, __VA_ARGS__)

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static err add_holder(
	struct gen *gen, const struct catalogue *in, struct text *text, struct str name)
{
	bool valid = name.n && name.p[0] >= 'a' && name.p[0] <= 'z';
	for (size_t i = 0; i < name.n; i++)
		valid = valid && (islower((unsigned char)name.p[i]) ||
					 isdigit((unsigned char)name.p[i]) || name.p[i] == '_');
	if (!valid)
		return text_fault(gen, in, text, "not a placeholder: {" STR_FMT "}", STR_ARG(name));
	for (size_t i = 0; i < text->holders.n; i++)
		if (str_eq(text->holders.v[i], name))
			return ok();
	vec_push(gen->arena, &text->holders, name);
	return ok();
}

static err check_holders(struct gen *gen, const struct catalogue *in, struct text *text)
{
	struct str rest = text->value;
	for (;;) {
		ptrdiff_t open = str_find_byte(rest, '{');
		ptrdiff_t close = str_find_byte(rest, '}');
		if (open < 0 && close < 0)
			break;
		if (open < 0 || close < open)
			return text_fault(gen, in, text, "{ and } stand only around a placeholder");
		TRY(add_holder(gen, in, text,
			str_sub(rest, (size_t)open + 1, (size_t)(close - open) - 1)));
		rest = str_skip(rest, (size_t)close + 1);
	}
	if (text->holders.n)
		qsort(text->holders.v, text->holders.n, sizeof *text->holders.v, by_name);
	return ok();
}

/* Markup that somebody may have meant, but that would be printed as it stands. */
static err check_foreign_markup(
	struct gen *gen, const struct catalogue *in, const struct text *text)
{
	struct str s = text->value;
	for (size_t i = 0; i + 1 < s.n; i++) {
		char c = s.p[i];
		char next = s.p[i + 1];
		bool tag = c == '<' && (isalpha((unsigned char)next) || next == '/' || next == '!');
		ptrdiff_t semicolon = c == '&' ? str_find_byte(str_sub(s, i, 12), ';') : -1;
		bool reference = semicolon > 1 && (next == '#' || isalpha((unsigned char)next));
		if (tag || reference || (c == ']' && next == '(') || (c == '_' && next == '_') ||
			c == '`')
			return text_fault(gen, in, text,
				"unknown markup near \"" STR_FMT
				"\"; there is only **bold** and ruby",
				STR_ARG(utf8_head(str_skip(s, i), 10)));
	}
	return ok();
}

static err check_readings(
	struct gen *gen, const struct catalogue *in, const struct text *text, struct str plain)
{
	while (plain.n) {
		struct str from = plain;
		if (ruby_is_kanji(utf8_next(&plain)))
			return text_fault(
				gen, in, text, "no reading: " STR_FMT, STR_ARG(utf8_head(from, 8)));
	}
	return ok();
}

static bool has_kana_only(struct str reading)
{
	while (reading.n)
		if (ruby_is_kanji(utf8_next(&reading)))
			return false;
	return true;
}

err text_check(struct gen *gen, const struct catalogue *in, struct text *text, bool japanese)
{
	TRY(check_holders(gen, in, text));
	TRY(check_foreign_markup(gen, in, text));
	struct ruby_reader r = {.rest = text->value};
	struct ruby_piece piece;
	while (ruby_next(&r, &piece)) {
		if (piece.kind == RUBY_STRAY)
			return text_fault(gen, in, text, "unknown markup: " STR_FMT " stands alone",
				STR_ARG(piece.text));
		if (piece.kind == RUBY_PAIR && !has_kana_only(piece.reading))
			return text_fault(gen, in, text, "kanji in a reading: " STR_FMT,
				STR_ARG(piece.reading));
		if (piece.kind == RUBY_PAIR && (str_find_byte(piece.text, '{') >= 0 ||
						       str_find_byte(piece.reading, '{') >= 0))
			return text_fault(gen, in, text, "a placeholder cannot have a reading");
		if (piece.kind == RUBY_TEXT && japanese && !text->no_ruby)
			TRY(check_readings(gen, in, text, piece.text));
	}
	if (r.bold)
		return text_fault(gen, in, text, "unknown markup: ** is not closed");
	return ok();
}

static bool same_holders(const struct text *a, const struct text *b)
{
	if (a->holders.n != b->holders.n)
		return false;
	for (size_t i = 0; i < a->holders.n; i++)
		if (!str_eq(a->holders.v[i], b->holders.v[i]))
			return false;
	return true;
}

static struct str list_of(struct gen *gen, const struct text *text)
{
	if (!text->holders.n)
		return STR("none");
	struct str names = str_join(gen->arena, text->holders.v, text->holders.n, STR("}, {"));
	return str_fmt(gen->arena, "{" STR_FMT "}", STR_ARG(names));
}

static void compare_one(struct gen *gen, const struct catalogue *in, const struct text *text,
	const struct catalogue *other_in, bool holders)
{
	const struct text *other = catalogue_find(other_in, text->key);
	if (!other)
		IGNORE(gen_fault(gen, in->file, in->source, text->key_at,
			STR_FMT " is missing in " STR_FMT, STR_ARG(text->key),
			STR_ARG(other_in->file))); /* counted in gen */
	else if (holders && !same_holders(text, other))
		IGNORE(text_fault(gen, in, text,
			"placeholders of " STR_FMT " differ: %s here, %s in " STR_FMT,
			STR_ARG(text->key), str_c(gen->arena, list_of(gen, text)),
			str_c(gen->arena, list_of(gen, other)),
			STR_ARG(other_in->file))); /* counted in gen */
}

static bool same_c_name(struct str a, struct str b)
{
	for (size_t i = 0; i < a.n && a.n == b.n; i++) {
		bool both = (a.p[i] == '.' || a.p[i] == '-' || a.p[i] == '_') &&
			    (b.p[i] == '.' || b.p[i] == '-' || b.p[i] == '_');
		if (a.p[i] != b.p[i] && !both)
			return false;
	}
	return a.n == b.n;
}

void catalogues_compare(struct gen *gen, const struct catalogue *ja, const struct catalogue *en)
{
	for (size_t i = 0; i < en->texts.n; i++)
		compare_one(gen, en, &en->texts.v[i], ja, false);
	for (size_t i = 0; i < ja->texts.n; i++)
		compare_one(gen, ja, &ja->texts.v[i], en, true);
	for (size_t i = 0; i < en->texts.n; i++)
		for (size_t k = 0; k < i; k++)
			if (same_c_name(en->texts.v[i].key, en->texts.v[k].key))
				IGNORE(gen_fault(gen, en->file, en->source, en->texts.v[i].key_at,
					STR_FMT " and " STR_FMT " have the same name in C",
					STR_ARG(en->texts.v[i].key),
					STR_ARG(en->texts.v[k].key))); /* counted in gen */
}
