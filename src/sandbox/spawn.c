#include "sandbox/spawn.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/time.h"
#include "sandbox/limit.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Descriptors are moved up here before they are moved to their places in the child, so that none is
 * overwritten by another on its way. */
#define ABOVE (SPAWN_AS_MAX + 1)

struct child {
	pid_t pid;
	int pidfd; /* readable when it has ended */
};

static err system_error(const char *what, int number)
{
	char words[128];
	return fail(
		ERR_UNAVAILABLE, "checker: %s: %s", what, strerror_r(number, words, sizeof words));
}

/* A description of its own: its position is not the caller's, and it cannot write unless it should.
 */
static err reopen(const struct spawn_file *file, int *out)
{
	struct stat st;
	char path[32];
	if (fstat(file->fd, &st) != 0)
		return system_error("fstat", errno);
	if (!S_ISREG(st.st_mode))
		return fail(ERR_UNAVAILABLE, "checker: not a regular file");
	if (file->write && (fcntl(file->fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return fail(ERR_UNAVAILABLE, "checker: the output is not open for writing");
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", file->fd);
	AUTO_FD int fd = open(path, (file->write ? O_WRONLY | O_TRUNC : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return system_error("open", errno);
	int high = fcntl(fd, F_DUPFD_CLOEXEC, ABOVE);
	if (high < 0)
		return system_error("dup", errno);
	*out = high;
	return ok();
}

/* Every descriptor from 3 on that the child does not get. Ours are all closed by exec; this is for
 * those of libraries that forgot it. */
static void close_others(
	posix_spawn_file_actions_t *actions, const struct spawn_file *files, size_t count)
{
	int last = STDERR_FILENO;
	for (size_t i = 0; i < count; i++)
		last = files[i].as > last ? files[i].as : last;
	for (int fd = STDERR_FILENO + 1; fd < last; fd++) {
		bool given = false;
		for (size_t i = 0; i < count; i++)
			given = given || files[i].as == fd;
		if (!given)
			posix_spawn_file_actions_addclose(actions, fd);
	}
	posix_spawn_file_actions_addclosefrom_np(actions, last + 1);
}

static int start(const char *path, const char *const *argv, const struct spawn_file *files,
	const int *opened, size_t count, int answer, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	char *const environment[] = {NULL};
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, answer, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < count; i++)
		posix_spawn_file_actions_adddup2(&actions, opened[i], files[i].as);
	close_others(&actions, files, count);
	/* argv is not changed; the type is older than const. */
	char *const *arguments;
	memcpy(&arguments, &argv, sizeof arguments);
	int failed_with = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed_with;
}

/* A limit that cannot be set from outside (another user's program) is set by the child itself. */
static void limit(pid_t pid)
{
	size_t count;
	const struct sandbox_limit *limits = sandbox_limits(&count);
	for (size_t i = 0; i < count; i++)
		(void)prlimit(pid, limits[i].resource, &limits[i].value, NULL);
}

enum hearing { HEARD, TOO_LATE, TOO_MUCH };

/* Reads until the pipe's end, or the time's. */
static enum hearing listen_to(int pipe, int64_t until, struct spawn_answer *out)
{
	for (;;) {
		int64_t left = until - time_monotonic();
		struct pollfd wait = {.fd = pipe, .events = POLLIN};
		int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return TOO_LATE;
		ssize_t n = read(pipe, out->line + out->n, sizeof out->line - out->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HEARD;
		out->n += (size_t)n;
		if (out->n == sizeof out->line)
			return TOO_MUCH;
	}
}

static bool ends_by_itself(int pidfd, int64_t until)
{
	for (;;) {
		int64_t left = until - time_monotonic();
		struct pollfd wait = {.fd = pidfd, .events = POLLIN};
		int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
		if (ready < 0 && errno == EINTR)
			continue;
		return ready > 0;
	}
}

/* Ended by force: whether it had so much of the time that it may have. The clock says nothing about that, it is everybody's. */
static enum spawn_end cut_short(const struct spawn_answer *answer, int64_t ms)
{
	return answer->cpu_ms >= ms ? SPAWN_TIME : SPAWN_UNFINISHED;
}

/*
 * A SIGKILL of the kernel's: of one that does not listen to SIGXCPU, a second later, or because there is no memory. For its limit the kernel counts the
 * ticks that it sees, and for what was used the time itself: they are up to a fifth apart.
 */
static enum spawn_end killed(const struct spawn_answer *answer)
{
	return cut_short(answer, LIMIT_CHECK_CPU * TIME_SECOND * 3 / 4);
}

/* It ended by itself, or others ended it. */
static err judge(int status, struct spawn_answer *out)
{
	if (WIFEXITED(status)) {
		if (WEXITSTATUS(status) != 0)
			return fail(ERR_UNAVAILABLE, "checker: exit status %d", WEXITSTATUS(status));
		out->end = SPAWN_ANSWERED;
		return ok();
	}
	out->signal = WTERMSIG(status);
	out->end = out->signal == SIGXCPU   ? SPAWN_TIME
		   : out->signal == SIGXFSZ ? SPAWN_OUTPUT
		   : out->signal == SIGKILL ? killed(out)
					    : SPAWN_DIED;
	return ok();
}

static int64_t ms_of(const struct timeval *time)
{
	return time->tv_sec * TIME_SECOND + time->tv_usec / 1000;
}

static err converse(const struct child *child, int pipe, int timeout_ms, struct spawn_answer *out)
{
	int64_t until = time_monotonic() + timeout_ms;
	enum hearing hearing = listen_to(pipe, until, out);
	if (hearing == HEARD && !ends_by_itself(child->pidfd, until))
		hearing = TOO_LATE;
	if (hearing != HEARD)
		pidfd_send_signal(child->pidfd, SIGKILL, NULL, 0);
	struct rusage used = {0};
	int status = 0;
	/* Of all that wait this one tells what was used. Nobody else reaps it, so the number is still its own. */
	while (wait4(child->pid, &status, 0, &used) < 0) {
		if (errno != EINTR)
			return system_error("wait4", errno);
	}
	out->cpu_ms = ms_of(&used.ru_utime) + ms_of(&used.ru_stime);
	if (hearing == HEARD)
		return judge(status, out);
	out->end = hearing == TOO_LATE ? cut_short(out, LIMIT_CHECK_CPU * TIME_SECOND) : SPAWN_DIED;
	return ok();
}

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static err run(const char *path, const char *const *argv, const struct spawn_file *files,
	const int *opened, size_t count, int timeout_ms, struct spawn_answer *out)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return system_error("pipe", errno);
	AUTO_FD int mine = ends[0];
	AUTO_FD int theirs = ends[1];
	AUTO_FD int high = fcntl(theirs, F_DUPFD_CLOEXEC, ABOVE);
	if (high < 0)
		return system_error("dup", errno);
	struct child child;
	int failed_with = start(path, argv, files, opened, count, high, &child.pid);
	if (failed_with != 0)
		return system_error(path, failed_with);
	auto_close(&theirs);
	auto_close(&high);
	/* Nobody else reaps it, so the number is still its own. */
	AUTO_FD int pidfd = child.pidfd = pidfd_open(child.pid, 0);
	if (pidfd < 0) {
		int why = errno;
		reap(child.pid);
		return system_error("pidfd_open", why);
	}
	limit(child.pid);
	return converse(&child, mine, timeout_ms, out);
}

err spawn_ask(const char *path, const char *const *argv, const struct spawn_file *files,
	size_t file_count, int timeout_ms, struct spawn_answer *out)
{
	int opened[SPAWN_FILES_MAX];
	size_t n = 0;
	err e = ok();
	struct spawn_answer answer = {.end = SPAWN_DIED};
	assert(file_count <= SPAWN_FILES_MAX);
	while (n < file_count && !failed(e = reopen(&files[n], &opened[n])))
		n++;
	if (!failed(e))
		e = run(path, argv, files, opened, n, timeout_ms, &answer);
	while (n > 0)
		auto_close(&opened[--n]);
	TRY(e);
	*out = answer;
	return ok();
}
