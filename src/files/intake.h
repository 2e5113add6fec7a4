#ifndef FILES_INTAKE_H
#define FILES_INTAKE_H

#include "files/files.h"

/*
 * One file on its way from the spool to the store, shared by intake.c (which files, and what becomes of the answer), intake_look.c (what
 * the checkers are asked about it) and intake_scan.c (and the virus scanner). Descriptors are memfds but for `fd`; intake_end closes them.
 */

struct intake {
	const struct files *files;
	struct cx *cx;
	const struct attachment *attachment;
	int fd;              /* what was sent; of a photo that is cut anew: -1 */
	int made;            /* what is kept of it, when that is another file; -1 */
	int whole;           /* the whole photo; -1 */
	int thumbnail;       /* a small picture; -1 */
	struct attachment_verdict verdict; /* sizes of pictures, too; blobs come later */
	const char *waits;   /* for what; NULL: there is a verdict */
	bool tried;          /* then: it had begun, and came to no end; else nobody could be asked */
	int64_t began, held; /* time_monotonic(): of the check; when it was last said that it goes on */
};

#define INTAKE_INIT {.fd = -1, .made = -1, .whole = -1, .thumbnail = -1}

/* Before each step that may take long: nobody else begins the same check meanwhile. CONFLICT: somebody has been faster. */
err intake_hold(struct intake *intake);

/*
 * It waits for the "checker" or the "scanner": because nobody could be asked, or because whoever was came to no end. After `most` such tries it is given up:
 * it does not wait then, and is refused with that reason. `why`: words for the log.
 */
void intake_waits(struct intake *intake, const char *what);
void intake_tried(struct intake *intake, const char *what, const char *why, int64_t most, const char *reason);

/* An empty file in memory. UNAVAILABLE. */
err intake_memory(const char *name, int *fd);

/* Fills verdict.reason when the file is refused, `waits` when it cannot be told now, and else what is kept. */
err intake_look(struct intake *intake);
/* A photo out of intake->whole, as attachment->whole.cut says, and its small picture. */
err intake_cut(struct intake *intake);

/* Whether there is a virus in it: a reason, or `waits`, or nothing. */
err intake_scan(struct intake *intake);

/* What the store knows a kept file by. INTERNAL: that is no digest. */
err intake_ref(struct arena *arena, struct str digest_hex, int64_t size, struct blob_ref *out);

/* The key that an account's files are sealed with, unwrapped. SHUT: it does not open (any more). */
err files_key(const struct files *files, struct arena *arena, int64_t account_id, struct str wrapped, struct blob_key *out);

void intake_end(struct intake *intake);

#endif
