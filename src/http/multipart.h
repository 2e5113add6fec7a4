#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/http.h"

/*
 * multipart/form-data (RFC 7578) as it comes, for bodies that do not fit memory: fields are kept, contents of files are handed on.
 * The same verdicts as multipart_read, whatever the pieces; both share what stands below.
 *
 * The functions are called in the order of the body: `field` with a whole value, `file` when a part with a file name begins, `bytes` for its
 * content (never empty), `end` behind it. Their errors end the reading and are its answer.
 */

struct multipart {
	err (*field)(void *arg, struct str name, struct str value); /* the strings live until it returns */
	err (*file)(void *arg, const struct part *part);            /* these too; without a body */
	err (*bytes)(void *arg, struct str bytes);
	err (*end)(void *arg);
	void *arg;

	/* Private. */
	struct str delimiter; /* CR LF, two hyphens, boundary */
	struct buf window;    /* what was not decided yet */
	enum {
		MULTIPART_START,
		MULTIPART_BOUNDARY,
		MULTIPART_HEAD,
		MULTIPART_FIELD,
		MULTIPART_FILE,
		MULTIPART_OVER,
		MULTIPART_STATE_COUNT
	} state;
	struct str name; /* of the field */
	struct buf name_place;
	size_t parts;
	size_t file_at; /* where in the window its content begins */
	size_t ahead;   /* of the piece that is being added: what the window had no room for yet */
};

/* The five callbacks are set before. Takes 130 KiB of the arena. INVALID: no such type, or no boundary. */
err multipart_begin(struct multipart *multipart, struct arena *arena, struct str content_type);
/* INVALID: malformed; LIMIT: too many parts, or too long ones; what a callback has answered. After an error nothing is given any more. */
err multipart_add(struct multipart *multipart, struct str piece);
/* The body is over. INVALID: it ends too early. */
err multipart_over(const struct multipart *multipart);
/*
 * Called in `file`: how many bytes can be this file's content, when `left` of the body come behind the piece that is being added. In the last
 * part all of them are, but for MULTIPART_LAST_LINE when a line end stands behind the last boundary: browsers write one, others need not.
 */
#define MULTIPART_LAST_LINE 2
uint64_t multipart_room(const struct multipart *multipart, uint64_t left);

/* Shared with multipart_read. */
err multipart_boundary(struct str content_type, struct str *out);
err multipart_head(struct str lines, struct part *out);
err multipart_field(struct str value);

#endif
