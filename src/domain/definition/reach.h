#ifndef DOMAIN_DEFINITION_REACH_H
#define DOMAIN_DEFINITION_REACH_H

#include "domain/definition/procedure.h"

/*
 * Whether some answers lead somewhere: to a section, to a field, to a condition that holds. For whoever writes procedures; nothing of it
 * runs while people are served.
 *
 * Looked at are the conditions around it, those of the fields that they name, and what these can have for values: the choices of
 * a list, at most one of them in a radio, numbers and ages within bounds, kinds of users that the procedure is for. Answers of one row of
 * a group stand for all of them, and what is computed is taken to have any value. So "no" is certain, and "yes" is nearly so.
 * A search that goes on too long ends with yes.
 */

struct reach; /* one question after the other; in an arena */

/* `fields` and `sections` by index, as in struct procedure, which need not be published yet. */
struct reach *reach_new(struct arena *arena, const struct procedure *procedure);

bool reach_section(struct reach *reach, const struct section *section);
bool reach_field(struct reach *reach, const struct field *field);
/* Whether it can hold (or fail to), where all fields in `with` are shown. */
bool reach_rule(struct reach *reach, const struct rule *rule, bool wanted, const struct field *const *with, size_t with_count);

/*
 * The same for several conditions at once that must come out as said, for `reach_also` calls since the last question; for walks over
 * combinations of choices.
 */
void reach_also(struct reach *reach, const struct rule *rule, bool wanted);

#endif
