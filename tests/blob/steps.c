#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

static enum steps_action planned;
static unsigned planned_at, made;
static int planned_errno;
static char trace[4096];

void steps_plan(enum steps_action action, unsigned at, int number)
{
	planned = action;
	planned_at = at;
	planned_errno = number;
	made = 0;
	trace[0] = '\0';
}

unsigned steps_made(void)
{
	return made;
}

const char *steps_trace(void)
{
	return trace;
}

/* True: the step is to fail. */
static bool step(char letter)
{
	if (made < sizeof trace - 1) {
		trace[made] = letter;
		trace[made + 1] = '\0';
	}
	bool now = ++made == planned_at;
	if (now && planned == STEPS_KILL)
		kill(getpid(), SIGKILL);
	errno = planned_errno;
	return now && planned == STEPS_FAIL;
}

static size_t shortened(size_t n)
{
	return planned == STEPS_SHORT && n > 1 ? n / 2 : n;
}

int __real_openat64(int folder, const char *path, int flags, ...);
int __wrap_openat64(int folder, const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __real_pread64(int fd, void *p, size_t n, off_t at);
ssize_t __wrap_pread64(int fd, void *p, size_t n, off_t at);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_renameat(int from, const char *old, int to, const char *new);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __real_unlinkat(int folder, const char *path, int flags);
int __wrap_unlinkat(int folder, const char *path, int flags);

int __wrap_openat64(int folder, const char *path, int flags, ...)
{
	if (!(flags & O_CREAT))
		return step('o') ? -1 : __real_openat64(folder, path, flags);
	va_list args;
	va_start(args, flags);
	mode_t mode = va_arg(args, mode_t);
	va_end(args);
	return step('c') ? -1 : __real_openat64(folder, path, flags, mode);
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	return step('w') ? -1 : __real_write(fd, p, shortened(n));
}

ssize_t __wrap_pread64(int fd, void *p, size_t n, off_t at)
{
	return step('p') ? -1 : __real_pread64(fd, p, shortened(n), at);
}

int __wrap_fsync(int fd)
{
	struct stat st;
	bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
	return step(folder ? 'S' : 's') ? -1 : __real_fsync(fd);
}

int __wrap_renameat(int from, const char *old, int to, const char *new)
{
	return step('r') ? -1 : __real_renameat(from, old, to, new);
}

int __wrap_unlinkat(int folder, const char *path, int flags)
{
	return step('u') ? -1 : __real_unlinkat(folder, path, flags);
}
