#include "web/touch.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "web/web.h"

void touches_init(struct touches *touches)
{
	memset(touches, 0, sizeof *touches);
	pthread_mutex_init(&touches->lock, NULL);
}

void touches_release(struct touches *touches)
{
	pthread_mutex_destroy(&touches->lock);
}

/* In a worker. */
static void write_notes(void *arg)
{
	struct web *web = arg;
	struct touches *touches = &web->touches;
	int64_t ids[TOUCH_NOTES];
	size_t n;
	AUTO_ARENA arena;

	pthread_mutex_lock(&touches->lock);
	n = touches->n;
	memcpy(ids, touches->notes, n * sizeof *ids);
	touches->n = 0;
	pthread_mutex_unlock(&touches->lock);

	arena_init(&arena, LIMIT_REQUEST_ARENA);
	struct cx cx = {
		.arena = &arena,
		.store = web->conf.store,
		.portal = web->conf.portal,
		.now = time_now(),
		.actor = {.kind = ACTOR_JOB},
	};

	if (failed(session_touch_all(&cx, ids, n)))
		log_event(LOG_WARN, "session_touch_failed", LOG_C("detail", err_detail()));
	cx_end(&cx);
}

void touch_note(struct web *web, const struct session *session)
{
	struct touches *touches = &web->touches;
	bool first = false;

	pthread_mutex_lock(&touches->lock);
	for (size_t i = 0; i < touches->n; i++) {
		if (touches->notes[i] == session->id)
			goto out;
	}
	if (touches->n < TOUCH_NOTES) {
		first = touches->n == 0;
		touches->notes[touches->n++] = session->id;
	}
out:
	pthread_mutex_unlock(&touches->lock);
	if (!first)
		return;
	if (!web->server || failed(server_post(web->server, write_notes, web))) {
		/* The workers are busy beyond measure: forget the notes, so that a later one asks again. */
		pthread_mutex_lock(&touches->lock);
		touches->n = 0;
		pthread_mutex_unlock(&touches->lock);
	}
}
