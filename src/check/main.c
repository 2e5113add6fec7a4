#include "base/limits.h"
#include "check/end.h"
#include "check/task.h"
#include "sandbox/confine.h"

#include <sysexits.h>

/*
 * madoguchi-check QUESTION …: see man/madoguchi-check.1. It is started by the counter for one file
 * and ends with one line.
 */

_Noreturn static void task_status(const struct confinement *confinement)
{
	struct verdict_line line;
	verdict_begin(&line, CHECK_OK);
	verdict_add(&line, "landlock", (uint64_t)confinement->landlock);
	verdict_add(&line, "seccomp", 1);
	verdict_add(&line, "memory", LIMIT_CHECK_MEMORY);
	end_with(&line);
}

static const struct question {
	const char *name;
	void (*task)(char **arguments);
} questions[] = {
	{"pdf", task_pdf},
	{"jpeg", task_jpeg},
	{"photo", task_photo},
	{"thumbnail", task_thumbnail},
	{"picture", task_picture},
	{"pages", task_pages},
};

int main(int argc, char **argv)
{
	struct confinement confinement;
	if (failed(confine(0, &confinement))) {
		fprintf(stderr, "madoguchi-check: %s\n", err_detail());
		return EX_OSERR;
	}
	if (argc == 2 && strcmp(argv[1], "status") == 0)
		task_status(&confinement);
	for (size_t i = 0; argc >= 2 && i < sizeof questions / sizeof questions[0]; i++) {
		if (strcmp(argv[1], questions[i].name) == 0)
			questions[i].task(argv + 2);
	}
	/* Not stdio: it asks about the descriptor before it writes. */
	static const char usage[] =
		"usage: madoguchi-check pdf|jpeg|photo|thumbnail|picture|pages|status …  3<FILE\n";
	ssize_t written = write(STDERR_FILENO, usage, sizeof usage - 1);
	(void)written;
	return EX_USAGE;
}
