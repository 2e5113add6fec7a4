#ifndef WEB_TUS_H
#define WEB_TUS_H

#include "domain/attachment/attachment.h"
#include "i18n/locale.h"
#include "web/exchange.h"

/*
 * The resume protocol of uploads: tus 1.0.0 (tus.io) with its extensions creation, termination and expiration; docs/attachments.md. What is
 * read here comes from a script and is met as strictly as a form.
 */

#define TUS_VERSION "1.0.0"

/* INVALID, with ex->refusal 412: Tus-Resumable is not our version. Sets the header of the answer. */
err tus_version(struct exchange *ex);

/* A decimal number of a header that must be there once. INVALID. */
err tus_number(struct exchange *ex, struct str name, int64_t *out);

/* Upload-Metadata: keys, each with its value in base64. The value of that key; absent: none. INVALID: malformed, or the key twice. */
err tus_metadata(struct exchange *ex, struct str key, struct str *out);

/* Upload-Offset, Upload-Length, Upload-Expires, and the state in words for our script: Upload-State. */
void tus_headers(struct exchange *ex, const struct attachment *file);

struct str tus_state_word(enum attachment_state state);

/* {"reason": …, "text": …}: why not, for the script and for the person. */
err tus_refuse(struct exchange *ex, int status, struct str reason, enum msg msg);
err tus_refuse_text(struct exchange *ex, int status, struct str reason, struct str text);

#endif
