#ifndef JOBS_SCHEDULE_H
#define JOBS_SCHEDULE_H

#include "domain/cx.h"

/*
 * Work that comes back by the clock: one row of the table of jobs for each kind, which whoever
 * holds its lease runs and then moves on. With many processes it still runs once.
 */

/* Puts the rows there that are missing, and makes due what a clock has put off that was set back since. */
err schedule_begin(struct cx *cx);

#endif
