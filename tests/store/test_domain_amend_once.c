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
	struct attachment_gone gone;
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	for (int round = 1; round <= 10; round++) {
		in_threads(world, BEGINNERS, begin, &begins);
		assert_int_equal(begins.failures, 0);
		for (size_t i = 0; i < BEGINNERS; i++)
			assert_int_equal(begins.ids[i], begins.ids[0]);
		assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 1);
		assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'amend_begun'"), round);
		if (round < 10)
			assert_ok(draft_delete(as(world, sent.account), begins.ids[0], &gone));
	}
	assert_ok(attachment_list(as(world, sent.account), begins.ids[0], &list));
	assert_int_equal(list.n, 2);
	/* the schema takes no other */
	db_exec(world->db, "INSERT INTO draft (account_id, id, procedure, version, revision, token, visited, created_at, saved_at, keep_until, told, answers, application_id) "
			   "SELECT account_id, id + 1, procedure, version, 1, 'another', '', 0, 0, 0, 0, answers, application_id FROM draft WHERE id > 0 ON CONFLICT DO NOTHING");
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 1);
}

/* ---- one press ---- */

#define PRESSES 12

struct presses {
	const struct sent *sent;
	int64_t draft;
	struct str token;
	char digits[PRESSES][16];
	bool first[PRESSES];
	err results[PRESSES];
};

static void press(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct presses *presses = arg;
	struct receipt receipt = {0};
	(void)world;
	cx_become(cx, presses->sent->account);
	presses->results[number] = pressed(cx, presses->draft, presses->token, &receipt);
	if (failed(presses->results[number]))
		return;
	snprintf(presses->digits[number], sizeof presses->digits[number], STR_FMT, STR_ARG(receipt.reference));
	presses->first[number] = !receipt.repeated;
}

/* One of them does it, all others are told so, and it is done. */
static void many_presses_are_one_step(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct presses presses = {.sent = &sent};
	int firsts = 0;
	assert_ok(send_back(world, &sent, open_items, 1, ""));
	presses.draft = begun(world, &sent, &presses.token);
	in_threads(world, PRESSES, press, &presses);
	for (size_t i = 0; i < PRESSES; i++) {
		assert_ok(presses.results[i]);
		assert_str(str_of(presses.digits[i]), sent.reference);
		firsts += presses.first[i];
	}
	assert_int_equal(firsts, 1);
	assert_int_equal(status_now(world, &sent), STATUS_REVIEW);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application_event WHERE event = 'resubmit'"), 1);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM outbox WHERE template = 'application_again'"), 2);
}

/* What has not happened is not told as done. */
static void assert_not_submitted(struct world *world, const struct sent *sent)
{
	assert_int_equal(status_now(world, sent), STATUS_RETURNED);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application_event WHERE event = 'resubmit'"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM outbox WHERE template = 'application_again'"), 0);
}

static void a_form_that_has_changed_is_looked_at_first(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct receipt receipt = {0};
	struct draft draft;
	struct str token;
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	int64_t id = begun(world, &sent, &token);
	db_exec(world->db, "UPDATE draft SET version = 'earlier'");
	assert_err(pressed(as(world, sent.account), id, token, &receipt), ERR_CONFLICT);
	assert_not_submitted(world, &sent);
	/* the draft is there, and goes through when it has been looked at */
	assert_ok(draft_require(as(world, sent.account), id, &draft));
	assert_true(draft.outdated);
	assert_ok(draft_renew(as(world, sent.account), id));
	assert_ok(pressed(as(world, sent.account), id, token, &receipt));
	assert_false(receipt.repeated);
	assert_int_equal(status_now(world, &sent), STATUS_REVIEW);
}

static void a_draft_that_is_deleted_submits_nothing(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct receipt receipt = {0};
	struct str token, other;
	struct attachment_gone gone;
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	int64_t id = begun(world, &sent, &token);
	assert_ok(draft_delete(as(world, sent.account), id, &gone));
	assert_err(pressed(as(world, sent.account), id, token, &receipt), ERR_NOT_FOUND);
	assert_not_submitted(world, &sent);
	/* begun anew it is another draft, and the page of the first one does not submit it */
	int64_t again = begun(world, &sent, &other);
	assert_false(str_eq(token, other));
	assert_err(pressed(as(world, sent.account), id, token, &receipt), ERR_NOT_FOUND);
	assert_err(pressed(as(world, sent.account), again, token, &receipt), ERR_CONFLICT);
	assert_not_submitted(world, &sent);
	assert_ok(pressed(as(world, sent.account), again, other, &receipt));
	assert_err(pressed(as(world, sent.account), id, token, &receipt), ERR_NOT_FOUND);
}

/* Sent back twice: each press is answered by what came of its own draft. */
static void each_press_has_its_own_receipt(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct receipt receipt = {0};
	struct str first, second, origin = str_dup(&world->arena, str_of(db_dump(world->db, "SELECT token FROM application")));
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	int64_t one = begun(world, &sent, &first);
	assert_ok(pressed(as(world, sent.account), one, first, &receipt));
	assert_false(receipt.repeated);
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	int64_t two = begun(world, &sent, &second);
	/* the first press again, and that of the first submission: done, and so they are answered */
	assert_ok(pressed(as(world, sent.account), one, first, &receipt));
	assert_true(receipt.repeated);
	assert_str(receipt.reference, sent.reference);
	assert_ok(pressed(as(world, sent.account), one, str_trim(origin), &receipt));
	assert_true(receipt.repeated);
	/* the second: not done, whatever the first was */
	db_exec(world->db, "UPDATE draft SET version = 'earlier'");
	assert_err(pressed(as(world, sent.account), two, second, &receipt), ERR_CONFLICT);
	assert_err(pressed(as(world, sent.account), two, first, &receipt), ERR_CONFLICT);
	assert_err(pressed(as(world, sent.account), two, str_trim(origin), &receipt), ERR_CONFLICT);
	assert_int_equal(status_now(world, &sent), STATUS_RETURNED);
	assert_ok(draft_renew(as(world, sent.account), two));
	assert_ok(pressed(as(world, sent.account), two, second, &receipt));
	assert_false(receipt.repeated);
	assert_int_equal(status_now(world, &sent), STATUS_REVIEW);
	assert_ok(pressed(as(world, sent.account), two, second, &receipt));
	assert_true(receipt.repeated);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application_event WHERE event = 'resubmit'"), 2);
	/* of nobody else, and of nothing */
	int64_t other = account_add(world, "b@example.jp", NULL);
	assert_err(receipt_find(as(world, other), second, &receipt), ERR_NOT_FOUND);
	assert_err(receipt_find(as(world, sent.account), STR(""), &receipt), ERR_NOT_FOUND);
}

struct tabs {
	struct presses press;
	atomic_bool done;
};

/* One tab applies, the others keep on typing. */
static void apply_or_type(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct tabs *tabs = arg;
	cx_become(cx, tabs->press.sent->account);
	if (number == 0) {
		press(world, cx, 0, &tabs->press);
		tabs->done = true;
	}
	for (int i = 0; i < 200 && !tabs->done; i++) {
		struct answers answers;
		struct draft_saved saved;
		struct draft draft;
		cx_end(cx);
		arena_reset(cx->arena);
		if (failed(draft_require(cx, tabs->press.draft, &draft)))
			return;
		const struct field *phone = procedure_field(draft.procedure, STR("phone"));
		answers_init(&answers, cx->arena);
		answers_set(&answers, STR("phone"), STR("0975550000"));
		/* It has been submitted meanwhile, or was saved by the other. */
		IGNORE(draft_save(cx,
			&(struct draft_save){.id = draft.id, .revision = draft.revision, .overwrite = true, .section = STR("about"), .fields = &phone, .field_count = 1, .answers = &answers},
			&saved));
	}
}

static void what_is_told_as_done_is_done(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	for (int round = 0; round < 20; round++) {
		struct tabs tabs = {.press = {.sent = &sent}};
		struct receipt receipt;
		assert_ok(send_back(world, &sent, open_items, 3, ""));
		tabs.press.draft = begun(world, &sent, &tabs.press.token);
		in_threads(world, 3, apply_or_type, &tabs);
		bool told = !failed(tabs.press.results[0]);
		assert_int_equal(status_now(world, &sent), told ? STATUS_REVIEW : STATUS_RETURNED);
		assert_true(told || tabs.press.results[0].code == ERR_RETRY);
		/* and what was not done can be done */
		if (!told)
			assert_ok(pressed(as(world, sent.account), tabs.press.draft, tabs.press.token, &receipt));
	}
}

/* ---- the end of the return process ---- */

static void withdrawn_it_is_not_modified_any_more(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct receipt receipt;
	struct draft draft;
	struct attachments list;
	struct str token;
	assert_ok(send_back(world, &sent, open_items, 3, ""));
	int64_t id = begun(world, &sent, &token);
	file_add(as(world, sent.account), id, "photo", "another face");
	assert_ok(application_change(as(world, sent.account), sent.reference, EVENT_WITHDRAW, STR("")));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application_open"), 0);
	assert_err(draft_require(as(world, sent.account), id, &draft), ERR_NOT_FOUND);
	assert_err(amend_begin(as(world, sent.account), sent.reference, &id), ERR_CONFLICT);
	assert_err(pressed(as(world, sent.account), id, token, &receipt), ERR_NOT_FOUND);
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

/*
 * What had come to be before there was one draft for each. Those that carry their application's token, by which its first receipt is found, get
 * another, and all say in which version's shape their answers are.
 */
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
	assert_ok(store_migrate_to(&db->conf, step_named("_amend_token") + 1, &version));
	assert_string_equal(db_dump(db, "SELECT id, token FROM draft ORDER BY id"), "1|token0\n2|token0\n12|12\n22|22\n");
	assert_ok(store_migrate_to(&db->conf, step_named("_application_before") + 1, &version));
	assert_string_equal(db_dump(db, "SELECT id, version FROM draft ORDER BY id"), "1|new\n2|new\n12|old\n22|old\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(modify_pressed_often_begins_one_draft),
		IN_BOTH(many_presses_are_one_step),
		IN_BOTH(a_form_that_has_changed_is_looked_at_first),
		IN_BOTH(a_draft_that_is_deleted_submits_nothing),
		IN_BOTH(each_press_has_its_own_receipt),
		IN_BOTH(what_is_told_as_done_is_done),
		IN_BOTH(withdrawn_it_is_not_modified_any_more),
		IN_BOTH(begun_while_it_is_withdrawn),
		EMPTY_BOTH(of_several_drafts_the_last_saved_stays),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
