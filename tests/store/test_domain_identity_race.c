#include "identity_support.h"

#include "base/time.h"
#include "domain/audit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

/* Many at once, and processes that are killed between the steps. On both engines. */

#define A "mai@example.jp"
#define THREADS 50

struct race {
	struct world *world;
	struct str id;
	struct person person;
	struct str code;
	atomic_uint won, lost, wrong;
};

static void submit_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;
	enum idv_error refused;
	struct idv_tx tx;

	(void)world;
	(void)number;
	if (failed(idv_verifying(cx, race->id, STR("app-one"), &tx, &refused)))
		race->wrong++;
	else if (refused == IDV_ERROR_NONE)
		race->won++;
	else if (refused == IDV_ERROR_replay)
		race->lost++;
	else
		race->wrong++;
}

static void fifty_submit_one_wins(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct race race = {.id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""))};

	assert_error(claim(world, race.id, "app-one"), IDV_ERROR_NONE);
	in_threads(world, THREADS, submit_one, &race);
	assert_int_equal(race.won, 1);
	assert_int_equal(race.lost, THREADS - 1);
	assert_int_equal(race.wrong, 0);
	assert_int_equal(count_of(world, "audit_entry", "event = 'identity_verifying'"), 1);
}

static void claim_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;
	enum idv_error refused;
	struct idv_tx tx;

	(void)world;
	if (failed(idv_claim(cx,
		    &(struct idv_claim){
			    .id = race->id,
			    .secret = idv_claim_secret(cx, race->id),
			    .app = str_fmt(cx->arena, "app-%u", number),
			    .held = STR("CLP1 AUTH\nnonce=secret\n"),
		    },
		    &tx, &refused)))
		race->wrong++;
	else if (refused == IDV_ERROR_NONE)
		race->won++;
	else if (refused == IDV_ERROR_claimed_twice)
		race->lost++;
	else
		race->wrong++;
}

/* Many phones with one code: one opens it, and the next ends it for all. */
static void fifty_claim(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct race race = {.id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""))};

	in_threads(world, THREADS, claim_one, &race);
	assert_int_equal(race.won, 1);
	assert_int_equal(race.lost, THREADS - 1);
	assert_int_equal(race.wrong, 0);
	assert_error(look(world, &mai, race.id).error, IDV_ERROR_claimed_twice);
}

static void guess_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;
	struct idv_tx tx;

	(void)world;
	cx_become(cx, race->person.account);
	cx->actor.session_id = race->person.session;
	/* All but the right one. */
	unsigned code = ((unsigned)(race->code.p[0] - '0') * 1000 + (unsigned)(race->code.p[1] - '0') * 100 +
				(unsigned)(race->code.p[2] - '0') * 10 + (unsigned)(race->code.p[3] - '0') + 1 + number) %
			10000;

	if (failed(idv_code(cx, race->id, str_fmt(cx->arena, "%04u", code), &tx)))
		race->wrong++;
	else if (tx.state == IDV_AWAIT_CODE)
		race->won++;
	else
		race->lost++;
}

/* However many guesses come at once, three are looked at. */
static void fifty_guess(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct race race = {.id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR("")), .person = mai};
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx = finish(world, race.id, "app-one", &result, &race.code);

	assert_state(tx, IDV_AWAIT_CODE);
	in_threads(world, THREADS, guess_one, &race);
	assert_int_equal(race.won, 2);
	assert_int_equal(race.lost, THREADS - 2);
	assert_int_equal(race.wrong, 0);
	assert_int_equal(count_of(world, "audit_entry", "detail LIKE '%error=code_mismatch%'"), 3);
	assert_ok(idv_code(as(world, &mai), race.id, race.code, &tx));
	assert_state(tx, IDV_FAILED);
}

static void begin_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;
	struct idv_tx tx;

	(void)world;
	(void)number;
	cx_become(cx, race->person.account);
	cx->actor.session_id = race->person.session;
	err e = idv_begin(cx, &(struct idv_begin){.op = IDV_AUTH, .purpose = IDV_USAGE, .next = STR("/")}, &tx);

	if (!failed(e))
		race->won++;
	else if (e.code == ERR_LIMIT)
		race->lost++;
	else
		race->wrong++;
}

static void fifty_begin(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct race race = {.person = mai};

	in_threads(world, THREADS, begin_one, &race);
	assert_int_equal(race.won, IDV_BEGUN_MOST);
	assert_int_equal(race.lost, THREADS - IDV_BEGUN_MOST);
	assert_int_equal(race.wrong, 0);
	assert_int_equal(count_of(world, "id_tx", "state < 5"), 1);
}

#define PEOPLE 20
struct crowd {
	struct str ids[PEOPLE];
	struct idv_result result;
	atomic_uint won, lost, wrong;
};

static void link_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct crowd *crowd = arg;
	struct idv_tx tx;
	struct str code;

	(void)world;
	if (failed(idv_finish(cx, crowd->ids[number], &crowd->result, &tx, &code)))
		crowd->wrong++;
	else if (tx.state == IDV_DONE)
		crowd->won++;
	else if (tx.error == IDV_ERROR_card_in_use)
		crowd->lost++;
	else
		crowd->wrong++;
}

/* One card, many accounts, all at the last step at once. */
static void one_account_gets_the_card(void **state)
{
	struct world *world = *state;
	struct crowd crowd = {.result = basic4_result(world, 1)};

	world->portal.settings.card_bindback = BINDBACK_OFF;
	for (int i = 0; i < PEOPLE; i++) {
		char email[40];

		snprintf(email, sizeof email, "p%d@example.jp", i);
		struct person person = person_fresh(world, email);
		struct str first = prove(world, &person, IDV_AUTH, IDV_USAGE, STR(""), 1);

		crowd.ids[i] = begin(world, &person, IDV_BASIC4, IDV_USAGE, first);
		assert_error(claim(world, crowd.ids[i], "app-one"), IDV_ERROR_NONE);
		assert_error(submit(world, crowd.ids[i], "app-one"), IDV_ERROR_NONE);
	}
	in_threads(world, PEOPLE, link_one, &crowd);
	assert_int_equal(crowd.won, 1);
	assert_int_equal(crowd.lost, PEOPLE - 1);
	assert_int_equal(crowd.wrong, 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM card_link"), 1);
}

/* A process of its own that links one account after the other, and is killed. */
static void link_until_killed(struct world *world, const struct person *people, int count)
{
	if (failed(store_open(&world->db->conf, &world->db->store)))
		_exit(2);
	world->cx.store = world->db->store;
	for (int i = 0; i < count; i++)
		link_card(world, &people[i], 100 + i);
	_exit(0);
}

#define KILLED_PEOPLE 12

static void killed_between_the_steps(void **state)
{
	struct world *world = *state;
	struct person people[KILLED_PEOPLE];
	struct audit_report report;

	for (unsigned round = 0; round < 8; round++) {
		struct timespec pause = {.tv_nsec = (long)(8 + 9 * round) * 1000000};

		world->now += TIME_HOUR;
		for (int i = 0; i < KILLED_PEOPLE; i++) {
			char email[40];

			snprintf(email, sizeof email, "r%up%d@example.jp", round, i);
			people[i] = person_fresh(world, email);
		}
		world->now += 2 * TIME_MINUTE;
		cx_end(&world->cx);
		db_close(world->db);
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			link_until_killed(world, people, KILLED_PEOPLE);
		nanosleep(&pause, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		db_open(world->db);
		world->cx.store = world->db->store;
		int64_t links = db_number(world->db, "SELECT count(*) FROM card_link");

		/* The link, the items, the mail, the entry and the state: all of them or none. */
		assert_int_equal(db_number(world->db, "SELECT count(*) FROM basic4"), links);
		assert_int_equal(count_of(world, "outbox", "template = 'card_linked'"), links);
		assert_int_equal(count_of(world, "audit_entry", "event = 'card_linked'"), links);
		assert_int_equal(count_of(world, "id_tx", "op = 'basic4' AND state = 5"), links);
		assert_ok(audit_verify(cx_fresh(world), &report));
		assert_true(report.good);
		world->now += TIME_HOUR;
		assert_ok(idv_sweep(cx_fresh(world)));
		assert_int_equal(count_of(world, "id_tx", "state < 5"), 0);
		/* So that the next round can have the same cards. */
		for (int i = 0; i < KILLED_PEOPLE; i++) {
			struct card_link link;

			if (!failed(card_link_find(cx_fresh(world), people[i].account, &link)))
				assert_ok(card_link_end(cx_fresh(world), people[i].account, IDV_CARDLINK, STR("help_desk")));
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(fifty_submit_one_wins), IN_BOTH(fifty_claim), IN_BOTH(fifty_guess), IN_BOTH(fifty_begin), IN_BOTH(one_account_gets_the_card),
		IN_BOTH(killed_between_the_steps),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
