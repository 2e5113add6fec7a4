#include "domain_support.h"

#include "base/time.h"
#include "domain/audit.h"

#include <stdatomic.h>

/* What has been submitted: who may see it, the steps of its life, the list and its search. On both
 * engines. */

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);

	cx_become(cx, account);
	return cx;
}

static struct cx *as_kind(struct world *world, enum actor_kind kind)
{
	struct cx *cx = cx_fresh(world);

	cx->actor.kind = kind;
	return cx;
}

/* Submits one application in that name; its reference number lives in the world's arena. */
static struct str apply(struct world *world, int64_t account, const char *name)
{
	struct cx *cx = as(world, account);
	struct issues issues = {0};
	struct answers answers;
	struct receipt receipt;
	struct draft draft;

	draft_fill(world, cx, &draft);
	answers_load(cx, "extension_student_min.json", &answers);
	answers_set(&answers, STR("name"), str_of(name));
	draft_put(cx, &draft, &answers);
	assert_ok(application_submit(cx, draft.id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	return str_dup(&world->arena, receipt.reference);
}

static void seen_by_whom(void **state)
{
	static const char *const wrong[] = {"", "0", "123456789012", "abcdefghijkl", "' OR 1=1 --",
		"１２３", "999999999999999999999"};
	struct world *world = *state;
	int64_t mine = account_add(world, "a@example.jp", NULL),
		other = account_add(world, "b@example.jp", NULL);
	struct str reference = apply(world, mine, "NGUYEN THI MAI");
	struct application application;
	struct str temporary;

	assert_ok(application_require(as(world, mine), reference, RIGHT_VIEW, &application));
	assert_str(application.receipt.reference, reference);
	temporary = str_dup(&world->arena, application.receipt.temporary_no);
	assert_err(application_require(as(world, other), reference, RIGHT_VIEW, &application),
		ERR_NOT_FOUND);
	assert_err(application_require(as(world, other), reference, RIGHT_CHANGE, &application),
		ERR_NOT_FOUND);
	assert_err(application_require(cx_fresh(world), reference, RIGHT_VIEW, &application),
		ERR_NOT_FOUND);
	assert_ok(application_require(
		as_kind(world, ACTOR_OPERATOR), reference, RIGHT_VIEW, &application));
	assert_ok(application_require(
		as_kind(world, ACTOR_JOB), reference, RIGHT_VIEW, &application));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_err(application_require(
				   as(world, mine), str_of(wrong[i]), RIGHT_VIEW, &application),
			ERR_NOT_FOUND);
	/* the reference is the key to an application, not its temporary number */
	assert_err(application_require(as(world, mine), temporary, RIGHT_VIEW, &application),
		ERR_NOT_FOUND);
	/* typed as people type */
	struct str typed = str_fmt(
		world->cx.arena, " %.4s-%.4s-%.4s", reference.p, reference.p + 4, reference.p + 8);

	assert_ok(application_require(as(world, mine), typed, RIGHT_VIEW, &application));
}

static void moved_answers_do_not_open(void **state)
{
	struct world *world = *state;
	int64_t mine = account_add(world, "a@example.jp", NULL),
		other = account_add(world, "b@example.jp", NULL);
	struct str first = apply(world, mine, "NGUYEN THI MAI"),
		   second = apply(world, other, "TRAN VAN AN");
	struct application application;
	struct str sql = str_fmt(world->cx.arena,
		"UPDATE application SET answers = (SELECT answers FROM application WHERE reference "
		"= '%.*s')",
		STR_ARG(first));

	db_exec(world->db, str_c(world->cx.arena, sql));
	assert_ok(application_require(as(world, mine), first, RIGHT_VIEW, &application));
	assert_err(application_require(as(world, other), second, RIGHT_VIEW, &application), ERR_SHUT);
	/* its number, for one, is told all the same, to whoever may know of it */
	assert_ok(application_look(as(world, other), second, RIGHT_VIEW, &application));
	assert_true(application.shut);
	assert_str(application.receipt.reference, second);
	assert_int_equal(application.answers.map.n, 0);
	assert_err(application_look(as(world, mine), second, RIGHT_VIEW, &application), ERR_NOT_FOUND);
	assert_ok(application_look(as(world, mine), first, RIGHT_VIEW, &application));
	assert_false(application.shut);
}

/* Puts an application into a status by hand. */
static void set_status(struct world *world, struct str reference, enum status status)
{
	char sql[200];

	snprintf(sql, sizeof sql, "UPDATE application SET status = '%s' WHERE reference = '%.*s'",
		status_names[status].p, STR_ARG(reference));
	db_exec(world->db, sql);
}

/* Every status, event and party: exactly what the table says, with its entry and its audit, and
 * nothing else. */
static void every_step_is_in_the_table(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct str reference = apply(world, account, "NGUYEN THI MAI");
	struct application application;
	int64_t entries = 1;
	size_t good = 0;

	for (int from = 0; from < STATUS_COUNT; from++)
		for (int event = 0; event < EVENT_COUNT; event++)
			for (unsigned party = PARTY_OWNER; party <= PARTY_JOB; party *= 2) {
				struct cx *cx = party == PARTY_OWNER
							? as(world, account)
							: as_kind(world, party == PARTY_JOB
										 ? ACTOR_JOB
										 : ACTOR_OPERATOR);
				enum status to = STATUS_COUNT;
				err wanted = transition_require(
					(enum status)from, (enum event)event, party, &to);

				/* These are for requests for use, and this is none. */
				if (event == EVENT_USE_ACCEPT || event == EVENT_USE_REFUSE) {
					wanted = (err){ERR_CONFLICT};
					to = STATUS_COUNT;
				}
				set_status(world, reference, (enum status)from);
				assert_err(application_change(
						   cx, reference, (enum event)event, STR("")),
					wanted.code);
				entries += !failed(wanted);
				good += !failed(wanted);
				assert_int_equal(db_number(world->db,
							 "SELECT count(*) FROM application_event"),
					entries);
				assert_int_equal(
					db_number(world->db, "SELECT count(*) FROM audit_entry "
							     "WHERE event = 'application_changed'"),
					entries - 1);
				assert_ok(application_require(
					as(world, account), reference, RIGHT_VIEW, &application));
				assert_int_equal(application.receipt.status,
					failed(wanted) ? (enum status)from : to);
			}
	assert_int_equal(good, 12); /* eleven ways, one of them open to two parties */
}

static void a_life_and_its_history(void **state)
{
	static const struct {
		enum actor_kind who;
		enum event event;
		enum status status;
		const char *note;
	} life[] = {
		{ACTOR_JOB, EVENT_ACCEPT, STATUS_ACCEPTED, ""},
		{ACTOR_OPERATOR, EVENT_REVIEW, STATUS_REVIEW, ""},
		{ACTOR_OPERATOR, EVENT_RETURN, STATUS_RETURNED, "写真を付け直してください。"},
		{ACTOR_ACCOUNT, EVENT_RESUBMIT, STATUS_REVIEW, ""},
		{ACTOR_OPERATOR, EVENT_APPROVE, STATUS_ISSUANCE, ""},
		{ACTOR_OPERATOR, EVENT_ISSUE, STATUS_COMPLETED, ""},
	};
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL),
		other = account_add(world, "b@example.jp", NULL);
	struct str reference = apply(world, account, "NGUYEN THI MAI");
	struct application application;
	struct history_entry *history;
	struct audit_report report;
	size_t n;

	for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
		world->now += TIME_DAY;
		struct cx *cx = life[i].who == ACTOR_ACCOUNT ? as(world, account)
							     : as_kind(world, life[i].who);

		assert_ok(application_change(cx, reference, life[i].event, str_of(life[i].note)));
		assert_err(application_change(as(world, other), reference, life[i].event, STR("")),
			ERR_NOT_FOUND);
	}
	assert_ok(application_require(as(world, account), reference, RIGHT_VIEW, &application));
	assert_int_equal(application.receipt.status, STATUS_COMPLETED);
	assert_int_equal(application.changed_at, world->now);
	assert_ok(application_history(&world->cx, &application, &history, &n));
	assert_int_equal(n, 7);
	assert_int_equal(history[0].event, EVENT_SUBMIT);
	assert_int_equal(history[0].by, ACTOR_ACCOUNT);
	for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
		assert_int_equal(history[i + 1].event, life[i].event);
		assert_int_equal(history[i + 1].status, life[i].status);
		assert_int_equal(history[i + 1].by, life[i].who);
		assert_str(history[i + 1].note, life[i].note[0] ? str_of(life[i].note) : STR(""));
	}
	assert_err(application_change(
			   as_kind(world, ACTOR_OPERATOR), reference, EVENT_ISSUE, STR("\xff")),
		ERR_INVALID);
	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
}

struct race {
	struct str reference;
	int64_t account;
	err results[8];
};

/* Half withdraw, half accept: from PENDING both may, but only one can. */
static void change_in_thread(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;

	(void)world;
	if (number % 2)
		cx->actor.kind = ACTOR_JOB;
	else
		cx_become(cx, race->account);
	race->results[number] = application_change(
		cx, race->reference, number % 2 ? EVENT_ACCEPT : EVENT_WITHDRAW, STR(""));
}

static void of_two_steps_at_once_one_is_made(void **state)
{
	struct world *world = *state;
	struct race race = {.account = account_add(world, "a@example.jp", NULL)};
	int good = 0;

	race.reference = apply(world, race.account, "NGUYEN THI MAI");
	in_threads(world, 8, change_in_thread, &race);
	for (int i = 0; i < 8; i++) {
		good += !failed(race.results[i]);
		assert_true(!failed(race.results[i]) || race.results[i].code == ERR_CONFLICT);
	}
	assert_int_equal(good, 1);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application_event"), 2);
}

/* ---- the list ---- */

static size_t found(struct world *world, int64_t account, struct application_search search,
	struct application_list *list)
{
	assert_ok(application_list(as(world, account), &search, list));
	assert_true(list->n <= list->total);
	return list->total;
}

static void only_ones_own_are_listed(void **state)
{
	struct world *world = *state;
	int64_t mine = account_add(world, "a@example.jp", NULL),
		other = account_add(world, "b@example.jp", NULL);
	struct application_list list;

	assert_int_equal(found(world, mine, (struct application_search){0}, &list), 0);
	struct str reference = apply(world, mine, "NGUYEN THI MAI");

	apply(world, other, "NGUYEN THI MAI");
	assert_int_equal(found(world, mine, (struct application_search){0}, &list), 1);
	assert_str(list.v[0].reference, reference);
	assert_str(list.v[0].name, STR("NGUYEN THI MAI"));
	assert_str(list.v[0].procedure->id, STR("extension"));
	assert_int_equal(list.v[0].status, STATUS_PENDING);
	assert_int_equal(
		found(world, mine, (struct application_search){.related = STR("nguyen")}, &list),
		1);
	assert_err(application_list(cx_fresh(world), &(struct application_search){0}, &list),
		ERR_DENIED);
}

static void found_by_words_and_numbers(void **state)
{
	static const struct {
		const char *words;
		size_t n;
	} rows[] = {
		{"nguyen", 2},
		{"NGUY", 2},
		{"Ｎｇｕｙｅｎ", 2},
		{"mai", 1},
		{"mai nguyen", 1},
		{"nguyen　mai", 1},
		{"guyen", 0},
		{"o'brien", 1},
		{"OBRIEN", 1},
		{"brien", 0},
		{"smith", 0},
		{"anna-maria", 1},
		{"annamaria", 1},
		{"福オン留", 3},
		{"福おん留t26000002", 1},
		{"ふくおん", 0},
		{"nguyen zzz", 0},
		{"' or 1=1 --", 0},
		{"%", 0},
		{"_", 0},
		{"\xff", 0},
		{"nguyen - mai", 1},
		{"", 3},
		{"   ", 3},
		{"nguyen thi mai 福 zzz", 1},
	};
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct application_list list;
	struct str first = apply(world, account, "NGUYEN THI MAI");

	apply(world, account, "NGUYEN VAN AN");
	apply(world, account, "ANNA-MARIA O'BRIEN");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = found(world, account,
			(struct application_search){.related = str_of(rows[i].words)}, &list);

		if (n != rows[i].n)
			fail_msg("\"%s\": %zu instead of %zu", rows[i].words, n, rows[i].n);
	}
	assert_int_equal(
		found(world, account, (struct application_search){.related = first}, &list), 1);
	assert_int_equal(
		found(world, account, (struct application_search){.related = str_sub(first, 0, 8)},
			&list),
		1);
	struct str typed =
		str_fmt(world->cx.arena, "%.4s-%.4s-%.4s", first.p, first.p + 4, first.p + 8);

	assert_int_equal(
		found(world, account, (struct application_search){.related = typed}, &list), 1);
}

static void found_by_procedure(void **state)
{
	static const struct {
		const char *words;
		size_t n;
	} rows[] = {
		{"在留期間", 1},
		{"更新", 1},
		{"extension", 1},
		{"PERIOD extension", 1},
		{"期間　stay", 1},
		{"permanent", 0},
		{"%", 0},
		{"再入国", 0},
		{"更新 許可", 1},
	};
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct application_list list;

	apply(world, account, "NGUYEN THI MAI");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = found(world, account,
			(struct application_search){.procedure = str_of(rows[i].words)}, &list);

		if (n != rows[i].n)
			fail_msg("\"%s\": %zu instead of %zu", rows[i].words, n, rows[i].n);
	}
}

/* A portal that offers `fitting` procedures of the word "extension", and one other. */
static void offer(struct world *world, const struct procedure **list, size_t fitting)
{
	const struct procedure *extension = catalogue_find(&world->catalogue, STR("extension"));

	for (size_t i = 0; i < fitting; i++)
		list[i] = extension;
	list[fitting] = catalogue_find(&world->catalogue, STR("coe"));
	world->catalogue.v = list;
	world->catalogue.n = fitting + 1;
}

static void a_question_names_twelve_procedures(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	const struct application_search search = {.procedure = STR("extension")};
	const struct procedure *list[14];
	struct application_list found_list;

	apply(world, account, "NGUYEN THI MAI");
	for (size_t fitting = 11; fitting <= 12; fitting++) {
		offer(world, list, fitting);
		assert_int_equal(found(world, account, search, &found_list), 1);
	}
	offer(world, list, 13);
	assert_err(application_list(as(world, account), &search, &found_list), ERR_LIMIT);
	/* Words of all procedures ask for none of them. */
	assert_int_equal(found(world, account, (struct application_search){.procedure = STR("在留")}, &found_list), 1);
}

static void found_by_date_in_order_and_pages(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct application_list list;
	struct str references[7];
	int32_t first = time_date(START);

	for (int i = 0; i < 7; i++) {
		world->now = START + i * TIME_DAY;
		references[i] = apply(world, account, "NGUYEN THI MAI");
	}
	assert_int_equal(found(world, account, (struct application_search){0}, &list), 7);
	for (int i = 0; i < 7; i++)
		assert_str(list.v[i].reference, references[6 - i]);
	assert_int_equal(
		found(world, account, (struct application_search){.sort = SORT_OLDEST}, &list), 7);
	for (int i = 0; i < 7; i++)
		assert_str(list.v[i].reference, references[i]);
	assert_int_equal(
		found(world, account,
			(struct application_search){.from_on = date_add_days(first, 2)}, &list),
		5);
	assert_int_equal(
		found(world, account,
			(struct application_search){.until_on = date_add_days(first, 2)}, &list),
		3);
	assert_int_equal(found(world, account,
				 (struct application_search){.from_on = date_add_days(first, 2),
					 .until_on = date_add_days(first, 2),
					 .related = STR("mai")},
				 &list),
		1);
	assert_str(list.v[0].reference, references[2]);
	assert_int_equal(found(world, account,
				 (struct application_search){
					 .from_on = date_add_days(first, 3), .until_on = first},
				 &list),
		0);
	assert_int_equal(
		found(world, account, (struct application_search){.page = 1, .per_page = 3}, &list),
		7);
	assert_int_equal(list.n, 3);
	assert_str(list.v[0].reference, references[3]);
	assert_int_equal(
		found(world, account, (struct application_search){.page = 2, .per_page = 3}, &list),
		7);
	assert_int_equal(list.n, 1);
	assert_int_equal(
		found(world, account,
			(struct application_search){.page = 4000000000u, .per_page = 50}, &list),
		7);
	assert_int_equal(list.n, 0);
	/* Every page of every size, the last one full, begun, or empty. */
	for (unsigned size = 1; size <= 8; size++) {
		for (unsigned page = 0; page <= 7; page++) {
			struct application_search search = {.page = page, .per_page = size, .related = size % 2 ? STR("") : STR("mai")};
			size_t left = 7 > page * size ? 7 - page * size : 0;

			assert_int_equal(found(world, account, search, &list), 7);
			assert_int_equal(list.n, left < size ? left : size);
			for (size_t i = 0; i < list.n; i++)
				assert_str(list.v[i].reference, references[6 - page * size - i]);
		}
	}
}

static void a_day_ends_at_midnight_in_japan(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct application_list list;
	int32_t day = time_date(START);

	world->now = date_start(day);
	apply(world, account, "FIRST");
	world->now = date_start(date_add_days(day, 1)) - 1;
	apply(world, account, "LAST");
	world->now += 1;
	apply(world, account, "NEXT");
	assert_int_equal(
		found(world, account, (struct application_search){.from_on = day, .until_on = day},
			&list),
		2);
	assert_str(list.v[0].name, STR("LAST"));
	assert_str(list.v[1].name, STR("FIRST"));
}

/* Ids end in September 2089 and the calendar in 9999: what was applied for lies before both. */
static void a_day_far_ahead_is_open(void **state)
{
	static const int32_t far[] = {20890906, 20890907, 20890908, 20891231, 20900101, 21590514, 99991230, 99991231};
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct application_list list;

	apply(world, account, "NGUYEN THI MAI");
	for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
		size_t until = found(world, account, (struct application_search){.until_on = far[i]}, &list);
		size_t from = found(world, account, (struct application_search){.from_on = far[i]}, &list);

		if (until != 1 || from != 0)
			fail_msg("%d: %zu until then, %zu from then on", far[i], until, from);
	}
	assert_int_equal(found(world, account, (struct application_search){.from_on = 10101, .until_on = 10102}, &list), 0);
	assert_int_equal(found(world, account, (struct application_search){.from_on = 10101}, &list), 1);
}

static void the_list_counts_only_what_it_does_not_show(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct application_list list;

	apply(world, account, "NGUYEN THI MAI");
	apply(world, account, "NGUYEN THI MAI");
	for (unsigned size = 1; size <= 2; size++) {
		uint64_t before = queries_so_far(world);

		found(world, account,
			(struct application_search){.related = STR("nguyen mai"), .procedure = STR("更新"), .per_page = size},
			&list);
		assert_int_equal(queries_so_far(world) - before, size == 1 ? 2 : 1);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(seen_by_whom),
		IN_BOTH(moved_answers_do_not_open),
		IN_BOTH(every_step_is_in_the_table),
		IN_BOTH(a_life_and_its_history),
		IN_BOTH(of_two_steps_at_once_one_is_made),
		IN_BOTH(only_ones_own_are_listed),
		IN_BOTH(found_by_words_and_numbers),
		IN_BOTH(found_by_procedure),
		IN_BOTH(a_question_names_twelve_procedures),
		IN_BOTH(found_by_date_in_order_and_pages),
		IN_BOTH(a_day_ends_at_midnight_in_japan),
		IN_BOTH(a_day_far_ahead_is_open),
		IN_BOTH(the_list_counts_only_what_it_does_not_show),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
