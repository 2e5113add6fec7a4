#include "base/err.h"

#include "base/utf8.h"

#include <stdarg.h>

static _Thread_local char detail[512];

void err_describe(const char *fmt, ...)
{
	/* By way of a second buffer: the arguments may hold err_detail() itself, when a caller adds
	 * to the words. */
	char words[sizeof detail];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	if (n < 0)
		words[0] = '\0';
	/* A cut in the middle of a character would leave broken text. */
	size_t length = strlen(words);
	while (n >= (int)sizeof words && length > 0 && !utf8_valid(str_make(words, length)))
		words[--length] = '\0';
	memcpy(detail, words, length + 1);
}

const char *err_detail(void)
{
	return detail;
}

void err_detail_clear(void)
{
	detail[0] = '\0';
}

const char *err_name(enum err_code code)
{
	static const char *const names[ERR_COUNT] = {
		[OK] = "OK",
		[ERR_NOT_FOUND] = "NOT_FOUND",
		[ERR_DENIED] = "DENIED",
		[ERR_INVALID] = "INVALID",
		[ERR_CONFLICT] = "CONFLICT",
		[ERR_LIMIT] = "LIMIT",
		[ERR_RETRY] = "RETRY",
		[ERR_UNAVAILABLE] = "UNAVAILABLE",
		[ERR_INTERNAL] = "INTERNAL",
		[ERR_SHUT] = "SHUT",
	};
	return (unsigned)code < ERR_COUNT ? names[code] : "UNKNOWN";
}
