#include "domain/attachment/attachment_wait.h"

#include "domain/attachment/attachment_row.h"
#include "domain/audit.h"
#include "store/query.h"

int64_t attachment_tries(const struct attachment *attachment, struct str reason)
{
	return attachment->state == ATTACHMENT_CHECKING && str_eq(attachment->reason, reason) ? attachment->detail : 0;
}

static err tried_in_tx(struct cx *cx, void *arg)
{
	const struct attachment *attachment = arg;
	return q_attachment_tried(cx_tx(cx), attachment->account_id, attachment->id, NULL);
}

err attachment_tried(struct cx *cx, const struct attachment *attachment)
{
	struct attachment tried = *attachment;
	return cx_write(cx, tried_in_tx, &tried);
}

struct hold_call {
	const struct attachment *attachment;
	int64_t until_at;
};

static err hold_in_tx(struct cx *cx, void *arg)
{
	const struct hold_call *call = arg;
	int64_t changed = 0;
	TRY(q_attachment_hold(cx_tx(cx), call->attachment->account_id, call->attachment->id, call->until_at, &changed));
	return changed > 0 ? ok() : fail(ERR_CONFLICT, "somebody else has checked it");
}

err attachment_hold(struct cx *cx, const struct attachment *attachment, int64_t until_at)
{
	return cx_write(cx, hold_in_tx, &(struct hold_call){attachment, until_at});
}

static err cut_back_in_tx(struct cx *cx, void *arg)
{
	const struct attachment *attachment = arg;
	int64_t changed = 0;
	TRY(attachment_touch(cx, attachment->account_id, attachment->draft_id));
	TRY(q_attachment_cut_back(cx_tx(cx), attachment->account_id, attachment->id, STR(ATTACHMENT_UNCUT), cx->now, &changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "the photo is not being cut");
	TRY(q_beside_cut_back(cx_tx(cx), attachment->account_id, attachment->id, NULL));
	return audit_add(cx, STR("photo_uncut"), attachment->account_id, STR("attachment"), attachment->id, STR(""));
}

err attachment_cut_back(struct cx *cx, const struct attachment *attachment)
{
	struct attachment cut = *attachment;
	return cx_write(cx, cut_back_in_tx, &cut);
}

err attachment_waiting(struct cx *cx, struct attachment_waiting **out, size_t *count)
{
	struct q_attachment_waiting_row *rows;
	size_t n;
	TRY(q_attachment_waiting(cx_tx(cx), cx->now - ATTACHMENT_CHECK_MS, &rows, &n));
	struct attachment_waiting *list = arena_array(cx->arena, struct attachment_waiting, n);
	for (size_t i = 0; i < n; i++)
		list[i] = (struct attachment_waiting){
			.reason = rows[i].reason,
			.files = rows[i].files,
			.since = rows[i].since,
			.tries = rows[i].tries,
			.next_at = rows[i].next_at,
		};
	*out = list;
	*count = n;
	return ok();
}
