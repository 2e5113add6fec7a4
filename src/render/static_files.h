#ifndef RENDER_STATIC_FILES_H
#define RENDER_STATIC_FILES_H

#include "base/str.h"

/*
 * The files of static/, inside the program. embed writes the table at build (static_table.c): the
 * bytes, the same compressed with gzip at its best level, and a version, which is a hash of all
 * paths and contents. Their URLs are /static/<version>/<path>, printed by {{static path}}: a URL's
 * content never changes, so it may be cached for ever. All is constant.
 */

struct static_file {
	struct str path; /* css/main.css */
	struct str type; /* Content-Type */
	struct str body;
	struct str gzip; /* empty: not smaller */
	struct str etag; /* with its quotes */
};

/*
 * By what stands behind /static/ in the URL: <version>/<path>. NULL: no such file, or another
 * version. The latter is strict because an answer is kept by caches under its URL: an older program
 * must not answer for a newer one.
 */
const struct static_file *static_find(struct str name);

/* Written by embed, sorted by path. */
extern const struct str static_version;
extern const struct static_file static_files[];
extern const size_t static_file_count;

#endif
