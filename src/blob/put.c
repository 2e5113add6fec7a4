#include "blob/inside.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/random.h"
#include "crypto/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Of one thread; 128 KiB, too much for a worker's stack. */
struct work {
	uint8_t plain[BLOB_PIECE];
	uint8_t sealed[BLOB_SEALED_PIECE];
};

/* An attempt: a file under a name that nobody else has. Removed unless it was renamed. */
struct attempt {
	const struct blob_store *store;
	char path[BLOB_PATH_MAX];
	int fd;
};

static void attempt_end(struct attempt *attempt)
{
	auto_close(&attempt->fd);
	/* If it cannot be removed now, blob_sweep does it. */
	if (attempt->path[0])
		unlinkat(attempt->store->folder, attempt->path, 0);
}

#define AUTO_ATTEMPT __attribute__((cleanup(attempt_end))) struct attempt

static err attempt_begin(struct attempt *attempt, const struct blob_store *store)
{
	uint64_t draw[2];
	random_bytes(draw, sizeof draw);
	attempt->store = store;
	(void)snprintf(attempt->path, sizeof attempt->path, BLOB_TMP "/%016llx%016llx",
		(unsigned long long)draw[0], (unsigned long long)draw[1]);
	attempt->fd = openat(store->folder, attempt->path,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (attempt->fd < 0) {
		attempt->path[0] = '\0';
		return blob_system_error("create");
	}
	return ok();
}

static err write_head(int fd, const struct blob_key *key, struct seal_stream *stream)
{
	/* The rest is for the stream. */
	uint8_t head[BLOB_HEAD_BYTES] = BLOB_MAGIC;
	seal_stream_begin(stream, key->bytes, head + BLOB_MAGIC_BYTES);
	return blob_write_all(fd, head, sizeof head);
}

/* Piece by piece: counted, digested, sealed, written. A piece that is not full is the last; it may
 * be empty. */
static err write_pieces(
	int from, int to, struct seal_stream *stream, struct work *work, struct blob_ref *ref)
{
	AUTO_SHA256 sum = {0};
	sha256_init(&sum);
	ref->bytes = 0;
	for (bool last = false; !last;) {
		size_t n;
		TRY(blob_read_at(from, work->plain, BLOB_PIECE, ref->bytes, &n));
		struct str plain = str_make((const char *)work->plain, n);
		last = n < BLOB_PIECE;
		ref->bytes += n;
		if (ref->bytes > LIMIT_BLOB)
			return fail(ERR_LIMIT, "blob: over the limit");
		sha256_add(&sum, plain);
		seal_stream_push(stream, plain, STR(BLOB_MAGIC), last, work->sealed);
		TRY(blob_write_all(to, work->sealed, n + SEAL_STREAM_OVERHEAD));
	}
	sha256_end(&sum, ref->digest);
	return ok();
}

static bool same(const struct blob_ref *a, const struct blob_ref *b)
{
	return a->bytes == b->bytes && memcmp(a->digest, b->digest, BLOB_DIGEST_BYTES) == 0;
}

/* The order is the promise: bytes, then name, then folder; each on stable storage before the next.
 */
static err settle(struct attempt *attempt, const char *name)
{
	char path[BLOB_PATH_MAX], folder[3];
	blob_path(name, path);
	(void)snprintf(folder, sizeof folder, "%.2s", name);
	if (fsync(attempt->fd) != 0)
		return blob_system_error("fsync");
	if (renameat(attempt->store->folder, attempt->path, attempt->store->folder, path) != 0)
		return blob_system_error("rename");
	attempt->path[0] = '\0';
	return blob_sync_folder(attempt->store, folder);
}

/* What is left of it in memory is wiped by the caller. */
static err write_sealed(int from, int to, const struct blob_key *key, struct seal_stream *stream, struct work *work, struct blob_ref *ref)
{
	TRY(write_head(to, key, stream));
	return write_pieces(from, to, stream, work, ref);
}

err blob_put(const struct blob_store *store, const struct blob_key *key, int fd,
	const struct blob_ref *expect, struct blob_ref *out)
{
	struct blob_ref ref;
	struct seal_stream stream;
	char name[BLOB_NAME_BYTES + 1];
	AUTO_ARENA arena;
	arena_init(&arena, 2 * sizeof(struct work));
	struct work *work = arena_new(&arena, struct work);
	AUTO_ATTEMPT attempt = {.fd = -1};
	TRY(attempt_begin(&attempt, store));
	err e = write_sealed(fd, attempt.fd, key, &stream, work, &ref);
	seal_stream_wipe(&stream);
	explicit_bzero(work, sizeof *work);
	TRY(e);
	if (expect && !same(&ref, expect))
		return fail(ERR_INVALID, "blob: not what was received");
	blob_name(key, &ref, name);
	TRY(settle(&attempt, name));
	*out = ref;
	return ok();
}
