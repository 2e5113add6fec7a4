#include "base/vec.h"
#include "files/files.h"
#include "web/card_step.h"
#include "web/files_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* Files of earlier applications, to be used again for a document of this one: nobody need scan a passport twice. */

static bool is_here(const struct draft_files *files, const struct attachment *file)
{
	for (size_t i = 0; i < files->list.n; i++)
		if (str_eq(files->list.v[i].digest, file->kept_digest) || str_eq(files->list.v[i].digest, file->digest))
			return true;
	return false;
}

err files_earlier(struct exchange *ex, const struct draft_files *files, struct str document, struct attachment_earlier **out, size_t *count)
{
	bool photo = str_eq(document, STR(PHOTO_DOCUMENT));
	struct attachment_earlier *all;
	VEC(struct attachment_earlier) fit = {0};
	size_t n;

	TRY(attachment_earlier(&ex->cx, &all, &n));
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < n; i++) {
			const struct attachment *file = &all[i].attachment;

			if (file->photo == photo && str_eq(file->document, document) == (round == 0) && !is_here(files, file))
				vec_push(ex->cx.arena, &fit, all[i]);
		}
	*out = fit.v;
	*count = fit.n;
	return ok();
}

static err earlier_page(struct exchange *ex, int status, const struct draft_files *files, const struct attachment_want *want,
	const struct refusal *refusal)
{
	struct str draft = file_id_text(ex, files->draft.id);
	struct attachment_earlier *earlier;
	size_t count;

	TRY(files_earlier(ex, files, want->id, &earlier, &count));
	struct view_earlier_show_files *rows = arena_array(ex->cx.arena, struct view_earlier_show_files, count);

	for (size_t i = 0; i < count; i++) {
		const struct attachment *file = &earlier[i].attachment;
		const struct document *document = procedure_document(files->draft.procedure, file->document);

		rows[i] = (struct view_earlier_show_files){
			.from = file_id_text(ex, file->id),
			.name = file->name,
			.label = str_eq(file->document, want->id) || !document ? html_none() : view_label(ex, &document->label),
			.pages = file->photo ? 0 : file->pages,
			.size = file_size_text(ex, file->kept_size),
			.reference = earlier[i].reference,
			.at = earlier[i].submitted_at,
			.picture = url_2(ex->cx.arena, ROUTE_application_picture, earlier[i].reference, file_id_text(ex, file->id)),
		};
	}
	struct view_earlier_show view = {
		.id = draft,
		.document = want->id,
		.label = want->document ? view_label(ex, &want->document->label) : view_msg(ex, MSG_attach_photo),
		.back = want->document ? url_id(ex->cx.arena, ROUTE_files_show, files->draft.id) : url_id(ex->cx.arena, ROUTE_photo_show, files->draft.id),
		.files = rows,
		.files_count = count,
	};

	files_errors_view(ex, files, refusal, want->id, &view.errors);
	ex->back = url_2(ex->cx.arena, ROUTE_earlier_show, draft, want->id);
	return PAGE(ex, status, MSG_attach_earlier_title, earlier_show, &view);
}

static err want_require(struct exchange *ex, struct draft_files *files, const struct attachment_want **want)
{
	TRY(draft_files_find(ex, files));
	*want = files_want_find(files, exchange_path(ex, 1));
	return *want ? ok() : fail(ERR_NOT_FOUND, "no such document");
}

err page_earlier_show(struct exchange *ex)
{
	struct draft_files files;
	const struct attachment_want *want;

	TRY(want_require(ex, &files, &want));
	if (card_is_first(&files.draft))
		return card_lead(ex, &files.draft);
	return earlier_page(ex, 200, &files, want, NULL);
}

err page_file_again(struct exchange *ex)
{
	struct attachment_earlier *earlier;
	struct attachment_begun begun;
	struct draft_files files;
	const struct attachment_want *want;
	size_t count, i = 0;
	int64_t from = 0;

	TRY(want_require(ex, &files, &want));
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are taken here");
	TRY(files_earlier(ex, &files, want->id, &earlier, &count));
	(void)str_to_i64(exchange_field(ex, "from"), &from);
	while (i < count && earlier[i].attachment.id != from)
		i++;
	if (i == count)
		return fail(ERR_NOT_FOUND, "no such file of an earlier application");
	TRY(files_again(ex->web->conf.files, &ex->cx, files.draft.id, want->id, &earlier[i], &begun));
	if (begun.refusal == ATTACHMENT_TAKEN)
		return files_show_document(ex, files.draft.id, want->id, false);
	return earlier_page(ex, 409, &files, want,
		&(struct refusal){.refusal = begun.refusal, .detail = begun.detail, .name = earlier[i].attachment.name});
}
