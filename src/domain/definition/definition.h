#ifndef DOMAIN_DEFINITION_DEFINITION_H
#define DOMAIN_DEFINITION_DEFINITION_H

#include "domain/definition/procedure.h"

/*
 * A definition as bytes: the files that a version of a procedure is made of. From them, and from nothing else, the version can be read again,
 * as long as anybody refers to it; its name is their digest, so nothing else can pass for it.
 */

struct definition_file {
	struct str path;   /* as in struct procedure */
	struct str digest; /* SHA-256, 64 hex digits */
	struct str bytes;
};

/*
 * The files of a procedure that was read from this folder, in the order of procedure->files. CONFLICT: they are not those any more
 * that it was read from.
 */
err definition_files(struct arena *arena, const char *folder, const struct procedure *procedure, struct definition_file **out);

/*
 * The procedure that these files define. `arena` holds it, and its texts are copies. CONFLICT: the files do not make that version; INVALID: they
 * cannot be read (any more).
 */
err definition_read(struct arena *arena, struct str procedure_id, struct str version, const struct definition_file *files, size_t count,
	const struct procedure **out);

#endif
