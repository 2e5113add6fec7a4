#include "base/limits.h"
#include "net/fetch.h"
#include "net/init.h"

#include <signal.h>

/*
 * For fetch.test.mjs: one request, and what came of it.
 *
 *   fetch_try URL [key=value …]
 *
 *   method=NAME, body=TEXT, ca=FILE, connect=MS, total=MS, max=BYTES
 *   header=NAME:VALUE   any number
 *
 * Prints "ERROR code words", or the status, each header as "name: value", an empty line and the
 * body.
 */

enum { HEADERS = 8 };

static int64_t number(struct str text)
{
	int64_t value = 0;
	if (!str_to_i64(text, &value))
		exit(64);
	return value;
}

static void read_option(struct fetch *request, struct fetch_header *headers, struct str option)
{
	struct str name, value = option;
	if (!str_next(&value, '=', &name))
		exit(64);
	if (str_eq(name, STR("method")))
		request->method = value;
	else if (str_eq(name, STR("body")))
		request->body = value;
	else if (str_eq(name, STR("ca")))
		request->ca_file = value;
	else if (str_eq(name, STR("connect")))
		request->connect_ms = number(value);
	else if (str_eq(name, STR("total")))
		request->total_ms = number(value);
	else if (str_eq(name, STR("max")))
		request->max_bytes = (size_t)number(value);
	else if (str_eq(name, STR("header")) && request->header_count < HEADERS) {
		struct fetch_header *header = &headers[request->header_count++];
		if (!str_next(&value, ':', &header->name))
			header->name = STR("");
		header->value = value;
	} else
		exit(64);
}

int main(int argc, char **argv)
{
	struct fetch_header headers[HEADERS] = {{{0}}};
	struct fetch request = {.headers = headers};
	struct fetched answer;
	AUTO_ARENA arena;
	if (argc < 2 || failed(net_init()) || failed(net_init()))
		return 64;
	arena_init(&arena, 8u << 20);
	signal(SIGPIPE, SIG_IGN);
	request.url = str_of(argv[1]);
	for (int i = 2; i < argc; i++)
		read_option(&request, headers, str_of(argv[i]));
	err e = fetch(&request, &arena, &answer);
	if (failed(e)) {
		printf("ERROR %s %s\n", err_name(e.code), err_detail());
		return 0;
	}
	printf("%u\ntype=" STR_FMT "\n", answer.status, STR_ARG(fetched_type(&arena, &answer)));
	for (size_t i = 0; i < answer.header_count; i++)
		printf(STR_FMT ": " STR_FMT "\n", STR_ARG(answer.headers[i].name),
			STR_ARG(answer.headers[i].value));
	printf("\n");
	fwrite(answer.body.p, 1, answer.body.n, stdout);
	return 0;
}
