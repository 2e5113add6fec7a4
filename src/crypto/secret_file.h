#ifndef CRYPTO_SECRET_FILE_H
#define CRYPTO_SECRET_FILE_H

#include "base/err.h"
#include "base/str.h"

/*
 * Files that hold a secret: only their owner may read them.
 *
 * A file that others may read holds no secret any more, so it is refused, not repaired. It is
 * written either in full or not at all, also after a power cut (under another name, fsync, linked,
 * fsync of the folder), and never over one that is there: of two processes that write at the same
 * time one wins, and both read the same afterwards.
 */

/*
 * Between least and most bytes into buffer; *n says how many. NOT_FOUND: there is none. DENIED: it
 * belongs to someone else (root excepted), or its mode is not 0600 or 0400. INVALID: not a regular
 * file, a symbolic link, or of another size. UNAVAILABLE: cannot be read.
 */
err secret_file_read(const char *path, void *buffer, size_t least, size_t most, size_t *n);

/* With mode 0600. OK also when another process was faster: its file stays. UNAVAILABLE: cannot be
 * made; INVALID: the path is too long. */
err secret_file_write(const char *path, struct str bytes);

#endif
