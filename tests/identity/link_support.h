#ifndef CARDLINK_TEST_SUPPORT_H
#define CARDLINK_TEST_SUPPORT_H

#include "../store/identity_support.h"

#include "identity/cardlink.h"

/*
 * An app, a card and an authority for tests of the messages, on a portal without HTTP. The authority is made once a program (sim/ca); the responder
 * is a function that the test sets.
 */

struct app {
	struct jws_key *key;
	struct str thumbprint;
};

/* What the app's next message is like; what is absent is as it should be. */
struct letter {
	enum cardlink_kind kind;
	struct str tx;
	struct str members;     /* ,"name":value … */
	struct str aud, htu, jti, typ, raw; /* raw: the whole payload */
	int64_t iat;            /* seconds from now */
	bool as_claim;          /* the key in the header, whatever the kind */
	struct str kid;
};

/* A card: certificate and key as DER. */
struct card {
	struct str auth_cert, auth_key, auth_serial;
	struct str sign_cert, sign_key, sign_serial;
};

struct stage {
	struct world *world;
	struct cardlink link;
	struct app app, other;
	struct person mai;
	int ocsp_calls;
	int ocsp_mode;          /* enum ca_ocsp … of sim/ca/ocsp.h; -1: no answer */
};

int stage_setup_sqlite(void **state);
int stage_setup_pg(void **state);
int stage_teardown(void **state);
int authority_setup(void **state);
int authority_teardown(void **state);

#define ON_STAGE(test)                                                            \
	{#test " (sqlite)", test, stage_setup_sqlite, stage_teardown, NULL},      \
	{                                                                         \
#test " (postgresql)", test, stage_setup_pg, stage_teardown, NULL \
	}

/* The card of NGUYEN THI MAI, or with another name, birth year or sex. */
struct card card_new(struct stage *stage);
struct card card_of(struct stage *stage, const char *name, unsigned year, unsigned sex);
void card_revoke(struct str serial);
void lists_write(void); /* the authority's lists of revoked certificates, into the folder of anchors */
void lists_remove(void);

struct str letter_make(struct stage *stage, const struct app *app, const struct letter *letter);
struct cardlink_out send_text(struct stage *stage, enum cardlink_kind kind, struct str body);
struct cardlink_out send_letter(struct stage *stage, const struct app *app, const struct letter *letter);

/* A claim as it should be; *statement is what the request says. */
struct cardlink_out claim_it(struct stage *stage, const struct app *app, struct str id, struct str *statement);
struct str begin_it(struct stage *stage, enum idv_op op, enum idv_purpose purpose, struct str chain);
/* The members of a submission by certificate. */
struct str said(struct stage *stage, const char *op, const char *method, struct str cert, struct str key, struct str statement);
/* Claim and submit by the card's certificate for the operation. */
struct cardlink_out submit_it(struct stage *stage, struct str id, const struct card *card);
struct cardlink_out submit_said(struct stage *stage, struct str id, struct str members);
/* The member of an answer, as text. */
struct str answer_str(struct stage *stage, const struct cardlink_out *out, const char *name);

#define assert_answer(out, wanted)                                                                                 \
	do {                                                                                                       \
		assert_string_equal(idv_errors[(out).error].name.p, idv_errors[(wanted)].name.p);                  \
		if ((wanted) != IDV_ERROR_NONE)                                                                    \
			assert_true(str_find((out).body, idv_errors[(wanted)].name) > 0);                          \
	} while (0)

#endif
