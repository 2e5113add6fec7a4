#ifndef TOOLS_GEN_IO_H
#define TOOLS_GEN_IO_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/*
 * What the generators of the build share: whole files in and out, faults with file:line:column, C
 * string literals.
 *
 * Faults are collected, not printed, so that a generator can name one fault of each file in one run
 * and a test can read them. gen_fault answers INVALID, ready to be returned.
 */

struct gen {
	struct arena *arena;
	struct buf faults;
	size_t fault_count;
};

void gen_init(struct gen *gen, struct arena *arena);

/* `at` is a byte offset in `source`; column counts characters from 1. */
err gen_fault(struct gen *gen, struct str file, struct str source, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* A fault for bad UTF-8 and for characters that nobody sees in an editor. */
err gen_check_text(struct gen *gen, struct str file, struct str text);

/* The whole file; a fault when it cannot be read or does not pass gen_check_text (gen_read_bytes
 * takes any bytes). */
err gen_read(struct gen *gen, const char *path, struct str *out);
err gen_read_bytes(struct gen *gen, const char *path, struct str *out);

/* By a temporary file and rename, so that an interrupted build leaves no half file. */
err gen_write(struct gen *gen, const char *path, struct str text);

/* All files below `folder`, by path relative to it, sorted; the folders visited are added to
 * `folders` with their paths. */
struct gen_paths {
	struct str *v;
	size_t n;
	size_t cap;
};
err gen_walk(
	struct gen *gen, const char *folder, struct gen_paths *files, struct gen_paths *folders);

/* target: all files and folders read, in the format of make; a new file changes its folder and so
 * the build. */
err gen_write_depfile(struct gen *gen, const char *path, const char *target, const char *root,
	const struct gen_paths *files, const struct gen_paths *folders);

/* A C string literal with its quotes; `indent` tabs before each line after the first, which breaks
 * after a line feed. */
void gen_c_string(struct buf *out, struct str text, unsigned indent);

/* Text that may stand inside a C comment. */
void gen_c_comment(struct buf *out, struct str text);

/* [a-z][a-z0-9_]*, and no word of C or macro of the system. */
bool gen_is_name(struct str name);

/* --name=value: the value, or the absent string. */
struct str gen_option(int argc, char **argv, const char *name);

/* Prints the faults; the exit status of the program. */
int gen_end(const struct gen *gen);

#endif
