#include "sim/phone/statement.h"

#include "base/buf.h"
#include "base/encode.h"

#define REFERENCE_MOST 40

const struct str ask_op_names[ASK_OP_COUNT] = {
	[ASK_AUTH] = STR_INIT("auth"),
	[ASK_BASIC4] = STR_INIT("basic4"),
};

static const struct str first_lines[ASK_OP_COUNT] = {
	[ASK_AUTH] = STR_INIT("CLP1 AUTH"),
	[ASK_BASIC4] = STR_INIT("CLP1 BASIC4"),
};

/* The value of the next line, which must have this name. */
static bool take(struct str *rest, struct str name, struct str *value)
{
	struct str line;
	if (str_find_byte(*rest, '\n') < 0 || !str_next(rest, '\n', &line))
		return false;
	if (!str_starts(line, name))
		return false;
	*value = str_skip(line, name.n);
	return value->n > 0;
}

static bool is_nonce(struct str s)
{
	AUTO_ARENA arena;
	struct str bytes;
	arena_init(&arena, 4096);
	return s.n == STATEMENT_NONCE_CHARS && !failed(base64url_read(&arena, s, &bytes)) &&
	       bytes.n == 32;
}

err statement_read(struct str text, struct statement *out)
{
	struct statement s = {0};
	struct str rest = text, first, exp;
	if (str_find_byte(text, '\n') < 0 || !str_next(&rest, '\n', &first))
		return fail(ERR_INVALID, "the statement has no first line");
	while (s.op < ASK_OP_COUNT && !str_eq(first, first_lines[s.op]))
		s.op++;
	if (s.op == ASK_OP_COUNT)
		return fail(ERR_INVALID, "the statement is of no known kind");
	bool good = take(&rest, STR("rp="), &s.rp) && take(&rest, STR("origin="), &s.origin) &&
		    take(&rest, STR("tx="), &s.tx) && take(&rest, STR("purpose="), &s.purpose) &&
		    (s.op != ASK_BASIC4 || take(&rest, STR("text="), &s.text)) &&
		    take(&rest, STR("nonce="), &s.nonce) && take(&rest, STR("app="), &s.app) &&
		    take(&rest, STR("exp="), &exp) && str_empty(rest);
	if (!good || !is_nonce(s.nonce) || !str_to_i64(exp, &s.exp))
		return fail(ERR_INVALID, "the statement has other lines than it should");
	*out = s;
	return ok();
}

struct str statement_write(struct arena *arena, const struct statement *s)
{
	struct buf out;
	buf_init(&out, arena, 8192);
	buf_str(&out, first_lines[s->op]);
	const struct {
		const char *name;
		struct str value;
	} lines[] = {{"rp", s->rp}, {"origin", s->origin}, {"tx", s->tx}, {"purpose", s->purpose},
		{"text", s->text}, {"nonce", s->nonce}, {"app", s->app}};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		if (!str_absent(lines[i].value))
			buf_fmt(&out, "\n%s=" STR_FMT, lines[i].name, STR_ARG(lines[i].value));
	}
	buf_lit(&out, "\nexp=");
	buf_i64(&out, s->exp);
	buf_byte(&out, '\n');
	return buf_view(&out);
}

static bool take_words(struct str *rest, struct str words)
{
	if (!str_starts(*rest, words))
		return false;
	*rest = str_skip(*rest, words.n);
	return true;
}

static const struct {
	struct str purpose, what;
} whats[] = {
	{STR_INIT("usage_request"), STR_INIT("my request for use")},
	{STR_INIT("apply"), STR_INIT("my application")},
	{STR_INIT("apply"), STR_INIT("application")},
	{STR_INIT("relink"), STR_INIT("linking my new card")},
};

static bool is_reference(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return s.n > 0 && s.n <= REFERENCE_MOST;
}

static bool is_what(struct str what, struct str purpose)
{
	for (size_t i = 0; i < sizeof whats / sizeof *whats; i++) {
		struct str rest = what;
		if (!str_eq(purpose, whats[i].purpose) || !take_words(&rest, whats[i].what))
			continue;
		if (str_empty(rest) || (take_words(&rest, STR(" ")) && is_reference(rest)))
			return true;
	}
	return false;
}

bool statement_asks_items(struct str text, struct str rp, struct str purpose)
{
	struct str rest = text;
	struct str name = str_starts(rp, STR("rp:")) ? str_skip(rp, 3) : rp;
	if (!take_words(&rest, STR("I ask ")) || !take_words(&rest, name) ||
		!take_words(&rest, STR(" to read my name, address, date of birth and sex from my "
				       "card for ")) ||
		!str_ends(rest, STR(".")))
		return false;
	return is_what(str_sub(rest, 0, rest.n - 1), purpose);
}
