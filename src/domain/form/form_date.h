#ifndef DOMAIN_FORM_FORM_DATE_H
#define DOMAIN_FORM_FORM_DATE_H

#include "domain/definition/procedure.h"

/*
 * Dates as people write them. Understood are: 20000123; year, month and day with any of - / . , blanks or 年月日 between
 * them ("2000-1-23", "2000年1月"); years of the eras 明治 to 令和, also by letter (令和8年4月1日, R8.4.1, 平成元年); months by their English
 * name ("23 Jan 2000", "January 23, 2000"). Always year before month before day, unless the month is named: 01/02/2000 could be
 * two days and is not guessed. Widths do not matter.
 */

struct date_typed {
	int year, month, day;
	unsigned parts; /* 1: year, 2: and month, 3: and day */
};

/* False: not understood. Whether the day exists is not asked. */
bool date_understand(struct arena *arena, struct str typed, struct date_typed *out);

/* Only separators: boxes left empty. */
bool date_is_blank(struct str typed);

/* In the type's own form: digits, as many as it takes, the year from 1000. */
bool date_is_flat(enum field_type type, struct str value);
bool date_exists(struct str flat); /* in the calendar */

#endif
