#ifndef SIM_CARD_DISK_H
#define SIM_CARD_DISK_H

#include "base/err.h"
#include "base/str.h"

/*
 * The files of a card's folder, as a chip's memory would keep them: a file is replaced in full or
 * not at all, also when the power goes (written under another name, fsync, rename, fsync of the
 * folder), and one process at a time changes anything.
 *
 * Only the owner may read what is written: there are private keys among it.
 */

/* One file of a card is at most this long; the largest there is (a certificate with the longest
 * address) is under 4 KiB. */
#define CARD_FILE_MAX (32u << 10)

/* NOT_FOUND: no such file. LIMIT: longer than CARD_FILE_MAX. UNAVAILABLE: cannot be read. */
err disk_read(struct arena *arena, const char *dir, const char *name, struct str *out);

/* UNAVAILABLE: nothing was changed, or the old and the new content are both possible after a power
 * cut. The caller holds the lock, or has just made the folder. */
err disk_write(const char *dir, const char *name, struct str bytes);

/* Removes a file; one that is not there is fine. */
err disk_remove(const char *dir, const char *name);

/* NOT_FOUND when there is no such folder; otherwise waits until no other process has it. Ends when
 * *fd is closed. */
err disk_lock(const char *dir, int *fd);

/* A new folder for a card. CONFLICT: something is there. */
err disk_make_folder(const char *dir);

#endif
