#include "sqlgen.h"

#include <ctype.h>

/* Writes the C of what has been read. */

#define POSITIONAL_MAX 5 /* more parameters come in a struct, so that a call names them */

static const char *const c_types[TYPE_COUNT] = {
	[TYPE_I64] = "int64_t ",
	[TYPE_TEXT] = "struct str ",
	[TYPE_BLOB] = "struct str ",
};
static const char *const sql_types[TYPE_COUNT] = {
	[TYPE_I64] = "SQL_I64",
	[TYPE_TEXT] = "SQL_TEXT",
	[TYPE_BLOB] = "SQL_BLOB",
};
static const char *const sql_kinds[KIND_COUNT] = {
	[KIND_ONE] = "SQL_ONE",
	[KIND_MANY] = "SQL_MANY",
	[KIND_EXEC] = "SQL_EXEC",
};

static void write_struct(
	struct buf *out, const struct query *q, const char *suffix, const struct values *values)
{
	buf_fmt(out, "struct q_%.*s_%s {\n", STR_ARG(q->name), suffix);
	for (size_t i = 0; i < values->n; i++)
		buf_fmt(out, "\t%s%.*s;\n", c_types[values->v[i].type], STR_ARG(values->v[i].name));
	buf_lit(out, "};\n");
}

static void write_prototype(struct buf *out, const struct query *q)
{
	buf_fmt(out, "err q_%.*s(struct tx *tx", STR_ARG(q->name));
	if (q->in.n > POSITIONAL_MAX)
		buf_fmt(out, ", const struct q_%.*s_in *in", STR_ARG(q->name));
	for (size_t i = 0; i < q->in.n && q->in.n <= POSITIONAL_MAX; i++)
		buf_fmt(out, ", %s%.*s", c_types[q->in.v[i].type], STR_ARG(q->in.v[i].name));
	buf_lit(out, ", ");
	if (q->kind == KIND_ONE)
		buf_fmt(out, "struct q_%.*s_row *out)", STR_ARG(q->row));
	else if (q->kind == KIND_MANY)
		buf_fmt(out, "struct q_%.*s_row **out, size_t *count)", STR_ARG(q->row));
	else
		buf_lit(out, "int64_t *changed)");
}

static void write_why(struct buf *out, struct str why)
{
	struct str line;
	bool first = true;
	buf_lit(out, "/*");
	while (str_next(&why, '\n', &line)) {
		buf_c(out, first ? " " : "\n * ");
		gen_c_comment(out, line);
		first = false;
	}
	buf_lit(out, " */\n");
}

static void write_guard(struct buf *out, struct str include)
{
	for (size_t i = 0; i < include.n; i++)
		buf_byte(out, isalnum((unsigned char)include.p[i])
				      ? (char)toupper((unsigned char)include.p[i])
				      : '_');
	buf_byte(out, '\n');
}

void write_header(const struct sql *sql, struct str include, struct buf *out)
{
	struct str stem = STR("");
	buf_lit(out, "#ifndef ");
	write_guard(out, include);
	buf_lit(out, "#define ");
	write_guard(out, include);
	buf_lit(out, "\n/* Made by sqlgen from the query files; docs/sql.md says how to read them. "
		     "*/\n\n"
		     "#include \"store/store.h\"\n");
	for (size_t i = 0; i < sql->queries.n; i++) {
		const struct query *q = &sql->queries.v[i];
		if (!str_eq(stem, q->source->stem))
			buf_fmt(out, "\n/* %.*s.sql */\n", STR_ARG(q->source->stem));
		stem = q->source->stem;
		buf_byte(out, '\n');
		write_why(out, q->why);
		if (q->in.n > POSITIONAL_MAX)
			write_struct(out, q, "in", &q->in);
		if (q->kind != KIND_EXEC && str_eq(q->row, q->name))
			write_struct(out, q, "row", &q->out);
		write_prototype(out, q);
		buf_lit(out, ";\n");
	}
	buf_lit(out, "\n#endif\n");
}

static void write_columns(
	struct buf *out, const struct query *q, const char *suffix, const struct values *values)
{
	if (values->n == 0)
		return;
	buf_fmt(out, "static const struct sql_column %.*s_%s[] = {\n", STR_ARG(q->name), suffix);
	for (size_t i = 0; i < values->n; i++) {
		const struct value *v = &values->v[i];
		buf_fmt(out, "\t{\"%.*s\", %s", STR_ARG(v->name), sql_types[v->type]);
		if (values == &q->out)
			buf_fmt(out, ", offsetof(struct q_%.*s_row, %.*s)", STR_ARG(q->row),
				STR_ARG(v->name));
		else
			buf_lit(out, ", 0");
		buf_lit(out, "},\n");
	}
	buf_lit(out, "};\n");
}

static void write_entry(struct buf *out, const struct query *q, size_t index)
{
	buf_fmt(out, "\t[%zu] = {\n\t\t.name = \"%.*s\", .kind = %s, .index = %zu,\n", index,
		STR_ARG(q->name), sql_kinds[q->kind], index);
	if (q->in.n)
		buf_fmt(out, "\t\t.in = %.*s_in, .in_count = %zu,\n", STR_ARG(q->name), q->in.n);
	if (q->out.n)
		buf_fmt(out,
			"\t\t.out = %.*s_out, .out_count = %zu, .row_size = sizeof(struct "
			"q_%.*s_row),\n",
			STR_ARG(q->name), q->out.n, STR_ARG(q->row));
	buf_lit(out, "\t\t.sqlite =\n\t\t\t");
	gen_c_string(out, q->sqlite, 3);
	buf_lit(out, ",\n\t\t.pg =\n\t\t\t");
	gen_c_string(out, q->pg, 3);
	buf_lit(out, ",\n\t},\n");
}

static void write_function(struct buf *out, const struct query *q, size_t index)
{
	const char *values = q->in.n ? "values" : "NULL",
		   *from = q->in.n > POSITIONAL_MAX ? "in->" : "";
	buf_byte(out, '\n');
	write_prototype(out, q);
	buf_lit(out, "\n{\n");
	if (q->in.n)
		buf_lit(out, "\tconst struct sql_value values[] = {\n");
	for (size_t i = 0; i < q->in.n; i++)
		buf_fmt(out, "\t\t{.%s = %s%.*s},\n", q->in.v[i].type == TYPE_I64 ? "i64" : "str",
			from, STR_ARG(q->in.v[i].name));
	if (q->in.n)
		buf_lit(out, "\t};\n");
	if (q->kind == KIND_MANY)
		buf_fmt(out,
			"\tvoid *rows = NULL;\n\tTRY(tx_many(tx, &queries[%zu], %s, &rows, "
			"count));\n\t*out = rows;\n"
			"\treturn ok();\n}\n",
			index, values);
	else
		buf_fmt(out, "\treturn %s(tx, &queries[%zu], %s, %s);\n}\n",
			q->kind == KIND_ONE ? "tx_one" : "tx_exec", index, values,
			q->kind == KIND_ONE ? "out" : "changed");
}

static void write_statements(struct buf *out, const struct migration *m, bool sqlite)
{
	buf_fmt(out, "static const char *const %s_%04d[] = {\n", sqlite ? "sqlite" : "pg",
		m->version);
	for (size_t i = 0; i < m->statements.n; i++) {
		buf_byte(out, '\t');
		gen_c_string(out, sqlite ? m->statements.v[i].sqlite : m->statements.v[i].pg, 1);
		buf_lit(out, ",\n");
	}
	buf_lit(out, "\tNULL,\n};\n");
}

static void write_migrations(struct buf *out, const struct sql *sql)
{
	for (size_t i = 0; i < sql->migrations.n; i++) {
		write_statements(out, &sql->migrations.v[i], true);
		write_statements(out, &sql->migrations.v[i], false);
	}
	buf_lit(out, "\nstatic const struct sql_migration migrations[] = {\n");
	for (size_t i = 0; i < sql->migrations.n; i++) {
		const struct migration *m = &sql->migrations.v[i];
		buf_fmt(out,
			"\t{.version = %d, .name = \"%.*s\", .sqlite = sqlite_%04d, .pg = "
			"pg_%04d},\n",
			m->version, STR_ARG(m->source->stem), m->version, m->version);
	}
	buf_lit(out, "};\n");
}

void write_source(const struct sql *sql, struct str include, struct buf *out)
{
	buf_fmt(out,
		"/* Made by sqlgen. */\n\n#include \"%.*s\"\n#include "
		"\"store/catalog.h\"\n\n#include <stddef.h>\n\n",
		STR_ARG(include));
	for (size_t i = 0; i < sql->queries.n; i++) {
		write_columns(out, &sql->queries.v[i], "in", &sql->queries.v[i].in);
		write_columns(out, &sql->queries.v[i], "out", &sql->queries.v[i].out);
	}
	buf_lit(out, "\nstatic const struct sql_query queries[] = {\n");
	for (size_t i = 0; i < sql->queries.n; i++)
		write_entry(out, &sql->queries.v[i], i);
	buf_lit(out, "};\n");
	for (size_t i = 0; i < sql->queries.n; i++)
		write_function(out, &sql->queries.v[i], i);
	buf_byte(out, '\n');
	write_migrations(out, sql);
	buf_fmt(out,
		"\nconst struct sql_catalog sql_catalog = {\n\t.queries = queries, .query_count = "
		"%zu,\n"
		"\t.migrations = migrations, .migration_count = %zu,\n};\n",
		sql->queries.n, sql->migrations.n);
}
