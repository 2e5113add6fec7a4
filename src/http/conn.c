#include "http/conn.h"

#include "http/inside.h"

#include <errno.h>
#include <sys/epoll.h>

#define EVENTS (EPOLLIN | EPOLLRDHUP | EPOLLET)
#define STEPS 64 /* of a connection in a round: some twenty pipelined requests */
#define BODY_PIECE (16u << 10)

static const struct http_limits *limits_of(const struct conn *conn)
{
	return &conn->loop->server->conf.limits;
}

static void set_timer(struct conn *conn, enum timer_kind kind)
{
	timer_set(&conn->loop->timers, &conn->timer, kind, conn->loop->now);
}

static void drop_exchange(struct conn *conn)
{
	if (conn->exchange)
		loop_give_back(conn->loop, conn->exchange);
	conn->exchange = NULL;
}

void conn_close(struct conn *conn)
{
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
	if (conn->state == CONN_WORKER || conn->state == CONN_CLOSED)
		return; /* conn_replied ends the former */
	if (conn->exchange && conn->exchange->taking.on) {
		conn_take_drop(conn, 0); /* and then it is closed */
		return;
	}
	timer_clear(&conn->timer);
	if (conn->exchange)
		conn_unhold(conn);
	drop_exchange(conn);
	conn->state = CONN_CLOSED;
	conn->next = conn->loop->closed;
	conn->loop->closed = conn;
}

static void on_ready(struct watch *watch, uint32_t events)
{
	struct conn *conn = (struct conn *)(void *)watch;
	if (conn->fd < 0)
		return;
	if (events & (EPOLLERR | EPOLLHUP)) {
		conn_close(conn);
		return;
	}
	if (events & (EPOLLIN | EPOLLRDHUP))
		conn->readable = true;
	if (events & EPOLLRDHUP)
		conn->half_closed = true;
	if (conn->half_closed && conn->state == CONN_HELD) {
		conn_close(conn); /* nobody waits for the answer any more */
		return;
	}
	conn_drive(conn);
}

void conn_open(struct conn *conn)
{
	conn->watch.ready = on_ready;
	conn->state = CONN_IDLE;
	set_timer(conn, TIMER_IDLE);
	if (!loop_watch(conn->loop, conn->fd, &conn->watch, EVENTS)) {
		conn_close(conn);
	} else if (loop_stopping(conn->loop)) {
		conn->readable = true;
		conn_drive(conn);
		if (conn->state == CONN_IDLE)
			conn_close(conn);
	}
}

/*
 * Reads once. False: the connection is closed, or nothing came (then `readable` is false).
 * A short read means that the kernel has nothing more (epoll(7)), unless the end of the stream
 * follows.
 */
bool conn_receive(struct conn *conn, char *to, size_t room, size_t *received)
{
	ssize_t n = recv(conn->fd, to, room, 0);
	if (n < 0 && errno == EINTR)
		return true;
	if (n < 0 && errno == EAGAIN) {
		conn->readable = false;
		return false;
	}
	if (n <= 0) {
		conn_close(conn); /* a request that is cut off has nobody who waits for an answer */
		return false;
	}
	if ((size_t)n < room && !conn->half_closed)
		conn->readable = false;
	*received += (size_t)n;
	return true;
}

void conn_refuse(struct conn *conn, int status)
{
	struct exchange *exchange = conn->exchange;
	const struct server_conf *conf = &conn->loop->server->conf;
	loop_count(conn->loop, COUNT_REFUSED);
	exchange_answer(exchange, status);
	if (conf->refuse)
		conf->refuse(conf->arg, status, &exchange->res);
	exchange->res.close = true;
	conn_answer(conn);
}

/* The loop's next thing to do for this connection; false: nothing can be done now. */
static bool step_idle(struct conn *conn)
{
	if (!conn->readable)
		return false;
	conn->exchange = loop_exchange(conn->loop);
	conn->exchange->conn = conn;
	conn->state = CONN_HEAD;
	return true;
}

/* A head whose rest has not come. */
static bool wait_head(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	if (exchange->filled == exchange->from) {
		drop_exchange(conn); /* nothing came after all */
		conn->state = CONN_IDLE;
	} else if (conn->timer.kind != TIMER_HEAD) {
		set_timer(conn, TIMER_HEAD);
	}
	return false;
}

static bool read_head(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	if (!conn->readable)
		return wait_head(conn);
	exchange_make_room(exchange, limits_of(conn));
	size_t room = exchange->in_size - exchange->filled;
	conn_receive(conn, exchange->in + exchange->filled, room, &exchange->filled);
	return conn->state == CONN_HEAD;
}

/* Tells a client that waits for it to send its body. One that has not even taken its former answers
 * is not waited for. */
bool conn_say_continue(struct conn *conn)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	return send(conn->fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL) == (ssize_t)(sizeof go_on - 1);
}

/* The head is complete and the body is not. */
static bool begin_body(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	if (exchange->parse.expects && exchange->end == exchange->filled && !conn_say_continue(conn)) {
		conn_close(conn);
		return false;
	}
	buf_init(&exchange->body, &exchange->arena, limits_of(conn)->body);
	if (!exchange->parse.chunked) {
		buf_bytes(&exchange->body, exchange->in + exchange->end,
			exchange->filled - exchange->end);
		exchange->end = exchange->filled;
	}
	conn->body_started = conn->loop->now;
	conn->state = CONN_BODY;
	set_timer(conn, TIMER_BODY_GRACE);
	return true;
}

static bool take_head(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	const struct parse *parse = &exchange->parse;
	if (parse->chunked) /* coded bytes are read behind the head */
		exchange_make_room(exchange, limits_of(conn));
	exchange->end = exchange->from + parse->head_size;
	if (failed(exchange_request(exchange))) {
		conn_refuse(conn, 400);
		return true;
	}
	if (conn_takes(conn)) {
		conn_take(conn);
		return true;
	}
	if (parse->length > limits_of(conn)->body) {
		conn_refuse(conn, 413);
		return true;
	}
	if (parse->chunked || parse->length > exchange->filled - exchange->end)
		return begin_body(conn);
	exchange->req.body = str_make(exchange->in + exchange->end, (size_t)parse->length);
	exchange->end += (size_t)parse->length;
	conn_dispatch(conn);
	return true;
}

static bool step_head(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	switch (parse_head(&exchange->parse, limits_of(conn), exchange->in + exchange->from,
		exchange->filled - exchange->from)) {
	case PARSE_REFUSED:
		conn_refuse(conn, exchange->parse.status);
		return true;
	case PARSE_DONE:
		return take_head(conn);
	default:
		return read_head(conn);
	}
}

static void body_done(struct conn *conn)
{
	conn->exchange->req.body = buf_view(&conn->exchange->body);
	conn_dispatch(conn);
}

/* Content-Length: straight to its place, never a byte of the next request. */
static bool read_sized(struct conn *conn)
{
	struct buf *body = &conn->exchange->body;
	size_t left = (size_t)conn->exchange->parse.length - body->n;
	if (left == 0) {
		body_done(conn);
		return true;
	}
	if (!conn->readable)
		return false;
	size_t piece = body->cap - body->n > BODY_PIECE ? body->cap - body->n : BODY_PIECE;
	if (piece > left)
		piece = left;
	conn_receive(conn, buf_room(body, piece), piece, &body->n);
	return conn->state == CONN_BODY;
}

/* Coded bytes come behind the head, again and again to the same place. */
static bool read_chunked(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	size_t taken;
	struct str coded = str_make(exchange->in + exchange->end, exchange->filled - exchange->end);
	enum parse_result result = chunked_read(&exchange->chunked, coded, &exchange->body, &taken);
	exchange->end += taken;
	if (result == PARSE_REFUSED) {
		conn_refuse(conn, exchange->chunked.status);
		return true;
	}
	if (result == PARSE_DONE) {
		body_done(conn);
		return true;
	}
	exchange->end = exchange->filled = exchange->from + exchange->parse.head_size;
	if (!conn->readable)
		return false;
	conn_receive(conn, exchange->in + exchange->filled, exchange->in_size - exchange->filled,
		&exchange->filled);
	return conn->state == CONN_BODY;
}

static bool step_body(struct conn *conn)
{
	return conn->exchange->parse.chunked ? read_chunked(conn) : read_sized(conn);
}

/* Reads what nobody wants, so that the answer is not overtaken by a reset. */
static bool step_linger(struct conn *conn)
{
	size_t unwanted = 0;
	if (!conn->readable)
		return false;
	conn_receive(conn, conn->loop->scratch, LOOP_SCRATCH, &unwanted);
	return conn->state == CONN_LINGER;
}

static bool step(struct conn *conn)
{
	switch (conn->state) {
	case CONN_IDLE:
		return step_idle(conn);
	case CONN_HEAD:
		return step_head(conn);
	case CONN_BODY:
		return step_body(conn);
	case CONN_TAKE:
		return conn_take_step(conn);
	case CONN_WRITE:
		return conn_send(conn);
	case CONN_LINGER:
		return step_linger(conn);
	default:
		return false;
	}
}

void conn_drive(struct conn *conn)
{
	for (int i = 0; i < STEPS; i++) {
		if (!step(conn))
			return;
	}
	loop_again(conn->loop, conn);
}

static bool too_slow(const struct conn *conn)
{
	int64_t elapsed = conn->loop->now - conn->body_started;
	return (int64_t)conn->exchange->body.n * 1000 < limits_of(conn)->body_rate * elapsed;
}

static void cut(struct conn *conn)
{
	loop_count(conn->loop, COUNT_SLOW_CUT);
	conn_refuse(conn, 408);
	conn_drive(conn);
}

/* Less was taken since the deadline was set than the lowest rate asks. */
static bool takes_too_little(const struct conn *conn)
{
	const struct http_limits *limits = limits_of(conn);
	return (int64_t)conn->written * 1000 < limits->body_rate * limits->write_ms;
}

/* The peer does not take its answer, or cannot get all of it: what waits in the kernel for it is thrown away too. */
void conn_reset(struct conn *conn)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	conn_close(conn);
}

/* The deadline that a state must end by; BODY has two. */
static bool fits(const struct conn *conn)
{
	static const enum timer_kind kinds[CONN_STATE_COUNT][2] = {
		[CONN_IDLE] = {TIMER_IDLE, TIMER_IDLE},
		[CONN_HEAD] = {TIMER_HEAD, TIMER_HEAD},
		[CONN_BODY] = {TIMER_BODY_GRACE, TIMER_BODY_RATE},
		[CONN_TAKE] = {TIMER_TAKE, TIMER_TAKE},
		[CONN_WORKER] = {TIMER_WORKER, TIMER_WORKER},
		[CONN_HELD] = {TIMER_HELD, TIMER_HELD},
		[CONN_WRITE] = {TIMER_WRITE, TIMER_WRITE},
		[CONN_LINGER] = {TIMER_LINGER, TIMER_LINGER},
	};
	return conn->timer.kind == kinds[conn->state][0] ||
	       conn->timer.kind == kinds[conn->state][1];
}

void conn_expired(struct conn *conn)
{
	if (!fits(conn)) {
		/* Its share of the round ended between two states: what it is doing now has just
		 * begun. */
		conn->written = 0;
		set_timer(conn, conn->state == CONN_HEAD ? TIMER_HEAD : TIMER_WRITE);
		return;
	}
	switch (conn->timer.kind) {
	case TIMER_HEAD:
		cut(conn);
		break;
	case TIMER_BODY_GRACE:
	case TIMER_BODY_RATE:
		if (too_slow(conn))
			cut(conn);
		else
			set_timer(conn, TIMER_BODY_RATE);
		break;
	case TIMER_TAKE:
		conn_take_expired(conn);
		break;
	case TIMER_HELD:
		conn_ask_again(conn, false);
		break;
	case TIMER_WRITE:
		if (takes_too_little(conn)) {
			loop_count(conn->loop, COUNT_SLOW_CUT);
			conn_reset(conn);
		} else {
			conn->written = 0;
			set_timer(conn, TIMER_WRITE);
		}
		break;
	default:
		conn_close(conn);
		break;
	}
}

void conn_replied(struct conn *conn)
{
	enum work work = conn->exchange->work;
	conn->state = CONN_WRITE;
	if (work == WORK_BEGIN || work == WORK_TAKE || work == WORK_DROP) {
		conn_took(conn);
		return;
	}
	if (conn->fd < 0) {
		conn_close(conn); /* the peer has gone meanwhile */
		return;
	}
	if (work == WORK_GIVE)
		conn_gave(conn);
	else if (conn->exchange->res.hold_ms > 0)
		conn_hold(conn);
	else
		conn_answer(conn);
	conn_drive(conn);
}
