#ifndef WEB_USAGE_VIEW_H
#define WEB_USAGE_VIEW_H

#include "domain/identity/usage.h"
#include "render/templates.h"
#include "web/exchange.h"

/* The state of a person's request for use: what it is, why it waits, what to do next. */
void usage_view(struct exchange *ex, const struct usage *usage, struct view_part_usage *view);

#endif
