#include "domain/attachment/attachment_row.h"

#include "domain/attachment/attachment_page.h"
#include "domain/attachment/attachment_want.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/audit.h"
#include "store/query.h"

/* Uploads: from the first word about a file to all its bytes; and the end of what is not wanted any more. */

static struct form_scope scope_of(struct cx *cx, const struct draft *draft)
{
	return (struct form_scope){
		.procedure = draft->procedure,
		.answers = &draft->answers,
		.user_type = cx->actor.user_type,
		.today = time_date(cx->now),
	};
}

/* What a draft of the actor's has and wants, behind its row: nobody changes it until we commit. */
struct lying {
	struct draft draft;
	struct attachments list;
	struct attachment_wants wants;
};

static err lying_read(struct cx *cx, int64_t draft_id, struct lying *out)
{
	TRY(attachment_touch(cx, cx->actor.account_id, draft_id));
	TRY(draft_require(cx, draft_id, &out->draft));
	TRY(attachment_rows(cx, cx->actor.account_id, draft_id, 0, &out->list));
	struct form_scope scope = scope_of(cx, &out->draft);
	attachment_wants(cx->arena, &scope, &out->list, &out->wants);
	return ok();
}

static const struct attachment_want *want_find(const struct attachment_wants *wants, struct str document)
{
	for (size_t i = 0; i < wants->n; i++)
		if (wants->v[i].asked && str_eq(wants->v[i].id, document))
			return &wants->v[i];
	return NULL;
}

static err remove_row(struct cx *cx, const struct attachment *attachment)
{
	TRY(attachment_drop_blobs(cx, attachment));
	return q_attachment_delete(cx_tx(cx), attachment->account_id, attachment->draft_id, attachment->id, NULL);
}

/* Room for all of a draft's files and pages. */
static struct attachment_gone gone_none(struct cx *cx, const struct attachments *list)
{
	return (struct attachment_gone){.account_id = cx->actor.account_id, .ids = arena_array(cx->arena, int64_t, list->n + list->page_count)};
}

static err remove_noted(struct cx *cx, const struct attachment *attachment, struct attachment_gone *gone)
{
	if (attachment_in_spool(attachment->state))
		gone->ids[gone->n++] = attachment->id;
	return remove_row(cx, attachment);
}

/* A new file takes the place of what was wrong with the same document, and of a photo that is still coming. */
static bool gives_way(const struct attachment *old, bool photo)
{
	if (old->state == ATTACHMENT_PROBLEM)
		return true;
	return photo && old->state == ATTACHMENT_UPLOADING;
}

/* ---- begin ---- */

struct begin_call {
	const struct attachment_begin *begin;
	struct attachment_begun begun;
};

/* Pages have room of their own: what is made of them is what counts. One that was not good takes none, as with files. */
static enum attachment_refusal page_refusal(const struct lying *lying, const struct attachment_want *want, int64_t size, int64_t *detail)
{
	size_t of_document = 0, of_draft = 0;
	for (size_t i = 0; i < lying->list.page_count; i++) {
		const struct attachment *page = &lying->list.pages[i];
		if (!attachment_counts(page->state))
			continue;
		of_document += str_eq(page->document, want->id);
		of_draft++;
	}
	if (!want->document)
		return ATTACHMENT_NOT_ASKED;
	if (of_document >= LIMIT_PAGES_IN)
		return ATTACHMENT_PAGES_FULL;
	if (of_draft >= LIMIT_PAGES_DRAFT)
		return ATTACHMENT_DRAFT_PAGES_FULL;
	*detail = size - lying->wants.bytes_most;
	if (*detail > 0)
		return ATTACHMENT_BYTES_FULL;
	*detail = 0;
	return ATTACHMENT_TAKEN;
}

static enum attachment_refusal refusal_of(const struct lying *lying, const struct attachment_want *want, bool page, int64_t size, int64_t *detail)
{
	const struct attachment_wants *wants = &lying->wants;
	int64_t files = lying->list.files, bytes = lying->list.bytes;
	if (!want)
		return ATTACHMENT_NOT_ASKED;
	if (size <= 0)
		return ATTACHMENT_EMPTY;
	if (page)
		return page_refusal(lying, want, size, detail);
	/* What the new photo will replace does not count. */
	for (size_t i = 0; i < want->count && !want->document; i++) {
		files -= attachment_counts(want->files[i]->state);
		bytes -= attachment_counts(want->files[i]->state) ? want->files[i]->size : 0;
	}
	if (files >= wants->files_most)
		return ATTACHMENT_FILES_FULL;
	*detail = size - (wants->bytes_most - bytes);
	if (*detail > 0)
		return ATTACHMENT_BYTES_FULL;
	*detail = 0;
	return want->full ? ATTACHMENT_DOCUMENT_FULL : ATTACHMENT_TAKEN;
}

/* Whether so many bytes more are too many for the spool, of all drafts together; an upload that gives way does not count. */
static err spool_is_full(struct cx *cx, const struct attachment_want *want, const struct attachment_begin *begin, bool *out)
{
	struct q_attachment_spool_bytes_row row;
	TRY(q_attachment_spool_bytes(cx_tx(cx), cx->actor.account_id, &row));
	for (size_t i = 0; i < want->count && !begin->page; i++)
		if (attachment_in_spool(want->files[i]->state) && gives_way(want->files[i], !want->document))
			row.bytes -= want->files[i]->size;
	*out = begin->size > LIMIT_SPOOL_ACCOUNT - row.bytes;
	return ok();
}

static err begin_in_tx(struct cx *cx, void *arg)
{
	struct begin_call *call = arg;
	const struct attachment_begin *begin = call->begin;
	struct lying lying;
	bool full = false;
	TRY(q_account_pass(cx_tx(cx), cx->actor.account_id, NULL));
	TRY(lying_read(cx, begin->draft_id, &lying));
	const struct attachment_want *want = want_find(&lying.wants, begin->document);
	call->begun = (struct attachment_begun){.gone = gone_none(cx, &lying.list)};
	call->begun.refusal = refusal_of(&lying, want, begin->page, begin->size, &call->begun.detail);
	if (call->begun.refusal != ATTACHMENT_TAKEN)
		return ok();
	TRY(spool_is_full(cx, want, begin, &full));
	if (full) {
		call->begun.refusal = ATTACHMENT_ACCOUNT_FULL;
		return ok();
	}
	int64_t page = begin->page ? 1 : 0;
	for (size_t i = 0; i < lying.list.page_count && begin->page; i++) {
		const struct attachment *old = &lying.list.pages[i];
		if (!str_eq(old->document, want->id))
			continue;
		if (old->page >= page)
			page = old->page + 1;
		if (gives_way(old, false))
			TRY(remove_noted(cx, old, &call->begun.gone));
	}
	for (size_t i = 0; i < want->count && !begin->page; i++)
		if (gives_way(want->files[i], !want->document))
			TRY(remove_noted(cx, want->files[i], &call->begun.gone));
	int64_t id = id_new(cx->now);
	struct attachment attachment = {
		.id = id,
		.account_id = cx->actor.account_id,
		.draft_id = begin->draft_id,
		.document = want->id,
		.photo = !want->document,
		.state = ATTACHMENT_UPLOADING,
		.name = attachment_name(cx->arena, begin->name),
		.size = begin->size,
		.resumable = begin->resumable,
		.begun = lying.draft.files,
		.page = page,
		.created_at = cx->now,
		.changed_at = cx->now,
		.until_at = cx->now + (begin->resumable ? ATTACHMENT_UPLOAD_MS : ATTACHMENT_FORM_MS),
	};
	call->begun.attachment = attachment;
	return q_attachment_insert(cx_tx(cx),
		&(struct q_attachment_insert_in){
			.account_id = attachment.account_id,
			.id = id,
			.draft_id = attachment.draft_id,
			.document = attachment.document,
			.state = attachment.state,
			.name = attachment_name_seal(cx, attachment.account_id, id, attachment.name),
			.size = attachment.size,
			.resumable = attachment.resumable,
			.page = page,
			.begun = attachment.begun,
			.at = cx->now,
			.until_at = attachment.until_at,
		},
		NULL);
}

err attachment_begin(struct cx *cx, const struct attachment_begin *begin, struct attachment_begun *out)
{
	struct begin_call call = {.begin = begin};
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	TRY(cx_write(cx, begin_in_tx, &call));
	*out = call.begun;
	return ok();
}

struct key_call {
	const struct attachment *attachment;
	struct str fresh, key;
};

static err key_in_tx(struct cx *cx, void *arg)
{
	struct key_call *call = arg;
	const struct attachment *attachment = call->attachment;
	struct q_draft_find_row row;
	TRY(q_draft_files_key(cx_tx(cx), attachment->account_id, attachment->draft_id, call->fresh, NULL));
	TRY(q_draft_find(cx_tx(cx), attachment->account_id, attachment->draft_id, &row));
	call->key = row.files_key;
	return ok();
}

err attachment_key(struct cx *cx, const struct attachment *attachment, struct str fresh, struct str *out)
{
	struct key_call call = {.attachment = attachment, .fresh = fresh};
	TRY(cx_write(cx, key_in_tx, &call));
	*out = call.key;
	return ok();
}

/* ---- bytes ---- */

struct arrived_call {
	const struct attachment *attachment;
	int64_t size;
	struct str digest;
};

static err arrived_in_tx(struct cx *cx, void *arg)
{
	const struct arrived_call *call = arg;
	int64_t changed = 0;
	TRY(q_attachment_arrived(cx_tx(cx), call->attachment->account_id, call->attachment->id, call->size, cx->now, &changed));
	return changed > 0 ? ok() : fail(ERR_CONFLICT, "not uploading any more");
}

err attachment_arrived(struct cx *cx, const struct attachment *attachment, int64_t arrived)
{
	struct arrived_call call = {.attachment = attachment, .size = arrived};
	return cx_write(cx, arrived_in_tx, &call);
}

/* A file is compared with files, a page with the pages of its document. */
static const struct attachment *same_file(const struct attachments *list, const struct attachment *as)
{
	size_t n = as->page ? list->page_count : list->n;
	for (size_t i = 0; i < n; i++) {
		const struct attachment *other = as->page ? &list->pages[i] : &list->v[i];
		bool there = other->state == ATTACHMENT_OK || other->state == ATTACHMENT_CHECKING;
		if (as->page && !str_eq(other->document, as->document))
			continue;
		if (there && other->id != as->id && str_eq(other->digest, as->digest) && !(as->photo && other->photo))
			return other;
	}
	return NULL;
}

static err complete_in_tx(struct cx *cx, void *arg)
{
	const struct arrived_call *call = arg;
	struct attachment attachment = *call->attachment;
	struct attachments list;
	int64_t changed = 0;
	attachment.digest = call->digest;
	TRY(attachment_touch(cx, attachment.account_id, attachment.draft_id));
	TRY(q_attachment_complete(cx_tx(cx),
		&(struct q_attachment_complete_in){
			.account_id = attachment.account_id,
			.id = attachment.id,
			.size = call->size,
			.digest = call->digest,
			.at = cx->now,
			.until_at = cx->now + ATTACHMENT_CHECK_MS,
		},
		&changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "not uploading any more");
	TRY(attachment_rows(cx, attachment.account_id, attachment.draft_id, 0, &list));
	const struct attachment *same = same_file(&list, &attachment);
	if (call->size > 0 && !same)
		return ok();
	return attachment_refuse(cx, &attachment, &(struct attachment_verdict){
		.reason = same ? STR("same") : STR("empty"), .detail = same ? same->id : 0});
}

err attachment_complete(struct cx *cx, const struct attachment *attachment, int64_t size, struct str digest, struct attachment *out)
{
	struct arrived_call call = {.attachment = attachment, .size = size, .digest = digest};
	struct attachment now = *attachment;
	TRY(cx_write(cx, complete_in_tx, &call));
	TRY(attachment_now(cx, &now));
	*out = now;
	return ok();
}

err attachment_now(struct cx *cx, struct attachment *attachment)
{
	struct attachments list;
	TRY(attachment_rows(cx, attachment->account_id, attachment->draft_id, 0, &list));
	const struct attachment *now = attachment_at(&list, attachment->id);
	if (!now)
		return fail(ERR_CONFLICT, "the attachment is gone");
	*attachment = *now;
	return ok();
}

/* ---- away with it ---- */

struct delete_call {
	int64_t draft_id, id;
};

static err delete_in_tx(struct cx *cx, void *arg)
{
	const struct delete_call *call = arg;
	struct lying lying;
	TRY(lying_read(cx, call->draft_id, &lying));
	const struct attachment *attachment = attachment_at(&lying.list, call->id);
	if (!attachment)
		return fail(ERR_NOT_FOUND, "no such attachment");
	if (lying.draft.procedure->amends && !want_find(&lying.wants, attachment->document))
		return fail(ERR_DENIED, "this file is not to be modified");
	TRY(remove_row(cx, attachment));
	return audit_add(cx, STR("attachment_deleted"), cx->actor.account_id, STR("attachment"), call->id, attachment->digest);
}

err attachment_delete(struct cx *cx, int64_t draft_id, int64_t id)
{
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	return cx_write(cx, delete_in_tx, &(struct delete_call){draft_id, id});
}

struct skip_call {
	int64_t draft_id;
	bool skip;
	struct attachment_gone gone;
};

static err skip_in_tx(struct cx *cx, void *arg)
{
	struct skip_call *call = arg;
	struct lying lying;
	TRY(lying_read(cx, call->draft_id, &lying));
	const struct attachment_want *want = want_find(&lying.wants, STR(PHOTO_DOCUMENT));
	if (call->skip && (!want || !want->may_skip))
		return fail(ERR_DENIED, "a photo is needed");
	call->gone = gone_none(cx, &lying.list);
	for (size_t i = 0; i < lying.list.n; i++)
		if (lying.list.v[i].photo && (call->skip || lying.list.v[i].state == ATTACHMENT_NOT_NEEDED))
			TRY(remove_noted(cx, &lying.list.v[i], &call->gone));
	if (!call->skip)
		return ok();
	int64_t id = id_new(cx->now), account_id = cx->actor.account_id;
	TRY(q_attachment_insert(cx_tx(cx),
		&(struct q_attachment_insert_in){
			.account_id = account_id,
			.id = id,
			.draft_id = call->draft_id,
			.document = STR(PHOTO_DOCUMENT),
			.begun = lying.draft.files,
			.state = ATTACHMENT_NOT_NEEDED,
			.name = attachment_name_seal(cx, account_id, id, STR("")),
			.at = cx->now,
		},
		NULL));
	return audit_add(cx, STR("photo_not_needed"), account_id, STR("draft"), call->draft_id, STR(""));
}

err attachment_photo_skip(struct cx *cx, int64_t draft_id, bool skip, struct attachment_gone *gone)
{
	struct skip_call call = {.draft_id = draft_id, .skip = skip};
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	TRY(cx_write(cx, skip_in_tx, &call));
	*gone = call.gone;
	return ok();
}
