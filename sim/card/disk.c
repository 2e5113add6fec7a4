#include "sim/card/disk.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>

struct path {
	char text[PATH_MAX];
};

static err path_of(const char *dir, const char *name, const char *ending, struct path *out)
{
	int n = snprintf(out->text, sizeof out->text, "%s/%s%s", dir, name, ending);

	if (n < 0 || (size_t)n >= sizeof out->text)
		return fail(ERR_INVALID, "the path of a card is too long");
	return ok();
}

static err trouble(const char *what, const char *name)
{
	char words[128];

	return fail(
		ERR_UNAVAILABLE, "%s: %s: %s", name, what, strerror_r(errno, words, sizeof words));
}

err disk_read(struct arena *arena, const char *dir, const char *name, struct str *out)
{
	struct path path;
	char bytes[CARD_FILE_MAX + 1];
	size_t n = 0;

	TRY(path_of(dir, name, "", &path));
	AUTO_FD int fd = open(path.text, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return fail(ERR_NOT_FOUND, "%s: no such file", name);
	if (fd < 0)
		return trouble("open", name);
	while (n < sizeof bytes) {
		ssize_t got = read(fd, bytes + n, sizeof bytes - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return trouble("read", name);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	if (n > CARD_FILE_MAX)
		return fail(ERR_LIMIT, "%s: too long for a card", name);
	*out = str_dup(arena, str_make(bytes, n));
	explicit_bzero(bytes, sizeof bytes);
	return ok();
}

static err write_all(int fd, struct str bytes, const char *name)
{
	while (bytes.n > 0) {
		ssize_t put = write(fd, bytes.p, bytes.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return trouble("write", name);
		bytes = str_skip(bytes, (size_t)put);
	}
	if (fsync(fd) != 0)
		return trouble("fsync", name);
	return ok();
}

static err sync_folder(const char *dir)
{
	AUTO_FD int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return trouble("fsync", dir);
	return ok();
}

err disk_write(const char *dir, const char *name, struct str bytes)
{
	struct path path, other;

	TRY(path_of(dir, name, "", &path));
	TRY(path_of(dir, name, ".new", &other));
	AUTO_FD int fd =
		open(other.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return trouble("create", name);
	TRY(write_all(fd, bytes, name));
	if (rename(other.text, path.text) != 0)
		return trouble("rename", name);
	return sync_folder(dir);
}

err disk_remove(const char *dir, const char *name)
{
	struct path path;

	TRY(path_of(dir, name, "", &path));
	if (unlink(path.text) != 0 && errno != ENOENT)
		return trouble("remove", name);
	return sync_folder(dir);
}

err disk_lock(const char *dir, int *fd)
{
	struct path path;

	TRY(path_of(dir, "lock", "", &path));
	AUTO_FD int lock = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0 && (errno == ENOENT || errno == ENOTDIR))
		return fail(ERR_NOT_FOUND, "%s: there is no such card", dir);
	if (lock < 0)
		return trouble("open the lock", dir);
	while (flock(lock, LOCK_EX) != 0) {
		if (errno != EINTR)
			return trouble("lock", dir);
	}
	*fd = fd_take(&lock);
	return ok();
}

err disk_make_folder(const char *dir)
{
	if (mkdir(dir, 0700) == 0)
		return ok();
	if (errno == EEXIST)
		return fail(ERR_CONFLICT, "%s: is there already", dir);
	return trouble("make the folder", dir);
}
