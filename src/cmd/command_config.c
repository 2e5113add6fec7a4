#include "base/limits.h"
#include "cmd/commands.h"

/* check-config and dump-config: quiet when all is well. */

enum exit_code command_check_config(int argc, char **argv)
{
	struct program program;
	struct conf_problems problems;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = program_begin(&arena, argc, argv, NULL, &program);

	if (code == EXIT_DONE)
		code = program_takes(&program, 0, "");
	if (code != EXIT_DONE)
		return code;
	conf_problems_init(&problems, &arena);
	if (!failed(conf_check(&arena, &program.conf, &problems)))
		return EXIT_DONE;
	fprintf(stderr, STR_FMT, STR_ARG(buf_view(&problems.text)));
	return EXIT_CONFIG;
}

static bool word_is_example(const struct program *program)
{
	return program->word_count > 0 && strcmp(program->words[0], "example") == 0;
}

enum exit_code command_dump_config(int argc, char **argv)
{
	struct program program;
	struct buf out;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = program_begin_by_hand(&arena, argc, argv, NULL, &program);

	if (code == EXIT_DONE)
		code = program_takes(&program, word_is_example(&program) ? 1 : 0, "[--json]");
	if (code != EXIT_DONE)
		return code;
	buf_init(&out, &arena, LIMIT_PAGE);
	if (word_is_example(&program))
		conf_write_example(&out);
	else if (program.json)
		conf_dump_json(&out, &program.conf);
	else
		conf_dump(&out, &program.conf);
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_DONE;
}
