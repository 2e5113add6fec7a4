#ifndef DOMAIN_DEFINITION_RULE_DATA_H
#define DOMAIN_DEFINITION_RULE_DATA_H

#include "base/buf.h"
#include "domain/form/form.h"

/*
 * The rules of one section's page, as data for the interpreter in the browser (static/js/rules.js): one line of JSON, described in
 * docs/rules.md. The answers of all other sections are worked in as constants, so that only fields of this page are named.
 *
 * The server's own check stays the truth: these rules are a copy that answers at once, and tests/rules holds both to the same verdicts.
 */

/*
 * False: something on the page hangs on what cannot be told to a browser (domain/definition/rule_fold.h); then nothing is to be sent, and the page asks
 * the server at each answer. The answers have been calculated (form_calculate). What does not fit is told by buf_error().
 */
bool rule_data_write(struct buf *out, const struct form_scope *scope, const struct section *section, const struct locale *locale);

#endif
