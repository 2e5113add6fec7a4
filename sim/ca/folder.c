#include "sim/ca/folder.h"

#include "base/auto.h"
#include "base/random.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>

#define SUFFIX (1 + 16) /* of a file that is being written */

err folder_error(const char *what, const char *path)
{
	char words[128];
	const char *why = strerror_r(errno, words, sizeof words);
	return fail(ERR_UNAVAILABLE, "%s: %s: %s", path, what, why);
}

const char *folder_path(struct arena *arena, const char *dir, const char *name)
{
	return str_c(arena, str_fmt(arena, "%s/%s", dir, name));
}

err folder_read(struct arena *arena, const char *path, struct str *out)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return fail(ERR_NOT_FOUND, "%s: there is no such file", path);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		return folder_error("open", path);
	if (!S_ISREG(st.st_mode))
		return fail(ERR_INVALID, "%s: not a file", path);
	if (st.st_size > FOLDER_FILE_MAX)
		return fail(ERR_LIMIT, "%s: larger than %u bytes", path, FOLDER_FILE_MAX);
	/* Nobody writes into a file that has its name, so its size is what there is. */
	size_t size = (size_t)st.st_size, done = 0;
	char *bytes = arena_alloc(arena, size + 1);
	while (done < size) {
		ssize_t n = read(fd, bytes + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return folder_error("read", path);
		done += (size_t)n;
	}
	*out = str_make(bytes, size);
	return ok();
}

err folder_sync(const char *path)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return folder_error("fsync", path);
	return ok();
}

static err write_all(int fd, const char *path, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return folder_error("write", path);
		bytes = str_skip(bytes, (size_t)n);
	}
	if (fsync(fd) != 0)
		return folder_error("fsync", path);
	return ok();
}

static err write_beside(const char *path, const char *other, struct str bytes, unsigned mode)
{
	AUTO_FD int fd = open(other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return folder_error("create", other);
	TRY(write_all(fd, other, bytes));
	if (rename(other, path) != 0)
		return folder_error("rename", path);
	return ok();
}

err folder_write(const char *path, struct str bytes, unsigned mode)
{
	AUTO_ARENA arena;
	arena_init(&arena, (size_t)4 * PATH_MAX);
	if (strlen(path) >= PATH_MAX)
		return fail(ERR_INVALID, "the path is too long");
	uint64_t draw;
	random_bytes(&draw, sizeof draw);
	const char *other =
		str_c(&arena, str_fmt(&arena, "%s.%016llx", path, (unsigned long long)draw));
	err written = write_beside(path, other, bytes, mode);
	if (failed(written)) {
		unlink(other);
		return written;
	}
	const char *slash = strrchr(path, '/');
	return folder_sync(slash ? str_c(&arena, str_make(path, (size_t)(slash - path) + 1)) : ".");
}

err folder_make(const char *path)
{
	if (mkdir(path, 0700) != 0)
		return folder_error("mkdir", path);
	return ok();
}

/* NAME.0123456789abcdef, as folder_write names what is not complete. */
static bool is_left(struct str name)
{
	if (name.n < SUFFIX || name.p[name.n - SUFFIX] != '.')
		return false;
	for (size_t i = name.n - SUFFIX + 1; i < name.n; i++) {
		if (!strchr("0123456789abcdef", name.p[i]))
			return false;
	}
	return true;
}

static err sweep(const char *path)
{
	DIR *dir = opendir(path);
	if (!dir)
		return folder_error("open", path);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		/* One that cannot be removed does no harm but lie there. */
		if (is_left(str_of(entry->d_name)))
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	closedir(dir);
	return ok();
}

err folder_lock_file(const char *path, int *out_fd)
{
	AUTO_FD int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return folder_error("open", path);
	while (flock(fd, LOCK_EX) != 0) {
		if (errno != EINTR)
			return folder_error("lock", path);
	}
	*out_fd = fd_take(&fd);
	return ok();
}

err folder_lock(struct arena *arena, const char *dir, int *out_fd)
{
	AUTO_FD int fd = -1;
	TRY(folder_lock_file(folder_path(arena, dir, "lock"), &fd));
	TRY(sweep(dir));
	TRY(sweep(folder_path(arena, dir, "anchors")));
	*out_fd = fd_take(&fd);
	return ok();
}
