#include "domain/application/authz.h"

/* Which party has which right. What of RIGHT_CHANGE is open to whom is the table of transitions'
 * business. */
static const unsigned rights[RIGHT_COUNT] = {
	[RIGHT_VIEW] = PARTY_OWNER | PARTY_OFFICE | PARTY_JOB,
	[RIGHT_CHANGE] = PARTY_OWNER | PARTY_OFFICE | PARTY_JOB,
};

unsigned authz_party(const struct actor *actor, int64_t owner_id)
{
	switch (actor->kind) {
	case ACTOR_ACCOUNT:
		return actor->account_id == owner_id ? PARTY_OWNER : 0;
	case ACTOR_OPERATOR:
		return PARTY_OFFICE;
	case ACTOR_JOB:
		return PARTY_JOB;
	case ACTOR_NOBODY:
		break;
	}
	return 0;
}

err authz_require(const struct actor *actor, int64_t owner_id, enum right right)
{
	unsigned party = authz_party(actor, owner_id);

	if (party == 0)
		return fail(ERR_NOT_FOUND, "not of this actor");
	if ((rights[right] & party) == 0)
		return fail(ERR_DENIED, "the actor lacks the right");
	return ok();
}
