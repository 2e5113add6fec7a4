#include "base/encode.h"
#include "base/limits.h"
#include "domain/application/application.h"
#include "files/files.h"
#include "web/page.h"
#include "web/web.h"

/*
 * A file back to the one who sent it. It was found clean and is verified once more before its first byte goes out; it is still somebody's file,
 * so it is saved and not shown: attachment, nosniff, and a policy under which nothing in it could run (src/web/headers.c).
 */

static err next(struct giver *giver, struct str *piece)
{
	return blob_next(giver->state, piece);
}

static void end(struct giver *giver)
{
	blob_close(giver->state);
}

/* RFC 6266: what every reader understands, and the name itself for those who can. */
static struct str disposition(struct arena *arena, const struct attachment *file)
{
	struct buf out;

	buf_init(&out, arena, LIMIT_FILE_NAME * 16);
	buf_fmt(&out, "attachment; filename=\"%s-%lld%s\"; filename*=UTF-8''", file->photo ? "photo" : file->page ? "page" : "document", (long long)file->id,
		file->photo || file->page ? ".jpg" : ".pdf");
	percent_write(&out, file->name);
	return buf_view(&out);
}

static err give_part(struct exchange *ex, const struct attachments *list, const struct attachment *file, enum files_part part, int64_t size)
{
	struct blob_reader *reader;

	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are given here");
	cx_end(&ex->cx); /* not while the disk works */
	err e = files_read(ex->web->conf.files, ex->cx.arena, file, part, list->key, &reader);

	/* It was kept, so it must be there and whole: what is not so is our fault, and is never given. */
	if (e.code == ERR_NOT_FOUND || e.code == ERR_INVALID)
		return fail(ERR_INTERNAL, "blob of attachment %lld: %s", (long long)file->id, err_name(e.code));
	TRY(e);
	response_give(ex->res, &(struct giver){.next = next, .end = end, .state = reader, .size = (uint64_t)size});
	ex->res->status = 200;
	return ok();
}

static err file_of(struct exchange *ex, const struct attachments *list, const struct attachment **out)
{
	int64_t id;

	TRY(exchange_path_id(ex, 1, &id));
	*out = attachment_at(list, id);
	return *out && (*out)->state == ATTACHMENT_OK ? ok() : fail(ERR_NOT_FOUND, "no such file");
}

static err give(struct exchange *ex, const struct attachments *list)
{
	const struct attachment *file;

	TRY(file_of(ex, list, &file));
	TRY(give_part(ex, list, file, FILES_KEPT, file->kept_size));
	response_header(ex->res, STR("Content-Type"), file->photo || file->page ? STR("image/jpeg") : STR("application/pdf"));
	response_header(ex->res, STR("Content-Disposition"), disposition(ex->cx.arena, file));
	return ok();
}

/* A picture that we made, for a page of ours to show; opened by itself it is saved like every file. */
static err give_picture(struct exchange *ex, const struct attachments *list, enum files_part part)
{
	const struct attachment *file;

	TRY(file_of(ex, list, &file));
	const struct attachment_beside *beside = part == FILES_WHOLE ? &file->whole : &file->thumbnail;

	if (beside->blob.n == 0)
		return fail(ERR_NOT_FOUND, "no such picture");
	TRY(give_part(ex, list, file, part, beside->size));
	response_header(ex->res, STR("Content-Type"), STR("image/jpeg"));
	response_header(ex->res, STR("Content-Disposition"), STR("attachment; filename=\"picture.jpg\""));
	return ok();
}

static err of_draft(struct exchange *ex, struct attachments *list)
{
	int64_t draft_id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	return attachment_list(&ex->cx, draft_id, list);
}

static err of_application(struct exchange *ex, struct attachments *list)
{
	struct application application;

	TRY(application_look(&ex->cx, exchange_path(ex, 0), RIGHT_VIEW, &application));
	return attachment_list_of(&ex->cx, application.account_id, application.id, list);
}

err page_file_get(struct exchange *ex)
{
	struct attachments list;

	TRY(of_draft(ex, &list));
	return give(ex, &list);
}

err page_application_file(struct exchange *ex)
{
	struct attachments list;

	TRY(of_application(ex, &list));
	return give(ex, &list);
}

err page_file_picture(struct exchange *ex)
{
	struct attachments list;

	TRY(of_draft(ex, &list));
	return give_picture(ex, &list, FILES_THUMBNAIL);
}

err page_application_picture(struct exchange *ex)
{
	struct attachments list;

	TRY(of_application(ex, &list));
	return give_picture(ex, &list, FILES_THUMBNAIL);
}

err page_photo_whole(struct exchange *ex)
{
	struct attachments list;

	TRY(of_draft(ex, &list));
	return give_picture(ex, &list, FILES_WHOLE);
}
