#ifndef BLOB_INSIDE_H
#define BLOB_INSIDE_H

#include "blob/blob.h"
#include "crypto/seal_stream.h"

/*
 * What the files of src/blob share.
 *
 * On disk:   FOLDER/ab/abcd…   64 digits: the blob's name, in a folder of its first two
 *            FOLDER/tmp/…      attempts; one that is whole is renamed to its name
 *
 * A blob:    "MBLOB1\r\n" (8) | head of the stream (24) | pieces of BLOB_PIECE + 17 bytes, the last
 *            one shorter or empty
 */

#define BLOB_MAGIC "MBLOB1\r\n"
#define BLOB_MAGIC_BYTES 8
#define BLOB_HEAD_BYTES (BLOB_MAGIC_BYTES + SEAL_STREAM_HEAD_BYTES)
#define BLOB_PIECE ((size_t)64 << 10)
#define BLOB_SEALED_PIECE (BLOB_PIECE + SEAL_STREAM_OVERHEAD)

#define BLOB_TMP "tmp"
/* "ab/" and a name; "tmp/" and the name of an attempt. */
#define BLOB_PATH_MAX 96

struct blob_store {
	int folder; /* descriptor; paths are relative to it */
	uint8_t master[BLOB_MASTER_BYTES];
};

/* UNAVAILABLE, with errno's words. */
err blob_system_error(const char *what);

/* "ab/abcd…" */
void blob_path(const char *name, char out[BLOB_PATH_MAX]);
bool blob_name_valid(const char *name);

/* All of it; short writes and signals are gone on after. */
err blob_write_all(int fd, const void *p, size_t n);
/* Up to n bytes from `at`; fewer only at the file's end. */
err blob_read_at(int fd, void *p, size_t n, uint64_t at, size_t *got);

err blob_sync_folder(const struct blob_store *store, const char *folder);

#endif
