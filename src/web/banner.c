#include "web/banner.h"

#include "base/limits.h"
#include "base/time.h"

#define EVERY_MS 1000

void banner_init(struct banner *banner)
{
	*banner = (struct banner){.every_ms = EVERY_MS};
	pthread_mutex_init(&banner->lock, NULL);
	arena_init(&banner->memory, LIMIT_REQUEST_ARENA);
}

void banner_release(struct banner *banner)
{
	arena_release(&banner->memory);
	pthread_mutex_destroy(&banner->lock);
}

static struct maintenance copy_of(struct arena *arena, const struct maintenance *window)
{
	struct maintenance copy = *window;

	for (int lang = 0; lang < LANG_COUNT; lang++)
		copy.words[lang] = str_dup(arena, window->words[lang]);
	return copy;
}

/* Whether this thread is the one to look; the others go on with what there is. */
static bool is_due(struct banner *banner)
{
	int64_t now = time_monotonic();

	pthread_mutex_lock(&banner->lock);
	bool due = banner->read_at == 0 || now - banner->read_at >= banner->every_ms;

	if (due)
		banner->read_at = now;
	pthread_mutex_unlock(&banner->lock);
	return due;
}

static void look(struct banner *banner, struct cx *cx)
{
	struct maintenance found;
	err e = maintenance_find(cx, &found);

	if (failed(e) && e.code != ERR_NOT_FOUND)
		return;
	pthread_mutex_lock(&banner->lock);
	arena_reset(&banner->memory);
	banner->told = !failed(e);
	if (banner->told)
		banner->window = copy_of(&banner->memory, &found);
	pthread_mutex_unlock(&banner->lock);
}

bool banner_find(struct banner *banner, struct cx *cx, struct maintenance *out)
{
	if (is_due(banner))
		look(banner, cx);
	pthread_mutex_lock(&banner->lock);
	bool told = banner->told && banner->window.ends_at > cx->now;

	if (told)
		*out = copy_of(cx->arena, &banner->window);
	pthread_mutex_unlock(&banner->lock);
	return told;
}
