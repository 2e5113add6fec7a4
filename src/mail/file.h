#ifndef MAIL_FILE_H
#define MAIL_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

/*
 * Where mails go when there is no relay: FOLDER/<time>-<id>.eml, readable by the owner only. Time
 * is UTC and, like the id, the row's own, so the names sort by age and a second writing of the same
 * mail replaces the first one.
 *
 * When mail_file_write answers OK, the file is whole and on stable storage: written under another
 * name, synced, renamed, and the folder synced. Half files have names that begin with a dot.
 */

/* Makes the folder when its parent is there. UNAVAILABLE: the disk is full, the folder cannot be
 * written to. */
err mail_file_write(
	struct arena *arena, struct str folder, int64_t created_at, int64_t id, struct str message);

#endif
