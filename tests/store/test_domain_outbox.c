#include "domain_support.h"

#include "base/time.h"
#include "domain/application/draft_warning.h"
#include "domain/retention.h"
#include "store/query.h"

/* The outbox as its workers see it, and the mails that announce the end of drafts; on both engines.
 */

#define LEASE TIME_MINUTE

struct addition {
	const char *recipient;
	const char *user_id;
};

static err add_in_tx(struct cx *cx, void *arg)
{
	const struct addition *a = arg;
	const struct msg_arg values[] = {{STR("user_id"), str_of(a->user_id)}};

	return outbox_add(cx, MAIL_FORGOT_ID, 0, str_of(a->recipient), STR("en"), values, 1);
}

/* A millisecond later than the one before, so that their order is that of their ids. */
static void add(struct world *world, const char *recipient, const char *user_id)
{
	world->now++;
	assert_ok(cx_write(cx_fresh(world), add_in_tx, &(struct addition){recipient, user_id}));
}

static err claim(struct world *world, const char *owner, struct outbox_mail *out)
{
	return outbox_claim(cx_fresh(world), str_of(owner), LEASE, out);
}

static void assert_claims(
	struct world *world, const char *owner, const char *user_id, struct outbox_mail *out)
{
	assert_ok(claim(world, owner, out));
	assert_str(outbox_value(out, STR("user_id")), str_of(user_id));
}

static void assert_claims_nothing(struct world *world, const char *owner)
{
	struct outbox_mail mail;

	assert_err(claim(world, owner, &mail), ERR_NOT_FOUND);
}

static void one_of_two_workers_gets_it(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	add(world, "a@example.jp", "A");
	assert_claims(world, "one", "A", &mail);
	assert_int_equal(mail.attempts, 0);
	assert_claims_nothing(world, "two");
	assert_ok(outbox_sent(cx_fresh(world), mail.id, STR("one")));
	assert_claims_nothing(world, "two");
	assert_int_equal(mails_waiting(world), 0);
}

static void a_lease_that_ran_out_is_the_next_ones(void **state)
{
	struct world *world = *state;
	struct outbox_mail first, second;

	add(world, "a@example.jp", "A");
	assert_claims(world, "one", "A", &first);
	world->now += LEASE - 1;
	assert_claims_nothing(world, "two");
	world->now += 1;
	assert_claims(world, "two", "A", &second);
	assert_int_equal(second.id, first.id);
	assert_int_equal(second.attempts, 1);
	assert_str(second.message_id, first.message_id);
	/* Whoever lost it has no say. */
	assert_err(outbox_renew(cx_fresh(world), first.id, STR("one"), LEASE), ERR_CONFLICT);
	assert_err(outbox_sent(cx_fresh(world), first.id, STR("one")), ERR_CONFLICT);
	assert_err(outbox_later(cx_fresh(world), first.id, STR("one"), world->now, STR("x")),
		ERR_CONFLICT);
	assert_err(outbox_failed(cx_fresh(world), first.id, STR("one"), STR("x")), ERR_CONFLICT);
	assert_ok(outbox_sent(cx_fresh(world), second.id, STR("two")));
	assert_err(outbox_sent(cx_fresh(world), second.id, STR("two")), ERR_CONFLICT);
}

static void renewing_keeps_it(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	add(world, "a@example.jp", "A");
	assert_claims(world, "one", "A", &mail);
	for (int i = 0; i < 5; i++) {
		world->now += LEASE - 1;
		assert_ok(outbox_renew(cx_fresh(world), mail.id, STR("one"), LEASE));
		assert_claims_nothing(world, "two");
	}
	assert_ok(outbox_sent(cx_fresh(world), mail.id, STR("one")));
	assert_err(outbox_renew(cx_fresh(world), mail.id, STR("one"), LEASE), ERR_CONFLICT);
}

static void later_comes_back_with_its_reason(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	add(world, "a@example.jp", "A");
	assert_claims(world, "one", "A", &mail);
	assert_str(mail.last_error, STR(""));
	assert_ok(outbox_later(cx_fresh(world), mail.id, STR("one"), world->now + 1000,
		STR("unsure: DOT broken off")));
	assert_claims_nothing(world, "one");
	world->now += 1000;
	assert_claims(world, "two", "A", &mail);
	assert_int_equal(mail.attempts, 1);
	assert_str(mail.last_error, STR("unsure: DOT broken off"));
}

static void mails_to_one_person_keep_their_order(void **state)
{
	struct world *world = *state;
	struct outbox_mail a, b, other;

	add(world, "a@example.jp", "A");
	add(world, "a@example.jp", "B");
	add(world, "b@example.jp", "other");
	assert_claims(world, "one", "A", &a);
	/* B waits for A, whoever asks; the other person does not. */
	assert_claims(world, "two", "other", &other);
	assert_claims_nothing(world, "three");
	assert_ok(outbox_sent(cx_fresh(world), other.id, STR("two")));
	/* A has to wait: so has B. */
	assert_ok(outbox_later(
		cx_fresh(world), a.id, STR("one"), world->now + TIME_HOUR, STR("RCPT 450")));
	assert_claims_nothing(world, "three");
	world->now += TIME_HOUR;
	assert_claims(world, "three", "A", &a);
	assert_ok(outbox_failed(cx_fresh(world), a.id, STR("three"), STR("RCPT 550")));
	assert_claims(world, "three", "B", &b);
}

static void a_new_mail_hastens_the_waiting_ones(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail, leased;

	add(world, "a@example.jp", "A");
	add(world, "b@example.jp", "leased");
	assert_claims(world, "one", "A", &mail);
	assert_claims(world, "two", "leased", &leased);
	assert_ok(outbox_later(
		cx_fresh(world), mail.id, STR("one"), world->now + 4 * TIME_HOUR, STR("RCPT 450")));
	add(world, "a@example.jp", "B");
	add(world, "b@example.jp", "C");
	assert_claims(world, "one", "A", &mail);
	assert_ok(outbox_sent(cx_fresh(world), mail.id, STR("one")));
	assert_claims(world, "one", "B", &mail);
	/* A lease is not touched by it. */
	assert_claims_nothing(world, "three");
	assert_ok(outbox_sent(cx_fresh(world), leased.id, STR("two")));
	assert_claims(world, "three", "C", &mail);
}

static int64_t due_rows(struct world *world)
{
	char sql[100];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM outbox WHERE state = 0 AND next_at <= %lld", (long long)world->now);
	return db_number(world->db, sql);
}

/* A claim that gets nothing looks once, and does not try again as if it had been beaten. */
static void assert_looks_once(struct world *world)
{
	struct store_stats before, after;
	bool due = true;

	assert_ok(outbox_due(cx_fresh(world), &due));
	assert_false(due);
	cx_end(&world->cx);
	store_stats(world->cx.store, &before);
	assert_claims_nothing(world, "idle");
	store_stats(world->cx.store, &after);
	assert_in_range(after.writes - before.writes, 0, 1);
}

static void assert_sends(struct world *world, const char *user_id)
{
	struct outbox_mail mail;

	assert_claims(world, "one", user_id, &mail);
	assert_ok(outbox_sent(cx_fresh(world), mail.id, STR("one")));
}

static void what_waits_behind_another_is_not_due(void **state)
{
	struct world *world = *state;
	struct outbox_mail a, mail;

	add(world, "a@example.jp", "A");
	add(world, "a@example.jp", "B");
	assert_claims(world, "one", "A", &a);
	assert_looks_once(world);
	assert_ok(outbox_later(cx_fresh(world), a.id, STR("one"), world->now + TIME_HOUR, STR("RCPT 450")));
	assert_int_equal(due_rows(world), 0);
	assert_looks_once(world);
	add(world, "b@example.jp", "other");
	assert_sends(world, "other");
	/* again, and longer */
	world->now += TIME_HOUR;
	assert_claims(world, "one", "A", &a);
	assert_ok(outbox_later(cx_fresh(world), a.id, STR("one"), world->now + 2 * TIME_HOUR, STR("RCPT 450")));
	assert_int_equal(due_rows(world), 0);
	world->now += 2 * TIME_HOUR;
	assert_claims(world, "one", "A", &a);
	assert_ok(outbox_sent(cx_fresh(world), a.id, STR("one")));
	assert_claims(world, "one", "B", &mail);
}

/* B and C wait as long as A; a new one brings back A, and those between them with it. */
static void what_waited_behind_another_goes_when_that_has_gone(void **state)
{
	struct world *world = *state;
	struct outbox_mail a, d;

	add(world, "a@example.jp", "A");
	add(world, "a@example.jp", "B");
	add(world, "a@example.jp", "C");
	assert_claims(world, "one", "A", &a);
	assert_ok(outbox_later(cx_fresh(world), a.id, STR("one"), world->now + 4 * TIME_HOUR, STR("RCPT 450")));
	assert_claims_nothing(world, "two");
	add(world, "a@example.jp", "D");
	assert_claims(world, "one", "A", &a);
	assert_claims_nothing(world, "two");
	assert_ok(outbox_later(cx_fresh(world), a.id, STR("one"), world->now + 4 * TIME_HOUR, STR("RCPT 450")));
	assert_int_equal(due_rows(world), 0);
	add(world, "a@example.jp", "E");
	assert_claims(world, "one", "A", &a);
	assert_ok(outbox_failed(cx_fresh(world), a.id, STR("one"), STR("RCPT 550")));
	assert_sends(world, "B");
	assert_sends(world, "C");
	/* one that waits for its own sake is not brought back by the end of another */
	assert_claims(world, "one", "D", &d);
	assert_ok(outbox_later(cx_fresh(world), d.id, STR("one"), world->now + TIME_HOUR, STR("RCPT 450")));
	assert_int_equal(due_rows(world), 0);
	assert_claims_nothing(world, "one");
	world->now += TIME_HOUR;
	assert_sends(world, "D");
	assert_sends(world, "E");
	assert_int_equal(mails_waiting(world), 0);
}

static void set_key(struct world *world, int byte)
{
	memset(world->key.bytes, byte, sizeof world->key.bytes);
}

static int64_t shut(struct world *world)
{
	return db_number(world->db, "SELECT count(*) FROM outbox WHERE state = 4 AND length(payload) > 0");
}

/* The key may come back. */
static void rows_that_do_not_open_are_kept_and_hold_up_nothing(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;
	struct outbox_row *list;
	size_t count;

	set_key(world, 8);
	add(world, "a@example.jp", "A");
	set_key(world, 7);
	add(world, "a@example.jp", "B");
	assert_err(claim(world, "one", &mail), ERR_INVALID);
	assert_sends(world, "B");
	assert_claims_nothing(world, "one");
	assert_int_equal(shut(world), 1);
	assert_ok(outbox_list(cx_fresh(world), 10, &list, &count));
	assert_int_equal(count, 1);
	assert_false(list[0].failed);
	assert_str(list[0].last_error, STR("does not open with this key"));
	/* looked at again by and by, with the same result */
	world->now += 29 * TIME_DAY;
	assert_ok(retention_run(cx_fresh(world)));
	assert_claims_nothing(world, "one");
	assert_ok(outbox_reopen(cx_fresh(world)));
	assert_err(claim(world, "one", &mail), ERR_INVALID);
	assert_claims_nothing(world, "one");
	assert_int_equal(shut(world), 1);
	/* until the key is there */
	set_key(world, 8);
	assert_ok(outbox_reopen(cx_fresh(world)));
	assert_sends(world, "A");
	assert_int_equal(mails_waiting(world), 0);
}

static void rows_that_never_open_fail_after_a_month(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	set_key(world, 8);
	add(world, "a@example.jp", "A");
	set_key(world, 7);
	assert_err(claim(world, "one", &mail), ERR_INVALID);
	world->now += OUTBOX_SHUT_MS;
	assert_ok(outbox_reopen(cx_fresh(world)));
	assert_err(claim(world, "one", &mail), ERR_INVALID);
	assert_int_equal(shut(world), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM outbox WHERE state = 2 AND length(payload) = 0"), 1);
	assert_ok(outbox_reopen(cx_fresh(world)));
	assert_claims_nothing(world, "one");
}

/* A clock that ran ahead, as of a machine whose own clock was taken for UTC until the network's was there. */
static void a_clock_that_is_set_back_keeps_no_mail(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	world->now += 9 * TIME_HOUR;
	add(world, "leased@example.jp", "A");
	assert_claims(world, "one", "A", &mail);
	add(world, "waits@example.jp", "B");
	assert_claims(world, "one", "B", &mail);
	assert_ok(outbox_later(cx_fresh(world), mail.id, STR("one"), world->now + OUTBOX_WAIT_MS, STR("RCPT 451")));
	add(world, "fresh@example.jp", "C");
	world->now -= 9 * TIME_HOUR;
	assert_claims_nothing(world, "two");
	assert_ok(outbox_reopen(cx_fresh(world)));
	assert_sends(world, "A");
	assert_sends(world, "B");
	assert_sends(world, "C");
	assert_claims_nothing(world, "two");
}

/* What waits as long as a mail may wait is left alone. */
static void a_long_wait_is_no_clock(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	add(world, "a@example.jp", "A");
	assert_claims(world, "one", "A", &mail);
	assert_ok(outbox_later(cx_fresh(world), mail.id, STR("one"), world->now + OUTBOX_WAIT_MS * 5 / 4, STR("RCPT 451")));
	assert_ok(outbox_reopen(cx_fresh(world)));
	assert_claims_nothing(world, "two");
	world->now += OUTBOX_WAIT_MS * 5 / 4;
	assert_sends(world, "A");
}

static void rows_of_tomorrow_wait(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	/* A newer program's template: not ours to judge. */
	add(world, "c@example.jp", "C");
	db_exec(world->db, "UPDATE outbox SET template = 'of_tomorrow' WHERE state = 0");
	assert_err(claim(world, "one", &mail), ERR_INVALID);
	assert_claims_nothing(world, "one");
	assert_int_equal(mails_waiting(world), 1);
}

static void what_has_ended_holds_no_secret(void **state)
{
	struct world *world = *state;
	struct outbox_mail mail;

	add(world, "a@example.jp", "A");
	add(world, "b@example.jp", "B");
	assert_true(db_number(world->db, "SELECT min(length(payload)) FROM outbox") > 0);
	assert_claims(world, "one", "A", &mail);
	assert_ok(outbox_sent(cx_fresh(world), mail.id, STR("one")));
	assert_claims(world, "one", "B", &mail);
	assert_ok(outbox_failed(cx_fresh(world), mail.id, STR("one"), STR("RCPT 550")));
	assert_int_equal(db_number(world->db, "SELECT max(length(payload)) FROM outbox"), 0);
}

/* ---- many workers at once ---- */

enum { MAILS = 60, WORKERS = 6 };

static void work_thread(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	int64_t *seen = arg;
	struct str owner = str_fmt(cx->arena, "worker %u", number);
	struct outbox_mail mail;

	(void)world;
	for (int idle = 0; idle < 50;) {
		err claimed = outbox_claim(cx, owner, LEASE, &mail);
		if (claimed.code == ERR_NOT_FOUND) {
			idle++;
			continue;
		}
		assert_ok(claimed);
		int64_t which;
		assert_true(str_to_i64(outbox_value(&mail, STR("user_id")), &which));
		__atomic_fetch_add(&seen[which], 1, __ATOMIC_SEQ_CST);
		assert_ok(outbox_sent(cx, mail.id, owner));
	}
}

static void many_workers_take_each_once(void **state)
{
	struct world *world = *state;
	int64_t seen[MAILS] = {0};

	for (int i = 0; i < MAILS; i++) {
		char user_id[16], recipient[32];
		snprintf(user_id, sizeof user_id, "%d", i);
		snprintf(recipient, sizeof recipient, "p%d@example.jp", i % 20);
		add(world, recipient, user_id);
	}
	in_threads(world, WORKERS, work_thread, seen);
	for (int i = 0; i < MAILS; i++)
		assert_int_equal(seen[i], 1);
	assert_int_equal(mails_waiting(world), 0);
}

/* ---- drafts that come to their end ---- */

static size_t warn(struct world *world)
{
	size_t made;

	assert_ok(draft_warn(cx_fresh(world), &made));
	assert_int_equal(mails_waiting(world), (int64_t)made);
	return made;
}

static void drafts_are_announced_twice_and_each_once(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "mai@example.jp", NULL);
	struct outbox_mail mail;
	int64_t draft;

	cx_become(cx_fresh(world), account);
	assert_ok(draft_create(&world->cx, STR("extension"), &draft));
	int64_t last_on = db_number(world->db, "SELECT keep_until FROM draft");
	int64_t last_start = date_start((int32_t)last_on);

	world->now = last_start - 7 * TIME_DAY - 1;
	assert_int_equal(warn(world), 0);
	world->now += 1;
	assert_int_equal(warn(world), 1);
	mail = mail_take(world, MAIL_DRAFT_EXPIRING);
	assert_str(mail.recipient, STR("mai@example.jp"));
	assert_int_equal(mail.account_id, account);
	assert_str(outbox_value(&mail, STR("procedure")), STR("extension"));
	assert_str(outbox_value(&mail, STR("draft")),
		str_fmt(world->cx.arena, "%lld", (long long)draft));
	assert_str(outbox_value(&mail, STR("last_on")),
		str_fmt(world->cx.arena, "%lld", (long long)last_on));
	assert_int_equal(warn(world), 0);
	world->now = last_start - TIME_DAY - 1;
	assert_int_equal(warn(world), 0);
	world->now += 1;
	assert_int_equal(warn(world), 1);
	mail_take(world, MAIL_DRAFT_EXPIRING);
	assert_int_equal(warn(world), 0);
	world->now = last_start + 2 * TIME_DAY;
	assert_int_equal(warn(world), 0);
}

static void a_late_warning_comes_once(void **state)
{
	struct world *world = *state;
	int64_t draft, account = account_add(world, "mai@example.jp", NULL);

	cx_become(cx_fresh(world), account);
	assert_ok(draft_create(&world->cx, STR("extension"), &draft));
	world->now = date_start((int32_t)db_number(world->db, "SELECT keep_until FROM draft")) +
		     TIME_HOUR;
	assert_int_equal(warn(world), 1);
	mail_take(world, MAIL_DRAFT_EXPIRING);
	assert_int_equal(warn(world), 0);
}

static void a_save_begins_anew(void **state)
{
	struct world *world = *state;
	struct answers answers;
	struct draft draft;
	int64_t id, account = account_add(world, "mai@example.jp", NULL);

	cx_become(cx_fresh(world), account);
	id = draft_fill(world, &world->cx, &draft);
	world->now = date_start((int32_t)db_number(world->db, "SELECT keep_until FROM draft")) -
		     TIME_DAY;
	assert_int_equal(warn(world), 1);
	mail_take(world, MAIL_DRAFT_EXPIRING);
	cx_become(cx_fresh(world), account);
	assert_ok(draft_require(&world->cx, id, &draft));
	answers_load(&world->cx, "extension_student_full.json", &answers);
	draft_put(&world->cx, &draft, &answers);
	assert_int_equal(warn(world), 0);
	world->now = date_start((int32_t)db_number(world->db, "SELECT keep_until FROM draft")) -
		     7 * TIME_DAY;
	assert_int_equal(warn(world), 1);
}

static err many_in_tx(struct cx *cx, void *arg)
{
	const int64_t *account = arg;

	for (int i = 0; i < 250; i++)
		TRY(q_draft_insert(cx_tx(cx),
			&(struct q_draft_insert_in){.account_id = *account,
				.id = 1000 + i,
				.procedure = STR("extension"),
				.version = STR("x"),
				.token = str_fmt(cx->arena, "t%d", i),
				.at = cx->now,
				.keep_until = time_date(cx->now),
				.answers = STR("x"),
				.most = 1000},
			NULL));
	return ok();
}

static void more_than_a_hundred_at_once(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "mai@example.jp", NULL);

	assert_ok(cx_write(cx_fresh(world), many_in_tx, &account));
	assert_int_equal(warn(world), 250);
	size_t again;
	assert_ok(draft_warn(cx_fresh(world), &again));
	assert_int_equal(again, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(one_of_two_workers_gets_it),
		IN_BOTH(a_lease_that_ran_out_is_the_next_ones),
		IN_BOTH(renewing_keeps_it),
		IN_BOTH(later_comes_back_with_its_reason),
		IN_BOTH(mails_to_one_person_keep_their_order),
		IN_BOTH(a_new_mail_hastens_the_waiting_ones),
		IN_BOTH(what_waits_behind_another_is_not_due),
		IN_BOTH(what_waited_behind_another_goes_when_that_has_gone),
		IN_BOTH(rows_that_do_not_open_are_kept_and_hold_up_nothing),
		IN_BOTH(rows_that_never_open_fail_after_a_month),
		IN_BOTH(a_clock_that_is_set_back_keeps_no_mail),
		IN_BOTH(a_long_wait_is_no_clock),
		IN_BOTH(rows_of_tomorrow_wait),
		IN_BOTH(what_has_ended_holds_no_secret),
		IN_BOTH(many_workers_take_each_once),
		IN_BOTH(drafts_are_announced_twice_and_each_once),
		IN_BOTH(a_late_warning_comes_once),
		IN_BOTH(a_save_begins_anew),
		IN_BOTH(more_than_a_hundred_at_once),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
