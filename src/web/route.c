#include "web/route.h"

#include "web/page.h"

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
static bool pattern_fits(struct str pattern, struct str path, struct str params[4], unsigned *score)
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
			if (have.n == 0 || count == 4)
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

/* Most lines of the table are out at their first letter. */
static bool out_at_once(struct str pattern, struct str path)
{
	return pattern.n > 1 && path.n > 1 && pattern.p[1] != path.p[1] && pattern.p[1] != ':' && pattern.p[1] != '*';
}

/* For which methods there is a route of that path. */
static unsigned methods_of(struct str path)
{
	unsigned methods = 0;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct str found[4];
		unsigned score;

		if (pattern_fits(routes[i].pattern, path, found, &score))
			methods |= 1u << routes[i].method;
	}
	return methods & 1u << HTTP_GET ? methods | 1u << HTTP_HEAD : methods;
}

err route_find(enum http_method method, struct str path, struct str params[4], const struct route **out, unsigned *allowed)
{
	const struct route *best = NULL;
	unsigned best_score = 0;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct str found[4] = {{0}};
		unsigned score = 0;
		/* For HEAD a route of its own is worth more than the GET of the same pattern. */
		bool own = routes[i].method == method;

		if (!own && !(method == HTTP_HEAD && routes[i].method == HTTP_GET))
			continue;
		if (out_at_once(routes[i].pattern, path) || !pattern_fits(routes[i].pattern, path, found, &score))
			continue;
		score = 2 * score + own;
		if (best && score <= best_score)
			continue;
		best = &routes[i];
		best_score = score;
		for (size_t p = 0; p < 4; p++)
			params[p] = found[p];
	}
	if (best) {
		*out = best;
		return ok();
	}
	*allowed = methods_of(path);
	if (*allowed != 0)
		return fail(ERR_INVALID, "method not allowed");
	return fail(ERR_NOT_FOUND, "no such path");
}
