#include "domain/attachment/attachment_lost.h"

#include "domain/attachment/attachment_row.h"
#include "domain/audit.h"
#include "domain/definition/procedure.h"
#include "domain/portal.h"
#include "store/query.h"

bool attachment_key_opens(const struct cx *cx, int64_t account_id, struct str wrapped)
{
	const struct portal *portal = cx->portal;
	return wrapped.n == 0 || !portal->files_key_opens || portal->files_key_opens(portal->files_key_arg, cx->arena, account_id, wrapped);
}

/* What cannot go along any more may be sent anew, whatever the office has opened. What the form does not ask for (any more) cannot. */
static err open_lost(struct cx *cx, const struct q_draft_find_row *draft, const struct attachment *file)
{
	const struct procedure *procedure = catalogue_find(cx->portal->catalogue, draft->procedure);
	struct str item = STR("photo");
	if (!procedure || (!file->photo && !procedure_document(procedure, file->document)))
		return ok();
	if (!file->photo)
		item = str_fmt(cx->arena, "document:" STR_FMT, STR_ARG(file->document));
	return q_application_open_add(cx_tx(cx), file->account_id, draft->application_id, item, NULL);
}

err attachment_lose(struct cx *cx, int64_t account_id, int64_t draft_id)
{
	struct q_draft_find_row draft;
	struct attachments list;
	int64_t changed = 0;
	TRY(q_draft_key_lost(cx_tx(cx), account_id, draft_id, (struct str){0}, NULL));
	TRY(q_draft_find(cx_tx(cx), account_id, draft_id, &draft));
	TRY(attachment_rows(cx, account_id, draft_id, 0, &list));
	for (size_t i = 0; i < list.n && draft.application_id != 0; i++)
		if (list.v[i].blob.n > 0)
			TRY(open_lost(cx, &draft, &list.v[i]));
	TRY(q_attachment_drop_draft(cx_tx(cx), account_id, draft_id, cx->now, NULL));
	TRY(q_beside_drop_draft(cx_tx(cx), account_id, draft_id, cx->now, NULL));
	TRY(q_beside_lose(cx_tx(cx), account_id, draft_id, NULL));
	TRY(q_attachment_lose(cx_tx(cx), account_id, draft_id, cx->now, &changed));
	return changed == 0 ? ok() : audit_add(cx, STR("attachments_lost"), account_id, STR("draft"), draft_id, str_fmt(cx->arena, "%lld", (long long)changed));
}

err attachment_lose_all(struct cx *cx)
{
	struct q_draft_keys_after_row *rows;
	int64_t account_id = 0, id = 0;
	size_t n;
	do {
		TRY(q_draft_keys_after(cx_tx(cx), account_id, id, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			account_id = rows[i].account_id;
			id = rows[i].id;
			if (!attachment_key_opens(cx, account_id, rows[i].files_key))
				TRY(attachment_lose(cx, account_id, id));
		}
	} while (n > 0);
	return ok();
}
