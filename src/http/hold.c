#include "http/inside.h"

/*
 * Exchanges whose answer is not known yet. While one is held its connection keeps the bytes that
 * were received and what parsing them found; the arena, and with it the request's strings, is given
 * back and made anew for the next question.
 */

static struct waits *waits_of(struct conn *conn)
{
	return &conn->loop->server->waits;
}

/* Who is counted: behind our proxy the address that it saw. */
static struct peer peer_of(const struct conn *conn)
{
	struct peer peer = conn->peer;
	struct str seen = conn->exchange->req.peer;
	if (seen.p != conn->peer.text && peer_from_number(seen, &peer))
		return peer;
	peer.counted = peer.counted && !(conn->loop->server->conf.trust_forwarded && peer.local);
	return peer;
}

static bool take_place(struct conn *conn)
{
	struct hold *hold = &conn->exchange->hold;
	if (!hold->placed) {
		hold->peer = peer_of(conn);
		hold->placed = waits_take(waits_of(conn), &hold->peer);
	}
	return hold->placed;
}

void conn_unhold(struct conn *conn)
{
	struct hold *hold = &conn->exchange->hold;
	if (hold->placed)
		waits_return(waits_of(conn), &hold->peer);
	hold->placed = false;
}

/* Waits for the key, for the next regular question, or for the end. */
static void wait_on(struct conn *conn)
{
	struct loop *loop = conn->loop;
	const struct hold *hold = &conn->exchange->hold;
	int64_t due = loop->now + loop->server->conf.limits.hold_again_ms;
	if (waits_rung(&loop->server->waits, hold->key, hold->asked))
		due = loop->now; /* between the handler's look and now: ask in this round */
	conn->state = CONN_HELD;
	timer_set_due(
		&loop->timers, &conn->timer, TIMER_HELD, due < hold->until ? due : hold->until);
}

void conn_hold(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	struct hold *hold = &exchange->hold;
	if (hold->final) { /* it was told so: a defect of the handler */
		exchange->res.broken = true;
		conn_answer(conn);
		return;
	}
	if (conn->half_closed) {
		conn_close(conn);
		return;
	}
	hold->key = waits_place(exchange->res.hold_key);
	hold->until = hold->since + exchange->res.hold_ms;
	if (loop_stopping(conn->loop) || conn->loop->now >= hold->until || !take_place(conn)) {
		hold->final = true;
		conn_ask(conn);
		return;
	}
	exchange_rest(exchange);
	wait_on(conn);
}

bool conn_hold_on(struct conn *conn)
{
	const struct hold *hold = &conn->exchange->hold;
	if (!hold->placed || hold->final)
		return false;
	exchange_rest(conn->exchange);
	wait_on(conn);
	return true;
}

void conn_ask_again(struct conn *conn, bool last)
{
	struct exchange *exchange = conn->exchange;
	conn->written = 0;
	timer_set(&conn->loop->timers, &conn->timer, TIMER_WRITE, conn->loop->now);
	if (last || conn->loop->now >= exchange->hold.until)
		exchange->hold.final = true;
	exchange->hold.again = true;
	if (failed(exchange_request(exchange))) /* it was sound before */
		conn_refuse(conn, 500);
	else
		conn_ask(conn);
	conn_drive(conn);
}

void loop_rung(struct loop *loop)
{
	const struct waits *waits = &loop->server->waits;
	uint64_t rings = waits_now(waits);
	if (rings == loop->rings)
		return;
	loop->rings = rings;
	struct timer *timer = timers_first(&loop->timers, TIMER_HELD);
	while (timer) {
		struct timer *next = timers_next(&loop->timers, timer);
		struct conn *conn = conn_of_timer(timer);
		const struct hold *hold = &conn->exchange->hold;
		if (waits_rung(waits, hold->key, hold->asked))
			conn_ask_again(conn, false);
		timer = next;
	}
}

void loop_hold_no_more(struct loop *loop)
{
	struct timer *timer;
	while ((timer = timers_first(&loop->timers, TIMER_HELD)) != NULL)
		conn_ask_again(conn_of_timer(timer), true);
}
