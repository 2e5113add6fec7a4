#include "base/encode.h"
#include "base/limits.h"
#include "domain/application.h"
#include "files/files.h"
#include "web/page.h"
#include "web/web.h"

/*
 * A file back to the one who sent it. It was found clean and is verified once more before its first byte goes out; it is still somebody's file,
 * so it is saved and not shown: attachment, nosniff, and a policy under which nothing in it could run (answer_security_headers).
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
	buf_fmt(&out, "attachment; filename=\"%s-%lld%s\"; filename*=UTF-8''", file->photo ? "photo" : "document", (long long)file->id,
		file->photo ? ".jpg" : ".pdf");
	percent_write(&out, file->name);
	return buf_view(&out);
}

static err give(struct exchange *ex, const struct attachments *list)
{
	const struct attachment *file;
	struct blob_reader *reader;
	int64_t id;

	TRY(exchange_path_id(ex, 1, &id));
	file = attachment_at(list, id);
	if (!file || file->state != ATTACHMENT_OK)
		return fail(ERR_NOT_FOUND, "no such file");
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are given here");
	cx_end(&ex->cx); /* not while the disk works */
	err e = files_read(ex->web->conf.files, ex->cx.arena, file, list->key, &reader);

	/* It was kept, so it must be there and whole: what is not so is our fault, and is never given. */
	if (e.code == ERR_NOT_FOUND || e.code == ERR_INVALID)
		return fail(ERR_INTERNAL, "blob of attachment %lld: %s", (long long)file->id, err_name(e.code));
	TRY(e);
	response_give(ex->res, &(struct giver){.next = next, .end = end, .state = reader, .size = (uint64_t)file->kept_size});
	ex->res->status = 200;
	response_header(ex->res, STR("Content-Type"), file->photo ? STR("image/jpeg") : STR("application/pdf"));
	response_header(ex->res, STR("Content-Disposition"), disposition(ex->cx.arena, file));
	return ok();
}

err page_file_get(struct exchange *ex)
{
	struct attachments list;
	int64_t draft_id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	TRY(attachment_list(&ex->cx, draft_id, &list));
	return give(ex, &list);
}

err page_application_file(struct exchange *ex)
{
	struct application application;
	struct attachments list;

	TRY(application_require(&ex->cx, exchange_path(ex, 0), RIGHT_VIEW, &application));
	TRY(attachment_list_of(&ex->cx, application.account_id, application.id, &list));
	return give(ex, &list);
}
