#ifndef DOMAIN_DEFINITION_DOCUMENT_H
#define DOMAIN_DEFINITION_DOCUMENT_H

#include "domain/definition/rule.h"
#include "domain/definition/text.h"

/* What a procedure wants to be attached, as data: see docs/procedures.md. What is there for it: domain/attachment/attachment.h. */

/* A paper that may be attached. What is expected and missing is told, not refused. */
struct document {
	struct str id;             /* "passport_copy": the row of an attachment names it; "photo" is none */
	struct text label;
	struct text hint;          /* what it must show, who issues it, how old it may be */
	bool expected;
	unsigned files;            /* for it at most */
	const struct rule *when;   /* NULL: always asked */
	bool by_tax;               /* tax information that was got online (domain/identity/tax.h) stands for it */
	const struct rule *by_tax_when; /* NULL: always; else while this holds */
};

/* The facial photo (manual 4.2.7). */
struct photo_rule {
	bool asked;                /* else the procedure wants none */
	const struct rule *when;   /* NULL: of everybody */
	bool may_skip;             /* `not_needed` is given: the person may declare that none is needed */
	const struct rule *not_needed; /* NULL: always */
};

#endif
