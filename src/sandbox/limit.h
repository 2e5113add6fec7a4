#ifndef SANDBOX_LIMIT_H
#define SANDBOX_LIMIT_H

#include <stddef.h>
#include <sys/resource.h>

/*
 * The resource limits of a checker's process, in one table for both sides: the child sets them
 * before it reads a byte of the file, the parent sets them on the child from outside as soon as it
 * runs, so that neither depends on the other.
 */

struct sandbox_limit {
	__rlimit_resource_t resource;
	struct rlimit value;
};

const struct sandbox_limit *sandbox_limits(size_t *count);

#endif
