#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/*
 * Calls that have a safer spelling here. Every source file is compiled with this header first
 * (-include), so using one does not compile.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#undef sprintf /* a macro of glibc under clang with _FORTIFY_SOURCE */
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok tmpnam mktemp
#pragma GCC poison system popen gmtime localtime asctime atoi atol atoll vfork

/*
 * Headers of libraries name these for other things (OpenSSL has parameters called rand, GLib a
 * macro around alloca, poppler a parameter ctime), so they are refused only where they are called.
 */
#undef alloca
void *alloca(size_t bytes) __attribute__((unavailable("use an arena")));
char *ctime(const time_t *at) __attribute__((unavailable("use base/time.h")));
int rand(void) __attribute__((unavailable("use random_below()")));
void srand(unsigned seed) __attribute__((unavailable("random_bytes() has no seed")));

#endif
