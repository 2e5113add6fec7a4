#ifndef DOMAIN_APPLICATION_DRAFT_WARNING_H
#define DOMAIN_APPLICATION_DRAFT_WARNING_H

#include "domain/cx.h"

/*
 * Mails to those whose drafts will be deleted because nobody has saved them for long: 7 days and 1
 * day before. Each goes once; a save begins anew. A draft whose first warning is late gets one
 * mail, not two.
 */

/* For a job, once a day or more often; a transaction for each hundred drafts. *out_count: mails
 * made. */
err draft_warn(struct cx *cx, size_t *out_count);

#endif
