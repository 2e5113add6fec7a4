#include "http/inside.h"

/*
 * Bodies in pieces, both ways. The event thread moves bytes between the socket and one piece of memory; what is done with a piece is
 * a worker's. Without workers everything is done in the event thread, which only tests do.
 */

static const struct http_limits *limits_of(const struct conn *conn)
{
	return &conn->loop->server->conf.limits;
}

/* ---- in a worker ---- */

static void handle(struct server *server, struct exchange *exchange)
{
	if (atomic_load(&server->abandoned))
		return;
	server->conf.handle(server->conf.arg, &exchange->req, &exchange->res);
	struct giver *giver = &exchange->res.giver;
	if (giver->next && giver->size > 0 && exchange->req.method != HTTP_HEAD)
		exchange->give_failed = failed(giver->next(giver, &exchange->given));
}

static void take(struct server *server, struct exchange *exchange)
{
	struct taking *taking = &exchange->taking;
	bool more = taking->taker.take(&taking->taker, buf_view(&taking->piece));
	buf_clear(&taking->piece);
	if (more && taking->received < exchange->parse.length)
		return;
	taking->on = false;
	taking->answered = true;
	exchange->req.taker = &taking->taker;
	exchange->req.taken_short = !more;
	exchange_answer(exchange, 200);
	handle(server, exchange);
}

static void drop(struct taking *taking)
{
	if (taking->piece.n > 0)
		(void)taking->taker.take(&taking->taker, buf_view(&taking->piece));
	taking->taker.drop(&taking->taker);
	taking->on = false;
}

void exchange_work(struct server *server, struct exchange *exchange)
{
	struct taking *taking = &exchange->taking;
	struct giver *giver = &exchange->res.giver;
	switch (exchange->work) {
	case WORK_BEGIN:
		taking->on = server->conf.begin(
			server->conf.arg, &exchange->req, exchange->parse.length, &exchange->res, &taking->taker);
		break;
	case WORK_TAKE:
		take(server, exchange);
		break;
	case WORK_DROP:
		drop(taking);
		break;
	case WORK_GIVE:
		exchange->give_failed = failed(giver->next(giver, &exchange->given));
		break;
	default:
		handle(server, exchange);
		break;
	}
	/* No loop looks at it any more. */
	if (taking->on && atomic_load(&server->abandoned))
		drop(taking);
}

/* ---- in the event thread ---- */

bool conn_takes(struct conn *conn)
{
	const struct exchange *exchange = conn->exchange;
	const struct server_conf *conf = &conn->loop->server->conf;
	return conf->takes && (exchange->parse.length > 0 || exchange->parse.chunked) && conf->takes(conf->arg, &exchange->req);
}

static void took(struct conn *conn);

void conn_take(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	if (exchange->parse.chunked || exchange->parse.length > limits_of(conn)->take) {
		conn_refuse(conn, exchange->parse.chunked ? 411 : 413);
		return;
	}
	conn_number(conn);
	conn_identify(conn);
	exchange_answer(exchange, 200);
	if (conn_to_worker(conn, WORK_BEGIN))
		return;
	if (conn->loop->server->conf.workers > 0) {
		exchange->parse.keep_alive = false; /* its body is not read */
		conn_busy(conn);
		return;
	}
	exchange_work(conn->loop->server, exchange);
	took(conn);
}

/* What came along with the head. */
static void take_along(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	struct taking *taking = &exchange->taking;
	size_t there = exchange->filled - exchange->end;
	size_t n = there < exchange->parse.length ? there : (size_t)exchange->parse.length;
	size_t room = limits_of(conn)->piece > exchange->in_size ? limits_of(conn)->piece : exchange->in_size;
	buf_init_room(&taking->piece, &exchange->arena, room, room);
	buf_bytes(&taking->piece, exchange->in + exchange->end, n);
	exchange->end += n;
	taking->received = n;
}

static void go_on(struct conn *conn)
{
	conn->state = CONN_TAKE;
	conn->exchange->taking.window = 0;
	timer_set(&conn->loop->timers, &conn->timer, TIMER_TAKE, conn->loop->now);
}

static void begun(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	if (!exchange->taking.on) {
		exchange->res.close = true; /* nobody reads the body */
		conn_answer(conn);
		return;
	}
	bool waits = exchange->parse.expects && exchange->end == exchange->filled;
	take_along(conn);
	go_on(conn);
	if (waits && !conn_say_continue(conn))
		conn_close(conn);
}

static void took(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	struct taking *taking = &exchange->taking;
	if (conn->fd < 0 && taking->on) {
		conn_take_drop(conn, 0);
		return;
	}
	if (conn->fd < 0) {
		conn->state = CONN_WRITE;
		conn_close(conn);
		return;
	}
	if (exchange->work == WORK_DROP)
		conn_refuse(conn, taking->cut);
	else if (exchange->work == WORK_BEGIN)
		begun(conn);
	else if (taking->on)
		go_on(conn);
	else {
		exchange->res.close |= exchange->req.taken_short;
		conn_answer(conn);
	}
}

void conn_took(struct conn *conn)
{
	took(conn);
	conn_drive(conn);
}

bool conn_take_step(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	struct taking *taking = &exchange->taking;
	uint64_t left = exchange->parse.length - taking->received;
	size_t room = taking->piece.max - taking->piece.n;
	if (left == 0 || room == 0) {
		exchange->req.received_at = conn->loop->wall;
		if (conn_to_worker(conn, WORK_TAKE))
			return false;
		/* No room in the queue: its turn would never come otherwise. */
		exchange_work(conn->loop->server, exchange);
		took(conn);
		return true;
	}
	if (!conn->readable)
		return false;
	size_t n = 0;
	conn_receive(conn, taking->piece.p + taking->piece.n, room < left ? room : (size_t)left, &n);
	/* The peer has gone: a worker has the exchange now, or it has been given back already. */
	if (conn->state != CONN_TAKE)
		return false;
	taking->piece.n += n;
	taking->received += n;
	taking->window += n;
	return true;
}

void conn_take_drop(struct conn *conn, int cut)
{
	conn->exchange->taking.cut = cut;
	if (conn_to_worker(conn, WORK_DROP))
		return;
	/* The queue is full: what has come must not be lost for that. */
	exchange_work(conn->loop->server, conn->exchange);
	took(conn);
}

void conn_take_expired(struct conn *conn)
{
	const struct http_limits *limits = limits_of(conn);
	if ((int64_t)conn->exchange->taking.window * 1000 >= limits->take_rate * limits->take_ms) {
		go_on(conn);
		return;
	}
	loop_count(conn->loop, COUNT_SLOW_CUT);
	conn_take_drop(conn, 408);
	conn_drive(conn);
}

bool conn_give(struct conn *conn)
{
	if (conn_to_worker(conn, WORK_GIVE))
		return false;
	if (conn->loop->server->conf.workers > 0) {
		conn->state = CONN_WRITE;
		conn_reset(conn);
		return false;
	}
	exchange_work(conn->loop->server, conn->exchange);
	conn_gave(conn);
	return conn->state == CONN_WRITE;
}

void conn_gave(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	struct str piece = exchange->given;
	conn->state = CONN_WRITE;
	if (exchange->give_failed || piece.n == 0 || piece.n > exchange->give_left) {
		conn_reset(conn);
		return;
	}
	exchange->give_left -= piece.n;
	exchange->out[0] = (struct iovec){(void *)(uintptr_t)piece.p, piece.n};
	exchange->out_count = 1;
	conn->written = 0;
	timer_set(&conn->loop->timers, &conn->timer, TIMER_WRITE, conn->loop->now);
}
