#ifndef CRYPTO_CV_H
#define CRYPTO_CV_H

#include "base/err.h"
#include "base/str.h"

/*
 * Keys of the text applet, which have a form of their own: 90 03 <exponent> 91 82 01 00 <modulus>,
 * RSA of 2048 bits. They sign with PKCS 1 v1.5 and SHA-256. Constant once read; safe from many
 * threads.
 */

#define CV_ID_BYTES 16
#define CV_KEY_BYTES 265
#define CV_SIGNATURE_BYTES 256

struct cv_key;

/* INVALID: another form, an exponent other than 65537, a modulus that is even or has fewer bits. */
err cv_key_read(struct str bytes, struct cv_key **out);
void cv_key_free(struct cv_key *key); /* accepts NULL */

/* INVALID, without saying why: the key did not sign these bytes. */
err cv_signed(const struct cv_key *key, struct str bytes, struct str signature);

void cv_key_cleanup(struct cv_key **key);
#define AUTO_CV_KEY __attribute__((cleanup(cv_key_cleanup)))

#endif
