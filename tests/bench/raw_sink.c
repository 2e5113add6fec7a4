/*
 * The limit that uploads are measured against: the program's own HTTP core, which gives a body to workers in pieces as it comes, and nothing
 * behind it. A form (multipart/form-data) is read part by part, any other body is counted only; what was counted is thrown away.
 *
 *   bench_raw_sink ADDRESS WORKERS
 *
 * Prints "port=N" when it listens, and runs until SIGTERM. Answers each body with "files=N bytes=N": the files in it, and the bytes of these.
 */

#include "http/multipart.h"
#include "http/server.h"

#include <signal.h>

struct sink {
	struct multipart multipart;
	bool form;
	bool broken;
	uint64_t files, bytes;
};

static struct server *running;

static void on_stop(int signal)
{
	(void)signal;
	server_stop(running);
}

static err on_field(void *arg, struct str name, struct str value)
{
	(void)arg, (void)name, (void)value;
	return ok();
}

static err on_file(void *arg, const struct part *part)
{
	struct sink *sink = arg;
	sink->files += part->filename.n > 0;
	return ok();
}

static err on_bytes(void *arg, struct str bytes)
{
	struct sink *sink = arg;
	sink->bytes += bytes.n;
	return ok();
}

static err on_end(void *arg)
{
	(void)arg;
	return ok();
}

static bool take(struct taker *taker, struct str piece)
{
	struct sink *sink = taker->state;
	if (!sink->form) {
		sink->bytes += piece.n;
		return true;
	}
	sink->broken = failed(multipart_add(&sink->multipart, piece));
	return !sink->broken;
}

static void drop(struct taker *taker)
{
	(void)taker;
}

static bool takes(void *arg, const struct request *req)
{
	(void)arg;
	return http_writes(req->method);
}

static bool begin(void *arg, const struct request *req, uint64_t length, struct response *res, struct taker *taker)
{
	struct sink *sink = arena_new(req->arena, struct sink);
	struct str type = request_header(req, STR("Content-Type"));
	(void)arg, (void)length, (void)res;
	*sink = (struct sink){.multipart = {.field = on_field, .file = on_file, .bytes = on_bytes, .end = on_end, .arg = sink}};
	sink->form = !failed(multipart_begin(&sink->multipart, req->arena, type));
	sink->files = sink->form ? 0 : 1;
	*taker = (struct taker){.take = take, .drop = drop, .state = sink};
	return true;
}

static void handle(void *arg, const struct request *req, struct response *res)
{
	const struct sink *sink = req->taker ? req->taker->state : NULL;
	(void)arg;
	res->status = sink && !sink->broken && (!sink->form || !failed(multipart_over(&sink->multipart))) ? 200 : 400;
	buf_fmt(&res->body, "files=%llu bytes=%llu\n", sink ? (unsigned long long)sink->files : 0, sink ? (unsigned long long)sink->bytes : 0);
}

static enum http_where where(void *arg, const struct request *req)
{
	(void)arg, (void)req;
	return HTTP_WORKER;
}

static void refuse(void *arg, int status, struct response *res)
{
	(void)arg;
	res->status = status;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "raw_sink: %s\n", what);
	exit(1);
}

int main(int argc, char **argv)
{
	uint64_t workers;
	unsigned port;
	if (argc != 3 || !str_to_u64(str_of(argv[2]), &workers) || workers < 1 || workers > 256)
		die("usage: raw_sink ADDRESS WORKERS");
	const struct server_conf conf = {.event_threads = 1, .workers = (unsigned)workers, .where = where, .handle = handle, .takes = takes, .begin = begin, .refuse = refuse};
	if (failed(server_new(&conf, &running)) || failed(server_listen(running, argv[1], &port)))
		die(err_detail());
	sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_stop}, NULL);
	sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	printf("port=%u\n", port);
	fflush(stdout);
	err e = server_run(running);
	signal(SIGTERM, SIG_DFL);
	server_free(running);
	return failed(e) ? 1 : 0;
}
