#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "base/err.h"
#include "mail/letter.h"
#include "net/smtp.h"
#include "store/store.h"

/*
 * The work behind the pages: mails of the outbox, and what comes back by schedule
 * (jobs/schedule.c). Part of `run`, all of `work`; any number of processes on any number of hosts
 * may share one database.
 *
 * Who works on a row holds its lease; when its holder dies it runs out, and another worker takes the
 * row. The lease of a mail is renewed while it is sent; that of a scheduled job is long enough for it.
 * Sending and other long work happens outside of transactions: claim (transaction) → work → say how
 * it ended (transaction). Whoever lost the lease meanwhile has no say, and stops as soon as it learns.
 *
 * When a mail goes twice: the relay broke off after the final dot, so that nobody can know; or the
 * process died between the relay's answer and the note of it. It carries the same Message-ID then.
 * A relay that breaks off there a second time gets no third copy: the mail has failed.
 *
 * After a failure of its own a mail waits 1 minute, doubling to 4 hours; after 5 days, or when its
 * link has expired, tried or not, it has failed and is listed for the operator (outbox_list). When it
 * is the relay that does not answer, nobody tries for a while: 5 seconds, doubling to 5 minutes. A mail
 * that does not open is tried once an hour.
 *
 * Tax information that people consented to is asked for by a thread of its own (domain/identity/tax.h), which
 * holds a row's lease in the same way.
 *
 * Threads: `mail_threads` for mail, one for the schedule, one for tax information, one for files (checks that must be made again,
 * what is to be deleted). jobs_wake may be called from any thread.
 */

struct files;
struct jobs;
struct selfinfo;

struct jobs_conf {
	struct store *store;
	const struct portal *portal;
	struct letter_contact contact;
	struct smtp_conf relay; /* relay.relay empty: mails become files in mail_folder */
	struct str mail_folder;
	unsigned mail_threads;
	const struct files *files; /* files/files.h; NULL: no files are taken */
	const struct selfinfo *selfinfo; /* NULL: no tax information is fetched */

	/* Times in ms; 0: as said above. For tests. */
	int64_t lease_ms;       /* 60 s */
	int64_t mail_first_ms;  /* 1 minute */
	int64_t relay_first_ms; /* 5 s */
};

struct jobs_stats {
	uint64_t sent, later, failed; /* mails */
	uint64_t lost;                /* leases */
	uint64_t done, broken;        /* scheduled jobs */
};

/* The conf's pointers must live until jobs_stop; its texts are copied. UNAVAILABLE: no thread. */
err jobs_start(const struct jobs_conf *conf, struct jobs **out);

/* There may be work: look now instead of at the next poll (1 s with SQLite, 2 s with PostgreSQL).
 * NULL is allowed. */
void jobs_wake(struct jobs *jobs);

/*
 * Takes no more work, and returns when all threads have ended: a mail that is being sent gets 10
 * seconds more; one whose final dot is sent is waited for. What was not finished is given back at
 * once. Frees. NULL is allowed.
 */
void jobs_stop(struct jobs *jobs);

void jobs_stats(struct jobs *jobs, struct jobs_stats *out);

#endif
