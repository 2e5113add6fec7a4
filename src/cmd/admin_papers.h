#ifndef CMD_ADMIN_PAPERS_H
#define CMD_ADMIN_PAPERS_H

#include "cmd/start.h"
#include "domain/application/application.h"

/* Photo and documents of an application, for an officer: as lines, and as files in a folder. */

/* A line for each: the document's name, the file's, bytes, SHA-256, what the check has said; tabs between. Nothing is read out, so nothing is noted. */
err papers_list(struct cx *cx, const struct application *application, struct buf *out);

/*
 * All of them into `folder`, which is made or must be an empty one of the caller's own that others cannot look into; files of mode 0600, none is ever
 * overwritten. Each is verified while it is written; what cannot be given back is said and left out, and the answer is then EXIT_REFUSED. The audit chain
 * knows of each before its first byte (domain/attachment/attachment_office.h). Wants start_folders.
 */
enum exit_code papers_write(const struct start *start, struct cx *cx, const struct application *application, const char *folder);

#endif
