/*
 * The limit of the store: the statements of a submission, with values as large as those that the
 * program writes, sent through the bare library of the database. No request, no session, no check,
 * no sealing, no savepoint.
 *
 *   raw_store URL CLIENTS COUNT
 *
 * URL: sqlite:/path or postgresql://…, of a database that bench_prepare has filled. The newest
 * application there is the pattern, and COUNT of the drafts are used up. CLIENTS: on SQLite (WAL,
 * synchronous=FULL) that many submissions share a commit; on PostgreSQL that many connections
 * commit each submission for itself and send it as one pipeline. Prints one line of key=value, with
 * bytes: those of all values that one submission binds.
 */

#include "raw_store.h"

#include "base/random.h"
#include "base/time.h"

#define AUDIT_LANES 16
/* Above whatever the program gives out. */
#define AUDIT_FIRST 100000000
#define MAIL_FIRST (INT64_C(1) << 62)
#define LONGEST 64

static const struct raw_engine *engine;
static struct raw_submission pattern;
static size_t mails, term_count;

_Noreturn void raw_die(const char *what, const char *detail)
{
	fprintf(stderr, "raw_store: %s: %s\n", what, detail);
	exit(1);
}

void *raw_alloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size);

	if (!p)
		raw_die("memory", "none");
	return p;
}

static struct sql_value text(const char *c)
{
	return (struct sql_value){.str = str_of(c)};
}

static struct sql_value number(int64_t n)
{
	return (struct sql_value){.i64 = n};
}

static int64_t to_number(const char *c)
{
	int64_t n;

	if (!str_to_i64(str_of(c), &n))
		raw_die("not a number", c);
	return n;
}

/* Sealed bytes look random, and so do these. */
static struct sql_value sealed(const char *size)
{
	size_t n = (size_t)to_number(size);
	char *bytes = raw_alloc(n, 1);

	random_bytes(bytes, n);
	return (struct sql_value){.str = str_make(bytes, n)};
}

static struct raw_table ask_some(const char *sql)
{
	struct raw_table table = engine->ask(sql);

	if (table.rows == 0)
		raw_die("not a database of bench_prepare", sql);
	return table;
}

/* ---- the pattern ---- */

static void read_mails(const char *account)
{
	char sql[512];
	struct raw_table each = ask_some(
		"SELECT (SELECT count(*) FROM outbox WHERE template = 'application_received') / "
		"(SELECT count(*) FROM application)");

	mails = (size_t)to_number(each.v[0]);
	if (mails > RAW_MAILS_MAX)
		raw_die("too many mails", each.v[0]);
	snprintf(sql, sizeof sql,
		"SELECT recipient, template, locale, length(payload) FROM outbox WHERE account_id "
		"= %s "
		"AND template = 'application_received' ORDER BY id DESC LIMIT %zu",
		account, mails);
	struct raw_table rows = ask_some(sql);

	for (size_t i = 0; i < rows.rows; i++) {
		char **row = rows.v + i * rows.columns;

		pattern.recipient[i] = text(row[0]);
		pattern.template = text(row[1]);
		pattern.locale = text(row[2]);
		pattern.payload[i] = sealed(row[3]);
	}
}

static void read_terms(const char *account, const char *application)
{
	char sql[512];

	snprintf(sql, sizeof sql,
		"SELECT term FROM application_term WHERE account_id = %s AND application_id = %s",
		account, application);
	struct raw_table rows = ask_some(sql);

	term_count = rows.rows < RAW_TERMS_MAX ? rows.rows : RAW_TERMS_MAX;
	for (size_t i = 0; i < RAW_TERMS_MAX; i++)
		pattern.terms[i] = text(rows.v[i < term_count ? i : 0]);
}

static void read_pattern(void)
{
	struct raw_table table = ask_some(
		"SELECT account_id, id, procedure, version, office, user_type, status, name, "
		"email, "
		"lang, reference, temporary_no, length(answers) FROM application ORDER BY id DESC "
		"LIMIT 1");
	static char hash[32];

	random_bytes(hash, sizeof hash);
	pattern = (struct raw_submission){
		.procedure = text(table.v[2]),
		.version = text(table.v[3]),
		.office = text(table.v[4]),
		.user_type = text(table.v[5]),
		.status = text(table.v[6]),
		.name = text(table.v[7]),
		.email = text(table.v[8]),
		.lang = text(table.v[9]),
		.reference = text(table.v[10]),
		.temporary_no = text(table.v[11]),
		.answers = sealed(table.v[12]),
		.hash = {.str = str_make(hash, sizeof hash)},
		.one = number(1),
		.none = text(""),
		.submit = text("submit"),
		.submitted = text("application_submitted"),
		.object = text("application"),
	};
	read_mails(table.v[0]);
	read_terms(table.v[0], table.v[1]);
}

/* ---- submissions ---- */

/* The pattern's text with a running number at its end: of the same length, and unlike any other. */
static struct sql_value numbered(struct sql_value like, char letter, size_t n)
{
	char *out = raw_alloc(LONGEST, 1), tail[16];
	size_t digits = (size_t)snprintf(tail, sizeof tail, "%c%06zu", letter, n);

	if (like.str.n >= LONGEST || like.str.n < digits)
		raw_die("a number of another form", like.str.p);
	memcpy(out, like.str.p, like.str.n - digits);
	memcpy(out + like.str.n - digits, tail, digits);
	return (struct sql_value){.str = str_make(out, like.str.n)};
}

/* An address of that length that nobody else has: mails to one address wait for each other. */
static struct sql_value address(struct sql_value like, char letter, size_t n)
{
	char *out = raw_alloc(LONGEST, 1), head[16];
	size_t digits = (size_t)snprintf(head, sizeof head, "%c%06zu", letter, n);

	if (like.str.n >= LONGEST || like.str.n < digits)
		raw_die("an address of another form", like.str.p);
	memcpy(out, like.str.p, like.str.n);
	memcpy(out, head, digits);
	return (struct sql_value){.str = str_make(out, like.str.n)};
}

/* Terms that are numbers are those of this submission. */
static void own_terms(struct raw_submission *submission)
{
	for (size_t i = 0; i < RAW_TERMS_MAX; i++) {
		if (i >= term_count)
			submission->terms[i] = submission->terms[0];
		else if (str_eq(pattern.terms[i].str, pattern.reference.str))
			submission->terms[i] = submission->reference;
		else if (submission->terms[i].str.n > 6 &&
			 strspn(submission->terms[i].str.p + submission->terms[i].str.n - 6,
				 "0123456789") == 6)
			submission->terms[i] = submission->temporary_no;
	}
}

/* `first`: how many there are already, so that a second run has other numbers. */
static struct raw_submission *make_submissions(size_t count, size_t first)
{
	struct raw_submission *submissions = raw_alloc(count, sizeof *submissions);
	struct sql_value message_id = text("00000000000000000000000000000000");
	char sql[256];

	/* People come in no order. Tokens are random, and the same for each run on a copy. */
	snprintf(sql, sizeof sql,
		"SELECT account_id, id, revision, token, files FROM draft WHERE revision = 2 ORDER BY token "
		"LIMIT %zu",
		count);
	struct raw_table drafts = ask_some(sql);

	if (drafts.rows < count)
		raw_die("not enough drafts", sql);
	int64_t now = time_now();
	for (size_t i = 0; i < count; i++) {
		struct raw_submission *one = &submissions[i];
		char **row = drafts.v + i * drafts.columns;

		*one = pattern;
		one->account = number(to_number(row[0]));
		one->draft = number(to_number(row[1]));
		one->revision = number(to_number(row[2]));
		one->token = text(row[3]);
		one->files = number(to_number(row[4]));
		one->lane = number(one->account.i64 % AUDIT_LANES);
		one->now = number(now);
		/* A little above the draft's: unique as that is, and rising. */
		one->application = number(one->draft.i64 + (INT64_C(1) << 40));
		size_t n = first + i;

		one->entries = number(RAW_ENTRIES);
		for (size_t k = 0; k < RAW_ENTRIES; k++)
			one->number[k] = number(AUDIT_FIRST + (int64_t)(n * RAW_ENTRIES + k));
		one->reference = numbered(pattern.reference, 'R', n);
		one->temporary_no = numbered(pattern.temporary_no, 'T', n);
		own_terms(one);
		for (size_t k = 0; k < mails; k++) {
			one->mail_id[k] = number(MAIL_FIRST + (int64_t)(n * RAW_MAILS_MAX + k));
			one->recipient[k] = address(pattern.recipient[k], (char)('a' + k), n);
			one->message_id[k] = numbered(message_id, (char)('a' + k), n);
		}
	}
	return submissions;
}

/* ---- result ---- */

static int by_time(const void *a, const void *b)
{
	int64_t x = ((const struct raw_submission *)a)->us,
		y = ((const struct raw_submission *)b)->us;

	return (x > y) - (x < y);
}

static size_t bytes_of(const struct raw_plan *plan, const struct raw_submission *submission)
{
	size_t bytes = 0;

	for (size_t s = 0; s < plan->n; s++)
		for (size_t i = 0; i < plan->v[s].query->in_count; i++)
			bytes += plan->v[s].query->in[i].type == SQL_I64
					 ? sizeof(int64_t)
					 : raw_value(submission, &plan->v[s], i)->str.n;
	return bytes;
}

static int64_t count_applications(void)
{
	return to_number(ask_some("SELECT count(*) FROM application").v[0]);
}

static int64_t count_drafts(void)
{
	return to_number(ask_some("SELECT count(*) FROM draft").v[0]);
}

int main(int argc, char **argv)
{
	uint64_t clients, count;

	if (argc != 4 || !str_to_u64(str_of(argv[2]), &clients) ||
		!str_to_u64(str_of(argv[3]), &count) || clients == 0 || clients > RAW_CLIENTS_MAX ||
		count == 0)
		raw_die("usage", "raw_store URL CLIENTS COUNT");
	engine = str_starts(str_of(argv[1]), STR("sqlite:")) ? &raw_sqlite : &raw_pg;
	engine->open(argv[1]);
	read_pattern();
	int64_t before = count_applications(), drafts = count_drafts();
	struct raw_submission *submissions = make_submissions(count, (size_t)before);
	struct raw_plan plan = raw_plan_make(mails);
	size_t bytes = bytes_of(&plan, submissions);
	int64_t begin = time_monotonic_us();

	engine->run(&plan, submissions, count, clients);
	double seconds = (double)(time_monotonic_us() - begin) / 1e6;

	if (count_applications() != before + (int64_t)count)
		raw_die("not every submission is there", argv[1]);
	if (count_drafts() != drafts - (int64_t)count)
		raw_die("not every draft is gone", argv[1]);
	qsort(submissions, count, sizeof *submissions, by_time);
	printf("requests=%zu seconds=%.3f rps=%.0f p50_us=%lld p99_us=%lld bytes=%zu "
	       "statements=%zu\n",
		count, seconds, (double)count / seconds, (long long)submissions[count / 2].us,
		(long long)submissions[count * 99 / 100].us, bytes, plan.n);
	return 0;
}
