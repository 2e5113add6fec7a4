#ifndef WEB_SESSION_COOKIE_H
#define WEB_SESSION_COOKIE_H

#include "web/exchange.h"

/*
 * The cookie that holds the session's token: "__Host-session" with Secure under https (RFC 6265bis 4.1.3), "session" on a
 * plain loopback address, where some browsers drop Secure cookies.
 */

/* Absent: none was sent. INVALID: sent twice. */
err session_cookie_get(struct exchange *ex, struct str *out);
void session_cookie_set(struct exchange *ex, struct str token);
void session_cookie_clear(struct exchange *ex);

#endif
