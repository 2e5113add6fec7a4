#include "sqlgen.h"

#include <sqlite3.h>

/*
 * Lets SQLite itself read everything once: the migrations make an empty database in memory, and
 * every query is prepared against it. So an unknown column stops the build and not a night.
 */

/* The token in which SQLite saw the error: by its offset, or else the name at the end of its words
 * ("no such table: main.x"). */
static const char *place(sqlite3 *db, const struct tokens *tokens)
{
	int offset = sqlite3_error_offset(db);
	const char *words = sqlite3_errmsg(db), *name = words + strlen(words);
	while (name > words && name[-1] != ' ' && name[-1] != '.')
		name--;
	for (size_t i = tokens->n; i-- > 0;)
		if (token_is(&tokens->v[i], ";"))
			continue; /* not a part of what SQLite was given */
		else if (offset >= 0 ? tokens->v[i].at <= (size_t)offset
				     : str_eq(tokens->v[i].text, str_of(name)))
			return tokens->v[i].text.p;
	return tokens->v[0].text.p;
}

static bool run(sqlite3 *db, struct str sql)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql.p, (int)sql.n, &stmt, NULL);
	if (rc == SQLITE_OK)
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			;
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE;
}

static bool run_migration(struct sql *sql, sqlite3 *db, const struct migration *m)
{
	for (size_t i = 0; i < m->statements.n; i++) {
		const struct statement *s = &m->statements.v[i];
		if (!run(db, s->sqlite)) {
			complain(sql, m->source, place(db, &s->tokens), "%s", sqlite3_errmsg(db));
			return false;
		}
	}
	return true;
}

/* Columns that could be NULL, which the migration just run has made. */
static void check_columns(struct sql *sql, sqlite3 *db, const struct migration *m)
{
	static const char select[] =
		"SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c "
		"WHERE t.type = 'table' AND c.\"notnull\" = 0 AND c.pk = 0";
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, select, -1, &stmt, NULL) != SQLITE_OK)
		complain(sql, m->source, m->source->text.p, "%s", sqlite3_errmsg(db));
	while (stmt && sqlite3_step(stmt) == SQLITE_ROW)
		complain(sql, m->source, m->source->text.p,
			"column %s of table %s must be NOT NULL",
			(const char *)sqlite3_column_text(stmt, 1),
			(const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

static void check_answer(struct sql *sql, const struct query *q, sqlite3_stmt *stmt)
{
	static const char *const sqlite_types[TYPE_COUNT] = {
		[TYPE_I64] = "INTEGER",
		[TYPE_TEXT] = "TEXT",
		[TYPE_BLOB] = "BLOB",
	};
	int count = sqlite3_column_count(stmt);
	if ((size_t)count != q->out.n) {
		complain(sql, q->source, q->name.p, "the answer has %d columns, '-- out:' has %zu",
			count, q->out.n);
		return;
	}
	for (int i = 0; i < count; i++) {
		const struct value *value = &q->out.v[i];
		const char *name = sqlite3_column_name(stmt, i),
			   *type = sqlite3_column_decltype(stmt, i),
			   *declared = str_eq(q->row, q->name) ? value->name.p : q->name.p;
		if (!str_eq(str_of(name), value->name))
			complain(sql, q->source, declared,
				"column %d of the answer is '%s', but declared as '%.*s'", i + 1,
				name, STR_ARG(value->name));
		else if (type && !str_eq(str_of(type), str_of(sqlite_types[value->type])))
			complain(sql, q->source, declared, "column '%s' is %s in the schema",
				name, type);
	}
}

static void check_query(struct sql *sql, sqlite3 *db, const struct query *q)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, q->sqlite.p, (int)q->sqlite.n, &stmt, NULL) != SQLITE_OK)
		complain(sql, q->source, place(db, &q->body), "%s", sqlite3_errmsg(db));
	else
		check_answer(sql, q, stmt);
	sqlite3_finalize(stmt);
}

void check_with_sqlite(struct sql *sql)
{
	sqlite3 *db = NULL;
	bool whole = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	for (size_t i = 0; i < sql->migrations.n && whole; i++) {
		whole = run_migration(sql, db, &sql->migrations.v[i]);
		if (whole)
			check_columns(sql, db, &sql->migrations.v[i]);
		whole = whole && sql->gen->fault_count == 0;
	}
	for (size_t i = 0; i < sql->queries.n && whole; i++)
		check_query(sql, db, &sql->queries.v[i]);
	sqlite3_close(db);
}
