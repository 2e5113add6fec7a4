#include "files/watch.h"

#include "base/log.h"
#include "base/time.h"

static const char *const words[WATCH_COUNT] = {
	[WATCH_CHECKER] = "checker",
	[WATCH_SCANNER] = "scanner",
};

void watch_init(struct watch *watch)
{
	*watch = (struct watch){.lock = PTHREAD_MUTEX_INITIALIZER};
}

/* Whether a line is due: of this waiting the first, or the next. */
static bool is_due(const struct spell *spell, int64_t now)
{
	return spell->spoken == 0 || now - spell->spoken >= (spell->told ? WATCH_AGAIN_MS : WATCH_QUIET_MS);
}

void watch_waits(struct watch *watch, enum watch_for what, const char *why, int64_t now)
{
	if (!watch)
		return;
	pthread_mutex_lock(&watch->lock);
	struct spell *spell = &watch->spells[what];
	if (spell->since == 0)
		*spell = (struct spell){.since = now, .spoken = spell->spoken};
	bool due = is_due(spell, now);
	int64_t minutes = (now - spell->since) / TIME_MINUTE;
	if (due) {
		spell->told = true;
		spell->spoken = now;
	}
	pthread_mutex_unlock(&watch->lock);
	if (due)
		log_event(LOG_WARN, "files_wait", LOG_C("for", words[what]), LOG_C("why", why), LOG_I64("minutes", minutes));
}

void watch_answers(struct watch *watch, enum watch_for what, int64_t now)
{
	if (!watch)
		return;
	pthread_mutex_lock(&watch->lock);
	struct spell *spell = &watch->spells[what];
	bool told = spell->since != 0 && spell->told;
	int64_t minutes = (now - spell->since) / TIME_MINUTE;
	*spell = (struct spell){.spoken = told ? now : spell->spoken};
	pthread_mutex_unlock(&watch->lock);
	if (told)
		log_event(LOG_WARN, "files_wait_over", LOG_C("for", words[what]), LOG_I64("minutes", minutes));
}
