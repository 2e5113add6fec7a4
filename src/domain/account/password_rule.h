#ifndef DOMAIN_ACCOUNT_PASSWORD_RULE_H
#define DOMAIN_ACCOUNT_PASSWORD_RULE_H

#include "base/arena.h"
#include "base/str.h"
#include "domain/form/input.h"

/*
 * Which passwords a person may choose. A profile is data, so that an operator can follow the manual
 * of the real system or NIST.
 *
 * manual: 10 to 20 characters, at least one each of upper case, lower case, digit and symbol,
 * nothing but ASCII letters, digits and $ % & = @ _ # * + - ? ! long:   15 to 256 characters of any
 * script, counted as code points after NFKC, no classes (SP 800-63B-4 3.1.1.2)
 *
 * Both refuse what is easy to guess about this person or this service: the e-mail address, the
 * name, the word password with decorations, one character repeated, and runs like 1234567890.
 */

struct password_profile {
	unsigned min, max; /* characters */
	bool classes;      /* one each of the four kinds */
	bool ascii;        /* letters, digits and `symbols` only */
	struct str symbols;
};

extern const struct password_profile password_profile_manual, password_profile_long;

/* What the password may not contain, because others know it of the person. Absent members are not
 * looked at. */
struct password_context {
	struct str email;
	struct str name;
	struct str user_id;
};

/* Adds what is wrong, at `path`. The message never repeats the password. */
void password_rule_check(const struct password_profile *profile, const struct input *in,
	struct str path, struct str password, const struct password_context *context);

/* The bytes that are hashed: NFKC where the profile allows other scripts, else the bytes
 * themselves. */
struct str password_normal(
	const struct password_profile *profile, struct arena *arena, struct str typed);

#endif
