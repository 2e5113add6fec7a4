#ifndef WEB_HOST_H
#define WEB_HOST_H

#include "web/exchange.h"

/*
 * Under which names pages are given, and from which places forms are taken. With base_url https:// that is its host alone, and this machine's own
 * names for those who look after it: whoever leads a name of their own to us would have our pages in their origin
 * (RFC 9110 7.4, 421). With http://, which is for this machine only, any name will do.
 */

bool host_is_ours(const struct exchange *ex);

/* RFC 6454: scheme, host and port. */
bool origin_is_ours(const struct exchange *ex, struct str origin);

#endif
