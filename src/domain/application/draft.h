#ifndef DOMAIN_APPLICATION_DRAFT_H
#define DOMAIN_APPLICATION_DRAFT_H

#include "domain/attachment/attachment_gone.h"
#include "domain/cx.h"
#include "domain/definition/procedure_change.h"
#include "domain/form/form.h"
#include "domain/identity/identity_card.h"

/*
 * Answers that are not submitted yet. A draft belongs to one account and names its procedure and
 * the version of it.
 *
 * Each save carries the fields of one section (or the few that changed while typing) and is merged
 * into what is stored, inside the transaction: two tabs on two sections lose nothing. When the same
 * section has been saved elsewhere since `revision` and with other values, draft_save answers
 * CONFLICT unless `overwrite` is set: the caller reads again, and merges by what its page was made
 * from (domain/form/form_merge.h, docs/decisions/0016).
 *
 * `submission_token` is born with the draft and names the one application that can come of it
 * (domain/application/application.h). Answers are sealed at rest with the portal's key, bound to account and
 * draft. They live in cx->arena.
 */

struct draft {
	int64_t id;
	int64_t account_id;
	const struct procedure *procedure; /* as it is now */
	struct str version; /* of the procedure when the draft was begun or renewed */
	bool outdated; /* the procedure has a newer version than this draft: draft_changes, draft_renew. The answers
			  stand where their questions are now */
	int64_t revision; /* rises with each save */
	int64_t files;    /* rises with each change of its attachments (domain/attachment/attachment.h); as the key, not filled by draft_list */
	int64_t application_id; /* that is modified in it (domain/application/amend.h); `procedure` then shows what is open. 0: none */
	struct str files_key; /* what they are sealed with, wrapped; empty: none yet */
	int64_t created_at;
	int64_t saved_at;
	int64_t expires_at;
	struct str submission_token;
	struct str marks;       /* for draft_visited */
	struct answers answers; /* not filled by draft_list */
	enum card_step card_next; /* what must be read from the card before the form opens; CARD_STEP_NONE: nothing (any more) */
	bool has_card;          /* `card` was read for it, and its items are in `answers` */
	struct basic4 card;
};

/* LIMIT: too many drafts; NOT_FOUND: no such procedure; DENIED: closed, not for this kind of
 * user, or only after a request for use (usage_require). */
err draft_create(struct cx *cx, struct str procedure_id, int64_t *out_id);

/* The actor's own, the last saved first; without answers. */
err draft_list(struct cx *cx, struct draft **out, size_t *count);

/* NOT_FOUND: none, or not the actor's, or its procedure is gone. SHUT: its answers do not open any more (domain/sealed.h), and it can only be deleted. */
err draft_require(struct cx *cx, int64_t id, struct draft *out);

/* Without answers and card, as in draft_list: of one that is shut, too. NOT_FOUND as above. */
err draft_head(struct cx *cx, int64_t id, struct draft *out);

bool draft_visited(const struct draft *draft, struct str section_id);
/* The page that saved the section last; empty: none, or one without a name. */
struct str draft_page(const struct draft *draft, struct str section_id);

struct draft_save {
	int64_t id;
	int64_t revision;                  /* that the page was made from */
	bool overwrite;                    /* the last word counts, whatever was saved since */
	struct str section;                /* its id */
	struct str page;                   /* what the page calls itself: letters, digits, '-', '_'; empty: nothing */
	bool visited;                      /* the section's page was sent, not only typing noted */
	const struct field *const *fields; /* those that `answers` speaks for; a group as a whole.
					      Others are left as stored. */
	size_t field_count;
	const struct answers *answers; /* an absent answer removes the stored one */
};

struct draft_saved {
	int64_t revision;
	int64_t saved_at;
	bool merged; /* another page had saved since `revision` */
};

/* NOT_FOUND as draft_require; CONFLICT as above; LIMIT: more than LIMIT_ANSWERS bytes. */
err draft_save(struct cx *cx, const struct draft_save *save, struct draft_saved *out);

/* What the present version changes for this draft, which is outdated. */
struct draft_changes {
	const struct procedure *before; /* the draft's version; NULL: not in the archive, and what has changed is not known */
	int64_t since;                  /* the present version is in force; 0: not known */
	struct procedure_change *v;
	size_t n;
};
err draft_changes(struct cx *cx, const struct draft *draft, struct draft_changes *out);

/* Takes the draft over to the procedure's present version: answers stand where their questions have moved to, those to questions that are
 * gone are dropped, and sections in which something has changed count as not visited. What is not outdated stays as it is. */
err draft_renew(struct cx *cx, int64_t id);

/* For domain/application/amend.c: answers as a draft of the actor's keeps them. */
struct str draft_answers_seal(struct cx *cx, int64_t id, const struct answers *answers);

/* For domain/application/amend.c, inside cx_write: it ends with all that belongs to it. *out_was: there was one. */
err draft_end(struct cx *cx, int64_t account_id, int64_t id, struct attachment_gone *gone, bool *out_was);

/* NOT_FOUND as draft_require. */
err draft_delete(struct cx *cx, int64_t id, struct attachment_gone *gone);

#endif
