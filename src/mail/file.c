#include "mail/file.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static err unavailable(const char *what)
{
	return fail(ERR_UNAVAILABLE, "the folder of mails: %s: %s", what, strerror(errno));
}

/* Twelve digits of date and time in UTC and the id: 20261123T050307Z-123. */
static void write_name(struct buf *out, int64_t created_at, int64_t id)
{
	/* Japan's calendar shifted back by nine hours is UTC's. */
	struct civil utc = time_in_japan(created_at - 9 * TIME_HOUR);

	buf_pad(out, utc.year, 4);
	buf_pad(out, utc.month, 2);
	buf_pad(out, utc.day, 2);
	buf_lit(out, "T");
	buf_pad(out, utc.hour, 2);
	buf_pad(out, utc.minute, 2);
	buf_pad(out, utc.second, 2);
	buf_lit(out, "Z-");
	buf_i64(out, id);
	buf_lit(out, ".eml");
}

static err write_all(int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return unavailable("write");
		bytes = str_skip(bytes, (size_t)n);
	}
	return fsync(fd) == 0 ? ok() : unavailable("fsync");
}

static err open_folder(struct arena *arena, struct str folder, int *out)
{
	const char *path = str_c(arena, folder);

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return unavailable("mkdir");
	*out = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *out >= 0 ? ok() : unavailable("open");
}

err mail_file_write(
	struct arena *arena, struct str folder, int64_t created_at, int64_t id, struct str message)
{
	AUTO_FD int dir = -1;
	AUTO_FD int fd = -1;
	struct buf name;

	buf_init(&name, arena, 200);
	write_name(&name, created_at, id);
	const char *final = str_c(arena, buf_view(&name));
	/* The process id keeps two workers apart; a file that a dead one left is overwritten. */
	const char *half = str_c(arena, str_fmt(arena, ".%s.%ld.%lx", final, (long)getpid(),
						(unsigned long)(uintptr_t)&name));
	TRY(open_folder(arena, folder, &dir));
	fd = openat(dir, half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return unavailable("open");
	err written = write_all(fd, message);
	if (!failed(written) && renameat(dir, half, dir, final) != 0)
		written = unavailable("rename");
	if (failed(written)) {
		unlinkat(dir, half, 0);
		return written;
	}
	return fsync(dir) == 0 ? ok() : unavailable("fsync");
}
