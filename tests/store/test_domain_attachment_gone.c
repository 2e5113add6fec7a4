#include "domain_support.h"

#include "base/time.h"
#include "domain/attachment/attachment_job.h"
#include "domain/retention.h"

/* What becomes of the files of drafts that nobody saves any more, and of files that have no draft. On both engines. */

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);
	cx_become(cx, account);
	return cx;
}

static int64_t draft_new(struct world *world, int64_t account)
{
	int64_t id;
	assert_ok(draft_create(as(world, account), STR("extension"), &id));
	return id;
}

static void drafts_that_end_by_themselves_take_their_files(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	file_add(as(world, account), draft, "reason_letter", "bytes");
	world->now += world->portal.settings.draft_keep_ms + 2 * TIME_DAY;
	struct cx *cx = cx_fresh(world);
	cx->actor.kind = ACTOR_JOB;
	assert_ok(retention_run(cx));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment_drop"), 1);
}

/* More than one lot of them, each draft with its files; nobody else's. */
static void many_drafts_that_end_at_once(void **state)
{
	struct world *world = *state;
	enum { PEOPLE = 5, EACH = 25 };
	int64_t account = 0;
	for (int i = 0; i < PEOPLE; i++) {
		char email[32];
		snprintf(email, sizeof email, "p%d@example.jp", i);
		account = account_add(world, email, NULL);
		for (int j = 0; j < EACH; j++) {
			char bytes[32];
			snprintf(bytes, sizeof bytes, "bytes %d %d", i, j);
			file_add(as(world, account), draft_new(world, account), "reason_letter", bytes);
		}
	}
	world->now += world->portal.settings.draft_keep_ms;
	int64_t young = draft_new(world, account), kept = file_add(as(world, account), young, "reason_letter", "young");
	world->now += 2 * TIME_DAY;
	struct cx *cx = cx_fresh(world);
	cx->actor.kind = ACTOR_JOB;
	assert_ok(retention_run(cx));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 1);
	assert_int_equal(db_number(world->db, "SELECT MAX(id) FROM attachment"), kept);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment"), 1);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment_drop"), PEOPLE * EACH);
	/* not in one go, for which others would wait; each lot is on record, with its number */
	assert_in_range(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'drafts_expired'"), 2, 10);
	assert_int_equal(db_number(world->db, "SELECT SUM(CAST(detail AS BIGINT)) FROM audit_entry WHERE event = 'drafts_expired'"), PEOPLE * EACH);
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 1);
}

/* What ends a draft takes its files along, so these rows are made by hand. */
static void files_without_a_draft(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), other = account_add(world, "b@example.jp", NULL);
	file_add(as(world, account), draft_new(world, account), "reason_letter", "one");
	file_add(as(world, other), draft_new(world, other), "reason_letter", "two");
	int64_t kept = file_add(as(world, other), draft_new(world, other), "reason_letter", "three");
	struct cx *cx = cx_fresh(world);
	cx->actor.kind = ACTOR_JOB;
	assert_ok(attachment_orphans(cx));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment"), 3);
	char sql[100];
	snprintf(sql, sizeof sql, "DELETE FROM draft WHERE id NOT IN (SELECT draft_id FROM attachment WHERE id = %lld)", (long long)kept);
	db_exec(world->db, sql);
	assert_ok(attachment_orphans(cx_fresh(world)));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment"), 1);
	assert_int_equal(db_number(world->db, "SELECT id FROM attachment"), kept);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment_drop"), 2);
}

static void double_rows(struct world *world, long long by)
{
	char sql[900];
	snprintf(sql, sizeof sql,
		"INSERT INTO draft (account_id, id, procedure, version, revision, token, visited, created_at, saved_at, keep_until, told, answers)"
		" SELECT account_id, id + %lld, procedure, version, revision, token, visited, created_at, saved_at, keep_until, told, answers FROM draft", by);
	db_exec(world->db, sql);
	snprintf(sql, sizeof sql,
		"INSERT INTO attachment (account_id, id, draft_id, application_id, document, state, reason, detail, name, size, arrived, digest, kept, kept_size,"
		" kept_digest, pages, width, height, resumable, created_at, changed_at, until_at)"
		" SELECT account_id, id + %lld, draft_id + %lld, application_id, document, state, reason, detail, name, size, arrived, digest, kept, kept_size,"
		" kept_digest, pages, width, height, resumable, created_at, changed_at, until_at FROM attachment", by, by);
	db_exec(world->db, sql);
}

/* More than are looked at in one go: the first, the last and one between them are found. */
static void files_without_a_draft_among_many(void **state)
{
	struct world *world = *state;
	enum { DOUBLED = 11, ALL = 1 << DOUBLED };
	int64_t account = account_add(world, "a@example.jp", NULL), first = draft_new(world, account);
	file_add(as(world, account), first, "reason_letter", "bytes");
	for (int i = 0; i < DOUBLED; i++)
		double_rows(world, 1 << i);
	char sql[200];
	snprintf(sql, sizeof sql, "DELETE FROM draft WHERE id IN (%lld, %lld, %lld)", (long long)first, (long long)first + 1234, (long long)first + ALL - 1);
	db_exec(world->db, sql);
	struct cx *cx = cx_fresh(world);
	cx->actor.kind = ACTOR_JOB;
	assert_ok(attachment_orphans(cx));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment"), ALL - 3);
	assert_int_equal(db_number(world->db,
		"SELECT count(*) FROM attachment a WHERE NOT EXISTS (SELECT 1 FROM draft d WHERE d.account_id = a.account_id AND d.id = a.draft_id)"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(drafts_that_end_by_themselves_take_their_files),
		IN_BOTH(many_drafts_that_end_at_once),
		IN_BOTH(files_without_a_draft),
		IN_BOTH(files_without_a_draft_among_many),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
