#ifndef DOMAIN_DEFINITION_FAULT_H
#define DOMAIN_DEFINITION_FAULT_H

#include "domain/definition/procedure.h"

/*
 * Collects what is wrong with definitions: lines "file:line:column: words", each once, although a shared part is read by
 * every procedure that includes it. Behind LIMIT_DEFINITION_FAULTS lines nothing is added.
 */

struct place {
	const char *file;
	unsigned line, column; /* from 1; columns count characters */
};

struct faults {
	struct arena *arena;
	struct definition_problems *problems;
	struct map seen;
};

void faults_init(struct faults *faults, struct arena *arena, struct definition_problems *problems);

/* The words name what is wrong and what is wanted; no full stop. */
void fault_at(struct faults *faults, struct place place, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
