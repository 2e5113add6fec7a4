#include "domain/identity/identity_row.h"

#include "crypto/seal.h"
#include "domain/identity/tax.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

/* Messages that have been here, and what the job does. */

static struct str jti_key(struct cx *cx, const struct idv_jti *jti)
{
	return sha256_hex(cx->arena, str_fmt(cx->arena, STR_FMT " " STR_FMT, STR_ARG(jti->app), STR_ARG(jti->jti)));
}

static struct str jti_purpose(struct cx *cx, struct str key)
{
	return str_fmt(cx->arena, "id answer " STR_FMT, STR_ARG(key));
}

struct jti_call {
	const struct idv_jti *jti;
	struct str key, answer;
	bool first, other;
};

static err take_in_tx(struct cx *cx, void *arg)
{
	struct jti_call *call = arg;
	struct q_id_jti_find_row row;
	struct str body = sha256_hex(cx->arena, call->jti->body);
	int64_t changed = 0;

	call->answer = (struct str){0};
	call->other = false;
	TRY(q_id_jti_add(cx_tx(cx), call->key, body, (struct str){0}, cx->now + IDV_JTI_MS, cx->now, &changed));
	call->first = changed != 0;
	if (call->first)
		return ok();
	TRY(q_id_jti_find(cx_tx(cx), call->key, &row));
	call->other = !str_eq(row.body, body);
	return call->other || row.answer.n == 0
		       ? ok()
		       : sealed_open(cx, jti_purpose(cx, call->key), row.answer, &call->answer);
}

err idv_jti_take(struct cx *cx, const struct idv_jti *jti, bool *first, struct str *answer, enum idv_error *refused)
{
	struct jti_call call = {.jti = jti, .key = jti_key(cx, jti)};

	TRY(cx_write(cx, take_in_tx, &call));
	*first = call.first;
	*answer = call.answer;
	*refused = call.other ? IDV_ERROR_replay : IDV_ERROR_NONE;
	return ok();
}

static err answered_in_tx(struct cx *cx, void *arg)
{
	const struct jti_call *call = arg;

	return q_id_jti_answer(cx_tx(cx), call->key, call->answer, NULL);
}

err idv_jti_answered(struct cx *cx, const struct idv_jti *jti, struct str answer)
{
	struct jti_call call = {.jti = jti, .key = jti_key(cx, jti)};

	call.answer = seal(cx->arena, cx->portal->key, jti_purpose(cx, call.key), answer);
	return cx_write(cx, answered_in_tx, &call);
}

/* So many rows in one transaction; the writer of SQLite is everybody's. */
#define SWEEP_MOST 200

struct sweep {
	struct str rung[SWEEP_MOST];
	size_t n;
};

static err late_in_tx(struct cx *cx, void *arg)
{
	struct sweep *sweep = arg;
	struct q_id_tx_late_row *rows;
	size_t count;

	sweep->n = 0;
	TRY(q_id_tx_late(cx_tx(cx), cx->now, SWEEP_MOST, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		struct idv_row row;

		TRY(idv_load(cx, rows[i].id, &row));
		TRY(idv_note_late(cx, &row));
		sweep->rung[sweep->n++] = rows[i].id;
	}
	return ok();
}

static err old_in_tx(struct cx *cx, void *arg)
{
	struct sweep *sweep = arg;
	struct q_id_tx_old_row *rows;
	size_t count;

	TRY(q_id_tx_old(cx_tx(cx), cx->now - IDV_KEEP_MS, SWEEP_MOST, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		TRY(q_id_tombstone_add(cx_tx(cx),
			&(struct q_id_tombstone_add_in){
				.id_hash = sha256_hex(cx->arena, rows[i].id),
				.op = rows[i].op,
				.state = rows[i].state,
				.error = rows[i].error,
				.created_at = rows[i].created_at,
				.ended_at = rows[i].changed_at,
			},
			NULL));
		TRY(q_id_tx_delete(cx_tx(cx), rows[i].id, NULL));
	}
	sweep->n = count;
	return ok();
}

static err rest_in_tx(struct cx *cx, void *arg)
{
	(void)arg;
	TRY(q_id_tombstone_purge(cx_tx(cx), cx->now - IDV_TOMBSTONE_MS, NULL));
	TRY(q_id_jti_purge(cx_tx(cx), cx->now, NULL));
	TRY(tax_purge(cx));
	return q_basic4_purge(cx_tx(cx), cx->now - BASIC4_DRAFT_MS, NULL);
}

err idv_sweep(struct cx *cx)
{
	struct sweep sweep;

	do {
		TRY(cx_write(cx, late_in_tx, &sweep));
		for (size_t i = 0; i < sweep.n; i++)
			idv_ring(cx, sweep.rung[i]);
	} while (sweep.n == SWEEP_MOST);
	do
		TRY(cx_write(cx, old_in_tx, &sweep));
	while (sweep.n == SWEEP_MOST);
	return cx_write(cx, rest_in_tx, NULL);
}
