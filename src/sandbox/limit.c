#include "sandbox/limit.h"

#include "base/limits.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHADOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define SHADOW 1
#endif
#endif

static const struct sandbox_limit limits[] = {
#ifndef SHADOW
	/* Sanitizers map terabytes of address space for their shadow. */
	{RLIMIT_AS, {LIMIT_CHECK_MEMORY, LIMIT_CHECK_MEMORY}},
#endif
	/* At the soft one SIGXCPU, which ends the process and tells the parent why. */
	{RLIMIT_CPU, {LIMIT_CHECK_CPU, LIMIT_CHECK_CPU + 1}},
	{RLIMIT_FSIZE, {LIMIT_CHECK_OUTPUT, LIMIT_CHECK_OUTPUT}},
	/* A dump would hold what the file held. */
	{RLIMIT_CORE, {0, 0}},
	{RLIMIT_STACK, {8u << 20, 8u << 20}},
	{RLIMIT_MEMLOCK, {0, 0}},
	{RLIMIT_MSGQUEUE, {0, 0}},
};

const struct sandbox_limit *sandbox_limits(size_t *count)
{
	*count = sizeof limits / sizeof limits[0];
	return limits;
}
