#include "tmplgen.h"

#include "base/vec.h"

/* What templates may refer to: routes, texts, static files. */

void inputs_init(struct inputs *in, struct arena *arena)
{
	*in = (struct inputs){0};
	map_init(&in->routes, arena);
	map_init(&in->keys, arena);
	map_init(&in->statics, arena);
}

static size_t params_of(struct str pattern)
{
	size_t n = 0;
	for (size_t i = 0; i + 1 < pattern.n; i++)
		n += pattern.p[i] == '/' && pattern.p[i + 1] == ':';
	return n;
}

static struct str comma_part(struct str *rest)
{
	struct str part = {0};
	if (!str_next(rest, ',', &part))
		return (struct str){0};
	part = str_trim(part);
	return str_ends(part, STR(")")) ? str_trim(str_sub(part, 0, part.n - 1)) : part;
}

static err read_route(
	struct gen *gen, struct inputs *in, struct str file, struct str source, struct str line)
{
	size_t at = (size_t)(line.p - source.p);
	struct str rest = str_skip(line, strlen("ROUTE("));
	struct str name = comma_part(&rest);
	struct str method = comma_part(&rest);
	struct str pattern = comma_part(&rest);
	if (!gen_is_name(name))
		return gen_fault(
			gen, file, source, at, "not a name for a route: " STR_FMT, STR_ARG(name));
	if (map_get(&in->routes, name))
		return gen_fault(
			gen, file, source, at, "route named twice: " STR_FMT, STR_ARG(name));
	if (pattern.n < 3 || pattern.p[0] != '"' || pattern.p[1] != '/' ||
		pattern.p[pattern.n - 1] != '"')
		return gen_fault(
			gen, file, source, at, "expected ROUTE(name, METHOD, \"/pattern\", …)");
	pattern = str_sub(pattern, 1, pattern.n - 2);
	for (size_t i = 0; i < pattern.n; i++) {
		unsigned char c = (unsigned char)pattern.p[i];
		if (!isalnum(c) && !memchr("/-._~:*", c, 7))
			return gen_fault(
				gen, file, source, at, "character not allowed in a pattern: %c", c);
	}
	struct route *route = arena_new(gen->arena, struct route);
	*route = (struct route){name, method, pattern, params_of(pattern)};
	map_put(&in->routes, name, route);
	return ok();
}

err inputs_routes(struct gen *gen, struct inputs *in, struct str file, struct str source)
{
	struct str rest = source;
	struct str line;
	while (str_next(&rest, '\n', &line)) {
		line = str_trim(line);
		if (str_starts(line, STR("ROUTE(")))
			TRY(read_route(gen, in, file, source, line));
	}
	return ok();
}

/* Each line: key MSG_name placeholder placeholder … */
err inputs_keys(struct gen *gen, struct inputs *in, struct str file, struct str source)
{
	struct str rest = source;
	struct str line;
	while (str_next(&rest, '\n', &line)) {
		if (!line.n)
			continue;
		struct key *key = arena_new(gen->arena, struct key);
		struct str words = line;
		struct str word;
		if (!str_next(&words, ' ', &key->name) || !str_next(&words, ' ', &key->c_name))
			return gen_fault(gen, file, source, (size_t)(line.p - source.p),
				"expected `key NAME …`");
		while (str_next(&words, ' ', &word))
			vec_push(gen->arena, &key->holders, word);
		map_put(&in->keys, key->name, key);
	}
	return ok();
}

/* First line: the version that stands in URLs; then a path a line. */
err inputs_statics(struct gen *gen, struct inputs *in, struct str file, struct str source)
{
	struct str rest = source;
	struct str line;
	if (!str_next(&rest, '\n', &in->static_version) || !in->static_version.n)
		return gen_fault(gen, file, source, 0, "expected the version of the static files");
	while (str_next(&rest, '\n', &line)) {
		if (!line.n)
			continue;
		struct str *path = arena_new(gen->arena, struct str);
		*path = line;
		map_put(&in->statics, line, path);
	}
	return ok();
}
