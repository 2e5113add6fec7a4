#include "domain/identity/identity_row.h"

#include "base/encode.h"
#include "base/time.h"
#include "crypto/seal.h"
#include "domain/portal.h"
#include "store/query.h"

/* The phone's side: from the scanned code to the moment of verification. */

#define SECRET_BYTES 16

struct str idv_claim_secret(struct cx *cx, struct str id)
{
	uint8_t mac[SHA256_BYTES];
	struct buf text;

	idv_mac(cx, STR("claim"), id, mac);
	buf_init_room(&text, cx->arena, 32, 32);
	base64url_write(&text, str_make((const char *)mac, SECRET_BYTES));
	return buf_view(&text);
}

err idv_get(struct cx *cx, struct str id, struct idv_tx *out)
{
	struct idv_row row;

	TRY(idv_load(cx, id, &row));
	return idv_open(cx, &row, out);
}

/* With what the other side is answered when the transaction is not where it should be. */
static enum idv_error refusal_of(const struct idv_tx *tx)
{
	switch (tx->state) {
	case IDV_EXPIRED:
	case IDV_FAILED:
	case IDV_CANCELLED:
		return tx->error == IDV_ERROR_NONE ? IDV_ERROR_internal : tx->error;
	default:
		return IDV_ERROR_replay;
	}
}

struct phone_call {
	const struct idv_claim *claim;
	const struct idv_report *report;
	struct str id, app;
	struct idv_row row;
	struct idv_tx tx;
	enum idv_error refused;
	bool changed; /* somebody may wait for it */
};

/* What the second step needs to know of the first. */
static err first_step(struct cx *cx, const struct idv_tx *tx, struct str app, bool *same_app, bool *confirmed)
{
	struct idv_row first;

	*same_app = true;
	*confirmed = false;
	if (tx->chain.n == 0)
		return ok();
	TRY(idv_load(cx, tx->chain, &first));
	*same_app = str_eq(first.app, app);
	*confirmed = first.confirmed;
	return ok();
}

/* settings.card_bindback, as domain/identity/identity.h tells it. */
static err bindback_needed(struct cx *cx, const struct idv_tx *tx, bool confirmed, bool *out)
{
	enum card_bindback policy = cx->portal->settings.card_bindback;
	struct q_id_tx_trouble_row trouble;
	struct card_link link;

	*out = policy == BINDBACK_ALWAYS;
	if (policy != BINDBACK_FIRST_LINK || confirmed)
		return ok();
	*out = tx->bindback || tx->purpose == IDV_RELINK;
	if (*out)
		return ok();
	err e = card_link_find_of(cx, tx->account_id, tx->adapter, &link);

	*out = e.code == ERR_NOT_FOUND;
	if (failed(e))
		return *out ? ok() : e;
	TRY(q_id_tx_trouble(cx_tx(cx), tx->account_id, cx->now - TIME_HOUR, &trouble));
	*out = trouble.n > 0;
	return ok();
}

static err claim_first(struct cx *cx, struct phone_call *call)
{
	const struct idv_claim *claim = call->claim;
	struct idv_tx *tx = &call->row.tx;
	bool same_app, confirmed, bindback;
	int64_t changed = 0, until = cx->now + IDV_CLAIMED_MS;

	TRY(first_step(cx, tx, claim->app, &same_app, &confirmed));
	if (!same_app) {
		call->refused = IDV_ERROR_bad_proof;
		return ok();
	}
	TRY(bindback_needed(cx, tx, confirmed, &bindback));
	TRY(q_id_tx_claim(cx_tx(cx),
		&(struct q_id_tx_claim_in){
			.id = claim->id,
			.app = claim->app,
			.app_key = claim->app_key,
			.phone_label = claim->label,
			.bindback = bindback,
			.held = seal(cx->arena, cx->portal->key, idv_held_purpose(cx, claim->id), claim->held),
			.expires_at = until < tx->total_until ? until : tx->total_until,
			.now = cx->now,
		},
		&changed));
	if (changed == 0)
		return cx_again(cx, "claimed at the same moment");
	call->changed = true;
	call->row.app = claim->app;
	TRY(idv_audit(cx, &call->row, IDV_CLAIMED, IDV_ERROR_NONE,
		str_fmt(cx->arena, "net=" STR_FMT, STR_ARG(claim->network))));
	TRY(idv_load(cx, claim->id, &call->row));
	return idv_open(cx, &call->row, &call->tx);
}

/* The secret is wrong: somebody tries, and the account's next claims are looked at more closely. */
static err claim_wrong(struct cx *cx, struct phone_call *call)
{
	call->refused = IDV_ERROR_not_found;
	TRY(q_id_tx_bad_claim(cx_tx(cx), call->claim->id, NULL));
	if (call->row.bad_claims > 0)
		return ok();
	return idv_audit(cx, &call->row, call->row.stored, IDV_ERROR_not_found,
		str_fmt(cx->arena, "net=" STR_FMT, STR_ARG(call->claim->network)));
}

static err claim_second(struct cx *cx, struct phone_call *call)
{
	const struct idv_claim *claim = call->claim;

	call->refused = IDV_ERROR_claimed_twice;
	call->changed = true;
	return idv_end(cx, &call->row, IDV_FAILED, IDV_ERROR_claimed_twice,
		str_fmt(cx->arena, "other=" STR_FMT " net=" STR_FMT, STR_ARG(claim->app), STR_ARG(claim->network)));
}

static err claim_in_tx(struct cx *cx, void *arg)
{
	struct phone_call *call = arg;
	const struct idv_claim *claim = call->claim;

	call->refused = IDV_ERROR_NONE;
	call->changed = false;
	TRY(idv_load(cx, claim->id, &call->row));
	call->tx = call->row.tx;
	if (call->row.tx.adapter != IDV_CARDLINK)
		return (err){ERR_NOT_FOUND};
	if (!str_eq_secret(claim->secret, idv_claim_secret(cx, claim->id)))
		return claim_wrong(cx, call);
	if (idv_over(call->row.tx.state)) {
		call->refused = refusal_of(&call->row.tx);
		return idv_note_late(cx, &call->row);
	}
	if (call->row.tx.state == IDV_SHOWN)
		return claim_first(cx, call);
	if (!str_eq(call->row.app, claim->app))
		return claim_second(cx, call);
	if (call->row.tx.state != IDV_CLAIMED) {
		call->refused = IDV_ERROR_replay;
		return ok();
	}
	return idv_open(cx, &call->row, &call->tx);
}

/* Runs it, says not_found for what is not there, and wakes those who wait. */
static err phone_run(struct cx *cx, cx_fn *fn, struct phone_call *call, struct idv_tx *out, enum idv_error *refused)
{
	err e = cx_write(cx, fn, call);

	if (e.code == ERR_NOT_FOUND) {
		*refused = IDV_ERROR_not_found;
		return ok();
	}
	TRY(e);
	if (call->changed)
		idv_ring(cx, call->id);
	*out = call->tx;
	*refused = call->refused;
	return ok();
}

err idv_claim(struct cx *cx, const struct idv_claim *claim, struct idv_tx *out, enum idv_error *refused)
{
	struct phone_call call = {.claim = claim, .id = claim->id};

	return phone_run(cx, claim_in_tx, &call, out, refused);
}

static err report_in_tx(struct cx *cx, void *arg)
{
	struct phone_call *call = arg;
	const struct idv_report *report = call->report;
	int64_t changed = 0;

	call->refused = IDV_ERROR_NONE;
	call->changed = false;
	TRY(idv_load(cx, report->id, &call->row));
	if (call->row.app.n == 0 || !str_eq(call->row.app, report->app)) {
		call->refused = IDV_ERROR_bad_proof;
		return ok();
	}
	if (call->row.tx.state != IDV_CLAIMED) {
		call->refused = refusal_of(&call->row.tx);
		call->tx = call->row.tx;
		return idv_note_late(cx, &call->row);
	}
	call->changed = true;
	if (report->ends != IDV_ERROR_NONE)
		TRY(idv_end(cx, &call->row, idv_errors[report->ends].ends_in, report->ends, STR("reported")));
	else
		TRY(q_id_tx_phone(cx_tx(cx), report->id, report->app, report->event, report->tries, cx->now, &changed));
	if (report->ends == IDV_ERROR_NONE && changed == 0)
		return cx_again(cx, "the proof has moved on");
	TRY(idv_load(cx, report->id, &call->row));
	call->tx = call->row.tx;
	return ok();
}

err idv_report(struct cx *cx, const struct idv_report *report, struct idv_tx *out, enum idv_error *refused)
{
	struct phone_call call = {.report = report, .id = report->id};

	return phone_run(cx, report_in_tx, &call, out, refused);
}

static err verifying_in_tx(struct cx *cx, void *arg)
{
	struct phone_call *call = arg;
	int64_t changed = 0, until = cx->now + IDV_VERIFYING_MS;

	call->refused = IDV_ERROR_NONE;
	call->changed = false;
	TRY(idv_load(cx, call->id, &call->row));
	struct idv_tx *tx = &call->row.tx;

	call->tx = *tx;
	if (!str_eq(call->row.app, call->app) || (call->app.n == 0 && tx->adapter == IDV_CARDLINK)) {
		call->refused = IDV_ERROR_bad_proof;
		return ok();
	}
	enum idv_state from = tx->adapter == IDV_CARDLINK ? IDV_CLAIMED : IDV_SHOWN;

	if (tx->state != from) {
		call->refused = refusal_of(tx);
		return idv_note_late(cx, &call->row);
	}
	TRY(idv_open(cx, &call->row, &call->tx));
	TRY(q_id_tx_verify(cx_tx(cx),
		&(struct q_id_tx_verify_in){.id = call->id, .from_state = from, .app = call->app, .expires_at = until, .now = cx->now},
		&changed));
	if (changed == 0)
		return cx_again(cx, "verified at the same moment");
	TRY(idv_audit(cx, &call->row, IDV_VERIFYING, IDV_ERROR_NONE, STR("")));
	struct str held = call->tx.held;

	TRY(idv_load(cx, call->id, &call->row));
	TRY(idv_open(cx, &call->row, &call->tx));
	call->tx.held = held;
	call->changed = true;
	return ok();
}

err idv_verifying(struct cx *cx, struct str id, struct str app, struct idv_tx *out, enum idv_error *refused)
{
	struct phone_call call = {.id = id, .app = app};

	return phone_run(cx, verifying_in_tx, &call, out, refused);
}
