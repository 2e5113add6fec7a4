#ifndef CRYPTO_DER_H
#define CRYPTO_DER_H

#include "base/err.h"
#include "base/str.h"

/*
 * Reading DER (X.690), strictly.
 *
 * DER gives every value one encoding, and der_check() holds a text to it through all its levels:
 * lengths in their shortest form, numbers without needless bytes, bits that are not used zero,
 * sets sorted, texts that are UTF-8 where they say so, times as RFC 5280 writes them, nothing
 * behind the end. What libraries read leniently, and each in its own way, is refused here first.
 * The values inside OCTET STRING and BIT STRING are bytes to it: whoever reads them checks them.
 *
 * A default that is written out (critical FALSE) is against DER too, but only who knows the type
 * can see it.
 *
 * Pure; no recursion deeper than DER_DEPTH. What is taken borrows from the text.
 */

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0A,
	DER_UTF8_STRING = 0x0C,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

/* [n], with values inside or as bytes. */
#define DER_IN(n) (0xA0u | (n))
#define DER_AS(n) (0x80u | (n))

#define DER_DEPTH 16 /* a certificate has 9 */

struct der {
	unsigned tag;
	struct str content;
	struct str whole; /* with tag and length */
};

/* INVALID: not exactly one value, or not DER. */
err der_check(struct str bytes);

/* Takes the next value from the front of *rest. INVALID: none, or its tag or length is wrong. */
err der_next(struct str *rest, struct der *out);
/* As der_next; INVALID for another tag too, and *rest stays. */
err der_take(struct str *rest, unsigned tag, struct der *out);
/* Whether the next value has this tag. */
bool der_is(struct str rest, unsigned tag);

/* The content of the one value that this is. INVALID: another tag, or something behind it. */
err der_only(struct str bytes, unsigned tag, struct str *content);

/* Milliseconds since 1970. INVALID: neither UTCTime for the years 1950 to 2049 nor GeneralizedTime
 * for later ones (RFC 5280 section 4.1.2.5), or no such time. */
err der_time(const struct der *value, int64_t *out);

#endif
