/*
 * The limit that uploads are measured against: the program's own HTTP core, which gives a body to workers in pieces as it comes, and nothing
 * behind it. A form (multipart/form-data) is read part by part, any other body is one file; what was counted is thrown away.
 *
 *   bench_raw_sink ADDRESS WORKERS [FOLDER]
 *
 * With FOLDER each file is written there, is on stable storage when it ends, and goes again: what of the limit the disk leaves.
 *
 * Prints "port=N" when it listens, and runs until SIGTERM. Answers each body with "files=N bytes=N": the files in it, and the bytes of these.
 */

#include "base/auto.h"
#include "http/multipart.h"
#include "http/server.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

struct sink {
	struct multipart multipart;
	bool form;
	bool broken;
	int fd; /* -1: no file, or nothing is written */
	uint64_t files, bytes;
};

static struct server *running;
static const char *folder; /* NULL: nothing is written */

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

static err begin_file(struct sink *sink)
{
	sink->files++;
	if (folder && (sink->fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600)) < 0)
		return fail(ERR_UNAVAILABLE, "no file can be made");
	return ok();
}

static err on_file(void *arg, const struct part *part)
{
	return part->filename.n > 0 ? begin_file(arg) : ok();
}

static err on_bytes(void *arg, struct str bytes)
{
	struct sink *sink = arg;
	sink->bytes += bytes.n;
	while (sink->fd >= 0 && bytes.n > 0) {
		ssize_t n = write(sink->fd, bytes.p, bytes.n);
		if (n <= 0)
			return fail(ERR_UNAVAILABLE, "write");
		bytes = str_skip(bytes, (size_t)n);
	}
	return ok();
}

static err on_end(void *arg)
{
	struct sink *sink = arg;
	AUTO_FD int fd = fd_take(&sink->fd);
	return fd >= 0 && fdatasync(fd) != 0 ? fail(ERR_UNAVAILABLE, "fdatasync") : ok();
}

static bool take(struct taker *taker, struct str piece)
{
	struct sink *sink = taker->state;
	sink->broken = failed(sink->form ? multipart_add(&sink->multipart, piece) : on_bytes(sink, piece));
	return !sink->broken;
}

static void drop(struct taker *taker)
{
	struct sink *sink = taker->state;
	AUTO_FD int fd = fd_take(&sink->fd);
	(void)fd;
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
	*sink = (struct sink){.fd = -1, .multipart = {.field = on_field, .file = on_file, .bytes = on_bytes, .end = on_end, .arg = sink}};
	sink->form = !failed(multipart_begin(&sink->multipart, req->arena, type));
	sink->broken = !sink->form && failed(begin_file(sink));
	*taker = (struct taker){.take = take, .drop = drop, .state = sink};
	return true;
}

static void handle(void *arg, const struct request *req, struct response *res)
{
	struct sink *sink = req->taker ? req->taker->state : NULL;
	(void)arg;
	res->status = 400;
	if (!sink)
		return;
	err e = sink->form ? multipart_over(&sink->multipart) : on_end(sink);
	AUTO_FD int fd = fd_take(&sink->fd); /* of a file that broke */
	(void)fd;
	if (sink->broken || failed(e))
		return;
	res->status = 200;
	buf_fmt(&res->body, "files=%llu bytes=%llu\n", (unsigned long long)sink->files, (unsigned long long)sink->bytes);
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
	if (argc < 3 || argc > 4 || !str_to_u64(str_of(argv[2]), &workers) || workers < 1 || workers > 256)
		die("usage: raw_sink ADDRESS WORKERS [FOLDER]");
	folder = argv[3];
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
