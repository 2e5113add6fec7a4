#include "crypto/secret_file.h"

#include "base/auto.h"
#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

static err system_error(const char *what, const char *path)
{
	char words[128];
	/* The GNU form: the answer need not be in words. */
	const char *why = strerror_r(errno, words, sizeof words);
	return fail(ERR_UNAVAILABLE, "key file %s: %s: %s", path, what, why);
}

static err check(int fd, const char *path, size_t least, size_t most, size_t *n)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return system_error("fstat", path);
	if (!S_ISREG(st.st_mode))
		return fail(ERR_INVALID, "key file %s: not a regular file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return fail(ERR_DENIED, "key file %s: belongs to another user", path);
	mode_t mode = st.st_mode & 07777;
	if (mode != 0600 && mode != 0400)
		return fail(
			ERR_DENIED, "key file %s: mode %04o, must be 0600", path, (unsigned)mode);
	if (st.st_size < (off_t)least || st.st_size > (off_t)most)
		return fail(ERR_INVALID, "key file %s: not %zu to %zu bytes", path, least, most);
	*n = (size_t)st.st_size;
	return ok();
}

/* Not through a link, and without waiting if somebody put a pipe there. */
err secret_file_read(const char *path, void *buffer, size_t least, size_t most, size_t *n)
{
	size_t size = 0, done = 0;
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return fail(ERR_NOT_FOUND, "key file %s: absent", path);
	if (fd < 0 && errno == ELOOP)
		return fail(ERR_INVALID, "key file %s: a symbolic link", path);
	if (fd < 0)
		return system_error("open", path);
	TRY(check(fd, path, least, most, &size));
	while (done < size) {
		ssize_t got = read(fd, (char *)buffer + done, size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return system_error("read", path);
		if (got == 0)
			return fail(ERR_INVALID, "key file %s: became shorter", path);
		done += (size_t)got;
	}
	*n = size;
	return ok();
}

static err write_new(const char *path, struct str bytes)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return system_error("create", path);
	ssize_t n = write(fd, bytes.p, bytes.n);
	/* fchmod: the mask of the process may have taken more away than wanted. */
	if (n != (ssize_t)bytes.n || fchmod(fd, 0600) != 0 || fsync(fd) != 0)
		return system_error("write", path);
	return ok();
}

static err sync_folder(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = !slash          ? "."
			     : slash == path ? "/"
					     : str_c(arena, str_make(path, (size_t)(slash - path)));
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return system_error("fsync", folder);
	return ok();
}

err secret_file_write(const char *path, struct str bytes)
{
	AUTO_ARENA arena;
	arena_init(&arena, (size_t)4 * PATH_MAX);
	if (strlen(path) >= PATH_MAX)
		return fail(ERR_INVALID, "key file: the path is too long");
	uint64_t draw;
	random_bytes(&draw, sizeof draw);
	const char *other =
		str_c(&arena, str_fmt(&arena, "%s.%016llx", path, (unsigned long long)draw));
	err written = write_new(other, bytes);
	/* link, not rename: if another process was faster, its key stays and is the one to read. */
	bool linked = !failed(written) && (link(other, path) == 0 || errno == EEXIST);
	int why = errno;
	unlink(other);
	TRY(written);
	errno = why;
	if (!linked)
		return system_error("link", path);
	return sync_folder(&arena, path);
}
