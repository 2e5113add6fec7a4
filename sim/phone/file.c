#include "sim/phone/file.h"

#include "base/auto.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

const char *file_path(struct arena *arena, const char *dir, const char *name)
{
	return str_c(arena, str_fmt(arena, "%s/%s", dir, name));
}

err file_read(struct arena *arena, const char *path, size_t most, struct str *out)
{
	AUTO_FD int fd =
		strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct buf bytes;
	if (fd < 0)
		return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%s: %s", path,
			strerror(errno));
	buf_init(&bytes, arena, most);
	for (;;) {
		char piece[8192];
		ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
		if (n == 0)
			break;
		buf_bytes(&bytes, piece, (size_t)n);
		if (failed(buf_error(&bytes)))
			return fail(ERR_LIMIT, "%s: over %zu bytes", path, most);
	}
	*out = buf_view(&bytes);
	return ok();
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno != EINTR)
			return false;
		bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return fsync(fd) == 0;
}

err file_write(struct arena *arena, const char *path, struct str bytes)
{
	const char *fresh = str_c(arena, str_fmt(arena, "%s.new", path));
	AUTO_FD int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || !write_all(fd, bytes) || rename(fresh, path) != 0)
		return fail(ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
	return ok();
}
