#ifndef DOMAIN_ACCOUNT_THROTTLE_H
#define DOMAIN_ACCOUNT_THROTTLE_H

#include "domain/cx.h"

/*
 * How often something may be done, per address of a mailbox or of a machine: the generic cell rate
 * algorithm (ITU-T I.371). One row a key, one statement a question, so that simultaneous requests
 * cannot all pass.
 *
 * Call inside cx_write. The row holds a digest of the subject, not the subject.
 */

enum throttle_rule {
	THROTTLE_MAIL_ADDRESS, /* mails asked for by anyone to one address */
	THROTTLE_MAIL_SOURCE,  /* mails asked for from one source */
	THROTTLE_LOGIN_SOURCE, /* tries to log in from one source */
	THROTTLE_RULE_COUNT
};

struct throttle_rate {
	int64_t every_ms; /* one each, in the long run */
	int64_t burst;    /* so many at once */
};
extern const struct throttle_rate throttle_rates[THROTTLE_RULE_COUNT];

/* LIMIT: not now. */
err throttle_take(struct cx *cx, enum throttle_rule rule, struct str subject);

/* The subject of a source address: IPv4 whole, IPv6 its first 64 bits (one customer), anything else
 * as it is. */
struct str throttle_source(struct arena *arena, struct str address);

#endif
