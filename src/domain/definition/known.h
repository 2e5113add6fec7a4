#ifndef DOMAIN_DEFINITION_KNOWN_H
#define DOMAIN_DEFINITION_KNOWN_H

#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What a condition comes to when perhaps not every answer is known: it holds, it does not, or that is open. The one place that knows what
 * `all`, `any` and `not` mean, that a section's condition counts for its fields and a group's for its rows, and that a comparison with
 * what is not shown is false.
 *
 * What is known of a leaf (a comparison with a field, who the person is, whether a card was read) the caller says by `look`: domain/definition/rule.h
 * knows all answers, domain/definition/minutes.h and domain/definition/paths.h those that decide, domain/definition/rule_fold.h those of other pages, domain/definition/reach.h what
 * it supposes. `look` is asked about the value alone, and only where the field is not certainly hidden. It finds the caller's own struct
 * around `known`, which stands first in it.
 *
 * NO and YES are certain: they stay what they are whatever the open leaves turn out to be. OPEN is not: of leaves that exclude each other
 * nothing is seen here (`any` of "a" and "not a" is open as long as a is).
 *
 * What came out for a field or section is remembered until known_forget; what is known must not change meanwhile. Nothing is allocated.
 * Definitions with a circle are refused when they are read, so looking ends.
 */

struct field;
struct known;
struct rule;
struct section;

enum holds { HOLDS_NO, HOLDS_OPEN, HOLDS_YES }; /* in this order: `all` is the least of its parts, `any` the greatest */

typedef enum holds known_look(struct known *known, const struct rule *leaf);

struct known {
	known_look *look;
	bool everything;                  /* a look at the form itself: all is shown, whatever conditions say */
	uint8_t fields[LIMIT_FIELDS];     /* enum holds + 1; 0: not looked at yet */
	uint8_t sections[LIMIT_SECTIONS];
};

void known_init(struct known *known, known_look *look);
void known_forget(struct known *known);

enum holds known_rule(struct known *known, const struct rule *rule); /* NULL holds */
/* Whether it is shown: its own condition, and those around it. */
enum holds known_section(struct known *known, const struct section *section);
enum holds known_field(struct known *known, const struct field *field);

/* For `look`: what is certain either way. */
static inline enum holds holds_of(bool holds)
{
	return holds ? HOLDS_YES : HOLDS_NO;
}

#endif
