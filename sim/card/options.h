#ifndef SIM_CARD_OPTIONS_H
#define SIM_CARD_OPTIONS_H

#include "base/str.h"

/*
 * The command line of softcard: words, and options as --name=value or --name value; a switch has no
 * value. Which a command takes is a set of bits. How programs end is <sysexits.h>.
 */

enum option {
	OPT_CA,
	OPT_NAME,
	OPT_ADDRESS,
	OPT_BIRTH,
	OPT_SEX,
	OPT_PREFECTURE,
	OPT_MUNICIPALITY,
	OPT_EXPIRES,
	OPT_ISSUED,
	OPT_PIN,
	OPT_PASSWORD,
	OPT_TEXT_PIN,
	OPT_LABEL,
	OPT_TOKEN,
	OPT_ROOT,
	OPT_SECURITY_CODE,
	OPT_NO_SIGN,
	OPT_NO_TEXT,
	OPT_HOST,
	OPT_PORT,
	OPT_WAIT,
	OPT_ONLY,
	OPT_COUNT
};

#define OPTION(option) (1u << (option))

struct options {
	const char *word;        /* the folder */
	struct str v[OPT_COUNT]; /* absent: not given; a switch has the empty text */
};

/* What a command needs and what it may have; false after a complaint on stderr. */
bool options_read(int argc, char **argv, unsigned needed, unsigned allowed, struct options *out);

#endif
