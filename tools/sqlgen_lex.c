#include "sqlgen.h"

#include <ctype.h>

/* Splits SQL into tokens. */

struct cursor {
	struct sql *sql;
	const struct source *source;
	const char *p, *end;
	int line;
	bool space;
};

static bool is_word_start(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}
static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static char peek(const struct cursor *at, size_t ahead)
{
	return (size_t)(at->end - at->p) > ahead ? at->p[ahead] : '\0';
}

/* White space and comments. */
static void skip_blank(struct cursor *at)
{
	while (at->p < at->end) {
		if (*at->p == '\n') {
			at->line++;
			at->p++;
		} else if (isspace((unsigned char)*at->p)) {
			at->p++;
		} else if (*at->p == '-' && peek(at, 1) == '-') {
			while (at->p < at->end && *at->p != '\n')
				at->p++;
		} else {
			return;
		}
		at->space = true;
	}
}

/* '…' with '' inside; the text keeps its quotes. */
static struct str take_string(struct cursor *at)
{
	const char *from = at->p++;
	while (at->p < at->end) {
		if (*at->p == '\n') {
			complain(at->sql, at->source, from, "a string must end in its line");
			break;
		}
		if (*at->p++ == '\'') {
			if (peek(at, 0) != '\'')
				return str_make(from, (size_t)(at->p - from));
			at->p++;
		}
	}
	if (at->p == at->end)
		complain(at->sql, at->source, from, "a string without end");
	return str_make(from, (size_t)(at->p - from));
}

static struct str take_word(struct cursor *at)
{
	const char *from = at->p;
	while (at->p < at->end && is_word(*at->p))
		at->p++;
	return str_make(from, (size_t)(at->p - from));
}

static struct token take_param(struct cursor *at)
{
	const char *from = at->p++;
	struct token token = {.kind = TOKEN_PARAM, .line = at->line, .text = take_word(at)};
	if (token.text.n == 0 || !is_word_start(token.text.p[0]))
		complain(at->sql, at->source, from, "parameters have names: $id, not $1");
	return token;
}

static struct token take_punct(struct cursor *at)
{
	static const char *const pairs[] = {"<=", ">=", "<>", "!=", "||", "::", "->", "/*"};
	size_t n = 1;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (peek(at, 0) == pairs[i][0] && peek(at, 1) == pairs[i][1])
			n = 2;
	struct token token = {.kind = TOKEN_PUNCT, .text = str_make(at->p, n), .line = at->line};
	at->p += n;
	return token;
}

void lex(
	struct sql *sql, const struct source *source, int line, struct str text, struct tokens *out)
{
	struct cursor at = {
		.sql = sql, .source = source, .p = text.p, .end = text.p + text.n, .line = line};
	for (;;) {
		at.space = false;
		skip_blank(&at);
		if (at.p == at.end)
			return;
		bool space = at.space;
		struct token token = {.line = at.line};
		if (*at.p == '\'') {
			token.kind = TOKEN_STRING;
			token.text = take_string(&at);
		} else if (is_word_start(*at.p)) {
			token.kind = TOKEN_WORD;
			token.text = take_word(&at);
			if (peek(&at, 0) == '\'')
				complain(sql, source, token.text.p,
					"write bytes and escapes as a parameter, not as %.*s'…'",
					STR_ARG(token.text));
		} else if (isdigit((unsigned char)*at.p)) {
			token.kind = TOKEN_NUMBER;
			token.text = take_word(&at);
		} else if (*at.p == '$') {
			token = take_param(&at);
		} else {
			token = take_punct(&at);
		}
		token.space = space;
		vec_push(sql->arena, out, token);
	}
}

bool token_is(const struct token *token, const char *word)
{
	return (token->kind == TOKEN_WORD || token->kind == TOKEN_PUNCT) &&
	       str_eq_nocase(token->text, str_of(word));
}
