#ifndef SIM_PHONE_WEB_H
#define SIM_PHONE_WEB_H

#include "base/random.h"
#include "http/http.h"
#include "sim/phone/flow.h"
#include "sim/phone/secret.h"

#include <pthread.h>

/*
 * The app as a page in a browser of this machine: one phone, so one scan at a time, whoever looks
 * at it.
 *
 *   START ─▶ ASK ─▶ CARD ─▶ SECRET ─▶ HOLD ─▶ CODE ─▶ END ─▶ START
 *
 * Each step is one path; whoever asks for another is sent to the one where the phone is. Every
 * change is a POST with the token that only our pages know, and a request under another name than
 * this machine's is refused, so that no other page can press a button here. Works without script.
 *
 * The secret is kept from its typing until the card has it, which a person decides by Scan; it is
 * overwritten at every step away from HOLD.
 *
 * One mutex around all; web_wait alone gives it back while it asks the portal, and a new scan waits
 * for it then.
 */

enum web_step {
	WEB_START,
	WEB_ASK,
	WEB_CARD,
	WEB_SECRET,
	WEB_HOLD,
	WEB_CODE,
	WEB_END,
	WEB_STEP_COUNT
};

#define WEB_ARENA (4u << 20)
#define WEB_PICTURE                                                                                \
	(5u << 20) /* of the memory for a request, 16 MiB, a body that grows to this takes at most \
		      10 */

struct server;

struct web {
	pthread_mutex_t mutex;
	struct server *server;
	const char *home_dir, *cards;
	struct str ca_file;
	char token[33];
	enum tongue tongue;

	struct arena arena; /* of the scan */
	struct home home;
	bool opened; /* home */
	struct flow flow;
	enum web_step step;
	unsigned scan; /* its number: a wait of an older one changes nothing */
	bool asking;   /* web_wait uses flow and home without the mutex: they stay as they are */
	pthread_cond_t asked;
	enum ask_method method;
	struct home_card card;
	struct secret secret;
	unsigned tries;
	enum word notice; /* W_COUNT: none */
};

void web_init(struct web *web, const char *home, const char *cards, struct str ca_file,
	enum tongue tongue);
void web_release(struct web *web);

/* For struct server_conf; arg is the web. */
void web_handle(void *arg, const struct request *req, struct response *res);
void web_refuse(void *arg, int status, struct response *res);

extern const struct str web_paths[WEB_STEP_COUNT];

/* --- among the files of the page --- */

/* Changes of the phone, by the fields of a form. */
void web_scan(struct web *web, struct str text);
void web_scan_picture(struct web *web, struct arena *arena, struct str bytes);
/* A picture of a running camera: nothing happens while there is no code in it. */
void web_scan_frame(struct web *web, struct arena *arena, struct str bytes);
void web_continue(struct web *web);
void web_decline(struct web *web);
void web_choose(struct web *web, struct arena *arena, struct str card);
void web_method(struct web *web, struct str name);
void web_type(struct web *web, struct str secret);
void web_hold(struct web *web);
void web_back(struct web *web);
void web_close(struct web *web);
/* In a worker: asks the portal how the code stands, until it is over. arg is the web. */
void web_wait(void *arg);

/* The page of the step. */
void web_page(const struct web *web, struct buf *out, struct arena *arena, int64_t now);

#endif
