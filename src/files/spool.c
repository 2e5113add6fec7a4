#include "files/spool.h"

#include "base/arena.h"
#include "base/auto.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct spool {
	int folder; /* open as long as the process lives */
};

#define NAME_MAX_BYTES 64

/* "upload-ACCOUNT-ID" */
static void name_of(int64_t account_id, int64_t id, char out[NAME_MAX_BYTES])
{
	(void)snprintf(out, NAME_MAX_BYTES, "upload-%lld-%lld", (long long)account_id, (long long)id);
}

static err refused(const char *what)
{
	return fail(ERR_UNAVAILABLE, "spool: %s: %s", what, strerrorname_np(errno));
}

err spool_open(struct arena *arena, const char *folder, struct spool **out)
{
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return refused("folder");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return refused("folder");
	struct spool *spool = arena_new(arena, struct spool);
	spool->folder = fd;
	*out = spool;
	return ok();
}

void spool_close(struct spool_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

/* Until unlock nobody else appends. */
static err lock(int fd)
{
	while (flock(fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return refused("lock");
	return ok();
}

static void unlock(int fd)
{
	(void)flock(fd, LOCK_UN); /* it ends with the descriptor in any case */
}

static err size_of(int fd, int64_t *out)
{
	struct stat about;
	if (fstat(fd, &about) != 0)
		return refused("stat");
	*out = about.st_size;
	return ok();
}

static err cut(int fd, int64_t at)
{
	int64_t size = 0;
	TRY(size_of(fd, &size));
	if (size < at)
		return fail(ERR_NOT_FOUND, "spool: fewer bytes are here than the row says");
	if (size > at && ftruncate(fd, at) != 0)
		return refused("truncate");
	return ok();
}

err spool_begin(const struct spool *spool, int64_t account_id, int64_t id, int64_t at, struct spool_file *out)
{
	char name[NAME_MAX_BYTES];
	name_of(account_id, id, name);
	AUTO_FD int fd = openat(spool->folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (at == 0 ? O_CREAT : 0), 0600);
	if (fd < 0 && errno == ENOENT)
		return fail(ERR_NOT_FOUND, "spool: no such upload here");
	if (fd < 0)
		return refused("open");
	TRY(lock(fd));
	err e = cut(fd, at);
	unlock(fd);
	TRY(e);
	*out = (struct spool_file){.spool = spool, .account_id = account_id, .id = id, .fd = fd_take(&fd), .size = at, .named = at > 0};
	return ok();
}

static err write_all(int fd, struct str bytes, int64_t at)
{
	while (bytes.n > 0) {
		ssize_t n = pwrite(fd, bytes.p, bytes.n, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refused("write");
		bytes = str_skip(bytes, (size_t)n);
		at += n;
	}
	return ok();
}

static err append_locked(struct spool_file *file, struct str piece)
{
	int64_t size = 0;
	TRY(size_of(file->fd, &size));
	if (size != file->size)
		return fail(ERR_CONFLICT, "spool: another connection has gone on");
	err e = write_all(file->fd, piece, size);
	/* A part of a piece would be taken for another connection's. */
	if (failed(e) && ftruncate(file->fd, size) != 0)
		file->size = -1;
	return e;
}

err spool_append(struct spool_file *file, struct str piece)
{
	if (file->size < 0)
		return fail(ERR_UNAVAILABLE, "spool: broken before");
	TRY(lock(file->fd));
	err e = append_locked(file, piece);
	unlock(file->fd);
	TRY(e);
	file->size += (int64_t)piece.n;
	return ok();
}

err spool_sync(struct spool_file *file)
{
	if (fdatasync(file->fd) != 0)
		return refused("fdatasync");
	if (!file->named && fsync(file->spool->folder) != 0)
		return refused("fsync of the folder");
	file->named = true;
	return ok();
}

err spool_read(const struct spool *spool, int64_t account_id, int64_t id, int *out, int64_t *size)
{
	char name[NAME_MAX_BYTES];
	name_of(account_id, id, name);
	AUTO_FD int fd = openat(spool->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return fail(ERR_NOT_FOUND, "spool: no such upload here");
	if (fd < 0)
		return refused("open");
	TRY(size_of(fd, size));
	*out = fd_take(&fd);
	return ok();
}

static err remove_name(const struct spool *spool, const char *name)
{
	return unlinkat(spool->folder, name, 0) == 0 || errno == ENOENT ? ok() : refused("unlink");
}

err spool_remove(const struct spool *spool, int64_t account_id, int64_t id)
{
	char name[NAME_MAX_BYTES];
	name_of(account_id, id, name);
	return remove_name(spool, name);
}

/* A name as name_of writes it. */
static bool name_read(struct str name, int64_t *account_id, int64_t *id)
{
	struct str rest = name, word, first, second;
	return str_next(&rest, '-', &word) && str_eq(word, STR("upload")) && str_next(&rest, '-', &first) && str_next(&rest, '-', &second) &&
	       str_empty(rest) && str_to_i64(first, account_id) && str_to_i64(second, id);
}

static bool is_older(const struct spool *spool, const char *name, int64_t before_ms)
{
	struct stat about;
	if (fstatat(spool->folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	return about.st_mtim.tv_sec * INT64_C(1000) + about.st_mtim.tv_nsec / 1000000 < before_ms;
}

err spool_sweep(const struct spool *spool, int64_t before_ms, err (*wanted)(void *arg, int64_t account_id, int64_t id, bool *yes), void *arg,
	uint64_t *removed)
{
	int fd = openat(spool->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	uint64_t count = 0;
	err e = ok();
	if (!names) {
		if (fd >= 0)
			close(fd);
		return refused("folder");
	}
	for (const struct dirent *entry; !failed(e) && (entry = readdir(names));) {
		int64_t account_id = 0, id = 0;
		bool yes = true;
		if (!name_read(str_of(entry->d_name), &account_id, &id) || !is_older(spool, entry->d_name, before_ms))
			continue;
		e = wanted(arg, account_id, id, &yes);
		if (!failed(e) && !yes) {
			e = remove_name(spool, entry->d_name);
			count++;
		}
	}
	closedir(names);
	if (removed)
		*removed = count;
	return e;
}
