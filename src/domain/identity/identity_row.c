#include "domain/identity/identity_row.h"

#include "base/encode.h"
#include "crypto/seal.h"
#include "domain/audit.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

/* The place of a name in its table; false: not there, which only a newer program can have written. */
static bool place_of(const struct str *names, size_t count, struct str name, unsigned *out)
{
	for (unsigned i = 0; i < count; i++)
		if (str_eq(names[i], name)) {
			*out = i;
			return true;
		}
	return false;
}

static err names_read(const struct q_id_tx_find_row *row, struct idv_tx *tx)
{
	unsigned adapter, op, purpose;

	if (!place_of(idv_adapter_names, IDV_ADAPTER_COUNT, row->adapter, &adapter) ||
		!place_of(idv_op_names, IDV_OP_COUNT, row->op, &op) ||
		!place_of(idv_purpose_names, IDV_PURPOSE_COUNT, row->purpose, &purpose) ||
		row->state < 0 || row->state >= IDV_STATE_COUNT || row->phone_event < 0 ||
		row->phone_event >= IDV_PHONE_COUNT)
		return fail(ERR_INTERNAL, "a proof of an unknown kind");
	tx->adapter = (enum idv_adapter)adapter;
	tx->op = (enum idv_op)op;
	tx->purpose = (enum idv_purpose)purpose;
	tx->state = (enum idv_state)row->state;
	tx->phone_event = (enum idv_phone)row->phone_event;
	tx->error = IDV_ERROR_NONE;
	if (row->error.n > 0 && !idv_error_of(row->error, &tx->error))
		return fail(ERR_INTERNAL, "a proof with an unknown error");
	return ok();
}

/* Whoever verifies answers within its time; when it does not, its process is gone. */
static void lateness(struct idv_tx *tx, int64_t now)
{
	if (idv_over(tx->state) || now < tx->expires_at)
		return;
	bool verifying = tx->state == IDV_VERIFYING;

	tx->state = verifying ? IDV_FAILED : IDV_EXPIRED;
	tx->error = verifying ? IDV_ERROR_internal : IDV_ERROR_expired;
	tx->seq++;
}

err idv_load(struct cx *cx, struct str id, struct idv_row *out)
{
	struct q_id_tx_find_row row;
	struct idv_row loaded = {0};

	if (id.n != IDV_ID_CHARS)
		return (err){ERR_NOT_FOUND};
	TRY(q_id_tx_find(cx_tx(cx), id, &row));
	TRY(names_read(&row, &loaded.tx));
	loaded.stored = loaded.tx.state;
	loaded.stored_seq = row.seq;
	loaded.confirmed = row.confirmed != 0;
	loaded.bad_claims = row.bad_claims;
	loaded.changed_at = row.changed_at;
	loaded.left_at = row.left_at;
	loaded.code = row.code;
	loaded.app = row.app;
	loaded.app_key = row.app_key;
	loaded.held = row.held;
	loaded.result = row.result;
	struct idv_tx *tx = &loaded.tx;

	tx->id = row.id;
	tx->account_id = row.account_id;
	tx->session_id = row.session_id;
	tx->draft_id = row.draft_id;
	tx->chain = row.chain;
	tx->seq = row.seq;
	tx->tries_left = (unsigned)row.tries_left;
	tx->phone_label = row.phone_label;
	tx->phone_tries = (unsigned)row.phone_tries;
	tx->bindback = row.bindback != 0;
	tx->created_at = row.created_at;
	tx->expires_at = row.expires_at;
	tx->total_until = row.total_until;
	tx->next = row.next;
	tx->browser = row.browser;
	lateness(tx, cx->now);
	*out = loaded;
	return ok();
}

err idv_load_own(struct cx *cx, struct str id, struct idv_row *out)
{
	struct idv_row row;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return (err){ERR_NOT_FOUND};
	TRY(idv_load(cx, id, &row));
	if (row.tx.account_id != cx->actor.account_id || row.tx.session_id != cx->actor.session_id)
		return (err){ERR_NOT_FOUND};
	*out = row;
	return ok();
}

struct str idv_held_purpose(struct cx *cx, struct str id)
{
	return str_fmt(cx->arena, "id held " STR_FMT, STR_ARG(id));
}

err idv_open(struct cx *cx, const struct idv_row *row, struct idv_tx *out)
{
	struct idv_tx tx = row->tx;

	tx.app = row->app;
	tx.app_key = row->app_key;
	if (row->held.n > 0)
		TRY(sealed_open(cx, idv_held_purpose(cx, tx.id), row->held, &tx.held));
	*out = tx;
	return ok();
}

err idv_audit(struct cx *cx, const struct idv_row *row, enum idv_state to, enum idv_error error, struct str extra)
{
	struct buf detail;

	buf_init(&detail, cx->arena, 1024);
	buf_fmt(&detail, STR_FMT " " STR_FMT " " STR_FMT ">" STR_FMT, STR_ARG(row->tx.id), STR_ARG(idv_op_names[row->tx.op]),
		STR_ARG(idv_state_names[row->stored]), STR_ARG(idv_state_names[to]));
	if (error != IDV_ERROR_NONE)
		buf_fmt(&detail, " error=" STR_FMT, STR_ARG(idv_errors[error].name));
	if (row->app.n > 0)
		buf_fmt(&detail, " app=" STR_FMT, STR_ARG(row->app));
	if (extra.n > 0)
		buf_fmt(&detail, " " STR_FMT, STR_ARG(extra));
	TRY(buf_error(&detail));
	return audit_add(cx, str_fmt(cx->arena, "identity_" STR_FMT, STR_ARG(idv_state_names[to])), row->tx.account_id, STR("id_tx"), 0,
		buf_view(&detail));
}

err idv_end(struct cx *cx, struct idv_row *row, enum idv_state state, enum idv_error error, struct str why)
{
	int64_t changed = 0;
	struct str name = error == IDV_ERROR_NONE ? (struct str){0} : idv_errors[error].name;

	TRY(q_id_tx_end(cx_tx(cx),
		&(struct q_id_tx_end_in){.id = row->tx.id, .seq = row->stored_seq, .state = state, .error = name, .now = cx->now}, &changed));
	if (changed == 0)
		return cx_again(cx, "the proof has moved on");
	TRY(idv_audit(cx, row, state, error, why));
	row->stored = row->tx.state = state;
	row->tx.error = error;
	row->tx.seq = ++row->stored_seq;
	row->held = row->result = row->code = (struct str){0};
	return ok();
}

err idv_note_late(struct cx *cx, struct idv_row *row)
{
	if (row->stored == row->tx.state)
		return ok();
	return idv_end(cx, row, row->tx.state, row->tx.error, STR("late"));
}

void idv_mac(const struct cx *cx, struct str purpose, struct str text, uint8_t out[SHA256_BYTES])
{
	uint8_t key[SHA256_BYTES];

	hmac_sha256(str_make((const char *)cx->portal->key->bytes, SEAL_KEY_BYTES),
		str_fmt(cx->arena, "identity: " STR_FMT, STR_ARG(purpose)), key);
	hmac_sha256(str_make((const char *)key, sizeof key), text, out);
}

struct str idv_mac_hex(const struct cx *cx, struct str purpose, struct str text)
{
	uint8_t mac[SHA256_BYTES];
	struct buf hex;

	idv_mac(cx, purpose, text, mac);
	buf_init_room(&hex, cx->arena, 64, 64);
	hex_write(&hex, str_make((const char *)mac, sizeof mac));
	return buf_view(&hex);
}

void idv_ring(const struct cx *cx, struct str id)
{
	if (cx->portal->idv_changed)
		cx->portal->idv_changed(cx->portal->idv_changed_arg, id);
}
