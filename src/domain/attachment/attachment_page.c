#include "domain/attachment/attachment_page.h"

#include "base/limits.h"
#include "domain/attachment/attachment_row.h"
#include "domain/audit.h"
#include "store/query.h"

const struct attachment **attachment_pages(struct arena *arena, const struct attachments *list, struct str document, size_t *count)
{
	const struct attachment **pages = arena_array(arena, const struct attachment *, list->page_count);
	size_t n = 0;

	for (size_t i = 0; i < list->page_count; i++)
		if (str_eq(list->pages[i].document, document))
			pages[n++] = &list->pages[i];
	*count = n;
	return pages;
}

struct move_call {
	int64_t draft_id, id;
	int by;
};

static err move_in_tx(struct cx *cx, void *arg)
{
	const struct move_call *call = arg;
	int64_t account_id = cx->actor.account_id;
	struct attachments list;
	size_t count, at = 0;

	TRY(attachment_touch(cx, account_id, call->draft_id));
	TRY(attachment_rows(cx, account_id, call->draft_id, 0, &list));
	const struct attachment *page = attachment_at(&list, call->id);

	if (!page || page->page == 0)
		return fail(ERR_NOT_FOUND, "no such page");
	const struct attachment **pages = attachment_pages(cx->arena, &list, page->document, &count);

	while (pages[at] != page)
		at++;
	if (call->by < 0 ? at == 0 : at + 1 == count)
		return ok();
	const struct attachment *other = pages[call->by < 0 ? at - 1 : at + 1];

	TRY(q_attachment_page(cx_tx(cx), account_id, page->id, other->page, NULL));
	return q_attachment_page(cx_tx(cx), account_id, other->id, page->page, NULL);
}

err attachment_page_move(struct cx *cx, int64_t draft_id, int64_t id, int by)
{
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	return cx_write(cx, move_in_tx, &(struct move_call){draft_id, id, by});
}

struct end_call {
	int64_t draft_id;
	const int64_t *ids;
	size_t count;
};

static err end_in_tx(struct cx *cx, void *arg)
{
	const struct end_call *call = arg;
	struct attachments list;

	TRY(attachment_touch(cx, cx->actor.account_id, call->draft_id));
	TRY(attachment_rows(cx, cx->actor.account_id, call->draft_id, 0, &list));
	for (size_t i = 0; i < call->count; i++) {
		const struct attachment *page = attachment_at(&list, call->ids[i]);

		if (!page || page->page == 0) /* deleted meanwhile */
			continue;
		TRY(attachment_drop_blobs(cx, page));
		TRY(q_attachment_delete(cx_tx(cx), page->account_id, page->draft_id, page->id, NULL));
	}
	return ok();
}

err attachment_pages_end(struct cx *cx, int64_t draft_id, const int64_t *ids, size_t count)
{
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	return cx_write(cx, end_in_tx, &(struct end_call){draft_id, ids, count});
}

/* ---- the facial photo ---- */

static int64_t between(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

struct attachment_cut attachment_cut_fit(struct attachment_cut cut, int64_t width, int64_t height)
{
	/* The rectangle is 3n × 4n. */
	int64_t most = width / 3 < height / 4 ? width / 3 : height / 4;
	int64_t least = (LIMIT_PHOTO_LEAST_WIDTH + 2) / 3 < most ? (LIMIT_PHOTO_LEAST_WIDTH + 2) / 3 : most;
	int64_t n = between(cut.width / 3, least, most);

	return (struct attachment_cut){
		.x = between(cut.x, 0, width - 3 * n),
		.y = between(cut.y, 0, height - 4 * n),
		.width = 3 * n,
		.height = 4 * n,
	};
}

struct cut_call {
	int64_t draft_id, id;
	struct attachment_cut cut;
	struct attachment cutting;
};

static err cut_in_tx(struct cx *cx, void *arg)
{
	struct cut_call *call = arg;
	int64_t account_id = cx->actor.account_id, changed = 0;
	struct attachments list;

	TRY(attachment_touch(cx, account_id, call->draft_id));
	TRY(attachment_rows(cx, account_id, call->draft_id, 0, &list));
	const struct attachment *photo = attachment_at(&list, call->id);

	if (!photo || !photo->photo)
		return fail(ERR_NOT_FOUND, "no such photo");
	if (photo->whole.blob.n == 0)
		return fail(ERR_CONFLICT, "nothing to cut the photo from");
	struct attachment_cut cut = attachment_cut_fit(call->cut, photo->whole.width, photo->whole.height);

	TRY(q_attachment_recheck(cx_tx(cx), account_id, photo->id, cx->now, cx->now + ATTACHMENT_CHECK_MS, &changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "the photo is being made");
	TRY(q_beside_cut(cx_tx(cx),
		&(struct q_beside_cut_in){
			.account_id = account_id,
			.attachment_id = photo->id,
			.cut_x = cut.x,
			.cut_y = cut.y,
			.cut_width = cut.width,
			.cut_height = cut.height,
		},
		NULL));
	call->cutting = *photo;
	call->cutting.state = ATTACHMENT_CHECKING;
	call->cutting.whole.cut = cut;
	return audit_add(cx, STR("photo_cut"), account_id, STR("attachment"), photo->id, STR(""));
}

err attachment_cut(struct cx *cx, int64_t draft_id, int64_t id, struct attachment_cut cut, struct attachment *out)
{
	struct cut_call call = {.draft_id = draft_id, .id = id, .cut = cut};

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	TRY(cx_write(cx, cut_in_tx, &call));
	*out = call.cutting;
	return ok();
}
