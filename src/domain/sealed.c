#include "domain/sealed.h"

#include "crypto/seal.h"
#include "domain/portal.h"

err sealed_open(struct cx *cx, struct str purpose, struct str sealed, struct str *out)
{
	if (failed(unseal(cx->arena, cx->portal->key, purpose, sealed, out)))
		return fail(ERR_SHUT, "it does not open: its key is lost, or it is damaged");
	return ok();
}
