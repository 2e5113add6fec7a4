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

static bool take_note(struct touches *touches, struct touch_note *out)
{
	bool found = false;

	pthread_mutex_lock(&touches->lock);
	if (touches->n > 0) {
		*out = touches->notes[--touches->n];
		found = true;
	}
	pthread_mutex_unlock(&touches->lock);
	return found;
}

/* In a worker. */
static void write_notes(void *arg)
{
	struct web *web = arg;
	struct touch_note note;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_REQUEST_ARENA);
	while (take_note(&web->touches, &note)) {
		struct cx cx = {
			.arena = &arena,
			.store = web->conf.store,
			.portal = web->conf.portal,
			.now = time_now(),
			.actor = {.kind = ACTOR_ACCOUNT, .account_id = note.account_id, .session_id = note.session_id},
		};
		struct session session = {
			.id = note.session_id,
			.account_id = note.account_id,
			.seen_at = note.seen_at,
			.idle_until = note.idle_until,
			.total_until = note.total_until,
		};

		err e = session_touch(&cx, &session);

		cx_end(&cx);
		if (failed(e))
			log_event(LOG_WARN, "session_touch_failed", LOG_C("detail", err_detail()));
		arena_reset(&arena);
	}
}

void touch_note(struct web *web, const struct session *session)
{
	struct touches *touches = &web->touches;
	bool first = false;

	pthread_mutex_lock(&touches->lock);
	for (size_t i = 0; i < touches->n; i++) {
		if (touches->notes[i].session_id == session->id)
			goto out;
	}
	if (touches->n < TOUCH_NOTES) {
		first = touches->n == 0;
		touches->notes[touches->n++] = (struct touch_note){session->id, session->account_id, session->seen_at,
			session->idle_until, session->total_until};
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
