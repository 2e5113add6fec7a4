#ifndef USAGE_SUPPORT_H
#define USAGE_SUPPORT_H

#include "card_support.h"

#include "domain/identity/usage.h"

/* Requests for use, for the tests of them: of one person, whose account is made with account_add(world, MAI, …). */

#define MAI "a@example.jp"

struct cx *mai(struct world *world);
struct cx *officer(struct world *world);
int64_t count(struct world *world, const char *where);
int64_t request_begin(struct world *world, struct cx *cx);
void request_fill(struct cx *cx, int64_t id);
err apply(struct cx *cx, int64_t id, struct receipt *out);
struct receipt request(struct world *world, struct cx *cx, const struct basic4 *card);
enum usage_state state_of(struct world *world, int64_t account, struct usage *usage);

#endif
