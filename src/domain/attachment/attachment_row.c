#include "domain/attachment/attachment_row.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "crypto/seal.h"
#include "domain/attachment/attachment_lost.h"
#include "domain/attachment/attachment_page.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "i18n/locale.h"
#include "store/query.h"

struct str attachment_owner(struct arena *arena, int64_t account_id)
{
	return str_fmt(arena, "files of account %lld", (long long)account_id);
}

/* ---- names ---- */

static struct str purpose(struct cx *cx, int64_t account_id, int64_t id)
{
	return str_fmt(cx->arena, "attachment %lld %lld", (long long)account_id, (long long)id);
}

struct str attachment_name_seal(struct cx *cx, int64_t account_id, int64_t id, struct str name)
{
	return seal(cx->arena, cx->portal->key, purpose(cx, account_id, id), name);
}

/* Behind the last sign that divides folders on some system: what is before is nobody's business. */
static struct str base_name(struct str given)
{
	for (size_t i = given.n; i > 0; i--)
		if (given.p[i - 1] == '/' || given.p[i - 1] == '\\')
			return str_skip(given, i);
	return given;
}

struct str attachment_name(struct arena *arena, struct str given)
{
	struct str rest = base_name(given);
	struct buf out;
	size_t count = 0;
	buf_init(&out, arena, LIMIT_FILE_NAME * 4);
	while (rest.n > 0 && count < LIMIT_FILE_NAME) {
		struct str before = rest;
		uint32_t point = utf8_next(&rest);
		if (point == UTF8_BAD || utf8_is_hidden(point) || (point == ' ' && out.n == 0))
			continue;
		buf_bytes(&out, before.p, before.n - rest.n);
		count++;
	}
	struct str name = str_trim(buf_view(&out));
	bool dots = true;
	for (size_t i = 0; i < name.n; i++)
		dots &= name.p[i] == '.';
	return dots ? STR("file") : name;
}

/* ---- rows ---- */

bool attachment_counts(enum attachment_state state)
{
	return state == ATTACHMENT_UPLOADING || state == ATTACHMENT_CHECKING || state == ATTACHMENT_OK;
}

bool attachment_in_spool(enum attachment_state state)
{
	return state == ATTACHMENT_UPLOADING || state == ATTACHMENT_CHECKING;
}

static err name_open(struct cx *cx, int64_t account_id, int64_t id, struct str sealed, struct str *out)
{
	err opened = sealed_open(cx, purpose(cx, account_id, id), sealed, out);

	if (opened.code == ERR_SHUT) { /* the file itself may still be read */
		*out = cx->locale->plain[MSG_attach_name_shut];
		return ok();
	}
	return opened;
}

static err row_read(struct cx *cx, int64_t account_id, int64_t draft_id, const struct q_attachment_list_row *row, struct attachment *out)
{
	if (row->state <= ATTACHMENT_MISSING || row->state >= ATTACHMENT_STATE_COUNT)
		return fail(ERR_INTERNAL, "attachment of an unknown state");
	*out = (struct attachment){
		.id = row->id,
		.account_id = account_id,
		.draft_id = draft_id,
		.application_id = row->application_id,
		.document = row->document,
		.photo = str_eq(row->document, STR(PHOTO_DOCUMENT)),
		.state = (enum attachment_state)row->state,
		.reason = row->reason,
		.detail = row->detail,
		.size = row->size,
		.arrived = row->arrived,
		.digest = row->digest,
		.blob = row->kept,
		.kept_size = row->kept_size,
		.kept_digest = row->kept_digest,
		.pages = row->pages,
		.width = row->width,
		.height = row->height,
		.active = row->active != 0,
		.resumable = row->resumable != 0,
		.created_at = row->created_at,
		.changed_at = row->changed_at,
		.until_at = row->until_at,
		.begun = row->begun,
		.page = row->page,
	};
	return name_open(cx, account_id, row->id, row->name, &out->name);
}

static void beside_read(const struct q_attachment_list_row *row, struct attachment *attachment)
{
	const struct attachment_beside beside = {
		.blob = row->beside_kept,
		.digest = row->beside_digest,
		.size = row->beside_size,
		.width = row->beside_width,
		.height = row->beside_height,
		.cut = {row->cut_x, row->cut_y, row->cut_width, row->cut_height},
		.advice = row->advice,
	};
	if (row->beside_kind == BESIDE_THUMBNAIL)
		attachment->thumbnail = beside;
	else if (row->beside_kind != BESIDE_NONE)
		attachment->whole = beside;
}

/* Pages out of the list of files, by their order. Few: an insertion is enough. */
static void divide(struct arena *arena, struct attachment *v, size_t n, struct attachments *out)
{
	out->v = arena_array(arena, struct attachment, n);
	out->pages = arena_array(arena, struct attachment, n);
	for (size_t i = 0; i < n; i++) {
		size_t at = out->page_count;
		if (v[i].page == 0) {
			out->v[out->n++] = v[i];
			continue;
		}
		for (; at > 0 && out->pages[at - 1].page > v[i].page; at--)
			out->pages[at] = out->pages[at - 1];
		out->pages[at] = v[i];
		out->page_count++;
	}
}

err attachment_rows(struct cx *cx, int64_t account_id, int64_t draft_id, int64_t application_id, struct attachments *out)
{
	struct q_attachment_list_row *rows;
	struct attachments list = {0};
	size_t count, n = 0;
	if (draft_id != 0)
		TRY(q_attachment_list(cx_tx(cx), account_id, draft_id, &rows, &count));
	else
		TRY(q_attachment_list_of(cx_tx(cx), account_id, application_id, &rows, &count));
	struct attachment *all = arena_array(cx->arena, struct attachment, count);
	for (size_t i = 0; i < count; i++) {
		if (n == 0 || all[n - 1].id != rows[i].id) {
			TRY(row_read(cx, account_id, draft_id, &rows[i], &all[n]));
			n++;
		}
		beside_read(&rows[i], &all[n - 1]);
	}
	divide(cx->arena, all, n, &list);
	for (size_t i = 0; i < list.n; i++) {
		if (!attachment_counts(list.v[i].state))
			continue;
		list.files++;
		list.bytes += list.v[i].size;
	}
	*out = list;
	return ok();
}

const struct attachment *attachment_at(const struct attachments *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].id == id)
			return &list->v[i];
	for (size_t i = 0; i < list->page_count; i++)
		if (list->pages[i].id == id)
			return &list->pages[i];
	return NULL;
}

err attachment_drop_blobs(struct cx *cx, const struct attachment *attachment)
{
	TRY(q_attachment_drop_one(cx_tx(cx), attachment->account_id, attachment->draft_id, attachment->id, cx->now, NULL));
	return q_beside_drop_one(cx_tx(cx), attachment->account_id, attachment->draft_id, attachment->id, cx->now, NULL);
}

err attachment_named(struct cx *cx, struct str blob)
{
	return blob.n > 0 ? q_attachment_drop_forget(cx_tx(cx), blob, NULL) : ok();
}

err attachment_list(struct cx *cx, int64_t draft_id, struct attachments *out)
{
	struct draft draft;
	TRY(draft_require(cx, draft_id, &draft));
	return attachment_list_in(cx, &draft, out);
}

err attachment_list_in(struct cx *cx, const struct draft *draft, struct attachments *out)
{
	struct attachments list = {0};
	/* A draft in which an application is modified begins with the application's; of another that nobody has touched there are none. */
	if (draft->files > 0 || draft->application_id != 0)
		TRY(attachment_rows(cx, draft->account_id, draft->id, 0, &list));
	list.key = draft->files_key;
	list.shut = !attachment_key_opens(cx, draft->account_id, list.key);
	*out = list;
	return ok();
}

err attachment_list_of(struct cx *cx, int64_t account_id, int64_t application_id, struct attachments *out)
{
	struct attachments list;
	struct q_application_files_key_row key;
	TRY(attachment_rows(cx, account_id, 0, application_id, &list));
	TRY(q_application_files_key(cx_tx(cx), account_id, application_id, &key));
	list.key = key.files_key;
	list.shut = !attachment_key_opens(cx, account_id, list.key);
	*out = list;
	return ok();
}

err attachment_require(struct cx *cx, int64_t draft_id, int64_t id, struct attachment *out)
{
	struct attachments list;
	TRY(attachment_list(cx, draft_id, &list));
	const struct attachment *found = attachment_at(&list, id);
	if (!found)
		return fail(ERR_NOT_FOUND, "no such attachment");
	*out = *found;
	return ok();
}

err attachment_touch(struct cx *cx, int64_t account_id, int64_t draft_id)
{
	int64_t changed = 0;
	TRY(q_draft_files_touch(cx_tx(cx), account_id, draft_id, cx->now, time_date(cx->now + cx->portal->settings.draft_keep_ms), &changed));
	return changed > 0 ? ok() : fail(ERR_NOT_FOUND, "the draft of an attachment is gone");
}

err attachment_earlier(struct cx *cx, struct attachment_earlier **out, size_t *count)
{
	struct q_attachment_earlier_row *rows;
	size_t n;
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	TRY(q_attachment_earlier(cx_tx(cx), cx->actor.account_id, ATTACHMENT_EARLIER, &rows, &n));
	struct attachment_earlier *list = arena_array(cx->arena, struct attachment_earlier, n);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (!attachment_key_opens(cx, cx->actor.account_id, rows[i].files_key))
			continue;
		list[kept] = (struct attachment_earlier){
			.attachment = {
				.id = rows[i].id,
				.account_id = cx->actor.account_id,
				.application_id = rows[i].application_id,
				.document = rows[i].document,
				.photo = str_eq(rows[i].document, STR(PHOTO_DOCUMENT)),
				.state = ATTACHMENT_OK,
				.size = rows[i].size,
				.arrived = rows[i].size,
				.digest = rows[i].digest,
				.blob = rows[i].kept,
				.kept_size = rows[i].kept_size,
				.kept_digest = rows[i].kept_digest,
				.pages = rows[i].pages,
				.width = rows[i].width,
				.height = rows[i].height,
				.changed_at = rows[i].changed_at,
			},
			.key = rows[i].files_key,
			.reference = rows[i].reference,
			.submitted_at = rows[i].submitted_at,
		};
		TRY(name_open(cx, cx->actor.account_id, rows[i].id, rows[i].name, &list[kept].attachment.name));
		kept++;
	}
	*out = list;
	*count = kept;
	return ok();
}
