#include "sim/phone/picture.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* QR codes hold at most 2953 bytes. */
#define TEXT_MOST 4096
#define NO_CODE 4 /* zbarimg's exit code */

bool picture_is_one(struct str bytes)
{
	return str_starts(bytes, STR("\x89PNG\r\n\x1a\n")) ||
	       str_starts(bytes, STR("\xff\xd8\xff"));
}

static err file_of(struct str bytes, int *out)
{
	AUTO_FD int fd = memfd_create("picture", MFD_CLOEXEC);
	while (fd >= 0 && bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n <= 0 && errno != EINTR)
			return fail(
				ERR_UNAVAILABLE, "no room for the picture: %s", strerror(errno));
		bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	if (fd < 0)
		return fail(ERR_UNAVAILABLE, "no room for the picture: %s", strerror(errno));
	if (lseek(fd, 0, SEEK_SET) != 0)
		return fail(ERR_UNAVAILABLE, "no room for the picture: %s", strerror(errno));
	*out = fd_take(&fd);
	return ok();
}

/*
 * Its standard input is the picture, its output the pipe; it sees no other, and nothing of our
 * environment. The format is named, so that none of the many others that its library knows is
 * tried; nobody is told of the code over D-Bus.
 */
static err start(int picture, bool png, int pipe_in, pid_t *out)
{
	char *const argv[] = {(char[]){"zbarimg"}, (char[]){"--quiet"}, (char[]){"--raw"},
		(char[]){"--nodbus"}, (char[]){"-Sdisable"}, (char[]){"-Sqrcode.enable"},
		png ? (char[]){"PNG:-"} : (char[]){"JPEG:-"}, NULL};
	char *const envp[] = {
		(char[]){"PATH=/usr/local/bin:/usr/bin:/bin"}, (char[]){"LC_ALL=C.UTF-8"}, NULL};
	posix_spawn_file_actions_t actions;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return fail(ERR_UNAVAILABLE, "zbarimg: no memory");
	int code = posix_spawn_file_actions_adddup2(&actions, pipe_in, 1);
	if (code == 0)
		code = posix_spawn_file_actions_adddup2(&actions, picture, 0);
	if (code == 0)
		code = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (code == 0)
		code = posix_spawnp(out, argv[0], &actions, NULL, argv, envp);
	(void)posix_spawn_file_actions_destroy(&actions);
	return code == 0 ? ok()
			 : fail(ERR_UNAVAILABLE, "zbarimg (of zbar-tools): %s", strerror(code));
}

/* Until its end, or the time is over. */
static bool collect(int fd, struct buf *text)
{
	int64_t until = time_monotonic() + PICTURE_SECONDS * TIME_SECOND;
	for (;;) {
		char piece[1024];
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int64_t left = until - time_monotonic();
		int ready = left > 0 ? poll(&poll_fd, 1, (int)left) : 0;
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		ssize_t n = read(fd, piece, sizeof piece);
		if (n <= 0)
			return n == 0;
		buf_bytes(text, piece, (size_t)n);
	}
}

static int end_of(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

err picture_read(struct arena *arena, struct str bytes, struct str *text)
{
	AUTO_FD int picture = -1, reads = -1, writes = -1;
	int ends[2];
	struct buf out;
	pid_t pid;
	if (!picture_is_one(bytes))
		return fail(ERR_NOT_FOUND, "neither PNG nor JPEG");
	TRY(file_of(bytes, &picture));
	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail(ERR_UNAVAILABLE, "no pipe: %s", strerror(errno));
	reads = ends[0];
	writes = ends[1];
	TRY(start(picture, bytes.p[0] != '\xff', writes, &pid));
	auto_close(&writes);
	buf_init(&out, arena, TEXT_MOST);
	bool whole = collect(reads, &out);
	if (!whole)
		(void)kill(pid, SIGKILL);
	int code = end_of(pid);
	if (!whole)
		return fail(ERR_UNAVAILABLE, "zbarimg took too long");
	struct str found = str_trim(buf_view(&out));
	if (code == NO_CODE || str_empty(found))
		return fail(ERR_NOT_FOUND, "no code in the picture");
	if (code != 0)
		return fail(ERR_NOT_FOUND, "zbarimg cannot read the picture");
	if (failed(buf_error(&out)) || str_find_byte(found, '\n') >= 0)
		return fail(ERR_LIMIT, "more than one code in the picture");
	*text = found;
	return ok();
}
