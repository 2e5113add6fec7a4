#ifndef IDENTITY_TLV_H
#define IDENTITY_TLV_H

#include "base/err.h"
#include "base/str.h"

/*
 * The tagged values in files of the text applet: a tag of two bytes, then the length, in one byte
 * to 7F, behind 81 to FF, behind 82 above, always the shortest. Pure; what is taken borrows.
 */

struct tlv {
	struct str content;
	struct str whole; /* with tag and length */
};

/* Takes the next value from *rest. INVALID: another tag, or not written so, or more than is there.
 */
err tlv_take(struct str *rest, unsigned tag, struct tlv *out);

/* The content of the one value that this is. INVALID: something behind it as well. */
err tlv_only(struct str bytes, unsigned tag, struct str *content);

#endif
