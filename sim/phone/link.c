#include "sim/phone/link.h"

#include "base/limits.h"
#include "net/fetch.h"

#include <errno.h>

#define TOTAL_MS 25000

/* Before the second try and the third. */
static void pause_before(unsigned attempt)
{
	struct timespec left = {.tv_sec = attempt > 1, .tv_nsec = attempt > 1 ? 0 : 250000000};
	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

static enum ending send_it(struct arena *arena, const struct link *link,
	const struct fetch *request, struct fetched *answer)
{
	unsigned tries = link->tries ? link->tries : LINK_TRIES;
	for (unsigned attempt = 0; attempt < tries; attempt++) {
		if (attempt > 0)
			pause_before(attempt);
		err e = fetch(request, arena, answer);
		if (!failed(e))
			return ENDING_NONE;
		if (e.code != ERR_UNAVAILABLE)
			return ENDING_answer_unclear;
	}
	return ENDING_no_connection;
}

/* What a refusal says. */
static enum ending read_problem(
	struct arena *arena, const struct fetched *answer, struct reply *out)
{
	const struct json *json;
	struct str code;
	uint64_t seconds;
	if (!str_eq(fetched_type(arena, answer), STR("application/problem+json")) ||
		failed(json_read(arena, answer->body, NULL, &json)) ||
		failed(json_str(json, STR("code"), &code)))
		return answer->status >= 500 ? ENDING_internal : ENDING_answer_unclear;
	if (str_to_u64(fetched_header(answer, STR("retry-after")), &seconds) && seconds < 3600)
		out->retry_after = (int64_t)seconds;
	return ending_of_code(code);
}

static enum ending read_answer(struct arena *arena, const struct fetched *answer, struct reply *out)
{
	*out = (struct reply){.status = answer->status};
	if (answer->status == 204)
		return ENDING_NONE;
	if (answer->status != 200)
		return read_problem(arena, answer, out);
	if (!str_eq(fetched_type(arena, answer), STR("application/json")) ||
		failed(json_read(arena, answer->body, NULL, &out->json)))
		return ENDING_answer_unclear;
	return ENDING_NONE;
}

static enum ending exchange(struct arena *arena, const struct link *link, struct str path,
	struct str body, struct reply *out)
{
	static const struct fetch_header headers[] = {
		{STR_INIT("Accept"), STR_INIT("application/json")},
		{STR_INIT("Content-Type"), STR_INIT("application/jose")},
	};
	struct fetched answer;
	struct fetch request = {
		.url = str_fmt(arena, STR_FMT STR_FMT, STR_ARG(link->origin), STR_ARG(path)),
		.headers = headers,
		.header_count = str_absent(body) ? 1 : 2,
		.body = body,
		.ca_file = link->ca_file,
		.total_ms = link->total_ms ? link->total_ms : TOTAL_MS,
		.max_bytes = LIMIT_JSON,
	};
	enum ending ending = send_it(arena, link, &request, &answer);
	return ending != ENDING_NONE ? ending : read_answer(arena, &answer, out);
}

enum ending link_post(struct arena *arena, const struct link *link, struct str path,
	struct str body, struct reply *out)
{
	return exchange(arena, link, path, body, out);
}

enum ending link_get(
	struct arena *arena, const struct link *link, struct str path, struct reply *out)
{
	return exchange(arena, link, path, (struct str){0}, out);
}
