#ifndef HTTP_ADMIT_H
#define HTTP_ADMIT_H

#include "http/address.h"
#include "http/census.h"
#include "http/limits.h"

#include "base/arena.h"

#include <pthread.h>

/*
 * Who may connect: the number of open connections, in all and for each address, and the memory of
 * their structs, which is used again and never given back (a few hundred bytes each). Any thread.
 */

struct conn;

struct admit {
	pthread_mutex_t mutex;
	struct arena arena;
	struct conn *free;
	size_t open;
	size_t most;
	struct census census;
};

void admit_init(struct admit *admit, const struct http_limits *limits);
void admit_release(struct admit *admit);

/* A zeroed connection with its peer set; NULL: too many. `counted` of the peer says whether its
 * address is. */
struct conn *admit_take(struct admit *admit, const struct peer *peer);
void admit_return(struct admit *admit, struct conn *conn);
size_t admit_open(struct admit *admit);

#endif
