#ifndef CMD_ADMIN_CARD_H
#define CMD_ADMIN_CARD_H

#include "cmd/exits.h"
#include "cmd/start.h"

/*
 * "admin card list | end USER": what an account was ever linked to (USER is a user ID or a mail address), and the end of the links in force, for the
 * help desk: the card is lost, or somebody else's. list prints one link a line with tabs: way, linked at, ended at or "-", why or "-".
 * The person is told by mail of each link that ends.
 */
enum exit_code admin_card(struct start *start);

#endif
