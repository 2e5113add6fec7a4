#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_OFFICE_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_OFFICE_H

#include "domain/application/application.h"
#include "domain/attachment/attachment.h"

/*
 * Files as the office gets them. What there is with an application anybody may ask who may see it (attachment_list_of). Whoever takes the bytes
 * themselves leaves an entry in the audit chain for each file, before the first byte: who, when, which document, and the digest of what was kept.
 */

/* The files of an application that are about to be read. DENIED: not an officer. */
err attachment_hand_out(struct cx *cx, const struct application *application, struct attachments *out);

/* What the check has said of a file: "ok", with its pages, and whether it is active; "not_needed". */
struct str attachment_verdict_words(struct arena *arena, const struct attachment *attachment);

/*
 * A name for the file in a folder of files of one application: its number, then the name that the person gave it, as far as every file system bears it. It
 * ends as the content demands, begins with a digit, has at most LIMIT_FILE_STEM bytes between both, and no two are alike.
 */
const char *attachment_file_name(struct arena *arena, size_t number, const struct attachment *attachment);

#endif
