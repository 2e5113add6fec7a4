#include "sim/ca/ocsp.h"

#include "base/time.h"
#include "http/server.h"
#include "sim/ca/folder.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>

/* The OCSP responder as a server of HTTP, RFC 6960 appendix A; POST only. */

#define WORKERS 32       /* each can wait in silence while others are answered */
#define STEP_MS 50       /* between two looks at the mode */
#define SILENCE_MS 60000 /* whoever still waits then is told */

struct responder {
	const struct ca *ca;
	struct server *server;
	atomic_bool stopping;
};

static struct responder *running; /* for the signal handler alone */

static void on_stop(int signal)
{
	(void)signal;
	atomic_store(&running->stopping, true);
	server_stop(running->server);
}

static void refuse(void *arg, int status, struct response *res)
{
	(void)arg;
	response_header(res, STR("Content-Type"), STR("text/plain; charset=utf-8"));
	buf_fmt(&res->body, "%d %s\n", status, http_reason(status));
}

static void refuse_with(struct response *res, int status)
{
	res->status = status;
	if (status == 405)
		response_header(res, STR("Allow"), STR("POST"));
	refuse(NULL, status, res);
}

/* Until the mode is another one, the server stops, or nobody can be waiting any more. */
static err keep_silent(struct responder *responder, enum ocsp_mode *mode)
{
	int64_t end = time_monotonic() + SILENCE_MS;
	while (*mode == OCSP_SILENT && !atomic_load(&responder->stopping) &&
		time_monotonic() < end) {
		const struct timespec step = {.tv_nsec = STEP_MS * 1000000};
		if (nanosleep(&step, NULL) != 0 && errno != EINTR)
			return folder_error("nanosleep", responder->ca->dir);
		TRY(ocsp_mode_read(responder->ca, mode));
	}
	return ok();
}

static err answer(struct responder *responder, const struct request *req, struct str *out)
{
	enum ocsp_mode mode;
	TRY(ocsp_mode_read(responder->ca, &mode));
	TRY(keep_silent(responder, &mode));
	if (mode == OCSP_SILENT)
		return fail(ERR_UNAVAILABLE, "silent for too long");
	return ocsp_answer(responder->ca, req->arena, req->body, mode, time_now(), out);
}

static void handle(void *arg, const struct request *req, struct response *res)
{
	struct str body;
	if (req->method != HTTP_POST) {
		refuse_with(res, 405);
		return;
	}
	if (!str_eq_nocase(
		    request_header(req, STR("Content-Type")), STR("application/ocsp-request"))) {
		refuse_with(res, 415);
		return;
	}
	err answered = answer(arg, req, &body);
	if (failed(answered)) {
		fprintf(stderr, "simca: OCSP: %s\n", err_detail());
		refuse_with(res, answered.code == ERR_UNAVAILABLE ? 503 : 500);
		return;
	}
	res->status = 200;
	response_header(res, STR("Content-Type"), STR(OCSP_CONTENT));
	buf_str(&res->body, body);
}

static enum http_where where(void *arg, const struct request *req)
{
	(void)arg;
	(void)req;
	return HTTP_WORKER;
}

static void catch_signals(struct responder *responder)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	running = responder;
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

err ocsp_serve(const struct ca *ca, const char *address, void (*ready)(void *arg, unsigned port),
	void *arg)
{
	struct responder responder = {.ca = ca};
	const struct server_conf conf = {
		.event_threads = 1,
		.workers = WORKERS,
		.limits = {.body = OCSP_REQUEST_MAX},
		.where = where,
		.handle = handle,
		.refuse = refuse,
		.arg = &responder,
	};
	unsigned port = 0;
	TRY(server_new(&conf, &responder.server));
	err served = server_listen(responder.server, address, &port);
	if (!failed(served)) {
		catch_signals(&responder);
		ready(arg, port);
		served = server_run(responder.server);
	}
	/* A second signal must not find a server that is gone. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	server_free(responder.server);
	return served;
}
