#ifndef HTTP_INSIDE_H
#define HTTP_INSIDE_H

#include "http/admit.h"
#include "http/waits.h"
#include "http/loop.h"
#include "http/queue.h"
#include "http/server.h"

/* The server as its own files see it. Everything but the atomic and what has its own mutex is
 * constant while it runs. */

#define SERVER_LISTENERS 8

struct listener {
	struct watch watch; /* first */
	struct server *server;
	struct listener_socket socket;
	ino_t inode; /* of a Unix socket's path: what we made, not what replaced it */
};

struct server {
	struct arena home;       /* holds this struct, the loops and the queue */
	struct server_conf conf; /* limits filled */
	struct loop *loops;
	unsigned loop_count;
	struct listener listeners[SERVER_LISTENERS];
	size_t listener_count;
	struct timer accept_timer; /* in the list of the first loop: the pause when descriptors run
				      out */
	bool accept_short;         /* said so in the log, once */
	struct queue queue;
	struct admit admit;
	struct waits waits;
	atomic_bool stopping;
	atomic_bool abandoned; /* the time to stop in is over: what still waits is not begun */
};

/* The first loop accepts for all and gives each connection to the loop with the fewest. */
void accept_start(struct server *server);
void accept_resume(struct server *server); /* the pause is over */
void accept_stop(struct server *server);   /* closes the listening sockets */

#endif
