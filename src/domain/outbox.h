#ifndef DOMAIN_OUTBOX_H
#define DOMAIN_OUTBOX_H

#include "domain/cx.h"
#include "i18n/locale.h"

/*
 * Mails that are to go out. A mail is a row that is written in the transaction of what it tells, so there is never one without the other.
 * A worker takes it under a lease, sends it, and says how it ended; a lease that runs out is another worker's chance. A
 * mail may therefore go twice, with the same message_id, but is never lost.
 *
 *   READY ─ claim ─▶ LEASED ─ sent ─▶ SENT
 *     ▲ ▲              │  │  ╰─ gave up ─▶ FAILED
 *     │ ╰── later ─────╯  ╰─ does not open ─▶ SHUT
 *     ╰──────────── reopen, once an hour ──────╯
 *
 * The values for the template are sealed at rest (they hold links) and are wiped when the mail has ended. One that does not open with
 * our key has not ended: the key may come back. It is kept and tried again, and holds up no other mail meanwhile.
 */

enum mail_template {
	MAIL_REGISTRATION,         /* token, expires_at */
	MAIL_REGISTRATION_KNOWN,   /* (none): somebody asked to register an address that has an account */
	MAIL_REGISTERED,           /* name, user_id */
	MAIL_LOCKED,               /* name, token, until_at, expires_at */
	MAIL_FORGOT_ID,            /* name, user_id */
	MAIL_FORGOT_UNKNOWN,       /* (none): no account has this address */
	MAIL_RESET,                /* name, token, expires_at */
	MAIL_PASSWORD_CHANGED,     /* name, changed_at */
	MAIL_APPLICATION_RECEIVED, /* name, reference, temporary_no, procedure (id), submitted_at, office (code) */
	MAIL_DRAFT_EXPIRING,       /* procedure (id), draft (id), last_on (YYYYMMDD): deleted after that day */
	MAIL_CARD_LINKED,          /* name, changed_at */
	MAIL_CARD_REPLACED,        /* name, changed_at: another card in the place of the one before */
	MAIL_CARD_UNLINKED,        /* name, changed_at */
	MAIL_USAGE_ACCEPTED,       /* reference, procedure (id), decided_at, last_on (YYYYMMDD; 0: no end), note */
	MAIL_USAGE_REFUSED,        /* the same */
	MAIL_USAGE_EXPIRING,       /* reference, procedure (id), last_on */
	MAIL_CARD_ENDING,          /* last_on: the certificate ends on that day */
	MAIL_APPLICATION_RETURNED, /* reference, procedure (id), note */
	MAIL_APPLICATION_AGAIN,    /* reference, procedure (id), submitted_at: submitted again */
	MAIL_TEMPLATE_COUNT
};

extern const struct str mail_template_names[MAIL_TEMPLATE_COUNT]; /* "registration": file names of templates */
bool mail_template_of(struct str name, enum mail_template *out);

/*
 * Inside cx_write. Instants (…_at) are decimal milliseconds, other values plain text; the mail side makes links of `token` and
 * dates of instants. `lang` is a BCP 47 tag. An empty recipient makes a row that is never sent: paths that must cost the same do the same.
 * Mails to one recipient go out in the order of their making: what is behind one that waits after a failure waits as long, and a new one
 * makes them due again.
 */
err outbox_add(struct cx *cx, enum mail_template template, int64_t account_id, struct str recipient, struct str lang,
	const struct msg_arg *values, size_t count);

struct outbox_mail {
	int64_t id;
	int64_t account_id;     /* 0: none */
	struct str recipient;
	enum mail_template template;
	struct str lang;
	struct msg_arg *values; /* "name", …; live in cx->arena */
	size_t value_count;
	int64_t attempts;       /* before this one */
	struct str last_error;  /* the reason of the last outbox_later */
	int64_t created_at;
	struct str message_id;  /* left part, unique, stays the same: "<message_id@host>" */
};

/* The value of that name; absent: none. */
struct str outbox_value(const struct outbox_mail *mail, struct str name);

/* Under which name the values are sealed. */
struct str outbox_purpose(struct arena *arena, int64_t id);

/* The longest wait between two tries, give or take a quarter by chance. */
#define OUTBOX_WAIT_MS (4 * INT64_C(3600000))

/* How long one that does not open is kept. */
#define OUTBOX_SHUT_MS (30 * INT64_C(86400000))

/*
 * For workers; each is a transaction of its own. NOT_FOUND: nothing is due. INVALID: the next one was put aside; who asks again gets the
 * one behind it. It does not open with our key, and is shut (after OUTBOX_SHUT_MS it has failed); or it has a template that only a newer
 * program knows, and is left for that.
 */
err outbox_claim(struct cx *cx, struct str owner, int64_t lease_ms, struct outbox_mail *out);
/* Whether there is something for outbox_claim. Reads only. */
err outbox_due(struct cx *cx, bool *out);
/* CONFLICT: the lease was lost to another owner; what it says counts. */
err outbox_renew(struct cx *cx, int64_t id, struct str owner, int64_t lease_ms);
err outbox_sent(struct cx *cx, int64_t id, struct str owner);
err outbox_later(struct cx *cx, int64_t id, struct str owner, int64_t next_at, struct str reason);
err outbox_failed(struct cx *cx, int64_t id, struct str owner, struct str reason);
/* Those that are shut, once more; and those that a clock has put off which was set back since. */
err outbox_reopen(struct cx *cx);

/* For operators: what waits and what failed, the oldest first, without what it says. */
struct outbox_row {
	int64_t id;
	struct str recipient, template;
	bool failed;            /* else it waits */
	int64_t attempts;
	int64_t next_at;        /* of one that waits: when it is tried again, or when its lease ends */
	struct str last_error;
	int64_t created_at;
};
err outbox_list(struct cx *cx, size_t most, struct outbox_row **out, size_t *count);

#endif
