#include "cmd/reload.h"

#include <pthread.h>
#include <signal.h>

static void *wait_for_hangup(void *arg)
{
	struct program *program = arg;
	sigset_t hangup;
	int got;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	while (sigwait(&hangup, &got) == 0)
		conf_hangup(program->arena, &program->input, &program->conf);
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
