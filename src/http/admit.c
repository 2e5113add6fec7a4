#include "http/admit.h"

#include "http/conn.h"

void admit_init(struct admit *admit, const struct http_limits *limits)
{
	size_t most = limits->connections;
	*admit = (struct admit){.most = most};
	pthread_mutex_init(&admit->mutex, NULL);
	arena_init(&admit->arena, census_bytes(most) + most * (sizeof(struct conn) + 64) + 4096);
	census_init(&admit->census, &admit->arena, most, limits->per_address);
}

void admit_release(struct admit *admit)
{
	arena_release(&admit->arena);
	pthread_mutex_destroy(&admit->mutex);
}

struct conn *admit_take(struct admit *admit, const struct peer *peer)
{
	struct conn *conn = NULL;
	pthread_mutex_lock(&admit->mutex);
	if (admit->open < admit->most &&
		(!peer->counted || census_add(&admit->census, peer->key))) {
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
	if (conn->peer.counted)
		census_remove(&admit->census, conn->peer.key);
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
