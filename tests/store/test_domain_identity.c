#include "identity_support.h"

#include "base/time.h"
#include "domain/account/session.h"
#include "domain/audit.h"

/* The steps of a proof and their limits, on both engines. */

#define A "mai@example.jp"

static void way_without_a_code(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_tx tx;
	struct str code, token, again, id;
	struct session session;

	world->portal.settings.card_bindback = BINDBACK_OFF;
	id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	tx = look(world, &mai, id);
	assert_int_equal(id.n, IDV_ID_CHARS);
	/* 128 bits in 26 characters of five: two of nought in front. */
	assert_true(id.p[0] >= '0' && id.p[0] <= '7');
	assert_int_equal(tx.seq, 2);
	assert_int_equal(tx.expires_at, world->now + IDV_SHOWN_MS);
	assert_int_equal(tx.total_until, world->now + IDV_TOTAL_MS);
	assert_str(tx.browser, STR("Edge, Windows"));
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	tx = look(world, &mai, id);
	assert_state(tx, IDV_CLAIMED);
	assert_int_equal(tx.seq, 3);
	assert_str(tx.phone_label, STR("Myna App 1.0, android"));
	assert_true(str_absent(tx.held));
	assert_error(submit(world, id, "app-one"), IDV_ERROR_NONE);
	assert_state(look(world, &mai, id), IDV_VERIFYING);
	struct idv_result result = auth_result(world, 1);

	assert_ok(idv_finish(cx_fresh(world), id, &result, &tx, &code));
	assert_state(tx, IDV_DONE);
	assert_int_equal(code.n, 0);
	assert_err(idv_finish(cx_fresh(world), id, &result, &tx, &code), ERR_CONFLICT);
	/* The browser goes on, under a new token. */
	assert_ok(idv_proceed(as(world, &mai), id, mai.token, &tx, &token));
	assert_str(tx.next, STR("/my-page"));
	assert_int_equal(token.n, 43);
	assert_ok(session_find(cx_fresh(world), token, &session));
	assert_int_equal(session.id, mai.session);
	assert_err(session_find(cx_fresh(world), mai.token, &session), ERR_NOT_FOUND);
	assert_ok(idv_proceed(as(world, &mai), id, token, &tx, &again));
	assert_true(str_absent(again));
	/* A second press that came before its answer, and one behind it. */
	token = str_dup(&world->arena, token);
	assert_ok(idv_proceed(as(world, &mai), id, mai.token, &tx, &again));
	assert_str(again, token);
	assert_ok(idv_proceed_again(cx_fresh(world), id, mai.token, &tx, &again));
	assert_str(again, token);
	assert_err(idv_proceed_again(cx_fresh(world), id, token, &tx, &again), ERR_NOT_FOUND);
	world->now += IDV_AGAIN_MS;
	assert_err(idv_proceed_again(cx_fresh(world), id, mai.token, &tx, &again), ERR_NOT_FOUND);
}

static void only_its_own_session(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), other = person_new(world, "an@example.jp");
	struct person second = person_again(world, A);
	struct str token, id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_tx tx;
	const struct person *strangers[] = {&other, &second};

	for (size_t i = 0; i < 2; i++) {
		assert_err(idv_require(as(world, strangers[i]), id, &tx), ERR_NOT_FOUND);
		assert_err(idv_cancel(as(world, strangers[i]), id, &tx), ERR_NOT_FOUND);
		assert_err(idv_code(as(world, strangers[i]), id, STR("1234"), &tx), ERR_NOT_FOUND);
		assert_err(idv_renew(as(world, strangers[i]), id, STR(""), &tx), ERR_NOT_FOUND);
		assert_err(idv_proceed(as(world, strangers[i]), id, strangers[i]->token, &tx, &token), ERR_NOT_FOUND);
	}
	assert_err(idv_require(cx_fresh(world), id, &tx), ERR_NOT_FOUND);
	assert_err(idv_begin(cx_fresh(world), &(struct idv_begin){.op = IDV_AUTH}, &tx), ERR_DENIED);
	assert_err(idv_require(as(world, &mai), STR("no such id"), &tx), ERR_NOT_FOUND);
	assert_state(look(world, &mai, id), IDV_SHOWN);
}

static void switched_off(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_tx tx;

	world->portal.settings.card_on = false;
	assert_err(try_begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), &tx), ERR_DENIED);
}

/* Each limit at, and just before. */

static void shown_for_three_minutes(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));

	world->now += IDV_SHOWN_MS - 1;
	assert_state(look(world, &mai, id), IDV_SHOWN);
	world->now += 1;
	struct idv_tx tx = look(world, &mai, id);

	assert_state(tx, IDV_EXPIRED);
	assert_error(tx.error, IDV_ERROR_expired);
	assert_int_equal(tx.seq, 3);
	assert_error(claim(world, id, "app-one"), IDV_ERROR_expired);
	assert_int_equal(look(world, &mai, id).seq, 3);
	id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	world->now += IDV_SHOWN_MS - 1;
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
}

static void claimed_for_three_minutes(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));

	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	world->now += IDV_CLAIMED_MS;
	assert_error(submit(world, id, "app-one"), IDV_ERROR_expired);
	assert_state(look(world, &mai, id), IDV_EXPIRED);
	id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	world->now += IDV_CLAIMED_MS - 1;
	assert_error(submit(world, id, "app-one"), IDV_ERROR_NONE);
}

static void verified_in_twenty_seconds(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx;
	struct str code, id;

	for (int late = 0; late < 2; late++) {
		id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
		assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
		assert_error(submit(world, id, "app-one"), IDV_ERROR_NONE);
		world->now += IDV_VERIFYING_MS - 1 + late;
		if (late)
			assert_err(idv_finish(cx_fresh(world), id, &result, &tx, &code), ERR_CONFLICT);
		else
			assert_ok(idv_finish(cx_fresh(world), id, &result, &tx, &code));
		assert_state(tx, late ? IDV_FAILED : IDV_AWAIT_CODE);
		assert_error(tx.error, late ? IDV_ERROR_internal : IDV_ERROR_NONE);
	}
}

static void ten_minutes_in_all(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str code, id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx;
	int64_t began = world->now;

	/* The steps' own limits give less than ten minutes, so each end is also held to the whole. */
	world->now += IDV_SHOWN_MS - 1;
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	world->now += IDV_CLAIMED_MS - 1;
	assert_error(submit(world, id, "app-one"), IDV_ERROR_NONE);
	world->now += IDV_VERIFYING_MS - 1;
	assert_ok(idv_finish(cx_fresh(world), id, &result, &tx, &code));
	assert_true(tx.expires_at <= began + IDV_TOTAL_MS);
	assert_int_equal(tx.expires_at, world->now + IDV_CODE_MS);
}

static void code_for_ninety_seconds(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx;
	struct str code;

	for (int late = 0; late < 2; late++) {
		struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));

		finish(world, id, "app-one", &result, &code);
		assert_int_equal(code.n, IDV_CODE_DIGITS);
		world->now += IDV_CODE_MS - 1 + late;
		assert_ok(idv_code(as(world, &mai), id, code, &tx));
		assert_state(tx, late ? IDV_EXPIRED : IDV_DONE);
	}
}

static void code_in_any_width(void **state)
{
	static const char *const bad[] = {"", "123", "12345", "12a4", "１２３", "-", "1234 5", "\xff\xff\xff\xff"};
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str code, id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx;
	char wide[64];

	assert_err(idv_code(as(world, &mai), id, STR("1234"), &tx), ERR_CONFLICT);
	finish(world, id, "app-one", &result, &code);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(idv_code(as(world, &mai), id, str_of(bad[i]), &tx), ERR_INVALID);
	assert_int_equal(look(world, &mai, id).tries_left, IDV_CODE_TRIES);
	snprintf(wide, sizeof wide, " \xef\xbc%c%c %c-%c ", 0x90 + (code.p[0] - '0'), code.p[1], code.p[2], code.p[3]);
	assert_ok(idv_code(as(world, &mai), id, str_of(wide), &tx));
	assert_state(tx, IDV_DONE);
	/* Pressed twice. */
	assert_ok(idv_code(as(world, &mai), id, code, &tx));
	assert_state(tx, IDV_DONE);
	assert_int_equal(count_of(world, "id_tx", "code <> ''"), 0);
}

static struct str wrong_of(struct world *world, struct str code)
{
	return str_fmt(&world->arena, "%c%c%c%c", code.p[0] == '9' ? '0' : code.p[0] + 1, code.p[1], code.p[2], code.p[3]);
}

static void three_wrong_codes(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str code, id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx;

	finish(world, id, "app-one", &result, &code);
	for (unsigned left = 2; left > 0; left--) {
		assert_ok(idv_code(as(world, &mai), id, wrong_of(world, code), &tx));
		assert_state(tx, IDV_AWAIT_CODE);
		assert_error(tx.error, IDV_ERROR_code_mismatch);
		assert_int_equal(tx.tries_left, left);
	}
	assert_ok(idv_code(as(world, &mai), id, wrong_of(world, code), &tx));
	assert_state(tx, IDV_FAILED);
	assert_error(tx.error, IDV_ERROR_code_mismatch);
	/* The right one comes too late. */
	assert_ok(idv_code(as(world, &mai), id, code, &tx));
	assert_state(tx, IDV_FAILED);
	assert_int_equal(count_of(world, "id_tx", "length(result) > 0"), 0);
}

static void right_at_the_third(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str code, id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx;

	finish(world, id, "app-one", &result, &code);
	for (int i = 0; i < 2; i++)
		assert_ok(idv_code(as(world, &mai), id, wrong_of(world, code), &tx));
	assert_ok(idv_code(as(world, &mai), id, code, &tx));
	assert_state(tx, IDV_DONE);
	assert_error(tx.error, IDV_ERROR_NONE);
}

static void five_codes_then_a_pause(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), second;
	struct idv_tx tx;
	int64_t until;

	for (int i = 0; i < IDV_BEGUN_MOST; i++) {
		assert_ok(idv_pause(as(world, &mai), &until));
		assert_int_equal(until, 0);
		begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
		world->now += TIME_MINUTE;
	}
	int64_t last = world->now - TIME_MINUTE;

	assert_err(try_begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), &tx), ERR_LIMIT);
	assert_ok(idv_pause(as(world, &mai), &until));
	assert_int_equal(until, last + IDV_BEGUN_MS);
	/* Another session of the same person has a count of its own. */
	second = person_again(world, A);
	begin(world, &second, IDV_AUTH, IDV_USAGE, STR(""));
	world->now = last + IDV_BEGUN_MS - 1;
	assert_err(try_begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), &tx), ERR_LIMIT);
	world->now += 1;
	begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	/* Slowly there is no pause. */
	for (int i = 0; i < IDV_BEGUN_MOST; i++) {
		world->now += IDV_BEGUN_MS / (IDV_BEGUN_MOST - 1);
		begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	}
}

static void a_new_one_ends_the_old(void **state)
{
	struct world *world = *state;
	struct person one = person_new(world, A), two = person_again(world, A), three = person_again(world, A);
	struct str first = begin(world, &one, IDV_AUTH, IDV_USAGE, STR("")), second, third;
	struct idv_tx tx;

	world->now += 10;
	second = begin(world, &one, IDV_AUTH, IDV_USAGE, STR(""));
	tx = look(world, &one, first);
	assert_state(tx, IDV_CANCELLED);
	assert_error(tx.error, IDV_ERROR_superseded);
	assert_error(claim(world, first, "app-one"), IDV_ERROR_superseded);
	world->now += 10;
	third = begin(world, &two, IDV_AUTH, IDV_USAGE, STR(""));
	assert_state(look(world, &one, second), IDV_SHOWN);
	world->now += 10;
	begin(world, &three, IDV_AUTH, IDV_USAGE, STR(""));
	assert_error(look(world, &one, second).error, IDV_ERROR_superseded);
	assert_state(look(world, &two, third), IDV_SHOWN);
}

static void cancel_and_renew(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_tx tx, again;

	assert_ok(idv_cancel(as(world, &mai), id, &tx));
	assert_state(tx, IDV_CANCELLED);
	assert_ok(idv_cancel(as(world, &mai), id, &again));
	assert_int_equal(again.seq, tx.seq);
	assert_error(claim(world, id, "app-one"), IDV_ERROR_cancelled);
	assert_ok(idv_renew(as(world, &mai), id, STR(""), &tx));
	assert_state(tx, IDV_SHOWN);
	assert_true(!str_eq(tx.id, id));
	assert_str(tx.next, STR("/my-page"));
	assert_str(tx.browser, STR("Edge, Windows"));
	id = str_dup(&world->arena, tx.id);
	assert_ok(idv_renew(as(world, &mai), id, STR(""), &tx));
	assert_error(look(world, &mai, id).error, IDV_ERROR_superseded);
	world->portal.settings.card_bindback = BINDBACK_OFF;
	id = prove(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), 1);
	assert_err(idv_renew(as(world, &mai), id, STR(""), &tx), ERR_CONFLICT);
}

static void one_phone_claims(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_tx tx;

	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE); /* started anew */
	assert_int_equal(look(world, &mai, id).seq, 3);
	assert_error(submit(world, id, "app-two"), IDV_ERROR_bad_proof);
	assert_error(claim(world, id, "app-two"), IDV_ERROR_claimed_twice);
	tx = look(world, &mai, id);
	assert_state(tx, IDV_FAILED);
	assert_error(tx.error, IDV_ERROR_claimed_twice);
	assert_error(submit(world, id, "app-one"), IDV_ERROR_claimed_twice);
	assert_int_equal(count_of(world, "audit_entry", "detail LIKE '%claimed_twice app=app-one other=app-two net=198.51.100.0/24%'"), 1);
	assert_int_equal(count_of(world, "id_tx", "length(held) > 0"), 0);
}

static void the_secret_is_needed(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	static const char *const wrong[] = {"", "AAAAAAAAAAAAAAAAAAAAAA", "x"};
	enum idv_error refused;
	struct idv_tx tx;

	for (size_t i = 0; i < 3; i++) {
		assert_ok(idv_claim(cx_fresh(world), &(struct idv_claim){.id = id, .secret = str_of(wrong[i]), .app = STR("app-one")}, &tx, &refused));
		assert_error(refused, IDV_ERROR_not_found);
	}
	assert_state(look(world, &mai, id), IDV_SHOWN);
	assert_int_equal(count_of(world, "id_tx", "bad_claims = 3"), 1);
	assert_int_equal(count_of(world, "audit_entry", "detail LIKE '%error=not_found%'"), 1);
	assert_ok(idv_claim(cx_fresh(world), &(struct idv_claim){.id = STR("00000000000000000000000000"), .app = STR("a")}, &tx, &refused));
	assert_error(refused, IDV_ERROR_not_found);
	/* The secret of one is not that of another, and no row holds it. */
	struct str secret = idv_claim_secret(cx_fresh(world), id);

	assert_int_equal(secret.n, 22);
	assert_true(!str_eq(secret, idv_claim_secret(&world->cx, STR("00000000000000000000000000"))));
}

static void what_the_phone_tells(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_report report = {.id = id, .app = STR("app-one"), .event = IDV_PHONE_PIN_WRONG, .tries = 2};
	enum idv_error refused;
	struct idv_tx tx;

	assert_ok(idv_report(cx_fresh(world), &report, &tx, &refused));
	assert_error(refused, IDV_ERROR_bad_proof);
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	assert_ok(idv_report(cx_fresh(world), &report, &tx, &refused));
	assert_error(refused, IDV_ERROR_NONE);
	tx = look(world, &mai, id);
	assert_state(tx, IDV_CLAIMED);
	assert_int_equal(tx.phone_event, IDV_PHONE_PIN_WRONG);
	assert_int_equal(tx.phone_tries, 2);
	assert_int_equal(tx.seq, 4);
	report.app = STR("app-two");
	assert_ok(idv_report(cx_fresh(world), &report, &tx, &refused));
	assert_error(refused, IDV_ERROR_bad_proof);
	report.app = STR("app-one");
	report.ends = IDV_ERROR_pin_blocked;
	assert_ok(idv_report(cx_fresh(world), &report, &tx, &refused));
	assert_error(refused, IDV_ERROR_NONE);
	assert_state(tx, IDV_FAILED);
	assert_error(submit(world, id, "app-one"), IDV_ERROR_pin_blocked);
	assert_ok(idv_report(cx_fresh(world), &report, &tx, &refused));
	assert_error(refused, IDV_ERROR_pin_blocked);
	id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	report = (struct idv_report){.id = id, .app = STR("app-one"), .ends = IDV_ERROR_declined};
	assert_ok(idv_report(cx_fresh(world), &report, &tx, &refused));
	assert_state(look(world, &mai, id), IDV_CANCELLED);
	assert_error(look(world, &mai, id).error, IDV_ERROR_declined);
}

static void spent_whatever_happens(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_tx tx;

	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	assert_error(submit(world, id, "app-one"), IDV_ERROR_NONE);
	assert_int_equal(count_of(world, "id_tx", "length(held) > 0"), 0);
	assert_error(submit(world, id, "app-one"), IDV_ERROR_replay);
	assert_error(claim(world, id, "app-one"), IDV_ERROR_replay);
	assert_ok(idv_fail(cx_fresh(world), id, IDV_ERROR_sig_invalid, STR("the signature"), &tx));
	assert_state(tx, IDV_FAILED);
	assert_error(submit(world, id, "app-one"), IDV_ERROR_sig_invalid);
	assert_ok(idv_fail(cx_fresh(world), id, IDV_ERROR_internal, STR(""), &tx));
	assert_error(tx.error, IDV_ERROR_sig_invalid);
	assert_err(idv_fail(cx_fresh(world), id, IDV_ERROR_bad_request, STR(""), &tx), ERR_INTERNAL);
}

static void messages_once(void **state)
{
	struct world *world = *state;
	struct idv_jti jti = {STR("app-one"), STR("jti-1"), STR("body")}, other = {STR("app-one"), STR("jti-1"), STR("another")};
	struct idv_jti app = {STR("app-two"), STR("jti-1"), STR("another")};
	enum idv_error refused;
	struct str answer;
	bool first;

	assert_ok(idv_jti_take(cx_fresh(world), &jti, &first, &answer, &refused));
	assert_true(first);
	assert_ok(idv_jti_take(cx_fresh(world), &jti, &first, &answer, &refused));
	assert_true(!first && str_absent(answer));
	assert_ok(idv_jti_answered(cx_fresh(world), &jti, STR("{\"code\":\"4827\"}")));
	assert_ok(idv_jti_answered(cx_fresh(world), &jti, STR("later")));
	assert_ok(idv_jti_take(cx_fresh(world), &jti, &first, &answer, &refused));
	assert_false(first);
	assert_str(answer, STR("{\"code\":\"4827\"}"));
	assert_ok(idv_jti_take(cx_fresh(world), &other, &first, &answer, &refused));
	assert_error(refused, IDV_ERROR_replay);
	assert_false(first);
	assert_ok(idv_jti_take(cx_fresh(world), &app, &first, &answer, &refused));
	assert_true(first);
	world->now += IDV_JTI_MS - 1;
	assert_ok(idv_jti_take(cx_fresh(world), &other, &first, &answer, &refused));
	assert_error(refused, IDV_ERROR_replay);
	world->now += 1;
	assert_ok(idv_jti_take(cx_fresh(world), &other, &first, &answer, &refused));
	assert_true(first);
	world->now += IDV_JTI_MS + 1;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM id_jti"), 0);
}

static void the_job_cleans_up(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	int64_t began = world->now;

	world->now += IDV_SHOWN_MS;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(count_of(world, "id_tx", "state = 7 AND error = 'expired'"), 1);
	assert_int_equal(look(world, &mai, id).seq, 3);
	world->now = began + IDV_KEEP_MS;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(count_of(world, "id_tx", "state = 7"), 1);
	world->now += 1;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM id_tx"), 0);
	assert_int_equal(count_of(world, "id_tombstone", "op = 'auth' AND state = 7 AND error = 'expired'"), 1);
	world->now = began + IDV_TOMBSTONE_MS;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM id_tombstone"), 1);
	world->now += 1;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM id_tombstone"), 0);
}

static struct str rung;
static void ring(void *arg, struct str id)
{
	unsigned *count = arg;

	++*count;
	rung = id;
}

static void every_change_is_told(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_result result = auth_result(world, 1);
	struct str code, id;
	struct idv_tx tx;
	unsigned count = 0;

	world->portal.idv_changed = ring;
	world->portal.idv_changed_arg = &count;
	id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	assert_error(claim(world, id, "app-one"), IDV_ERROR_NONE);
	assert_int_equal(count, 1);
	assert_str(rung, id);
	assert_error(submit(world, id, "app-one"), IDV_ERROR_NONE);
	assert_int_equal(count, 2);
	assert_ok(idv_finish(cx_fresh(world), id, &result, &tx, &code));
	assert_int_equal(count, 3);
	assert_ok(idv_code(as(world, &mai), id, code, &tx));
	assert_int_equal(count, 4);
	id = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	begin(world, &mai, IDV_AUTH, IDV_USAGE, STR(""));
	assert_int_equal(count, 5);
	assert_str(rung, id);
	world->now += IDV_SHOWN_MS;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(count, 6);
}

static void the_audit_is_whole(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct audit_report report;

	link_card(world, &mai, 1);
	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
	assert_int_equal(count_of(world, "audit_entry", "event = 'identity_claimed' AND detail LIKE '%auth shown>claimed app=app-one net=198.51.100.0/24'"), 1);
	assert_int_equal(count_of(world, "audit_entry", "event = 'identity_done' AND detail LIKE '%await_code>done app=app-one card_pki code evidence=ee%'"), 1);
	assert_int_equal(count_of(world, "audit_entry", "event = 'card_linked'"), 1);
	assert_int_equal(count_of(world, "audit_entry", "detail LIKE '%secret%' OR detail LIKE '%NGUYEN%'"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(way_without_a_code), IN_BOTH(only_its_own_session), IN_BOTH(switched_off), IN_BOTH(shown_for_three_minutes),
		IN_BOTH(claimed_for_three_minutes), IN_BOTH(verified_in_twenty_seconds), IN_BOTH(ten_minutes_in_all), IN_BOTH(code_for_ninety_seconds),
		IN_BOTH(code_in_any_width), IN_BOTH(three_wrong_codes), IN_BOTH(right_at_the_third), IN_BOTH(five_codes_then_a_pause),
		IN_BOTH(a_new_one_ends_the_old), IN_BOTH(cancel_and_renew), IN_BOTH(one_phone_claims), IN_BOTH(the_secret_is_needed),
		IN_BOTH(what_the_phone_tells), IN_BOTH(spent_whatever_happens), IN_BOTH(messages_once), IN_BOTH(the_job_cleans_up),
		IN_BOTH(every_change_is_told), IN_BOTH(the_audit_is_whole),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
