#ifndef FILES_FILES_H
#define FILES_FILES_H

#include "blob/blob.h"
#include "crypto/digest.h"
#include "domain/attachment/attachment_page.h"
#include "files/spool.h"
#include "files/watch.h"
#include "sandbox/check.h"

/*
 * Where the bytes of attachments are, and who checks them. Made at start; constant, any thread uses it.
 *
 * The way of a file, with the row (domain/attachment/attachment.h) always written first, so that what a crash leaves behind can be found:
 *
 *   row UPLOADING → bytes in the spool → row CHECKING → look, check in a process of its own, virus scan → sealed as a blob → row OK →
 *   spool file removed
 *
 * Killed in between: an upload goes on from what its row says has arrived; a check is made anew by the job (files_due); a blob that no
 * row names and a spool file without its row are swept.
 */

/*
 * When the scanner was silent for scanner_ms: until when (time_monotonic) nobody asks it again; 0: it may be asked. The first who asks then is the only
 * one until there is an answer, so a scanner that hangs holds one thread, not each that has a file.
 */
typedef _Atomic int64_t scanner_rest;

struct files {
	const struct spool *spool;
	const struct blob_store *blobs;
	const struct checker *checker;
	const char *scanner;  /* socket of clamd; NULL: files are not scanned */
	int scanner_ms;       /* how long to wait for it */
	scanner_rest *rest;   /* of all threads; NULL: each file waits for the scanner by itself */
	struct watch *watch;  /* of all threads; NULL: nobody is told that files wait */
};

#define FILES_SYNC (4 << 20)        /* bytes between two notes of how much has arrived */
#define FILES_AGAIN_MS INT64_C(30000) /* until a scanner or a checker that was not there is asked again */

/* ---- an upload, on one connection (upload.c) ---- */

/* attachment_begin; the bytes of what gave way are removed. */
err files_begin(const struct files *files, struct cx *cx, const struct attachment_begin *begin, struct attachment_begun *out);

struct upload {
	const struct files *files;
	struct attachment attachment;
	struct spool_file spool;
	struct sha256 sum;    /* running, when the upload began on this connection */
	bool sums;
	int64_t noted;        /* what the row says */
};

/* Goes on at attachment.arrived. NOT_FOUND: the bytes that the row counts are not here. Release in any case. */
err upload_open(const struct files *files, const struct attachment *attachment, struct upload *out);
/* LIMIT: more than was announced; CONFLICT: another connection has gone on, or the row is gone; UNAVAILABLE: no room. */
err upload_add(struct upload *upload, struct cx *cx, struct str piece);
/* What has come is on stable storage, and noted. */
err upload_note(struct upload *upload, struct cx *cx);
/* All bytes are there: completes the row and checks the file. *out: its row then; CHECKING: it waits for something. */
err upload_end(struct upload *upload, struct cx *cx, struct attachment *out);
void upload_release(struct upload *upload);

/* ---- checking and keeping (intake.c) ---- */

/*
 * A row that is CHECKING. OK when there is an answer, which *out tells: OK, PROBLEM, or CHECKING when it must wait. A photo that is cut anew does not wait: what
 * cannot be cut now is OK as it was before (attachment_cut_back). CONFLICT: the row is gone, or somebody else has checked it.
 *
 * What an operator should know leaves a line in the log, as there is nobody above who could tell: a virus, a checker that fell, a check that
 * came to no end, and that files wait (files/watch.h).
 */
err files_check(const struct files *files, struct cx *cx, const struct attachment *attachment, struct attachment *out);

/* An attachment's bytes, verified, or those of a picture beside it. `key`: struct attachments. Errors as blob_open. */
enum files_part { FILES_KEPT, FILES_THUMBNAIL, FILES_WHOLE };
err files_read(const struct files *files, struct arena *arena, const struct attachment *attachment, enum files_part part, struct str key,
	struct blob_reader **out);

/* What is kept, into a descriptor at its position. Errors as blob_read_to. */
err files_copy(const struct files *files, struct arena *arena, const struct attachment *attachment, struct str key, int fd);

/* A file of an earlier application, sent again from the store for a document of this draft. */
err files_again(const struct files *files, struct cx *cx, int64_t draft_id, struct str document, const struct attachment_earlier *earlier,
	struct attachment_begun *out);

/*
 * One PDF out of a document's photographed pages (domain/attachment/attachment_page.h), those of the list that are OK in their order, sent as a file with this
 * name. These pages end when it is clean. Refused as EMPTY when there are none, as PAGES_WAIT when one is coming or being checked. UNAVAILABLE, RETRY: it cannot be made
 * now; the pages stay.
 */
err files_pages(const struct files *files, struct cx *cx, int64_t draft_id, struct str document, struct str name, const struct attachments *list,
	struct attachment_begun *out);

/* The bytes in the spool of a row that is gone; of several (files NULL: there are none). */
void files_forget(const struct files *files, int64_t account_id, int64_t id);
void files_forget_all(const struct files *files, const struct attachment_gone *gone);

/* ---- jobs (sweep.c) ---- */

/* One row whose time has come. NOT_FOUND: none. */
err files_due(const struct files *files, struct cx *cx);
/* One blob that nobody names any more. NOT_FOUND: none. */
err files_drop(const struct files *files, struct cx *cx);
/* What crashes have left: spool files and blobs without rows, a day old. cx->arena is reset again and again meanwhile. */
struct files_swept {
	uint64_t spool, blobs;
};
err files_sweep(const struct files *files, struct cx *cx, struct files_swept *out);

/* ---- at a start (key.c) ---- */

/* portal.files_key_opens; `arg`: the blob_store. */
bool files_key_opens(const void *arg, struct arena *arena, int64_t account_id, struct str wrapped);

/* installation_key.open of files.key, which the blob_store of its `arg` was opened with; NULL: there is none. */
struct installation_key;
err files_key_open(struct cx *cx, const struct installation_key *key);

/* ---- an operator's question (verify.c) ---- */

struct attachment_blob;
struct files_verified {
	uint64_t blobs, bad;
	int64_t bytes;
};
/*
 * Reads everything that is kept and compares it with what its row says, a part at a time, so that nobody waits; cx->arena is reset between them. `bad` is
 * called for each that cannot be given back: "missing", "damaged", "key". What is deleted meanwhile is none of them. UNAVAILABLE: the
 * disk or the database does not answer.
 */
err files_verify(const struct files *files, struct cx *cx, void (*bad)(const struct attachment_blob *blob, const char *why), struct files_verified *out);

#endif
