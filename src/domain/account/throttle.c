#include "domain/account/throttle.h"

#include "base/time.h"
#include "crypto/digest.h"
#include "store/query.h"

#include <arpa/inet.h>

/*
 * A person asks again because the mail is late: four at once, then one in a quarter of an hour.
 * Whole universities stand behind one address, so a source may do what a class room does, and not
 * what a list of addresses or passwords does.
 */
const struct throttle_rate throttle_rates[THROTTLE_RULE_COUNT] = {
	[THROTTLE_MAIL_ADDRESS] = {.every_ms = 15 * TIME_MINUTE, .burst = 4},
	[THROTTLE_MAIL_SOURCE] = {.every_ms = 10 * TIME_SECOND, .burst = 60},
	[THROTTLE_LOGIN_SOURCE] = {.every_ms = 2 * TIME_SECOND, .burst = 100},
};

static const char *const rule_names[THROTTLE_RULE_COUNT] = {
	[THROTTLE_MAIL_ADDRESS] = "mail-address",
	[THROTTLE_MAIL_SOURCE] = "mail-source",
	[THROTTLE_LOGIN_SOURCE] = "login-source",
};

#define KEY_DIGITS 32 /* 128 bits: nobody makes two subjects share a row */

err throttle_take(struct cx *cx, enum throttle_rule rule, struct str subject)
{
	const struct throttle_rate *rate = &throttle_rates[rule];
	struct str digest = str_sub(sha256_hex(cx->arena, subject), 0, KEY_DIGITS);
	struct str key = str_fmt(cx->arena, "%s:" STR_FMT, rule_names[rule], STR_ARG(digest));
	int64_t changed = 0;

	TRY(q_throttle_take(cx_tx(cx), key, cx->now, rate->every_ms,
		cx->now + rate->every_ms * rate->burst, &changed));
	if (changed == 0)
		return fail(ERR_LIMIT, "throttle %s", rule_names[rule]);
	return ok();
}

struct str throttle_source(struct arena *arena, struct str address)
{
	struct in6_addr v6;
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, str_c(arena, address), &v6) != 1)
		return address;
	if (IN6_IS_ADDR_V4MAPPED(&v6)) {
		if (!inet_ntop(AF_INET, &v6.s6_addr[12], text, sizeof text))
			return address;
		return str_dup(arena, str_of(text));
	}
	memset(&v6.s6_addr[8], 0, 8);
	if (!inet_ntop(AF_INET6, &v6, text, sizeof text))
		return address;
	return str_fmt(arena, "%s/64", text);
}
