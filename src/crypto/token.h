#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include "base/err.h"
#include "base/str.h"

/*
 * Random secrets that a person's browser or mailbox holds: session cookies, links in mails, CSRF
 * tokens.
 *
 * A token is 32 random bytes in base64url, 43 characters. Whoever reads the database must not be
 * able to use it as the person, so only token_digest() of it is stored; being random in full, it
 * needs no salt and no slow hash.
 *
 * On a page that is compressed and holds text of the sender, a secret that stays the same can be
 * guessed from the length of the answer (BREACH). A token on a page is therefore masked: new random
 * bytes, then the token XOR those.
 */

#define TOKEN_BYTES ((size_t)32)
#define TOKEN_CHARS 43
#define TOKEN_MASKED_CHARS 86

struct str token_new(struct arena *arena);

/* SHA-256 in hex, of any text a client sent as a token: look it up by this. */
struct str token_digest(struct arena *arena, struct str token);

/* Differs each time. INVALID: `token` was not made by token_new(). */
err token_mask(struct arena *arena, struct str token, struct str *masked);
/* INVALID: not 64 bytes in strict base64url. */
err token_unmask(struct arena *arena, struct str masked, struct str *token);

/* Whether what came back from a page is this token; in time that tells nothing about it. */
bool token_masked_is(struct arena *arena, struct str masked, struct str token);

#endif
