#include "identity_support.h"

#include "base/time.h"

/* What is proven beside what is known: links, new cards, the four items, and when a code is asked for. On both engines. */

#define A "mai@example.jp"
#define B "an@example.jp"

static void chained_steps_link(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str first = prove(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), 1), second, code;
	struct idv_result result = basic4_result(world, 1);
	struct card_link link;
	struct basic4 basic4;
	struct idv_tx tx;

	/* Half of it links nothing. */
	assert_err(card_link_find(cx_fresh(world), mai.account, &link), ERR_NOT_FOUND);
	assert_int_equal(mails_waiting(world), 0);
	second = begin(world, &mai, IDV_BASIC4, IDV_USAGE, first);
	/* The same phone, confirmed by a code a moment ago: none again. */
	tx = finish(world, second, "app-one", &result, &code);
	assert_state(tx, IDV_DONE);
	assert_int_equal(code.n, 0);
	assert_ok(card_link_find(cx_fresh(world), mai.account, &link));
	assert_str(link.subject, auth_result(world, 1).subject);
	assert_str(link.serial, STR("0001"));
	assert_str(link.certificate, STR("MIIB"));
	assert_int_equal(link.linked_at, world->now);
	assert_int_equal(link.not_after, START + 365 * TIME_DAY);
	mail_take(world, MAIL_CARD_LINKED);
	assert_ok(basic4_of_draft(as(world, &mai), 0, &basic4));
	assert_str(basic4.name, STR("NGUYEN　THI　MAI"));
	assert_str(basic4.address, STR("大分県別府市亀川１－２－３"));
	assert_int_equal(basic4_birth_on(&basic4), 20030409);
	assert_int_equal(basic4.sex, 2);
	assert_false(basic4.name_differs);
	assert_int_equal(basic4.source, IDV_JPKI_SIGN);
	assert_int_equal(basic4.read_at, world->now);
	/* The first step is used up. */
	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_USAGE, first, &tx), ERR_CONFLICT);
	assert_int_equal(count_of(world, "id_tx", "length(result) > 0 OR length(held) > 0"), 0);
}

/* A card that nobody can read any more is linked still, and is read anew for what its items are needed for. */
static void what_is_shut_has_not_been_read(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str first = prove(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), 1), second, code;
	struct idv_result result = basic4_result(world, 1);
	struct card_link link;
	struct basic4 basic4;

	second = begin(world, &mai, IDV_BASIC4, IDV_USAGE, first);
	assert_state(finish(world, second, "app-one", &result, &code), IDV_DONE);
	assert_ok(basic4_of_draft(as(world, &mai), 0, &basic4));
	world->key.bytes[0] ^= 1;
	assert_err(basic4_of_draft(as(world, &mai), 0, &basic4), ERR_NOT_FOUND);
	assert_ok(card_link_find(cx_fresh(world), mai.account, &link));
	assert_str(link.serial, STR("0001"));
	assert_int_equal(link.certificate.n, 0);
}

static void the_same_phone_does_both(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct str first = prove(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), 1);
	struct str second = begin(world, &mai, IDV_BASIC4, IDV_USAGE, first);

	assert_error(claim(world, second, "app-two"), IDV_ERROR_bad_proof);
	assert_state(look(world, &mai, second), IDV_SHOWN);
	assert_error(claim(world, second, "app-one"), IDV_ERROR_NONE);
}

static void the_chain_has_rules(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), an = person_new(world, B), again = person_again(world, A);
	struct str open = begin(world, &mai, IDV_AUTH, IDV_USAGE, STR("")), first;
	struct idv_tx tx;

	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_USAGE, STR(""), &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_USAGE, open, &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_USAGE, STR("no such"), &tx), ERR_CONFLICT);
	first = prove(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), 1);
	assert_err(try_begin(world, &an, IDV_BASIC4, IDV_USAGE, first, &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &again, IDV_BASIC4, IDV_USAGE, first, &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_APPLY, first, &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_RELINK, STR(""), &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &mai, IDV_AUTH, IDV_RELINK, STR(""), &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_APPLY, STR(""), &tx), ERR_CONFLICT);
	assert_err(try_begin(world, &mai, IDV_TAX, IDV_TAX_INFO, STR(""), &tx), ERR_CONFLICT);
	/* A quarter of an hour after the first step, and the second ends then. */
	int64_t done = world->now;

	world->now = done + IDV_CHAIN_MS - 1;
	assert_ok(try_begin(world, &mai, IDV_BASIC4, IDV_USAGE, first, &tx));
	assert_int_equal(tx.total_until, done + IDV_CHAIN_MS);
	world->now += 1;
	assert_err(try_begin(world, &mai, IDV_BASIC4, IDV_USAGE, first, &tx), ERR_CONFLICT);
	assert_state(look(world, &mai, tx.id), IDV_EXPIRED);
}

static void finish_one(struct world *world, const struct person *person, enum idv_purpose purpose, const struct idv_result *result, enum idv_error wanted)
{
	struct str code, id = begin(world, person, IDV_AUTH, purpose, STR(""));
	struct idv_tx tx = finish(world, id, "app-one", result, &code);

	if (tx.state == IDV_AWAIT_CODE)
		assert_ok(idv_code(as(world, person), id, code, &tx));
	assert_error(tx.error, wanted);
	assert_state(tx, wanted == IDV_ERROR_NONE ? IDV_DONE : IDV_FAILED);
	world->now += 4 * TIME_MINUTE;
}

static void one_card_one_account(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), an = person_new(world, B);
	struct idv_result own = auth_result(world, 1), another = auth_result(world, 2);

	link_card(world, &mai, 1);
	finish_one(world, &mai, IDV_USAGE, &own, IDV_ERROR_NONE);
	finish_one(world, &mai, IDV_USAGE, &another, IDV_ERROR_card_mismatch);
	finish_one(world, &mai, IDV_APPLY, &another, IDV_ERROR_card_mismatch);
	finish_one(world, &an, IDV_USAGE, &own, IDV_ERROR_card_in_use);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM card_link"), 1);
}

/* Two accounts have come as far as the code with one card. */
static void the_first_code_wins(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), an = person_new(world, B);
	struct str first = prove(world, &mai, IDV_AUTH, IDV_USAGE, STR(""), 1), other = prove(world, &an, IDV_AUTH, IDV_USAGE, STR(""), 1);
	struct str code, id = begin(world, &an, IDV_BASIC4, IDV_USAGE, other);
	struct idv_result result = basic4_result(world, 1);
	struct idv_tx tx;

	prove(world, &mai, IDV_BASIC4, IDV_USAGE, first, 1);
	tx = finish(world, id, "app-one", &result, &code);
	assert_error(tx.error, IDV_ERROR_card_in_use);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM card_link"), 1);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM basic4"), 1);
}

static enum idv_error read_items(struct world *world, const struct person *person, const struct idv_result *result)
{
	struct str code, id = begin(world, person, IDV_BASIC4, IDV_APPLY, STR(""));
	struct idv_tx tx = finish(world, id, "app-one", result, &code);

	world->now += IDV_BEGUN_MS;
	return tx.error;
}

static void the_items_are_of_the_person(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_result good = basic4_result(world, 1), bad;
	struct basic4 read;

	world->portal.settings.card_bindback = BINDBACK_OFF;
	link_card(world, &mai, 1);
	world->now += IDV_BEGUN_MS;
	assert_error(read_items(world, &mai, &good), IDV_ERROR_NONE);
	bad = good, bad.basic4.year = 2002;
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_basic4_mismatch);
	bad = good, bad.basic4.month = 5;
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_basic4_mismatch);
	bad = good, bad.basic4.day = 10;
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_basic4_mismatch);
	bad = good, bad.basic4.sex = 1;
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_basic4_mismatch);
	/* Unknown parts contradict nothing. */
	bad = good, bad.basic4.month = bad.basic4.day = 0, bad.basic4.sex = 3;
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_NONE);
	/* A name that differs is told, not decided. */
	bad = good, bad.basic4.name = STR("阮　氏梅"), bad.basic4.name_subst = STR("");
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_NONE);
	assert_ok(basic4_of_draft(as(world, &mai), 0, &read));
	assert_true(read.name_differs);
	bad = good, bad.basic4.name = STR("nguyen thi  Mai"), bad.basic4.name_subst = STR("");
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_NONE);
	assert_ok(basic4_of_draft(as(world, &mai), 0, &read));
	assert_false(read.name_differs);
	bad = good, bad.has_basic4 = false;
	assert_error(read_items(world, &mai, &bad), IDV_ERROR_basic4_missing);
}

static struct str times(struct world *world, const char *what, int count)
{
	struct buf out;

	buf_init(&out, &world->arena, 8192);
	for (int i = 0; i < count; i++)
		buf_c(&out, what);
	return buf_view(&out);
}

static void items_that_cannot_be(void **state)
{
	struct world *world = *state;
	const struct basic4 good = basic4_result(world, 1).basic4;
	struct basic4 b;

	assert_ok(basic4_check(&good));
#define REFUSED(change)                                   \
	do {                                              \
		b = good;                                 \
		change;                                   \
		assert_err(basic4_check(&b), ERR_INVALID); \
	} while (0)
#define TAKEN(change)                        \
	do {                                 \
		b = good;                    \
		change;                      \
		assert_ok(basic4_check(&b)); \
	} while (0)
	b = good, b.name_subst = STR("");
	assert_ok(basic4_check(&b));
#define NAME(text) (b.name_subst = STR(""), b.name = (text))
	REFUSED(NAME(STR("")));
	REFUSED(NAME(STR("a\nb")));
	REFUSED(NAME(STR("a\xe2\x80\xae" "b"))); /* a right-to-left override */
	REFUSED(NAME(STR("\xff")));
	TAKEN(NAME(times(world, "梅", BASIC4_NAME_MAX - 1)));
	TAKEN(NAME(times(world, "梅", BASIC4_NAME_MAX)));
	REFUSED(NAME(times(world, "梅", BASIC4_NAME_MAX + 1)));
	TAKEN(NAME(STR("\xef\xa8\x99"))); /* 神 as a compatibility kanji stays what it is */
	TAKEN(b.address = times(world, "町", BASIC4_ADDRESS_MAX));
	REFUSED(b.address = times(world, "町", BASIC4_ADDRESS_MAX + 1));
	REFUSED(b.address = STR("a\tb"));
	REFUSED(b.month = 13);
	REFUSED((b.month = 2, b.day = 30));
	REFUSED(b.day = 32);
	REFUSED(b.year = 10000);
	REFUSED(b.year = -1);
	TAKEN((b.year = 0, b.month = 2, b.day = 29));
	REFUSED(b.sex = 0);
	REFUSED(b.sex = 4);
	REFUSED(b.name_subst = STR("01"));
	REFUSED(b.name_subst = STR("0000000000000x"));
	TAKEN(b.name_subst = STR("00000010000000"));
}

/* Drafts for which nothing must have been read before: that is not what is looked at here. */
static int64_t fill_draft(struct world *world, const struct person *person, struct draft *out)
{
	world->portal.settings.card_on = false;
	int64_t id = draft_fill(world, as(world, person), out);

	world->portal.settings.card_on = true;
	return id;
}

static void items_stay_with_the_application(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_result result = basic4_result(world, 1);
	struct issues issues = {0};
	struct receipt receipt;
	struct draft draft, other;
	struct basic4 read;
	struct idv_tx tx;
	struct str code;
	int64_t id;

	world->portal.settings.card_bindback = BINDBACK_OFF;
	link_card(world, &mai, 1);
	id = fill_draft(world, &mai, &draft);
	struct idv_begin begin = {.op = IDV_BASIC4, .purpose = IDV_APPLY, .draft_id = id, .next = STR("/")};

	assert_ok(idv_begin(as(world, &mai), &begin, &tx));
	finish(world, str_dup(&world->arena, tx.id), "app-one", &result, &code);
	assert_ok(basic4_of_draft(as(world, &mai), id, &read));
	world->portal.settings.card_on = false;
	assert_ok(application_submit(as(world, &mai), id, draft.submission_token, &issues, &receipt));
	world->portal.settings.card_on = true;
	assert_err(basic4_of_draft(as(world, &mai), id, &read), ERR_NOT_FOUND);
	assert_ok(basic4_of_application(as(world, &mai), mai.account, receipt.application_id, &read));
	assert_str(read.name, STR("NGUYEN　THI　MAI"));
	assert_err(basic4_of_application(as(world, &mai), mai.account + 1, receipt.application_id, &read), ERR_NOT_FOUND);
	/* Those of a draft go with it, and without one after a month. */
	world->now += TIME_MINUTE;
	id = fill_draft(world, &mai, &other);
	begin.draft_id = id;
	assert_ok(idv_begin(as(world, &mai), &begin, &tx));
	finish(world, str_dup(&world->arena, tx.id), "app-one", &result, &code);
	assert_ok(draft_delete(as(world, &mai), id, &(struct attachment_gone){0}));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM basic4"), 2);
	begin.draft_id = id;
	assert_err(idv_begin(as(world, &mai), &begin, &tx), ERR_NOT_FOUND);
	world->now += BASIC4_DRAFT_MS + TIME_DAY;
	assert_ok(idv_sweep(cx_fresh(world)));
	assert_int_equal(count_of(world, "basic4", "application_id = 0"), 0);
	assert_int_equal(count_of(world, "basic4", "application_id <> 0"), 1);
	assert_int_equal(count_of(world, "basic4", "items LIKE '%NGUYEN%'"), 0);
}

static void a_renewed_card(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);
	struct idv_result renewed = auth_result(world, 2);
	struct card_link link, *links;
	struct str first, code;
	struct idv_tx tx;
	size_t count;

	link_card(world, &mai, 1);
	world->now += TIME_HOUR;
	finish_one(world, &mai, IDV_USAGE, &renewed, IDV_ERROR_card_mismatch);
	/* The old one is still good: not by this way. */
	finish_one(world, &mai, IDV_RELINK, &renewed, IDV_ERROR_card_mismatch);
	world->now += TIME_HOUR;
	renewed.old_card_revoked = true;
	first = begin(world, &mai, IDV_AUTH, IDV_RELINK, STR(""));
	tx = finish(world, first, "app-one", &renewed, &code);
	assert_state(tx, IDV_AWAIT_CODE);
	assert_ok(idv_code(as(world, &mai), first, code, &tx));
	assert_state(tx, IDV_DONE);
	prove(world, &mai, IDV_BASIC4, IDV_RELINK, first, 2);
	assert_ok(card_link_find(cx_fresh(world), mai.account, &link));
	assert_str(link.subject, renewed.subject);
	assert_ok(card_link_list(cx_fresh(world), mai.account, &links, &count));
	assert_int_equal(count, 2);
	assert_str(links[1].unlinked_why, STR("replaced"));
	assert_int_equal(links[1].unlinked_at, world->now);
	mail_take(world, MAIL_CARD_LINKED);
	mail_take(world, MAIL_CARD_REPLACED);
	assert_int_equal(count_of(world, "audit_entry", "event = 'card_replaced'"), 1);
	/* The old card proves nothing any more. */
	struct idv_result old = auth_result(world, 1);

	world->now += TIME_HOUR;
	finish_one(world, &mai, IDV_USAGE, &old, IDV_ERROR_card_mismatch);
}

static void an_expired_card(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), again;
	struct idv_result renewed = auth_result(world, 2), items = basic4_result(world, 2);
	struct str first, code, id;
	struct idv_tx tx;

	link_card(world, &mai, 1);
	world->now = START + 365 * TIME_DAY - 10 * TIME_MINUTE;
	again = person_again(world, A);
	finish_one(world, &again, IDV_RELINK, &renewed, IDV_ERROR_card_mismatch);
	world->now = START + 365 * TIME_DAY;
	first = prove(world, &again, IDV_AUTH, IDV_RELINK, STR(""), 2);
	/* The name must be the same here, and the birth. */
	items.basic4.name = STR("TRAN THI MAI"), items.basic4.name_subst = STR("");
	id = begin(world, &again, IDV_BASIC4, IDV_RELINK, first);
	tx = finish(world, id, "app-one", &items, &code);
	assert_error(tx.error, IDV_ERROR_basic4_mismatch);
	/* And they must come from the signing certificate. */
	items = basic4_result(world, 2);
	items.assurance = IDV_CARD_TEXT_ONLY;
	items.basic4.source = IDV_CARD_TEXT;
	id = begin(world, &again, IDV_BASIC4, IDV_RELINK, first);
	tx = finish(world, id, "app-one", &items, &code);
	assert_error(tx.error, IDV_ERROR_cert_kind);
	prove(world, &again, IDV_BASIC4, IDV_RELINK, first, 2);
	assert_int_equal(count_of(world, "card_link", "unlinked_at = 0"), 1);
	assert_int_equal(count_of(world, "card_link", "unlinked_why = 'replaced'"), 1);
}

static void help_desk_ends_a_link(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), an = person_new(world, B);
	struct card_link link;

	link_card(world, &mai, 1);
	mail_take(world, MAIL_CARD_LINKED);
	assert_ok(card_link_end(cx_fresh(world), mai.account, IDV_CARDLINK, STR("help_desk")));
	assert_err(card_link_end(cx_fresh(world), mai.account, IDV_CARDLINK, STR("help_desk")), ERR_NOT_FOUND);
	assert_err(card_link_find(cx_fresh(world), mai.account, &link), ERR_NOT_FOUND);
	mail_take(world, MAIL_CARD_UNLINKED);
	/* Free for whose it is. */
	link_card(world, &an, 1);
}

/* Whether the phone shows a code at the end of a first step. */
static bool code_asked(struct world *world, const struct person *person, enum idv_purpose purpose)
{
	struct str code, id = begin(world, person, IDV_AUTH, purpose, STR(""));
	struct idv_result result = auth_result(world, 1);
	struct idv_tx tx = finish(world, id, "app-one", &result, &code);

	assert_true((tx.state == IDV_AWAIT_CODE) == (code.n > 0));
	assert_true(tx.bindback == (code.n > 0));
	assert_ok(idv_cancel(as(world, person), id, &tx));
	world->now += 4 * TIME_MINUTE;
	return code.n > 0;
}

static void when_a_code_is_asked_for(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A), fresh, calm;
	struct idv_tx tx;
	enum idv_error refused;
	struct str id;

	assert_true(code_asked(world, &mai, IDV_USAGE)); /* no link yet */
	link_card(world, &mai, 1);
	world->now += TIME_HOUR;
	assert_false(code_asked(world, &mai, IDV_APPLY));
	/* A session that is younger than a minute. */
	fresh = person_again(world, A);
	world->now -= 2 * TIME_MINUTE;
	world->now += 59999;
	assert_true(code_asked(world, &fresh, IDV_APPLY));
	fresh = person_again(world, A);
	world->now -= TIME_MINUTE;
	assert_false(code_asked(world, &fresh, IDV_APPLY));
	/* After a failed claim, for an hour from when its code was shown. */
	calm = person_again(world, A);
	id = begin(world, &calm, IDV_AUTH, IDV_APPLY, STR(""));
	int64_t failed_at = world->now;

	assert_ok(idv_claim(cx_fresh(world), &(struct idv_claim){.id = id, .secret = STR("wrong"), .app = STR("x")}, &tx, &refused));
	assert_true(code_asked(world, &calm, IDV_APPLY));
	world->now = failed_at + TIME_HOUR - 1;
	assert_true(code_asked(world, &calm, IDV_APPLY));
	world->now = failed_at + TIME_HOUR;
	assert_false(code_asked(world, &calm, IDV_APPLY));
	world->portal.settings.card_bindback = BINDBACK_ALWAYS;
	assert_true(code_asked(world, &calm, IDV_APPLY));
	world->portal.settings.card_bindback = BINDBACK_OFF;
	fresh = person_again(world, A);
	assert_false(code_asked(world, &fresh, IDV_APPLY));
}

/* The attacker's browser, the victim's card: shown a code that he does not know, the attacker gets nowhere. */
static void somebody_elses_code(void **state)
{
	struct world *world = *state;
	struct person attacker = person_new(world, "evil@example.jp"), victim = person_new(world, A);
	struct str code, id = begin(world, &attacker, IDV_AUTH, IDV_USAGE, STR(""));
	struct idv_result card = auth_result(world, 1);
	struct card_link link;
	struct idv_tx tx;

	tx = finish(world, id, "victims-app", &card, &code);
	assert_state(tx, IDV_AWAIT_CODE);
	for (int guess = 0; guess < 3; guess++) {
		struct str wrong = str_fmt(&world->arena, "%04d", ((code.p[0] - '0') * 1000 + 1234 + guess) % 10000);

		if (str_eq(wrong, code))
			wrong = STR("0000");
		assert_ok(idv_code(as(world, &attacker), id, wrong, &tx));
	}
	assert_state(tx, IDV_FAILED);
	assert_err(try_begin(world, &attacker, IDV_BASIC4, IDV_USAGE, id, &tx), ERR_CONFLICT);
	assert_err(card_link_find(cx_fresh(world), attacker.account, &link), ERR_NOT_FOUND);
	/* Once the victim has linked the card, it is of no use to the attacker, code or not. */
	link_card(world, &victim, 1);
	world->portal.settings.card_bindback = BINDBACK_OFF;
	finish_one(world, &attacker, IDV_USAGE, &card, IDV_ERROR_card_in_use);
}

/* As in the manual, without a code: there is a mail and an audit entry at least. */
static void without_codes_it_is_told(void **state)
{
	struct world *world = *state;
	struct person mai = person_new(world, A);

	world->portal.settings.card_bindback = BINDBACK_OFF;
	link_card(world, &mai, 1);
	mail_take(world, MAIL_CARD_LINKED);
	assert_int_equal(count_of(world, "audit_entry", "event = 'card_linked'"), 1);
}

static void providers_in_one_trip(void **state)
{
	struct world *world = *state;
	struct person mai = person_fresh(world, A);
	struct idv_begin begin = {.adapter = IDV_OIDC, .op = IDV_BASIC4, .purpose = IDV_USAGE, .next = STR("/"), .held = STR("state=1")};
	struct idv_result result = basic4_result(world, 1);
	struct card_link link;
	struct str code;
	enum idv_error refused;
	struct idv_tx tx;

	result.has_subject = true;
	result.subject = auth_result(world, 9).subject;
	result.issuer = STR("https://op.example");
	result.serial = STR("sub-1");
	result.assurance = IDV_OIDC_AAL3;
	result.basic4.source = IDV_OIDC_CLAIMS;
	world->portal.settings.oidc_on = true;
	assert_ok(idv_begin(as(world, &mai), &begin, &tx));
	assert_int_equal(tx.expires_at, world->now + IDV_TOTAL_MS);
	struct str id = str_dup(&world->arena, tx.id);

	assert_int_equal(count_of(world, "id_tx", "held LIKE '%state%'"), 0);
	assert_ok(idv_get(cx_fresh(world), id, &tx));
	assert_str(tx.held, STR("state=1"));
	assert_error(claim(world, id, "app-one"), IDV_ERROR_not_found);
	assert_ok(idv_verifying(cx_fresh(world), id, STR(""), &tx, &refused));
	assert_error(refused, IDV_ERROR_NONE);
	assert_str(tx.held, STR("state=1"));
	assert_ok(idv_verifying(cx_fresh(world), id, STR(""), &tx, &refused));
	assert_error(refused, IDV_ERROR_replay);
	assert_ok(idv_finish(cx_fresh(world), id, &result, &tx, &code));
	assert_state(tx, IDV_DONE);
	assert_ok(card_link_find(cx_fresh(world), mai.account, &link));
	assert_int_equal(link.adapter, IDV_OIDC);
	assert_str(link.serial, STR("sub-1"));
	/* A card beside it is a link of its own. */
	world->now += 2 * TIME_MINUTE;
	link_card(world, &mai, 1);
	assert_ok(card_link_find(cx_fresh(world), mai.account, &link));
	assert_int_equal(link.adapter, IDV_CARDLINK);
	assert_ok(card_link_find_of(cx_fresh(world), mai.account, IDV_OIDC, &link));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(chained_steps_link), IN_BOTH(what_is_shut_has_not_been_read), IN_BOTH(the_same_phone_does_both), IN_BOTH(the_chain_has_rules), IN_BOTH(one_card_one_account),
		IN_BOTH(the_first_code_wins), IN_BOTH(the_items_are_of_the_person), IN_SQLITE(items_that_cannot_be), IN_BOTH(items_stay_with_the_application),
		IN_BOTH(a_renewed_card), IN_BOTH(an_expired_card), IN_BOTH(help_desk_ends_a_link), IN_BOTH(when_a_code_is_asked_for),
		IN_BOTH(somebody_elses_code), IN_BOTH(without_codes_it_is_told), IN_BOTH(providers_in_one_trip),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
