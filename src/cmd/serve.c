#include "cmd/serve.h"

#include "base/limits.h"
#include "cmd/passed.h"
#include "cmd/provider.h"
#include "http/server.h"
#include "web/web.h"

#include <pthread.h>
#include <signal.h>

static struct server *running; /* for the signal handler alone */

static void on_stop(int signal)
{
	(void)signal;
	server_stop(running);
}

/* Background work changes proofs too, and may outlive the server. */
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static struct server *rung; /* under ring_lock */

static void ring_set(struct server *server)
{
	pthread_mutex_lock(&ring_lock);
	rung = server;
	pthread_mutex_unlock(&ring_lock);
}

void serve_changed(void *arg, struct str tx_id)
{
	(void)arg;
	pthread_mutex_lock(&ring_lock);
	if (rung)
		server_ring(rung, tx_id);
	pthread_mutex_unlock(&ring_lock);
}

static void handle_signals(struct server *server)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	running = server;
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

/* "127.0.0.1:0" listens where the system likes: the real address is told, for people and for tests. */
static void tell(struct start *start, struct str address, unsigned port)
{
	ptrdiff_t colon = -1;

	for (size_t i = 0; i < address.n; i++) {
		if (address.p[i] == ':')
			colon = (ptrdiff_t)i;
	}
	if (str_starts(address, STR("unix:")) || str_starts(address, STR("fd:")) || colon < 0)
		printf("listening on " STR_FMT "\n", STR_ARG(address));
	else
		printf("listening on http://" STR_FMT ":%u\n", STR_ARG(str_sub(address, 0, (size_t)colon)), port);
	fflush(stdout);
	log_event(LOG_INFO, "listening", LOG_STR("address", address), LOG_I64("port", port),
		LOG_STR("data", start->program->conf.data));
}

static enum exit_code listen_at(struct start *start, struct server *server, struct str address)
{
	unsigned port = 0;
	err e = server_listen(server, str_c(start->program->arena, address), &port);

	if (failed(e)) {
		program_complain("listening", e);
		return EXIT_UNAVAILABLE;
	}
	tell(start, address, port);
	return EXIT_DONE;
}

/* What the service manager has passed stands for the addresses of the configuration. */
static enum exit_code listen_all(struct start *start, struct server *server)
{
	const struct conf_list *listen = &start->program->conf.listen;
	unsigned passed = passed_sockets();
	enum exit_code code = EXIT_DONE;

	for (unsigned i = 0; i < passed && code == EXIT_DONE; i++)
		code = listen_at(start, server, str_fmt(start->program->arena, "fd:%u", PASSED_FIRST + i));
	for (size_t i = 0; passed == 0 && i < listen->n && code == EXIT_DONE; i++)
		code = listen_at(start, server, listen->v[i]);
	return code;
}

/* Drafts and applications of today are shown by today's definitions for years. Without them pages are served all the same. */
static void publish(struct start *start)
{
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	struct cx cx = start_cx(start, &arena, ACTOR_OPERATOR);
	err e = archive_publish(&cx, str_c(&arena, start->program->conf.procedures));

	cx_end(&cx);
	if (failed(e))
		log_event(LOG_ERROR, "versions_not_archived", LOG_C("detail", err_detail()));
}

enum exit_code serve_pages(struct start *start, const struct serve_hooks *hooks)
{
	const struct conf *conf = &start->program->conf;
	struct arena *arena = start->program->arena;
	struct server *server;
	struct web web;
	struct web_conf web_conf = {
		.store = start->store,
		.local_reads = store_is_local(start->store),
		.portal = &start->portal,
		.cardlink = start->card_key ? &start->cardlink : NULL,
		.oidc = start->oidc,
		.files = start->with_files ? &start->files : NULL,
		.selfinfo = start->selfinfo,
		.form_targets = provider_origins(start->program),
		.help_phone = conf->contact_phone,
		.help_hours = {[LANG_JA] = conf->contact_hours_ja, [LANG_EN] = conf->contact_hours_en},
		.secure = str_starts(conf->base_url, STR("https://")),
		.mailbox = str_empty(conf->mail_relay),
		.written = hooks->written,
		.written_arg = hooks->arg,
		.mail_folder = str_fmt(arena, STR_FMT "/mail", STR_ARG(conf->data)),
	};

	publish(start);
	memcpy(web_conf.key, start->web_key, sizeof web_conf.key);
	web_init(&web, &web_conf);
	struct server_conf server_conf = {
		.event_threads = (unsigned)conf->event_threads,
		.workers = (unsigned)conf->workers,
		.trust_forwarded = conf->trust_proxy,
		.where = web_where,
		.handle = web_handle,
		.refuse = web_refuse,
		.busy = web_busy,
		.takes = web_takes,
		.begin = web_begin,
		.arg = &web,
	};
	err e = server_new(&server_conf, &server);

	if (failed(e)) {
		program_complain("the server", e);
		return EXIT_OS;
	}
	web.server = server;
	handle_signals(server);
	ring_set(server);
	enum exit_code code = listen_all(start, server);

	if (code == EXIT_DONE && failed(e = server_run(server))) {
		program_complain("the server", e);
		code = EXIT_OS;
	}
	ring_set(NULL);
	server_free(server);
	web_release(&web);
	return code;
}
