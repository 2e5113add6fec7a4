#include "sqlgen.h"

/* Reads a query file: comment lines that declare, then one statement, and so on. */

static const char *const kind_names[KIND_COUNT] = {
	[KIND_ONE] = "one", [KIND_MANY] = "many", [KIND_EXEC] = "exec"};
static const char *const type_names[TYPE_COUNT] = {
	[TYPE_I64] = "i64", [TYPE_TEXT] = "text", [TYPE_BLOB] = "blob"};

/* Most names of one list: SQL_VALUES_MAX in store/catalog.h. */
#define VALUES_MAX 64

struct reader {
	struct sql *sql;
	const struct source *source;
	struct query *query; /* the one being read; NULL before the first */
	struct buf why;
};

/* Names of parameters that the generated function needs for itself; columns are members of a
 * struct. */
static bool is_taken(struct str name)
{
	static const char *const taken[] = {
		"tx", "out", "count", "changed", "in", "rows", "values", "err"};
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (str_eq(name, str_of(taken[i])))
			return true;
	return false;
}

static enum value_type find_type(struct str name)
{
	enum value_type type = 0;
	while (type < TYPE_COUNT && !str_eq(name, str_of(type_names[type])))
		type++;
	return type;
}

/* "id i64" */
static void read_value(struct reader *r, struct str text, bool column)
{
	struct values *values = column ? &r->query->out : &r->query->in;
	struct str rest = str_trim(text), name = STR("");
	const char *where = rest.p;
	if (!str_next(&rest, ' ', &name) || !gen_is_name(name)) {
		complain(r->sql, r->source, where, "'%.*s' is not NAME TYPE, …",
			STR_ARG(str_trim(text)));
		return;
	}
	enum value_type type = find_type(str_trim(rest));
	if (type == TYPE_COUNT) {
		complain(r->sql, r->source, where, "%.*s: the types are i64, text and blob",
			STR_ARG(name));
		type = TYPE_I64;
	}
	if (!column && is_taken(name))
		complain(r->sql, r->source, where,
			"'%.*s' is a name of the generated function itself", STR_ARG(name));
	for (size_t i = 0; i < values->n; i++)
		if (str_eq(values->v[i].name, name))
			complain(r->sql, r->source, where, "'%.*s' is declared twice",
				STR_ARG(name));
	if (values->n == VALUES_MAX)
		complain(r->sql, r->source, where, "more than %d names", VALUES_MAX);
	vec_push(r->sql->arena, values, ((struct value){.name = name, .type = type}));
}

/* "id i64, note text"; a comma at the end says that the list goes on in the next line. */
static void read_values(struct reader *r, struct str text, bool column)
{
	struct str part;
	text = str_trim(text);
	if (str_ends(text, STR(",")))
		text = str_trim(str_sub(text, 0, text.n - 1));
	while (str_next(&text, ',', &part))
		read_value(r, part, column);
}

/* "as draft_list": the columns and the struct of a query above in the same file. */
static void read_same(struct reader *r, struct str text)
{
	struct str name = str_trim(text);
	for (size_t i = 0; i + 1 < r->sql->queries.n; i++) {
		const struct query *other = &r->sql->queries.v[i];
		if (other->source != r->source || !str_eq(other->name, name) || other->out.n == 0)
			continue;
		r->query->out = other->out;
		r->query->row = other->row;
		return;
	}
	complain(r->sql, r->source, name.p, "no query above '%.*s' in this file has columns and this name", STR_ARG(r->query->name));
}

static void check_name(struct reader *r, struct str name)
{
	struct str stem = r->source->stem;
	if (!gen_is_name(name))
		complain(r->sql, r->source, name.p,
			"'%.*s' is no name: lower-case letters, digits and _", STR_ARG(name));
	else if (!str_starts(name, stem) || (name.n > stem.n && name.p[stem.n] != '_'))
		complain(r->sql, r->source, name.p,
			"the name of a query in this file begins with '%.*s_'", STR_ARG(stem));
	for (size_t i = 0; i < r->sql->queries.n; i++)
		if (str_eq(r->sql->queries.v[i].name, name))
			complain(r->sql, r->source, name.p, "'%.*s' is the name of a query above",
				STR_ARG(name));
}

/* "draft_find: one" */
static void begin_query(struct reader *r, struct str text)
{
	ptrdiff_t colon = str_find_byte(text, ':');
	struct str name = str_trim(colon < 0 ? text : str_sub(text, 0, (size_t)colon));
	struct str kind_name = str_trim(str_skip(text, colon < 0 ? text.n : (size_t)colon + 1));
	enum query_kind kind = 0;
	while (kind < KIND_COUNT && !str_eq(kind_name, str_of(kind_names[kind])))
		kind++;
	check_name(r, name);
	if (kind == KIND_COUNT)
		complain(r->sql, r->source, name.p,
			"the kinds are one, many and exec: '-- query %.*s: one'", STR_ARG(name));
	r->query = vec_add(r->sql->arena, &r->sql->queries);
	r->query->source = r->source;
	r->query->name = r->query->row = name;
	r->query->kind = kind < KIND_COUNT ? kind : KIND_ONE;
	buf_init(&r->why, r->sql->arena, 16u << 10);
}

/* A comment line between '-- query' and the statement. */
static void read_comment(struct reader *r, struct str text)
{
	if (str_starts(text, STR("in:"))) {
		read_values(r, str_skip(text, 3), false);
	} else if (str_starts(text, STR("out: as "))) {
		read_same(r, str_skip(text, 8));
	} else if (str_starts(text, STR("out:"))) {
		read_values(r, str_skip(text, 4), true);
	} else if (text.n > 0) {
		buf_fmt(&r->why, "%s%.*s", r->why.n ? "\n" : "", STR_ARG(text));
		r->query->why = buf_view(&r->why);
	}
}

static bool has_word(const struct tokens *body, const char *word)
{
	for (size_t i = 0; i < body->n; i++)
		if (token_is(&body->v[i], word))
			return true;
	return false;
}

static void check_shape(struct sql *sql, const struct query *q)
{
	static const char *const verbs[] = {"select", "with", "insert", "update", "delete"};
	const struct tokens *body = &q->body;
	const char *kind = kind_names[q->kind];
	bool known = false, returns = has_word(body, "returning");
	bool reads =
		!has_word(body, "insert") && !has_word(body, "update") && !has_word(body, "delete");
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		known = known || token_is(&body->v[0], verbs[i]);
	if (!known)
		complain(sql, q->source, body->v[0].text.p,
			"a query begins with SELECT, WITH, INSERT, UPDATE or DELETE");
	else if (q->kind == KIND_EXEC && (reads || returns || q->out.n))
		complain(sql, q->source, q->name.p,
			"exec is for INSERT, UPDATE and DELETE without RETURNING and out:");
	else if (q->kind != KIND_EXEC && !reads && !returns)
		complain(sql, q->source, q->name.p, "%s of what writes needs RETURNING", kind);
	else if (q->kind != KIND_EXEC && q->out.n == 0)
		complain(sql, q->source, q->name.p, "%s needs '-- out:'", kind);
	if (q->kind == KIND_MANY && reads && !has_word(body, "order"))
		complain(sql, q->source, q->name.p,
			"many needs ORDER BY: the engines have different orders without it");
}

static void check_params(struct sql *sql, struct query *q)
{
	for (size_t i = 0; i < q->body.n; i++) {
		const struct token *token = &q->body.v[i];
		if (token->kind != TOKEN_PARAM)
			continue;
		bool known = false;
		for (size_t k = 0; k < q->in.n; k++)
			if (str_eq(q->in.v[k].name, token->text))
				known = q->in.v[k].used = true;
		if (!known)
			complain(sql, q->source, token->text.p, "$%.*s is not declared in '-- in:'",
				STR_ARG(token->text));
	}
	for (size_t k = 0; k < q->in.n; k++)
		if (!q->in.v[k].used)
			complain(sql, q->source, q->in.v[k].name.p,
				"'%.*s' is declared but not used", STR_ARG(q->in.v[k].name));
}

static size_t param_number(const struct query *q, struct str name)
{
	size_t i = 0;
	while (i < q->in.n && !str_eq(q->in.v[i].name, name))
		i++;
	return i + 1;
}

/* The statement for one engine, with `mark` before the number of each parameter; lines stay lines.
 */
static struct str render(struct sql *sql, struct query *q, char mark)
{
	struct buf out;
	buf_init(&out, sql->arena, 64u << 10);
	for (size_t i = 0; i + 1 < q->body.n; i++) { /* without the ; */
		struct token *token = &q->body.v[i];
		if (i && token->line != token[-1].line)
			buf_byte(&out, '\n');
		else if (i && token->space)
			buf_byte(&out, ' ');
		token->at = out.n;
		if (token->kind == TOKEN_PARAM)
			buf_fmt(&out, "%c%zu", mark, param_number(q, token->text));
		else
			buf_str(&out, token->text);
	}
	if (failed(buf_error(&out)))
		complain(sql, q->source, q->name.p, "the statement is too long");
	return buf_view(&out);
}

static void end_query(struct reader *r)
{
	struct query *q = r->query;
	struct sql *sql = r->sql;
	if (!q)
		return;
	size_t end = 0;
	while (end < q->body.n && !token_is(&q->body.v[end], ";"))
		end++;
	if (q->why.n == 0)
		complain(sql, q->source, q->name.p, "%.*s: a comment line must say why",
			STR_ARG(q->name));
	if (end == 0) {
		complain(sql, q->source, q->name.p, "%.*s has no statement", STR_ARG(q->name));
	} else if (end == q->body.n) {
		complain(sql, q->source, q->body.v[end - 1].text.p,
			"the statement does not end with ;");
	} else if (end + 1 < q->body.n) {
		complain(sql, q->source, q->body.v[end + 1].text.p,
			"more than one statement in a query");
	} else {
		check_shape(sql, q);
		check_words(sql, q->source, &q->body);
		check_params(sql, q);
		q->pg = render(sql, q, '$');
		q->sqlite = render(sql, q,
			'?'); /* the last, because the places of the tokens are those for SQLite */
	}
}

void read_queries(struct sql *sql, const struct source *source)
{
	struct reader r = {.sql = sql, .source = source};
	struct str rest = source->text, line;
	for (int number = 1; str_next(&rest, '\n', &line); number++) {
		struct str content = str_trim(line);
		bool comment = str_starts(content, STR("--"));
		struct str text = str_trim(str_skip(content, 2));
		if (comment && str_starts(text, STR("query "))) {
			end_query(&r);
			begin_query(&r, str_skip(text, 6));
		} else if (comment && r.query && r.query->body.n == 0) {
			read_comment(&r, text);
		} else if (!comment && content.n && r.query) {
			lex(sql, source, number, line, &r.query->body);
		} else if (!comment && content.n) {
			complain(sql, source, content.p,
				"SQL before the first '-- query NAME: KIND'");
		}
	}
	end_query(&r);
}
