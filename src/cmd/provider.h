#ifndef CMD_PROVIDER_H
#define CMD_PROVIDER_H

#include "cmd/exits.h"
#include "cmd/start.h"
#include "identity/oidc.h"
#include "identity/selfinfo.h"

/*
 * The other services of the configuration, as the adapters want them. What is missing or wrong is said on standard error. NULL: the service is not named.
 */
enum exit_code provider_oidc(struct start *start, struct oidc **out);
enum exit_code provider_selfinfo(struct start *start, struct selfinfo **out);

/* Their origins, to which our forms may lead: " https://a.example https://b.example:8443"; empty: none. */
struct str provider_origins(const struct program *program);

#endif
