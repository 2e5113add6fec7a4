#ifndef I18N_ESCAPE_H
#define I18N_ESCAPE_H

#include "base/buf.h"

/*
 * Text → HTML. Here and not in render because texts with ruby are made into markup in this folder;
 * pages use it through render/page.h. Bytes that need no escaping are copied in runs of 16 (SSE2)
 * where the machine has it.
 */

void escape_text(struct buf *out, struct str text); /* & < > */
void escape_attr(struct buf *out, struct str text); /* & < > " ' */

#endif
