#include "base/limits.h"
#include "cmd/background.h"
#include "cmd/commands.h"
#include "cmd/reload.h"
#include "cmd/serve.h"

static void wake(void *jobs)
{
	jobs_wake(jobs);
}

/* The whole counter in one process and one folder: the embedded default. The schema is brought up to date at start. */
enum exit_code command_run(int argc, char **argv)
{
	struct program program;
	struct start start;
	struct jobs *jobs = NULL;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = program_begin(&arena, argc, argv, "./data", &program);

	if (code == EXIT_DONE)
		code = program_takes(&program, 0, "");
	if (code != EXIT_DONE)
		return code;
	code = reload_begin(&program);
	if (code != EXIT_DONE)
		return code;
	code = start_portal(&program, START_MIGRATE, &start);
	start.portal.idv_changed = serve_changed;
	if (code == EXIT_DONE)
		code = start_providers(&start);
	if (code == EXIT_DONE)
		code = start_files(&start);
	if (code == EXIT_DONE)
		code = background_start(&start, &jobs);
	if (code == EXIT_DONE)
		code = serve_pages(&start, &(struct serve_hooks){.written = wake, .arg = jobs});
	jobs_stop(jobs);
	start_release(&start);
	return code;
}
