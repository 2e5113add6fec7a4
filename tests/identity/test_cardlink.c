#include "link_support.h"

#include "base/time.h"

/* The messages between app and portal, on both engines. */

static void type_code(struct stage *stage, struct str id, struct str code, enum idv_state wanted)
{
	struct idv_tx tx;

	assert_ok(idv_code(as(stage->world, &stage->mai), id, code, &tx));
	assert_state(tx, wanted);
}

static void both_steps(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);
	struct str first = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), second;
	struct cardlink_out out = submit_it(stage, first, &card);
	struct card_link link;
	struct basic4 read;

	assert_answer(out, IDV_ERROR_NONE);
	assert_int_equal(out.status, 200);
	assert_str(answer_str(stage, &out, "state"), STR("await_code"));
	assert_str(answer_str(stage, &out, "screen"), STR("login_completed"));
	assert_true(str_find(out.body, STR("\"code_expires_in\":90")) > 0);
	assert_int_equal(stage->ocsp_calls, 1);
	type_code(stage, first, answer_str(stage, &out, "code"), IDV_DONE);
	second = begin_it(stage, IDV_BASIC4, IDV_USAGE, first);
	out = submit_it(stage, second, &card);
	assert_answer(out, IDV_ERROR_NONE);
	assert_str(answer_str(stage, &out, "state"), STR("done"));
	assert_str(answer_str(stage, &out, "screen"), STR("signature_completed"));
	assert_ok(card_link_find(cx_fresh(stage->world), stage->mai.account, &link));
	assert_int_equal(link.subject.n, 64);
	assert_int_equal(link.not_after, START + 365 * TIME_DAY);
	assert_str(str_upper(&stage->world->arena, link.serial), card.auth_serial);
	assert_ok(basic4_of_draft(as(stage->world, &stage->mai), 0, &read));
	assert_str(read.name, STR("NGUYEN　THI　MAI"));
	assert_str(read.address, STR("大分県別府市亀川１－２－３"));
	assert_int_equal(basic4_birth_on(&read), 20030409);
	assert_int_equal(read.sex, 2);
	assert_int_equal(read.source, IDV_JPKI_SIGN);
	assert_int_equal(count_of(stage->world, "card_link", "unlinked_at = 0"), 1);
}

static void the_request(void **state)
{
	struct stage *stage = *state;
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), statement;
	struct cardlink_out out = claim_it(stage, &stage->app, id, &statement);
	struct str request = answer_str(stage, &out, "request"), account, title;
	const struct json *json, *display, *titles;
	struct jws jws;

	assert_str(answer_str(stage, &out, "state"), STR("claimed"));
	assert_ok(jws_read(&stage->world->arena, request, &jws));
	assert_str(jws.kid, jws_thumbprint(&stage->world->arena, stage->link.key));
	assert_ok(json_read(&stage->world->arena, jws.payload, NULL, &json));
	assert_ok(json_map(json, STR("display"), &display));
	assert_ok(json_str(display, STR("account"), &account));
	assert_str(account, STR("m•••@example.jp"));
	assert_ok(json_map(display, STR("title"), &titles));
	assert_ok(json_str(titles, STR("en"), &title));
	assert_true(str_starts(title, STR("Log in to ")));
	assert_true(str_starts(statement, STR("CLP1 AUTH\nrp=rp:madoguchi\norigin=https://portal.example\ntx=")));
	assert_true(str_find(statement, str_fmt(&stage->world->arena, "\npurpose=usage_request\nnonce=")) > 0);
	assert_true(str_find(statement, str_fmt(&stage->world->arena, "\napp=" STR_FMT "\nexp=%lld\n", STR_ARG(stage->app.thumbprint),
		(long long)(stage->world->now + IDV_CLAIMED_MS) / 1000)) > 0);
	/* Nothing of the address of browser or phone. */
	assert_true(str_find(jws.payload, STR("192.0.2")) < 0 && str_find(jws.payload, STR("198.51")) < 0);
	/* The app starts anew: the same statement. */
	struct str again;

	claim_it(stage, &stage->app, id, &again);
	assert_str(again, statement);
	assert_str(look(stage->world, &stage->mai, id).phone_label, STR("Myna App (simulated) 1.0, Android"));
}

static void the_code_and_the_key(void **state)
{
	struct stage *stage = *state;
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_tx tx = look(stage->world, &stage->mai, id);
	struct str code = cardlink_code(cx_fresh(stage->world), &tx);
	const struct json *set;
	AUTO_JWS_KEY struct jws_key *key = NULL;

	assert_true(code.n <= 200);
	assert_true(str_starts(code, STR("https://portal.example/q#1.")));
	assert_int_equal(code.n, strlen("https://portal.example/q#1.") + IDV_ID_CHARS + 1 + 22);
	assert_ok(json_read(&stage->world->arena, cardlink_jwks(&stage->world->arena, &stage->link), NULL, &set));
	assert_ok(jws_key_of_set(set, jws_thumbprint(&stage->world->arena, stage->link.key), &key));
	assert_str(jws_thumbprint(&stage->world->arena, key), jws_thumbprint(&stage->world->arena, stage->link.key));
}

/* ---- what is no message ---- */

static void not_a_message(void **state)
{
	static const struct {
		const char *text;
		enum idv_error wanted;
	} bad[] = {
		{"", IDV_ERROR_bad_request},
		{"{}", IDV_ERROR_bad_request},
		{"a.b", IDV_ERROR_bad_request},
		{"a.b.c", IDV_ERROR_bad_proof},
		{"..", IDV_ERROR_bad_request},
		{"\xff\xff", IDV_ERROR_bad_request},
	};
	struct stage *stage = *state;
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	struct buf huge;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (enum cardlink_kind kind = 0; kind < CARDLINK_KIND_COUNT; kind++) {
			struct cardlink_out out = send_text(stage, kind, str_of(bad[i].text));

			assert_answer(out, bad[i].wanted);
		}
	buf_init(&huge, &stage->world->arena, 1u << 20);
	while (huge.n < CARDLINK_BODY)
		buf_byte(&huge, 'A');
	struct cardlink_out out = send_text(stage, CARDLINK_CLAIM, buf_view(&huge));

	assert_answer(out, IDV_ERROR_bad_request);
	buf_byte(&huge, 'A');
	out = send_text(stage, CARDLINK_CLAIM, buf_view(&huge));
	assert_answer(out, IDV_ERROR_too_large);
	assert_int_equal(out.status, 413);
	assert_state(look(stage->world, &stage->mai, id), IDV_SHOWN);
	assert_int_equal(db_number(stage->world->db, "SELECT count(*) FROM id_jti"), 0);
}

#define CLAIM_MEMBERS(secret) \
	str_fmt(&stage->world->arena, ",\"claim\":\"" STR_FMT "\",\"app\":{\"name\":\"a\",\"ver\":\"1\",\"os\":\"x\"}", STR_ARG(secret))

static void members_of_a_claim(void **state)
{
	struct stage *stage = *state;
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), secret = idv_claim_secret(cx_fresh(stage->world), id);
	struct str good = CLAIM_MEMBERS(secret);
	static const char *const apps[] = {"", ",\"app\":1", ",\"app\":{}", ",\"app\":{\"name\":\"a\",\"ver\":\"1\"}",
		",\"app\":{\"name\":\"\",\"ver\":\"1\",\"os\":\"x\"}", ",\"app\":{\"name\":\"a\\nb\",\"ver\":\"1\",\"os\":\"x\"}",
		",\"app\":{\"name\":\"a\",\"ver\":\"1\",\"os\":\"x\",\"more\":1}",
		",\"app\":{\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"ver\":\"1\",\"os\":\"x\"}"};
	struct cardlink_out out;

#define CLAIM(change, wanted)                                                                    \
	do {                                                                                     \
		struct letter letter = {.kind = CARDLINK_CLAIM, .tx = id, .members = good};      \
		letter.change;                                                                   \
		out = send_letter(stage, &stage->app, &letter);                                         \
		assert_answer(out, wanted);                                                      \
	} while (0)
	CLAIM(members = str_fmt(&stage->world->arena, STR_FMT ",\"more\":1", STR_ARG(good)), IDV_ERROR_bad_member);
	for (size_t i = 0; i < sizeof apps / sizeof *apps; i++) {
		CLAIM(members = str_fmt(&stage->world->arena, ",\"claim\":\"" STR_FMT "\"%s", STR_ARG(secret), apps[i]), IDV_ERROR_bad_member);
	}
	CLAIM(members = STR(",\"app\":{\"name\":\"a\",\"ver\":\"1\",\"os\":\"x\"}"), IDV_ERROR_bad_member);
	CLAIM(members = str_fmt(&stage->world->arena, STR_FMT ",\"claim\":\"x\"", STR_ARG(good)), IDV_ERROR_bad_request); /* twice */
	CLAIM(members = CLAIM_MEMBERS(STR("AAAAAAAAAAAAAAAAAAAAAA")), IDV_ERROR_not_found);
	CLAIM(tx = STR("0123456789ABCDEFGHJKMNPQRS"), IDV_ERROR_not_found);
	CLAIM(tx = STR("x' OR 1=1"), IDV_ERROR_not_found);
	CLAIM(aud = STR("https://evil.example"), IDV_ERROR_bad_proof);
	CLAIM(htu = STR("/m/v1/submit"), IDV_ERROR_bad_proof);
	CLAIM(typ = STR("JWT"), IDV_ERROR_bad_request);
	CLAIM(jti = STR("AAAA"), IDV_ERROR_bad_member);
	CLAIM(jti = STR("AAAAAAAAAAAAAAAAAAAAAA=="), IDV_ERROR_bad_member);
	CLAIM(raw = STR("{}"), IDV_ERROR_bad_member);
	CLAIM(raw = STR("[]"), IDV_ERROR_bad_member);
	CLAIM(raw = STR("{"), IDV_ERROR_bad_request);
	CLAIM(as_claim = true, IDV_ERROR_NONE);
}

static void clocks(void **state)
{
	struct stage *stage = *state;
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	static const struct {
		int64_t off;
		enum idv_error wanted;
	} cases[] = {{-CARDLINK_SKEW_S - 1, IDV_ERROR_bad_time}, {CARDLINK_SKEW_S + 1, IDV_ERROR_bad_time}, {-CARDLINK_SKEW_S, IDV_ERROR_NONE},
		{CARDLINK_SKEW_S, IDV_ERROR_NONE}};

	for (size_t i = 0; i < 4; i++) {
		struct letter letter = {.kind = CARDLINK_CLAIM, .tx = id, .iat = cases[i].off,
			.members = CLAIM_MEMBERS(idv_claim_secret(cx_fresh(stage->world), id))};
		struct cardlink_out out = send_letter(stage, &stage->app, &letter);

		assert_answer(out, cases[i].wanted);
	}
}

static void keys(void **state)
{
	struct stage *stage = *state;
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), statement;
	struct letter wait = {.kind = CARDLINK_WAIT, .tx = id};
	struct cardlink_out out = send_letter(stage, &stage->app, &wait);

	assert_answer(out, IDV_ERROR_bad_proof); /* nobody has claimed it */
	claim_it(stage, &stage->app, id, &statement);
	out = send_letter(stage, &stage->app, &wait);
	assert_answer(out, IDV_ERROR_NONE);
	out = send_letter(stage, &stage->other, &wait);
	assert_answer(out, IDV_ERROR_bad_proof);
	wait.kid = stage->app.thumbprint; /* under the name of the first */
	out = send_letter(stage, &stage->other, &wait);
	assert_answer(out, IDV_ERROR_bad_proof);
	wait = (struct letter){.kind = CARDLINK_WAIT, .tx = id, .as_claim = true};
	out = send_letter(stage, &stage->app, &wait);
	assert_answer(out, IDV_ERROR_bad_proof);
	/* A second phone. */
	out = claim_it(stage, &stage->other, id, NULL);
	assert_answer(out, IDV_ERROR_claimed_twice);
	assert_int_equal(out.status, 409);
	wait = (struct letter){.kind = CARDLINK_WAIT, .tx = id};
	out = send_letter(stage, &stage->app, &wait);
	assert_answer(out, IDV_ERROR_claimed_twice);
}

static void the_same_message_again(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR("")), statement;
	struct letter submit = {.kind = CARDLINK_SUBMIT, .tx = id, .jti = STR("AAAAAAAAAAAAAAAAAAAAAA")};

	claim_it(stage, &stage->app, id, &statement);
	submit.members = said(stage, "auth", "jpki_auth", card.auth_cert, card.auth_key, statement);
	struct str body = letter_make(stage, &stage->app, &submit);
	struct cardlink_out out = send_text(stage, CARDLINK_SUBMIT, body), again = send_text(stage, CARDLINK_SUBMIT, body);

	assert_answer(out, IDV_ERROR_NONE);
	assert_str(again.body, out.body); /* the code too */
	assert_int_equal(again.status, out.status);
	assert_int_equal(stage->ocsp_calls, 1);
	/* Another message under its number, and the same in a new one. */
	submit.iat = 1;
	out = send_letter(stage, &stage->app, &submit);
	assert_answer(out, IDV_ERROR_replay);
	submit.jti = (struct str){0};
	out = send_letter(stage, &stage->app, &submit);
	assert_answer(out, IDV_ERROR_replay);
	assert_state(look(stage->world, &stage->mai, id), IDV_AWAIT_CODE);
	assert_int_equal(count_of(stage->world, "id_jti", "answer LIKE '%code%'"), 0);
	/* Refusals are kept as well. */
	struct letter report = {.kind = CARDLINK_REPORT, .tx = id, .members = STR(",\"event\":\"declined\""), .jti = STR("BBBBBBBBBBBBBBBBBBBBBA")};

	body = letter_make(stage, &stage->app, &report);
	out = send_text(stage, CARDLINK_REPORT, body);
	assert_answer(out, IDV_ERROR_replay);
	again = send_text(stage, CARDLINK_REPORT, body);
	assert_answer(again, IDV_ERROR_replay);
	assert_str(again.body, out.body);
}

static void reports(void **state)
{
	static const char *const bad[] = {"", ",\"event\":\"x\"", ",\"event\":1", ",\"event\":\"pin_wrong\",\"tries_left\":-1",
		",\"event\":\"pin_wrong\",\"tries_left\":10", ",\"event\":\"pin_wrong\",\"tries_left\":\"2\"", ",\"event\":\"declined\",\"pin\":\"1234\""};
	struct stage *stage = *state;
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	struct letter report = {.kind = CARDLINK_REPORT, .tx = id};
	struct cardlink_out out;

	claim_it(stage, &stage->app, id, NULL);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		report.members = str_of(bad[i]);
		out = send_letter(stage, &stage->app, &report);
		assert_answer(out, IDV_ERROR_bad_member);
	}
	assert_int_equal(look(stage->world, &stage->mai, id).seq, 3);
	report.members = STR(",\"event\":\"pin_wrong\",\"tries_left\":2");
	out = send_letter(stage, &stage->app, &report);
	assert_int_equal(out.status, 204);
	assert_int_equal(out.body.n, 0);
	struct idv_tx tx = look(stage->world, &stage->mai, id);

	assert_int_equal(tx.phone_event, IDV_PHONE_PIN_WRONG);
	assert_int_equal(tx.phone_tries, 2);
	report.members = STR(",\"event\":\"no_sign_cert\"");
	send_letter(stage, &stage->app, &report);
	tx = look(stage->world, &stage->mai, id);
	assert_state(tx, IDV_CLAIMED);
	assert_int_equal(tx.phone_event, IDV_PHONE_NO_SIGN_CERT);
	report.members = STR(",\"event\":\"pin_blocked\"");
	out = send_letter(stage, &stage->app, &report);
	assert_int_equal(out.status, 204);
	assert_state(look(stage->world, &stage->mai, id), IDV_FAILED);
	id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	claim_it(stage, &stage->app, id, NULL);
	report = (struct letter){.kind = CARDLINK_REPORT, .tx = id, .members = STR(",\"event\":\"declined\"")};
	send_letter(stage, &stage->app, &report);
	assert_state(look(stage->world, &stage->mai, id), IDV_CANCELLED);
	out = send_letter(stage, &stage->app, &(struct letter){.kind = CARDLINK_WAIT, .tx = id});
	assert_answer(out, IDV_ERROR_declined);
	assert_int_equal(out.status, 409);
}

static void waiting(void **state)
{
	struct stage *stage = *state;
	struct card card = card_new(stage);
	struct str id = begin_it(stage, IDV_AUTH, IDV_USAGE, STR(""));
	struct cardlink_out out = submit_it(stage, id, &card), wait;
	struct str code = answer_str(stage, &out, "code"), body = letter_make(stage, &stage->app, &(struct letter){.kind = CARDLINK_WAIT, .tx = id});

	wait = send_text(stage, CARDLINK_WAIT, body);
	assert_true(wait.hold);
	assert_str(wait.tx, id);
	wait = send_text(stage, CARDLINK_WAIT, body);
	assert_true(wait.hold);
	assert_ok(cardlink_message(cx_fresh(stage->world), &stage->link, &(struct cardlink_in){.kind = CARDLINK_WAIT, .body = body}, &wait));
	assert_false(wait.hold);
	assert_str(answer_str(stage, &wait, "state"), STR("await_code"));
	assert_true(str_find(wait.body, STR("\"code\":")) < 0);
	type_code(stage, id, code, IDV_DONE);
	wait = send_text(stage, CARDLINK_WAIT, body);
	assert_false(wait.hold);
	assert_str(answer_str(stage, &wait, "state"), STR("done"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(both_steps), ON_STAGE(the_request), ON_STAGE(the_code_and_the_key), ON_STAGE(not_a_message), ON_STAGE(members_of_a_claim),
		ON_STAGE(clocks), ON_STAGE(keys), ON_STAGE(the_same_message_again), ON_STAGE(reports), ON_STAGE(waiting),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, authority_setup, authority_teardown);
}
