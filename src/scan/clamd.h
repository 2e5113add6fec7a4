#ifndef SCAN_CLAMD_H
#define SCAN_CLAMD_H

#include "base/err.h"
#include "base/str.h"

/*
 * Asks a running clamd of ClamAV about a file: the command zINSTREAM over its Unix socket
 * (clamd(8), COMMANDS). Optional: an installation without one has no socket in its configuration
 * and never calls this.
 *
 * The file is sent in chunks of 16 KiB, each after its length in four bytes of network order, ended
 * by a length of zero; the answer is one text ended by NUL: "stream: OK", "stream: NAME FOUND",
 * or "… ERROR". Anything else, no answer in time, or an answer longer than 1 KiB is no finding.
 *
 * Blocks: for a worker's thread. Safe from many threads. The descriptor is read from its first byte
 * and its position does not move.
 */

enum scan_outcome {
	SCAN_CLEAN,
	SCAN_FOUND,       /* see name */
	SCAN_UNAVAILABLE, /* not reached; the file is not known to be clean */
	SCAN_UNDECIDED,   /* reached, and it gave no verdict: too slow, broken off, an error. It may be
			     the scanner or this file */
	SCAN_OUTCOME_COUNT
};

#define SCAN_NAME_MAX 128

struct scan {
	enum scan_outcome outcome;
	char name[SCAN_NAME_MAX]; /* of what was found: ASCII letters, digits and ._-/ only */
	char why[SCAN_NAME_MAX];  /* with UNAVAILABLE and UNDECIDED: words for the log, no personal data */
};

/* Never fails: what goes wrong is SCAN_UNAVAILABLE or SCAN_UNDECIDED. The whole takes at most timeout_ms. */
void scan_clamd(const char *socket_path, int fd, int timeout_ms, struct scan *out);

#endif
