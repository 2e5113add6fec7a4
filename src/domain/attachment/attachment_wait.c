#include "domain/attachment/attachment_wait.h"

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
