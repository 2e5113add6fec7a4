#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include "base/str.h"

#include "serve.h"

/*
 * A client that sends raw bytes. It waits up to 20 s for what must come, so a test that fails says
 * so instead of hanging.
 */

struct client {
	int fd;
	size_t n; /* received and not yet taken */
	char in[(4u << 20)];
};

struct answer {
	int status; /* 0: the connection ended without one */
	struct str head;
	struct str body;
};

struct client *client_tcp(const struct serve *serve);
struct client *client_unix(const struct serve *serve);
void client_free(struct client *client);

/* False: the peer does not take any more. */
bool client_send(struct client *client, const void *p, size_t n);
void client_say(struct client *client, const char *text); /* must be taken */
/* Until the server has read everything that was sent; only for a Unix socket. */
void client_settle(struct client *client);

/* The next answer; `to` is the request's method (an answer to HEAD has no body). The strings live
 * until the next call. */
struct answer client_answer(struct client *client, const char *to);
/* The server has ended the connection and sent nothing more. */
bool client_at_end(struct client *client);

/* The value of a header line; absent: not there. */
struct str answer_header(const struct answer *answer, const char *name);

#endif
