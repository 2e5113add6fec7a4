#include "web/route.h"

#include "web/page.h"

#include <assert.h>
#include <pthread.h>

/* The words of the table. */
enum {
	SLOW = ROUTE_SLOW,
	DEVELOPMENT = ROUTE_DEVELOPMENT,
	KEEP = ROUTE_KEEP,
	MESSAGE = ROUTE_MESSAGE,
	UPLOAD = ROUTE_UPLOAD,
	TUS = ROUTE_TUS,
	FILE_ = ROUTE_FILE,
};
#define FILE FILE_

const struct route routes[ROUTE_COUNT] = {
#define ROUTE(name_, method_, pattern_, access_, rate_, flags_)                                  \
	[ROUTE_##name_] = {ROUTE_##name_, #name_, HTTP_##method_, STR_INIT(pattern_),            \
		ACCESS_##access_, RATE_##rate_, (flags_), page_##name_},
#include "web/routes.def"
#undef ROUTE
};

/* Compares segment by segment; `score` orders fits: a literal is worth more than a parameter, the earlier the more. */
static bool pattern_fits(struct str pattern, struct str path, struct str params[ROUTE_PARAMS], unsigned *score)
{
	size_t count = 0;
	unsigned points = 0;

	while (pattern.n > 0 && path.n > 0) {
		struct str want = {0}, have = {0};

		pattern = str_skip(pattern, 1);
		path = str_skip(path, 1);
		if (str_eq(pattern, STR("*"))) {
			params[count] = path;
			*score = points;
			return true;
		}
		ptrdiff_t want_end = str_find_byte(pattern, '/');
		ptrdiff_t have_end = str_find_byte(path, '/');

		want = want_end < 0 ? pattern : str_sub(pattern, 0, (size_t)want_end);
		have = have_end < 0 ? path : str_sub(path, 0, (size_t)have_end);
		points *= 2;
		if (want.n > 0 && want.p[0] == ':') {
			if (have.n == 0 || count == ROUTE_PARAMS)
				return false;
			params[count++] = have;
		} else if (str_eq(want, have)) {
			points += 1;
		} else {
			return false;
		}
		pattern = str_skip(pattern, want.n);
		path = str_skip(path, have.n);
	}
	if (pattern.n > 0 || path.n > 0)
		return false;
	*score = points;
	return true;
}

/*
 * The lines of the table by method and by the letter that the path begins with, each list in the order of the table: of some
 * hundred lines a handful is compared. 0: the end; else one more than the line's place.
 */
#define LETTERS 32
static uint8_t first_of[HTTP_METHOD_COUNT][LETTERS], next_of[ROUTE_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static_assert(ROUTE_COUNT < UINT8_MAX, "places are kept in a byte");

static unsigned letter_of(struct str path)
{
	return path.n > 1 ? (unsigned char)path.p[1] % LETTERS : 0;
}

static void sort_routes(void)
{
	for (size_t i = ROUTE_COUNT; i-- > 0;) {
		uint8_t *first = &first_of[routes[i].method][letter_of(routes[i].pattern)];

		next_of[i] = *first;
		*first = (uint8_t)(i + 1);
	}
}

/* For which methods there is a route of that path. */
static unsigned methods_of(struct str path)
{
	unsigned methods = 0;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct str found[ROUTE_PARAMS];
		unsigned score;

		if (pattern_fits(routes[i].pattern, path, found, &score))
			methods |= 1u << routes[i].method;
	}
	return methods & 1u << HTTP_GET ? methods | 1u << HTTP_HEAD : methods;
}

struct best {
	const struct route *route;
	unsigned score;
	struct str *params;
};

/* For HEAD a route of its own is worth more than the GET of the same pattern. */
static void look_among(enum http_method method, bool own, struct str path, struct best *best)
{
	for (unsigned at = first_of[method][letter_of(path)]; at; at = next_of[at - 1]) {
		struct str found[ROUTE_PARAMS] = {{0}};
		unsigned score = 0;

		if (!pattern_fits(routes[at - 1].pattern, path, found, &score))
			continue;
		score = 2 * score + own;
		if (best->route && score <= best->score)
			continue;
		best->route = &routes[at - 1];
		best->score = score;
		memcpy(best->params, found, sizeof found);
	}
}

err route_find(enum http_method method, struct str path, struct str params[ROUTE_PARAMS], const struct route **out, unsigned *allowed)
{
	struct best best = {.params = params};

	pthread_once(&once, sort_routes);
	look_among(method, true, path, &best);
	if (method == HTTP_HEAD)
		look_among(HTTP_GET, false, path, &best);
	if (best.route) {
		*out = best.route;
		return ok();
	}
	*allowed = methods_of(path);
	if (*allowed != 0)
		return fail(ERR_INVALID, "method not allowed");
	return fail(ERR_NOT_FOUND, "no such path");
}
