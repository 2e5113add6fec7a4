#include "base/limits.h"
#include "cmd/commands.h"
#include "cmd/reload.h"
#include "cmd/serve.h"

/* Pages only, for several hosts on one PostgreSQL; background work runs as `madoguchi work`. */
enum exit_code command_serve(int argc, char **argv)
{
	struct program program;
	struct start start;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = program_begin(&arena, argc, argv, NULL, &program);

	if (code == EXIT_DONE)
		code = program_takes(&program, 0, "");
	if (code != EXIT_DONE)
		return code;
	code = reload_begin(&program);
	if (code != EXIT_DONE)
		return code;
	code = start_portal(&program, START_AS_IT_IS, &start);
	start.portal.idv_changed = serve_changed;
	if (code == EXIT_DONE)
		code = start_providers(&start);
	if (code == EXIT_DONE)
		code = start_files(&start);
	if (code == EXIT_DONE)
		code = serve_pages(&start, &(struct serve_hooks){0});
	start_release(&start);
	return code;
}
