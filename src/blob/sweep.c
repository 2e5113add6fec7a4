#include "blob/inside.h"

#include "base/auto.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

#define AUTO_FOLDER __attribute__((cleanup(close_folder))) DIR

err blob_delete(const struct blob_store *store, const char name[BLOB_NAME_BYTES + 1])
{
	char path[BLOB_PATH_MAX], folder[3];
	blob_path(name, path);
	(void)snprintf(folder, sizeof folder, "%.2s", name);
	if (unlinkat(store->folder, path, 0) != 0 && errno != ENOENT)
		return blob_system_error("unlink");
	/* Also when it was not there: an earlier attempt may have been cut off before its fsync. */
	return blob_sync_folder(store, folder);
}

static int64_t changed_ms(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000;
}

/* Every file of a folder that is a regular one; what has gone meanwhile is passed over. */
static err each_file(const struct blob_store *store, const char *name,
	err (*each)(void *arg, const char *file, const struct stat *st), void *arg)
{
	AUTO_FD int fd = openat(store->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FOLDER *folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (!folder)
		return blob_system_error("open of a folder");
	(void)fd_take(&fd);
	for (;;) {
		struct stat st;
		errno = 0;
		const struct dirent *entry = readdir(folder);
		if (!entry)
			return errno == 0 ? ok() : blob_system_error("readdir");
		if (fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
			if (errno == ENOENT)
				continue;
			return blob_system_error("stat");
		}
		if (S_ISREG(st.st_mode))
			TRY(each(arg, entry->d_name, &st));
	}
}

struct listing {
	err (*each)(void *arg, const struct blob_entry *entry);
	void *arg;
};

static err list_one(void *arg, const char *file, const struct stat *st)
{
	const struct listing *listing = arg;
	struct blob_entry entry = {
		.stored_bytes = (uint64_t)st->st_size, .changed_ms = changed_ms(st)};
	if (!blob_name_valid(file))
		return ok();
	memcpy(entry.name, file, sizeof entry.name);
	return listing->each(listing->arg, &entry);
}

err blob_list(const struct blob_store *store,
	err (*each)(void *arg, const struct blob_entry *entry), void *arg)
{
	struct listing listing = {each, arg};
	char name[3];
	for (unsigned i = 0; i < 256; i++) {
		(void)snprintf(name, sizeof name, "%02x", i);
		TRY(each_file(store, name, list_one, &listing));
	}
	return ok();
}

struct sweeping {
	const struct blob_store *store;
	int64_t before_ms;
	err (*wanted)(void *arg, const char *name, bool *yes);
	void *arg;
	uint64_t deleted;
};

static err sweep_one(void *arg, const struct blob_entry *entry)
{
	struct sweeping *sweeping = arg;
	bool wanted = true;
	if (entry->changed_ms >= sweeping->before_ms)
		return ok();
	TRY(sweeping->wanted(sweeping->arg, entry->name, &wanted));
	if (wanted)
		return ok();
	TRY(blob_delete(sweeping->store, entry->name));
	sweeping->deleted++;
	return ok();
}

static err sweep_attempt(void *arg, const char *file, const struct stat *st)
{
	struct sweeping *sweeping = arg;
	char path[sizeof BLOB_TMP + 256];
	if (changed_ms(st) >= sweeping->before_ms)
		return ok();
	(void)snprintf(path, sizeof path, BLOB_TMP "/%.255s", file);
	if (unlinkat(sweeping->store->folder, path, 0) != 0 && errno != ENOENT)
		return blob_system_error("unlink");
	sweeping->deleted++;
	return ok();
}

err blob_sweep(const struct blob_store *store, int64_t before_ms,
	err (*wanted)(void *arg, const char *name, bool *yes), void *arg, uint64_t *deleted)
{
	struct sweeping sweeping = {store, before_ms, wanted, arg, 0};
	err e = blob_list(store, sweep_one, &sweeping);
	if (!failed(e))
		e = each_file(store, BLOB_TMP, sweep_attempt, &sweeping);
	if (deleted)
		*deleted = sweeping.deleted;
	return e;
}
