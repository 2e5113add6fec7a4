#include "usage_support.h"

#include "base/time.h"
#include "domain/audit.h"
#include "domain/identity/card_warning.h"
#include "domain/identity/usage.h"

/* The request for use: what is forged, what differs, what is accepted, by whom, and how long. On both engines. */

struct person {
	int64_t id;
	struct cx *cx;
};

static void nobody_finds_or_decides(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);
	struct receipt receipt = request(world, mai(world), NULL);
	struct usage_details details;
	struct usage_row *rows;
	struct usage usage;
	size_t n;

	assert_err(usage_find(cx_fresh(world), &usage), ERR_DENIED);
	for (int i = 0; i < 2; i++) {
		struct cx *cx = cx_fresh(world);

		if (i == 1)
			cx_become(cx, account);
		assert_err(usage_list(cx, 10, &rows, &n), ERR_DENIED);
		assert_err(usage_show(cx, receipt.reference, &details), ERR_DENIED);
		assert_err(usage_decide(cx, receipt.reference, true, STR("")), ERR_DENIED);
	}
	assert_err(usage_decide(officer(world), STR("123"), true, STR("")), ERR_NOT_FOUND);
	assert_err(usage_show(officer(world), STR("123"), &details), ERR_NOT_FOUND);
	assert_err(usage_decide(officer(world), receipt.reference, true, STR("\xff")), ERR_INVALID);
	assert_int_equal(state_of(world, account, NULL), USAGE_WAITING);
	/* Not by the steps of other applications either. */
	assert_err(application_change(officer(world), receipt.reference, EVENT_ACCEPT, STR("")), ERR_CONFLICT);
	assert_err(application_change(officer(world), receipt.reference, EVENT_USE_ACCEPT, STR("")), ERR_CONFLICT);
	assert_int_equal(state_of(world, account, NULL), USAGE_WAITING);
}

static void another_application_is_no_request(void **state)
{
	struct world *world = *state;
	struct usage_details details;
	struct receipt receipt;
	struct draft draft;

	account_add(world, MAI, NULL);
	struct cx *cx = mai(world);

	draft_fill(world, cx, &draft);
	assert_ok(apply(cx, draft.id, &receipt));
	struct str reference = str_dup(&world->arena, receipt.reference);

	assert_err(usage_show(officer(world), reference, &details), ERR_INVALID);
	assert_err(usage_decide(officer(world), reference, true, STR("")), ERR_INVALID);
	assert_int_equal(count(world, "usage_request"), 0);
}

/* The chain has one step of that name, says who took it, as the history does, and is whole. */
static void assert_audited(struct world *world, const char *step, enum actor_kind by, int64_t actor_id)
{
	struct audit_report report;
	char sql[200], wanted[64];

	snprintf(sql, sizeof sql, "SELECT actor_kind, actor_id FROM audit_entry WHERE event = 'application_changed' AND detail = '%s'", step);
	snprintf(wanted, sizeof wanted, "%d|%lld\n", (int)by, (long long)actor_id);
	assert_string_equal(db_dump(world->db, sql), wanted);
	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
}

static void a_card_that_fits_is_accepted_at_once(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);
	struct basic4 card = card_of("NGUYEN　THI　MAI");
	struct history_entry *history;
	struct application application;
	struct usage usage;
	size_t n;

	cards_on(world);
	assert_int_equal(state_of(world, account, &usage), USAGE_NONE);
	struct receipt receipt = request(world, mai(world), &card);

	assert_int_equal(receipt.status, STATUS_COMPLETED);
	assert_int_equal(state_of(world, account, &usage), USAGE_ACCEPTED);
	assert_str(usage.reference, receipt.reference);
	assert_int_equal(usage.differs, 0);
	assert_int_equal(usage.valid_until, 0);
	assert_int_equal(usage.decided_at, world->now);
	/* the history has both steps, the second by the program itself */
	struct cx *cx = mai(world);

	assert_ok(application_require(cx, receipt.reference, RIGHT_VIEW, &application));
	assert_ok(application_history(cx, &application, &history, &n));
	assert_int_equal(n, 2);
	assert_int_equal(history[1].event, EVENT_USE_ACCEPT);
	assert_int_equal(history[1].by, ACTOR_JOB);
	assert_audited(world, "use_accept", ACTOR_JOB, 0);
	assert_int_equal(count(world, "outbox WHERE template = 'usage_accepted'"), 1);
	/* what the card gave is marked, and kept with the application */
	assert_true(answers_held(&application.answers, STR("birth_date")));
	assert_true(answers_held(&application.answers, STR("address")));
	assert_false(answers_held(&application.answers, STR("phone")));
	assert_str(answers_get(&application.answers, STR("basic_name")), STR("NGUYEN　THI　MAI"));
	assert_str(answers_get(&application.answers, STR("address")), card.address);
	assert_int_equal(count(world, "basic4 WHERE application_id <> 0"), 1);
	assert_int_equal(count(world, "card_link WHERE unlinked_at = 0"), 1);
}

static const struct {
	const char *name;
	int32_t year;
	unsigned day, sex;
	unsigned differs;
} others[] = {
	{"阮氏梅", 2003, 9, 2, USAGE_NAME},
	{"NGUYEN THI MAI ANH", 2003, 9, 2, USAGE_NAME},
	{"NGUYEN THI MAI", 2003, 9, 3, USAGE_SEX},
	{"NGUYEN THI MAI", 2003, 0, 2, USAGE_BIRTH},
};

static void what_differs_waits_for_an_officer(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);

	cards_on(world);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct basic4 card = card_of(others[i].name);
		struct usage_row *rows;
		struct usage usage;
		size_t n;

		card.year = others[i].year;
		card.day = others[i].day;
		card.sex = others[i].sex;
		struct receipt receipt = request(world, mai(world), &card);

		assert_int_equal(receipt.status, STATUS_PENDING);
		assert_int_equal(state_of(world, account, &usage), USAGE_WAITING);
		assert_int_equal(usage.differs, others[i].differs);
		assert_ok(usage_list(officer(world), 10, &rows, &n));
		assert_int_equal(n, i + 1);
		assert_str(rows[i].reference, receipt.reference);
		assert_int_equal(rows[i].differs, others[i].differs);
		world->now += TIME_MINUTE;
	}
	assert_int_equal(count(world, "outbox WHERE template = 'usage_accepted'"), 0);
}

/* What a page sends for a field of the card is left aside, at each save and at the end. */
static void forged_card_values_are_left_aside(void **state)
{
	struct world *world = *state;
	struct basic4 card = card_of("NGUYEN THI MAI");
	struct application application;
	struct receipt receipt;
	struct answers forged;
	struct draft draft;

	account_add(world, MAI, NULL);
	cards_on(world);
	struct cx *cx = mai(world);
	int64_t id = request_begin(world, cx);

	request_fill(cx, id);
	card_read_for(world, cx, id, "card of mai", &card);
	assert_ok(draft_require(cx, id, &draft));
	assert_true(draft.has_card);
	assert_int_equal(draft.card_next, CARD_STEP_NONE);
	answers_init(&forged, cx->arena);
	for (size_t i = 0; i < draft.answers.map.n; i++)
		answers_set(&forged, draft.answers.map.entries[i].key, answers_get(&draft.answers, draft.answers.map.entries[i].key));
	answers_set(&forged, STR("sex"), STR("male"));
	answers_set(&forged, STR("birth_date"), STR("19990101"));
	answers_set(&forged, STR("basic_name"), STR("SOMEBODY ELSE"));
	answers_set(&forged, STR("address"), STR("東京都千代田区"));
	draft_put(cx, &draft, &forged);
	assert_ok(draft_require(cx, id, &draft));
	assert_str(answers_get(&draft.answers, STR("sex")), STR("female"));
	assert_str(answers_get(&draft.answers, STR("basic_name")), STR("NGUYEN THI MAI"));
	assert_ok(apply(cx, id, &receipt));
	assert_int_equal(receipt.status, STATUS_COMPLETED);
	assert_ok(application_require(cx, receipt.reference, RIGHT_VIEW, &application));
	assert_str(answers_get(&application.answers, STR("sex")), STR("female"));
	assert_str(answers_get(&application.answers, STR("birth_date")), STR("20030409"));
	assert_str(answers_get(&application.answers, STR("basic_name")), STR("NGUYEN THI MAI"));
	assert_str(answers_get(&application.answers, STR("address")), card.address);
}

static void without_the_card_nothing_is_submitted(void **state)
{
	struct world *world = *state;
	struct receipt receipt = {.application_id = 42};
	struct draft draft;

	account_add(world, MAI, NULL);
	cards_on(world);
	struct cx *cx = mai(world);
	int64_t id = request_begin(world, cx);

	request_fill(cx, id);
	assert_ok(draft_require(cx, id, &draft));
	assert_int_equal(draft.card_next, CARD_STEP_AUTH);
	assert_false(draft.has_card);
	assert_err(apply(cx, id, &receipt), ERR_CONFLICT);
	assert_int_equal(receipt.application_id, 42);
	assert_int_equal(count(world, "application"), 0);
	/* Where no cards are read, the same draft is a form as any other. */
	world->portal.settings.card_on = false;
	cx = mai(world);
	assert_ok(apply(cx, id, &receipt));
	assert_int_equal(receipt.status, STATUS_PENDING);
}

static void an_officer_decides_once(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);
	struct receipt first = request(world, mai(world), NULL);
	struct usage_details details;
	struct usage_row *rows;
	struct usage usage;
	size_t n;

	assert_ok(usage_show(officer(world), first.reference, &details));
	assert_false(details.has_card);
	assert_int_equal(details.row.state, USAGE_WAITING);
	assert_int_equal(details.row.differs, USAGE_NO_CARD);
	assert_str(details.account.name, STR("NGUYEN THI MAI"));
	world->now += TIME_DAY;
	assert_ok(usage_decide(officer(world), first.reference, false, STR("在留カードの番号を確認してください。")));
	assert_int_equal(state_of(world, account, &usage), USAGE_REFUSED);
	assert_str(usage.note, STR("在留カードの番号を確認してください。"));
	assert_int_equal(usage.decided_at, world->now);
	assert_err(usage_decide(officer(world), first.reference, true, STR("")), ERR_CONFLICT);
	assert_err(usage_decide(officer(world), first.reference, false, STR("")), ERR_CONFLICT);
	assert_ok(usage_list(officer(world), 10, &rows, &n));
	assert_int_equal(n, 0);
	assert_int_equal(count(world, "outbox WHERE template = 'usage_refused'"), 1);
	assert_audited(world, "use_refuse", ACTOR_OPERATOR, 0);
	/* A new one takes its place. */
	struct receipt second = request(world, mai(world), NULL);

	assert_int_equal(state_of(world, account, NULL), USAGE_WAITING);
	assert_ok(usage_decide(officer(world), second.reference, true, STR("")));
	assert_int_equal(state_of(world, account, &usage), USAGE_ACCEPTED);
	assert_str(usage.reference, second.reference);
	assert_int_equal(count(world, "outbox WHERE template = 'usage_accepted'"), 1);
	assert_int_equal(count(world, "audit_entry WHERE event = 'application_changed'"), 2);
	/* One that comes later and waits does not take it away. */
	world->now += TIME_DAY;
	request(world, mai(world), NULL);
	assert_int_equal(state_of(world, account, NULL), USAGE_ACCEPTED);
}

static void withdrawn_is_as_if_there_were_none(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);
	struct receipt receipt = request(world, mai(world), NULL);
	struct usage_row *rows;
	size_t n;

	assert_ok(application_change(mai(world), receipt.reference, EVENT_WITHDRAW, STR("")));
	assert_audited(world, "withdraw", ACTOR_ACCOUNT, account);
	assert_int_equal(state_of(world, account, NULL), USAGE_NONE);
	assert_ok(usage_list(officer(world), 10, &rows, &n));
	assert_int_equal(n, 0);
	assert_err(usage_decide(officer(world), receipt.reference, true, STR("")), ERR_CONFLICT);
}

struct race {
	struct str reference;
	enum err_code results[8];
};

static void decide_at_once(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;

	(void)world;
	cx->actor.kind = ACTOR_OPERATOR;
	race->results[number] = usage_decide(cx, race->reference, number % 2 == 0, STR("")).code;
}

static void of_eight_officers_one_decides(void **state)
{
	struct world *world = *state;
	struct race race = {0};
	unsigned done = 0;

	account_add(world, MAI, NULL);
	race.reference = request(world, mai(world), NULL).reference;
	in_threads(world, 8, decide_at_once, &race);
	for (unsigned i = 0; i < 8; i++) {
		done += race.results[i] == OK;
		assert_true(race.results[i] == OK || race.results[i] == ERR_CONFLICT);
	}
	assert_int_equal(done, 1);
	assert_int_equal(count(world, "outbox WHERE template IN ('usage_accepted', 'usage_refused')"), 1);
	assert_int_equal(count(world, "application_event"), 2);
}

static void residence_needs_it_where_cards_are_read(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);
	struct basic4 card = card_of("NGUYEN THI MAI");
	struct receipt receipt;
	struct draft draft;
	int64_t id;

	/* Begun before cards were read here. */
	draft_fill(world, mai(world), &draft);
	cards_on(world);
	assert_err(draft_create(mai(world), STR("extension"), &id), ERR_DENIED);
	assert_err(apply(mai(world), draft.id, &receipt), ERR_CONFLICT);
	request(world, mai(world), &card);
	assert_int_equal(state_of(world, account, NULL), USAGE_ACCEPTED);
	struct cx *cx = mai(world);

	assert_ok(draft_create(cx, STR("extension"), &id));
	/* The card is read again for each application. */
	assert_ok(draft_require(cx, draft.id, &draft));
	assert_int_equal(draft.card_next, CARD_STEP_BASIC4);
	assert_err(apply(cx, draft.id, &receipt), ERR_CONFLICT);
	assert_int_equal(basic4_read_for(world, cx, draft.id, &card), IDV_DONE);
	assert_ok(draft_require(cx, draft.id, &draft));
	assert_true(draft.has_card);
	assert_str(answers_get(&draft.answers, STR("address")), card.address);
	assert_ok(apply(cx, draft.id, &receipt));
	assert_int_equal(count(world, "usage_request"), 1);
	/* Another person's card is refused by the reading itself. */
	card.day = 10;
	assert_int_equal(basic4_read_for(world, cx, id, &card), IDV_FAILED);
	assert_ok(draft_require(cx, id, &draft));
	assert_false(draft.has_card);
}

/* The draft was checked with one reading and another came before the transaction: it is checked anew, with that. */
static void a_second_reading_replaces_the_first(void **state)
{
	struct world *world = *state;
	struct basic4 card = card_of("NGUYEN THI MAI");
	struct application application;
	struct receipt receipt;

	account_add(world, MAI, NULL);
	cards_on(world);
	struct cx *cx = mai(world);
	int64_t id = request_begin(world, cx);

	request_fill(cx, id);
	card_read_for(world, cx, id, "card of mai", &card);
	card.address = STR("東京都千代田区霞が関一丁目１番");
	card_read_for(world, cx, id, "card of mai", &card);
	assert_ok(apply(cx, id, &receipt));
	assert_ok(application_require(cx, receipt.reference, RIGHT_VIEW, &application));
	assert_str(answers_get(&application.answers, STR("address")), card.address);
	assert_int_equal(count(world, "basic4"), 1);
}

static void a_draft_that_is_deleted_takes_its_reading_along(void **state)
{
	struct world *world = *state;
	struct basic4 card = card_of("NGUYEN THI MAI");

	account_add(world, MAI, NULL);
	cards_on(world);
	struct cx *cx = mai(world);
	int64_t id = request_begin(world, cx);

	card_read_for(world, cx, id, "card of mai", &card);
	assert_int_equal(count(world, "basic4"), 1);
	assert_ok(draft_delete(cx, id, &(struct attachment_gone){0}));
	assert_int_equal(count(world, "basic4"), 0);
}

static void the_end_of_a_card_is_told_three_times(void **state)
{
	static const struct {
		int days; /* before the end */
		size_t mails;
	} visits[] = {{61, 0}, {60, 1}, {60, 0}, {31, 0}, {30, 1}, {8, 0}, {7, 1}, {7, 0}, {1, 0}, {-1, 0}};
	struct world *world = *state;
	struct basic4 card = card_of("NGUYEN THI MAI");
	size_t made;

	account_add(world, MAI, NULL);
	cards_on(world);
	request(world, mai(world), &card);
	int64_t end = db_number(world->db, "SELECT not_after FROM card_link");

	for (size_t i = 0; i < sizeof visits / sizeof *visits; i++) {
		world->now = end - visits[i].days * TIME_DAY;
		assert_ok(card_warn(cx_fresh(world), &made));
		assert_int_equal(made, visits[i].mails);
	}
	assert_int_equal(count(world, "outbox WHERE template = 'card_ending'"), 3);
}

static void of_late_warnings_the_last_is_enough(void **state)
{
	struct world *world = *state;
	struct basic4 card = card_of("NGUYEN THI MAI");
	size_t made;

	account_add(world, MAI, NULL);
	cards_on(world);
	request(world, mai(world), &card);
	world->now = db_number(world->db, "SELECT not_after FROM card_link") - 3 * TIME_DAY;
	/* Where no cards are read nobody is told, nor is anybody whose link is over. */
	world->portal.settings.card_on = false;
	assert_ok(card_warn(cx_fresh(world), &made));
	assert_int_equal(made, 0);
	world->portal.settings.card_on = true;
	db_exec(world->db, "UPDATE card_link SET unlinked_at = 1");
	assert_ok(card_warn(cx_fresh(world), &made));
	assert_int_equal(made, 0);
	db_exec(world->db, "UPDATE card_link SET unlinked_at = 0");
	assert_ok(card_warn(cx_fresh(world), &made));
	assert_int_equal(made, 1);
	assert_ok(card_warn(cx_fresh(world), &made));
	assert_int_equal(made, 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		IN_BOTH(nobody_finds_or_decides),
		IN_BOTH(another_application_is_no_request),
		IN_BOTH(a_card_that_fits_is_accepted_at_once),
		IN_BOTH(what_differs_waits_for_an_officer),
		IN_BOTH(forged_card_values_are_left_aside),
		IN_BOTH(without_the_card_nothing_is_submitted),
		IN_BOTH(an_officer_decides_once),
		IN_BOTH(withdrawn_is_as_if_there_were_none),
		IN_BOTH(of_eight_officers_one_decides),
		IN_BOTH(residence_needs_it_where_cards_are_read),
		IN_BOTH(a_second_reading_replaces_the_first),
		IN_BOTH(a_draft_that_is_deleted_takes_its_reading_along),
		IN_BOTH(the_end_of_a_card_is_told_three_times),
		IN_BOTH(of_late_warnings_the_last_is_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
