#include "http/limits.h"

#include "base/limits.h"

static size_t size_or(size_t given, size_t fallback)
{
	return given > 0 ? given : fallback;
}

static int64_t span_or(int64_t given, int64_t fallback)
{
	return given > 0 ? given : fallback;
}

struct http_limits http_limits_filled(const struct http_limits *given)
{
	size_t headers = size_or(given->headers, LIMIT_HTTP_HEADERS);
	return (struct http_limits){
		.target = size_or(given->target, LIMIT_HTTP_TARGET),
		.head = size_or(given->head, LIMIT_HTTP_HEAD),
		.headers = headers < LIMIT_HTTP_HEADERS ? headers : LIMIT_HTTP_HEADERS,
		.body = size_or(given->body, LIMIT_HTTP_BODY),
		.take = given->take,
		.piece = size_or(given->piece, LIMIT_HTTP_PIECE),
		.head_ms = span_or(given->head_ms, LIMIT_HTTP_HEAD_MS),
		.idle_ms = span_or(given->idle_ms, LIMIT_HTTP_IDLE_MS),
		.body_grace_ms = span_or(given->body_grace_ms, LIMIT_HTTP_BODY_GRACE_MS),
		.body_rate = span_or(given->body_rate, LIMIT_HTTP_BODY_RATE),
		.take_ms = span_or(given->take_ms, LIMIT_HTTP_TAKE_MS),
		.take_rate = span_or(given->take_rate, LIMIT_HTTP_TAKE_RATE),
		.write_ms = span_or(given->write_ms, LIMIT_HTTP_WRITE_MS),
		.linger_ms = span_or(given->linger_ms, LIMIT_HTTP_LINGER_MS),
		.hold_again_ms = span_or(given->hold_again_ms, LIMIT_HTTP_HOLD_AGAIN_MS),
		.stop_ms = span_or(given->stop_ms, LIMIT_HTTP_STOP_MS),
		.connections = size_or(given->connections, LIMIT_HTTP_CONNECTIONS),
		.per_address = size_or(given->per_address, LIMIT_HTTP_CONNECTIONS_PER_ADDRESS),
		.held = size_or(given->held, LIMIT_HTTP_HELD),
		.held_per_address = size_or(given->held_per_address, LIMIT_HTTP_HELD_PER_ADDRESS),
		.queue = size_or(given->queue, LIMIT_HTTP_QUEUE),
	};
}
