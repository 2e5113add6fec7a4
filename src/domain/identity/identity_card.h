#ifndef DOMAIN_IDENTITY_IDENTITY_CARD_H
#define DOMAIN_IDENTITY_IDENTITY_CARD_H

#include "domain/cx.h"

/*
 * What is known of a person by a card or an identity provider: the link between account and card, and the four items (name,
 * address, date of birth, sex) that were read for a draft and stay with its application.
 *
 * An account has at most one link in force for each way of proving (enum idv_adapter), and a subject (a certificate, or a person at a
 * provider) is linked to one account at most: unique keys of the table hold both. A link is made, and replaced, only by
 * idv_finish and idv_code, in the transaction that ends the proof, with its audit entry and its mail. Links are never deleted while
 * the account lives: one that is over has unlinked_at.
 *
 * The four items are sealed at rest and bound to account and draft. Of a draft that is not submitted they are kept for
 * BASIC4_DRAFT_MS after the reading. They live in cx->arena.
 */

enum idv_source { IDV_JPKI_SIGN, IDV_CARD_TEXT, IDV_OIDC_CLAIMS, IDV_SOURCE_COUNT };
extern const struct str idv_source_names[IDV_SOURCE_COUNT]; /* "jpki_sign", "card_text", "oidc" */

/* Characters. The certificate's profile allows 200 for the address; the text applet and providers may give more. */
#define BASIC4_NAME_MAX 200
#define BASIC4_ADDRESS_MAX 400
#define BASIC4_DRAFT_MS (30 * INT64_C(86400000))

struct basic4 {
	struct str name;          /* as on the card: parts separated by U+3000 */
	struct str address;
	int32_t year;             /* of birth; 0: unknown */
	unsigned month, day;      /* 0: unknown */
	unsigned sex;             /* 1 male, 2 female, 3 unknown or not stated */
	struct str name_subst;    /* "0" or "1" for each character: 1, the card holds a substitute there; empty: none */
	struct str address_subst;
	enum idv_source source;
	/* Filled when it is read back: */
	bool name_differs;        /* from the account's name, after folding; said to the applicant and the officer, not decided */
	int64_t read_at;
};

/*
 * UTF-8 without hidden characters, within the lengths, a possible date, sex 1 to 3, bits that fit. INVALID. Not brought to a normal form: NFC
 * would replace the compatibility kanji that stand in some people's names.
 */
err basic4_check(const struct basic4 *basic4);

/* YYYYMMDD as date_write takes it: unknown parts are 0. */
int32_t basic4_birth_on(const struct basic4 *basic4);

/* The actor's own. NOT_FOUND: not read for this draft. draft_id 0: read when the link was renewed, for no draft. */
err basic4_of_draft(struct cx *cx, int64_t draft_id, struct basic4 *out);

/* Whoever may see the application (ask application_require first). NOT_FOUND: submitted without. */
err basic4_of_application(struct cx *cx, int64_t account_id, int64_t application_id, struct basic4 *out);

/* Inside cx_write: what was read for the draft now belongs to the application that came of it. No error when there is none. */
err basic4_keep(struct cx *cx, int64_t account_id, int64_t draft_id, int64_t application_id);
/* Inside cx_write: the draft is deleted. */
err basic4_drop(struct cx *cx, int64_t account_id, int64_t draft_id);

enum idv_adapter { IDV_CARDLINK, IDV_OIDC, IDV_SELFINFO, IDV_ADAPTER_COUNT };
extern const struct str idv_adapter_names[IDV_ADAPTER_COUNT]; /* "cardlink", "oidc", "selfinfo" */

struct card_link {
	int64_t id;
	int64_t account_id;
	enum idv_adapter adapter;
	struct str subject;       /* 64 hex digits: SHA-256("card" | issuer DER | serial), SHA-256("oidc" | iss | 0 | sub) */
	struct str issuer;        /* hex SHA-256 of the issuer's name in DER; oidc: iss */
	struct str issuer_key;    /* hex SHA-256 of the SPKI of the anchor that verified it; oidc: empty */
	struct str serial;        /* hex; oidc: sub */
	struct str spki;          /* hex SHA-256; oidc: empty */
	struct str cert;          /* hex SHA-256 of the certificate; oidc: empty */
	struct str certificate;   /* base64url of its DER, only from card_link_find and card_link_find_of; oidc: empty */
	int64_t not_after;        /* end of the certificate; 0: none */
	int64_t linked_at;
	int64_t unlinked_at;      /* 0: in force */
	struct str unlinked_why;  /* "replaced", "help_desk" */
};

/* The link in force, the newest when there are several ways. NOT_FOUND: none. For the program's own use: ask rights first. */
err card_link_find(struct cx *cx, int64_t account_id, struct card_link *out);
err card_link_find_of(struct cx *cx, int64_t account_id, enum idv_adapter adapter, struct card_link *out);

/* All of the account, the newest first, those that are over too. */
err card_link_list(struct cx *cx, int64_t account_id, struct card_link **out, size_t *count);

/* For operators: the card is lost, or was linked by mistake. Writes, with audit and mail. NOT_FOUND: none in force. */
err card_link_end(struct cx *cx, int64_t account_id, enum idv_adapter adapter, struct str why);

#endif
