#include "domain/attachment/attachment_job.h"

#include "base/limits.h"
#include "domain/attachment/attachment_keep.h"
#include "domain/attachment/attachment_row.h"
#include "domain/audit.h"
#include "store/query.h"

/* What happens to files without a person waiting. */

static err end_upload(struct cx *cx, const struct q_attachment_due_row *row)
{
	TRY(attachment_touch(cx, row->account_id, row->draft_id));
	TRY(q_attachment_delete(cx_tx(cx), row->account_id, row->draft_id, row->id, NULL));
	return audit_add(cx, STR("upload_expired"), row->account_id, STR("attachment"), row->id, STR(""));
}

static err due_in_tx(struct cx *cx, void *arg)
{
	struct attachment *out = arg;
	struct q_attachment_due_row row;
	struct attachments list;
	int64_t changed = 0;
	TRY(q_attachment_due(cx_tx(cx), cx->now, &row));
	TRY(q_attachment_claim(cx_tx(cx), row.account_id, row.id, row.until_at, cx->now + ATTACHMENT_CHECK_MS, &changed));
	if (changed == 0)
		return cx_again(cx, "taken by another worker");
	if (row.state == ATTACHMENT_UPLOADING) {
		err e = end_upload(cx, &row);
		if (e.code != ERR_NOT_FOUND) /* a draft that is gone takes it along */
			TRY(e);
		*out = (struct attachment){.id = row.id, .account_id = row.account_id, .draft_id = row.draft_id};
		return ok();
	}
	TRY(attachment_rows(cx, row.account_id, row.draft_id, 0, &list));
	const struct attachment *found = attachment_at(&list, row.id);
	if (!found)
		return fail(ERR_INTERNAL, "a file to check without its draft");
	*out = *found;
	return ok();
}

err attachment_due(struct cx *cx, struct attachment *out)
{
	struct q_attachment_due_row row;
	/* Reads first: mostly there is nothing, and then nobody need write. */
	TRY(q_attachment_due(cx_tx(cx), cx->now, &row));
	return cx_write(cx, due_in_tx, out);
}

struct owner {
	int64_t account_id, draft_id;
};

static err orphans_in_tx(struct cx *cx, void *arg)
{
	const struct owner *owner = arg;
	struct attachment_gone gone; /* the spool is swept for itself */
	TRY(attachment_drop(cx, owner->account_id, owner->draft_id, &gone));
	return audit_add(cx, STR("files_without_draft"), owner->account_id, STR("draft"), owner->draft_id, STR(""));
}

#define LOT 500

/* *at: the last one that was looked at. *more: it may not be the last of all. */
static err orphans_lot(struct cx *cx, struct owner *at, bool *more)
{
	struct q_attachment_drafts_after_row *rows;
	size_t count = 0;
	err e = q_attachment_drafts_after(cx_tx(cx), at->account_id, at->draft_id, LOT, &rows, &count);
	/* No snapshot is held while others are waited for. */
	cx_end(cx);
	TRY(e);
	for (size_t i = 0; i < count; i++) {
		*at = (struct owner){rows[i].account_id, rows[i].draft_id};
		/* A draft that is gone does not come back. */
		if (rows[i].there == 0)
			TRY(cx_write(cx, orphans_in_tx, at));
	}
	*more = count == LOT;
	return ok();
}

err attachment_orphans(struct cx *cx)
{
	AUTO_ARENA arena;
	struct cx lot = *cx;
	struct owner at = {0};
	bool more;
	/* A memory and a transaction of its own, which end with each lot. */
	arena_init(&arena, LIMIT_REQUEST_ARENA);
	lot.arena = &arena;
	cx_end(cx);
	lot.tx = NULL;
	do {
		TRY(orphans_lot(&lot, &at, &more));
		arena_reset(&arena);
	} while (more);
	return ok();
}

#define PIECE 20

static err dropped_in_tx(struct cx *cx, void *arg)
{
	struct str *out = arg;
	struct q_attachment_drop_list_row *rows;
	size_t count;
	TRY(q_attachment_drop_list(cx_tx(cx), cx->now - ATTACHMENT_DROP_MS, PIECE, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		int64_t changed = 0;
		/* Named again: the entry was for the row before. */
		TRY(q_attachment_drop_forget(cx_tx(cx), rows[i].kept, &changed));
		if (changed > 0)
			continue;
		TRY(q_attachment_drop_claim(cx_tx(cx), rows[i].kept, rows[i].account_id, &changed));
		if (changed == 0)
			continue;
		*out = rows[i].kept;
		return ok();
	}
	return fail(ERR_NOT_FOUND, "no blob to delete");
}

err attachment_dropped(struct cx *cx, struct str *out)
{
	struct q_attachment_drop_list_row *rows;
	size_t count;
	TRY(q_attachment_drop_list(cx_tx(cx), cx->now - ATTACHMENT_DROP_MS, 1, &rows, &count));
	if (count == 0)
		return fail(ERR_NOT_FOUND, "no blob to delete");
	return cx_write(cx, dropped_in_tx, out);
}

err attachment_blob_used(struct cx *cx, struct str blob, bool *out)
{
	struct q_attachment_kept_count_row row;
	struct q_beside_kept_count_row beside;
	TRY(q_attachment_kept_count(cx_tx(cx), blob, &row));
	TRY(q_beside_kept_count(cx_tx(cx), blob, &beside));
	*out = row.n > 0 || beside.n > 0;
	return ok();
}

err attachment_spool_used(struct cx *cx, int64_t account_id, int64_t id, bool *out)
{
	struct q_attachment_open_count_row row;
	TRY(q_attachment_open_count(cx_tx(cx), account_id, id, &row));
	*out = row.n > 0;
	return ok();
}

/* Less than 0: the picture's file comes before this one; 0: it is this one. */
static int beside_order(const struct q_beside_kept_after_row *beside, const struct attachment_blob *file)
{
	if (beside->account_id != file->account_id)
		return beside->account_id < file->account_id ? -1 : 1;
	return beside->attachment_id < file->attachment_id ? -1 : beside->attachment_id > file->attachment_id;
}

err attachment_blobs_next(struct cx *cx, struct attachment_blobs *blobs)
{
	struct q_attachment_kept_after_row *files;
	struct q_beside_kept_after_row *besides;
	size_t n, beside_n;
	TRY(q_attachment_kept_after(cx_tx(cx), blobs->account_id, blobs->attachment_id, &files, &n));
	if (n == 0) {
		blobs->n = 0;
		return ok();
	}
	struct attachment_blobs next = {.account_id = files[n - 1].account_id, .attachment_id = files[n - 1].id};
	TRY(q_beside_kept_after(cx_tx(cx), blobs->account_id, blobs->attachment_id, next.account_id, next.attachment_id, &besides, &beside_n));
	next.v = arena_array(cx->arena, struct attachment_blob, n + beside_n);
	/* Both lists stand in the order of the files. A picture of a file that is not kept itself is none of these. */
	for (size_t i = 0, at = 0; i < n; i++) {
		const struct attachment_blob file = {
			.account_id = files[i].account_id,
			.attachment_id = files[i].id,
			.reference = files[i].reference,
			.blob = files[i].kept,
			.digest = files[i].kept_digest,
			.size = files[i].kept_size,
			.key = files[i].files_key,
		};
		next.v[next.n++] = file;
		while (at < beside_n && beside_order(&besides[at], &file) < 0)
			at++;
		for (; at < beside_n && beside_order(&besides[at], &file) == 0; at++) {
			struct attachment_blob *beside = &next.v[next.n++];
			*beside = file;
			beside->blob = besides[at].kept;
			beside->digest = besides[at].digest;
			beside->size = besides[at].size;
		}
	}
	*blobs = next;
	return ok();
}

err attachment_key_last(struct cx *cx, int64_t *account_id, struct str *wrapped)
{
	struct q_application_files_last_row application;
	struct q_draft_files_last_row draft;
	err e = q_application_files_last(cx_tx(cx), &application);
	if (e.code != ERR_NOT_FOUND) {
		TRY(e);
		*account_id = application.account_id;
		*wrapped = application.files_key;
		return ok();
	}
	TRY(q_draft_files_last(cx_tx(cx), &draft));
	*account_id = draft.account_id;
	*wrapped = draft.files_key;
	return ok();
}
