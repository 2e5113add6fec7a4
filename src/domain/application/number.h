#ifndef DOMAIN_APPLICATION_NUMBER_H
#define DOMAIN_APPLICATION_NUMBER_H

#include "domain/cx.h"

#include <pthread.h>

/*
 * The numbers of an application.
 *
 * Reference number: 11 random digits and a check digit (Damm's: finds every single wrong digit and
 * every swap of neighbours); the first is not 0. Nobody can guess a neighbour's, and a mistyped one
 * is told from an unknown one.
 *
 * Temporary reception number: 東オン留T26000123 — the bureau's letter, オン, the procedure's
 * letter, T, two digits of the year in Japan, six of a serial. Serials run per bureau, procedure
 * and year. They come from blocks that a process reserves in a transaction of their own, so that
 * those who submit do not queue on one row; what a process does not use is lost: gaps are allowed,
 * repetition is not (unique in the table `number`).
 */

#define NUMBER_REFERENCE_DIGITS 12
#define NUMBER_BLOCK 50
#define NUMBER_BLOCK_MAX 1600 /* of a series whose blocks are used up within a second */
#define NUMBER_SERIAL_MAX 999999
#define NUMBER_SERIES_MAX 256

struct number_series {
	char name[32];
	int64_t next, end; /* next == end: used up */
	int64_t block;     /* how many were drawn last */
	int64_t drawn_at;
	bool drawing; /* a thread draws a block, others wait for it */
};

struct numbers {
	pthread_mutex_t lock;
	pthread_cond_t drawn;
	struct number_series series[NUMBER_SERIES_MAX];
	size_t n;
};

void numbers_init(struct numbers *numbers);
void numbers_release(struct numbers *numbers);

void number_reference(char out[NUMBER_REFERENCE_DIGITS + 1]);
bool number_reference_valid(struct str reference);
/* What a person typed: any width, blanks and hyphens; INVALID: cannot be one. */
err number_reference_read(struct arena *arena, struct str typed, struct str *out);

/* A number that nobody else gets. Not inside cx_write: it may need a transaction of its own. LIMIT:
 * the series is full. */
err number_temporary(
	struct cx *cx, struct str bureau_letter, struct str procedure_code, struct str *out);

#endif
