#include "domain/identity/identity_row.h"

#include "base/encode.h"
#include "crypto/token.h"
#include "domain/audit.h"
#include "domain/portal.h"
#include "store/query.h"

/*
 * The way on behind a proof, under a new token of the session. That is made of the one that the browser sent and of the proof, under the portal's
 * key: whoever sends both again is told the same, and no row holds either.
 */

struct proceed_call {
	struct str id, sent;
	struct idv_row row;
	struct str token; /* absent: the browser has the right one */
};

static struct str renewed(struct cx *cx, const struct proceed_call *call)
{
	uint8_t mac[SHA256_BYTES];
	struct buf text;

	idv_mac(cx, STR("session"), str_fmt(cx->arena, STR_FMT " " STR_FMT, STR_ARG(call->id), STR_ARG(call->sent)), mac);
	buf_init_room(&text, cx->arena, 64, 64);
	base64url_write(&text, str_make((const char *)mac, sizeof mac));
	return buf_view(&text);
}

/* It has been left before; by what was sent, when its session goes under what that was renewed to. */
static err told_again(struct cx *cx, struct proceed_call *call)
{
	struct str token = renewed(cx, call);
	struct q_session_find_row session;
	err found = q_session_find(cx_tx(cx), token_digest(cx->arena, token), &session);

	if (found.code == ERR_NOT_FOUND)
		return ok();
	TRY(found);
	if (session.id == call->row.tx.session_id)
		call->token = token;
	return ok();
}

static err proceed_in_tx(struct cx *cx, void *arg)
{
	struct proceed_call *call = arg;
	struct str token = renewed(cx, call);
	int64_t changed = 0;

	call->token = (struct str){0};
	TRY(idv_load_own(cx, call->id, &call->row));
	if (call->row.tx.state != IDV_DONE)
		return fail(ERR_CONFLICT, "it is not done");
	TRY(q_id_tx_left(cx_tx(cx), call->id, cx->now, &changed));
	if (changed == 0)
		return told_again(cx, call);
	TRY(q_session_rotate(cx_tx(cx), cx->actor.session_id, cx->actor.account_id, token_digest(cx->arena, token), &changed));
	if (changed == 0)
		return (err){ERR_NOT_FOUND};
	call->token = token;
	return audit_add(cx, STR("session_renewed"), cx->actor.account_id, STR("session"), cx->actor.session_id, call->id);
}

err idv_proceed(struct cx *cx, struct str id, struct str sent, struct idv_tx *out, struct str *session_token)
{
	struct proceed_call call = {.id = id, .sent = sent};

	TRY(cx_write(cx, proceed_in_tx, &call));
	*out = call.row.tx;
	*session_token = call.token;
	return ok();
}

err idv_proceed_again(struct cx *cx, struct str id, struct str sent, struct idv_tx *out, struct str *session_token)
{
	struct proceed_call call = {.id = id, .sent = sent};
	const struct idv_row *row = &call.row;

	TRY(idv_load(cx, id, &call.row));
	if (row->tx.state != IDV_DONE || row->left_at == 0 || cx->now >= row->left_at + IDV_AGAIN_MS)
		return (err){ERR_NOT_FOUND};
	TRY(told_again(cx, &call));
	if (str_absent(call.token))
		return (err){ERR_NOT_FOUND};
	*out = row->tx;
	*session_token = call.token;
	return ok();
}
