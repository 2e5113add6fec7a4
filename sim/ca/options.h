#ifndef SIM_CA_OPTIONS_H
#define SIM_CA_OPTIONS_H

#include "base/err.h"
#include "base/str.h"

/*
 * The words of a command line: options "--name value" or "--name=value", each at most once, between
 * words without a name. "--" ends the options.
 */

struct option {
	const char *name;
	struct str value; /* absent: not given */
};

#define OPTIONS_WORDS_MAX 8

struct words {
	const char *v[OPTIONS_WORDS_MAX];
	size_t n;
};

/* INVALID: an unknown option, one without a value or given twice, too many words. */
err options_read(int argc, char **argv, struct option *options, size_t count, struct words *out);

/* Values of the form YYYY-MM-DD: 00:00 of that day in Japan. INVALID: no such day. */
err options_date(const struct option *option, int64_t *out);
/* 0 to `most`. INVALID: not that. */
err options_number(const struct option *option, unsigned most, unsigned *out);

#endif
