#include "usage_support.h"

struct cx *mai(struct world *world)
{
	struct cx *cx = cx_fresh(world);

	cx_log_in(cx, MAI);
	return cx;
}

struct cx *officer(struct world *world)
{
	struct cx *cx = cx_fresh(world);

	cx->actor.kind = ACTOR_OPERATOR;
	return cx;
}

int64_t count(struct world *world, const char *where)
{
	char sql[200];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", where);
	return db_number(world->db, sql);
}

int64_t request_begin(struct world *world, struct cx *cx)
{
	int64_t id;

	(void)world;
	assert_ok(draft_create(cx, STR("usage"), &id));
	return id;
}

/* The answers that the account does not know. */
void request_fill(struct cx *cx, int64_t id)
{
	struct draft draft;

	assert_ok(draft_require(cx, id, &draft));
	answers_set(&draft.answers, STR("card_no"), STR("AB12345678CD"));
	draft_put(cx, &draft, &draft.answers);
}

err apply(struct cx *cx, int64_t id, struct receipt *out)
{
	struct issues issues = {0};
	struct draft draft;

	assert_ok(draft_require(cx, id, &draft));
	err result = application_submit(cx, id, draft.submission_token, &issues, out);

	for (size_t i = 0; i < issues.n && !failed(result); i++)
		if (!issues.v[i].warning)
			fail_msg("issue at " STR_FMT, STR_ARG(issues.v[i].path));
	return result;
}

struct receipt request(struct world *world, struct cx *cx, const struct basic4 *card)
{
	struct receipt receipt;
	int64_t id = request_begin(world, cx);

	request_fill(cx, id);
	if (card)
		card_read_for(world, cx, id, "card of mai", card);
	assert_ok(apply(cx, id, &receipt));
	receipt.reference = str_dup(&world->arena, receipt.reference);
	return receipt;
}

enum usage_state state_of(struct world *world, int64_t account, struct usage *usage)
{
	struct cx *cx = cx_fresh(world);
	struct usage own;

	cx_become(cx, account);
	assert_ok(usage_find(cx, usage ? usage : &own));
	return usage ? usage->state : own.state;
}
