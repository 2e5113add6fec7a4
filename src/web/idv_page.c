#include "web/idv_view.h"

#include "domain/portal.h"
#include "identity/cardlink.h"
#include "render/qr.h"
#include "render/templates.h"
#include "web/pace.h"
#include "web/url.h"
#include "web/view_text.h"

#define STEPS 5

static struct html with_app(struct exchange *ex, enum msg msg)
{
	struct msg_arg app = {STR("app"), ex->cx.portal->settings.card_app_name};

	return view_msg_args(ex, msg, &app, 1);
}

/* The manual's steps; behind the scan those that are left. */
static void steps_view(struct exchange *ex, const struct idv_tx *tx, struct view_id_show *view)
{
	bool auth = tx->op == IDV_AUTH;
	size_t from = tx->state == IDV_CLAIMED ? 2 : 0;
	struct view_id_show_steps *steps = arena_array(ex->cx.arena, struct view_id_show_steps, STEPS);

	steps[0].text = with_app(ex, MSG_id_step_open);
	steps[1].text = view_msg(ex, MSG_id_step_scan);
	steps[2].text = view_msg(ex, auth ? MSG_id_step_pin : MSG_id_step_password);
	steps[3].text = view_msg(ex, MSG_id_step_card);
	steps[4].text = view_msg(ex, auth ? MSG_id_step_close_auth : MSG_id_step_close_basic4);
	view->steps = steps + from;
	view->steps_count = STEPS - from;
}

static err scan_view(struct exchange *ex, const struct idv_tx *tx, struct view_id_show *view)
{
	view->scan = true;
	view->lead = with_app(ex, tx->op == IDV_AUTH ? MSG_id_lead_auth : MSG_id_lead_basic4);
	view->by_hand = cardlink_code(&ex->cx, tx);
	return qr_html(ex->cx.arena, view->by_hand, ex->page.locale->plain[MSG_id_qr_label], &view->qr);
}

/* One that ended otherwise than well. */
static err over_page(struct exchange *ex, int status, const struct idv_tx *tx)
{
	return idv_error_page(ex, status, idv_reason(tx), tx, 0);
}

static struct html wrong_of(struct exchange *ex, const struct idv_tx *tx, enum msg wrong)
{
	struct msg_arg count = {STR("count"), str_fmt(ex->cx.arena, "%u", tx->tries_left)};

	if (wrong != MSG_NONE)
		return view_msg(ex, wrong);
	return tx->error == IDV_ERROR_code_mismatch ? view_msg_args(ex, MSG_id_code_wrong, &count, 1) : html_none();
}

static struct str how_of(const struct idv_tx *tx)
{
	if (tx->state == IDV_DONE)
		return STR("good");
	if (tx->state == IDV_CLAIMED && tx->phone_event != IDV_PHONE_NONE)
		return STR("care");
	return tx->state == IDV_AWAIT_CODE ? STR("") : STR("on");
}

err idv_page(struct exchange *ex, int status, const struct idv_tx *tx, enum msg wrong)
{
	bool done = tx->state == IDV_DONE, over = idv_over(tx->state), phone = tx->adapter == IDV_CARDLINK;
	int64_t left = idv_seconds_left(ex, tx);

	if (over && !done)
		return over_page(ex, status, tx);
	ex->back = url_1(ex->cx.arena, ROUTE_id_tx_show, tx->id);
	struct view_id_show view = {
		.title = idv_title(tx),
		.status = url_1(ex->cx.arena, ROUTE_id_tx_status, tx->id),
		.seq = tx->seq,
		.interval = PACE_LEAST,
		.left = str_fmt(ex->cx.arena, "%lld:%02lld", (long long)(left / 60), (long long)(left % 60)),
		.seconds = left,
		.waiting = idv_line(ex, tx),
		.how = how_of(tx),
		.phone = tx->phone_label,
		.has_phone = !over && tx->phone_label.n > 0 && tx->state != IDV_AWAIT_CODE,
		.code = tx->state == IDV_AWAIT_CODE,
		.code_to = url_1(ex->cx.arena, ROUTE_id_tx_code, tx->id),
		.done = done,
		.next_to = url_1(ex->cx.arena, ROUTE_id_tx_proceed, tx->id),
		.open = !over,
		.can_renew = phone && (tx->state == IDV_CREATED || tx->state == IDV_SHOWN || tx->state == IDV_CLAIMED),
		.renew_to = url_1(ex->cx.arena, ROUTE_id_tx_renew, tx->id),
		.cancel_to = url_1(ex->cx.arena, ROUTE_id_tx_cancel, tx->id),
		.here = ex->back,
		.refresh = !over && tx->state != IDV_AWAIT_CODE,
	};

	if (view.code)
		view.wrong = wrong_of(ex, tx, wrong);
	if (phone && tx->state <= IDV_CLAIMED)
		steps_view(ex, tx, &view);
	if (phone && (tx->state == IDV_CREATED || tx->state == IDV_SHOWN))
		TRY(scan_view(ex, tx, &view));
	/* Not while somebody types: a new page would take it away. */
	ex->refresh = view.refresh;
	return PAGE(ex, status, idv_title(tx), id_show, &view);
}

err idv_error_page(struct exchange *ex, int status, enum idv_error error, const struct idv_tx *tx, int64_t until)
{
	enum idv_retry retry = idv_errors[error].retry;
	bool again = retry == IDV_RETRY_YES || retry == IDV_RETRY_NEW_CODE;
	struct view_id_over view = {
		.title = idv_words[error].title,
		.detail = idv_words[error].detail,
		.next = idv_words[error].next,
		.relink = retry == IDV_RETRY_RELINK,
		.id = ex->cx.request_id,
	};

	if (tx) {
		ex->back = url_1(ex->cx.arena, ROUTE_id_tx_show, tx->id);
		view.can_renew = tx->adapter == IDV_CARDLINK && (again || retry == IDV_RETRY_LATER);
		view.renew_to = url_1(ex->cx.arena, ROUTE_id_tx_renew, tx->id);
		view.can_begin = tx->adapter != IDV_CARDLINK && again && tx->next.n > 0;
		view.begin = safe_next(tx->next);
	}
	/* A form that could not begin one. */
	if (!tx && !str_absent(exchange_field(ex, "op"))) {
		view.has_form = again || retry == IDV_RETRY_LATER;
		view.op = exchange_field(ex, "op");
		view.purpose = exchange_field(ex, "purpose");
		view.draft = exchange_field(ex, "draft");
		view.chain = exchange_field(ex, "chain");
	}
	if (until > 0) {
		struct buf clock;

		buf_init(&clock, ex->cx.arena, 16);
		clock_write(&clock, until);
		view.pause = view_msg_args(ex, MSG_id_pause_until, &(struct msg_arg){STR("time"), buf_view(&clock)}, 1);
	}
	return PAGE(ex, status, idv_words[error].title, id_over, &view);
}
