#ifndef CRYPTO_KEY_H
#define CRYPTO_KEY_H

#include "base/err.h"

#include <stdint.h>

/*
 * The secret key of an installation: a file of exactly 32 random bytes that only its owner may
 * read.
 *
 * It is made with mode 0600, and is either there in full or not at all, also after a power cut
 * (written under another name, fsync, linked, fsync of the folder); of two processes that make it at
 * the same time both get the same key. A file that others may read is no secret any more, so it is
 * refused, not repaired.
 */

#define KEY_BYTES 32

/*
 * NOT_FOUND: there is none. DENIED: the file belongs to someone else (root excepted), or its mode is
 * not 0600 or 0400. INVALID: not a regular file, a symbolic link, or not 32 bytes. UNAVAILABLE:
 * cannot be read.
 */
err key_file_load(const char *path, uint8_t out[KEY_BYTES]);
/* The same, and where there is none one is made: for whoever knows that nothing is sealed with another
 * (domain/installation.h). UNAVAILABLE: also, cannot be made. */
err key_file_make(const char *path, uint8_t out[KEY_BYTES]);

#endif
