#include "domain/identity/card_address.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "domain/account/account.h"
#include "domain/audit.h"
#include "domain/identity/identity_card.h"
#include "i18n/width.h"
#include "store/query.h"

/* Read when the link was renewed, for no draft. */
#define NO_DRAFT 0

err card_address_offer(struct cx *cx, struct str *out)
{
	struct account account;
	struct basic4 card;
	err read = basic4_of_draft(cx, NO_DRAFT, &card);

	*out = (struct str){0};
	if (read.code == ERR_NOT_FOUND)
		return ok();
	TRY(read);
	TRY(account_require(cx, &account));
	struct str address = width_full(cx->arena, card.address);

	if (str_empty(address) || utf8_count(address) > LIMIT_ADDRESS)
		return ok();
	if (!str_eq(width_fold(cx->arena, address), width_fold(cx->arena, account.address)))
		*out = address;
	return ok();
}

static err take_in_tx(struct cx *cx, void *arg)
{
	struct str address;

	(void)arg;
	TRY(card_address_offer(cx, &address));
	if (str_absent(address))
		return fail(ERR_NOT_FOUND, "no address is offered");
	TRY(q_account_address(cx_tx(cx), cx->actor.account_id, STR("0000000"), address, NULL));
	return audit_add(cx, STR("address_from_card"), cx->actor.account_id, STR("account"), cx->actor.account_id, STR(""));
}

err card_address_take(struct cx *cx)
{
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	return cx_write(cx, take_in_tx, NULL);
}
