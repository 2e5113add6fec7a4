#ifndef TESTS_SIM_CARD_CHECK_TEXT_H
#define TESTS_SIM_CARD_CHECK_TEXT_H

#include "base/str.h"

/*
 * The files of the text input assist applet, looked at as a verifier would: written from the
 * description of the files, and shares nothing with what makes them.
 */

struct text_files {
	struct str basic4, integrity, certificate, signed_key; /* EF 0002, 0003, 0004, 0007 */
	struct str root;              /* key id and key that a verifier trusts: 281 bytes */
	struct str challenge, answer; /* of internal authenticate */
};

/* All of it, to the last byte. */
bool text_files_hold(const struct text_files *files);

/* The value of the object that is the whole of `bytes`; absent: it is not. */
struct str text_value(struct str bytes, unsigned tag);

/* Takes the next object off *rest; false when it is not of this tag. */
bool text_next(struct str *rest, unsigned tag, struct str *value);

#endif
