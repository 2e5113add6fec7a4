#include "base/vec.h"
#include "domain/attachment/attachment_page.h"
#include "domain/attachment/attachment_wait.h"
#include "files/files.h"
#include "web/card_step.h"
#include "web/files_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* The facial photo (manual 4.2.7): of any JPEG the middle is taken first; a person may take another part, and is told what to look at again. */

static const enum msg advice_msgs[PHOTO_ADVICE_COUNT] = {
	[PHOTO_DARK] = MSG_photo_advice_dark,
	[PHOTO_BRIGHT] = MSG_photo_advice_bright,
	[PHOTO_FLAT] = MSG_photo_advice_flat,
	[PHOTO_BLURRED] = MSG_photo_advice_blurred,
	[PHOTO_BACKGROUND] = MSG_photo_advice_background,
	[PHOTO_OFF_CENTRE] = MSG_photo_advice_off_centre,
	[PHOTO_HEAD_HIGH] = MSG_photo_advice_head_high,
	[PHOTO_HEAD_LOW] = MSG_photo_advice_head_low,
	[PHOTO_HEAD_SMALL] = MSG_photo_advice_head_small,
	[PHOTO_HEAD_LARGE] = MSG_photo_advice_head_large,
	[PHOTO_COARSE] = MSG_photo_advice_coarse,
};

static void advice_view(struct exchange *ex, int64_t advice, struct view_photo_show *view)
{
	VEC(struct view_photo_show_advice) rows = {0};

	for (size_t i = 0; i < PHOTO_ADVICE_COUNT; i++)
		if (advice & INT64_C(1) << i)
			vec_add(ex->cx.arena, &rows)->text = view_msg(ex, advice_msgs[i]);
	view->advice = rows.v;
	view->advice_count = rows.n;
}

static void cut_view(struct exchange *ex, const struct draft_files *files, const struct attachment *photo, struct view_photo_show *view)
{
	const struct attachment_beside *whole = &photo->whole;
	struct str draft = file_id_text(ex, files->draft.id), id = file_id_text(ex, photo->id);

	view->uncut = str_eq(photo->reason, STR(ATTACHMENT_UNCUT));
	view->picture = url_2(ex->cx.arena, ROUTE_file_picture, draft, id);
	view->wide = photo->thumbnail.width;
	view->high = photo->thumbnail.height;
	advice_view(ex, whole->advice, view);
	if (whole->blob.n == 0)
		return;
	view->can_cut = true;
	view->photo_id = id;
	view->whole = url_2(ex->cx.arena, ROUTE_photo_whole, draft, id);
	view->whole_width = whole->width;
	view->whole_height = whole->height;
	view->x = whole->cut.x;
	view->y = whole->cut.y;
	view->width = whole->cut.width;
	view->least = attachment_cut_fit((struct attachment_cut){0}, whole->width, whole->height).width;
}

err photo_page(struct exchange *ex, int status, const struct draft_files *files, const struct refusal *refusal)
{
	const struct attachment_wants *wants = &files->wants;
	const struct attachment_want *want = wants->photo_asked ? &wants->v[0] : NULL;
	struct files_earlier all;
	VEC(struct view_photo_show_files) rows = {0};
	struct view_photo_show view = {
		.id = file_id_text(ex, files->draft.id),
		.document = STR(PHOTO_DOCUMENT),
		.title = view_label(ex, &files->draft.procedure->title),
		.asked = want != NULL,
		.left = room_left(ex, wants),
		.skipped = want && want->state == ATTACHMENT_NOT_NEEDED,
		.can_skip = want && (want->may_skip || want->state == ATTACHMENT_NOT_NEEDED),
		.script = files_script_of(ex, files, true),
	};

	view.script.camera = false;
	for (size_t i = 0; want && i < want->count; i++) {
		const struct attachment *photo = want->files[i];

		if (photo->state != ATTACHMENT_NOT_NEEDED)
			file_view(ex, files, photo, &vec_add(ex->cx.arena, &rows)->file);
		if (photo->state == ATTACHMENT_OK)
			cut_view(ex, files, photo, &view);
	}
	view.files = rows.v;
	view.files_count = rows.n;
	if (want) {
		view.add = file_form_of(ex, files, want, false);
		TRY(attachment_earlier(&ex->cx, &all.v, &all.n));
		view.earlier = (int64_t)files_earlier_of(ex, files, &all, want->id).n;
	}
	files_errors_view(ex, files, refusal, STR(PHOTO_DOCUMENT), &view.errors);
	ex->refresh = files_are_checked(files);
	ex->back = url_id(ex->cx.arena, ROUTE_photo_show, files->draft.id);
	return PAGE(ex, status, MSG_attach_photo_title, photo_show, &view);
}

err page_photo_show(struct exchange *ex)
{
	struct draft_files files;

	TRY(draft_files_find(ex, &files));
	if (card_is_first(&files.draft))
		return card_lead(ex, &files.draft);
	return photo_page(ex, 200, &files, NULL);
}

err page_photo_skip(struct exchange *ex)
{
	struct str skip = exchange_field(ex, "skip");
	struct attachment_gone gone;
	struct draft draft;
	int64_t draft_id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	TRY(draft_require(&ex->cx, draft_id, &draft));
	if (!str_eq(skip, STR("yes")) && !str_eq(skip, STR("no")))
		return fail(ERR_INVALID, "neither yes nor no");
	TRY(attachment_photo_skip(&ex->cx, draft_id, str_eq(skip, STR("yes")), &gone));
	files_forget_all(ex->web->conf.files, &gone);
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_photo_show, draft_id));
}

/* A step of a button: an eighth of what is seen, or a tenth closer. */
static struct attachment_cut moved(struct attachment_cut cut, struct str move, const struct attachment_beside *whole)
{
	static const struct {
		struct str move;
		int x, y, closer;
	} moves[] = {
		{STR_INIT("up"), 0, -1, 0},
		{STR_INIT("down"), 0, 1, 0},
		{STR_INIT("left"), -1, 0, 0},
		{STR_INIT("right"), 1, 0, 0},
		{STR_INIT("closer"), 0, 0, 1},
		{STR_INIT("further"), 0, 0, -1},
	};

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		if (!str_eq(moves[i].move, move))
			continue;
		struct attachment_cut to = {.width = cut.width - moves[i].closer * cut.width / 10};

		to = attachment_cut_fit(to, whole->width, whole->height);

		/* The middle stays where it is. */
		cut.x += moves[i].x * cut.width / 8 + (cut.width - to.width) / 2;
		cut.y += moves[i].y * cut.height / 8 + (cut.height - to.height) / 2;
		cut.width = to.width;
		cut.height = to.height;
	}
	return cut;
}

/* What the sliders say; a page without script sends what it came with. */
static err cut_read(struct exchange *ex, struct attachment_cut *out)
{
	struct attachment_cut cut = {0};

	if (!str_to_i64(exchange_field(ex, "x"), &cut.x) || !str_to_i64(exchange_field(ex, "y"), &cut.y) ||
		!str_to_i64(exchange_field(ex, "width"), &cut.width) || cut.x < 0 || cut.y < 0 || cut.width < 0 ||
		cut.x > LIMIT_PHOTO_SOURCE || cut.y > LIMIT_PHOTO_SOURCE || cut.width > LIMIT_PHOTO_SOURCE)
		return fail(ERR_INVALID, "no part of a photo");
	cut.height = cut.width / 3 * 4;
	*out = cut;
	return ok();
}

err page_photo_cut(struct exchange *ex)
{
	struct attachment_cut cut;
	struct attachment photo, cutting, there;
	int64_t draft_id, id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	TRY(exchange_path_id(ex, 1, &id));
	TRY(cut_read(ex, &cut));
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are taken here");
	TRY(attachment_require(&ex->cx, draft_id, id, &photo));
	cut = moved(cut, exchange_field(ex, "move"), &photo.whole);
	err e = attachment_cut(&ex->cx, draft_id, id, cut, &cutting);

	/* Pressed twice: the page shows what became of the first. */
	if (!failed(e))
		e = files_check(ex->web->conf.files, &ex->cx, &cutting, &there);
	if (e.code != ERR_CONFLICT)
		TRY(e);
	return files_show_document(ex, draft_id, STR(PHOTO_DOCUMENT), false);
}
