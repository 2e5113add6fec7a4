#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

#include <netinet/in.h>
#include <sys/socket.h>

/*
 * Where a server listens and who connects. Addresses are numbers: nothing here asks a name server.
 */

struct peer {
	bool counted;          /* an Internet address: one of those that are counted */
	bool local;            /* a Unix socket or a loopback address: may be our proxy */
	unsigned char key[16]; /* the address; of IPv6 the first 64 bits, which one customer has at
				  least */
	char text[INET6_ADDRSTRLEN];
};

void peer_read(const struct sockaddr_storage *address, struct peer *out);

/* The same for an address that our proxy names; false, and *out untouched, when text is none. */
bool peer_from_number(struct str text, struct peer *out);

/* True when text is an Internet address, without port or brackets. */
bool address_is_number(struct str text);

struct listener_socket {
	int fd;
	unsigned port;  /* 0: Unix */
	char path[108]; /* of a Unix socket that we made; "" else */
};

/*
 * "127.0.0.1:8080", "[::1]:8080", "unix:/run/x.sock", "fd:3" (a listening socket that the service
 * manager passed). A Unix socket that is left over from a process that is gone is replaced; one
 * that is listened on is CONFLICT. INVALID: no such form; UNAVAILABLE: the system refuses (the
 * words say why).
 */
err address_listen(struct str address, struct listener_socket *out);

#endif
