#include "http/loop.h"

#include "http/inside.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#define EVENTS 64 /* of one round; while they are handled, deadlines wait */
#define POOL                                                                                       \
	128 /* exchanges kept ready, some 16 KiB each: the most that are usually open at once in a \
	       loop */

#define HOT 8 /* of these, so many keep the memory of an ordinary page */

static void take_in(struct watch *watch, uint32_t events);

err loop_init(struct loop *loop, struct server *server, unsigned index)
{
	*loop = (struct loop){
		.wake_watch = {take_in},
		.server = server,
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
		.next_id = index + 1,
		.date_second = -1,
	};
	pthread_mutex_init(&loop->mutex, NULL);
	arena_init(&loop->arena, LOOP_SCRATCH + 4 * sizeof loop->date + 4096);
	loop->scratch = arena_alloc(&loop->arena, LOOP_SCRATCH);
	buf_init_room(&loop->date, &loop->arena, LOOP_DATE, LOOP_DATE);
	timers_init(&loop->timers, &server->conf.limits);
	if (loop->epoll < 0 || loop->wake < 0 ||
		!loop_watch(loop, loop->wake, &loop->wake_watch, EPOLLIN | EPOLLET))
		return fail(ERR_UNAVAILABLE, "event loop: %s", strerrorname_np(errno));
	return ok();
}

static void free_all(struct exchange *exchange)
{
	while (exchange) {
		struct exchange *next = exchange->next;
		exchange_free(exchange);
		exchange = next;
	}
}

void loop_release(struct loop *loop)
{
	free_all(loop->pool);
	free_all(loop->replies);
	for (struct conn *conn = loop->arrivals; conn; conn = conn->next)
		close(conn->fd);
	if (loop->wake >= 0)
		close(loop->wake);
	if (loop->epoll >= 0)
		close(loop->epoll);
	arena_release(&loop->arena);
	pthread_mutex_destroy(&loop->mutex);
}

bool loop_watch(struct loop *loop, int fd, struct watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = watch};
	return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool loop_rewatch(struct loop *loop, int fd, struct watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = watch};
	return epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &event) == 0;
}

void loop_wake(struct loop *loop)
{
	uint64_t one = 1;
	ssize_t written = write(loop->wake, &one, sizeof one);
	(void)written; /* a counter of 64 bits does not overflow */
}

void loop_arrive(struct loop *loop, struct conn *conn)
{
	pthread_mutex_lock(&loop->mutex);
	bool was_empty = !loop->arrivals && !loop->replies;
	conn->next = loop->arrivals;
	loop->arrivals = conn;
	pthread_mutex_unlock(&loop->mutex);
	if (was_empty)
		loop_wake(loop);
}

void loop_reply(struct loop *loop, struct exchange *exchange)
{
	pthread_mutex_lock(&loop->mutex);
	bool was_empty = !loop->arrivals && !loop->replies;
	exchange->next = loop->replies;
	loop->replies = exchange;
	pthread_mutex_unlock(&loop->mutex);
	if (was_empty)
		loop_wake(loop);
}

/* What other threads left in the inbox. */
static void take_in(struct watch *watch, uint32_t events)
{
	struct loop *loop = (struct loop *)(void *)watch;
	(void)events;
	pthread_mutex_lock(&loop->mutex);
	struct exchange *replies = loop->replies;
	struct conn *arrivals = loop->arrivals;
	loop->replies = NULL;
	loop->arrivals = NULL;
	pthread_mutex_unlock(&loop->mutex);

	while (replies) {
		struct exchange *next = replies->next;
		conn_replied(replies->conn);
		replies = next;
	}
	while (arrivals) {
		struct conn *next = arrivals->next;
		conn_open(arrivals);
		arrivals = next;
	}
	loop_rung(loop);
}

struct exchange *loop_exchange(struct loop *loop)
{
	struct exchange *exchange = loop->pool;
	if (!exchange)
		return exchange_new();
	loop->pool = exchange->next;
	loop->pool_count--;
	return exchange;
}

void loop_give_back(struct loop *loop, struct exchange *exchange)
{
	if (loop->pool_count == POOL) {
		exchange_free(exchange);
		return;
	}
	exchange_clear(exchange, loop->pool_count < HOT);
	exchange->next = loop->pool;
	loop->pool = exchange;
	loop->pool_count++;
}

void loop_again(struct loop *loop, struct conn *conn)
{
	if (conn->queued)
		return;
	conn->queued = true;
	conn->next_ready = NULL;
	if (loop->ready)
		loop->ready_last->next_ready = conn;
	else
		loop->ready = conn;
	loop->ready_last = conn;
}

struct str loop_date(struct loop *loop)
{
	if (loop->wall / TIME_SECOND != loop->date_second) {
		loop->date_second = loop->wall / TIME_SECOND;
		buf_clear(&loop->date);
		time_write_http(&loop->date, loop->wall);
	}
	return buf_view(&loop->date);
}

void loop_count(struct loop *loop, enum loop_count what)
{
	/* One thread writes: no need for a locked addition. */
	uint64_t count = atomic_load_explicit(&loop->counts[what], memory_order_relaxed);
	atomic_store_explicit(&loop->counts[what], count + 1, memory_order_relaxed);
}

static void drive_ready(struct loop *loop)
{
	struct conn *conn = loop->ready;
	loop->ready = loop->ready_last = NULL;
	while (conn) {
		struct conn *next = conn->next_ready;
		conn->queued = false;
		conn_drive(conn);
		conn = next;
	}
}

static void expire(struct loop *loop)
{
	struct timer *timer;
	while ((timer = timers_due(&loop->timers, loop->now)) != NULL) {
		if (timer->kind == TIMER_ACCEPT)
			accept_resume(loop->server);
		else
			conn_expired(conn_of_timer(timer));
	}
}

/* Gives back what was closed; what is still in the ready list waits until that has let go of it. */
static void bury(struct loop *loop)
{
	struct conn *conn = loop->closed;
	loop->closed = NULL;
	while (conn) {
		struct conn *next = conn->next;
		if (conn->queued) {
			conn->next = loop->closed;
			loop->closed = conn;
		} else {
			admit_return(&loop->server->admit, conn);
			atomic_fetch_sub_explicit(&loop->open, 1, memory_order_relaxed);
		}
		conn = next;
	}
}

/* Idle connections are closed, but for those whose request has come in this moment. */
static void begin_stop(struct loop *loop)
{
	loop->stop_at = loop->now + loop->server->conf.limits.stop_ms;
	if (loop == &loop->server->loops[0])
		accept_stop(loop->server);
	struct timer *timer;
	while ((timer = timers_first(&loop->timers, TIMER_IDLE)) != NULL) {
		struct conn *conn = conn_of_timer(timer);
		conn->readable = true;
		conn_drive(conn);
		if (conn->state == CONN_IDLE)
			conn_close(conn);
	}
	loop_hold_no_more(loop);
}

/* The time to stop in is over. */
static void abandon(struct loop *loop)
{
	atomic_store(&loop->server->abandoned, true);
	for (int kind = TIMER_NONE + 1; kind < TIMER_KIND_COUNT; kind++) {
		struct timer *timer;
		while ((timer = timers_first(&loop->timers, (enum timer_kind)kind)) != NULL) {
			struct conn *conn = conn_of_timer(timer);
			timer_clear(timer);
			conn_close(conn);
		}
	}
	bury(loop);
}

static void read_clocks(struct loop *loop)
{
	loop->now = time_monotonic();
	loop->wall = time_now();
}

static int wait_for(const struct loop *loop)
{
	if (loop->ready)
		return 0;
	int wait = timers_wait(&loop->timers, loop->now);
	if (!loop_stopping(loop))
		return wait;
	int64_t left = loop->stop_at - loop->now;
	left = left < 0 ? 0 : left;
	return wait < 0 || left < wait ? (int)left : wait;
}

static void round_of(struct loop *loop, const struct epoll_event *events, int count)
{
	log_gather();
	drive_ready(loop);
	for (int i = 0; i < count; i++) {
		struct watch *watch = events[i].data.ptr;
		watch->ready(watch, events[i].events);
	}
	expire(loop);
	log_let_go();
	if (!loop_stopping(loop) && atomic_load(&loop->server->stopping))
		begin_stop(loop);
	if (loop->pushed > 1)
		queue_wake(&loop->server->queue, loop->pushed - 1);
	loop->pushed = 0;
	bury(loop);
}

void loop_run(struct loop *loop)
{
	read_clocks(loop);
	for (;;) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(loop->epoll, events, EVENTS, wait_for(loop));
		read_clocks(loop);
		round_of(loop, events,
			count < 0 ? 0 : count); /* EINTR: a signal, perhaps the one to stop */
		if (loop_stopping(loop) && atomic_load(&loop->open) == 0)
			return;
		if (loop_stopping(loop) && loop->now >= loop->stop_at) {
			abandon(loop);
			return;
		}
	}
}
