#include "sqlgen.h"

/* Reads a migration and makes of each statement SQLite's form and PostgreSQL's. */

struct form {
	const char *words[3]; /* how the statement begins */
	bool table;           /* a CREATE TABLE */
};

static const struct form forms[] = {
	{{"create", "table"}, true},
	{{"create", "index"}, false},
	{{"create", "unique", "index"}, false},
	{{"alter", "table"}, false},
	{{"drop", "table"}, false},
	{{"drop", "index"}, false},
	{{"insert", "into"}, false},
	{{"update"}, false},
	{{"delete", "from"}, false},
};

static const struct form *find_form(const struct tokens *tokens)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		size_t k = 0;
		while (k < 3 && forms[i].words[k] && k < tokens->n &&
			token_is(&tokens->v[k], forms[i].words[k]))
			k++;
		if (k == 3 || !forms[i].words[k])
			return &forms[i];
	}
	return NULL;
}

static struct str sqlite_type(const struct token *token)
{
	if (token_is(token, "bigint"))
		return STR("INTEGER");
	if (token_is(token, "bytea"))
		return STR("BLOB");
	return token->text;
}

/* The empty default of a BYTEA column is '' for PostgreSQL and x'' for a strict SQLite table. */
static bool is_blob_default(const struct token *tokens, size_t i)
{
	if (tokens[i].kind != TOKEN_STRING || i == 0 || !token_is(&tokens[i - 1], "default"))
		return false;
	for (size_t k = i; k-- > 0 && !token_is(&tokens[k], ",") && !token_is(&tokens[k], "(");)
		if (token_is(&tokens[k], "bytea"))
			return true;
	return false;
}

static struct str render(struct sql *sql, const struct tokens *tokens, bool sqlite)
{
	struct buf out;
	buf_init(&out, sql->arena, 64u << 10);
	for (size_t i = 0; i < tokens->n; i++) {
		struct token *token = &tokens->v[i];
		if (i && token->line != token[-1].line)
			buf_byte(&out, '\n');
		else if (i && token->space)
			buf_byte(&out, ' ');
		if (sqlite)
			token->at = out.n;
		if (sqlite && is_blob_default(tokens->v, i))
			buf_byte(&out, 'x');
		buf_str(&out, sqlite ? sqlite_type(token) : token->text);
	}
	return buf_view(&out);
}

static void add_statement(struct sql *sql, struct migration *m, struct tokens tokens)
{
	const struct form *form = find_form(&tokens);
	if (!form) {
		complain(sql, m->source, tokens.v[0].text.p,
			"a migration has CREATE TABLE, CREATE [UNIQUE] INDEX, "
			"ALTER TABLE, DROP TABLE, DROP INDEX, INSERT INTO, UPDATE and DELETE FROM "
			"only");
		return;
	}
	for (size_t i = 0; i < tokens.n; i++)
		if (tokens.v[i].kind == TOKEN_PARAM)
			complain(sql, m->source, tokens.v[i].text.p,
				"a migration has no parameters");
	check_words(sql, m->source, &tokens);
	struct statement *s = vec_add(sql->arena, &m->statements);
	s->tokens = tokens;
	s->pg = render(sql, &tokens, false);
	s->sqlite = render(sql, &tokens, true);
	if (form->table)
		s->sqlite = str_fmt(sql->arena, "%.*s STRICT", STR_ARG(s->sqlite));
}

void read_migration(struct sql *sql, const struct source *source)
{
	uint64_t number = 0;
	struct str stem = source->stem;
	if (stem.n < 6 || !str_to_u64(str_sub(stem, 0, 4), &number) || stem.p[4] != '_' ||
		number == 0) {
		complain(sql, source, source->text.p,
			"the name of a migration is NNNN_what.sql, from 0001 on");
		return;
	}
	struct migration *m = vec_add(sql->arena, &sql->migrations);
	*m = (struct migration){.source = source, .version = (int)number};
	struct tokens tokens = {0};
	lex(sql, source, 1, source->text, &tokens);
	size_t from = 0;
	for (size_t i = 0; i < tokens.n; i++) {
		if (!token_is(&tokens.v[i], ";"))
			continue;
		if (i > from)
			add_statement(sql, m, (struct tokens){.v = tokens.v + from, .n = i - from});
		from = i + 1;
	}
	if (from < tokens.n)
		complain(sql, source, tokens.v[tokens.n - 1].text.p,
			"the last statement does not end with ;");
	else if (m->statements.n == 0)
		complain(sql, source, source->text.p, "a migration without statements");
}

void check_migrations(struct sql *sql)
{
	for (size_t i = 0; i < sql->migrations.n; i++)
		if (sql->migrations.v[i].version != (int)i + 1) {
			complain(sql, sql->migrations.v[i].source,
				sql->migrations.v[i].source->text.p,
				"migration %04d is expected here: the numbers go up without gaps",
				(int)i + 1);
			return;
		}
}
