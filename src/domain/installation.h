#ifndef DOMAIN_INSTALLATION_H
#define DOMAIN_INSTALLATION_H

#include "domain/cx.h"

/*
 * The keys of an installation lie in files beside the database (crypto/key.h). What is sealed with one key no other opens, and who
 * goes on with another one seals what the first one does not open. So the database knows each of its keys by a keyed digest, from the
 * first start on, and a program with another key, or with none where there is one, does not go on.
 *
 * A database that does not know a key yet is new, or was made before they were noted. It takes the one that is there; when
 * something is sealed already, only if that opens: of what master.key seals, the application that came last, else the draft
 * that was begun last, else the mail that has waited longest. The last and not the first, because whoever once lost a key has gone on with another; and
 * mails last, because a host that only sends mails may have made some with a key of its own.
 */

struct installation_key {
	struct str name;  /* of the file */
	struct str bytes; /* empty: there is no file */
	/* Opens something that is sealed already. NOT_FOUND: there is nothing. INVALID: it does not open, or there are no bytes. */
	err (*open)(struct cx *cx, const struct installation_key *key);
	const void *arg;
	/* Puts right what cannot go on without the key before, in the transaction of its acceptance. NULL: nothing need be. */
	err (*accepted)(struct cx *cx);
};

/* Each is a transaction of its own. CONFLICT: the key does not fit; without bytes: it is missing, and no new one may be made. */
err installation_key_check(struct cx *cx, const struct installation_key *key);
/* The operator's word that the one before is lost, and what it sealed with it. Once more is no harm. */
err installation_key_accept(struct cx *cx, const struct installation_key *key);

/* installation_key.open of master.key, of which cx->portal->key is made. Without bytes accounts are enough to want it. */
err installation_master_open(struct cx *cx, const struct installation_key *key);

#endif
