#include "domain/identity/identity_row.h"

#include "base/random.h"
#include "domain/portal.h"
#include "i18n/width.h"
#include "store/query.h"

/* The end of a proof: with a result and perhaps a code, or with an error. */

struct finish_call {
	struct str id;
	const struct idv_result *result;
	enum idv_error error;
	struct str words; /* why, or the code as typed */
	struct idv_row row;
	struct str code;
	bool late;
};

/* The result of the first step; *out NULL: there is none. */
static err first_result(struct cx *cx, const struct idv_tx *tx, struct idv_result *room, const struct idv_result **out)
{
	struct idv_row first;

	*out = NULL;
	if (tx->chain.n == 0)
		return ok();
	TRY(idv_load(cx, tx->chain, &first));
	if (first.result.n == 0)
		return fail(ERR_CONFLICT, "the first step has been used");
	TRY(idv_result_open(cx, tx->chain, first.result, room));
	*out = room;
	return ok();
}

static struct str code_mac(struct cx *cx, struct str id, struct str code)
{
	return idv_mac_hex(cx, STR("code"), str_fmt(cx->arena, STR_FMT " " STR_FMT, STR_ARG(id), STR_ARG(code)));
}

static err await(struct cx *cx, struct finish_call *call, const struct idv_result *result)
{
	struct idv_tx *tx = &call->row.tx;
	struct str code = str_fmt(cx->arena, "%04u", random_below(10000));
	int64_t changed = 0, until = cx->now + IDV_CODE_MS;

	TRY(q_id_tx_await(cx_tx(cx),
		&(struct q_id_tx_await_in){
			.id = call->id,
			.code = code_mac(cx, call->id, code),
			.tries_left = IDV_CODE_TRIES,
			.result = idv_result_seal(cx, call->id, result),
			.evidence = result->evidence,
			.expires_at = until < tx->total_until ? until : tx->total_until,
			.now = cx->now,
		},
		&changed));
	if (changed == 0)
		return cx_again(cx, "the proof has moved on");
	call->code = code;
	TRY(idv_audit(cx, &call->row, IDV_AWAIT_CODE, IDV_ERROR_NONE, STR("")));
	return idv_load(cx, call->id, &call->row);
}

static err done(struct cx *cx, struct finish_call *call, const struct idv_result *first, const struct idv_result *result, bool confirmed)
{
	int64_t changed = 0;
	/* Of a proof in one step nothing is left to do; a first step's result waits for the second. */
	bool waits = call->row.tx.op == IDV_AUTH && !result->has_basic4;

	TRY(q_id_tx_done(cx_tx(cx),
		&(struct q_id_tx_done_in){
			.id = call->id,
			.from_state = call->row.stored,
			.tries_left = call->row.tx.tries_left,
			.confirmed = confirmed,
			.result = waits ? idv_result_seal(cx, call->id, result) : (struct str){0},
			.evidence = result->evidence,
			.now = cx->now,
		},
		&changed));
	if (changed == 0)
		return cx_again(cx, "the proof has moved on");
	TRY(idv_effects(cx, &call->row.tx, first, result));
	TRY(idv_audit(cx, &call->row, IDV_DONE, IDV_ERROR_NONE,
		str_fmt(cx->arena, STR_FMT "%s evidence=" STR_FMT, STR_ARG(idv_assurance_names[result->assurance]), confirmed ? " code" : "",
			STR_ARG(result->evidence))));
	return idv_load(cx, call->id, &call->row);
}

static err finish_in_tx(struct cx *cx, void *arg)
{
	struct finish_call *call = arg;
	struct idv_result result = *call->result, room;
	const struct idv_result *first;
	enum idv_error error;

	call->code = (struct str){0};
	call->late = false;
	TRY(idv_load(cx, call->id, &call->row));
	if (call->row.tx.state != IDV_VERIFYING) {
		call->late = true;
		return idv_note_late(cx, &call->row);
	}
	TRY(first_result(cx, &call->row.tx, &room, &first));
	TRY(idv_match(cx, &call->row.tx, first, &result, &error));
	if (error != IDV_ERROR_NONE)
		return idv_end(cx, &call->row, IDV_FAILED, error, STR(""));
	return call->row.tx.bindback ? await(cx, call, &result) : done(cx, call, first, &result, false);
}

err idv_finish(struct cx *cx, struct str id, const struct idv_result *result, struct idv_tx *out, struct str *code)
{
	struct finish_call call = {.id = id, .result = result};

	TRY(cx_write(cx, finish_in_tx, &call));
	idv_ring(cx, id);
	*out = call.row.tx;
	*code = call.code;
	return call.late ? fail(ERR_CONFLICT, "the proof was over before its result came") : ok();
}

static err wrong_code(struct cx *cx, struct finish_call *call)
{
	int64_t changed = 0;

	if (call->row.tx.tries_left <= 1)
		return idv_end(cx, &call->row, IDV_FAILED, IDV_ERROR_code_mismatch, STR(""));
	TRY(q_id_tx_wrong_code(cx_tx(cx), call->id, call->row.tx.tries_left, cx->now, &changed));
	if (changed == 0)
		return cx_again(cx, "two codes at the same moment");
	TRY(idv_audit(cx, &call->row, IDV_AWAIT_CODE, IDV_ERROR_code_mismatch, STR("")));
	return idv_load(cx, call->id, &call->row);
}

static err code_in_tx(struct cx *cx, void *arg)
{
	struct finish_call *call = arg;
	struct idv_result result, room;
	const struct idv_result *first;
	enum idv_error error;

	call->late = false;
	TRY(idv_load_own(cx, call->id, &call->row));
	if (idv_over(call->row.tx.state))
		return idv_note_late(cx, &call->row);
	call->late = call->row.tx.state != IDV_AWAIT_CODE;
	if (call->late)
		return ok();
	if (!str_eq_secret(code_mac(cx, call->id, call->words), call->row.code))
		return wrong_code(cx, call);
	TRY(idv_result_open(cx, call->id, call->row.result, &result));
	TRY(first_result(cx, &call->row.tx, &room, &first));
	TRY(idv_match(cx, &call->row.tx, first, &result, &error));
	if (error != IDV_ERROR_NONE)
		return idv_end(cx, &call->row, IDV_FAILED, error, STR(""));
	return done(cx, call, first, &result, true);
}

/* Digits only; absent: not four of them. */
static struct str code_read(struct arena *arena, struct str typed)
{
	struct str half = width_half(arena, typed);
	char *digits = arena_array(arena, char, IDV_CODE_DIGITS);
	size_t n = 0;

	for (size_t i = 0; i < half.n; i++) {
		char c = half.p[i];

		if (c == ' ' || c == '-' || c == '\t')
			continue;
		if (c < '0' || c > '9' || n == IDV_CODE_DIGITS)
			return (struct str){0};
		digits[n++] = c;
	}
	return n == IDV_CODE_DIGITS ? str_make(digits, n) : (struct str){0};
}

err idv_code(struct cx *cx, struct str id, struct str code, struct idv_tx *out)
{
	struct finish_call call = {.id = id, .words = code_read(cx->arena, code)};

	if (str_absent(call.words))
		return fail(ERR_INVALID, "not a code of four digits");
	TRY(cx_write(cx, code_in_tx, &call));
	if (call.late)
		return fail(ERR_CONFLICT, "no code is awaited");
	idv_ring(cx, id);
	*out = call.row.tx;
	return ok();
}

static err fail_in_tx(struct cx *cx, void *arg)
{
	struct finish_call *call = arg;

	TRY(idv_load(cx, call->id, &call->row));
	if (idv_over(call->row.tx.state))
		return idv_note_late(cx, &call->row);
	return idv_end(cx, &call->row, idv_errors[call->error].ends_in, call->error, call->words);
}

err idv_fail(struct cx *cx, struct str id, enum idv_error error, struct str why, struct idv_tx *out)
{
	struct finish_call call = {.id = id, .error = error, .words = why};

	if (idv_errors[error].ends_in == IDV_UNCHANGED)
		return fail(ERR_INTERNAL, "an error that ends nothing");
	TRY(cx_write(cx, fail_in_tx, &call));
	idv_ring(cx, id);
	*out = call.row.tx;
	return ok();
}
