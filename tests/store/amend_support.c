#include "amend_support.h"

const char *const open_items[3] = {"photo", "document:passport_copy", "field:phone"};

struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);
	cx_become(cx, account);
	return cx;
}

struct cx *officer(struct world *world)
{
	struct cx *cx = cx_fresh(world);
	cx->actor.kind = ACTOR_OPERATOR;
	return cx;
}

struct sent submitted(struct world *world)
{
	struct sent sent = {.account = account_add(world, "a@example.jp", NULL)};
	struct issues issues;
	struct receipt receipt;
	struct draft draft;
	draft_fill(world, as(world, sent.account), &draft);
	struct str token = str_dup(&world->arena, draft.submission_token);
	file_add(as(world, sent.account), draft.id, "passport_copy", "passport");
	assert_ok(application_submit(as(world, sent.account), draft.id, token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	sent.reference = str_dup(&world->arena, receipt.reference);
	sent.application = receipt.application_id;
	mail_take(world, MAIL_APPLICATION_RECEIVED);
	mail_take(world, MAIL_APPLICATION_RECEIVED);
	return sent;
}

err send_back(struct world *world, const struct sent *sent, const char *const *items, size_t count, const char *note)
{
	struct str v[8];
	for (size_t i = 0; i < count; i++)
		v[i] = str_of(items[i]);
	return amend_return(officer(world), sent->reference, &(struct amend_items){v, count}, str_of(note));
}

enum status status_now(struct world *world, const struct sent *sent)
{
	struct application application;
	assert_ok(application_require(as(world, sent->account), sent->reference, RIGHT_VIEW, &application));
	return application.receipt.status;
}

int64_t begun(struct world *world, const struct sent *sent, struct str *token)
{
	struct draft draft;
	int64_t id = 0;
	assert_ok(amend_begin(as(world, sent->account), sent->reference, &id));
	assert_ok(draft_require(as(world, sent->account), id, &draft));
	*token = str_dup(&world->arena, draft.submission_token);
	return id;
}

err pressed(struct cx *cx, int64_t draft_id, struct str token, struct receipt *out)
{
	struct issues issues = {0};
	err e = application_submit(cx, draft_id, token, &issues, out);
	if (!failed(e))
		assert_int_equal(issues.refusals, 0);
	return e;
}
