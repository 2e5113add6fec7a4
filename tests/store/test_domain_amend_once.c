#include "amend_support.h"

#include "domain/audit.h"

#include <stdatomic.h>

/* An application that was sent back has one draft, and is submitted again once: by whoever presses, however often, and by nobody else. On both engines. */

/* ---- one draft ---- */

#define BEGINNERS 12

struct begins {
	const struct sent *sent;
	int64_t ids[BEGINNERS];
	atomic_int failures;
};

static void begin(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct begins *begins = arg;
	(void)world;
	cx_become(cx, begins->sent->account);
	begins->failures += failed(amend_begin(cx, begins->sent->reference, &begins->ids[number]));
}

static void modify_pressed_often_begins_one_draft(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct begins begins = {.sent = &sent};
	struct attachments list;
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	for (int round = 1; round <= 10; round++) {
		in_threads(world, BEGINNERS, begin, &begins);
		assert_int_equal(begins.failures, 0);
		for (size_t i = 0; i < BEGINNERS; i++)
			assert_int_equal(begins.ids[i], begins.ids[0]);
		assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 1);
		assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'amend_begun'"), round);
		if (round < 10)
			assert_ok(draft_delete(as(world, sent.account), begins.ids[0]));
	}
	assert_ok(attachment_list(as(world, sent.account), begins.ids[0], &list));
	assert_int_equal(list.n, 2);
	/* the schema takes no other */
	db_exec(world->db, "INSERT INTO draft (account_id, id, procedure, version, revision, token, visited, created_at, saved_at, keep_until, told, answers, application_id) "
			   "SELECT account_id, id + 1, procedure, version, 1, 'another', '', 0, 0, 0, 0, answers, application_id FROM draft WHERE id > 0 ON CONFLICT DO NOTHING");
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 1);
}

/* ---- the end of the return process ---- */

static void withdrawn_it_is_not_modified_any_more(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct draft draft;
	struct attachments list;
	int64_t id = 0;
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	assert_ok(amend_begin(as(world, sent.account), sent.reference, &id));
	file_add(as(world, sent.account), id, "photo", "another face");
	assert_ok(application_change(as(world, sent.account), sent.reference, EVENT_WITHDRAW, STR("")));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application_open"), 0);
	assert_err(draft_require(as(world, sent.account), id, &draft), ERR_NOT_FOUND);
	assert_err(amend_begin(as(world, sent.account), sent.reference, &id), ERR_CONFLICT);
	assert_int_equal(status_now(world, &sent), STATUS_WITHDRAWN);
	/* the draft's files are gone, those of the application are there */
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment WHERE draft_id <> 0"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment_drop"), 3);
	assert_ok(attachment_list_of(as(world, sent.account), sent.account, sent.application, &list));
	assert_int_equal(list.n, 2);
}

static void begin_or_withdraw(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct begins *begins = arg;
	cx_become(cx, begins->sent->account);
	if (number == 0)
		assert_ok(application_change(cx, begins->sent->reference, EVENT_WITHDRAW, STR("")));
	else
		begin(world, cx, number, arg);
}

static void begun_while_it_is_withdrawn(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct begins begins = {.sent = &sent};
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	in_threads(world, BEGINNERS, begin_or_withdraw, &begins);
	assert_int_equal(status_now(world, &sent), STATUS_WITHDRAWN);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment WHERE draft_id <> 0"), 0);
}

/* ---- the step of the schema ---- */

static int step_named(const char *name)
{
	for (size_t i = 0; i < sql_catalog.migration_count; i++)
		if (strstr(sql_catalog.migrations[i].name, name))
			return (int)i;
	fail_msg("no step %s", name);
	return 0;
}

static void add_application(struct db *db, int id, const char *status)
{
	char sql[600];
	snprintf(sql, sizeof sql,
		"INSERT INTO application (account_id, id, token, reference, temporary_no, procedure, version, office, user_type, status, revision, name, email, lang, note, submitted_at, "
		"changed_at, answers) VALUES (1, %d, 'token%d', '', '', 'extension', 'old', '', '', '%s', 1, '', '', '', '', 0, 0, %s)",
		id, id, status, db->is_pg ? "''" : "x''");
	db_exec(db, sql);
	snprintf(sql, sizeof sql, "INSERT INTO application_open (account_id, application_id, item) VALUES (1, %d, 'photo')", id);
	db_exec(db, sql);
}

static void add_draft(struct db *db, int id, int application, int saved)
{
	char sql[600];
	snprintf(sql, sizeof sql,
		"INSERT INTO draft (account_id, id, procedure, version, revision, token, visited, created_at, saved_at, keep_until, told, answers, application_id) "
		"VALUES (1, %d, 'extension', 'new', 1, 'token%d', '', 0, %d, 0, 0, %s, %d)",
		id, application, saved, db->is_pg ? "''" : "x''", application);
	db_exec(db, sql);
}

/* What had come to be before there was one draft for each. */
static void of_several_drafts_the_last_saved_stays(void **state)
{
	struct db *db = *state;
	int version, step = step_named("_amend_once");
	assert_ok(store_migrate_to(&db->conf, step, &version));
	db_exec(db, "INSERT INTO account (id, user_id, email, user_type, name, phone, postal_code, address, sex, birth_on, org_name, lang, password_hash, password_at, tries, "
		    "locked_until, login_at, created_at) VALUES (1, 'U', 'a', '', '', '', '', '', '', 0, '', '', '', 0, 0, 0, 0, 0)");
	add_application(db, 10, "returned");
	add_application(db, 20, "returned");
	add_application(db, 30, "withdrawn");
	add_draft(db, 1, 0, 5); /* of new applications */
	add_draft(db, 2, 0, 5);
	add_draft(db, 11, 10, 7);
	add_draft(db, 12, 10, 9);
	add_draft(db, 13, 10, 8);
	add_draft(db, 21, 20, 4); /* at the same moment */
	add_draft(db, 22, 20, 4);
	add_draft(db, 31, 30, 4);
	assert_ok(store_migrate_to(&db->conf, step + 1, &version));
	assert_string_equal(db_dump(db, "SELECT id FROM draft ORDER BY id"), "1\n2\n12\n22\n");
	assert_string_equal(db_dump(db, "SELECT application_id FROM application_open ORDER BY application_id"), "10\n20\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(modify_pressed_often_begins_one_draft),
		IN_BOTH(withdrawn_it_is_not_modified_any_more),
		IN_BOTH(begun_while_it_is_withdrawn),
		EMPTY_BOTH(of_several_drafts_the_last_saved_stays),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
