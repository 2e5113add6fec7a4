#ifndef SIM_CA_CA_H
#define SIM_CA_CA_H

#include "base/err.h"
#include "base/str.h"

/*
 * A simulated authority with the certificates of My Number Cards: two hierarchies (user
 * authentication, digital signature) in the profile of the Public Certification Service for
 * Individuals, but of the organisation JPKI-SIM and with the policies of a test environment, so
 * that nothing of it can be taken for a real one.
 *
 * An authority is a folder; a struct ca is only its name and holds no resource. Any number of
 * processes may use one folder at once: changes are made under a lock (flock), and every file is
 * there in full or not at all, also after a kill or a power cut.
 *
 *   auth/{1,2,p384}/{cert,key}.pem   roots, self-signed; sign/ has the same
 *   {auth,sign}/ocsp.key.pem, {auth,sign}/{1,2,p384}/ocsp.cert.pem   who signs OCSP answers
 *   cv/root.key.pem, cv/office.key.pem, cv/office.bin   text applet, see below
 *   index.tsv    what was issued: a line each; struct ca_entry
 *   ocsp-mode    how the OCSP responder behaves; sim/ca/ocsp.h
 *   anchors/     what a portal is given: {auth,sign}-{1,2,p384}.pem, cv-1.bin, and
 *                crl-{auth,sign}-{1,2,p384}.der once ca_crl() has made them
 *
 * The three roots of a hierarchy have the same name and differ in their keys alone, as the real
 * ones do. All three stand in anchors/: a card of a root that the portal does not know is one of
 * another authority, made by another ca_init(); its names are the same too.
 *
 * Keys are not protected by a password: this is no authority anybody should trust.
 *
 * Times are milliseconds since 1970, certificates hold whole seconds. What is returned lives in the
 * arena given. Errors, besides those said: INVALID: the folder is damaged; UNAVAILABLE: the system
 * refuses; INTERNAL: OpenSSL refuses what it never should.
 */

enum ca_kind { CA_AUTH, CA_SIGN, CA_KIND_COUNT };
/* RSA-2048, RSA-2048 again with the same name, EC P-384. A card has keys like those of its root. */
enum ca_root { CA_ROOT_1, CA_ROOT_2, CA_ROOT_P384, CA_ROOT_COUNT };

/* "auth", "sign"; "1", "2", "p384". */
const char *ca_kind_name(enum ca_kind kind);
const char *ca_root_name(enum ca_root root);
/* INVALID: none of these. */
err ca_kind_of(struct str name, enum ca_kind *out);
err ca_root_of(struct str name, enum ca_root *out);

struct ca {
	const char *dir;
};

/* Makes the folder, in some seconds. CONFLICT: it exists already and is not empty. */
err ca_init(const char *dir, int64_t now);
/* NOT_FOUND: no authority is there. */
err ca_open(struct arena *arena, const char *dir, struct ca *out);

/*
 * Who a certificate is for. An authentication certificate holds none of it but the office's code
 * (in its name) and, for the list of revoked certificates, prefecture and municipality.
 */
struct ca_person {
	struct str name;           /* parts separated by U+3000; 1 to 200 characters */
	char era;                  /* '1' Meiji … '5' Reiwa, '0' unknown; '0' to '9' are taken */
	unsigned year, month, day; /* Gregorian; month and day 0: unknown */
	unsigned sex;              /* 1 male, 2 female, 3 unknown or not specified */
	struct str address;        /* full-width digits; 1 to 200 characters */
	/* '1' for each character that stands for one that could not be written, '0' for the others;
	 * empty: all '0'. */
	struct str name_subst, address_subst;
	struct str prefecture;   /* "Oita-ken" */
	struct str municipality; /* "Beppu-shi" */
	struct str office;       /* 9 of A-Z and 0-9: "44202001A"; empty: that one */
};

struct ca_request {
	enum ca_kind kind;
	enum ca_root root;
	const struct ca_person *person;
	int64_t not_before, not_after; /* may be past: an expired card is made that way */
	int64_t now; /* stands in the index and in the name of signing certificates */
};

struct ca_issued {
	struct str cert; /* DER */
	struct str key;  /* PKCS 8, DER */
	struct str
		serial; /* 16 hexadecimal digits, upper case, as openssl x509 -serial prints it */
};

/* The certificate is in the index when this returns. INVALID: person or times. */
err ca_issue(const struct ca *ca, struct arena *arena, const struct ca_request *request,
	struct ca_issued *out);

/* The certificate of a root as DER; cards carry it in EF 0002 and 000B. */
err ca_root_cert(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	struct str *out);

/* RFC 5280 5.3.1. AFFILIATION: one of the four items has changed (a move, a name);
 * CESSATION: issued anew, as with each extension of a stay. */
enum ca_reason {
	CA_UNSPECIFIED = 0,
	CA_KEY_COMPROMISE = 1,
	CA_AFFILIATION = 3,
	CA_SUPERSEDED = 4,
	CA_CESSATION = 5
};

struct ca_entry {
	struct str serial;
	enum ca_kind kind;
	enum ca_root root;
	bool revoked;
	enum ca_reason reason;                    /* when revoked */
	int64_t revoked_at, issued_at, not_after; /* revoked_at 0: not revoked */
	struct str cn;                            /* of the subject; no name of a person */
};

/* NOT_FOUND: no such serial; CONFLICT: revoked before, and nothing has changed. */
err ca_revoke(const struct ca *ca, struct str serial, enum ca_reason reason, int64_t at);
/* "affiliationChanged" and so on; "" for a number that is none. INVALID: no such name. */
const char *ca_reason_name(enum ca_reason reason);
err ca_reason_of(struct str name, enum ca_reason *out);

/* NOT_FOUND: no such serial. */
err ca_find(const struct ca *ca, struct arena *arena, struct str serial, struct ca_entry *out);
/* In the order of issue. */
err ca_list(
	const struct ca *ca, struct arena *arena, const struct ca_entry **out, size_t *out_count);

/* A new CRL with a number of its own, valid for 26 hours; also written to anchors/. out may be
 * NULL. Expired certificates stay in it. */
err ca_crl(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	int64_t now, struct str *out);

/*
 * The text applet. A root key, which portals pin, certifies the key of an office, which signs the
 * files of cards.
 *
 * A public key is 90 03 <exponent> 91 82 01 00 <modulus>, 265 bytes. A key id is 16 bytes: seven
 * digits, 08 05, three digits, four zeros; that of our root key begins with 9, where production has
 * 5 and test cards have 6. anchors/cv-1.bin is the id of the root key and the root key: 281 bytes.
 */
#define CA_CV_KEY_ID 16
#define CA_CV_KEY 265

/* EF 0004: 7F21 82 0233 { 5F4E 82 0129 { id of the root key, id of the office's key, the office's
 * key }, 5F37 82 0100 signature of the root key over the 297 bytes of 5F4E }. */
err ca_cvc(const struct ca *ca, struct arena *arena, struct str *out);
/* The office's signature over bytes (RSA PKCS 1 v1.5 with SHA-256), 256 bytes: for EF 0003 and
 * EF 0007. */
err ca_text_sign(const struct ca *ca, struct arena *arena, struct str bytes, struct str *out);
/* A new RSA-2048 key for a card's own applet: PKCS 8 DER, and the public half as above. */
err ca_text_key(struct arena *arena, struct str *out_key, struct str *out_public);

#endif
