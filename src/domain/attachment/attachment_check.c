#include "domain/attachment/attachment_row.h"

#include "domain/audit.h"
#include "store/query.h"

/* What the check has said; and what becomes of a draft's files when it is submitted or deleted. */

err attachment_refuse(struct cx *cx, const struct attachment *attachment, const struct attachment_verdict *verdict)
{
	int64_t changed = 0;
	TRY(q_attachment_problem(cx_tx(cx),
		&(struct q_attachment_problem_in){
			.account_id = attachment->account_id,
			.id = attachment->id,
			.reason = verdict->reason,
			.detail = verdict->detail,
			.pages = verdict->pages,
			.width = verdict->width,
			.height = verdict->height,
			.at = cx->now,
		},
		&changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "somebody else has checked it");
	return audit_add(cx, STR("attachment_refused"), attachment->account_id, STR("attachment"), attachment->id, verdict->reason);
}

/* What a person has sent last counts, in whatever order the checks end. */
static bool sent_later(const struct attachment *photo, const struct attachment *other)
{
	return photo->begun != other->begun ? photo->begun > other->begun : photo->id > other->id;
}

static err photos_give_way(struct cx *cx, const struct attachment *attachment)
{
	struct attachments list;
	TRY(attachment_rows(cx, attachment->account_id, attachment->draft_id, 0, &list));
	for (size_t i = 0; i < list.n; i++) {
		const struct attachment *other = &list.v[i];
		if (!other->photo || other->id == attachment->id || sent_later(other, attachment))
			continue;
		TRY(attachment_drop_blobs(cx, other));
		TRY(q_attachment_delete(cx_tx(cx), other->account_id, other->draft_id, other->id, NULL));
	}
	return ok();
}

static err beside_set(struct cx *cx, const struct attachment *attachment, int64_t kind, const struct attachment_beside *beside)
{
	if (beside->blob.n == 0)
		return ok();
	TRY(q_beside_set(cx_tx(cx),
		&(struct q_beside_set_in){
			.account_id = attachment->account_id,
			.attachment_id = attachment->id,
			.kind = kind,
			.kept = beside->blob,
			.size = beside->size,
			.digest = beside->digest,
			.width = beside->width,
			.height = beside->height,
			.cut_x = beside->cut.x,
			.cut_y = beside->cut.y,
			.cut_width = beside->cut.width,
			.cut_height = beside->cut.height,
			.advice = beside->advice,
		},
		NULL));
	return attachment_named(cx, beside->blob);
}

static err take_clean(struct cx *cx, const struct attachment *attachment, const struct attachment_verdict *verdict)
{
	int64_t changed = 0;
	/* A photo that is cut anew had others before. */
	TRY(attachment_drop_blobs(cx, attachment));
	TRY(q_attachment_ok(cx_tx(cx),
		&(struct q_attachment_ok_in){
			.account_id = attachment->account_id,
			.id = attachment->id,
			.kept = verdict->blob,
			.kept_size = verdict->kept_size,
			.kept_digest = verdict->kept_digest,
			.pages = verdict->pages,
			.width = verdict->width,
			.height = verdict->height,
			.active = verdict->active,
			.at = cx->now,
		},
		&changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "somebody else has checked it");
	if (attachment->photo)
		TRY(photos_give_way(cx, attachment));
	TRY(attachment_named(cx, verdict->blob));
	TRY(beside_set(cx, attachment, BESIDE_THUMBNAIL, &verdict->thumbnail));
	TRY(beside_set(cx, attachment, BESIDE_WHOLE, &verdict->whole));
	return audit_add(cx, STR("attachment_added"), attachment->account_id, STR("attachment"), attachment->id, attachment->digest);
}

struct verdict_call {
	const struct attachment *attachment;
	const struct attachment_verdict *verdict;
};

static err verdict_in_tx(struct cx *cx, void *arg)
{
	const struct verdict_call *call = arg;
	TRY(attachment_touch(cx, call->attachment->account_id, call->attachment->draft_id));
	return call->verdict->reason.n > 0 ? attachment_refuse(cx, call->attachment, call->verdict)
					   : take_clean(cx, call->attachment, call->verdict);
}

err attachment_verdict(struct cx *cx, const struct attachment *attachment, const struct attachment_verdict *verdict)
{
	return cx_write(cx, verdict_in_tx, &(struct verdict_call){attachment, verdict});
}

struct wait_call {
	const struct attachment *attachment;
	struct str reason;
	int64_t again_at;
};

static err wait_in_tx(struct cx *cx, void *arg)
{
	const struct wait_call *call = arg;
	return q_attachment_wait(cx_tx(cx), call->attachment->account_id, call->attachment->id, call->reason, call->again_at, NULL);
}

err attachment_wait(struct cx *cx, const struct attachment *attachment, struct str reason, int64_t again_at)
{
	return cx_write(cx, wait_in_tx, &(struct wait_call){attachment, reason, again_at});
}
