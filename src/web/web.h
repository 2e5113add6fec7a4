#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/err.h"
#include "crypto/seal.h"
#include "domain/portal.h"
#include "http/server.h"
#include "identity/cardlink.h"
#include "web/banner.h"
#include "web/headers.h"
#include "web/pace.h"
#include "web/rate.h"
#include "web/touch.h"

/*
 * The face of the portal: turns HTTP requests into pages. It is the server's handler (http/server.h): web_where decides in one place
 * what runs in an event thread (what only reads a store inside the process), web_handle runs the router's steps
 * in the same order for every route, web_refuse writes the body for what was no request, web_busy the answer to one that no worker has time for.
 *
 * All threads share one web; only `banner`, `rates`, `touches` and `paces` change, and guard themselves.
 */

struct files;
struct oidc;
struct selfinfo;

struct web_conf {
	struct store *store;    /* handed to the domain in each cx; web asks it nothing */
	bool local_reads;       /* reads cannot block: page views may run in an event thread */
	const struct portal *portal;
	const struct cardlink *cardlink; /* NULL: cards are not read */
	struct str help_phone;  /* empty: no help desk is named */
	struct str help_hours[LANG_COUNT]; /* when it answers; with readings, as texts are written (docs/texts.md) */
	bool secure;            /* base_url is https: Secure cookies with the __Host- prefix, HSTS */
	bool mailbox;           /* mails stay in the data folder: the development mailbox is shown */
	struct str mail_folder;
	void (*written)(void *arg); /* after each POST that was carried out: there may be work; NULL: nobody asks */
	void *written_arg;
	struct oidc *oidc;      /* NULL: no provider */
	const struct files *files; /* files/files.h; NULL: no files are taken (503) */
	const struct selfinfo *selfinfo; /* NULL: no tax information is fetched */
	struct str form_targets; /* other origins that our forms lead to by a redirect, each with a blank before it */
	uint8_t key[32];        /* for form tokens and for what a time-out must not lose */
};

struct web {
	struct web_conf conf;
	struct server *server;  /* for what runs after the answer; NULL in tests */
	struct seal_key kept_key;
	struct headers headers;
	struct banner banner;
	struct rates rates;
	struct touches touches;
	struct paces paces;
};

void web_init(struct web *web, const struct web_conf *conf);
void web_release(struct web *web);

enum http_where web_where(void *web, const struct request *req);
void web_handle(void *web, const struct request *req, struct response *res);
void web_refuse(void *web, int status, struct response *res);
void web_busy(void *web, const struct request *req, struct response *res);
/* For bodies that are taken in pieces (http/stream.h): the steps of the router are run when the head has come. */
bool web_takes(void *web, const struct request *req);
bool web_begin(void *web, const struct request *req, uint64_t length, struct response *res, struct taker *taker);

#endif
