#include "blob/inside.h"

#include "base/auto.h"
#include "base/limits.h"
#include "crypto/digest.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct blob_reader {
	int fd;
	uint64_t at; /* in the file */
	bool ended;  /* the last piece was given */
	struct blob_key key;
	struct seal_stream stream;
	uint8_t plain[BLOB_PIECE];
	uint8_t sealed[BLOB_SEALED_PIECE];
};

static err damaged(void)
{
	return fail(ERR_INVALID, "blob: damaged");
}

/* To the beginning: of the first reading, which checks, and of the second, which gives. */
static err rewind_reader(struct blob_reader *reader)
{
	uint8_t head[BLOB_HEAD_BYTES];
	size_t n;
	TRY(blob_read_at(reader->fd, head, sizeof head, 0, &n));
	if (n != sizeof head || memcmp(head, BLOB_MAGIC, BLOB_MAGIC_BYTES) != 0 ||
		failed(seal_stream_open(
			&reader->stream, reader->key.bytes, head + BLOB_MAGIC_BYTES)))
		return damaged();
	reader->at = sizeof head;
	reader->ended = false;
	return ok();
}

err blob_next(struct blob_reader *reader, struct str *piece)
{
	size_t n;
	bool last;
	if (reader->ended) {
		*piece = str_make("", 0);
		return ok();
	}
	TRY(blob_read_at(reader->fd, reader->sealed, BLOB_SEALED_PIECE, reader->at, &n));
	struct str sealed = str_make((const char *)reader->sealed, n);
	if (failed(seal_stream_pull(
		    &reader->stream, sealed, STR(BLOB_MAGIC), reader->plain, &last)) ||
		last != (n < BLOB_SEALED_PIECE))
		return damaged();
	reader->at += n;
	reader->ended = last;
	*piece = str_make((const char *)reader->plain, n - SEAL_STREAM_OVERHEAD);
	return ok();
}

/* Everything once, without giving it: a reader of a damaged blob must not get its first half. */
static err verify(struct blob_reader *reader, const struct blob_ref *ref)
{
	AUTO_SHA256 sum = {0};
	uint8_t digest[SHA256_BYTES];
	struct str piece;
	uint64_t bytes = 0;
	TRY(rewind_reader(reader));
	sha256_init(&sum);
	do {
		TRY(blob_next(reader, &piece));
		sha256_add(&sum, piece);
		bytes += piece.n;
	} while (!reader->ended && bytes <= LIMIT_BLOB);
	sha256_end(&sum, digest);
	struct stat st;
	if (fstat(reader->fd, &st) != 0)
		return blob_system_error("fstat");
	/* Nothing may stand behind the last piece either. */
	if (bytes != ref->bytes || memcmp(digest, ref->digest, sizeof digest) != 0 ||
		(uint64_t)st.st_size != reader->at)
		return damaged();
	return rewind_reader(reader);
}

err blob_open(const struct blob_store *store, struct arena *arena, const struct blob_key *key,
	const struct blob_ref *ref, struct blob_reader **out)
{
	char name[BLOB_NAME_BYTES + 1], path[BLOB_PATH_MAX];
	blob_name(key, ref, name);
	blob_path(name, path);
	struct blob_reader *reader = arena_new(arena, struct blob_reader);
	reader->key = *key;
	reader->fd = openat(store->folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (reader->fd < 0)
		return errno == ENOENT ? fail(ERR_NOT_FOUND, "blob: not there")
				       : blob_system_error("open");
	err e = verify(reader, ref);
	if (failed(e)) {
		blob_close(reader);
		return e;
	}
	*out = reader;
	return ok();
}

void blob_close(struct blob_reader *reader)
{
	if (!reader)
		return;
	auto_close(&reader->fd);
	seal_stream_wipe(&reader->stream);
	explicit_bzero(&reader->key, sizeof reader->key);
	explicit_bzero(reader->plain, sizeof reader->plain);
}

void blob_close_auto(struct blob_reader **reader)
{
	blob_close(*reader);
}

err blob_read_to(const struct blob_store *store, const struct blob_key *key,
	const struct blob_ref *ref, int fd)
{
	AUTO_ARENA arena;
	arena_init(&arena, 2 * sizeof(struct blob_reader));
	AUTO_BLOB struct blob_reader *reader = NULL;
	TRY(blob_open(store, &arena, key, ref, &reader));
	for (struct str piece;;) {
		TRY(blob_next(reader, &piece));
		if (piece.n == 0)
			return ok();
		TRY(blob_write_all(fd, piece.p, piece.n));
	}
}

err blob_verify(
	const struct blob_store *store, const struct blob_key *key, const struct blob_ref *ref)
{
	AUTO_ARENA arena;
	arena_init(&arena, 2 * sizeof(struct blob_reader));
	AUTO_BLOB struct blob_reader *reader = NULL;
	return blob_open(store, &arena, key, ref, &reader);
}
