#include "sim/ca/ssl.h"

#include "base/time.h"

#include <openssl/err.h>

#define YEAR_1950 (INT64_C(-631152000) * TIME_SECOND)
#define YEAR_10000 (INT64_C(253402300800) * TIME_SECOND)

void ssl_describe(const char *what)
{
	char words[256];
	unsigned long code = ERR_get_error();
	ERR_error_string_n(code, words, sizeof words);
	ERR_clear_error();
	err_describe("%s: %s", what, code ? words : "OpenSSL refuses");
}

void ssl_forget(void)
{
	ERR_clear_error();
}

err ssl_time(int64_t at, ASN1_TIME **out)
{
	if (at < YEAR_1950 || at >= YEAR_10000)
		return fail(ERR_INVALID, "a time outside the years 1950 to 9999");
	int64_t seconds = (at - (at % TIME_SECOND + TIME_SECOND) % TIME_SECOND) / TIME_SECOND;
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)seconds);
	NEED(time);
	*out = time;
	return ok();
}

err ssl_der(struct arena *arena, unsigned char *bytes, int n, struct str *out)
{
	if (n > 0)
		*out = str_dup(arena, str_make((const char *)bytes, (size_t)n));
	OPENSSL_free(bytes);
	if (n <= 0)
		return ssl_error("ssl_der");
	return ok();
}
