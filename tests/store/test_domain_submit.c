#include "domain_support.h"

#include "base/time.h"
#include "domain/audit.h"
#include "store/query.h"

#include <stdatomic.h>

/* From a draft to an application: whole or not at all, and once. On both engines. */

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);

	cx_become(cx, account);
	return cx;
}

static int64_t count(struct world *world, const char *table)
{
	char sql[100];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return db_number(world->db, sql);
}

static int64_t submissions_on_record(struct world *world)
{
	return db_number(world->db,
		"SELECT count(*) FROM audit_entry WHERE event = 'application_submitted'");
}

/* Everything that belongs to an application is there so many times, and nothing else. */
static void assert_applications(struct world *world, int64_t n)
{
	assert_int_equal(count(world, "application"), n);
	assert_int_equal(count(world, "number"), 2 * n);
	assert_int_equal(count(world, "application_event"), n);
	assert_int_equal(submissions_on_record(world), n);
	assert_int_equal(
		db_number(world->db,
			"SELECT count(*) FROM outbox WHERE template = 'application_received'"),
		2 * n);
	assert_true(n == 0 ? count(world, "application_term") == 0
			   : count(world, "application_term") > 0);
}

static err submit(struct cx *cx, const struct draft *draft, struct receipt *out)
{
	struct issues issues = {0};
	err result = application_submit(cx, draft->id, draft->submission_token, &issues, out);

	for (size_t i = 0; i < issues.n && !failed(result); i++)
		if (!issues.v[i].warning)
			fail_msg("issue at %.*s", STR_ARG(issues.v[i].path));
	return result;
}

static void an_incomplete_draft_stays_a_draft(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct cx *cx = as(world, account);
	struct issues issues = {0};
	struct receipt receipt = {.application_id = 42};
	struct draft draft;
	int64_t id;

	assert_ok(draft_create(cx, STR("extension"), &id));
	assert_ok(draft_require(cx, id, &draft));
	assert_ok(application_submit(cx, id, draft.submission_token, &issues, &receipt));
	assert_true(issues.refusals > 5);
	assert_int_equal(receipt.application_id, 42);
	assert_ok(draft_require(cx, id, &draft));
	assert_applications(world, 0);
	assert_int_equal(count(world, "number_series"), 0);
}

static void wrong_hands_and_wrong_tokens(void **state)
{
	struct world *world = *state;
	int64_t mine = account_add(world, "a@example.jp", NULL),
		theirs = account_add(world, "b@example.jp", NULL);
	struct issues issues = {0};
	struct receipt receipt;
	struct draft draft, other;

	draft_fill(world, as(world, theirs), &other);
	draft_fill(world, as(world, mine), &draft);
	assert_err(application_submit(
			   as(world, theirs), draft.id, draft.submission_token, &issues, &receipt),
		ERR_NOT_FOUND);
	assert_err(application_submit(
			   as(world, theirs), draft.id, other.submission_token, &issues, &receipt),
		ERR_NOT_FOUND);
	assert_err(application_submit(
			   as(world, mine), draft.id, other.submission_token, &issues, &receipt),
		ERR_CONFLICT);
	assert_err(application_submit(as(world, mine), draft.id, STR(""), &issues, &receipt),
		ERR_CONFLICT);
	assert_err(application_submit(
			   cx_fresh(world), draft.id, draft.submission_token, &issues, &receipt),
		ERR_DENIED);
	struct cx *cx = as(world, mine);

	cx->read_only = true;
	assert_err(submit(cx, &draft, &receipt), ERR_INTERNAL);
	assert_applications(world, 0);
	assert_int_equal(count(world, "draft"), 2);
}

static void a_whole_application(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct cx *cx = as(world, account);
	struct application application;
	struct receipt receipt;
	struct draft draft, gone;

	draft_fill(world, cx, &draft);
	assert_ok(submit(cx, &draft, &receipt));
	assert_false(receipt.repeated);
	assert_true(number_reference_valid(receipt.reference));
	assert_str(receipt.temporary_no, STR("福オン留T26000001"));
	assert_str(receipt.procedure_id, STR("extension"));
	assert_str(receipt.office, STR("fukuoka_oita"));
	assert_str(receipt.name, STR("NGUYEN THI MAI"));
	assert_str(receipt.email, STR("mai@example.jp"));
	assert_int_equal(receipt.status, STATUS_PENDING);
	assert_int_equal(receipt.submitted_at, world->now);
	assert_applications(world, 1);
	assert_err(draft_require(cx, draft.id, &gone), ERR_NOT_FOUND);
	/* the mails: to the address of the form, and to that of the account */
	struct outbox_mail mail = mail_take(world, MAIL_APPLICATION_RECEIVED);

	assert_str(outbox_value(&mail, STR("reference")), receipt.reference);
	assert_str(outbox_value(&mail, STR("temporary_no")), receipt.temporary_no);
	mail_take(world, MAIL_APPLICATION_RECEIVED);
	assert_int_equal(db_number(world->db, "SELECT count(DISTINCT recipient) FROM outbox"), 2);
	/* what was submitted is what was shown, and unreadable in the store */
	assert_ok(application_require(
		as(world, account), receipt.reference, RIGHT_VIEW, &application));
	assert_str(answers_get(&application.answers, STR("card_no")), STR("AB12345678CD"));
	assert_int_equal(answers_get(&application.answers, STR("notify_email_confirm")).n, 0);
	assert_true(application.version_is_current);
	assert_int_equal(application.user_type, USER_FOREIGN_NATIONAL);
	struct str stored = str_of(db_dump(
		world->db, world->db->is_pg ? "SELECT encode(answers, 'escape') FROM application"
					    : "SELECT CAST(answers AS TEXT) FROM application"));

	assert_true(str_find(stored, STR("AB12345678CD")) < 0);
}

static void pressed_again_it_is_the_same(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct receipt first, again;
	struct draft draft;

	draft_fill(world, as(world, account), &draft);
	struct str token = str_dup(&world->arena, draft.submission_token);

	assert_err(receipt_find(as(world, account), token, &again), ERR_NOT_FOUND);
	assert_ok(submit(as(world, account), &draft, &first));
	for (int i = 0; i < 3; i++) {
		world->now += TIME_DAY;
		assert_ok(submit(as(world, account), &draft, &again));
		assert_true(again.repeated);
		assert_str(again.reference, first.reference);
		assert_str(again.temporary_no, first.temporary_no);
		assert_int_equal(again.submitted_at, first.submitted_at);
	}
	assert_ok(receipt_find(as(world, account), token, &again));
	assert_str(again.reference, first.reference);
	/* only for the one whose it is */
	int64_t other = account_add(world, "b@example.jp", NULL);

	assert_err(receipt_find(as(world, other), token, &again), ERR_NOT_FOUND);
	assert_err(submit(as(world, other), &draft, &again), ERR_NOT_FOUND);
	assert_err(receipt_find(cx_fresh(world), token, &again), ERR_DENIED);
	assert_applications(world, 1);
}

#define PRESSES 50

struct presses {
	const struct draft *draft;
	char references[PRESSES][16];
	bool repeated[PRESSES];
	atomic_int failures;
};

static void press(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct presses *presses = arg;
	struct issues issues = {0};
	struct receipt receipt;

	(void)world;
	cx_become(cx, presses->draft->account_id);
	if (failed(application_submit(
		    cx, presses->draft->id, presses->draft->submission_token, &issues, &receipt)) ||
		issues.refusals > 0) {
		presses->failures++;
		return;
	}
	memcpy(presses->references[number], receipt.reference.p, receipt.reference.n);
	presses->repeated[number] = receipt.repeated;
}

static void fifty_presses_make_one_application(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct presses presses = {0};
	struct draft draft;
	int first = 0;

	draft_fill(world, as(world, account), &draft);
	presses.draft = &draft;
	in_threads(world, PRESSES, press, &presses);
	assert_int_equal(presses.failures, 0);
	for (int i = 0; i < PRESSES; i++)
		assert_string_equal(presses.references[i], presses.references[0]);
	for (int i = 0; i < PRESSES; i++)
		first += !presses.repeated[i];
	assert_true(first >= 1); /* who lost the race by a hair may call it the first, too */
	assert_applications(world, 1);
	assert_int_equal(count(world, "draft"), 0);
	struct audit_report report;

	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
}

struct many {
	struct draft drafts[16];
	atomic_int failures;
};

static void submit_own(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct many *many = arg;
	struct issues issues = {0};
	struct receipt receipt;

	(void)world;
	cx_become(cx, many->drafts[number].account_id);
	if (failed(application_submit(cx, many->drafts[number].id,
		    many->drafts[number].submission_token, &issues, &receipt)))
		many->failures++;
}

static void many_people_at_once_get_numbers_of_their_own(void **state)
{
	struct world *world = *state;
	struct many many = {0};

	for (int i = 0; i < 16; i++) {
		int64_t account = account_add(world,
			str_c(world->cx.arena, str_fmt(world->cx.arena, "p%d@example.jp", i)),
			NULL);

		draft_fill(world, as(world, account), &many.drafts[i]);
	}
	in_threads(world, 16, submit_own, &many);
	assert_int_equal(many.failures, 0);
	assert_applications(world, 16);
	assert_int_equal(
		db_number(world->db, "SELECT count(DISTINCT temporary_no) FROM application"), 16);
	assert_int_equal(
		db_number(world->db, "SELECT count(DISTINCT reference) FROM application"), 16);
}

struct edit {
	const struct draft *draft;
	struct answers answers;
	atomic_int submitted;
};

/* One thread submits, the others keep changing the answers: what is submitted is always one
 * complete, checked state. */
static void edit_or_submit(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct edit *edit = arg;
	const struct field *field = procedure_field(edit->draft->procedure, STR("reason"));
	struct issues issues = {0};
	struct receipt receipt;

	(void)world;
	cx_become(cx, edit->draft->account_id);
	if (number == 0) {
		edit->submitted = !failed(application_submit(
			cx, edit->draft->id, edit->draft->submission_token, &issues, &receipt));
		return;
	}
	for (int i = 0; i < 10; i++) {
		struct answers one;
		struct draft_saved saved;

		answers_init(&one, cx->arena);
		answers_set(
			&one, STR("reason"), str_fmt(cx->arena, "引き続き学ぶため%u%d", number, i));
		IGNORE(draft_save(cx,
			&(struct draft_save){.id = edit->draft->id,
				.overwrite = true,
				.section = STR("stay"),
				.fields = &field,
				.field_count = 1,
				.answers = &one},
			&saved));
	}
}

static void edited_while_it_is_submitted(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct edit edit = {0};
	struct receipt receipt;
	struct draft draft;

	draft_fill(world, as(world, account), &draft);
	edit.draft = &draft;
	in_threads(world, 3, edit_or_submit, &edit);
	/* the submission may give up after some rounds; then the draft is there in full, and goes
	 * through now */
	assert_int_equal(count(world, "draft") + count(world, "application"), 1);
	assert_ok(submit(as(world, account), &draft, &receipt));
	assert_applications(world, 1);
}

static void a_newer_version_or_a_closed_counter(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct procedure *copy = arena_new(&world->arena, struct procedure);
	struct receipt receipt;
	struct draft draft;

	draft_fill(world, as(world, account), &draft);
	*copy = *draft.procedure;
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, copy->id, copy);
	copy->open_until = date_add_days(time_date(world->now), -1);
	assert_err(submit(as(world, account), &draft, &receipt), ERR_DENIED);
	copy->open_until = 0;
	copy->version = STR("newer");
	assert_err(submit(as(world, account), &draft, &receipt), ERR_CONFLICT);
	assert_applications(world, 0);
	assert_ok(draft_renew(as(world, account), draft.id));
	assert_ok(draft_require(as(world, account), draft.id, &draft));
	assert_ok(submit(as(world, account), &draft, &receipt));
}

static void a_taken_number_is_not_given_again(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct receipt receipt;
	struct draft draft;

	db_exec(world->db, "INSERT INTO number (number, account_id, application_id) VALUES "
			   "('福オン留T26000001', 1, 1)");
	db_exec(world->db, "INSERT INTO number (number, account_id, application_id) VALUES "
			   "('福オン留T26000002', 1, 1)");
	draft_fill(world, as(world, account), &draft);
	assert_ok(submit(as(world, account), &draft, &receipt));
	assert_str(receipt.temporary_no, STR("福オン留T26000003"));
	db_exec(world->db, "DELETE FROM number WHERE application_id = 1");
	assert_applications(world, 1);
}

static void serials_run_per_bureau_and_year(void **state)
{
	struct world *world = *state;
	struct cx *cx = cx_fresh(world);
	struct numbers other;
	struct str no;

	for (int i = 1; i <= NUMBER_BLOCK + 2; i++)
		assert_ok(number_temporary(cx, STR("東"), STR("留"), &no));
	assert_str(no, STR("東オン留T26000052"));
	assert_ok(number_temporary(cx, STR("阪"), STR("留"), &no));
	assert_str(no, STR("阪オン留T26000001"));
	assert_ok(number_temporary(cx, STR("東"), STR("認"), &no));
	assert_str(no, STR("東オン認T26000001"));
	/* another process has blocks of its own; the second of the first one was twice as large, being wanted so soon */
	numbers_init(&other);
	world->portal.numbers = &other;
	assert_ok(number_temporary(cx, STR("東"), STR("留"), &no));
	assert_str(no, STR("東オン留T26000151"));
	numbers_release(&other);
	world->portal.numbers = &world->numbers;
	/* the year turns at midnight in Japan */
	cx->now = date_start(20270101) - 1;
	assert_ok(number_temporary(cx, STR("東"), STR("留"), &no));
	assert_str(no, STR("東オン留T26000053"));
	cx->now += 1;
	assert_ok(number_temporary(cx, STR("東"), STR("留"), &no));
	assert_str(no, STR("東オン留T27000001"));
	/* and there are a million */
	db_exec(world->db, "UPDATE number_series SET next = 999999 WHERE name = '阪留26'");
	numbers_release(&world->numbers);
	numbers_init(&world->numbers);
	cx->now = START;
	assert_ok(number_temporary(cx, STR("阪"), STR("留"), &no));
	assert_str(no, STR("阪オン留T26999999"));
	assert_err(number_temporary(cx, STR("阪"), STR("留"), &no), ERR_LIMIT);
	assert_err(number_temporary(cx, STR("東京出入国在留管理局東京"), STR("留"), &no),
		ERR_INTERNAL);
}

static void blocks_grow_while_they_are_used_up_at_once(void **state)
{
	struct world *world = *state;
	struct cx *cx = cx_fresh(world);
	struct str no;
	int64_t drawn = 0, block = 0, before = 0;

	for (int i = 0; i < 4 * NUMBER_BLOCK_MAX; i++) {
		assert_ok(number_temporary(cx, STR("東"), STR("留"), &no));
		if ((drawn = world->numbers.series[0].end - 1) == before)
			continue;
		int64_t wanted = block == 0 ? NUMBER_BLOCK : block < NUMBER_BLOCK_MAX ? 2 * block : block;

		block = drawn - before;
		before = drawn;
		assert_int_equal(block, wanted);
	}
	assert_int_equal(block, NUMBER_BLOCK_MAX);
	/* and are small again when there is time */
	cx->now += TIME_SECOND;
	while ((drawn = world->numbers.series[0].end - 1) == before)
		assert_ok(number_temporary(cx, STR("東"), STR("留"), &no));
	assert_int_equal(drawn - before, NUMBER_BLOCK);
}

#define DRAWERS 16
#define DRAWN_EACH 40

static void draw_some(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	int64_t *serials = arg;

	(void)world;
	for (unsigned i = 0; i < DRAWN_EACH; i++) {
		struct str no;

		assert_ok(number_temporary(cx, STR("東"), STR("留"), &no));
		assert_true(str_to_i64(str_sub(no, no.n - 6, 6), &serials[number * DRAWN_EACH + i]));
	}
}

/* However many want one at once, one of them draws, and none of a block is wasted. */
static void one_draws_for_all(void **state)
{
	struct world *world = *state;
	static int64_t serials[DRAWERS * DRAWN_EACH];
	static bool seen[DRAWERS * DRAWN_EACH + 1];

	memset(seen, 0, sizeof seen);
	in_threads(world, DRAWERS, draw_some, serials);
	for (size_t i = 0; i < DRAWERS * DRAWN_EACH; i++) {
		assert_in_range(serials[i], 1, DRAWERS * DRAWN_EACH);
		assert_false(seen[serials[i]]);
		seen[serials[i]] = true;
	}
}

static err number_inside(struct cx *cx, void *arg)
{
	struct str no;

	(void)arg;
	return number_temporary(cx, STR("東"), STR("留"), &no);
}

static void a_serial_is_not_drawn_inside_a_transaction(void **state)
{
	struct world *world = *state;

	assert_err(cx_write(cx_fresh(world), number_inside, NULL), ERR_INTERNAL);
}

/* Each table that a submission writes fails in turn: the draft is whole afterwards, and nothing of
 * the application is there. */
static void whatever_fails_it_is_all_or_nothing(void **state)
{
	static const char *const tables[] = {"application", "number", "application_event",
		"application_term", "outbox", "audit_entry", "audit_head"};
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct receipt receipt;
	struct draft draft;
	char sql[200];

	draft_fill(world, as(world, account), &draft);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		int64_t entries = count(world, "audit_entry");

		snprintf(sql, sizeof sql, "ALTER TABLE %s RENAME TO hidden", tables[i]);
		db_exec(world->db, sql);
		err result = submit(as(world, account), &draft, &receipt);

		snprintf(sql, sizeof sql, "ALTER TABLE hidden RENAME TO %s", tables[i]);
		db_exec(world->db, sql);
		if (!failed(result))
			fail_msg("submitted without %s", tables[i]);
		assert_applications(world, 0);
		assert_int_equal(count(world, "draft"), 1);
		assert_int_equal(count(world, "audit_entry"), entries);
		assert_int_equal(mails_waiting(world), 0);
	}
	assert_ok(submit(as(world, account), &draft, &receipt));
	assert_applications(world, 1);
	struct audit_report report;

	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
}

static void an_office_without_letter_or_no_office(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct procedure *copy = arena_new(&world->arena, struct procedure);
	struct receipt receipt;
	struct draft draft;

	draft_fill(world, as(world, account), &draft);
	*copy = *draft.procedure;
	copy->office_field = copy->name_field = copy->email_field = (struct str){0};
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, copy->id, copy);
	assert_ok(submit(as(world, account), &draft, &receipt));
	assert_str(receipt.temporary_no, STR("オン留T26000001"));
	assert_int_equal(receipt.office.n, 0);
	assert_str(receipt.name, STR("NGUYEN THI MAI")); /* of the account */
	assert_str(receipt.email, STR("a@example.jp"));
	assert_int_equal(mails_waiting(world), 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(an_incomplete_draft_stays_a_draft),
		IN_BOTH(wrong_hands_and_wrong_tokens),
		IN_BOTH(a_whole_application),
		IN_BOTH(pressed_again_it_is_the_same),
		IN_BOTH(fifty_presses_make_one_application),
		IN_BOTH(many_people_at_once_get_numbers_of_their_own),
		IN_BOTH(edited_while_it_is_submitted),
		IN_BOTH(a_newer_version_or_a_closed_counter),
		IN_BOTH(a_taken_number_is_not_given_again),
		IN_BOTH(serials_run_per_bureau_and_year),
		IN_BOTH(blocks_grow_while_they_are_used_up_at_once),
		IN_BOTH(one_draws_for_all),
		IN_BOTH(a_serial_is_not_drawn_inside_a_transaction),
		IN_BOTH(whatever_fails_it_is_all_or_nothing),
		IN_BOTH(an_office_without_letter_or_no_office),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
