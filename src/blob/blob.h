#ifndef BLOB_BLOB_H
#define BLOB_BLOB_H

#include "base/err.h"
#include "base/str.h"

/*
 * The bytes of attachments. A blob is written once, whole, and never changed; it is read whole or
 * not at all.
 *
 * Sealed: each row that has files (a draft, then the application that it becomes) has a key of its
 * own, drawn at random. The caller keeps it there, wrapped under the installation's master key for
 * the owner, an account; when the row goes, its blobs can never be read again, wherever copies lie.
 * A blob's name is made from the key and the digest of its bytes: the same file under one key is
 * stored once, the same file under two keys has two names and nothing in common.
 *
 * Durable: when blob_put answers OK, the bytes, the name and the folder are on stable storage.
 * Killed or out of space at any moment, a blob is whole or not there; what is left of an attempt is
 * removed by blob_sweep. Each read checks everything (cipher, SHA-256, length) before the first
 * byte is given.
 *
 * Now a folder; nothing here demands one: put whole, get whole, delete, list by name are what an
 * object store has too. Threads and processes may use one store at the same time.
 *
 * Errors of all: UNAVAILABLE: disk full or broken, the same call may work later. INTERNAL: a
 * defect.
 */

struct blob_store;

/*
 * `folder` is made (0700) when it is not there. `master`: the installation's key, copied; losing it
 * loses every blob. Lives in the arena; constant, any thread may use it.
 */
#define BLOB_MASTER_BYTES 32
err blob_store_open(struct arena *arena, const char *folder, const uint8_t master[BLOB_MASTER_BYTES],
	struct blob_store **out);

/* --- Keys of rows */

struct blob_key {
	uint8_t bytes[32];
};

#define BLOB_WRAPPED_BYTES 73

/*
 * A new key, and the same wrapped for the row. `owner` ("files of account 17") is authenticated: a
 * wrapped key does not open in the row of another owner. In another row of the same owner it does,
 * so an application gets its draft's as it is.
 */
void blob_key_new(const struct blob_store *store, struct arena *arena, struct str owner,
	struct blob_key *key, struct str *wrapped);
/* INVALID: wrapped for another owner, under another master key, or changed. */
err blob_key_open(const struct blob_store *store, struct arena *arena, struct str owner,
	struct str wrapped, struct blob_key *key);

/* --- Blobs */

#define BLOB_NAME_BYTES 64 /* hexadecimal digits */
#define BLOB_DIGEST_BYTES 32

/* What the row of an attachment keeps. The name follows from key and digest. */
struct blob_ref {
	uint8_t digest[BLOB_DIGEST_BYTES]; /* SHA-256 of the plain bytes */
	uint64_t bytes;
};

void blob_name(
	const struct blob_key *key, const struct blob_ref *ref, char out[BLOB_NAME_BYTES + 1]);

/*
 * Stores what the file `fd` holds, from its first byte to its end, wherever its position stands.
 * INVALID: it changed meanwhile, or is not as `expect` says (NULL: no expectation; the digest that
 * the spool made while receiving belongs here). LIMIT: more than LIMIT_BLOB bytes. Putting the same
 * again is OK and changes nothing that can be seen.
 */
err blob_put(const struct blob_store *store, const struct blob_key *key, int fd,
	const struct blob_ref *expect, struct blob_ref *out);

/*
 * Reading, in pieces: blob_open verifies everything, then blob_next gives piece after piece.
 *
 *   struct blob_reader *reader;
 *   TRY(blob_open(store, arena, &key, &ref, &reader));
 *   AUTO_BLOB struct blob_reader *end = reader;
 *   for (struct str piece;;) { TRY(blob_next(reader, &piece)); if (!piece.n) break; … }
 *
 * NOT_FOUND: no such blob. INVALID: damaged, or sealed with another key; nothing was given. The
 * reader's buffers (128 KiB) are in the arena.
 */
struct blob_reader;

err blob_open(const struct blob_store *store, struct arena *arena, const struct blob_key *key,
	const struct blob_ref *ref, struct blob_reader **out);
/* An empty piece is the end. The piece lives until the next call. INVALID when the disk has changed
 * since blob_open: what was given must be thrown away, the connection broken off. */
err blob_next(struct blob_reader *reader, struct str *piece);
void blob_close(struct blob_reader *reader); /* accepts NULL; closing twice is harmless */
void blob_close_auto(struct blob_reader **reader);
#define AUTO_BLOB __attribute__((cleanup(blob_close_auto)))

/* The whole into a descriptor at its position: a memfd for a checker, a file of an export. Errors
 * as blob_open, and UNAVAILABLE when it cannot be written. */
err blob_read_to(const struct blob_store *store, const struct blob_key *key,
	const struct blob_ref *ref, int fd);

/* All checks without giving anything. */
err blob_verify(
	const struct blob_store *store, const struct blob_key *key, const struct blob_ref *ref);

/* OK also when it is not there. When the call returns it is gone after a power cut too. */
err blob_delete(const struct blob_store *store, const char name[BLOB_NAME_BYTES + 1]);

/* --- All of them */

struct blob_entry {
	char name[BLOB_NAME_BYTES + 1];
	uint64_t stored_bytes; /* sealed: a little more than the plain ones */
	int64_t changed_ms;    /* when it was put last, by the clock of time_now() */
};

/* Calls `each` for every blob in no order, until it fails; its error is the answer. Blobs that come
 * or go meanwhile may be among them or not. */
err blob_list(const struct blob_store *store,
	err (*each)(void *arg, const struct blob_entry *entry), void *arg);

/*
 * Deletes blobs that nobody refers to, and what is left of broken attempts. Only those not changed
 * since `before_ms` are looked at: a blob is put before the row that names it is written, so leave
 * an hour. `wanted` says whether a name is still referred to; when it fails nothing more is deleted
 * and its error is the answer. *deleted counts (may be NULL).
 */
err blob_sweep(const struct blob_store *store, int64_t before_ms,
	err (*wanted)(void *arg, const char *name, bool *yes), void *arg, uint64_t *deleted);

#endif
