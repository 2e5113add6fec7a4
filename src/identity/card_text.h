#ifndef IDENTITY_CARD_TEXT_H
#define IDENTITY_CARD_TEXT_H

#include "identity/evidence.h"

/*
 * The files of the text input assist applet, as evidence_check() and evidence_basic4() read them.
 *
 *   0002  FF20 { DF21 08 offsets, DF22 name, DF23 address, DF24 08 YYYYMMDD, DF25 01 sex }
 *         offsets: where DF22 to DF25 begin, from the start of the file, two bytes each
 *   0003  FF30 { DF31 20 digest of 0001, DF32 20 SHA-256 of 0002 from DF22 to its end, DF33 820100
 * signature over DF31 and DF32 with their headers } 0004  7F21 { 5F4E { 16 bytes name of the root
 * key, 16 bytes name of this key, the key }, 5F37 signature of the root key over what is in 5F4E }
 *   0007  FF50 { DF51 the applet's own key, DF52 signature over DF51 with its header }
 *
 * 0003 and 0007 are signed by the key of 0004, that by a root key of the anchors
 * (crypto/anchors.h); and the applet's own key signs the statement. 0001 holds the My Number: it is
 * neither read nor wanted, and its digest proves nothing to us.
 */

/* Faults: cert_malformed (0004, 0007), cert_untrusted (a root key that is none of ours),
 * sig_invalid, basic4_malformed (0002, 0003), my_number_present (0001 in the place of another). */
err card_text_check(
	const struct anchors *anchors, const struct evidence *evidence, enum idv_error *fault);

/* Texts borrow from the file. INVALID: not as above, or not what items can be. */
err card_text_basic4(struct str ef0002, struct basic4 *out);

/* YYYYMMDD, unknown parts zero. INVALID: not eight digits. */
err card_birth(struct str digits, struct basic4 *out);

#endif
