#ifndef FILES_SPOOL_H
#define FILES_SPOOL_H

#include "base/err.h"
#include "base/str.h"

/*
 * Where the bytes of uploads lie until they are checked and kept: a folder (0700) with one file (0600) for each attachment, named after its
 * row. Names that people give their files are never part of a path.
 *
 * A file only grows at its end. What its row says of it (attachment.arrived) is true after a power cut too: spool_sync comes before the row.
 * What has come behind that is thrown away when an upload goes on: spool_begin cuts the file to what its row says.
 *
 * Two connections may send the same upload, because the first one has broken and only the client knows yet. Each piece is
 * appended under a lock of the file, and only where the file ends as this connection has left it: whoever comes late gets CONFLICT,
 * and nothing is ever mixed. The lock ends with the process.
 *
 * Errors: UNAVAILABLE: no room, or the disk is broken; the same call may work later.
 */

struct spool;

/* Makes the folder when it is not there. Lives in the arena; constant, any thread and process may use it. */
err spool_open(struct arena *arena, const char *folder, struct spool **out);

struct spool_file {
	const struct spool *spool;
	int64_t account_id, id;
	int fd;          /* -1: not open */
	int64_t size;    /* as this connection has left it */
	bool named;      /* the folder knows it on stable storage */
};

/* Opens to append behind `at`, and makes it when at is 0. NOT_FOUND: not so many bytes are here. */
err spool_begin(const struct spool *spool, int64_t account_id, int64_t id, int64_t at, struct spool_file *out);
/* CONFLICT: another connection has gone on with it. After an error the file ends where it ended before. */
err spool_append(struct spool_file *file, struct str piece);
/* What was appended is on stable storage. */
err spool_sync(struct spool_file *file);
void spool_close(struct spool_file *file); /* closing twice is harmless */

/* To read from its beginning; the caller closes. NOT_FOUND. */
err spool_read(const struct spool *spool, int64_t account_id, int64_t id, int *fd, int64_t *size);
/* OK also when it is not there. */
err spool_remove(const struct spool *spool, int64_t account_id, int64_t id);

/* Removes files not changed since `before_ms` whose row is not `wanted` any more; its error ends it. *removed may be NULL. */
err spool_sweep(const struct spool *spool, int64_t before_ms, err (*wanted)(void *arg, int64_t account_id, int64_t id, bool *yes), void *arg,
	uint64_t *removed);

#endif
