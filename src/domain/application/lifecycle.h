#ifndef DOMAIN_APPLICATION_LIFECYCLE_H
#define DOMAIN_APPLICATION_LIFECYCLE_H

#include "domain/cx.h"
#include "i18n/locale.h"

/*
 * The states of an application and the ways between them, as one table (lifecycle.c). Whatever is
 * not in it is refused. Statuses are the seven of the manual's 5.1 and one for those who withdrew;
 * their labels are MSG_status_….
 *
 *   PENDING ── accept ──▶ ACCEPTED ── review ──▶ REVIEW ◀── resubmit ── RETURNED
 *      │                                          │ ╰────── return ──────▲ │
 *      │                                          ├─ approve ▶ ISSUANCE ── issue ▶ COMPLETED
 *      │                                          ╰─ refuse ─▶ REFUSED   │
 *      ╰─────────── withdraw ──────────▶ WITHDRAWN ◀──── withdraw ───────╯
 *
 * return comes from PENDING and ACCEPTED too: a missing paper need not wait for the examination (domain/application/amend.h).
 * A request for use is examined by nobody's desk: PENDING ── use_accept ──▶ COMPLETED, PENDING ── use_refuse ──▶ REFUSED.
 */

enum status {
	STATUS_PENDING,  /* received by the system */
	STATUS_ACCEPTED, /* "Application Completed": it has its number */
	STATUS_REVIEW,   /* "Under Review" */
	STATUS_ISSUANCE, /* "Awaiting Issuance" */
	STATUS_RETURNED, /* "In Return Process" */
	STATUS_COMPLETED,
	STATUS_REFUSED, /* "Completed (Not Permitted)" */
	STATUS_WITHDRAWN,
	STATUS_COUNT
};

enum event {
	EVENT_SUBMIT, /* the first entry of every history; no transition */
	EVENT_ACCEPT,
	EVENT_REVIEW,
	EVENT_RETURN,
	EVENT_RESUBMIT,
	EVENT_APPROVE,
	EVENT_ISSUE,
	EVENT_REFUSE,
	EVENT_WITHDRAW,
	EVENT_USE_ACCEPT, /* of a request for use only: domain/identity/usage.h */
	EVENT_USE_REFUSE,
	EVENT_COUNT
};

/* Who may: bits. */
enum party { PARTY_OWNER = 1, PARTY_OFFICE = 2, PARTY_JOB = 4 };

struct transition {
	enum status from;
	enum event event;
	enum status to;
	unsigned who; /* of enum party */
};

extern const struct transition transitions[];
extern const size_t transition_count;

/*
 * Whether the applicant modifies it in this status: items are open, and a draft may name it (domain/application/amend.h). Whatever
 * step leads out of such a status, both end with it (application_step).
 */
extern const bool status_amends[STATUS_COUNT];

extern const struct str status_names[STATUS_COUNT]; /* "pending": in the store and in URLs */
extern const struct str event_names[EVENT_COUNT];
enum msg status_msg(enum status status);
enum msg status_meaning_msg(enum status status); /* one sentence for the applicant */
bool status_of(struct str name, enum status *out);
bool event_of(struct str name, enum event *out);

/* DENIED: not by this party; CONFLICT: not from this status. */
err transition_require(enum status from, enum event event, unsigned party, enum status *to);

#endif
