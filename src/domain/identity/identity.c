#include "domain/identity/identity_row.h"

#include "base/random.h"
#include "base/utf8.h"
#include "crypto/seal.h"
#include "domain/application/draft.h"
#include "domain/identity/identity_words.h"
#include "domain/portal.h"
#include "store/query.h"

/* Crockford's base 32: no I, L, O and U, which people take for something else. */
static struct str id_make(struct arena *arena)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t bytes[16];
	char *text = arena_array(arena, char, IDV_ID_CHARS);
	unsigned held = 0, bits = 2; /* a number of 128 bits in 26 characters of five: two of nought, in front */
	size_t n = 0;

	random_bytes(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++) {
		held = held << 8 | bytes[i];
		for (bits += 8; bits >= 5; bits -= 5)
			text[n++] = digits[held >> (bits - 5) & 31];
	}
	return str_make(text, n);
}

struct begin_call {
	const struct idv_begin *begin;
	struct str browser;
	struct str id;
	struct str over[IDV_BEGUN_MOST]; /* ids that this one ended */
	size_t over_count;
	struct idv_row row;
};

/* May the second step follow this first one now? */
static err chain_check(struct cx *cx, const struct idv_begin *begin, int64_t *until)
{
	struct idv_row first;
	err e = idv_load_own(cx, begin->chain, &first);

	if (e.code == ERR_NOT_FOUND)
		return fail(ERR_CONFLICT, "no such first step");
	TRY(e);
	*until = first.changed_at + IDV_CHAIN_MS;
	if (first.tx.state != IDV_DONE || first.tx.op != IDV_AUTH || first.tx.purpose != begin->purpose ||
		first.tx.adapter != begin->adapter || first.result.n == 0 || cx->now >= *until)
		return fail(ERR_CONFLICT, "the first step is not, or no longer, usable");
	return ok();
}

static err kind_check(struct cx *cx, const struct idv_begin *begin)
{
	bool tax = begin->op == IDV_TAX;
	struct card_link link;

	if (tax != (begin->purpose == IDV_TAX_INFO) || tax != (begin->adapter == IDV_SELFINFO))
		return fail(ERR_CONFLICT, "not a thing that this way proves");
	if (tax || begin->chain.n > 0)
		return ok();
	if (begin->purpose == IDV_USAGE && begin->op == IDV_BASIC4 && begin->adapter == IDV_CARDLINK)
		return fail(ERR_CONFLICT, "the four items without a first step");
	if (begin->purpose == IDV_USAGE)
		return ok();
	if (begin->purpose == IDV_RELINK && begin->op == IDV_BASIC4 && begin->adapter == IDV_CARDLINK)
		return fail(ERR_CONFLICT, "a new card without a first step");
	err e = card_link_find_of(cx, cx->actor.account_id, begin->adapter, &link);

	return e.code == ERR_NOT_FOUND ? fail(ERR_CONFLICT, "no link") : e;
}

static int64_t pause_after(const struct q_id_tx_begun_row *rows, size_t count, int64_t now)
{
	if (count < IDV_BEGUN_MOST)
		return 0;
	int64_t newest = rows[0].created_at, oldest = rows[IDV_BEGUN_MOST - 1].created_at;
	int64_t until = newest + IDV_BEGUN_MS;

	return newest - oldest < IDV_BEGUN_MS && now < until ? until : 0;
}

static err pause_find(struct cx *cx, int64_t *until)
{
	struct q_id_tx_begun_row *rows;
	size_t count;

	TRY(q_id_tx_begun(cx_tx(cx), cx->actor.session_id, IDV_BEGUN_MOST, &rows, &count));
	*until = pause_after(rows, count, cx->now);
	return ok();
}

err idv_chain_find(struct cx *cx, enum idv_purpose purpose, int64_t draft_id, struct str *out)
{
	struct q_id_tx_chain_row row;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	TRY(q_id_tx_chain(cx_tx(cx), cx->actor.session_id, idv_purpose_names[purpose], draft_id, cx->now - IDV_CHAIN_MS, &row));
	*out = row.id;
	return ok();
}

err idv_pause(struct cx *cx, int64_t *until)
{
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	return pause_find(cx, until);
}

/* Those that this one takes the place of: all of the session, and the oldest of the account. */
static err supersede(struct cx *cx, struct begin_call *call)
{
	struct q_id_tx_open_row *open;
	size_t count, others = 0;

	TRY(q_id_tx_open(cx_tx(cx), cx->actor.account_id, cx->now, &open, &count));
	for (size_t i = 0; i < count; i++)
		others += open[i].session_id != cx->actor.session_id;
	for (size_t i = 0; i < count; i++) {
		struct idv_row row;
		bool own = open[i].session_id == cx->actor.session_id;

		if (!own && others < IDV_OPEN_PER_ACCOUNT)
			continue;
		others -= !own;
		TRY(idv_load(cx, open[i].id, &row));
		TRY(idv_end(cx, &row, IDV_CANCELLED, IDV_ERROR_superseded, STR("")));
		if (call->over_count < IDV_BEGUN_MOST)
			call->over[call->over_count++] = row.tx.id;
	}
	return ok();
}

/* Seconds after the log-in it is more likely that somebody else sits there. */
#define FRESH_MS INT64_C(60000)

static err insert(struct cx *cx, struct begin_call *call, int64_t total_until)
{
	const struct idv_begin *begin = call->begin;
	struct q_session_begun_row session;
	struct str held = {0};

	TRY(q_session_begun(cx_tx(cx), cx->actor.session_id, cx->actor.account_id, &session));
	if (begin->held.n > 0)
		held = seal(cx->arena, cx->portal->key, idv_held_purpose(cx, call->id), begin->held);
	return q_id_tx_insert(cx_tx(cx),
		&(struct q_id_tx_insert_in){
			.id = call->id,
			.adapter = idv_adapter_names[begin->adapter],
			.op = idv_op_names[begin->op],
			.purpose = idv_purpose_names[begin->purpose],
			.account_id = cx->actor.account_id,
			.session_id = cx->actor.session_id,
			.draft_id = begin->draft_id,
			.chain = begin->chain,
			.bindback = begin->adapter == IDV_CARDLINK && begin->chain.n == 0 && cx->now - session.created_at < FRESH_MS,
			.browser = call->browser,
			.next = begin->next,
			.held = held,
			.now = cx->now,
			.expires_at = total_until,
			.total_until = total_until,
		},
		NULL);
}

static err begin_in_tx(struct cx *cx, void *arg)
{
	struct begin_call *call = arg;
	const struct idv_begin *begin = call->begin;
	int64_t until = INT64_MAX, pause, changed = 0, total = cx->now + IDV_TOTAL_MS;

	call->over_count = 0;
	TRY(q_account_lock(cx_tx(cx), cx->actor.account_id, &changed));
	TRY(kind_check(cx, begin));
	if (begin->chain.n > 0)
		TRY(chain_check(cx, begin, &until));
	TRY(pause_find(cx, &pause));
	if (pause > 0)
		return fail(ERR_LIMIT, "too many codes in this session");
	TRY(supersede(cx, call));
	if (total > until)
		total = until;
	TRY(insert(cx, call, total));
	int64_t shown = begin->adapter == IDV_CARDLINK && cx->now + IDV_SHOWN_MS < total ? cx->now + IDV_SHOWN_MS : total;

	TRY(q_id_tx_show(cx_tx(cx), call->id, shown, cx->now, &changed));
	TRY(idv_load(cx, call->id, &call->row));
	call->row.stored = IDV_CREATED;
	return idv_audit(cx, &call->row, IDV_SHOWN, IDV_ERROR_NONE,
		str_fmt(cx->arena, "purpose=" STR_FMT, STR_ARG(idv_purpose_names[begin->purpose])));
}

bool idv_way_on(const struct cx *cx, enum idv_adapter adapter)
{
	const struct settings *settings = &cx->portal->settings;
	const bool on[IDV_ADAPTER_COUNT] = {
		[IDV_CARDLINK] = settings->card_on, [IDV_OIDC] = settings->oidc_on, [IDV_SELFINFO] = settings->selfinfo_on};

	return on[adapter];
}

static err begin_with(struct cx *cx, const struct idv_begin *begin, struct str browser, struct idv_tx *out)
{
	struct begin_call call = {.begin = begin, .browser = browser, .id = id_make(cx->arena)};
	struct draft draft;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	if (!idv_way_on(cx, begin->adapter))
		return fail(ERR_DENIED, "this way is switched off");
	if (begin->draft_id != 0)
		TRY(draft_require(cx, begin->draft_id, &draft));
	TRY(cx_write(cx, begin_in_tx, &call));
	for (size_t i = 0; i < call.over_count; i++)
		idv_ring(cx, call.over[i]);
	*out = call.row.tx;
	return ok();
}

err idv_begin(struct cx *cx, const struct idv_begin *begin, struct idv_tx *out)
{
	return begin_with(cx, begin, idv_browser_words(cx->arena, begin->agent), out);
}

err idv_renew(struct cx *cx, struct str id, struct str held, struct idv_tx *out)
{
	struct idv_row row;

	TRY(idv_load_own(cx, id, &row));
	if (row.tx.state == IDV_DONE)
		return fail(ERR_CONFLICT, "it is done");
	struct idv_begin begin = {
		.adapter = row.tx.adapter,
		.op = row.tx.op,
		.purpose = row.tx.purpose,
		.draft_id = row.tx.draft_id,
		.chain = row.tx.chain,
		.next = row.tx.next,
		.held = held,
	};

	return begin_with(cx, &begin, row.tx.browser, out);
}

err idv_require(struct cx *cx, struct str id, struct idv_tx *out)
{
	struct idv_row row;

	TRY(idv_load_own(cx, id, &row));
	*out = row.tx;
	return ok();
}

struct own_call {
	struct str id;
	struct idv_row row;
};

static err cancel_in_tx(struct cx *cx, void *arg)
{
	struct own_call *call = arg;

	TRY(idv_load_own(cx, call->id, &call->row));
	if (idv_over(call->row.tx.state))
		return idv_note_late(cx, &call->row);
	return idv_end(cx, &call->row, IDV_CANCELLED, IDV_ERROR_cancelled, STR(""));
}

err idv_cancel(struct cx *cx, struct str id, struct idv_tx *out)
{
	struct own_call call = {.id = id};

	TRY(cx_write(cx, cancel_in_tx, &call));
	idv_ring(cx, id);
	*out = call.row.tx;
	return ok();
}
