#ifndef SIM_CA_WRONG_H
#define SIM_CA_WRONG_H

#include "sim/ca/person.h"

/*
 * Certificates that are wrong on purpose, for tests of those who verify. Only tests include this.
 *
 * Everything that is zero is as in the right profile. A certificate that is expired or not valid
 * yet needs none of this: ca_issue() takes any times. Items of the subjectAltName are named by
 * their place, 0 to 5, in the order of person_items(); masks have 1 << place.
 */

struct ca_wrong {
	unsigned rsa_bits;     /* 1024 */
	unsigned rsa_exponent; /* 3 */
	bool self_signed;      /* by its own key, under the root's name */
	bool version1;         /* says version 1, though it has extensions */
	bool sha1;             /* signed over SHA-1 */

	bool ca;               /* basicConstraints CA:TRUE */
	bool unknown_critical; /* an extension nobody knows, critical */
	bool no_key_usage;
	unsigned
		key_usage; /* instead of the right bits: 0x80 digitalSignature, 0x40 nonRepudiation,
			      0x20 keyEncipherment … as in the first byte of the BIT STRING */
	bool no_policy;
	const char *policy; /* instead of the right one, "1.2.3.4" */

	unsigned item_missing, item_double; /* masks */
	unsigned item_bmp;                  /* mask: BMPString instead of UTF8String */
	struct str item_text[PERSON_ITEMS]; /* any bytes instead of the right ones; absent: none */
	bool item_more; /* a seventh otherName that nobody knows; not wrong, but to be ignored */
};

/* As ca_issue(); INVALID as well for what OpenSSL cannot write. */
err ca_issue_wrong(const struct ca *ca, struct arena *arena, const struct ca_request *request,
	const struct ca_wrong *wrong, struct ca_issued *out);

#endif
