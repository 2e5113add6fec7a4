#include "http/inside.h"

#include <errno.h>
#include <sys/epoll.h>

/* A body up to this size is copied behind the head: one piece to send costs less than two. */
#define SMALL_BODY 2048
#define HEAD_ROOM 256 /* status line, Date, Content-Length, Connection */

static bool has_no_body(int status)
{
	return status == 204 || status == 304;
}

/* A first piece that could not be had, or is more than there should be: then nothing has been said yet. */
static bool gives_wrong(const struct exchange *exchange)
{
	const struct giver *giver = &exchange->res.giver;
	return giver->next && exchange->parse.method != HTTP_HEAD && (exchange->give_failed || exchange->given.n > giver->size || (exchange->given.n == 0 && giver->size > 0));
}

static bool is_sound(const struct exchange *exchange)
{
	const struct response *res = &exchange->res;
	if (gives_wrong(exchange))
		return false;
	return !res->broken && !res->headers.over && !res->body.over && res->status >= 200 &&
	       res->status <= 599;
}

/* The handler could not make an answer, which is a defect of ours. */
static void replace(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	const struct server_conf *conf = &conn->loop->server->conf;
	exchange_answer(exchange, 500);
	if (conf->refuse)
		conf->refuse(conf->arg, 500, &exchange->res);
	if (!is_sound(exchange))
		exchange_answer(exchange, 500);
	exchange->res.close = true;
}

static void write_head(struct buf *out, struct conn *conn, uint64_t body_size)
{
	struct exchange *exchange = conn->exchange;
	const struct response *res = &exchange->res;
	buf_lit(out, "HTTP/1.1 ");
	buf_i64(out, res->status);
	buf_byte(out, ' ');
	buf_c(out, http_reason(res->status));
	buf_lit(out, "\r\nDate: ");
	buf_str(out, loop_date(conn->loop));
	if (!has_no_body(res->status)) {
		buf_lit(out, "\r\nContent-Length: ");
		buf_i64(out, (int64_t)body_size);
	}
	if (conn->close)
		buf_lit(out, "\r\nConnection: close");
	else if (exchange->parse.minor == 0)
		buf_lit(out, "\r\nConnection: keep-alive");
	buf_lit(out, "\r\n");
	buf_str(out, buf_view(&res->headers));
	buf_lit(out, "\r\n");
}

/* Whether the connection ends with this answer. */
static bool is_last(const struct conn *conn)
{
	return conn->exchange->res.close || !conn->exchange->parse.keep_alive ||
	       loop_stopping(conn->loop);
}

void conn_answer(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	conn_unhold(conn);
	if (!is_sound(exchange))
		replace(conn);
	const struct response *res = &exchange->res;
	conn->close = is_last(conn);
	bool gives = res->giver.next != NULL;
	struct str body = gives ? exchange->given : str_absent(res->body_static) ? buf_view(&res->body) : res->body_static;
	bool bare = exchange->parse.method == HTTP_HEAD || has_no_body(res->status);
	bool small = !bare && body.n <= SMALL_BODY;
	exchange->give_left = gives && !bare ? res->giver.size - body.n : 0;

	struct buf head;
	size_t room = HEAD_ROOM + res->headers.n + (small ? body.n : 0);
	buf_init_room(&head, &exchange->arena, room, room);
	write_head(&head, conn, gives ? res->giver.size : body.n);
	if (small)
		buf_str(&head, body);
	exchange->out[0] = (struct iovec){head.p, head.n};
	exchange->out_count = 1;
	if (!bare && !small)
		exchange->out[exchange->out_count++] =
			(struct iovec){(void *)(uintptr_t)body.p, body.n};
	conn->state = CONN_WRITE;
}

/* Takes away what the peer has got; true: it has all. */
static bool sent(struct exchange *exchange, size_t n)
{
	struct iovec *out = exchange->out;
	while (exchange->out_count > 0 && n >= out[0].iov_len) {
		n -= out[0].iov_len;
		out[0] = out[1];
		exchange->out_count--;
	}
	if (exchange->out_count == 0)
		return true;
	out[0].iov_base = (char *)out[0].iov_base + n;
	out[0].iov_len -= n;
	return false;
}

/* Whether to be told when the peer takes more. */
static bool wait_write(struct conn *conn, bool wait)
{
	if (conn->waits_write == wait)
		return true;
	conn->waits_write = wait;
	uint32_t events = EPOLLIN | EPOLLRDHUP | EPOLLET | (wait ? (uint32_t)EPOLLOUT : 0);
	return loop_rewatch(conn->loop, conn->fd, &conn->watch, events);
}

static bool linger(struct conn *conn)
{
	loop_give_back(conn->loop, conn->exchange);
	conn->exchange = NULL;
	if (shutdown(conn->fd, SHUT_WR) != 0) {
		conn_close(conn);
		return false;
	}
	conn->state = CONN_LINGER;
	timer_set(&conn->loop->timers, &conn->timer, TIMER_LINGER, conn->loop->now);
	return true;
}

/* The peer has the whole answer. */
static bool finish(struct conn *conn)
{
	struct loop *loop = conn->loop;
	if (conn->exchange->give_left > 0)
		return conn_give(conn);
	if (conn->close)
		return linger(conn);
	if (exchange_advance(conn->exchange)) {
		conn->state = CONN_HEAD;
		timer_set(&loop->timers, &conn->timer, TIMER_HEAD, loop->now);
		return true;
	}
	loop_give_back(loop, conn->exchange);
	conn->exchange = NULL;
	conn->state = CONN_IDLE;
	timer_set(&loop->timers, &conn->timer, TIMER_IDLE, loop->now);
	return conn->readable;
}

bool conn_send(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	ssize_t n;
	if (exchange->out_count == 1) {
		n = send(conn->fd, exchange->out[0].iov_base, exchange->out[0].iov_len,
			MSG_NOSIGNAL);
	} else {
		struct msghdr message = {
			.msg_iov = exchange->out, .msg_iovlen = exchange->out_count};
		n = sendmsg(conn->fd, &message, MSG_NOSIGNAL);
	}
	if (n < 0 && errno == EINTR)
		return true;
	if (n < 0 && errno != EAGAIN) {
		conn_close(conn);
		return false;
	}
	conn->written += n > 0 ? (size_t)n : 0;
	if (n >= 0 && !sent(exchange, (size_t)n))
		return true; /* once more, to learn that it takes no more */
	bool all = n >= 0;
	if (!wait_write(conn, !all)) {
		conn_close(conn);
		return false;
	}
	if (all)
		return finish(conn);
	if (conn->timer.kind != TIMER_WRITE) {
		conn->written = 0;
		timer_set(&conn->loop->timers, &conn->timer, TIMER_WRITE, conn->loop->now);
	}
	return false;
}
