#ifndef SIM_CARD_FILES_H
#define SIM_CARD_FILES_H

#include "base/str.h"

/*
 * What the card has, as tables: applets, their elementary files, what opens each file, and the
 * secrets. Identifiers and rules are those of a real card as far as they are publicly known
 * (JICSAP 1.1; OpenSC's driver; published readings of test cards).
 *
 * What is not simulated: the card face applet, the Basic Resident Register applet, secure
 * messaging.
 */

enum card_applet {
	APPLET_NONE,
	APPLET_JPKI, /* public personal authentication: two certificates, two keys */
	APPLET_TEXT, /* text input assist: My Number and the basic four items, as signed files */
	APPLET_COUNT
};

struct str applet_aid(enum card_applet applet);

/* What a person types, or a machine reads off the card's face. */
enum card_secret {
	SECRET_AUTH,   /* 4 digits, 3 tries: user authentication */
	SECRET_SIGN,   /* 6 to 16 of A-Z 0-9, 5 tries: digital signature */
	SECRET_TEXT,   /* 4 digits, 3 tries: text input assist */
	SECRET_CODE_A, /* the My Number itself, 10 tries */
	SECRET_CODE_B, /* birth YYMMDD in the era's year, year of expiry, security code; 10 tries */
	SECRET_COUNT
};

#define SECRET_LENGTH_MAX 16

struct secret_rule {
	const char *name;  /* in card.json */
	const char *words; /* for a person */
	unsigned most;     /* tries */
	unsigned shortest, longest;
	bool letters; /* A to Z beside digits */
	bool changeable;
};

extern const struct secret_rule secret_rules[SECRET_COUNT];

/* Whether text has the form of this secret. */
bool secret_valid(enum card_secret secret, struct str text);

enum ef_kind {
	EF_BYTES,  /* READ BINARY */
	EF_SECRET, /* VERIFY, CHANGE */
	EF_KEY,    /* COMPUTE DIGITAL SIGNATURE */
};

/* Bits of enum card_secret; any one of them opens. 0: free. */
#define OPENED_BY(secret) (1u << (secret))

struct ef {
	enum card_applet applet;
	unsigned id;
	enum ef_kind kind;
	const char *file;        /* in the folder of the card; NULL for a secret */
	enum card_secret secret; /* of EF_SECRET */
	unsigned opened_by;      /* of the others */
};

/* NULL: there is none. A file of the table may still be absent on a certain card. */
const struct ef *ef_find(enum card_applet applet, unsigned id);

/* The two key pairs of APPLET_JPKI with their certificates. */
enum card_key { KEY_AUTH, KEY_SIGN, KEY_COUNT };

extern const char *const card_key_names[KEY_COUNT]; /* "auth", "sign" */

/* Names in the folder, for those that make a card. */
#define CARD_AUTH_CERT "auth-cert.der"
#define CARD_AUTH_CA "auth-ca.der"
#define CARD_AUTH_KEY "auth-key.der" /* PKCS 8 */
#define CARD_SIGN_CERT "sign-cert.der"
#define CARD_SIGN_CA "sign-ca.der"
#define CARD_SIGN_KEY "sign-key.der"
#define CARD_TOKEN "token.bin"
#define CARD_AVAILABLE "available.bin"
#define CARD_TEXT_KEY "text-key.der"
#define CARD_TEXT(id) "text-" id ".bin" /* CARD_TEXT("0002") */

#endif
