#include "domain/identity/tax.h"

#include "crypto/seal.h"
#include "domain/application/draft.h"
#include "domain/audit.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

/* Where tax information stands, and how it comes there. Its neutral form is tax_form.c. */

static struct str purpose(struct cx *cx, const char *what, int64_t id)
{
	return str_fmt(cx->arena, "tax %s %lld", what, (long long)id);
}

static err info_of(struct cx *cx, const struct q_tax_info_find_row *row, struct tax_info *out)
{
	struct tax_info info = {0};
	struct str text;

	if (row->info.n > 0) {
		TRY(sealed_open(cx, purpose(cx, "info", row->id), row->info, &text));
		TRY(tax_read(cx->arena, text, &info));
	}
	if (row->state < 0 || row->state >= TAX_STATE_COUNT || (row->answer.n > 0 && !tax_answer_of(row->answer, &info.answer)))
		return fail(ERR_INTERNAL, "tax information of an unknown state");
	info.id = row->id;
	info.state = (enum tax_state)row->state;
	info.fetched_at = row->fetched_at;
	/* Also while no worker is there to say so. */
	if (info.state == TAX_FETCHING && row->until_at <= cx->now) {
		info.state = TAX_ANSWERED;
		info.answer = TAX_UNAVAILABLE;
	}
	*out = info;
	return ok();
}

err tax_of_draft(struct cx *cx, int64_t draft_id, struct tax_info *out)
{
	struct q_tax_info_find_row row;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return (err){ERR_NOT_FOUND};
	TRY(q_tax_info_find(cx_tx(cx), cx->actor.account_id, draft_id, &row));
	if (row.begun_at + TAX_DRAFT_MS <= cx->now)
		return (err){ERR_NOT_FOUND};
	return info_of(cx, &row, out);
}

err tax_is_attached(struct cx *cx, const struct draft *draft, bool *out)
{
	struct q_tax_info_find_row row;

	*out = false;
	if (!draft->procedure->tax_information)
		return ok();
	err e = q_tax_info_find(cx_tx(cx), draft->account_id, draft->id, &row);

	if (e.code == ERR_NOT_FOUND)
		return ok();
	TRY(e);
	*out = row.state == TAX_ATTACHED && row.begun_at + TAX_DRAFT_MS > cx->now;
	return ok();
}

err tax_of_application(struct cx *cx, int64_t account_id, int64_t application_id, struct tax_info *out)
{
	struct q_tax_info_find_row row;

	TRY(q_tax_info_find_application(cx_tx(cx), account_id, application_id, &row));
	return info_of(cx, &row, out);
}

struct put_call {
	int64_t draft_id, id;
	enum tax_state state;
	enum tax_answer answer;
	struct str work;
};

static err put_in_tx(struct cx *cx, void *arg)
{
	const struct put_call *call = arg;
	bool fetching = call->state == TAX_FETCHING;
	int64_t changed = 0;

	TRY(q_tax_info_put(cx_tx(cx),
		&(struct q_tax_info_put_in){
			.id = call->id,
			.account_id = cx->actor.account_id,
			.draft_id = call->draft_id,
			.state = call->state,
			.answer = fetching ? STR("") : tax_answer_names[call->answer],
			.work = fetching ? seal(cx->arena, cx->portal->key, purpose(cx, "work", call->id), call->work) : (struct str){0},
			.now = cx->now,
			.poll_at = cx->now,
			.until_at = cx->now + TAX_WAIT_MS,
			.fetched_at = fetching ? 0 : cx->now,
		},
		&changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "tax information is attached already");
	return audit_add(cx, STR("tax_asked"), cx->actor.account_id, STR("draft"), call->draft_id,
		fetching ? STR("consent") : tax_answer_names[call->answer]);
}

static err put(struct cx *cx, struct put_call *call)
{
	struct draft draft;

	TRY(draft_require(cx, call->draft_id, &draft));
	if (!draft.procedure->tax_information)
		return fail(ERR_CONFLICT, "a procedure that wants no tax information");
	call->id = id_new(cx->now);
	return cx_write(cx, put_in_tx, call);
}

err tax_begin(struct cx *cx, int64_t draft_id, struct str work)
{
	return put(cx, &(struct put_call){.draft_id = draft_id, .state = TAX_FETCHING, .work = work});
}

err tax_failed(struct cx *cx, int64_t draft_id, enum tax_answer answer)
{
	return put(cx, &(struct put_call){.draft_id = draft_id, .state = TAX_ANSWERED, .answer = answer});
}

static err claim_in_tx(struct cx *cx, void *arg)
{
	const struct tax_due *due = arg;
	int64_t changed = 0;

	TRY(q_tax_info_claim(cx_tx(cx), due->id, due->lease, cx->now + TAX_ASK_MS, &changed));
	return changed == 0 ? fail(ERR_NOT_FOUND, "another worker was faster") : ok();
}

err tax_claim(struct cx *cx, struct tax_due *out)
{
	struct q_tax_info_due_row row;

	TRY(q_tax_info_due(cx_tx(cx), cx->now, &row));
	struct tax_due due = {
		.id = row.id,
		.account_id = row.account_id,
		.draft_id = row.draft_id,
		.until_at = row.until_at,
		.lease = row.poll_at,
	};

	cx_end(cx);
	TRY(cx_write(cx, claim_in_tx, &due));
	due.lease = cx->now + TAX_ASK_MS;
	err opened = sealed_open(cx, purpose(cx, "work", row.id), row.work, &due.work);

	if (opened.code == ERR_SHUT) {
		TRY(tax_answered(cx, &due, TAX_UNAVAILABLE, NULL));
		return fail(ERR_SHUT, "what was kept to ask for tax information does not open");
	}
	TRY(opened);
	*out = due;
	return ok();
}

static err later_in_tx(struct cx *cx, void *arg)
{
	const struct tax_due *due = arg;

	return q_tax_info_claim(cx_tx(cx), due->id, due->lease, cx->now + TAX_EVERY_MS, NULL);
}

err tax_later(struct cx *cx, const struct tax_due *due)
{
	struct tax_due copy = *due;

	return cx_write(cx, later_in_tx, &copy);
}

struct answered_call {
	const struct tax_due *due;
	enum tax_answer answer;
	struct str info;
};

static err answered_in_tx(struct cx *cx, void *arg)
{
	const struct answered_call *call = arg;
	int64_t changed = 0;

	TRY(q_tax_info_answer(
		cx_tx(cx), call->due->id, tax_answer_names[call->answer], (struct str){0}, call->info, cx->now, &changed));
	if (changed == 0)
		return ok();
	return audit_add(cx, STR("tax_answered"), call->due->account_id, STR("draft"), call->due->draft_id, tax_answer_names[call->answer]);
}

err tax_answered(struct cx *cx, const struct tax_due *due, enum tax_answer answer, const struct tax_info *info)
{
	struct answered_call call = {.due = due, .answer = answer};

	if (answer == TAX_OK) {
		TRY(tax_check(info));
		call.info = seal(cx->arena, cx->portal->key, purpose(cx, "info", due->id), tax_write(cx->arena, info));
	}
	return cx_write(cx, answered_in_tx, &call);
}

struct decide_call {
	int64_t draft_id, id;
};

static err attach_in_tx(struct cx *cx, void *arg)
{
	const struct decide_call *call = arg;
	int64_t changed = 0;

	TRY(q_tax_info_attach(cx_tx(cx), cx->actor.account_id, call->draft_id, call->id, &changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "this tax information cannot be attached");
	return audit_add(cx, STR("tax_attached"), cx->actor.account_id, STR("draft"), call->draft_id, STR(""));
}

err tax_attach(struct cx *cx, int64_t draft_id, int64_t id)
{
	struct draft draft;

	TRY(draft_require(cx, draft_id, &draft));
	return cx_write(cx, attach_in_tx, &(struct decide_call){draft_id, id});
}

static err remove_in_tx(struct cx *cx, void *arg)
{
	const struct decide_call *call = arg;
	int64_t changed = 0;

	TRY(q_tax_info_drop(cx_tx(cx), cx->actor.account_id, call->draft_id, &changed));
	if (changed == 0)
		return ok();
	return audit_add(cx, STR("tax_removed"), cx->actor.account_id, STR("draft"), call->draft_id, STR(""));
}

err tax_remove(struct cx *cx, int64_t draft_id)
{
	struct draft draft;

	TRY(draft_require(cx, draft_id, &draft));
	return cx_write(cx, remove_in_tx, &(struct decide_call){.draft_id = draft_id});
}

err tax_keep(struct cx *cx, int64_t account_id, int64_t draft_id, int64_t application_id)
{
	TRY(q_tax_info_keep(cx_tx(cx), account_id, draft_id, application_id, NULL));
	return tax_drop(cx, account_id, draft_id);
}

err tax_drop(struct cx *cx, int64_t account_id, int64_t draft_id)
{
	return q_tax_info_drop(cx_tx(cx), account_id, draft_id, NULL);
}

err tax_purge(struct cx *cx)
{
	return q_tax_info_purge(cx_tx(cx), cx->now - TAX_DRAFT_MS, NULL);
}
