#ifndef SIM_CA_FOLDER_H
#define SIM_CA_FOLDER_H

#include "base/err.h"
#include "base/str.h"

/*
 * Files of the authority's folder. A file is written under another name, brought to the disk,
 * renamed, and its folder brought to the disk: it is there in full, old or new, whatever happens.
 * Readers therefore need no lock; who reads, changes and writes back holds folder_lock().
 */

#define FOLDER_FILE_MAX                                                          \
	(4u << 20) /* an index of 20,000 certificates; keys and CRLs are smaller \
		    */

/* Of an arena in which an index is read, changed and written: text, entries, text again. */
#define FOLDER_WORK (32u << 20)

/* dir/name, in the arena. */
const char *folder_path(struct arena *arena, const char *dir, const char *name);

/* NOT_FOUND: there is none; LIMIT: larger than FOLDER_FILE_MAX; UNAVAILABLE. */
err folder_read(struct arena *arena, const char *path, struct str *out);
/* mode 0600 for keys, 0644 for what everybody may see. UNAVAILABLE. */
err folder_write(const char *path, struct str bytes, unsigned mode);
err folder_make(const char *path);
err folder_sync(const char *path);

/* Waits for the lock of one file, which is made when it is not there; it ends with the descriptor,
 * or the process. */
err folder_lock_file(const char *path, int *out_fd);
/* Waits for the lock of the authority in dir; it ends with the descriptor, or the process. Whoever
 * writes into dir or dir/anchors holds it, so what killed writers have left there is removed. */
err folder_lock(struct arena *arena, const char *dir, int *out_fd);

/* UNAVAILABLE, with the words for errno. */
err folder_error(const char *what, const char *path);

#endif
