#include "domain/cx.h"

#include "base/random.h"

#include <stdatomic.h>

/* 2020-01-01T00:00:00Z */
#define ID_EPOCH INT64_C(1577836800000)
#define ID_TIME_BITS 41
#define ID_LOW_BITS 22
/* 2089-09-06T15:47:35.551Z: what is later has the ids of this millisecond. */
#define ID_LAST (ID_EPOCH + (INT64_C(1) << ID_TIME_BITS) - 1)

int64_t id_first(int64_t at)
{
	int64_t within = at < ID_EPOCH ? ID_EPOCH : at > ID_LAST ? ID_LAST : at;

	return (within - ID_EPOCH) << ID_LOW_BITS;
}

int64_t id_new(int64_t now)
{
	static _Atomic int64_t last;
	int64_t first = id_first(now);
	int64_t before = last, id;

	do {
		if (before >> ID_LOW_BITS == first >> ID_LOW_BITS && before != INT64_MAX)
			id = before + 1;
		else /* the lower half, so that there is room to count on */
			id = (first | (int64_t)random_below(1u << (ID_LOW_BITS - 1))) + 1;
	} while (!atomic_compare_exchange_weak(&last, &before, id));
	return id;
}

struct tx *cx_tx(struct cx *cx)
{
	if (cx->tx)
		return cx->tx;
	err opened = store_begin_read(cx->store, cx->arena, &cx->tx);

	if (failed(opened))
		cx->tx = tx_failed(cx->arena, opened);
	return cx->tx;
}

void cx_end(struct cx *cx)
{
	if (cx->tx && !cx->tx_is_write)
		store_end_read(cx->tx);
	cx->tx = NULL;
	cx->tx_is_write = false;
}

/* With 50 people at the same row the unluckiest is the fiftieth. */
#define AGAIN_MAX 100
/* An id that another process has drawn in the same millisecond is a CONFLICT; it does not happen
 * three times. So is what was expected and is no longer so (tx_expect): rare, and it stays so. */
#define CONFLICT_MAX 2

struct write_call {
	struct cx *cx;
	cx_fn *fn;
	void *arg;
};

/* On SQLite this runs in the thread of the writer while the owner of the cx waits. */
static err write_in_tx(struct tx *tx, void *arg)
{
	struct write_call *call = arg;

	call->cx->tx = tx;
	call->cx->tx_is_write = true;
	call->cx->again = false;
	err result = call->fn(call->cx, call->arg);

	/* Some text is missing, and fn may not have noticed, or took it for something else. */
	if (arena_over(call->cx->arena))
		result = fail(ERR_LIMIT, "the memory for this request is used up");
	call->cx->tx = NULL;
	call->cx->tx_is_write = false;
	return result;
}

err cx_write(struct cx *cx, cx_fn *fn, void *arg)
{
	if (cx->read_only)
		return fail(ERR_INTERNAL, "a page view tried to write");
	if (cx->tx_is_write)
		return fn(cx, arg);
	/* What was read before may be old after the write, and a snapshot held open keeps the log
	 * from being cleared. */
	cx_end(cx);

	struct write_call call = {.cx = cx, .fn = fn, .arg = arg};

	for (int again = 0, conflicts = 0;;) {
		cx->again = false;
		err result = store_run(cx->store, TX_WRITE, cx->arena, write_in_tx, &call);

		/* Who was in the way has committed by now, so there is nothing to wait for. */
		if (failed(result) && cx->again && again++ < AGAIN_MAX)
			continue;
		if (result.code != ERR_CONFLICT || conflicts++ == CONFLICT_MAX)
			return result;
	}
}

err cx_again(struct cx *cx, const char *why)
{
	cx->again = true;
	return fail(ERR_RETRY, "%s", why);
}
