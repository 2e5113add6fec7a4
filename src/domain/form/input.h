#ifndef DOMAIN_FORM_INPUT_H
#define DOMAIN_FORM_INPUT_H

#include "base/arena.h"
#include "base/str.h"
#include "domain/form/form.h"

/*
 * Typed values outside the procedures' forms (registration, login, reset) into their own form, and
 * what is wrong with them. Every sensible form is accepted: full width, hyphens, blanks
 * (domain/form/spelling.h). What cannot be understood comes back as far as it could be converted,
 * with an issue.
 */

/* Adds a refusal at `path` ("email") whose words need no more than `args` (may be NULL). */
void issues_add(struct arena *arena, struct issues *issues, struct str path, enum msg msg,
	const struct msg_arg *args, size_t arg_count);

struct input {
	struct arena *arena;
	const struct locale *locale; /* of the names of fields in messages */
	struct issues *issues;
};

/* The same with {label}, the name of the field, before at most three more arguments. */
void input_issue(const struct input *in, struct str path, enum msg msg, const struct msg_arg *args,
	size_t arg_count);

/* Trimmed, half width, lower case. An address of RFC 5321 with ASCII letters and a domain with a
 * dot; 254 bytes at most. */
struct str input_email(const struct input *in, struct str path, struct str typed);
bool email_valid(struct str email);

/* Latin letters in upper case and without marks, as on the residence card, blanks single: letters,
 * blank, - ' . , at most 150 characters. */
struct str input_name(const struct input *in, struct str path, struct str typed);

/* Digits only, 1 to 12; +81 is a 0. */
struct str input_phone(const struct input *in, struct str path, struct str typed);

/* Seven digits. */
struct str input_postal(const struct input *in, struct str path, struct str typed);

/* Full width, 1 to 85 characters. */
struct str input_address(const struct input *in, struct str path, struct str typed);

/* Three fields, or a whole date in the first, as domain/form/form_date.h understands it; the issue stands at
 * `path`. 0 when there is one. */
int32_t input_birth(const struct input *in, struct str path, struct str year, struct str month,
	struct str day, int32_t today);

/* Any text of one line, trimmed, NFC, without hidden characters, at most `max` characters; empty is
 * an issue when required. */
struct str input_line(
	const struct input *in, struct str path, struct str typed, size_t max, bool required);

#endif
