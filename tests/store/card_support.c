#include "card_support.h"

#include "base/time.h"
#include "domain/account/session.h"

void cards_on(struct world *world)
{
	world->portal.settings.card_on = true;
	world->portal.settings.card_bindback = BINDBACK_OFF;
	world->portal.settings.card_app_name = STR("Myna App");
	world->portal.settings.card_rp = STR("rp:test");
}

void cx_log_in(struct cx *cx, const char *email)
{
	struct session session;

	assert_ok(session_login(cx, str_of(email), STR(PASSWORD), STR("192.0.2.1"), STR("test"), &session));
}

struct basic4 card_of(const char *name)
{
	return (struct basic4){.name = str_of(name), .address = STR("大分県別府市石垣東１－２－３"), .year = 2003, .month = 4, .day = 9, .sex = 2};
}

static struct str hex_of(struct cx *cx, const char *words)
{
	struct buf out;

	buf_init(&out, cx->arena, 65);
	while (out.n < 64)
		buf_byte(&out, "0123456789abcdef"[(unsigned char)words[out.n % strlen(words)] % 16]);
	return buf_view(&out);
}

static struct idv_result result_of(struct cx *cx, const char *subject, const struct basic4 *card, bool auth)
{
	struct idv_result result = {.assurance = IDV_CARD_PKI, .evidence = hex_of(cx, "evidence")};

	if (auth) {
		result.has_subject = true;
		result.subject = hex_of(cx, subject);
		result.issuer = hex_of(cx, "issuer");
		result.issuer_key = hex_of(cx, "anchor");
		result.serial = hex_of(cx, subject);
		result.spki = hex_of(cx, subject);
		result.cert = hex_of(cx, subject);
		result.not_after = cx->now + 300 * TIME_DAY;
	} else {
		result.has_basic4 = true;
		result.basic4 = *card;
		result.serial = hex_of(cx, "signing");
	}
	return result;
}

enum idv_state phone_ends(struct world *world, struct str tx_id, const char *subject, const struct basic4 *card)
{
	struct cx cx;
	struct idv_tx tx;
	struct str code;
	enum idv_error refused = IDV_ERROR_NONE;

	cx_make(world, &cx);
	struct idv_claim claim = {
		.id = tx_id, .secret = idv_claim_secret(&cx, tx_id), .app = hex_of(&cx, "app"), .label = STR("Myna App 1.0, linux"),
		.network = STR("192.0.2.0/24"), .held = STR("statement")};

	assert_ok(idv_claim(&cx, &claim, &tx, &refused));
	assert_int_equal(refused, IDV_ERROR_NONE);
	assert_ok(idv_verifying(&cx, tx_id, claim.app, &tx, &refused));
	assert_int_equal(refused, IDV_ERROR_NONE);
	struct idv_result result = result_of(&cx, subject, card, tx.op == IDV_AUTH);

	assert_ok(idv_finish(&cx, tx_id, &result, &tx, &code));
	cx_release(&cx);
	return tx.state;
}

void card_read_for(struct world *world, struct cx *cx, int64_t draft_id, const char *subject, const struct basic4 *card)
{
	struct idv_tx auth, basic4;

	assert_ok(idv_begin(cx,
		&(struct idv_begin){.op = IDV_AUTH, .purpose = IDV_USAGE, .draft_id = draft_id, .next = STR("/"), .agent = STR("test")}, &auth));
	assert_int_equal(phone_ends(world, auth.id, subject, card), IDV_DONE);
	cx_end(cx);
	assert_ok(idv_begin(cx,
		&(struct idv_begin){
			.op = IDV_BASIC4, .purpose = IDV_USAGE, .draft_id = draft_id, .chain = auth.id, .next = STR("/"), .agent = STR("test")},
		&basic4));
	assert_int_equal(phone_ends(world, basic4.id, subject, card), IDV_DONE);
	cx_end(cx);
}

enum idv_state basic4_read_for(struct world *world, struct cx *cx, int64_t draft_id, const struct basic4 *card)
{
	struct idv_tx tx;

	assert_ok(idv_begin(cx,
		&(struct idv_begin){.op = IDV_BASIC4, .purpose = IDV_APPLY, .draft_id = draft_id, .next = STR("/"), .agent = STR("test")}, &tx));
	enum idv_state state = phone_ends(world, tx.id, "", card);

	cx_end(cx);
	return state;
}
