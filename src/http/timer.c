#include "http/timer.h"

#include <limits.h>

#define NEVER (INT64_MAX / 4)
#define RATE_CHECK_MS 1000
#define ACCEPT_PAUSE_MS 100 /* long enough not to spin, short enough to be unnoticed */

void timers_init(struct timers *timers, const struct http_limits *limits)
{
	*timers = (struct timers){
		.spans =
			{
				[TIMER_IDLE] = limits->idle_ms,
				[TIMER_HEAD] = limits->head_ms,
				[TIMER_BODY_GRACE] = limits->body_grace_ms,
				[TIMER_BODY_RATE] = RATE_CHECK_MS,
				[TIMER_TAKE] = limits->take_ms,
				[TIMER_WORKER] = NEVER,
				[TIMER_HELD] = limits->hold_again_ms,
				[TIMER_WRITE] = limits->write_ms,
				[TIMER_LINGER] = limits->linger_ms,
				[TIMER_ACCEPT] = ACCEPT_PAUSE_MS,
			},
	};
	for (int kind = 0; kind < TIMER_KIND_COUNT; kind++)
		timers->lists[kind].prev = timers->lists[kind].next = &timers->lists[kind];
}

void timer_clear(struct timer *timer)
{
	if (timer->kind == TIMER_NONE)
		return;
	timer->prev->next = timer->next;
	timer->next->prev = timer->prev;
	timer->kind = TIMER_NONE;
}

void timer_set_due(struct timers *timers, struct timer *timer, enum timer_kind kind, int64_t due)
{
	timer_clear(timer);
	struct timer *list = &timers->lists[kind], *before = list->prev;
	while (before != list && before->due > due)
		before = before->prev;
	timer->kind = kind;
	timer->due = due;
	timer->prev = before;
	timer->next = before->next;
	before->next->prev = timer;
	before->next = timer;
}

void timer_set(struct timers *timers, struct timer *timer, enum timer_kind kind, int64_t now)
{
	timer_set_due(timers, timer, kind, now + timers->spans[kind]);
}

struct timer *timers_first(struct timers *timers, enum timer_kind kind)
{
	struct timer *list = &timers->lists[kind];
	return list->next == list ? NULL : list->next;
}

struct timer *timers_next(struct timers *timers, const struct timer *timer)
{
	return timer->next == &timers->lists[timer->kind] ? NULL : timer->next;
}

struct timer *timers_due(struct timers *timers, int64_t now)
{
	for (int kind = TIMER_NONE + 1; kind < TIMER_KIND_COUNT; kind++) {
		struct timer *first = timers_first(timers, (enum timer_kind)kind);
		if (first && first->due <= now)
			return first;
	}
	return NULL;
}

int timers_wait(const struct timers *timers, int64_t now)
{
	int64_t due = NEVER;
	for (int kind = TIMER_NONE + 1; kind < TIMER_KIND_COUNT; kind++) {
		const struct timer *list = &timers->lists[kind];
		if (kind != TIMER_WORKER && list->next != list && list->next->due < due)
			due = list->next->due;
	}
	if (due == NEVER)
		return -1;
	int64_t wait = due - now;
	return wait < 0 ? 0 : wait > INT_MAX ? INT_MAX : (int)wait;
}
