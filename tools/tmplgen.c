#include "tmplgen.h"

#include "base/vec.h"

/*
 * tmplgen --templates=FOLDER --routes=FILE --keys=FILE --statics=FILE --header=OUT --source=OUT
 * [--depfile=OUT]
 *
 * keys is written by msggen, statics by embed. Faults go to standard error, one a line:
 * file:line:column: words.
 */

struct options {
	const char *templates, *routes, *keys, *statics, *header, *source, *depfile;
};

static err read_inputs(struct gen *gen, const struct options *o, struct inputs *in)
{
	struct str text;
	inputs_init(in, gen->arena);
	TRY(gen_read(gen, o->routes, &text));
	TRY(inputs_routes(gen, in, str_of(o->routes), text));
	TRY(gen_read(gen, o->keys, &text));
	TRY(inputs_keys(gen, in, str_of(o->keys), text));
	TRY(gen_read(gen, o->statics, &text));
	return inputs_statics(gen, in, str_of(o->statics), text);
}

static err read_template(struct gen *gen, const struct inputs *in, const char *folder,
	struct str path, struct templates *all)
{
	struct template *t = arena_new(gen->arena, struct template);
	struct str file = str_fmt(gen->arena, "%s/" STR_FMT, folder, STR_ARG(path));
	struct str source;
	TRY(gen_read(gen, str_c(gen->arena, file), &source));
	TRY(template_init(gen, t, file, path, source));
	TRY(template_parse(gen, in, t));
	if (!t->plain)
		TRY(template_check_html(gen, t));
	vec_push(gen->arena, all, t);
	return ok();
}

static err write_all(struct gen *gen, const struct options *o, const struct templates *all)
{
	struct buf header;
	struct buf source;
	buf_init(&header, gen->arena, 16u << 20);
	buf_init(&source, gen->arena, 64u << 20);
	templates_emit_header(&header, all);
	templates_emit_source(&source, all);
	TRY(buf_error(&header));
	TRY(buf_error(&source));
	TRY(gen_write(gen, o->header, buf_view(&header)));
	return gen_write(gen, o->source, buf_view(&source));
}

static err run(struct gen *gen, const struct options *o)
{
	struct inputs in;
	struct templates all = {0};
	struct gen_paths files = {0};
	struct gen_paths folders = {0};
	TRY(read_inputs(gen, o, &in));
	TRY(gen_walk(gen, o->templates, &files, &folders));
	for (size_t i = 0; i < files.n; i++)
		IGNORE(read_template(gen, &in, o->templates, files.v[i],
			&all)); /* counted in gen; the others are still read */
	if (gen->fault_count)
		return fail(ERR_INVALID, "faulty templates");
	TRY(templates_link(gen, &all));
	TRY(write_all(gen, o, &all));
	return o->depfile[0] ? gen_write_depfile(
				       gen, o->depfile, o->header, o->templates, &files, &folders)
			     : ok();
}

int main(int argc, char **argv)
{
	AUTO_ARENA arena;
	struct gen gen;
	arena_init(&arena, 1u << 30);
	gen_init(&gen, &arena);
	struct options o = {
		.templates = str_c(&arena, gen_option(argc, argv, "templates")),
		.routes = str_c(&arena, gen_option(argc, argv, "routes")),
		.keys = str_c(&arena, gen_option(argc, argv, "keys")),
		.statics = str_c(&arena, gen_option(argc, argv, "statics")),
		.header = str_c(&arena, gen_option(argc, argv, "header")),
		.source = str_c(&arena, gen_option(argc, argv, "source")),
		.depfile = str_c(&arena, gen_option(argc, argv, "depfile")),
	};
	err e = run(&gen, &o);
	if (failed(e) && !gen.fault_count) {
		fprintf(stderr, "tmplgen: %s\n", err_detail());
		return EXIT_FAILURE;
	}
	return gen_end(&gen);
}
