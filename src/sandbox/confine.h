#ifndef SANDBOX_CONFINE_H
#define SANDBOX_CONFINE_H

#include "base/err.h"

/*
 * The child's side: takes away from this process all that a checker does not need, for good. To be
 * called before the first byte of a hostile file is read, by the only thread.
 *
 * Three fences, one behind the other:
 *
 *   limits    memory, processor time, output, no core dump (sandbox/limit.h)
 *   Landlock  no file can be opened, made, removed or executed; no TCP; no signals or abstract
 *             sockets outside, as far as the kernel knows how
 *   seccomp   a short list of calls. Looking for files is answered with EACCES, since libraries do
 *             it and can live without; every other call outside the list ends the process
 *             (SIGSYS): sockets, new processes, exec, ptrace, memory that can be executed, writing
 *             to any descriptor but 1, 2 and 4
 *
 * On a kernel without Landlock (before 5.13, or switched off) the other two stand alone: seccomp
 * then refuses to open any file, also with CONFINE_FONTS. The process dies with its parent thread.
 */

enum {
	/* Files below the system's folders of fonts may be read: for drawing pages whose fonts are
	 * not in the file. */
	CONFINE_FONTS = 1,
	/* As on a kernel without Landlock: for tests. */
	CONFINE_WITHOUT_LANDLOCK = 2,
};

struct confinement {
	int landlock; /* version of the kernel's interface; 0: there is none */
};

/* INTERNAL: a fence that the kernel has could not be set up; end the process. */
err confine(unsigned flags, struct confinement *out);

#endif
