#ifndef NET_MAIL_ADDRESS_H
#define NET_MAIL_ADDRESS_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

/*
 * Mail addresses as they may stand in an envelope and a header: local-part@domain in ASCII (RFC
 * 5321 4.1.2), at most 254 bytes, the local part at most 64. The local part is made of RFC 5322's
 * atext and dots. Dots may stand at an end or side by side, against the RFC, because Japanese
 * carriers gave out such addresses for years; mail_address_path writes them as quoted strings,
 * which every relay takes. The domain is made of labels of letters, digits and hyphens
 * (international ones as xn--…), no address literals.
 *
 * So an address that is valid here holds no blank, control character, bracket, quote or comma: it
 * cannot become a second recipient, header or command.
 */

bool mail_address_valid(struct str address);

/* The domain part; empty when there is no '@'. */
struct str mail_address_domain(struct str address);

/* The address in RFC 5321's form, without angle brackets: a..b@example.jp → "a..b"@example.jp. It
 * must be valid. */
struct str mail_address_path(struct arena *arena, struct str address);

#endif
