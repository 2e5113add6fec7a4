#ifndef DOMAIN_DEFINITION_FEE_H
#define DOMAIN_DEFINITION_FEE_H

#include "base/arena.h"
#include "base/str.h"

/*
 * What a permission costs. Fees change by order of the Cabinet, so they are rows of procedures/fees.csv: of one procedure, one kind (single or
 * multiple re-entry) and one channel there is at most one fee on a day, and the day that counts is that of reception, not that of the permission.
 * A procedure without rows says nothing of a fee; a row of 0 yen says that there is none.
 *
 * A row may also be due inside another procedure: `joined_by` names the field of type multi (the applications at the same time) in which
 * this procedure is ticked, `kind_field` the one whose answer is the kind.
 *
 * The table is read and checked at start with the procedures (docs/procedures.md) and is constant from then on.
 *
 * Sources: Immigration Control and Refugee Recognition Act, Article 67; the Cabinet Order on its fees, named in each row.
 */

struct answers;
struct procedure;
struct reader;

enum fee_channel { FEE_COUNTER, FEE_ONLINE, FEE_CHANNEL_COUNT };

struct fee {
	struct str procedure;
	struct str joined_by;  /* absent: never part of another application */
	struct str kind_field; /* absent: there is one kind */
	struct str kind;       /* absent exactly when kind_field is */
	enum fee_channel channel;
	int32_t from, until;   /* days of reception, YYYYMMDD, both included; 0: without end on that side */
	int64_t yen;
	struct str source;     /* the order that says so */
};

struct fee_table {
	const struct fee *v; /* in the order of the file */
	size_t n;
};

/* fees.csv of the folder; faults are reported there. A folder without the file has no fees. */
void fees_read(struct reader *reader, struct fee_table *out);

/* NULL: the table says nothing of that day. An absent kind finds fees without kind only. */
const struct fee *fee_find(const struct fee_table *table, struct str procedure, enum fee_channel channel, struct str kind, int32_t received);

/*
 * What an application costs when it is permitted: the fee of its procedure and those of the applications at the same time, in the order of the
 * table, in `arena`. A kind that is not answered yet is left out. Answers how many.
 */
size_t fees_due(const struct fee_table *table, struct arena *arena, const struct procedure *procedure, const struct answers *answers,
	enum fee_channel channel, int32_t received, const struct fee *const **out);

#endif
