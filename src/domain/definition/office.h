#ifndef DOMAIN_DEFINITION_OFFICE_H
#define DOMAIN_DEFINITION_OFFICE_H

#include "domain/definition/procedure.h"

/*
 * The offices that receive applications: the list "office" of the catalogue
 * (procedures/codes/office.csv). The letter of an office is that of its regional bureau (東 for
 * Tokyo and all below it); it leads the temporary reception number.
 */

/* The one that is in the list on that date (0: any); NULL: none. */
const struct choice *office_find(const struct catalogue *catalogue, struct str code, int32_t on);

/* Absent: no such office, or without a letter. */
struct str office_letter(const struct catalogue *catalogue, struct str code);

#endif
