#include "http/exchange.h"

#include "http/target.h"

/*
 * An arena that has grown beyond this is given back, so that what is kept ready stays small; beyond
 * the second when the exchange is one of the few that the next requests get, so that an ordinary
 * page asks the system for no memory.
 */
#define KEEP_COLD (64u << 10)
#define KEEP_HOT (1u << 20)

static size_t large_size(const struct http_limits *limits)
{
	return limits->head + EXCHANGE_LEAST + EXCHANGE_LEAST;
}

struct exchange *exchange_new(void)
{
	struct arena home;
	arena_init(&home, sizeof(struct exchange) + LIMIT_REQUEST_ARENA);
	struct exchange *exchange = arena_new(&home, struct exchange);
	exchange->home = home;
	arena_init_text(&exchange->arena, LIMIT_REQUEST_ARENA, LIMIT_REQUEST_MOST);
	exchange->in = exchange->first;
	exchange->in_size = sizeof exchange->first;
	return exchange;
}

/* Whoever gives the answer's body need not any more. */
static void end_giving(struct exchange *exchange)
{
	struct giver *giver = &exchange->res.giver;
	if (giver->end)
		giver->end(giver);
	giver->end = NULL;
	exchange->give_left = 0;
	exchange->given = (struct str){0};
}

void exchange_free(struct exchange *exchange)
{
	end_giving(exchange);
	struct arena home = exchange->home;
	arena_release(&exchange->arena);
	arena_release(&home);
}

/* For the next request of the same connection: all but what was received. */
static void forget(struct exchange *exchange, bool hot)
{
	end_giving(exchange);
	if (exchange->arena.used > (hot ? KEEP_HOT : KEEP_COLD))
		arena_release(&exchange->arena);
	else
		arena_reset(&exchange->arena);
	parse_init(&exchange->parse);
	exchange->chunked = (struct chunked){0};
	exchange->body = (struct buf){0};
	exchange->req = (struct request){0};
	exchange->hold = (struct hold){0};
	exchange->work = WORK_HANDLE;
	exchange->taking = (struct taking){0};
	exchange->give_failed = false;
	exchange->out_count = 0;
}

void exchange_clear(struct exchange *exchange, bool hot)
{
	forget(exchange, hot);
	exchange->in = exchange->first;
	exchange->in_size = sizeof exchange->first;
	exchange->from = exchange->end = exchange->filled = 0;
	exchange->conn = NULL;
}

void exchange_rest(struct exchange *exchange)
{
	struct arena old = exchange->arena;
	struct request kept = {.id = exchange->req.id};
	arena_init_text(&exchange->arena, LIMIT_REQUEST_ARENA, LIMIT_REQUEST_MOST);
	if (exchange->req.body.n >
		0) /* it may have come along with the head, or may stand in the arena */
		kept.body = str_dup(&exchange->arena, exchange->req.body);
	exchange->body = (struct buf){0};
	exchange->req = kept;
	end_giving(exchange);
	exchange->res = (struct response){0};
	arena_release(&old);
}

bool exchange_advance(struct exchange *exchange)
{
	forget(exchange, true);
	exchange->from = exchange->end;
	return exchange->from < exchange->filled;
}

void exchange_make_room(struct exchange *exchange, const struct http_limits *limits)
{
	if (exchange->in_size - exchange->filled >= EXCHANGE_LEAST)
		return;
	size_t held = exchange->filled - exchange->from;
	char *to = exchange->in;
	if (exchange->in == exchange->first && held > sizeof exchange->first - EXCHANGE_LEAST) {
		if (!exchange->large)
			exchange->large = arena_alloc(&exchange->home, large_size(limits));
		to = exchange->large;
	}
	memmove(to, exchange->in + exchange->from, held);
	if (to == exchange->large)
		exchange->in_size = large_size(limits);
	exchange->in = to;
	exchange->end -= exchange->from;
	exchange->from = 0;
	exchange->filled = held;
}

static const struct http_header *copy_headers(struct exchange *exchange, const char *base)
{
	const struct parse *parse = &exchange->parse;
	struct http_header *headers =
		arena_array(&exchange->arena, struct http_header, parse->header_count);
	for (size_t i = 0; i < parse->header_count; i++) {
		headers[i].name = span_str(parse->headers[i].name, base);
		headers[i].value = span_str(parse->headers[i].value, base);
	}
	return headers;
}

err exchange_request(struct exchange *exchange)
{
	const struct parse *parse = &exchange->parse;
	const char *base = exchange->in + exchange->from;
	struct request *req = &exchange->req;
	TRY(target_read(&exchange->arena, span_str(parse->origin, base), &req->path, &req->query));
	req->arena = &exchange->arena;
	req->method = parse->method;
	req->target = span_str(parse->target, base);
	req->host = span_str(parse->host, base);
	req->headers = copy_headers(exchange, base);
	req->header_count = parse->header_count;
	return ok();
}

void exchange_answer(struct exchange *exchange, int status)
{
	end_giving(exchange);
	exchange->res = (struct response){.arena = &exchange->arena, .status = status};
	/* Room for what an ordinary answer has. */
	buf_init_room(&exchange->res.headers, &exchange->arena, LIMIT_HTTP_ANSWER_HEAD, 1024);
	buf_init(&exchange->res.body, &exchange->arena, LIMIT_PAGE);
}
