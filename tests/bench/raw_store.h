#ifndef BENCH_RAW_STORE_H
#define BENCH_RAW_STORE_H

#include "store/catalog.h"

/*
 * What raw_store.c, its plan and its two engines share. A submission is the list of statements that
 * the program runs for one, from the program's own catalogue, and a value for each of their
 * parameters. An engine sends them as fast as its library can, and nothing else is done around it.
 * Whatever fails ends the program.
 */

#define RAW_STATEMENTS_MAX 32
#define RAW_CLIENTS_MAX 64
#define RAW_MAILS_MAX 4
#define RAW_TERMS_MAX 8
#define RAW_ENTRIES 2 /* of the audit: the photo's and the application's */

/* The values of one submission. What it does not have of its own it has from the pattern. */
struct raw_submission {
	struct sql_value account, draft, revision, files, token;
	struct sql_value application, reference, temporary_no, answers;
	struct sql_value procedure, version, office, user_type, status, name, email, lang;
	struct sql_value terms[RAW_TERMS_MAX];
	struct sql_value mail_id[RAW_MAILS_MAX], message_id[RAW_MAILS_MAX];
	struct sql_value recipient[RAW_MAILS_MAX], payload[RAW_MAILS_MAX];
	struct sql_value template, locale;
	struct sql_value lane, number[RAW_ENTRIES], entries, hash;
	struct sql_value now, zero, one, none, submit, submitted, object;
	int64_t us; /* how long it took; set by the engine */
};

struct raw_statement {
	const struct sql_query *query;
	size_t offsets[SQL_VALUES_MAX]; /* of the parameters' values in struct raw_submission */
};

struct raw_plan {
	struct raw_statement v[RAW_STATEMENTS_MAX];
	size_t n;
};

/* The statements of a submission that sends that many mails. */
struct raw_plan raw_plan_make(size_t mails);

static inline const struct sql_value *raw_value(
	const struct raw_submission *submission, const struct raw_statement *statement, size_t i)
{
	return (const struct sql_value *)(const void *)((const char *)submission +
							statement->offsets[i]);
}

/* An answer as text, `columns` texts a row. */
struct raw_table {
	char **v;
	size_t rows, columns;
};

struct raw_engine {
	void (*open)(const char *url);
	struct raw_table (*ask)(const char *sql);
	/* SQLite: `clients` submissions in one commit. PostgreSQL: that many connections, a commit
	 * for each submission. */
	void (*run)(const struct raw_plan *plan, struct raw_submission *submissions, size_t count,
		size_t clients);
};

extern const struct raw_engine raw_sqlite, raw_pg;

_Noreturn void raw_die(const char *what, const char *detail);
void *raw_alloc(size_t count, size_t size); /* lives until the end */

#endif
