#ifndef AMEND_TEST_SUPPORT_H
#define AMEND_TEST_SUPPORT_H

#include "domain_support.h"

#include "domain/application/amend.h"

/* An application that is sent back to be modified. */

struct cx *as(struct world *world, int64_t account);
struct cx *officer(struct world *world);

struct sent {
	int64_t account, application;
	struct str reference;
};

/* An extension with a photo and a passport copy, its mails taken. */
struct sent submitted(struct world *world);

extern const char *const open_items[3]; /* photo, passport copy, phone */
err send_back(struct world *world, const struct sent *sent, const char *const *items, size_t count, const char *note);
/* Begins to modify it: the draft's token is kept in the world's arena. */
int64_t begun(struct world *world, const struct sent *sent, struct str *token);
/* Presses Apply; without refusals. */
err pressed(struct cx *cx, int64_t draft_id, struct str token, struct receipt *out);
enum status status_now(struct world *world, const struct sent *sent);

#endif
