#ifndef SIM_PHONE_SECRET_H
#define SIM_PHONE_SECRET_H

#include "base/err.h"
#include "sim/card/files.h"

/*
 * A PIN or a password on its way from the person to the card: in memory only, and overwritten
 * afterwards.
 */

struct secret {
	char text[SECRET_LENGTH_MAX + 1];
	size_t n;
};

static inline struct str secret_str(const struct secret *secret)
{
	return str_make(secret->text, secret->n);
}

/* INVALID: empty or longer than any secret. */
err secret_set(struct secret *secret, struct str text);
void secret_wipe(struct secret *secret);
#define AUTO_SECRET __attribute__((cleanup(secret_wipe))) struct secret

/* The first line of a file, "-" for standard input. NOT_FOUND, UNAVAILABLE, INVALID. */
err secret_from(struct secret *secret, const char *path);

/* Asks on the terminal, without showing what is typed. NOT_FOUND: there is no terminal. */
err secret_prompt(struct secret *secret, const char *words);

#endif
