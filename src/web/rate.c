#include "web/rate.h"

#include "base/random.h"
#include "base/time.h"

/* A school's or company's people share an address: the bursts are theirs. */
static const struct {
	int64_t every_ms;
	int64_t burst;
} rules[RATE_COUNT] = {
	[RATE_LOGIN] = {200, 300},
	[RATE_MAIL] = {2000, 100},
	[RATE_TOKEN] = {200, 300},
	/* A reading is four messages, and a hall of students may read at once. */
	[RATE_PHONE] = {100, 600},
};

void rates_init(struct rates *rates)
{
	memset(rates, 0, sizeof *rates);
	pthread_mutex_init(&rates->lock, NULL);
	random_bytes(&rates->seed, sizeof rates->seed);
}

void rates_release(struct rates *rates)
{
	pthread_mutex_destroy(&rates->lock);
}

static size_t place_of(const struct rates *rates, struct str address)
{
	uint32_t hash = 2166136261u ^ rates->seed;

	for (size_t i = 0; i < address.n; i++)
		hash = (hash ^ (unsigned char)address.p[i]) * 16777619u;
	return hash % RATE_PLACES;
}

/* Generic cell rate algorithm (ITU-T I.371): one number a place. */
err rates_take(struct rates *rates, enum rate_class class, struct str address, int64_t now)
{
	int64_t every = rules[class].every_ms;
	bool allowed = false;

	if (every == 0)
		return ok();
	pthread_mutex_lock(&rates->lock);
	int64_t *next = &rates->next_ms[class][place_of(rates, address)];

	if (*next < now)
		*next = now;
	if (*next - now <= every * rules[class].burst) {
		*next += every;
		allowed = true;
	}
	pthread_mutex_unlock(&rates->lock);
	if (!allowed)
		return fail(ERR_LIMIT, "too many requests of this class from one address");
	return ok();
}
