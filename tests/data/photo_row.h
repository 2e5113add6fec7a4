#ifndef TESTS_DATA_PHOTO_ROW_H
#define TESTS_DATA_PHOTO_ROW_H

#include "domain/attachment/attachment.h"

/* What a submission needs, for programs that make many: the row of a clean photo. Its bytes are nowhere. */
static inline err photo_row(struct cx *cx, int64_t draft_id)
{
	static const char digest[] = "2b1f4f2e8a3c9d0e5f60718293a4b5c6d7e8f90123456789abcdef0123456789";
	struct attachment_begun begun;
	struct attachment there;
	TRY(attachment_begin(cx,
		&(struct attachment_begin){.draft_id = draft_id, .document = STR(PHOTO_DOCUMENT), .name = STR("photo.jpg"), .size = 5000}, &begun));
	if (begun.refusal != ATTACHMENT_TAKEN)
		return fail(ERR_INVALID, "a photo is not taken: %d", (int)begun.refusal);
	TRY(attachment_complete(cx, &begun.attachment, 5000, str_of(digest), &there));
	return attachment_verdict(cx, &there,
		&(struct attachment_verdict){.blob = str_of(digest), .kept_size = 5000, .kept_digest = str_of(digest), .width = 300, .height = 400});
}

#endif
