#ifndef CMD_ADMIN_OIDC_H
#define CMD_ADMIN_OIDC_H

#include "cmd/exits.h"
#include "cmd/program.h"

/*
 * "admin oidc keys": the public half of the key in oidc_key_file as a JWK set, to be handed in at the provider. Makes the key
 * when there is none. Needs no data and no database.
 */
enum exit_code admin_oidc_keys(struct program *program);

#endif
