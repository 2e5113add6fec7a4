#ifndef SANDBOX_SPAWN_H
#define SANDBOX_SPAWN_H

#include "base/err.h"
#include "sandbox/verdict.h"

#include <stdbool.h>

/*
 * The parent's side: one program, started with posix_spawn (never fork: the server has threads and
 * much memory), asked one question, ended.
 *
 * The child gets the descriptors given, 1 for its line, /dev/null as 0 and 2, and no other; an
 * empty environment; no blocked or handled signals. It is ended by its pidfd, so never another
 * process that got the same number. When a call returns the child is gone and reaped, whatever it
 * did.
 *
 * Safe from many threads. The process must not ignore SIGCHLD, nor reap children it does not know.
 */

struct spawn_file {
	int fd;     /* a regular file or memfd of the caller */
	int as;     /* what the child sees, 3 to SPAWN_AS_MAX */
	bool write; /* otherwise the child gets a description that can only read */
};

#define SPAWN_FILES_MAX 24
#define SPAWN_AS_MAX 63

enum spawn_end {
	SPAWN_ANSWERED, /* it ended by itself with status 0; line holds what it wrote */
	SPAWN_TIME,     /* it has used the time of the processor that it may (LIMIT_CHECK_CPU) */
	SPAWN_OUTPUT,   /* it wrote more than it may into a file */
	SPAWN_DIED,     /* a signal ended it, or it wrote more than VERDICT_MAX bytes */
	/*
	 * It was ended before it could use that time: at the time-out, or by a SIGKILL that was not ours (the machine has no memory
	 * left). It got too little of the processor, or it hangs: one try cannot tell.
	 */
	SPAWN_UNFINISHED,
};

struct spawn_answer {
	enum spawn_end end;
	int signal;                 /* which ended it; 0: none, or ours */
	int64_t cpu_ms;             /* of the processor, that it has used */
	char line[VERDICT_MAX + 1]; /* one more, to see that it is too much */
	size_t n;
};

/*
 * argv ends with NULL. UNAVAILABLE: the program cannot be started, a file is not regular, or the
 * program said by its exit status that it could not do its work (it could not confine itself).
 */
err spawn_ask(const char *path, const char *const *argv, const struct spawn_file *files,
	size_t file_count, int timeout_ms, struct spawn_answer *out);

#endif
