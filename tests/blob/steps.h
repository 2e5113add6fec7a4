#ifndef TESTS_BLOB_STEPS_H
#define TESTS_BLOB_STEPS_H

#include <stdbool.h>

/*
 * The calls of src/blob that change or read the disk, one after the other, so that a test can break
 * each: the linker leads them here (--wrap). Counted from 1 since steps_plan().
 */

enum steps_action {
	STEPS_COUNT_ONLY,
	STEPS_FAIL,  /* with errno, from this step on once */
	STEPS_KILL,  /* SIGKILL before the step is made */
	STEPS_SHORT, /* a write or read of half of what is asked for */
};

void steps_plan(enum steps_action action, unsigned at, int number);
unsigned steps_made(void);
/* One letter each: c create, w write, s fsync of a file, S of a folder, r rename, u unlink. */
const char *steps_trace(void);

#endif
