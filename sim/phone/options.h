#ifndef SIM_PHONE_OPTIONS_H
#define SIM_PHONE_OPTIONS_H

#include "sim/phone/secret.h"
#include "sim/phone/tamper.h"

/* The command line of simphone; man/simphone.1 says what each option means. */

struct options {
	const char *home;  /* --home, SIMPHONE_HOME, or ./simphone */
	const char *cards; /* --cards; NULL: home/cards */
	const char *card;  /* --card */
	bool pcsc;
	const char *reader;          /* of --pcsc; "": any */
	struct secret pin, password; /* empty: not given */
	bool card_text, decline, porcelain, no_wait;
	unsigned wrong_pins;
	enum tongue tongue;
	struct tamper tamper; /* kind TAMPER_NONE: honest */
	const char *ca_file;
	const char *listen;
	const char *id; /* of `trust` */
	const char *thumbprint;
	const char *target; /* what stands without an option; NULL: nothing */
};

/* Says on standard error what is wrong; answers an exit code, 0 for none. Secrets are taken out of
 * argv. */
int options_read(struct arena *arena, int argc, char **argv, struct options *out);
void options_release(struct options *options);

#endif
