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

struct files_earlier files_earlier_of(struct exchange *ex, const struct draft_files *files, const struct files_earlier *all, struct str document)
{
	bool photo = str_eq(document, STR(PHOTO_DOCUMENT));
	VEC(struct attachment_earlier) fit = {0};

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < all->n; i++) {
			const struct attachment *file = &all->v[i].attachment;

			if (file->photo == photo && str_eq(file->document, document) == (round == 0) && !is_here(files, file))
				vec_push(ex->cx.arena, &fit, all->v[i]);
		}
	return (struct files_earlier){fit.v, fit.n};
}

static err earlier_page(struct exchange *ex, int status, const struct draft_files *files, const struct attachment_want *want,
	const struct refusal *refusal)
{
	struct str draft = file_id_text(ex, files->draft.id);
	struct files_earlier all;

	TRY(attachment_earlier(&ex->cx, &all.v, &all.n));
	const struct files_earlier fit = files_earlier_of(ex, files, &all, want->id);
	struct view_earlier_show_files *rows = arena_array(ex->cx.arena, struct view_earlier_show_files, fit.n);

	for (size_t i = 0; i < fit.n; i++) {
		const struct attachment *file = &fit.v[i].attachment;
		const struct document *document = procedure_document(files->draft.procedure, file->document);

		rows[i] = (struct view_earlier_show_files){
			.from = file_id_text(ex, file->id),
			.name = file->name,
			.label = str_eq(file->document, want->id) || !document ? html_none() : view_label(ex, &document->label),
			.pages = file->photo ? 0 : file->pages,
			.size = file_size_text(ex, file->kept_size),
			.reference = fit.v[i].reference,
			.at = fit.v[i].submitted_at,
			.picture = url_2(ex->cx.arena, ROUTE_application_picture, fit.v[i].reference, file_id_text(ex, file->id)),
		};
	}
	struct view_earlier_show view = {
		.id = draft,
		.document = want->id,
		.label = want->document ? view_label(ex, &want->document->label) : view_msg(ex, MSG_attach_photo),
		.back = want->document ? url_id(ex->cx.arena, ROUTE_files_show, files->draft.id) : url_id(ex->cx.arena, ROUTE_photo_show, files->draft.id),
		.files = rows,
		.files_count = fit.n,
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
	struct files_earlier all;
	struct attachment_begun begun;
	struct draft_files files;
	const struct attachment_want *want;
	size_t i = 0;
	int64_t from = 0;

	TRY(want_require(ex, &files, &want));
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are taken here");
	TRY(attachment_earlier(&ex->cx, &all.v, &all.n));
	(void)str_to_i64(exchange_field(ex, "from"), &from);
	while (i < all.n && all.v[i].attachment.id != from)
		i++;
	if (i == all.n || all.v[i].attachment.photo != !want->document)
		return fail(ERR_NOT_FOUND, "no such file of an earlier application");
	/* Pressed twice: it is there. */
	if (is_here(&files, &all.v[i].attachment))
		return files_show_document(ex, files.draft.id, want->id, false);
	TRY(files_again(ex->web->conf.files, &ex->cx, files.draft.id, want->id, &all.v[i], &begun));
	if (begun.refusal == ATTACHMENT_TAKEN)
		return files_show_document(ex, files.draft.id, want->id, false);
	return earlier_page(ex, 409, &files, want,
		&(struct refusal){.refusal = begun.refusal, .detail = begun.detail, .name = all.v[i].attachment.name});
}
