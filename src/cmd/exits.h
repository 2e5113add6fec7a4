#ifndef CMD_EXITS_H
#define CMD_EXITS_H

/*
 * How the programs end. The numbers are those of BSD's <sysexits.h>, which systemd and cron know;
 * only the ones used here are listed, so that a reader sees all of them.
 */

enum exit_code {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,   /* the answer of a question was no: a definition with faults, an audit
			       chain that breaks, files that are damaged */
	EXIT_USAGE = 64,    /* the command line is wrong */
	EXIT_DATA = 65,     /* a file given to us is damaged or in the wrong format */
	EXIT_NO_INPUT = 66, /* a file given to us cannot be read */
	EXIT_UNAVAILABLE = 69, /* a service that we need is not there: the database, the relay */
	EXIT_SOFTWARE = 70,    /* a defect of ours */
	EXIT_OS = 71, /* the system refuses something it never should: threads, descriptors */
	EXIT_CANNOT_CREATE = 73,
	EXIT_IO = 74,
	EXIT_TRY_LATER = 75, /* the same command may work in a moment */
	EXIT_NO_PERMISSION = 77,
	EXIT_CONFIG = 78, /* the configuration is wrong: check-config says where; or the database's schema or a
			     key does not fit */
};

#endif
