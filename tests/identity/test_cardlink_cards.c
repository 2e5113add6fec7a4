#include "link_support.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "sim/ca/ocsp.h"

#include <stdatomic.h>
#include <time.h>

/* What cards say, and when it counts; on both engines. */

/* ---- what cards say ---- */

static enum idv_error refused_as(struct stage *stage, struct str id)
{
	struct idv_tx tx = look(stage->world, &stage->mai, id);

	assert_state(tx, IDV_FAILED);
	assert_int_equal(count_of(stage->world, "card_link", "unlinked_at = 0"), 0);
	assert_int_equal(count_of(stage->world, "id_tx", "length(held) > 0 OR length(result) > 0"), 0);
	stage->world->now += IDV_BEGUN_MS;
	return tx.error;
}

static void auth_refused(struct stage *stage, struct str cert, struct str key, const char *instead, enum idv_error wanted)
{
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), statement;

	claim_it(stage, &stage->app, id, &statement);
	struct cardlink_out out = submit_said(stage, id, said(stage, "auth", "jpki_auth", cert, key, instead ? str_of(instead) : statement));

	assert_answer(out, wanted);
	assert_error(refused_as(stage, id), wanted);
}

static void cards_that_do_not_count(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage), other = card_new(stage);
	struct str tail = str_fmt(&stage->world->arena, STR_FMT "x", STR_ARG(card.auth_cert));

	auth_refused(stage, card.auth_cert, card.auth_key, "CLP1 AUTH\nanother statement\n", IDV_ERROR_sig_invalid);
	auth_refused(stage, card.auth_cert, other.auth_key, NULL, IDV_ERROR_sig_invalid);
	auth_refused(stage, card.sign_cert, card.sign_key, NULL, IDV_ERROR_cert_kind);
	tail = str_join(&stage->world->arena, (const struct str[]){card.auth_cert, STR("x")}, 2, STR(""));
	auth_refused(stage, tail, card.auth_key, NULL, IDV_ERROR_cert_malformed);
	auth_refused(stage, STR("nonsense"), card.auth_key, NULL, IDV_ERROR_cert_malformed);
	card_revoke(card.auth_serial);
	auth_refused(stage, card.auth_cert, card.auth_key, NULL, IDV_ERROR_cert_revoked);
	assert_int_equal(count_of(stage->world, "audit_entry", "event = 'identity_failed'"), 6);
}

static void expired_cards(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);

	stage->world->now = START + 365 * TIME_DAY + 1000;
	stage->mai = person_again(stage->world, "mai@example.jp");
	auth_refused(stage, card.auth_cert, card.auth_key, NULL, IDV_ERROR_cert_expired);
}

static void responders(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);
	static const struct {
		int mode;
		enum idv_error wanted;
	} cases[] = {{-1, IDV_ERROR_revocation_unavailable}, {OCSP_TRY_LATER, IDV_ERROR_revocation_unavailable},
		{OCSP_STALE, IDV_ERROR_revocation_unavailable}, {OCSP_WRONG_SIGNER, IDV_ERROR_revocation_unavailable},
		{OCSP_WRONG_DELEGATE, IDV_ERROR_revocation_unavailable}, {OCSP_WRONG_CERTID, IDV_ERROR_revocation_unavailable},
		{OCSP_NO_NONCE, IDV_ERROR_revocation_unavailable}, {OCSP_GARBAGE, IDV_ERROR_revocation_unavailable},
		{OCSP_UNKNOWN, IDV_ERROR_revocation_unavailable}};

	lists_remove();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		stage->ocsp_mode = cases[i].mode;
		stage->ocsp_calls = 0;
		auth_refused(stage, card.auth_cert, card.auth_key, NULL, cases[i].wanted);
		assert_true(stage->ocsp_calls > 0 && stage->ocsp_calls <= 2);
	}
}

/* Without a responder that answers the lists count, for a day and two hours. */
static void lists(void **state)
{
	struct stage *stage = *state;
	struct card good = card_new(stage), bad = card_new(stage);
	struct cardlink_out out;

	card_revoke(bad.auth_serial);
	stage->world->now = START;
	lists_write();
	stage->ocsp_mode = -1;
	auth_refused(stage, bad.auth_cert, bad.auth_key, NULL, IDV_ERROR_cert_revoked);
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_tx tx;

	out = submit_it(stage, id, &good);
	assert_answer(out, IDV_ERROR_NONE);
	assert_ok(idv_cancel(as(stage->world, &stage->mai), id, &tx));
	stage->world->now = START + 26 * TIME_HOUR + 1000;
	stage->mai = person_again(stage->world, "mai@example.jp");
	auth_refused(stage, good.auth_cert, good.auth_key, NULL, IDV_ERROR_revocation_unavailable);
	lists_remove();
}

static void what_does_not_go_together(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage), older = card_of(stage, "NGUYEN　THI　MAI", 1999, 2);
	struct str first, id, statement;
	struct cardlink_out out;

	stage->world->portal.settings.card_bindback = BINDBACK_OFF;
	first = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	out = submit_it(stage, first, &card);
	assert_answer(out, IDV_ERROR_NONE);
	id = begin_it(stage, IDV_BASIC4, IDV_USAGE, first);
	out = submit_it(stage, id, &older);
	assert_answer(out, IDV_ERROR_basic4_mismatch);
	/* The card's other certificate. */
	id = begin_it(stage, IDV_BASIC4, IDV_USAGE, first);
	claim_it(stage, &stage->app, id, &statement);
	out = submit_said(stage, id, said(stage, "basic4", "jpki_sign", card.auth_cert, card.auth_key, statement));
	assert_answer(out, IDV_ERROR_cert_kind);
	id = begin_it(stage, IDV_BASIC4, IDV_USAGE, first);
	out = claim_it(stage, &stage->other, id, NULL);
	assert_answer(out, IDV_ERROR_bad_proof);
	out = submit_it(stage, id, &card);
	assert_answer(out, IDV_ERROR_NONE);
	stage->world->now += IDV_BEGUN_MS;
	struct card second = card_new(stage);

	id = begin_it(stage, IDV_AUTH, IDV_APPLY, STR(""));
	out = submit_it(stage, id, &second);
	assert_answer(out, IDV_ERROR_card_mismatch);
}

/* The card was issued anew with the extension of the stay. */
static void renewed_cards(void **state)
{
	struct stage *stage = *state;
	struct card old = card_new(stage), fresh = card_new(stage);
	struct str first;
	struct cardlink_out out;
	struct card_link link;

	stage->world->portal.settings.card_bindback = BINDBACK_OFF;
	first = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	submit_it(stage, first, &old);
	submit_it(stage, begin_it(stage, IDV_BASIC4, IDV_USAGE, first), &old);
	stage->world->now += IDV_BEGUN_MS;
	/* While the old one is good, and while nobody can say: not so. */
	out = submit_it(stage, begin_it(stage, IDV_AUTH, IDV_RELINK, STR("")), &fresh);
	assert_answer(out, IDV_ERROR_card_mismatch);
	card_revoke(old.auth_serial);
	first = begin_it(stage, IDV_AUTH, IDV_RELINK, STR(""));
	stage->ocsp_calls = 0;
	out = submit_it(stage, first, &fresh);
	assert_answer(out, IDV_ERROR_NONE);
	assert_int_equal(stage->ocsp_calls, 2); /* the new one, and the old */
	out = submit_it(stage, begin_it(stage, IDV_BASIC4, IDV_RELINK, first), &fresh);
	assert_answer(out, IDV_ERROR_NONE);
	assert_ok(card_link_find(cx_fresh(stage->world), stage->mai.account, &link));
	assert_str(str_upper(&stage->world->arena, link.serial), fresh.auth_serial);
	assert_int_equal(count_of(stage->world, "card_link", "unlinked_why = 'replaced'"), 1);
}

static void members_of_a_submission(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), statement;
	static const char *const bad[] = {
		"",
		",\"op\":\"auth\"",
		",\"op\":\"basic4\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"AAAA\",\"sig\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_sign\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"AAAA\",\"sig\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"card_text\",\"sig\":\"AAAA\",\"ef0002\":\"AAAA\",\"ef0003\":\"AAAA\",\"ef0004\":\"AAAA\",\"ef0007\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"none\",\"cert\":\"AAAA\",\"sig\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"AAAA=\",\"sig\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"\",\"sig\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"a\\u0000b\",\"alg\":\"RS256\",\"cert\":\"AAAA\",\"sig\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"a b\",\"alg\":\"RS256\",\"cert\":\"AAAA\",\"sig\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"AAAA\",\"sig\":\"AAAA\",\"ef0002\":\"AAAA\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"AAAA\",\"sig\":\"AAAA\",\"pin\":\"1234\"",
		",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"cert\":\"AAAA\",\"sig\":\"AAAA\",\"password\":\"ABC123\"",
	};

	claim_it(stage, &stage->app, id, &statement);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct cardlink_out out = submit_said(stage, id, str_of(bad[i]));

		if (out.error == IDV_ERROR_bad_request)
			continue; /* U+0000 is no JSON of ours */
		assert_answer(out, IDV_ERROR_bad_member);
	}
	/* Nothing is spent. */
	struct cardlink_out out = submit_said(stage, id, said(stage, "auth", "jpki_auth", card.auth_cert, card.auth_key, statement));

	assert_answer(out, IDV_ERROR_NONE);
}

/* The canary: a My Number and a PIN, in every way they could come, are found nowhere afterwards.
 * The PIN is longer than a card's, because four digits stand in random keys and digests by chance. */
#define NUMBER "123456789018"
#define PIN "9713-canary-3179"

static bool anywhere(struct stage *stage, const char *text)
{
	static const char *const places[][2] = {{"audit_entry", "detail"}, {"audit_entry", "object"}, {"id_tx", "phone_label"}, {"id_tx", "error"},
		{"id_tx", "app_key"}, {"id_jti", "key"}, {"id_jti", "body"}, {"id_tombstone", "error"}, {"basic4", "serial_hash"}};
	char where[200];

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		snprintf(where, sizeof where, "%s LIKE '%%%s%%'", places[i][1], text);
		if (count_of(stage->world, places[i][0], where) > 0)
			return true;
	}
	return false;
}

static void no_number_and_no_pin(void **state)
{
	struct stage *stage = *state;
	struct arena *arena = &stage->world->arena;
	struct buf file;

	buf_init(&file, arena, 200);
	base64url_write(&file, STR("\xff\x10\x0c" NUMBER "\xff\xff"));
	const struct str ways[] = {
		str_fmt(arena, ",\"ef0001\":\"" STR_FMT "\"", STR_ARG(buf_view(&file))),
		str_fmt(arena, ",\"op\":\"auth\",\"method\":\"jpki_auth\",\"token\":\"t\",\"alg\":\"RS256\",\"sig\":\"AAAA\",\"cert\":\"" STR_FMT "\"", STR_ARG(buf_view(&file))),
		STR(",\"my_number\":\"" NUMBER "\""),
		STR(",\"individual_number\":" NUMBER),
		STR(",\"MyNumber\":\"" NUMBER "\""),
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));

		claim_it(stage, &stage->app, id, NULL);
		int64_t kept = db_number(stage->world->db, "SELECT count(*) FROM id_jti");
		struct cardlink_out out = submit_said(stage, id, ways[i]);

		assert_answer(out, IDV_ERROR_my_number_present);
		assert_int_equal(out.status, 422);
		assert_error(refused_as(stage, id), IDV_ERROR_my_number_present);
		assert_int_equal(db_number(stage->world->db, "SELECT count(*) FROM id_jti"), kept);
	}
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));

	claim_it(stage, &stage->app, id, NULL);
	struct cardlink_out out = submit_said(stage, id, STR(",\"op\":\"auth\",\"pin\":\"" PIN "\""));

	assert_answer(out, IDV_ERROR_bad_member);
	/* A claim that comes with one leaves the code alone: whose number it is nobody knows. */
	id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	out = send_letter(stage, &stage->app, &(struct letter){.kind = CARDLINK_CLAIM, .tx = id, .members = STR(",\"my_number\":\"" NUMBER "\"")});
	assert_answer(out, IDV_ERROR_my_number_present);
	assert_state(look(stage->world, &stage->mai, id), IDV_SHOWN);
	assert_false(anywhere(stage, NUMBER));
	assert_false(anywhere(stage, PIN));
}

/* ---- many at once ---- */

struct race {
	struct stage *stage;
	struct str bodies[50];
	atomic_uint won, lost, wrong;
};

static void race_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;
	struct cardlink_out out;

	(void)world;
	if (failed(cardlink_message(cx, &race->stage->link, &(struct cardlink_in){.kind = CARDLINK_SUBMIT, .body = race->bodies[number]}, &out)))
		race->wrong++;
	else if (out.error == IDV_ERROR_NONE)
		race->won++;
	else if (out.error == IDV_ERROR_replay)
		race->lost++;
	else
		race->wrong++;
}

static err ask_nobody(void *arg, struct arena *arena, struct str url, struct str request, struct str *answer)
{
	(void)arg;
	(void)arena;
	(void)url;
	(void)request;
	(void)answer;
	return (err){ERR_UNAVAILABLE}; /* the lists are asked */
}

static void fifty_answers_at_once(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);
	struct race race = {.stage = stage};
	struct str id, statement;

	stage->world->now = START;
	lists_write();
	stage->link.responder.ask = ask_nobody;
	stage->mai = person_again(stage->world, "mai@example.jp");
	id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	claim_it(stage, &stage->app, id, &statement);
	struct str members = said(stage, "auth", "jpki_auth", card.auth_cert, card.auth_key, statement);

	for (size_t i = 0; i < 50; i++)
		race.bodies[i] = letter_make(stage, &stage->app, &(struct letter){.kind = CARDLINK_SUBMIT, .tx = id, .members = members});
	in_threads(stage->world, 50, race_one, &race);
	assert_int_equal(race.won, 1);
	assert_int_equal(race.lost, 49);
	assert_int_equal(race.wrong, 0);
	lists_remove();
}

/* A responder that does not answer: some wait for it, all others go on with the lists, and nobody stands behind them. */
struct queue {
	struct stage *stage;
	struct str bodies[LIMIT_OCSP_AT_ONCE + 1];
	atomic_uint asked, good, wrong;
	atomic_bool open;
};

static err ask_slowly(void *arg, struct arena *arena, struct str url, struct str request, struct str *answer)
{
	struct queue *queue = arg;
	struct timespec pause = {.tv_nsec = 2000000};

	(void)arena;
	(void)url;
	(void)request;
	(void)answer;
	queue->asked++;
	while (!queue->open)
		nanosleep(&pause, NULL);
	return (err){ERR_UNAVAILABLE};
}

static void queue_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct queue *queue = arg;
	struct cardlink_out out;
	struct timespec pause = {.tv_nsec = 2000000};

	(void)world;
	/* The last one comes when all the others wait. */
	while (number == LIMIT_OCSP_AT_ONCE && queue->asked < LIMIT_OCSP_AT_ONCE)
		nanosleep(&pause, NULL);
	if (failed(cardlink_message(cx, &queue->stage->link, &(struct cardlink_in){.kind = CARDLINK_SUBMIT, .body = queue->bodies[number]}, &out)) ||
		out.error != IDV_ERROR_NONE)
		queue->wrong++;
	else
		queue->good++;
	if (number == LIMIT_OCSP_AT_ONCE) {
		if (queue->asked != LIMIT_OCSP_AT_ONCE)
			queue->wrong++;
		queue->open = true;
	}
}

static void few_wait_for_the_responder(void **state)
{
	struct stage *stage = *state;
	struct queue queue = {.stage = stage};

	stage->world->now = START;
	lists_write();
	for (unsigned i = 0; i <= LIMIT_OCSP_AT_ONCE; i++) {
		char email[40];
		struct card card = card_new(stage);
		struct str statement, id;

		snprintf(email, sizeof email, "p%u@example.jp", i);
		struct person person = person_fresh(stage->world, email);

		id = begin(stage->world, &person, IDV_AUTH, IDV_USAGE, STR(""));
		claim_it(stage, &stage->app, id, &statement);
		queue.bodies[i] = letter_make(stage, &stage->app,
			&(struct letter){.kind = CARDLINK_SUBMIT, .tx = id,
				.members = said(stage, "auth", "jpki_auth", card.auth_cert, card.auth_key, statement)});
	}
	stage->link.responder.ask = ask_slowly;
	stage->link.responder.arg = &queue;
	in_threads(stage->world, LIMIT_OCSP_AT_ONCE + 1, queue_one, &queue);
	assert_int_equal(queue.good, LIMIT_OCSP_AT_ONCE + 1);
	assert_int_equal(queue.wrong, 0);
	lists_remove();
}

/* Verification without network: what one submission costs. */
static void fast_enough(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), statement;

	claim_it(stage, &stage->app, id, &statement);
	struct str body = letter_make(stage, &stage->app, &(struct letter){.kind = CARDLINK_SUBMIT, .tx = id,
		.members = said(stage, "auth", "jpki_auth", card.auth_cert, card.auth_key, statement)});
	int64_t began = time_monotonic_us();
	struct cardlink_out out = send_text(stage, CARDLINK_SUBMIT, body);

	print_message("one submission: %lld us\n", (long long)(time_monotonic_us() - began));
	assert_answer(out, IDV_ERROR_NONE);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(cards_that_do_not_count), ON_STAGE(expired_cards), ON_STAGE(responders), ON_STAGE(lists), ON_STAGE(what_does_not_go_together),
		ON_STAGE(renewed_cards), ON_STAGE(members_of_a_submission), ON_STAGE(no_number_and_no_pin), ON_STAGE(fifty_answers_at_once), ON_STAGE(few_wait_for_the_responder), ON_STAGE(fast_enough),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, authority_setup, authority_teardown);
}
