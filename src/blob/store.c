#include "blob/inside.h"

#include "base/auto.h"
#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/seal.h"

#include "base/random.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static_assert(BLOB_WRAPPED_BYTES == SEAL_OVERHEAD + sizeof(struct blob_key), "a wrapped key");
static_assert(sizeof(struct blob_key) == SEAL_STREAM_KEY_BYTES, "the key of a stream");

err blob_system_error(const char *what)
{
	char words[128];
	return fail(ERR_UNAVAILABLE, "blob: %s: %s", what, strerror_r(errno, words, sizeof words));
}

bool blob_name_valid(const char *name)
{
	return strlen(name) == BLOB_NAME_BYTES &&
	       strspn(name, "0123456789abcdef") == BLOB_NAME_BYTES;
}

void blob_path(const char *name, char out[BLOB_PATH_MAX])
{
	/* A name is ours or from a row of ours; anything else would be a path of somebody's choice.
	 */
	assert(blob_name_valid(name));
	(void)snprintf(out, BLOB_PATH_MAX, "%.2s/%s", name, name);
}

err blob_sync_folder(const struct blob_store *store, const char *folder)
{
	AUTO_FD int fd = openat(store->folder, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return blob_system_error("fsync of a folder");
	return ok();
}

static err make_folder(const struct blob_store *store, const char *name)
{
	if (mkdirat(store->folder, name, 0700) != 0 && errno != EEXIST)
		return blob_system_error("mkdir");
	return ok();
}

/* All at once, so that later a put has one folder to sync, not two. */
static err make_folders(const struct blob_store *store)
{
	char name[3];
	TRY(make_folder(store, BLOB_TMP));
	for (unsigned i = 0; i < 256; i++) {
		(void)snprintf(name, sizeof name, "%02x", i);
		TRY(make_folder(store, name));
	}
	return blob_sync_folder(store, ".");
}

/* The folder's own name is in the folder above. */
static err sync_above(struct arena *arena, const char *folder)
{
	const char *above = str_c(arena, str_fmt(arena, "%s/..", folder));
	AUTO_FD int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return blob_system_error(above);
	return ok();
}

err blob_store_open(struct arena *arena, const char *folder, const uint8_t master[BLOB_MASTER_BYTES],
	struct blob_store **out)
{
	struct blob_store *store = arena_new(arena, struct blob_store);
	memcpy(store->master, master, sizeof store->master);
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return blob_system_error(folder);
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return blob_system_error(folder);
	store->folder = fd;
	TRY(make_folders(store));
	TRY(sync_above(arena, folder));
	/* Open as long as the process runs. */
	store->folder = fd_take(&fd);
	*out = store;
	return ok();
}

/* The master key is used for this only. */
static struct str purpose_of(struct arena *arena, struct str owner)
{
	return str_fmt(arena, "blob key of " STR_FMT, STR_ARG(owner));
}

static struct str wrap(const struct blob_store *store, struct arena *arena, struct str owner,
	const struct blob_key *key)
{
	struct seal_key master;
	memcpy(master.bytes, store->master, sizeof master.bytes);
	struct str plain = str_make((const char *)key->bytes, sizeof key->bytes);
	struct str wrapped = seal(arena, &master, purpose_of(arena, owner), plain);
	explicit_bzero(&master, sizeof master);
	return wrapped;
}

void blob_key_new(const struct blob_store *store, struct arena *arena, struct str owner,
	struct blob_key *key, struct str *wrapped)
{
	random_bytes(key->bytes, sizeof key->bytes);
	*wrapped = wrap(store, arena, owner, key);
}

err blob_key_open(const struct blob_store *store, struct arena *arena, struct str owner,
	struct str wrapped, struct blob_key *key)
{
	struct seal_key master;
	struct str plain;
	memcpy(master.bytes, store->master, sizeof master.bytes);
	err e = unseal(arena, &master, purpose_of(arena, owner), wrapped, &plain);
	explicit_bzero(&master, sizeof master);
	if (failed(e) || plain.n != sizeof key->bytes)
		return fail(ERR_INVALID, "blob: the owner's key does not open");
	memcpy(key->bytes, plain.p, sizeof key->bytes);
	return ok();
}

void blob_name(
	const struct blob_key *key, const struct blob_ref *ref, char out[BLOB_NAME_BYTES + 1])
{
	uint8_t name[SHA256_BYTES];
	/* The word keeps this use of the key apart from any other. */
	char text[8 + SHA256_BYTES] = "blobname";
	memcpy(text + 8, ref->digest, SHA256_BYTES);
	hmac_sha256(str_make((const char *)key->bytes, sizeof key->bytes),
		str_make(text, sizeof text), name);
	for (size_t i = 0; i < sizeof name; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", name[i]);
}

err blob_write_all(int fd, const void *p, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t written = write(fd, (const char *)p + done, n - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return blob_system_error("write");
		done += (size_t)written;
	}
	return ok();
}

err blob_read_at(int fd, void *p, size_t n, uint64_t at, size_t *got)
{
	size_t done = 0;
	while (done < n) {
		ssize_t read = pread(fd, (char *)p + done, n - done, (off_t)(at + done));
		if (read < 0 && errno == EINTR)
			continue;
		if (read < 0)
			return blob_system_error("read");
		if (read == 0)
			break;
		done += (size_t)read;
	}
	*got = done;
	return ok();
}
