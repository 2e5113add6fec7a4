#include "http/inside.h"

#include "http/bytes.h"

/* The address that our proxy saw: X-Real-IP, or the last of X-Forwarded-For, which is the one it
 * added itself. */
static struct str forwarded_peer(const struct request *req)
{
	struct str real = request_header(req, STR("X-Real-IP"));
	if (address_is_number(real))
		return real;
	struct str last = {0};
	for (size_t i = 0; i < req->header_count; i++) {
		if (str_eq_nocase(req->headers[i].name, STR("X-Forwarded-For")))
			last = req->headers[i].value;
	}
	size_t from = last.n;
	while (from > 0 && last.p[from - 1] != ',')
		from--;
	last = bytes_trim(str_skip(last, from));
	return address_is_number(last) ? last : (struct str){NULL, 0};
}

void conn_identify(struct conn *conn)
{
	struct request *req = &conn->exchange->req;
	const struct server *server = conn->loop->server;
	req->peer = str_of(conn->peer.text);
	if (server->conf.trust_forwarded && conn->peer.local) {
		struct str peer = forwarded_peer(req);
		if (!str_absent(peer))
			req->peer = peer;
	}
	req->received_at = conn->loop->wall;
	req->again = conn->exchange->hold.again;
	req->final = conn->exchange->hold.final;
}

void conn_busy(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	const struct server_conf *conf = &conn->loop->server->conf;
	loop_count(conn->loop, COUNT_QUEUE_FULL);
	exchange_answer(exchange, 503);
	if (conf->busy)
		conf->busy(conf->arg, &exchange->req, &exchange->res);
	else if (conf->refuse)
		conf->refuse(conf->arg, 503, &exchange->res);
	response_header(&exchange->res, STR("Retry-After"), STR("5"));
	conn_answer(conn);
}

void conn_number(struct conn *conn)
{
	struct loop *loop = conn->loop;
	loop_count(loop, COUNT_REQUESTS);
	conn->exchange->req.id = loop->next_id;
	loop->next_id += loop->server->loop_count;
	conn->exchange->hold.since = loop->now;
}

void conn_dispatch(struct conn *conn)
{
	conn_number(conn);
	conn_ask(conn);
}

bool conn_to_worker(struct conn *conn, enum work work)
{
	struct exchange *exchange = conn->exchange;
	struct loop *loop = conn->loop;
	exchange->work = work;
	if (loop->server->conf.workers == 0)
		return false;
	conn->state = CONN_WORKER;
	timer_set(&loop->timers, &conn->timer, TIMER_WORKER, loop->now);
	if (failed(queue_push(&loop->server->queue, (struct task){.exchange = exchange})))
		return false;
	if (loop->pushed++ == 0)
		queue_wake(&loop->server->queue, 1);
	return true;
}

void conn_ask(struct conn *conn)
{
	struct exchange *exchange = conn->exchange;
	struct loop *loop = conn->loop;
	const struct server_conf *conf = &loop->server->conf;
	conn_identify(conn);
	exchange->work = WORK_HANDLE;
	exchange->hold.asked = waits_now(&loop->server->waits);
	exchange_answer(exchange, 200);
	if (conf->workers == 0 || !conf->where ||
		conf->where(conf->arg, &exchange->req) == HTTP_INLINE) {
		exchange_work(loop->server, exchange);
		if (exchange->res.hold_ms > 0)
			conn_hold(conn);
		else
			conn_answer(conn);
		return;
	}
	if (!conn_to_worker(conn, WORK_HANDLE) && !conn_hold_on(conn))
		conn_busy(conn);
}
