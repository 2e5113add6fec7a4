#ifndef DOMAIN_ACCOUNT_REGISTRATION_H
#define DOMAIN_ACCOUNT_REGISTRATION_H

#include "domain/account/account.h"
#include "domain/form/form.h"

/*
 * From an e-mail address to an account.
 *
 *   OPEN    registration_request   a mail with a link goes out
 *           registration_find      the link shows the form; looking does not consume it
 *   FILLED  registration_save      the form is whole: kept here, sealed; the password as hash only
 *   DONE    registration_complete  the account exists, the user ID is shown and mailed
 *
 * Nothing tells whether an address is registered already, except a mail to that address. Only the
 * digest of the link's token is stored. After completion the same link still answers the same user
 * ID (a second press, a reload) until it expires, and nothing else. A second link to the same
 * address stays good until one of them is completed.
 */

/* As typed; fields are named as the members ("birth_on" for the three of the date) in issues. */
struct registration_form {
	struct str user_type;                /* name, domain/account/account.h */
	struct str password, password_again; /* never stored and never given back */
	struct str name, phone, postal_code, address;
	struct str sex; /* "male", "female" */
	struct str birth_year, birth_month, birth_day;
	struct str org_name;
};

enum registration_state {
	REGISTRATION_OPEN,
	REGISTRATION_FILLED,
	REGISTRATION_DONE,
	REGISTRATION_STATE_COUNT
};

struct registration {
	int64_t id;
	enum registration_state state;
	struct str email;
	int64_t expires_at;
	bool has_password; /* FILLED: the password may be left empty to keep the one given before */
	struct registration_form form; /* FILLED: as it was accepted, without passwords */
	int32_t birth_on;              /* FILLED */
	struct str user_id;            /* DONE */
};

/*
 * Sends the link, or to a registered address a mail that says so. With issues (fields "email",
 * "email_again") nothing happens. LIMIT: this address or this source asks too often.
 */
err registration_request(struct cx *cx, struct str email, struct str email_again, struct str source,
	struct issues *issues);

/* NOT_FOUND: no such link; CONFLICT: it has expired, or its address was registered through another
 * link. */
err registration_find(struct cx *cx, struct str token, struct registration *out);

/* With issues nothing is stored. Errors as registration_find; CONFLICT also when DONE. */
err registration_save(struct cx *cx, struct str token, const struct registration_form *form,
	struct issues *issues);

/* Errors as registration_find; INVALID: the form has not been saved yet. DONE already: the same
 * answer again. */
err registration_complete(struct cx *cx, struct str token, struct registration *out);

#endif
