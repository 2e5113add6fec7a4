#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_H

#include "domain/application/draft.h"
#include "domain/attachment/attachment_gone.h"

/*
 * Files that go with an application: the facial photo and documents (manual 4.2.7, 4.2.8). This is their rows; the bytes are the
 * business of files/ (files/spool.h while they come, files/intake.h to check and keep them).
 *
 *   (missing) ── begin ──▶ UPLOADING ── all bytes are there ──▶ CHECKING ── clean ──▶ OK ── submit ──▶ with the application
 *                              │                                   ╰── not clean ──▶ PROBLEM (reason)
 *                              ╰── given up, ends by itself ──▶ (missing)
 *
 * - Each belongs to one account and to a draft, then to the application that came of it. It stands for one document of the
 *   procedure's list, or for the photo (document "photo").
 * - Only UPLOADING, CHECKING and OK count towards the procedure's ceilings, an upload with the size that was announced: so
 *   what was begun can be ended. A PROBLEM has no bytes any more; it tells why until the next file for the same document
 *   comes or it is deleted, and is never part of an application.
 * - What was kept with a key that is lost is a PROBLEM, too, as soon as another is accepted (domain/attachment/attachment_lost.h).
 * - NOT_NEEDED is the photo that somebody has declared unnecessary: a row without bytes, replaced by a photo.
 * - Every change passes the row of its draft (draft.files rises), so ceilings hold when two tabs send at the same moment, and a
 *   submission takes exactly the files that were checked. No application refers to a file that is not OK.
 * - Names are labels only: sanitised for display, never part of a path, sealed at rest. Content decides what a file is.
 *
 * All functions that write are transactions of their own and ask for the actor's own draft: NOT_FOUND for that of another. What
 * somebody sent wrongly is data (enum attachment_refusal, a reason), never an err. Texts live in cx->arena.
 */

enum attachment_state {
	ATTACHMENT_MISSING, /* of a document, never of a row */
	ATTACHMENT_UPLOADING,
	ATTACHMENT_CHECKING,
	ATTACHMENT_OK,
	ATTACHMENT_PROBLEM,
	ATTACHMENT_NOT_NEEDED,
	ATTACHMENT_STATE_COUNT
};

#define PHOTO_DOCUMENT "photo"
#define ATTACHMENT_UPLOAD_MS INT64_C(86400000) /* a resumable upload may take so long */
#define ATTACHMENT_FORM_MS INT64_C(7200000)    /* one that came by a form, which cannot be resumed */
#define ATTACHMENT_CHECK_MS INT64_C(60000)     /* whoever has begun a check has ended it by then, holds it (attachment_wait.h), or has died */
#define ATTACHMENT_DROP_MS INT64_C(3600000)    /* from the last row of a blob to its deletion */

struct attachment_cut {
	int64_t x, y, width, height; /* pixels of the whole photo; width 0: the middle */
};

/* A picture that stands beside a file, kept as the file is. No blob: there is none. */
struct attachment_beside {
	struct str blob, digest;
	int64_t size, width, height;
	struct attachment_cut cut; /* of the whole photo: what is kept of it */
	int64_t advice;            /* and what to look at again, bits of sandbox/check.h */
};

struct attachment {
	int64_t id;
	int64_t account_id, draft_id, application_id;
	struct str document;
	bool photo;
	enum attachment_state state;
	struct str reason;      /* PROBLEM: why, a word of web/files_words.c; CHECKING: for what it waits (attachment_wait.h) */
	int64_t detail;         /* a number of the reason: about which byte, the id of the file that is the same; how often it was tried */
	struct str name;        /* for display */
	int64_t size, arrived;  /* bytes */
	struct str digest;      /* SHA-256 of the bytes as they came, 64 hex digits; empty until all are there */
	struct str blob;        /* OK: where it is kept */
	int64_t kept_size;      /* and what: a photo is kept as a clean copy */
	struct str kept_digest;
	int64_t pages, width, height;
	bool active;            /* OK: scripts, programs to launch or files are in it; for officers to know */
	bool resumable;
	int64_t created_at, changed_at, until_at;
	int64_t begun;          /* rises with each that is begun in the draft, whatever the clocks say */
	int64_t page;           /* a photographed page of its document, from 1; 0: a file of its own */
	struct attachment_beside thumbnail, whole; /* OK: of the first page, when one could be made; of a photo, in a draft: what it is cut from */
};

struct attachments {
	struct attachment *v;   /* in the order they came */
	size_t n;
	struct attachment *pages; /* photographed ones, by document in their order: domain/attachment/attachment_page.h */
	size_t page_count;
	int64_t files, bytes;   /* that count */
	bool tax;               /* of a draft: tax_is_attached, when whoever asks has asked */
	struct str key;         /* what they are sealed with, wrapped for attachment_owner(); empty: there are none yet */
	bool shut;              /* it does not open any more: none of them can be given (domain/attachment/attachment_lost.h) */
};

/* The owner that keys are wrapped for (blob/blob.h): an account; the key of a draft goes on to its application. */
struct str attachment_owner(struct arena *arena, int64_t account_id);

/* Of a draft of the actor's own. */
err attachment_list(struct cx *cx, int64_t draft_id, struct attachments *out);
err attachment_list_in(struct cx *cx, const struct draft *draft, struct attachments *out); /* of one that was read just now */
/* Whoever may see the application: ask application_require first. */
err attachment_list_of(struct cx *cx, int64_t account_id, int64_t application_id, struct attachments *out);
const struct attachment *attachment_at(const struct attachments *list, int64_t id); /* a page too; NULL */
/* NOT_FOUND. */
err attachment_require(struct cx *cx, int64_t draft_id, int64_t id, struct attachment *out);

/* ---- uploads ---- */

enum attachment_refusal {
	ATTACHMENT_TAKEN,        /* no refusal */
	ATTACHMENT_NOT_ASKED,    /* no such document here, or not with these answers */
	ATTACHMENT_EMPTY,
	ATTACHMENT_FILES_FULL,   /* as many files as an application takes */
	ATTACHMENT_BYTES_FULL,   /* detail: bytes too many */
	ATTACHMENT_DOCUMENT_FULL,
	ATTACHMENT_PAGES_FULL, ATTACHMENT_DRAFT_PAGES_FULL, /* as many photographed pages as one document takes, or one draft */
	ATTACHMENT_ACCOUNT_FULL, /* as many bytes on their way as one person may have, in all drafts (LIMIT_SPOOL_ACCOUNT) */
	ATTACHMENT_PAGES_WAIT,   /* no document is made while a page of it is coming or being checked */
	ATTACHMENT_REFUSAL_COUNT
};

struct attachment_begin {
	int64_t draft_id;
	struct str document;
	struct str name;         /* as given */
	int64_t size;            /* of what will come; no more than that is taken */
	bool resumable;
	bool page;               /* a photographed page; else a file */
};

struct attachment_begun {
	enum attachment_refusal refusal;
	int64_t detail;
	struct attachment attachment; /* when there is no refusal */
	struct attachment_gone gone;  /* what gave way */
};

/* Makes the row. Earlier problems of the same document go, and a photo that is still coming; one that is there stays until this one is found clean. */
err attachment_begin(struct cx *cx, const struct attachment_begin *begin, struct attachment_begun *out);
/* The key of the draft, made from `fresh` (wrapped) when it has none. */
err attachment_key(struct cx *cx, const struct attachment *attachment, struct str fresh, struct str *out);
/* So many bytes are on stable storage. CONFLICT: not uploading any more. */
err attachment_arrived(struct cx *cx, const struct attachment *attachment, int64_t arrived);
/*
 * All bytes are there; from here on a job ends it if nobody else does. The true size may be smaller than announced. When the same bytes are
 * attached already, or there are none, the row becomes a PROBLEM at once. *out: the row as it is now. CONFLICT: not uploading.
 */
err attachment_complete(struct cx *cx, const struct attachment *attachment, int64_t size, struct str digest, struct attachment *out);

struct attachment_verdict {
	struct str reason;       /* empty: clean */
	int64_t detail;
	struct str blob;         /* clean: where it lies */
	int64_t kept_size;
	struct str kept_digest;
	int64_t pages, width, height;
	bool active;
	struct attachment_beside thumbnail, whole; /* without a blob: none */
};
/*
 * For the check, by a person's request or a job: CHECKING → OK or PROBLEM. A clean photo takes the place of those begun before it, never of a later one.
 * CONFLICT: the row has gone, or another was faster.
 */
err attachment_verdict(struct cx *cx, const struct attachment *attachment, const struct attachment_verdict *verdict);
/* *attachment as it is now, whoever asks. CONFLICT: it is gone. */
err attachment_now(struct cx *cx, struct attachment *attachment);
/* It cannot be checked now (the virus scanner does not answer): stays CHECKING, and is tried again then; attachment_wait.h. */
err attachment_wait(struct cx *cx, const struct attachment *attachment, struct str reason, int64_t again_at);

/* Away with it, whatever its state; its document is missing again. NOT_FOUND. */
err attachment_delete(struct cx *cx, int64_t draft_id, int64_t id);

/* A name as it is shown: at most LIMIT_FILE_NAME characters, no path, no control or direction characters; "file" when nothing is left. */
struct str attachment_name(struct arena *arena, struct str given);

#endif
