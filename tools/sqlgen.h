#ifndef TOOLS_SQLGEN_H
#define TOOLS_SQLGEN_H

#include "gen_io.h"

#include "base/vec.h"

/*
 * The parts of sqlgen share this: what has been read (queries, migrations) and how a fault is
 * reported.
 *
 * Each part reports faults of the input with complain() and goes on, so that one run names them
 * all; err is kept for what stops the run (a file that cannot be read). Names and tokens point into
 * the text of their file, which is how a fault finds its place.
 */

struct source {
	const char *path;
	struct str stem; /* "draft" of draft.sql */
	struct str text;
};

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_PARAM, TOKEN_PUNCT };

struct token {
	enum token_kind kind;
	struct str text; /* as written; a parameter without its '$' */
	int line;        /* counted from any start */
	bool space;      /* white space or a comment stands before it */
	size_t at;       /* where it begins in the SQL for SQLite */
};

struct tokens {
	struct token *v;
	size_t n;
	size_t cap;
};

enum value_type { TYPE_I64, TYPE_TEXT, TYPE_BLOB, TYPE_COUNT };
enum query_kind { KIND_ONE, KIND_MANY, KIND_EXEC, KIND_COUNT };

struct value {
	struct str name;
	enum value_type type;
	bool used;
};

struct values {
	struct value *v;
	size_t n;
	size_t cap;
};

struct query {
	const struct source *source;
	struct str name;
	enum query_kind kind;
	struct str why;
	struct values in, out;
	struct str row; /* the query after which the struct of a row is named: this one, or that of '-- out: as' */
	struct tokens body; /* with the ; */
	struct str sqlite, pg;
};

/* One SQL statement of a migration, in both dialects. */
struct statement {
	struct tokens tokens; /* without the ; */
	struct str sqlite, pg;
};

struct migration {
	const struct source *source; /* stem: "0001_account" */
	int version;
	VEC(struct statement) statements;
};

struct sql {
	struct gen *gen;
	struct arena *arena;
	VEC(struct query) queries;
	VEC(struct migration) migrations;
};

/* Reports a fault at `where`, which points into source->text. */
#define complain(sql, source, where, ...)                                    \
	IGNORE(gen_fault((sql)->gen, str_of((source)->path), (source)->text, \
		(size_t)((where) - (source)->text.p), __VA_ARGS__)) /* counted in gen */

/* sqlgen_lex.c: appends the tokens of `text`, which is a part of the source. */
void lex(struct sql *sql, const struct source *source, int line, struct str text,
	struct tokens *out);
bool token_is(
	const struct token *token, const char *word); /* words and punctuation, without case */

/* sqlgen_word.c: complains of what only one engine knows, and of what this project does not use. */
void check_words(struct sql *sql, const struct source *source, const struct tokens *tokens);

/* sqlgen_query.c, sqlgen_schema.c: read one file. */
void read_queries(struct sql *sql, const struct source *source);
void read_migration(struct sql *sql, const struct source *source);
/* Numbers must be 1, 2, 3 … */
void check_migrations(struct sql *sql);

/* sqlgen_check.c: runs the migrations and prepares the queries in an in-memory SQLite. */
void check_with_sqlite(struct sql *sql);

/* sqlgen_write.c: the contents of the header and the source. `include` is the header's name in
 * #include. */
void write_header(const struct sql *sql, struct str include, struct buf *out);
void write_source(const struct sql *sql, struct str include, struct buf *out);

#endif
