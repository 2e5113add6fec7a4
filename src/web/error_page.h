#ifndef WEB_ERROR_PAGE_H
#define WEB_ERROR_PAGE_H

#include "web/exchange.h"

/*
 * The page for what went wrong, in the person's language, with the number under which the log knows it. When a form was posted, what was
 * typed stands on it (passwords aside), with a button that sends it again. Replaces whatever the handler had begun.
 */

/* Writes it to the log too. */
void error_page(struct exchange *ex, err e);

/* No worker has time for the request (503): only what came with it is known, the store is not asked. */
void error_page_busy(struct exchange *ex);

/* The page of that status once more, with the form that came along from it: in another language (web/resend.h). NOT_FOUND: there is none. */
err error_page_again(struct exchange *ex, int status, const struct params *form);

/* For what was no request: in every language, because nobody knows the reader's. */
void error_page_of_none(struct exchange *ex, int status);

#endif
