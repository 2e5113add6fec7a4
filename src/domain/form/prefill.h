#ifndef DOMAIN_FORM_PREFILL_H
#define DOMAIN_FORM_PREFILL_H

#include "domain/account/account.h"
#include "domain/form/form.h"

/*
 * What the account knows is not asked again (WCAG 2.2, 3.3.7): the answers that a new draft begins with, as the definition's `prefill`
 * and `prefill_for` say. They are proposals: the person sees and may change each.
 */
void answers_prefill(struct answers *answers, const struct procedure *procedure, const struct account *account);

#endif
