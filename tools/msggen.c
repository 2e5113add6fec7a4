#include "msggen.h"

/*
 * msggen --ja=FILE --en=FILE --ids=OUT --table=OUT --keys=OUT
 *
 * Catalogues → enum msg, the tables of i18n/locale.h, and the list of keys that tmplgen reads.
 * Faults go to standard error, one a line: file:line:column: words.
 */

static err read_one(struct gen *gen, const char *path, bool japanese, struct catalogue *out)
{
	struct str source;
	TRY(gen_read(gen, path, &source));
	TRY(catalogue_read(gen, str_of(path), source, out));
	for (size_t i = 0; i < out->texts.n; i++)
		IGNORE(text_check(gen, out, &out->texts.v[i],
			japanese)); /* counted in gen; the others are still checked */
	return ok();
}

static err write_one(struct gen *gen, struct str path, const struct buf *out)
{
	TRY(buf_error(out));
	return gen_write(gen, str_c(gen->arena, path), buf_view(out));
}

static err run(struct gen *gen, int argc, char **argv)
{
	struct catalogue ja;
	struct catalogue en;
	TRY(read_one(gen, str_c(gen->arena, gen_option(argc, argv, "ja")), true, &ja));
	TRY(read_one(gen, str_c(gen->arena, gen_option(argc, argv, "en")), false, &en));
	catalogues_compare(gen, &ja, &en);
	if (gen->fault_count)
		return fail(ERR_INVALID, "faulty catalogues");
	struct buf ids;
	struct buf table;
	struct buf keys;
	buf_init(&ids, gen->arena, 4u << 20);
	buf_init(&table, gen->arena, 64u << 20);
	buf_init(&keys, gen->arena, 4u << 20);
	msggen_write_ids(&ids, &en);
	msggen_write_table(&table, &ja, &en);
	msggen_write_keys(&keys, &en);
	TRY(write_one(gen, gen_option(argc, argv, "ids"), &ids));
	TRY(write_one(gen, gen_option(argc, argv, "table"), &table));
	return write_one(gen, gen_option(argc, argv, "keys"), &keys);
}

int main(int argc, char **argv)
{
	AUTO_ARENA arena;
	struct gen gen;
	arena_init(&arena, 1u << 30);
	gen_init(&gen, &arena);
	err e = run(&gen, argc, argv);
	if (failed(e) && !gen.fault_count) {
		fprintf(stderr, "msggen: %s\n", err_detail());
		return EXIT_FAILURE;
	}
	return gen_end(&gen);
}
