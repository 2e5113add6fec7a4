#ifndef SIM_PHONE_EXITS_H
#define SIM_PHONE_EXITS_H

/* How the program ends: small numbers for how a scan ended, and those of <sysexits.h>. */

enum phone_exit {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,     /* the portal refused what was sent */
	EXIT_DECLINED = 2,    /* by the person, on the phone */
	EXIT_PIN_WRONG = 3,   /* tries are left */
	EXIT_PIN_BLOCKED = 4, /* the card is locked */
	EXIT_CARD = 5,        /* the card cannot do what is asked, or cannot be read */
	EXIT_NOT_TRUSTED = 6, /* the app refused the request; nothing was signed */
	EXIT_USAGE = 64,
	EXIT_DATA = 65,        /* no code in what was given; a damaged list or card */
	EXIT_NO_INPUT = 66,    /* a file that cannot be read */
	EXIT_UNAVAILABLE = 69, /* the portal cannot be reached or makes no sense; no reader */
	EXIT_SOFTWARE = 70,
	EXIT_OS = 71,
	EXIT_CANNOT_CREATE = 73,
	EXIT_TRY_LATER = 75,
	EXIT_NO_PERMISSION = 77, /* the key may be read by others */
};

#endif
