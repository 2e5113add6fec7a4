#ifndef CHECK_END_H
#define CHECK_END_H

#include "sandbox/verdict.h"

/*
 * How a checker ends, and its memory. It lives for one file, so nothing is given back; and when
 * there is no more memory, that is its verdict.
 */

/* Writes the line to descriptor 1 and ends the process. */
_Noreturn void end_with(struct verdict_line *line);
/* "refused REASON". */
_Noreturn void end_refused(enum check_reason reason);

/* count * size zeroed bytes, or the end: CHECK_MEMORY. */
void *room_for(size_t count, size_t size);

#endif
