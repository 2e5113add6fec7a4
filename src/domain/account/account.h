#ifndef DOMAIN_ACCOUNT_ACCOUNT_H
#define DOMAIN_ACCOUNT_ACCOUNT_H

#include "domain/cx.h"
#include "domain/form/form.h"

/*
 * A person who has registered. The user ID and the e-mail address each name one account; both are
 * compared without case. Texts live in cx->arena.
 */

struct account {
	int64_t id;
	struct str user_id;
	struct str email; /* lower case */
	enum user_type user_type;
	struct str name;        /* Latin letters, as on the residence card */
	struct str phone;       /* digits */
	struct str postal_code; /* 7 digits */
	struct str address;
	struct str sex; /* "male", "female" */
	int32_t birth_on;
	struct str org_name; /* empty: none */
	struct str lang;     /* BCP 47, of the mails */
	int64_t created_at;
	int64_t last_login_at; /* 0: never */
};

/* "organization", "attorney", "foreign_national", "legal_representative". */
extern const struct str user_type_names[USER_TYPE_COUNT];
bool user_type_of(struct str name, enum user_type *out);
enum msg user_type_msg(enum user_type type);

/* Ten of 21 letters and digits that nobody confuses: 1.6e13 of them. */
#define USER_ID_LENGTH 10
struct str user_id_new(struct arena *arena);

/* The actor's own. DENIED: nobody is logged in. */
err account_require(struct cx *cx, struct account *out);

/* By id, for the program's own use (mails, jobs). NOT_FOUND. */
err account_get(struct cx *cx, int64_t id, struct account *out);

/* By what one logs in with, a user ID or an address, in any case; for operators. NOT_FOUND. */
err account_find(struct cx *cx, struct str login, struct account *out);

#endif
