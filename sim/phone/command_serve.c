#include "base/log.h"
#include "http/server.h"
#include "sim/phone/commands.h"
#include "sim/phone/exits.h"
#include "sim/phone/file.h"
#include "sim/phone/web.h"

#include <signal.h>

/* Two: one may wait for the portal while the other shows that. */
#define WORKERS 2

static struct server *running;

static void on_signal(int number)
{
	(void)number;
	server_stop(running);
}

static enum http_where where(void *arg, const struct request *req)
{
	(void)arg;
	(void)req;
	return HTTP_WORKER;
}

/* A simulated phone asks for PINs without encryption: nobody else may reach it. */
static bool is_local(struct str address)
{
	return str_starts(address, STR("127.")) || str_starts(address, STR("[::1]:")) ||
	       str_starts(address, STR("unix:"));
}

static int serve(struct web *web, const struct options *options)
{
	unsigned port;
	const struct server_conf conf = {
		.event_threads = 1,
		.workers = WORKERS,
		.limits = {.body = WEB_PICTURE, .stop_ms = 5000},
		.where = where,
		.handle = web_handle,
		.refuse = web_refuse,
		.arg = web,
	};
	err e = server_new(&conf, &web->server);
	if (failed(e))
		return complain(e);
	e = server_listen(web->server, options->listen, &port);
	if (!failed(e)) {
		running = web->server;
		(void)signal(SIGTERM, on_signal);
		(void)signal(SIGINT, on_signal);
		if (port > 0)
			printf("http://%s:%u/\n", options->listen[0] == '[' ? "[::1]" : "127.0.0.1",
				port);
		(void)fflush(stdout);
		e = server_run(web->server);
	}
	server_free(web->server);
	return failed(e) ? complain(e) : EXIT_DONE;
}

int command_serve(struct arena *arena, struct options *options)
{
	AUTO_HOME home = {0};
	struct web web;
	if (options->target) {
		fprintf(stderr, "simphone: serve takes no %s\n", options->target);
		return EXIT_USAGE;
	}
	if (!is_local(str_of(options->listen))) {
		fprintf(stderr, "simphone: --listen: an address of this machine only, such as "
				"127.0.0.1:8090\n");
		return EXIT_USAGE;
	}
	/* So that what is wrong with the folder is said now, and not on the first screen. */
	err e = home_open(arena, options->home, &home);
	if (failed(e))
		return complain(e);
	log_set_level(LOG_WARN);
	web_init(&web, options->home,
		options->cards ? options->cards : file_path(arena, options->home, "cards"),
		str_of(options->ca_file), options->tongue);
	int code = serve(&web, options);
	web_release(&web);
	return code;
}
