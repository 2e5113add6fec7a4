#ifndef WEB_ERROR_PAGE_H
#define WEB_ERROR_PAGE_H

#include "web/exchange.h"

/*
 * The page for what went wrong, in the person's language, with the number under which the log knows it. When a form was posted, what was
 * typed stands on it (passwords aside), with a button that sends it again. Replaces whatever the handler had begun.
 */

void error_page(struct exchange *ex, err e);

/* For what was no request: in every language, because nobody knows the reader's. */
void error_page_of_none(struct exchange *ex, int status);

#endif
