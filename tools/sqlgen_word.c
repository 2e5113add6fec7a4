#include "sqlgen.h"

/* Words that are not for both engines, or not for this project. */

struct rule {
	const char *words; /* separated by blanks */
	const char *why;
	bool call; /* only as functions: the words may be names of columns */
};

static const struct rule rules[] = {
	{"like ilike glob similar regexp match ~", "compare a normalised column, or a range",
		false},
	{"current_timestamp current_date current_time localtime localtimestamp interval",
		"time comes in as a parameter", false},
	{"now date time datetime strftime julianday unixepoch extract to_char to_timestamp "
	 "date_trunc clock_timestamp",
		"time comes in as a parameter", true},
	{"random randomblob", "random numbers come in as parameters", true},
	{"|| execute", "build texts in C", false},
	{"concat format printf group_concat string_agg", "build texts in C", true},
	{"-> json jsonb", "the engines have different JSON functions", false},
	{"autoincrement serial bigserial rowid oid ctid identity", "ids come in as parameters",
		false},
	{"nextval last_insert_rowid", "ids come in as parameters", true},
	{"changes", "the kind exec answers it", true},
	{"ifnull", "write COALESCE", true},
	{"isnull notnull", "write IS NULL, IS NOT NULL", false},
	{"nullif", "there is no NULL", true},
	{"total", "write CAST(COALESCE(SUM(x), 0) AS BIGINT)", true},
	{"\" ` [", "names are plain lower-case words, without quotes", false},
	{"? : @ #", "parameters are written $name", false},
	{"::", "write CAST(x AS BIGINT)", false},
	{"/*", "comments are written --", false},
	{"collate", "texts compare by their bytes", false},
	{"blob integer int smallint real double numeric decimal varchar boolean uuid timestamp "
	 "timestamptz",
		"the types are BIGINT, TEXT and BYTEA", false},
	{"strict", "it is added for SQLite", false},
	{"without pragma attach vacuum indexed", "only SQLite knows it", false},
	{"share skip lateral", "only PostgreSQL knows it", false},
};

static bool has_word(const char *words, const struct token *token)
{
	struct str rest = str_of(words), word;
	while (str_next(&rest, ' ', &word))
		if ((token->kind == TOKEN_WORD || token->kind == TOKEN_PUNCT) &&
			str_eq_nocase(token->text, word))
			return true;
	return false;
}

static bool is_json_call(const struct token *token, bool call)
{
	return call && token->kind == TOKEN_WORD && token->text.n > 4 &&
	       str_eq_nocase(str_sub(token->text, 0, 4), STR("json"));
}

/* NULL may only stand in IS NULL and IS NOT NULL, and in the NOT NULL of a column. */
static bool is_null_value(const struct token *tokens, size_t i)
{
	return token_is(&tokens[i], "null") &&
	       !(i > 0 && (token_is(&tokens[i - 1], "is") || token_is(&tokens[i - 1], "not")));
}

static bool is_star_of_columns(const struct token *tokens, size_t i)
{
	if (!token_is(&tokens[i], "*") || i == 0)
		return false;
	const struct token *before = &tokens[i - 1];
	return token_is(before, "select") || token_is(before, "returning") ||
	       token_is(before, "distinct") || token_is(before, ".") || token_is(before, ",");
}

static void check_word(
	struct sql *sql, const struct source *source, const struct token *token, bool call)
{
	const char *why =
		is_json_call(token, call) ? "the engines have different JSON functions" : NULL;
	for (size_t i = 0; i < sizeof rules / sizeof *rules && !why; i++)
		if ((call || !rules[i].call) && has_word(rules[i].words, token))
			why = rules[i].why;
	if (why)
		complain(sql, source, token->text.p, "%.*s is not used here: %s",
			STR_ARG(token->text), why);
}

void check_words(struct sql *sql, const struct source *source, const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->n; i++) {
		const struct token *token = &tokens->v[i];
		check_word(sql, source, token, i + 1 < tokens->n && token_is(token + 1, "("));
		if (is_null_value(tokens->v, i))
			complain(sql, source, token->text.p,
				"there is no NULL here: '' and 0 stand for \"not given\"");
		if (is_star_of_columns(tokens->v, i))
			complain(sql, source, token->text.p,
				"name the columns instead of *: their order is part of the C "
				"struct");
		if (i > 0 && token_is(token, "or") && token_is(token - 1, "insert"))
			complain(sql, source, token->text.p,
				"INSERT OR is only SQLite's; write ON CONFLICT");
	}
}
