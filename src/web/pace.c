#include "web/pace.h"

#include <string.h>

void paces_init(struct paces *paces)
{
	memset(paces, 0, sizeof *paces);
	pthread_mutex_init(&paces->lock, NULL);
}

void paces_release(struct paces *paces)
{
	pthread_mutex_destroy(&paces->lock);
}

/* FNV-1a. Ids are random and known to their owner only. */
static uint64_t key_of(struct str id)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < id.n; i++)
		hash = (hash ^ (unsigned char)id.p[i]) * UINT64_C(0x100000001b3);
	return hash | 1; /* 0: nobody's */
}

static bool take(struct pace *pace, int64_t seq, int64_t now)
{
	bool early = seq <= pace->seq && now - pace->at < (int64_t)pace->interval * 1000;

	pace->at = now;
	pace->seq = seq > pace->seq ? seq : pace->seq;
	pace->strikes = early ? pace->strikes + 1 : 0;
	if (pace->strikes < PACE_STRIKES)
		return true;
	pace->strikes = 0;
	pace->interval = pace->interval + PACE_MORE < PACE_MOST ? pace->interval + PACE_MORE : PACE_MOST;
	return false;
}

bool paces_take(struct paces *paces, struct str id, int64_t seq, int64_t now, unsigned *interval)
{
	uint64_t key = key_of(id);
	bool allowed = true;

	pthread_mutex_lock(&paces->lock);
	struct pace *pace = &paces->places[(key >> 32) % PACE_PLACES];

	if (pace->key != key)
		*pace = (struct pace){.key = key, .at = now, .seq = seq, .interval = PACE_LEAST};
	else
		allowed = take(pace, seq, now);
	*interval = pace->interval;
	pthread_mutex_unlock(&paces->lock);
	return allowed;
}
