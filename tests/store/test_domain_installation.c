#include "domain_support.h"

#include "base/time.h"
#include "domain/account/registration.h"
#include "domain/installation.h"

/* The database and its keys: which one it takes at first, and which ones it refuses ever after. On both engines. */

static const struct installation_key *key_of(struct world *world, int byte)
{
	struct installation_key *key = arena_new(&world->arena, struct installation_key);

	memset(world->key.bytes, byte, sizeof world->key.bytes);
	*key = (struct installation_key){.name = STR("master.key"), .open = installation_master_open};
	key->bytes = str_dup(&world->arena, str_make((const char *)world->key.bytes, sizeof world->key.bytes));
	return key;
}

static const struct installation_key *no_key(struct world *world)
{
	struct installation_key *key = arena_new(&world->arena, struct installation_key);

	*key = (struct installation_key){.name = STR("master.key"), .open = installation_master_open};
	return key;
}

static int64_t known(struct world *world)
{
	return db_number(world->db, "SELECT count(*) FROM installation_key");
}

static void a_new_database_takes_the_first_key(void **state)
{
	struct world *world = *state;

	assert_ok(installation_key_check(cx_fresh(world), no_key(world)));
	assert_int_equal(known(world), 0);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
	assert_int_equal(known(world), 1);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
	assert_err(installation_key_check(cx_fresh(world), key_of(world, 8)), ERR_CONFLICT);
	assert_err(installation_key_check(cx_fresh(world), no_key(world)), ERR_CONFLICT);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
	/* each name by itself */
	struct installation_key other = *key_of(world, 8);

	other.name = STR("files.key");
	assert_ok(installation_key_check(cx_fresh(world), &other));
	assert_int_equal(known(world), 2);
}

static void mail(struct world *world)
{
	struct issues issues = {0};

	assert_ok(registration_request(cx_fresh(world), STR("b@example.jp"), STR("b@example.jp"), STR("x"), &issues));
	assert_int_equal(mails_waiting(world), 1);
}

/* Of somebody else each time. */
static void draft_of_somebody(struct world *world, struct draft *out)
{
	char email[32];

	snprintf(email, sizeof email, "p%d@example.jp", (int)db_number(world->db, "SELECT count(*) FROM account"));
	cx_become(cx_fresh(world), account_add(world, email, NULL));
	draft_fill(world, &world->cx, out);
}

static void draft(struct world *world)
{
	struct draft draft;

	draft_of_somebody(world, &draft);
}

static void application(struct world *world)
{
	struct issues issues = {0};
	struct receipt receipt;
	struct draft draft;

	draft_of_somebody(world, &draft);
	assert_ok(application_submit(&world->cx, draft.id, draft.submission_token, &issues, &receipt));
	db_exec(world->db, "DELETE FROM outbox");
}

/* Made before keys were noted. */
static void only_a_key_that_opens_is_taken(void **state)
{
	struct world *world = *state;
	static void (*const made[])(struct world *world) = {mail, draft, application};

	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		key_of(world, 7);
		made[i](world);
		assert_err(installation_key_check(cx_fresh(world), no_key(world)), ERR_CONFLICT);
		assert_err(installation_key_check(cx_fresh(world), key_of(world, 8)), ERR_CONFLICT);
		assert_int_equal(known(world), 0);
		assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
		assert_err(installation_key_check(cx_fresh(world), key_of(world, 8)), ERR_CONFLICT);
		db_exec(world->db, "DELETE FROM installation_key");
		db_exec(world->db, "DELETE FROM draft");
		db_exec(world->db, "DELETE FROM outbox");
	}
}

/* A host that only sends mails, with a key of its own, has made the mail that waits. */
static void mails_do_not_speak_for_the_key_of_drafts(void **state)
{
	struct world *world = *state;

	key_of(world, 8);
	mail(world);
	key_of(world, 7);
	draft(world);
	assert_err(installation_key_check(cx_fresh(world), key_of(world, 8)), ERR_CONFLICT);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
}

static void who_went_on_with_another_key_may_go_on(void **state)
{
	struct world *world = *state;

	key_of(world, 7);
	draft(world);
	world->now += TIME_HOUR;
	key_of(world, 8);
	application(world);
	assert_err(installation_key_check(cx_fresh(world), key_of(world, 7)), ERR_CONFLICT);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 8)));
}

static void accounts_alone_want_the_key(void **state)
{
	struct world *world = *state;

	account_add(world, "a@example.jp", NULL);
	assert_err(installation_key_check(cx_fresh(world), no_key(world)), ERR_CONFLICT);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
}

static void the_operator_may_take_another(void **state)
{
	struct world *world = *state;

	key_of(world, 7);
	draft(world);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
	assert_ok(installation_key_accept(cx_fresh(world), key_of(world, 8)));
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 8)));
	assert_err(installation_key_check(cx_fresh(world), key_of(world, 7)), ERR_CONFLICT);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'key_accepted'"), 1);
}

static err not_now(struct cx *cx)
{
	(void)cx;
	return (err){ERR_UNAVAILABLE};
}

/* What is put right is so in the same transaction, or the key is not accepted. */
static void a_key_is_accepted_with_what_belongs_to_it(void **state)
{
	struct world *world = *state;
	struct installation_key key = *key_of(world, 8);

	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
	key.accepted = not_now;
	assert_err(installation_key_accept(cx_fresh(world), &key), ERR_UNAVAILABLE);
	assert_ok(installation_key_check(cx_fresh(world), key_of(world, 7)));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'key_accepted'"), 0);
}

struct race {
	int64_t won[4];
};

static void race_thread(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;
	struct installation_key key = {.name = STR("files.key"), .open = installation_master_open};

	(void)world;
	key.bytes = str_fmt(cx->arena, "key of host %u", number);
	err e = installation_key_check(cx, &key);

	if (e.code != ERR_CONFLICT)
		assert_ok(e);
	race->won[number] = !failed(e);
}

static void of_several_first_starts_one_counts(void **state)
{
	struct world *world = *state;
	struct race race = {0};

	in_threads(world, 4, race_thread, &race);
	assert_int_equal(race.won[0] + race.won[1] + race.won[2] + race.won[3], 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(a_new_database_takes_the_first_key),
		IN_BOTH(only_a_key_that_opens_is_taken),
		IN_BOTH(mails_do_not_speak_for_the_key_of_drafts),
		IN_BOTH(who_went_on_with_another_key_may_go_on),
		IN_BOTH(accounts_alone_want_the_key),
		IN_BOTH(the_operator_may_take_another),
		IN_BOTH(a_key_is_accepted_with_what_belongs_to_it),
		IN_BOTH(of_several_first_starts_one_counts),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
