#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_WANT_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_WANT_H

#include "domain/attachment/attachment.h"

/*
 * What a procedure wants of files, beside those that are there, and what stands in the way of a submission. Reads nothing by itself: the list comes from
 * attachment_list; everything lives in the arena.
 */

/* A document, or the photo, with the files that are there for it. */
struct attachment_want {
	const struct document *document; /* NULL: the photo */
	struct str id;
	bool asked;                      /* else it is here because of its files only */
	bool expected;                   /* told when it is missing; of the photo: refused */
	bool by_tax;                     /* tax information stands for it: not expected */
	enum attachment_state state;     /* of the whole: the worst of its files; MISSING: none */
	const struct attachment **files;
	size_t count;
	bool full;                       /* as many as it takes */
	bool may_skip;                   /* the photo: "not needed" may be declared */
};
struct attachment_wants {
	struct attachment_want *v;       /* the photo first, where one is asked; then documents in the procedure's order */
	size_t n;
	bool asked;                      /* the procedure takes files at all; n is 0 where the present answers ask for none */
	bool photo_asked;
	int64_t files_most, bytes_most, files_left, bytes_left;
	size_t missing;                  /* expected documents */
};

/*
 * By the answers of the scope. A file for a document that is not asked any more stands at the end, so that it can be seen and deleted; at a
 * submission it goes along.
 */
void attachment_wants(struct arena *arena, const struct form_scope *scope, const struct attachments *list, struct attachment_wants *out);

/* Part of an application that would be submitted now. */
bool attachment_ready(const struct attachment *attachment);

/* What stands in the way of a submission: refusals (photo missing, a file not ready) and warnings (a problem, documents missing). Appends. */
void attachment_check(struct arena *arena, const struct locale *locale, const struct attachment_wants *wants, struct issues *out);

#endif
