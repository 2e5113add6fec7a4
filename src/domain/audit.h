#ifndef DOMAIN_AUDIT_H
#define DOMAIN_AUDIT_H

#include "base/buf.h"
#include "domain/cx.h"

/*
 * What happened, by whom, to what, in an order that cannot be altered without trace. An entry is
 * written in the transaction of the change it tells of. Entries are chained: hash = SHA-256(hash of
 * the one before ‖ the entry's canonical bytes).
 *
 * There are AUDIT_LANES chains, by account, so that writers of different people seldom wait for
 * each other; the last hash and number of each lane stand in a row of their own. audit_verify
 * recomputes everything. Whoever can write the whole database can make a new chain from the
 * beginning; against that audit_heads is printed and kept elsewhere.
 *
 * No personal data but ids and numbers: `detail` is short and made by the program.
 */

#define AUDIT_LANES 16

struct audit_note {
	struct str event;  /* "application_submitted" */
	struct str object; /* "application" */
	int64_t object_id;
	struct str detail;
};

/* Inside cx_write. All of one account, by who asks, in this order; its lane is locked once, so this comes last in a transaction. */
err audit_add_all(struct cx *cx, int64_t account_id, const struct audit_note *notes, size_t count);
err audit_add(struct cx *cx, struct str event, int64_t account_id, struct str object,
	int64_t object_id, struct str detail);
/* What the program does by itself (ACTOR_JOB) while somebody asks for something else. */
err audit_add_by(struct cx *cx, enum actor_kind by, struct str event, int64_t account_id, struct str object,
	int64_t object_id, struct str detail);

struct audit_report {
	size_t entries;
	bool good;
	unsigned lane;    /* of the first fault */
	int64_t number;   /* its place in the lane */
	const char *what; /* "hash differs" … ; NULL: no fault */
};

/* Reads all entries in pieces. OK also when a fault is found: the report says so. */
err audit_verify(struct cx *cx, struct audit_report *out);

/* One line a lane: lane, number, hash in hex. */
err audit_heads(struct cx *cx, struct buf *out);

#endif
