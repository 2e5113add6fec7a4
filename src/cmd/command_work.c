#include "base/limits.h"
#include "cmd/background.h"
#include "cmd/commands.h"
#include "cmd/reload.h"

#include <signal.h>

/* Background work only, until SIGTERM or SIGINT. */
enum exit_code command_work(int argc, char **argv)
{
	struct program program;
	struct start start;
	struct jobs *jobs = NULL;
	sigset_t stops;
	int got;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = program_begin(&arena, argc, argv, NULL, &program);

	if (code == EXIT_DONE)
		code = program_takes(&program, 0, "");
	if (code != EXIT_DONE)
		return code;
	/* Blocked before the first thread starts, so that only sigwait sees them. */
	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	sigprocmask(SIG_BLOCK, &stops, NULL);
	code = reload_begin(&program);
	if (code != EXIT_DONE)
		return code;
	code = start_portal(&program, START_AS_IT_IS, &start);
	if (code == EXIT_DONE)
		code = start_providers(&start);
	if (code == EXIT_DONE)
		code = start_files(&start);
	if (code == EXIT_DONE)
		code = background_start(&start, &jobs);
	if (code == EXIT_DONE)
		sigwait(&stops, &got);
	jobs_stop(jobs);
	start_release(&start);
	return code;
}
