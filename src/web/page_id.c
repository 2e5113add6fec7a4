#include "base/limits.h"
#include "base/time.h"
#include "domain/application/draft.h"
#include "domain/portal.h"
#include "render/templates.h"
#include "web/card_step.h"
#include "web/idv_view.h"
#include "web/oidc_step.h"
#include "web/page.h"
#include "web/session_cookie.h"
#include "web/url.h"
#include "web/web.h"

/*
 * The browser's side of proving who one is (manual 3.2 steps 6 to 14, 4.1): the page with the code that the phone scans, which waits for the phone;
 * the number that the phone shows in return; and the way on. Another session's transaction does not exist here.
 */

static err find(struct exchange *ex, struct idv_tx *out)
{
	return idv_require(&ex->cx, exchange_path(ex, 0), out);
}

static err show_tx(struct exchange *ex, const struct idv_tx *tx)
{
	return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_id_tx_show, tx->id));
}

/* Too many codes, or the reading is switched off: a page that says so. Everything else is the router's. */
err idv_not_begun(struct exchange *ex, err e, const struct idv_tx *tx)
{
	int64_t until;

	if (e.code == ERR_DENIED)
		return PAGE(ex, 403, MSG_id_off_title, id_off, &(struct view_id_off){0});
	if (e.code != ERR_LIMIT)
		return e;
	TRY(idv_pause(&ex->cx, &until));
	int64_t wait = until > ex->cx.now ? (until - ex->cx.now + 999) / 1000 : 1;

	response_header(ex->res, STR("Retry-After"), str_fmt(ex->cx.arena, "%lld", (long long)wait));
	return idv_error_page(ex, 429, IDV_ERROR_too_many_codes, tx, until);
}

/* What a form names, among the names of a table. */
static bool named(struct str name, const struct str *names, int count, int *out)
{
	for (int i = 0; i < count; i++) {
		if (!str_eq(name, names[i]))
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* Of the person's own, or none. */
static err draft_of(struct exchange *ex, int64_t *id)
{
	struct str given = exchange_field(ex, "draft");
	struct draft draft;

	*id = 0;
	if (str_empty(given))
		return ok();
	if (!str_to_i64(given, id) || *id <= 0)
		return fail(ERR_INVALID, "no id of a draft");
	return draft_require(&ex->cx, *id, &draft);
}

/* The first step is too old to be gone on from, or has been used: its page knows which step is next. */
static err first_again(struct exchange *ex, enum idv_purpose purpose, int64_t draft_id)
{
	return exchange_redirect(ex, card_page_after(ex, IDV_AUTH, purpose, draft_id));
}

err page_id_tx_begin(struct exchange *ex)
{
	int op, purpose;
	struct idv_tx tx;
	struct idv_begin begin = {
		.adapter = IDV_CARDLINK,
		.agent = request_header(ex->req, STR("User-Agent")),
		.chain = exchange_field(ex, "chain"),
	};

	if (!named(exchange_field(ex, "op"), idv_op_names, IDV_TAX, &op))
		return fail(ERR_INVALID, "unknown op");
	if (!named(exchange_field(ex, "purpose"), idv_purpose_names, IDV_TAX_INFO, &purpose))
		return fail(ERR_INVALID, "unknown purpose");
	begin.op = (enum idv_op)op;
	begin.purpose = (enum idv_purpose)purpose;
	TRY(draft_of(ex, &begin.draft_id));
	if (str_eq(exchange_field(ex, "adapter"), idv_adapter_names[IDV_OIDC])) {
		begin.next = card_page_after(ex, IDV_BASIC4, begin.purpose, begin.draft_id);
		return oidc_lead(ex, &begin);
	}
	begin.next = card_page_after(ex, begin.op, begin.purpose, begin.draft_id);
	err e = idv_begin(&ex->cx, &begin, &tx);

	if (e.code == ERR_CONFLICT && begin.draft_id != 0 && begin.chain.n > 0)
		return first_again(ex, begin.purpose, begin.draft_id);
	return failed(e) ? idv_not_begun(ex, e, NULL) : show_tx(ex, &tx);
}

err page_id_tx_show(struct exchange *ex)
{
	struct idv_tx tx;

	TRY(find(ex, &tx));
	return idv_page(ex, 200, &tx, MSG_NONE);
}

static err answer_json(struct exchange *ex, int status, const struct buf *body)
{
	return exchange_bytes(ex, status, STR("application/json"), buf_view(body));
}

static err too_fast(struct exchange *ex, struct buf *body, unsigned interval)
{
	response_header(ex->res, STR("Retry-After"), str_fmt(ex->cx.arena, "%u", interval));
	idv_json_error(ex, body, IDV_ERROR_slow_down);
	return answer_json(ex, 429, body);
}

/*
 * `seq` is what the page knows. When nothing is new the answer waits, at most until this step's time is over.
 */
err page_id_tx_status(struct exchange *ex)
{
	struct idv_tx tx;
	struct buf body;
	struct str given = exchange_query(ex, "seq");
	int64_t seq = -1;
	unsigned interval = PACE_LEAST;

	if (!str_empty(given) && (!str_to_i64(given, &seq) || seq < 0))
		return fail(ERR_INVALID, "seq is no number");
	TRY(find(ex, &tx));
	buf_init(&body, ex->cx.arena, LIMIT_PAGE);
	if (!ex->req->again && !paces_take(&ex->web->paces, tx.id, seq < tx.seq ? seq : tx.seq, time_monotonic(), &interval))
		return too_fast(ex, &body, interval);
	if (tx.seq == seq && !idv_over(tx.state) && !ex->req->final) {
		int64_t left = tx.expires_at - ex->cx.now;

		return exchange_hold(ex, tx.id, left < LIMIT_HTTP_HOLD_MS ? left : LIMIT_HTTP_HOLD_MS);
	}
	idv_json(ex, &body, &tx, interval);
	return answer_json(ex, 200, &body);
}

err idv_go_on(struct exchange *ex, struct str id)
{
	struct idv_tx tx;
	struct str sent = {0}, token = {0};

	TRY(session_cookie_get(ex, &sent));
	TRY(idv_proceed(&ex->cx, id, sent, &tx, &token));
	if (!str_absent(token))
		session_cookie_set(ex, token);
	return exchange_redirect(ex, tx.next);
}

err page_id_tx_code(struct exchange *ex)
{
	struct idv_tx tx;
	err e = idv_code(&ex->cx, exchange_path(ex, 0), exchange_field(ex, "code"), &tx);

	if (e.code == ERR_INVALID || e.code == ERR_CONFLICT) {
		bool typed = e.code == ERR_INVALID;

		TRY(find(ex, &tx));
		if (tx.state != IDV_AWAIT_CODE)
			return show_tx(ex, &tx);
		return idv_page(ex, typed ? 400 : 409, &tx, typed ? MSG_id_code_form : MSG_NONE);
	}
	TRY(e);
	if (tx.state == IDV_DONE)
		return idv_go_on(ex, tx.id);
	return idv_page(ex, 409, &tx, MSG_NONE);
}

err page_id_tx_cancel(struct exchange *ex)
{
	struct idv_tx tx;

	TRY(idv_cancel(&ex->cx, exchange_path(ex, 0), &tx));
	return show_tx(ex, &tx);
}

err page_id_tx_renew(struct exchange *ex)
{
	struct idv_tx old, tx;

	TRY(find(ex, &old));
	err e = idv_renew(&ex->cx, old.id, (struct str){0}, &tx);

	/* Done meanwhile: its page says so. */
	if (e.code == ERR_CONFLICT && old.state == IDV_DONE)
		return show_tx(ex, &old);
	if (e.code == ERR_CONFLICT && old.chain.n > 0)
		return first_again(ex, old.purpose, old.draft_id);
	return failed(e) ? idv_not_begun(ex, e, &old) : show_tx(ex, &tx);
}

err page_id_tx_proceed(struct exchange *ex)
{
	struct idv_tx tx;

	TRY(find(ex, &tx));
	return tx.state == IDV_DONE ? idv_go_on(ex, tx.id) : show_tx(ex, &tx);
}

/* Where a camera leads that read the code. What stands behind '#' stays in the browser. */
err page_q_show(struct exchange *ex)
{
	struct view_id_q view = {.app = ex->cx.portal->settings.card_app_name};

	return PAGE(ex, 200, MSG_id_q_title, id_q, &view);
}
