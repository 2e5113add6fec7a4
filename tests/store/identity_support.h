#ifndef IDENTITY_TEST_SUPPORT_H
#define IDENTITY_TEST_SUPPORT_H

#include "domain_support.h"

#include "domain/identity/identity_adapter.h"

/*
 * Proofs without an adapter: a person who has logged in, a phone that is no more than a thumbprint, a card that is no more than a result. The
 * person's account is that of account_add: NGUYEN THI MAI, female, born on 9 April 2003.
 */

struct person {
	int64_t account;
	int64_t session;
	struct str token;
};

/* Registered and logged in a while ago (person_new), or just now (person_fresh). */
struct person person_new(struct world *world, const char *email);
struct person person_fresh(struct world *world, const char *email);
/* Another session of the same account. */
struct person person_again(struct world *world, const char *email);
struct cx *as(struct world *world, const struct person *person);

/* Begins, for no draft. */
struct str begin(struct world *world, const struct person *person, enum idv_op op, enum idv_purpose purpose, struct str chain);
err try_begin(struct world *world, const struct person *person, enum idv_op op, enum idv_purpose purpose, struct str chain, struct idv_tx *out);

/* The phone's steps, each answered by the code it is refused with. */
enum idv_error claim(struct world *world, struct str id, const char *app);
enum idv_error submit(struct world *world, struct str id, const char *app);

/* The results of one card, told apart by its number. */
struct idv_result auth_result(struct world *world, int card);
struct idv_result basic4_result(struct world *world, int card);

/* Claim, submit, finish; *code is what the phone shows. */
struct idv_tx finish(struct world *world, struct str id, const char *app, const struct idv_result *result, struct str *code);
/* All of it, with the code when one is asked for: must end in DONE. */
struct str prove(struct world *world, const struct person *person, enum idv_op op, enum idv_purpose purpose, struct str chain, int card);
/* The usage request: both steps. */
void link_card(struct world *world, const struct person *person, int card);

/* How it stands for its person. */
struct idv_tx look(struct world *world, const struct person *person, struct str id);
/* The database's answer to a count with one text in it. */
int64_t count_of(struct world *world, const char *table, const char *where);

#define assert_state(tx, wanted) assert_string_equal(idv_state_names[(tx).state].p, idv_state_names[(wanted)].p)
#define assert_error(got, wanted) assert_string_equal(idv_errors[(got)].name.p, idv_errors[(wanted)].name.p)

#endif
