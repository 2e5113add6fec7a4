#ifndef CMD_SERVE_H
#define CMD_SERVE_H

#include "cmd/start.h"

/*
 * The pages: listens and answers until SIGTERM or SIGINT, then finishes what is open (http/server.h). One at a time in a process.
 */

/* What the rest of the process wants to know: written is called after each POST that was carried out. NULL members are allowed. */
struct serve_hooks {
	void (*written)(void *arg);
	void *arg;
};

/* Listens on every address of the configuration. */
enum exit_code serve_pages(struct start *start, const struct serve_hooks *hooks);

/* portal.idv_changed: wakes those who wait for the transaction, when pages are served here. From any thread. */
void serve_changed(void *arg, struct str tx_id);

#endif
