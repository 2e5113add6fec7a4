#include "domain/attachment/attachment_keep.h"

#include "domain/attachment/attachment_row.h"
#include "store/query.h"

size_t attachment_notes(struct arena *arena, const struct attachments *files, struct str event, struct audit_note *out)
{
	size_t count = 0;
	for (size_t i = 0; i < files->n; i++) {
		const struct attachment *attachment = &files->v[i];
		if (attachment->state != ATTACHMENT_OK)
			continue;
		out[count++] = (struct audit_note){event, STR("attachment"), attachment->id,
			str_fmt(arena, STR_FMT " " STR_FMT, STR_ARG(attachment->document), STR_ARG(attachment->kept_digest))};
	}
	return count;
}

err attachment_keep(struct cx *cx, const struct attachments *files, const struct draft *draft, int64_t application_id, struct attachment_gone *gone)
{
	int64_t kept = 0;
	bool whole = false;
	*gone = (struct attachment_gone){0};
	for (size_t i = 0; i < files->n; i++) {
		const struct attachment *attachment = &files->v[i];
		kept += attachment->state == ATTACHMENT_OK || attachment->state == ATTACHMENT_NOT_NEEDED;
		whole |= attachment->whole.blob.n > 0;
	}
	if (whole) {
		TRY(q_beside_whole_drop(cx_tx(cx), draft->account_id, draft->id, cx->now, NULL));
		TRY(q_beside_whole_delete(cx_tx(cx), draft->account_id, draft->id, NULL));
	}
	if (kept > 0) {
		TRY(q_attachment_keep(cx_tx(cx), draft->account_id, draft->id, application_id, NULL));
		TRY(tx_expect(cx_tx(cx), kept)); /* the files that were checked */
	}
	if ((size_t)kept == files->n + files->page_count)
		return ok();
	return attachment_drop(cx, draft->account_id, draft->id, gone);
}

err attachment_drop(struct cx *cx, int64_t account_id, int64_t draft_id, struct attachment_gone *gone)
{
	struct q_attachment_drop_row *rows;
	size_t count;
	TRY(q_attachment_drop_draft(cx_tx(cx), account_id, draft_id, cx->now, NULL));
	TRY(q_beside_drop_draft(cx_tx(cx), account_id, draft_id, cx->now, NULL));
	TRY(q_attachment_drop(cx_tx(cx), account_id, draft_id, &rows, &count));
	*gone = (struct attachment_gone){.account_id = account_id, .ids = arena_array(cx->arena, int64_t, count)};
	for (size_t i = 0; i < count; i++)
		if (attachment_in_spool((enum attachment_state)rows[i].state))
			gone->ids[gone->n++] = rows[i].id;
	return ok();
}
