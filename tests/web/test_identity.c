/* The browser's side of proving who one is: the page with the code, waiting, the number in return, and each way that it ends. */
#include "ways.h"

#include "base/time.h"
#include "domain/identity/identity_adapter.h"
#include "i18n/locale.h"
#include "json/json.h"
#include "web/idv_view.h"
#include "web/pace.h"

#define ORIGIN "https://portal.example"
#define AUTH "op=auth&purpose=usage_request"

static struct idv_tx tx_of(struct site *site)
{
	struct idv_tx tx;

	assert_ok(idv_get(cx_fresh(site->world), site_value(site, "tx"), &tx));
	return tx;
}

/* ---- a phone that is no more than a thumbprint ---- */

static void claim(struct site *site, const char *app)
{
	struct cx *cx = cx_fresh(site->world);
	enum idv_error refused;
	struct idv_tx tx;
	struct str id = site_value(site, "tx");

	assert_ok(idv_claim(cx,
		&(struct idv_claim){.id = id, .secret = idv_claim_secret(cx, id), .app = str_of(app), .app_key = STR("{}"),
			.label = STR("Myna App 1.0, android"), .network = STR("198.51.100.0/24"), .held = STR("CLP1")},
		&tx, &refused));
}

static void report(struct site *site, enum idv_error ends, enum idv_phone event, unsigned tries)
{
	enum idv_error refused;
	struct idv_tx tx;

	assert_ok(idv_report(cx_fresh(site->world),
		&(struct idv_report){.id = site_value(site, "tx"), .app = STR("one"), .ends = ends, .event = event, .tries = tries}, &tx, &refused));
	assert_int_equal(refused, IDV_ERROR_NONE);
}

/* The card of the name: its answer is verified. What the phone shows. */
static struct str submit(struct site *site)
{
	static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	struct idv_result result = {
		.assurance = IDV_CARD_PKI, .has_subject = true, .subject = str_of(digest), .issuer = str_of(digest), .issuer_key = str_of(digest),
		.serial = STR("0a"), .spki = str_of(digest), .cert = str_of(digest), .certificate = STR("MIIB"),
		.not_after = site->world->now + 365 * TIME_DAY, .evidence = str_of(digest),
	};
	enum idv_error refused;
	struct str code;
	struct idv_tx tx;

	assert_ok(idv_verifying(cx_fresh(site->world), site_value(site, "tx"), STR("one"), &tx, &refused));
	assert_int_equal(refused, IDV_ERROR_NONE);
	assert_ok(idv_finish(cx_fresh(site->world), site_value(site, "tx"), &result, &tx, &code));
	return str_dup(&site->arena, code);
}

/* ---- what the browser sees ---- */

static struct reply page(struct site *site)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}");

	assert_status(&reply, 200);
	return reply;
}

static struct reply status(struct site *site, int64_t seq)
{
	site_name(site, "seq", str_fmt(&site->arena, "%lld", (long long)seq));
	return ASK(site, .who = MAI, .path = "/id/tx/{tx}/status?seq={seq}", .again = true);
}

static const struct json *json_of(struct site *site, const struct reply *reply)
{
	const struct json *json;

	assert_true(str_eq(reply_header(reply, "Content-Type", 0), STR("application/json")));
	assert_ok(json_read(&site->arena, reply->body, NULL, &json));
	return json;
}

static void assert_member(const struct json *json, const char *name, const char *wanted)
{
	struct str text;

	assert_ok(json_str(json, str_of(name), &text));
	if (!str_eq(text, str_of(wanted)))
		fail_msg("%s is " STR_FMT " instead of %s", name, STR_ARG(text), wanted);
}

static void assert_nothing(const struct json *json, const char *name)
{
	assert_non_null(json_get(json, str_of(name)));
	assert_int_equal(json_get(json, str_of(name))->kind, JSON_KIND_NULL);
}

static void the_page_shows_the_code(void **state)
{
	struct site *site = *state;
	struct reply reply = page(site);
	struct str secret = idv_claim_secret(cx_fresh(site->world), site_value(site, "tx"));

	assert_holds(reply.body, STR("<h1>QR Code for Reading Digital Certificates for User Authentication on Smartphones</h1>"));
	assert_holds(reply.body, STR("role=\"status\">Waiting for the user identification digital certificate to be read</p>"));
	assert_holds(reply.body, STR("<svg class=\"qr\" role=\"img\""));
	assert_holds(reply.body, str_fmt(&site->arena, "<code class=\"by-hand\">" ORIGIN "/q#1." STR_FMT "." STR_FMT "</code>",
		STR_ARG(site_value(site, "tx")), STR_ARG(secret)));
	assert_holds(reply.body, STR("“Myna App”"));
	assert_holds(reply.body, STR("data-left=\"180\">3:00<"));
	assert_holds(reply.body, STR(">Show a new code</button>"));
	assert_holds(reply.body, STR(">Cancel</button>"));
	assert_holds(reply.body, STR(">Return to List</a>"));
	assert_holds(reply.body, STR("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"));
	assert_true(str_find(reply.log, secret) < 0);
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}", .lang = "ja");
	assert_holds(reply.body, STR("スマートフォンによる利用者証明用電子証明書読取用QRコード"));
	site->world->now += 17 * TIME_SECOND;
	assert_holds(page(site).body, STR("data-left=\"163\">2:43<"));
}

static void another_session_sees_nothing(void **state)
{
	static const char *const paths[] = {"/id/tx/{tx}", "/id/tx/{tx}/status?seq=2", "/id/tx/{tx}/code", "/id/tx/{tx}/cancel", "/id/tx/{tx}/renew",
		"/id/tx/{tx}/next"};
	struct site *site = *state;
	struct idv_tx before = tx_of(site);

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct reply reply = ASK(site, .who = LEE, .path = paths[i], .form = i < 2 ? NULL : "code=1234");

		assert_status(&reply, 404);
		reply = ASK(site, .who = MAI, .path = "/id/tx/4J8Z0MTQ6W7KD3R5XH1CVBNA2E");
		assert_status(&reply, 404);
		reply = ASK(site, .who = MAI, .path = "/id/tx/..%00");
		assert_status(&reply, 400);
	}
	assert_int_equal(tx_of(site).seq, before.seq);
}

static void what_cannot_begin(void **state)
{
	static const struct {
		const char *form;
		int status;
	} forms[] = {
		{"", 400},
		{"op=auth", 400},
		{"purpose=apply", 400},
		{"op=sign&purpose=apply", 400},
		{"op=auth&purpose=anything", 400},
		{"op=auth&purpose=tax", 400},
		{AUTH "&draft=x", 400},
		{AUTH "&draft=-1", 400},
		{AUTH "&draft={their_draft}", 404},
		{AUTH "&draft=99999999", 404},
		{"op=basic4&purpose=usage_request", 409},
		{"op=basic4&purpose=usage_request&chain={tx}", 409},
		{"op=auth&purpose=relink", 409},
		{"op=basic4&purpose=apply&draft={draft}", 409},
	};
	struct site *site = *state;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = "/id/tx", .form = forms[i].form);

		if (reply.status != forms[i].status)
			print_error("%s: ", forms[i].form);
		assert_status(&reply, forms[i].status);
	}
	site->world->portal.settings.card_on = false;
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx", .form = AUTH);

	assert_status(&reply, 403);
	assert_holds(reply.body, STR("Cards cannot be read at present"));
}

static void waiting(void **state)
{
	struct site *site = *state;
	struct idv_tx tx = tx_of(site);
	struct reply reply = status(site, tx.seq);

	/* Nothing is new: it waits, and nothing is logged. */
	assert_true(str_eq(reply.held, tx.id));
	assert_int_equal(reply.held_ms, 25000);
	assert_int_equal(reply.body.n, 0);
	assert_int_equal(reply.log.n, 0);
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/status?seq={seq}", .again = true, .final = true);
	assert_status(&reply, 200);
	assert_true(str_absent(reply.held));
	const struct json *json = json_of(site, &reply);

	assert_member(json, "state", "shown");
	assert_nothing(json, "phone");
	assert_nothing(json, "need");
	assert_nothing(json, "next");
	assert_nothing(json, "error");
	/* Not longer than this step lasts. */
	site->world->now += 170 * TIME_SECOND;
	assert_int_equal(status(site, tx.seq).held_ms, 10000);
	site->world->now += 10 * TIME_SECOND;
	reply = status(site, tx.seq);
	assert_member(json_of(site, &reply), "state", "expired");
}

static void what_the_phone_does_is_told(void **state)
{
	struct site *site = *state;
	int64_t seq = tx_of(site).seq, left, tries;
	struct str text;
	const struct json *part;

	claim(site, "one");
	struct reply reply = status(site, seq);
	const struct json *json = json_of(site, &reply);

	assert_member(json, "state", "claimed");
	assert_ok(json_int(json, STR("expires_in"), &left));
	assert_int_equal(left, 180);
	assert_ok(json_int(json, STR("interval"), &tries));
	assert_int_equal(tries, 2);
	assert_ok(json_map(json, STR("phone"), &part));
	assert_member(part, "label", "Myna App 1.0, android");
	assert_ok(json_map(json, STR("message"), &part));
	assert_member(part, "en", "Your phone is connected. Continue on the phone.");
	assert_ok(json_str(part, STR("ja"), &text));
	assert_true(str_starts(text, STR("スマートフォンがつながりました。")));
	reply = page(site);
	assert_true(str_find(reply.body, STR("<svg class=\"qr\"")) < 0); /* a second phone would end it */
	assert_holds(reply.body, STR("Myna App 1.0, android"));
	report(site, IDV_ERROR_NONE, IDV_PHONE_PIN_WRONG, 2);
	reply = status(site, seq + 1);
	assert_ok(json_map(json_of(site, &reply), STR("message"), &part));
	assert_member(part, "en", "The PIN or password was not correct. Attempts left: 2. If you are not sure, stop here.");
	assert_holds(page(site).body, STR("Attempts left: 2."));
	report(site, IDV_ERROR_NONE, IDV_PHONE_CARD_UNREADABLE, 0);
	assert_holds(page(site).body, STR("We could not read the card."));
	report(site, IDV_ERROR_NONE, IDV_PHONE_WRONG_CARD, 0);
	assert_holds(page(site).body, STR("This is a different card from before."));
	report(site, IDV_ERROR_NONE, IDV_PHONE_NO_SIGN_CERT, 0);
	assert_holds(page(site).body, STR("This card has no signing certificate."));
	report(site, IDV_ERROR_pin_blocked, IDV_PHONE_NONE, 0);
	reply = status(site, 0);
	assert_ok(json_map(json_of(site, &reply), STR("error"), &part));
	assert_member(part, "code", "pin_blocked");
	assert_holds(page(site).body, STR("<h1>The card is locked</h1>"));
}

static void malformed_questions(void **state)
{
	static const char *const given[] = {"x", "-1", "1.5", "+1", "%00", "99999999999999999999", "1%202"};
	struct site *site = *state;

	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		site_name(site, "seq", str_of(given[i]));
		struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/status?seq={seq}", .again = true);

		assert_status(&reply, 400);
	}
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/status?seq=", .again = true);

	assert_status(&reply, 200); /* a page that has lost count */
}

static void who_asks_too_often_waits(void **state)
{
	struct site *site = *state;
	const struct json *error;
	struct reply reply;

	for (int i = 0; i < PACE_STRIKES; i++) {
		reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/status");
		assert_status(&reply, 200);
	}
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/status");
	assert_status(&reply, 429);
	assert_true(str_eq(reply_header(&reply, "Retry-After", 0), STR("4")));
	assert_ok(json_map(json_of(site, &reply), STR("error"), &error));
	assert_member(error, "code", "slow_down");
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/status", .again = true); /* a held one comes back as often as it is rung */
	assert_status(&reply, 200);
}

/* Faster than the interval is counted, three times in a row are too many, and each transaction is for itself. */
static void pace(void **state)
{
	static struct paces paces;
	unsigned interval = 0;
	int64_t now = 1000;
	(void)state;

	paces_init(&paces);
	assert_true(paces_take(&paces, STR("a"), 1, now, &interval));
	for (int i = 0; i < 20; i++)
		assert_true(paces_take(&paces, STR("a"), 1, now += PACE_LEAST * 1000, &interval));
	assert_int_equal(interval, PACE_LEAST);
	assert_true(paces_take(&paces, STR("a"), 1, now += PACE_LEAST * 1000 - 1, &interval));
	assert_true(paces_take(&paces, STR("a"), 1, now += PACE_LEAST * 1000 - 1, &interval));
	assert_true(paces_take(&paces, STR("b"), 1, now, &interval));
	assert_false(paces_take(&paces, STR("a"), 1, now += PACE_LEAST * 1000 - 1, &interval));
	assert_int_equal(interval, PACE_LEAST + PACE_MORE);
	for (int i = 0; i < 100; i++)
		paces_take(&paces, STR("a"), 1, now, &interval);
	assert_int_equal(interval, PACE_MOST);
	assert_true(paces_take(&paces, STR("a"), 1, now += PACE_MOST * 1000, &interval));
	/* Who has been told something asks on at once, each time, and each time once. */
	for (int seq = 2; seq < 20; seq++)
		assert_true(paces_take(&paces, STR("a"), seq, now, &interval));
	for (int i = 1; i < PACE_STRIKES; i++)
		assert_true(paces_take(&paces, STR("a"), 19, now, &interval));
	assert_false(paces_take(&paces, STR("a"), 19, now, &interval));
	paces_release(&paces);
}

static void the_number_in_return(void **state)
{
	struct site *site = *state;

	claim(site, "one");
	struct str code = submit(site);

	assert_int_equal(code.n, 4);
	struct reply reply = page(site);

	assert_holds(reply.body, STR("4-digit number shown on your phone"));
	assert_true(str_find(reply.body, STR("http-equiv")) < 0); /* a new page would take away what is typed */
	assert_true(str_find(reply.body, code) < 0);
	reply = status(site, 0);
	assert_member(json_of(site, &reply), "need", "code");
	static const char *const no_code[] = {"", "code=", "code=12", "code=12345", "code=12a4", "code=%00123"};

	for (size_t i = 0; i < sizeof no_code / sizeof *no_code; i++) {
		reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/code", .form = no_code[i]);
		assert_status(&reply, 400);
	}
	site_name(site, "wrong", str_eq(code, STR("0000")) ? STR("1111") : STR("0000"));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/code", .form = "code={wrong}");
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("That is not the number on the phone. Attempts left: 2."));
	assert_holds(reply.body, site_fill(site, "name=\"back\" value=\"/id/tx/{tx}\""));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/code", .form = "code={wrong}", .token = TOKEN_OTHER);
	assert_status(&reply, 403);
	site_name(site, "right", str_fmt(&site->arena, "%.1s+%.3s", code.p, code.p + 1));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/code", .form = "code={right}");
	assert_status(&reply, 303);
	assert_true(str_eq(reply_location(&reply), STR("/my-page")));
	/* The session goes on under a new name, and under no other. */
	struct str cookie = reply_header(&reply, "Set-Cookie", 0);

	assert_true(str_starts(cookie, STR("__Host-session=")));
	reply = ASK(site, .who = MAI, .path = "/my-page");
	assert_status(&reply, 303);
	site_name(site, "fresh", str_sub(cookie, 15, 43));
	reply = ASK(site, .who = MAI, .path = "/my-page", .cookies = "__Host-session={fresh}");
	assert_status(&reply, 200);
}

static void three_other_numbers_end_it(void **state)
{
	struct site *site = *state;

	claim(site, "one");
	struct str code = submit(site);

	site_name(site, "wrong", str_eq(code, STR("0000")) ? STR("1111") : STR("0000"));
	for (int i = 0; i < 3; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/code", .form = "code={wrong}");

		assert_status(&reply, 409);
	}
	site_name(site, "code", code);
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/code", .form = "code={code}");

	assert_status(&reply, 409);
	assert_holds(page(site).body, STR("<h1>The number was not the one on the phone</h1>"));
}

static void done_without_a_number(void **state)
{
	struct site *site = *state;

	site->world->portal.settings.card_bindback = BINDBACK_OFF;
	site_name(site, "tx", site_begin(site, MAI, AUTH "&draft={draft}"));
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "");

	assert_true(str_eq(reply_location(&reply), site_fill(site, "/id/tx/{tx}"))); /* not yet */
	claim(site, "one");
	submit(site);
	reply = status(site, 0);
	assert_member(json_of(site, &reply), "next", str_c(&site->arena, site_fill(site, "/drafts/{draft}/card")));
	reply = page(site);
	assert_holds(reply.body, STR("role=\"status\">Login completed</p>"));
	assert_holds(reply.body, STR("id=\"wait-next\""));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/renew", .form = "");
	assert_true(str_eq(reply_location(&reply), site_fill(site, "/id/tx/{tx}")));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "", .token = TOKEN_NONE);
	assert_status(&reply, 403);
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "");
	assert_true(str_eq(reply_location(&reply), site_fill(site, "/drafts/{draft}/card")));
	site_name(site, "fresh", str_sub(reply_header(&reply, "Set-Cookie", 0), 15, 43));
	/* Back, and once more: the same way, and no other session. */
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}", .cookies = "__Host-session={fresh}");
	assert_status(&reply, 200);
}

static void cancelled_and_begun_again(void **state)
{
	struct site *site = *state;
	struct str old = site_value(site, "tx");
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/cancel", .form = "");

	assert_true(str_eq(reply_location(&reply), site_fill(site, "/id/tx/{tx}")));
	assert_holds(page(site).body, STR("<h1>The reading was cancelled</h1>"));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/renew", .form = "");
	assert_status(&reply, 303);
	site_name(site, "tx", str_skip(reply_location(&reply), 7));
	assert_false(str_eq(site_value(site, "tx"), old));
	assert_holds(page(site).body, STR("<svg class=\"qr\""));
}

static void too_many_codes(void **state)
{
	struct site *site = *state;

	for (int i = 1; i < IDV_BEGUN_MOST; i++)
		site_name(site, "tx", site_begin(site, MAI, AUTH));
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx", .form = AUTH);

	assert_status(&reply, 429);
	assert_true(str_eq(reply_header(&reply, "Retry-After", 0), STR("900")));
	assert_holds(reply.body, STR("<h1>Please wait a while</h1>"));
	assert_holds(reply.body, STR("You can show a new code from "));
	assert_holds(reply.body, STR("<form method=\"post\" action=\"/id/tx\">"));
	assert_holds(reply.body, STR("name=\"purpose\" value=\"usage_request\""));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/renew", .form = "");
	assert_status(&reply, 429);
	assert_holds(reply.body, site_fill(site, "action=\"/id/tx/{tx}/renew\""));
	site->world->now += IDV_BEGUN_MS;
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/renew", .form = "");
	assert_status(&reply, 303);
}

static void has_page(struct site *site, enum idv_error error, enum lang lang)
{
	const struct locale *locale = locale_get(lang, false);
	const struct idv_words *words = &idv_words[error];
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}", .lang = locale->tag.p);

	assert_status(&reply, 200);
	assert_holds(reply.body, str_fmt(&site->arena, "<h1>" STR_FMT "</h1>", STR_ARG(locale->html[words->title])));
	assert_holds(reply.body, locale->html[words->detail]);
	assert_holds(reply.body, locale->html[words->next]);
	bool again = idv_errors[error].retry == IDV_RETRY_NO || idv_errors[error].retry == IDV_RETRY_RELINK;

	if (again != (str_find(reply.body, site_fill(site, "action=\"/id/tx/{tx}/renew\"")) < 0))
		fail_msg("%s: with or without a new code", idv_errors[error].name.p);
}

/* Every code that can end one, in each language, as page and as JSON. */
static void every_end_has_its_page(void **state)
{
	struct site *site = *state;
	const struct json *error;
	bool retry;

	for (int i = IDV_ERROR_NONE + 1; i < IDV_ERROR_COUNT; i++) {
		const struct idv_error_rule *rule = &idv_errors[i];
		int ends = (int)(rule->ends_in == IDV_UNCHANGED ? IDV_FAILED : rule->ends_in);

		db_exec(site->world->db, str_c(&site->arena, str_fmt(&site->arena, "UPDATE id_tx SET state = %d, error = '%s' WHERE id = '" STR_FMT "'",
			ends, rule->name.p, STR_ARG(site_value(site, "tx")))));
		for (enum lang lang = 0; lang < LANG_COUNT; lang++)
			has_page(site, (enum idv_error)i, lang);
		struct reply reply = status(site, tx_of(site).seq); /* it waits for nothing more */

		assert_status(&reply, 200);
		assert_ok(json_map(json_of(site, &reply), STR("error"), &error));
		assert_member(error, "code", rule->name.p);
		assert_ok(json_bool(error, STR("retry"), &retry));
		assert_int_equal(retry, rule->retry != IDV_RETRY_NO);
	}
}

static void the_page_of_the_code_itself(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .path = "/q");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Never scan a code that someone sent you"));
	assert_int_equal(reply.writes, 0);
}

/* Where cards are read. */
static int with_cards_sqlite(void **state)
{
	site_setup_sqlite(state);
	((struct site *)*state)->world->portal.settings.card_on = true;
	return 0;
}

static int with_cards_pg(void **state)
{
	site_setup_pg(state);
	((struct site *)*state)->world->portal.settings.card_on = true;
	return 0;
}

#undef AT_SQLITE
#undef AT_PG
#define AT_SQLITE(test)                                                           \
	{                                                                         \
#test " (sqlite)", test, with_cards_sqlite, site_teardown, NULL \
	}
#define AT_PG(test)                                                               \
	{                                                                         \
#test " (postgresql)", test, with_cards_pg, site_teardown, NULL \
	}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(the_page_shows_the_code),
		AT_BOTH(another_session_sees_nothing),
		AT_SQLITE(what_cannot_begin),
		AT_BOTH(waiting),
		AT_BOTH(what_the_phone_does_is_told),
		AT_SQLITE(malformed_questions),
		AT_SQLITE(who_asks_too_often_waits),
		cmocka_unit_test(pace),
		AT_BOTH(the_number_in_return),
		AT_SQLITE(three_other_numbers_end_it),
		AT_BOTH(done_without_a_number),
		AT_BOTH(cancelled_and_begun_again),
		AT_SQLITE(too_many_codes),
		AT_SQLITE(every_end_has_its_page),
		AT_SQLITE(the_page_of_the_code_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
