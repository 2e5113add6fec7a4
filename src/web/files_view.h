#ifndef WEB_FILES_VIEW_H
#define WEB_FILES_VIEW_H

#include "domain/application/application.h"
#include "domain/attachment/attachment_want.h"
#include "render/templates.h"
#include "web/exchange.h"

/* Photo and documents as views: rows of the attachment page, the task, what stands on the confirmation, the receipt and the details. */

enum msg file_state_msg(enum attachment_state state);
struct str file_state_class(enum attachment_state state);

/* "2.4 MB", "310 KB"; 1 MB is 1000000 bytes, as in the manual's limit. */
struct str file_size_text(struct exchange *ex, int64_t bytes);

/* Why a file is a problem, what it waits for, or how far it is, with the mend; empty: nothing to say. `list`: where another file is named. */
struct html file_words(struct exchange *ex, const struct attachments *list, const struct attachment *file);
struct str file_words_plain(struct exchange *ex, const struct attachments *list, const struct attachment *file);

/* Why a file was not taken: names it, and what to do. */
struct refusal {
	enum attachment_refusal refusal;
	int64_t detail;
	struct str name;
	bool no_file;          /* none was chosen */
	bool broken;           /* it did not come to its end */
};
struct str refusal_plain(struct exchange *ex, const struct procedure *procedure, const struct refusal *refusal);

/* What a draft of the actor's has and wants. */
struct draft_files {
	struct draft draft;
	struct form_scope scope;
	struct attachments list;
	struct attachment_wants wants;
};
err draft_files_find(struct exchange *ex, struct draft_files *out);
err draft_files_bare(struct exchange *ex, const struct draft *draft, struct draft_files *out);
/* What is expected follows from tax information that is attached: for those who show it. draft_files_of: both at once. */
err draft_files_tax(struct exchange *ex, struct draft_files *files);
err draft_files_of(struct exchange *ex, const struct draft *draft, struct draft_files *out);

void file_view(struct exchange *ex, const struct draft_files *files, const struct attachment *file, struct view_part_file *out);
struct html room_left(struct exchange *ex, const struct attachment_wants *wants);

void files_task_view(struct exchange *ex, const struct draft_files *files, struct view_part_files_task *out);
err files_draft_view(struct exchange *ex, const struct draft_files *files, struct view_part_files *out);
err files_application_view(struct exchange *ex, const struct application *application, struct view_part_files *out);

/* The same as plain lines, for paper: the document, then name, size, pages and digest. */
struct file_line {
	struct str label, value;
};
err files_application_lines(struct exchange *ex, const struct application *application, struct file_line **out, size_t *count);

/* The pages; a refusal that has just happened stands on top (NULL: none). */
err files_page(struct exchange *ex, int status, const struct draft_files *files, const struct refusal *refusal, struct str document);
err photo_page(struct exchange *ex, int status, const struct draft_files *files, const struct refusal *refusal);
err pages_page(struct exchange *ex, int status, const struct draft_files *files, struct str document, const struct refusal *refusal);
void files_errors_view(struct exchange *ex, const struct draft_files *files, const struct refusal *refusal, struct str document,
	struct view_part_errors *out);

/* Parts of these pages. */
struct view_part_file_form file_form_of(struct exchange *ex, const struct draft_files *files, const struct attachment_want *want, bool many);
struct view_part_files_script files_script_of(struct exchange *ex, const struct draft_files *files, bool camera);
bool files_have_room(const struct attachment_wants *wants);
bool files_are_checked(const struct draft_files *files); /* some still are */
const struct attachment_want *files_want_find(const struct draft_files *files, struct str document); /* asked; NULL */
struct str file_id_text(struct exchange *ex, int64_t id);

/* Files of earlier applications that can stand for this document and are not attached already; those that stood for it before come first. */
struct files_earlier {
	struct attachment_earlier *v;
	size_t n;
};
struct files_earlier files_earlier_of(struct exchange *ex, const struct draft_files *files, const struct files_earlier *all, struct str document);

/* 303 to where the files of a document stand, or its pages. */
err files_show_document(struct exchange *ex, int64_t draft_id, struct str document, bool page);

#endif
