/*
 * sqlgen - makes typed C functions of the queries and migrations in sql/
 *
 *   sqlgen --sql=FOLDER --header=OUT --source=OUT [--include=NAME] [--depfile=OUT]
 *
 * Reads FOLDER/schema/NNNN_what.sql and FOLDER/query/<table>.sql, and writes two C files: the
 * header (a function q_<name> for each query, with its structs) and the source (the SQL of both
 * engines as constant tables, the functions, the migrations). docs/sql.md describes the files that
 * it reads.
 *
 *   --include  what to write in #include for the header; store/query.h when it is not given
 *   --depfile  names the files and folders read, in make's form, so that a new file is seen by the
 * next build
 *
 * Faults go to standard error, one a line, file:line:column: words, all that can be found in one
 * run; then nothing is written and the exit status is 1.
 *
 * Example:
 *   -- query draft_find: one
 *   -- The account is part of the key, so that nobody reads the draft of another.
 *   -- in: id i64, account_id i64
 *   -- out: body text, saved_at i64
 *   SELECT body, saved_at FROM draft WHERE id = $id AND account_id = $account_id;
 * becomes
 *   err q_draft_find(struct tx *tx, int64_t id, int64_t account_id, struct q_draft_find_row *out);
 */

#include "sqlgen.h"

#define MEMORY_MAX (256u << 20)
#define OUTPUT_MAX (16u << 20)

struct options {
	const char *sql, *header, *source, *include, *depfile;
};

typedef void read_fn(struct sql *sql, const struct source *source);

/* All files of the folder that end in .sql, in the order of their names. */
static err read_folder(struct sql *sql, const char *root, const struct gen_paths *files,
	struct str folder, read_fn *read)
{
	for (size_t i = 0; i < files->n; i++) {
		struct str path = files->v[i];
		if (!str_starts(path, folder) || !str_ends(path, STR(".sql")))
			continue;
		struct source *source = arena_new(sql->arena, struct source);
		source->path =
			str_c(sql->arena, str_fmt(sql->arena, "%s/%.*s", root, STR_ARG(path)));
		source->stem = str_sub(path, folder.n, path.n - folder.n - 4);
		TRY(gen_read(sql->gen, source->path, &source->text));
		read(sql, source);
	}
	return ok();
}

static err read_all(struct sql *sql, const struct options *o, struct gen_paths *files,
	struct gen_paths *folders)
{
	TRY(gen_walk(sql->gen, o->sql, files, folders));
	TRY(read_folder(sql, o->sql, files, STR("schema/"), read_migration));
	TRY(read_folder(sql, o->sql, files, STR("query/"), read_queries));
	if (sql->migrations.n == 0 || sql->queries.n == 0)
		return fail(ERR_INVALID, "%s holds no migrations or no queries", o->sql);
	check_migrations(sql);
	if (sql->gen->fault_count == 0)
		check_with_sqlite(sql);
	return sql->gen->fault_count ? fail(ERR_INVALID, "faulty SQL") : ok();
}

static err write_all(const struct sql *sql, const struct options *o)
{
	struct buf header, source;
	buf_init(&header, sql->arena, OUTPUT_MAX);
	buf_init(&source, sql->arena, OUTPUT_MAX);
	write_header(sql, str_of(o->include), &header);
	write_source(sql, str_of(o->include), &source);
	TRY(buf_error(&header));
	TRY(buf_error(&source));
	TRY(gen_write(sql->gen, o->header, buf_view(&header)));
	return gen_write(sql->gen, o->source, buf_view(&source));
}

static err run(struct sql *sql, const struct options *o)
{
	struct gen_paths files = {0}, folders = {0};
	TRY(read_all(sql, o, &files, &folders));
	TRY(write_all(sql, o));
	return o->depfile[0] ? gen_write_depfile(
				       sql->gen, o->depfile, o->header, o->sql, &files, &folders)
			     : ok();
}

int main(int argc, char **argv)
{
	AUTO_ARENA arena;
	struct gen gen;
	arena_init(&arena, MEMORY_MAX);
	gen_init(&gen, &arena);
	struct sql sql = {.gen = &gen, .arena = &arena};
	struct options o = {
		.sql = str_c(&arena, gen_option(argc, argv, "sql")),
		.header = str_c(&arena, gen_option(argc, argv, "header")),
		.source = str_c(&arena, gen_option(argc, argv, "source")),
		.include = str_c(&arena, gen_option(argc, argv, "include")),
		.depfile = str_c(&arena, gen_option(argc, argv, "depfile")),
	};
	if (!o.sql[0] || !o.header[0] || !o.source[0]) {
		fputs("usage: sqlgen --sql=FOLDER --header=OUT --source=OUT [--include=NAME] "
		      "[--depfile=OUT]\n",
			stderr);
		return 2;
	}
	if (!o.include[0])
		o.include = "store/query.h";
	err e = run(&sql, &o);
	if (failed(e) && !gen.fault_count) {
		fprintf(stderr, "sqlgen: %s\n", err_detail());
		return EXIT_FAILURE;
	}
	return gen_end(&gen);
}
