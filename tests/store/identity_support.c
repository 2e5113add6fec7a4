#include "identity_support.h"

#include "base/time.h"
#include "domain/account/session.h"

#include <stdio.h>

static struct person enter(struct world *world, const char *email, int64_t account)
{
	struct session session;

	assert_ok(session_login(cx_fresh(world), str_of(email), STR(PASSWORD), STR("192.0.2.7"), STR("test"), &session));
	return (struct person){
		.account = account ? account : session.account_id,
		.session = session.id,
		.token = str_dup(&world->arena, session.token),
	};
}

struct person person_fresh(struct world *world, const char *email)
{
	world->portal.settings.card_on = true;
	return enter(world, email, account_add(world, email, NULL));
}

struct person person_new(struct world *world, const char *email)
{
	struct person person = person_fresh(world, email);

	world->now += 2 * TIME_MINUTE;
	return person;
}

struct person person_again(struct world *world, const char *email)
{
	struct person person = enter(world, email, 0);

	world->now += 2 * TIME_MINUTE;
	return person;
}

struct cx *as(struct world *world, const struct person *person)
{
	struct cx *cx = cx_fresh(world);

	cx_become(cx, person->account);
	cx->actor.session_id = person->session;
	return cx;
}

err try_begin(struct world *world, const struct person *person, enum idv_op op, enum idv_purpose purpose, struct str chain, struct idv_tx *out)
{
	return idv_begin(as(world, person),
		&(struct idv_begin){
			.adapter = IDV_CARDLINK,
			.op = op,
			.purpose = purpose,
			.chain = chain,
			.next = STR("/my-page"),
			.agent = STR("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"),
		},
		out);
}

struct str begin(struct world *world, const struct person *person, enum idv_op op, enum idv_purpose purpose, struct str chain)
{
	struct idv_tx tx;

	assert_ok(try_begin(world, person, op, purpose, chain, &tx));
	assert_state(tx, IDV_SHOWN);
	return str_dup(&world->arena, tx.id);
}

enum idv_error claim(struct world *world, struct str id, const char *app)
{
	struct cx *cx = cx_fresh(world);
	enum idv_error refused = IDV_ERROR_COUNT;
	struct idv_tx tx;

	assert_ok(idv_claim(cx,
		&(struct idv_claim){
			.id = id,
			.secret = idv_claim_secret(cx, id),
			.app = str_of(app),
			.label = STR("Myna App 1.0, android"),
			.network = STR("198.51.100.0/24"),
			.held = STR("CLP1 AUTH\nnonce=secret\n"),
		},
		&tx, &refused));
	return refused;
}

enum idv_error submit(struct world *world, struct str id, const char *app)
{
	enum idv_error refused = IDV_ERROR_COUNT;
	struct idv_tx tx;

	assert_ok(idv_verifying(cx_fresh(world), id, str_of(app), &tx, &refused));
	if (refused == IDV_ERROR_NONE)
		assert_str(tx.held, STR("CLP1 AUTH\nnonce=secret\n"));
	return refused;
}

static struct str digits(struct world *world, const char *what, int card)
{
	return str_fmt(&world->arena, "%s%0*d", what, (int)(64 - strlen(what)), card);
}

struct idv_result auth_result(struct world *world, int card)
{
	return (struct idv_result){
		.assurance = IDV_CARD_PKI,
		.has_subject = true,
		.subject = digits(world, "ab", card),
		.issuer = digits(world, "cd", 1),
		.issuer_key = digits(world, "ef", 1),
		.serial = str_fmt(&world->arena, "%04x", card),
		.spki = digits(world, "aa", card),
		.cert = digits(world, "bb", card),
		.certificate = STR("MIIB"),
		.not_after = START + 365 * TIME_DAY,
		.evidence = digits(world, "ee", card),
	};
}

struct idv_result basic4_result(struct world *world, int card)
{
	return (struct idv_result){
		.assurance = IDV_CARD_PKI,
		.serial = str_fmt(&world->arena, "5%04x", card),
		.evidence = digits(world, "dd", card),
		.has_basic4 = true,
		.basic4 =
			{
				.name = STR("NGUYEN　THI　MAI"),
				.address = STR("大分県別府市亀川１－２－３"),
				.year = 2003,
				.month = 4,
				.day = 9,
				.sex = 2,
				.name_subst = STR("00000000000000"),
				.source = IDV_JPKI_SIGN,
			},
	};
}

struct idv_tx finish(struct world *world, struct str id, const char *app, const struct idv_result *result, struct str *code)
{
	struct idv_tx tx;

	assert_error(claim(world, id, app), IDV_ERROR_NONE);
	assert_error(submit(world, id, app), IDV_ERROR_NONE);
	assert_ok(idv_finish(cx_fresh(world), id, result, &tx, code));
	*code = str_dup(&world->arena, *code);
	return tx;
}

struct str prove(struct world *world, const struct person *person, enum idv_op op, enum idv_purpose purpose, struct str chain, int card)
{
	struct str code, id = begin(world, person, op, purpose, chain);
	struct idv_result result = op == IDV_AUTH ? auth_result(world, card) : basic4_result(world, card);
	struct idv_tx tx = finish(world, id, "app-one", &result, &code);

	if (tx.state == IDV_AWAIT_CODE)
		assert_ok(idv_code(as(world, person), id, code, &tx));
	assert_state(tx, IDV_DONE);
	return id;
}

void link_card(struct world *world, const struct person *person, int card)
{
	struct str first = prove(world, person, IDV_AUTH, IDV_USAGE, STR(""), card);

	prove(world, person, IDV_BASIC4, IDV_USAGE, first, card);
}

struct idv_tx look(struct world *world, const struct person *person, struct str id)
{
	struct idv_tx tx;

	assert_ok(idv_require(as(world, person), id, &tx));
	return tx;
}

int64_t count_of(struct world *world, const char *table, const char *where)
{
	char sql[400];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE %s", table, where);
	return db_number(world->db, sql);
}
