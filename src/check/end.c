#include "check/end.h"

#include <errno.h>
#include <sys/mman.h>

_Noreturn void end_with(struct verdict_line *line)
{
	verdict_end(line);
	for (size_t done = 0; done < line->n;) {
		ssize_t n = write(STDOUT_FILENO, line->text + done, line->n - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		done += (size_t)n;
	}
	/* Not exit(): libraries' clean-ups have nothing to do that the kernel does not. */
	_exit(0);
}

_Noreturn void end_refused(enum check_reason reason)
{
	struct verdict_line line;
	verdict_begin(&line, reason);
	end_with(&line);
}

void *room_for(size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		end_refused(CHECK_MEMORY);
	void *p = mmap(NULL, bytes ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0);
	if (p == MAP_FAILED)
		end_refused(CHECK_MEMORY);
	return p;
}
