#include "serve.h"

#include "base/limits.h"
#include "base/time.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

static enum http_where where(void *arg, const struct request *req)
{
	(void)arg;
	bool worker = str_eq(req->path, STR("/worker")) || str_eq(req->path, STR("/block")) ||
		      str_starts(req->path, STR("/late/")) || str_starts(req->path, STR("/give"));
	return worker ? HTTP_WORKER : HTTP_INLINE;
}

static void echo(const struct request *req, struct response *res)
{
	static const char *const methods[HTTP_METHOD_COUNT] = {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"};
	buf_fmt(&res->body,
		"method=%s\npath=" STR_FMT "\nquery=" STR_FMT "\nhost=" STR_FMT "\npeer=" STR_FMT
		"\n",
		methods[req->method], STR_ARG(req->path), STR_ARG(req->query), STR_ARG(req->host),
		STR_ARG(req->peer));
	buf_fmt(&res->body, "headers=%zu\nbody=", req->header_count);
	buf_str(&res->body, req->body);
}

static void fill(struct response *res, uint64_t n)
{
	char *to = buf_room(&res->body, n);
	if (to) {
		memset(to, 'x', n);
		res->body.n += n;
	}
}

static void look(struct serve *serve, const struct request *req, struct response *res)
{
	struct str key = str_skip(req->path, 6);
	int k = key.p[0] - '0';
	uint64_t ms = LIMIT_HTTP_HOLD_MS;
	bool fact = serve->facts[k];
	serve->asked[k]++;
	if (str_starts(req->path, STR("/race/")) && !req->again)
		serve_happen(serve, k);
	if (fact || req->final) {
		buf_fmt(&res->body, "%s again=%d path=" STR_FMT " body=", fact ? "yes" : "no",
			req->again, STR_ARG(req->path));
		buf_str(&res->body, req->body);
		return;
	}
	(void)str_to_u64(req->query, &ms);
	buf_lit(&res->body, "nobody sees this");
	response_hold(res, key, (int64_t)ms);
}

static bool is_held(struct str path)
{
	return path.n == 7 && (str_starts(path, STR("/wait/")) || str_starts(path, STR("/late/")) ||
				      str_starts(path, STR("/race/")));
}

/* The sum is of what has come, so that a piece twice, lost or out of place shows. */
struct taken {
	struct serve *serve;
	uint64_t n, sum, most;
};

static bool take_piece(struct taker *taker, struct str piece)
{
	struct taken *taken = taker->state;
	for (size_t i = 0; i < piece.n; i++)
		taken->sum = taken->sum * 31 + (unsigned char)piece.p[i];
	taken->n += piece.n;
	if (piece.n > taken->serve->largest)
		taken->serve->largest = piece.n;
	return taken->n <= taken->most;
}

static void take_drop(struct taker *taker)
{
	struct taken *taken = taker->state;
	taken->serve->dropped_bytes = taken->n;
	sem_post(&taken->serve->dropped);
}

static bool takes(void *arg, const struct request *req)
{
	(void)arg;
	return str_starts(req->path, STR("/take"));
}

static bool begin(void *arg, const struct request *req, uint64_t length, struct response *res, struct taker *taker)
{
	struct serve *serve = arg;
	struct taken *taken = arena_new(req->arena, struct taken);
	if (str_eq(req->path, STR("/take/no"))) {
		res->status = 403;
		buf_fmt(&res->body, "no to %llu\n", (unsigned long long)length);
		return false;
	}
	*taken = (struct taken){.serve = serve, .most = UINT64_MAX};
	if (str_eq(req->path, STR("/take/some")))
		taken->most = 1000;
	*taker = (struct taker){.take = take_piece, .drop = take_drop, .state = taken};
	return true;
}

/* A pattern of which any piece can be made anew. */
struct given {
	struct serve *serve;
	uint64_t at, size, breaks;
	char piece[10000];
};

static err give_piece(struct giver *giver, struct str *piece)
{
	struct given *given = giver->state;
	size_t n = given->size - given->at < sizeof given->piece ? (size_t)(given->size - given->at) : sizeof given->piece;
	if (given->at >= given->breaks)
		return err_make(ERR_INVALID);
	for (size_t i = 0; i < n; i++)
		given->piece[i] = (char)((given->at + i) % 251);
	given->at += n;
	*piece = str_make(given->piece, n);
	return ok();
}

static void give_end(struct giver *giver)
{
	struct given *given = giver->state;
	sem_post(&given->serve->given);
}

static void give(struct serve *serve, const struct request *req, struct response *res, uint64_t breaks)
{
	struct given *given = arena_new(req->arena, struct given);
	*given = (struct given){.serve = serve, .breaks = breaks};
	(void)str_to_u64(req->query, &given->size);
	response_give(res, &(struct giver){give_piece, give_end, given, given->size});
}

static void handle(void *arg, const struct request *req, struct response *res)
{
	struct serve *serve = arg;
	const struct taken *taken = req->taker ? req->taker->state : NULL;
	uint64_t size;
	serve->handled++;
	response_header(res, STR("Content-Type"), STR("text/plain"));
	if (str_eq(req->path, STR("/block"))) {
		sem_post(&serve->blocked);
		while (sem_wait(&serve->release) != 0)
			;
	}
	if (is_held(req->path))
		look(serve, req, res);
	else if (str_eq(req->path, STR("/stubborn")))
		response_hold(res, STR("stubborn"), 50);
	else if (str_eq(req->path, STR("/echo")))
		echo(req, res);
	else if (str_starts(req->path, STR("/size/")) && str_to_u64(str_skip(req->path, 6), &size))
		fill(res, size);
	else if (taken)
		buf_fmt(&res->body, "%llu %llu%s", (unsigned long long)taken->n, (unsigned long long)taken->sum,
			req->taken_short ? " short" : "");
	else if (str_eq(req->path, STR("/give")))
		give(serve, req, res, UINT64_MAX);
	else if (str_eq(req->path, STR("/give/none")))
		give(serve, req, res, 0);
	else if (str_eq(req->path, STR("/give/part")))
		give(serve, req, res, 50000);
	else if (str_eq(req->path, STR("/static")))
		res->body_static = STR("static\n");
	else if (str_eq(req->path, STR("/empty")))
		res->status = 204;
	else if (str_eq(req->path, STR("/broken")))
		response_header(res, STR("X-Name"), STR("a\r\nSet-Cookie: b=c"));
	else
		buf_lit(&res->body, "hello world\n");
	res->close = str_eq(req->path, STR("/bye"));
}

static void refuse(void *arg, int status, struct response *res)
{
	(void)arg;
	response_header(res, STR("Content-Type"), STR("text/plain"));
	buf_fmt(&res->body, "refused %d\n", status);
}

static void busy(void *arg, const struct request *req, struct response *res)
{
	(void)arg;
	response_header(res, STR("Content-Type"), STR("text/plain"));
	buf_fmt(&res->body, "busy " STR_FMT " " STR_FMT "\n", STR_ARG(req->path), STR_ARG(req->body));
}

static void *run(void *arg)
{
	struct serve *serve = arg;
	serve->result = server_run(serve->server);
	return NULL;
}

void serve_start(struct serve *serve, struct server_conf conf)
{
	static int number;
	*serve = (struct serve){0};
	sem_init(&serve->blocked, 0, 0);
	sem_init(&serve->release, 0, 0);
	sem_init(&serve->dropped, 0, 0);
	sem_init(&serve->given, 0, 0);
	conf.where = where;
	conf.handle = handle;
	conf.refuse = refuse;
	conf.busy = busy;
	if (conf.limits.take > 0) {
		conf.takes = takes;
		conf.begin = begin;
	}
	conf.arg = serve;
	assert_int_equal(server_new(&conf, &serve->server).code, OK);
	assert_int_equal(server_listen(serve->server, "127.0.0.1:0", &serve->port).code, OK);
	char address[120];
	(void)snprintf(
		serve->path, sizeof serve->path, "/tmp/http-test-%d-%d.sock", getpid(), number++);
	(void)snprintf(address, sizeof address, "unix:%s", serve->path);
	assert_int_equal(server_listen(serve->server, address, NULL).code, OK);
	assert_int_equal(pthread_create(&serve->thread, NULL, run, serve), 0);
}

void serve_end(struct serve *serve)
{
	server_stop(serve->server);
	pthread_join(serve->thread, NULL);
	assert_int_equal(serve->result.code, OK);
	server_free(serve->server);
	sem_destroy(&serve->blocked);
	sem_destroy(&serve->release);
	sem_destroy(&serve->dropped);
	sem_destroy(&serve->given);
	assert_int_not_equal(access(serve->path, F_OK), 0);
}

void serve_happen(struct serve *serve, int k)
{
	char key = (char)('0' + k);
	serve->facts[k] = true;
	server_ring(serve->server, str_make(&key, 1));
}

void serve_release(struct serve *serve, int n)
{
	while (n-- > 0)
		sem_post(&serve->release);
}
