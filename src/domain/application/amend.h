#ifndef DOMAIN_APPLICATION_AMEND_H
#define DOMAIN_APPLICATION_AMEND_H

#include "domain/application/application.h"
#include "domain/attachment/attachment.h"

/*
 * Requests for revisions or additional materials (manual 5.2): an officer sends an application back and says which items are open; the applicant
 * modifies these, and nothing else, and submits again. The application keeps its number; what was is in its history (its answers: application_before) and in
 * the audit chain (the digests of its files).
 *
 *   PENDING, ACCEPTED, REVIEW ── amend_return (office) ──▶ RETURNED ── amend_begin, application_submit (owner) ──▶ REVIEW
 *
 * Items: "photo", "document:ID", "field:ID" (a group as a whole). What is modified lies in a draft that names the application and has a
 * token of its own: pages, uploads, saving and the one press that counts are those of any draft. Its procedure shows only what is open (amend_view),
 * so every page and every check is about that alone. A question that was not asked before, and is asked now because of what was
 * modified, is open too. The domain enforces the same: draft_save and attachment_delete leave what is closed as it is, and closed answers are always read
 * from the application, whatever the draft holds.
 *
 * It is modified by the form as it is now. The draft begins with the version that the application was submitted by, so the person is told what has changed
 * since, as with any draft; answers stand where their questions are now. Submitted again, the application names the present version, and what that does
 * not ask any more is only with what was.
 */

struct amend_items {
	struct str *v;
	size_t n;
};

/*
 * The office's step, with a mail to the applicant. INVALID: no item, or one that this application does not have (the words name it);
 * errors of application_change.
 */
err amend_return(struct cx *cx, struct str reference, const struct amend_items *items, struct str note);

/* What is open, by the names that it has in the present version; none when it is not being modified. */
err amend_items(struct cx *cx, const struct procedure *procedure, int64_t account_id, int64_t application_id, struct amend_items *out);
/* The label of an item, in the language of cx: "Facial photo"; the item itself when the procedure does not know it any more. */
struct str amend_item_text(struct cx *cx, const struct procedure *procedure, struct str item);

/* The owner's draft to modify it; made at the first call, and there is never a second one. CONFLICT: it is not in return process. SHUT: its answers do not
 * open any more. Files that cannot be read any more do not come along, and are open whatever the office has opened (domain/attachment/attachment_lost.h). */
err amend_begin(struct cx *cx, struct str reference, int64_t *draft_id);

/* For amend.c: what was submitted, under the questions of `now`. Answers to none of these stay where they were. */
err amend_submitted(struct cx *cx, const struct application *application, const struct procedure *now, struct answers *out);
/* For amend.c: closed answers from those, open ones from `given`, whose procedure is the view; calculated. */
void amend_answers(const struct form_scope *given, const struct answers *submitted, struct answers *out);

/* For draft.c: the procedure as far as it is open for this draft. `before`: what was submitted. Lives in the arena. */
const struct procedure *amend_view(struct arena *arena, const struct form_scope *now, const struct answers *before, const struct amend_items *items);
/* Whether the field, or its group, is in that view. */
bool amend_shows(const struct procedure *view, const struct field *field);

/* What the draft modifies. NOT_FOUND: it is a draft of a new application. */
err amend_application(struct cx *cx, const struct draft *draft, struct application *out);

/* For application_step: what is open is so no longer, and the draft ends with its files; of one that is submitted again it has ended before. */
err amend_end(struct cx *cx, int64_t account_id, int64_t application_id);

/* For draft.c: puts the view and the closed answers into a draft of an application. */
err amend_draft(struct cx *cx, struct draft *draft);

/* For submit.c: what application_submit does with such a draft. *gone and *again as there. */
err amend_submit(struct cx *cx, const struct draft *draft, struct issues *issues, struct attachment_gone *gone, bool *again);

#endif
