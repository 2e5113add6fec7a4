#ifndef DOMAIN_DEFINITION_PROCEDURE_USE_H
#define DOMAIN_DEFINITION_PROCEDURE_USE_H

#include "domain/definition/procedure_read.h"
#include "domain/definition/reach.h"

/*
 * What a thorough check looks for besides faults: parts of definitions that no answer and no procedure ever leads to. A part of a shared
 * file is judged when all procedures have been read, because what one never asks another may ask. Of parts in each other the
 * innermost is told.
 *
 * Inside the reading of definitions; without reader->uses (at start, in tests of other things) all of it does nothing.
 */

struct use {
	struct place place;
	const char *words;     /* what is wrong when nothing leads here */
	struct str about;      /* said before them; empty: nothing */
	bool good;             /* in some procedure */
	bool told;             /* something inside is told already */
	struct use *around;    /* NULL: stands in nothing */
};

/* One more procedure says whether something leads to the part; NULL when nothing is being looked for. */
struct use *use_note(struct reader *reader, const struct node *node, struct place place, bool good, struct use *around, const char *words,
	struct str about);

/* Which node a condition was read from. */
void use_rule(struct reader *reader, const struct rule *rule, const struct node *node);

/* Looks at all conditions, sections and fields of a procedure that has no faults. */
void use_procedure(struct building *building);

/* Behind the last procedure: faults for what nothing leads to. */
void use_finish(struct reader *reader);

#endif
