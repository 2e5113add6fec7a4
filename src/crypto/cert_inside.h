#ifndef CRYPTO_CERT_INSIDE_H
#define CRYPTO_CERT_INSIDE_H

#include "crypto/cert.h"

/* What cert.c and cert_extension.c share; nobody else includes it. */

/* The content of [3]. Fills what comes from extensions. INVALID. */
err cert_extensions(struct str extensions, struct cert *out);

#endif
