#include "crypto/key.h"

#include "base/auto.h"
#include "base/random.h"
#include "base/str.h"

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

static err check(int fd, const char *path)
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
	if (st.st_size != KEY_BYTES)
		return fail(ERR_INVALID, "key file %s: not %d bytes", path, KEY_BYTES);
	return ok();
}

static err read_key(int fd, const char *path, uint8_t out[KEY_BYTES])
{
	uint8_t key[KEY_BYTES];
	size_t done = 0;
	TRY(check(fd, path));
	while (done < sizeof key) {
		ssize_t n = read(fd, key + done, sizeof key - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return system_error("read", path);
		if (n == 0)
			return fail(ERR_INVALID, "key file %s: not %d bytes", path, KEY_BYTES);
		done += (size_t)n;
	}
	memcpy(out, key, sizeof key);
	explicit_bzero(key, sizeof key);
	return ok();
}

/* NOT_FOUND when there is no file. Not through a link, and without waiting if somebody put a pipe
 * there. */
static err load(const char *path, uint8_t out[KEY_BYTES])
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return fail(ERR_NOT_FOUND, "key file %s: absent", path);
	if (fd < 0 && errno == ELOOP)
		return fail(ERR_INVALID, "key file %s: a symbolic link", path);
	if (fd < 0)
		return system_error("open", path);
	return read_key(fd, path, out);
}

static err write_new(const char *path)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return system_error("create", path);
	uint8_t key[KEY_BYTES];
	random_bytes(key, sizeof key);
	ssize_t n = write(fd, key, sizeof key);
	explicit_bzero(key, sizeof key);
	/* fchmod: the mask of the process may have taken more away than wanted. */
	if (n != sizeof key || fchmod(fd, 0600) != 0 || fsync(fd) != 0)
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

static err make(const char *path)
{
	AUTO_ARENA arena;
	arena_init(&arena, (size_t)4 * PATH_MAX);
	if (strlen(path) >= PATH_MAX)
		return fail(ERR_INVALID, "key file: the path is too long");
	uint64_t draw;
	random_bytes(&draw, sizeof draw);
	const char *other =
		str_c(&arena, str_fmt(&arena, "%s.%016llx", path, (unsigned long long)draw));
	err written = write_new(other);
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

err key_file_load(const char *path, uint8_t out[KEY_BYTES])
{
	err loaded = load(path, out);
	if (loaded.code != ERR_NOT_FOUND)
		return loaded;
	TRY(make(path));
	return load(path, out);
}
