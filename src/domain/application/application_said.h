#ifndef DOMAIN_APPLICATION_APPLICATION_SAID_H
#define DOMAIN_APPLICATION_APPLICATION_SAID_H

#include "domain/form/form.h"

/* What the answers say for an application's columns: lists, the receipt, mails and the search know it by these. One way for whatever is submitted, first or again. */
struct application_said {
	struct str office, name, email;
};

/*
 * From the answers that are submitted (form_shown). *said holds what stands where they do not say it: name and email where the form does not ask or has
 * no answer, the office where it does not ask.
 */
void application_said(const struct procedure *procedure, const struct answers *shown, struct application_said *said);

#endif
