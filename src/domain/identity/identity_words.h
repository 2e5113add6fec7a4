#ifndef DOMAIN_IDENTITY_IDENTITY_WORDS_H
#define DOMAIN_IDENTITY_IDENTITY_WORDS_H

#include "base/str.h"

/*
 * What is said on the phone about the browser that asks, so that a person can see whether it is his own, and what the audit keeps of
 * an address. No more than needed for that: families instead of versions, prefixes instead of addresses.
 */

/* "Edge, Windows", "Safari, iPhone"; "" when neither is known. Nothing of the text itself comes through. */
struct str idv_browser_words(struct arena *arena, struct str agent);

/* "t•••@apu.ac.jp": the first character and the host; three dots whatever its length. */
struct str idv_mask_email(struct arena *arena, struct str email);

/* "192.0.2.0/24", "2001:db8:1::/48"; an IPv4 address in IPv6 as the former; empty: not an address. */
struct str idv_network(struct arena *arena, struct str address);

#endif
