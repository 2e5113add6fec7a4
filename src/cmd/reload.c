#include "cmd/reload.h"

#include "base/limits.h"

#include <pthread.h>
#include <signal.h>

static void *wait_for_hangup(void *arg)
{
	struct program *program = arg;
	struct arena arena; /* of its own, because the main thread uses the program's while it starts */
	sigset_t hangup;
	int got;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	while (sigwait(&hangup, &got) == 0)
		conf_hangup(&arena, &program->input, &program->conf);
	return NULL;
}

enum exit_code reload_begin(struct program *program)
{
	pthread_t thread;
	sigset_t hangup;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &hangup, NULL);
	if (pthread_create(&thread, NULL, wait_for_hangup, program) != 0) {
		fprintf(stderr, "madoguchi: no thread for signals\n");
		return EXIT_OS;
	}
	pthread_detach(thread);
	return EXIT_DONE;
}
