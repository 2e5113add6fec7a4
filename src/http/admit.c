#include "http/admit.h"

#include "http/conn.h"

#include "base/random.h"

void admit_init(struct admit *admit, const struct http_limits *limits)
{
	size_t slots = 16;
	while (slots < limits->connections * 2)
		slots *= 2;
	size_t bytes = slots * sizeof(struct admit_slot) +
		       limits->connections * (sizeof(struct conn) + 64);
	*admit = (struct admit){
		.most = limits->connections,
		.per_address = limits->per_address,
		.slot_mask = slots - 1,
	};
	pthread_mutex_init(&admit->mutex, NULL);
	arena_init(&admit->arena, bytes + 4096);
	admit->slots = arena_array(&admit->arena, struct admit_slot, slots);
	random_bytes(&admit->seed, sizeof admit->seed);
}

void admit_release(struct admit *admit)
{
	arena_release(&admit->arena);
	pthread_mutex_destroy(&admit->mutex);
}

/* Where a key's search begins. The finaliser of SplitMix64, with the seed. */
static size_t home_of(const struct admit *admit, const unsigned char key[16])
{
	uint64_t halves[2];
	memcpy(halves, key, sizeof halves);
	uint64_t x = halves[0] ^ admit->seed;
	for (int i = 0; i < 2; i++) {
		x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
		x ^= x >> 31;
		x += halves[1] ^ (admit->seed << 1);
	}
	return (size_t)x & admit->slot_mask;
}

/* The key's slot, or the free one where it belongs. */
static size_t find_slot(const struct admit *admit, const unsigned char key[16])
{
	size_t at = home_of(admit, key);
	while (admit->slots[at].count > 0 && memcmp(admit->slots[at].key, key, 16) != 0)
		at = (at + 1) & admit->slot_mask;
	return at;
}

/* Moves back what stands behind a freed slot, so that no search ends too early (Knuth 6.4,
 * algorithm R). */
static void close_gap(struct admit *admit, size_t gap)
{
	for (size_t at = (gap + 1) & admit->slot_mask; admit->slots[at].count > 0;
		at = (at + 1) & admit->slot_mask) {
		size_t home = home_of(admit, admit->slots[at].key);
		if (((at - home) & admit->slot_mask) < ((at - gap) & admit->slot_mask))
			continue;
		admit->slots[gap] = admit->slots[at];
		admit->slots[at].count = 0;
		gap = at;
	}
}

static bool count_in(struct admit *admit, const struct peer *peer)
{
	if (!peer->counted)
		return true;
	struct admit_slot *slot = &admit->slots[find_slot(admit, peer->key)];
	if (slot->count >= admit->per_address)
		return false;
	memcpy(slot->key, peer->key, sizeof slot->key);
	slot->count++;
	return true;
}

static void count_out(struct admit *admit, const struct peer *peer)
{
	if (!peer->counted)
		return;
	size_t at = find_slot(admit, peer->key);
	if (--admit->slots[at].count == 0)
		close_gap(admit, at);
}

struct conn *admit_take(struct admit *admit, const struct peer *peer)
{
	struct conn *conn = NULL;
	pthread_mutex_lock(&admit->mutex);
	if (admit->open < admit->most && count_in(admit, peer)) {
		admit->open++;
		conn = admit->free;
		if (conn)
			admit->free = conn->next;
		else
			conn = arena_new(&admit->arena, struct conn);
	}
	pthread_mutex_unlock(&admit->mutex);
	if (conn)
		*conn = (struct conn){.fd = -1, .peer = *peer};
	return conn;
}

void admit_return(struct admit *admit, struct conn *conn)
{
	pthread_mutex_lock(&admit->mutex);
	count_out(admit, &conn->peer);
	admit->open--;
	conn->next = admit->free;
	admit->free = conn;
	pthread_mutex_unlock(&admit->mutex);
}

size_t admit_open(struct admit *admit)
{
	pthread_mutex_lock(&admit->mutex);
	size_t open = admit->open;
	pthread_mutex_unlock(&admit->mutex);
	return open;
}
