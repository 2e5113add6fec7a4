#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H

#include "base/err.h"

/*
 * The part of confine() that speaks to the kernel's Landlock (landlock(7)). Debian's header is
 * older than kernels in use, so what it lacks is named here; a kernel is asked only for what its
 * version knows.
 */

/*
 * No access to any file, except reading below the folders given (NULL ends the list; those that are
 * not there are passed over). *abi: the kernel's version, 0 when it has none, which is not an
 * error. PR_SET_NO_NEW_PRIVS must be set.
 */
err landlock_deny(const char *const *readable, int *abi);

#endif
