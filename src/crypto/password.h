#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

/*
 * Passwords as stored: Argon2id (RFC 9106) by libsodium with 19 MiB, two passes, one lane. About 30
 * ms and 19 MiB each, so at most LIMIT_PASSWORD_AT_ONCE run at once and others wait: never
 * call it from an event thread.
 *
 * A password is bytes here; bringing different typings of one text to one form (NFKC) is done
 * before. Over LIMIT_PASSWORD bytes it is refused without work. What is stored names its own
 * parameters, so they may be raised later: password_outdated() tells after a successful log-in that
 * the hash should be made anew.
 */

/* The text to store (ASCII, at most 127 bytes). LIMIT: too long; UNAVAILABLE: no memory for it. */
err password_hash(struct arena *arena, struct str password, struct str *stored);

bool password_verify(struct str stored, struct str password);

/* For an account that does not exist: the same work, always false. The time must not tell who is
 * registered. */
bool password_verify_nobody(struct str password);

bool password_outdated(struct str stored);

#endif
