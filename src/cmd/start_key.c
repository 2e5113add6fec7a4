#include "base/limits.h"
#include "cmd/start.h"

/* The files of keys in the folder of data, held against what the database knows of them (domain/installation.h). */

static enum exit_code refuse(const char *path, const char *what)
{
	fprintf(stderr,
		"madoguchi: %s %s\n"
		"madoguchi: put the file of that name there that belongs to this database, from its backup or from another host; mode 0600\n"
		"madoguchi: when that key is lost for good: admin key accept, madoguchi(1)\n",
		path, what);
	return EXIT_CONFIG;
}

static err compare(struct start *start, const struct installation_key *key)
{
	AUTO_ARENA arena;

	arena_init(&arena, start->mode == START_ACCEPT ? LIMIT_ACCEPT_ARENA : LIMIT_REQUEST_ARENA);
	struct cx cx = start_cx(start, &arena, ACTOR_OPERATOR);
	err e = start->mode == START_ACCEPT ? installation_key_accept(&cx, key) : installation_key_check(&cx, key);

	cx_end(&cx);
	return e;
}

enum exit_code start_key_load(struct start *start, struct installation_key *key, uint8_t bytes[KEY_BYTES])
{
	const char *path = start_path(start, key->name);
	err e = key_file_load(path, bytes);

	key->bytes = (struct str){0};
	if (e.code == ERR_NOT_FOUND) {
		e = start->mode == START_ACCEPT ? ok() : compare(start, key);
		if (e.code == ERR_CONFLICT)
			return refuse(path, "is missing, and the database holds what only that key opens");
		if (!failed(e))
			e = key_file_make(path, bytes);
	}
	if (failed(e)) {
		program_complain(path, e);
		return program_exit_of(e);
	}
	key->bytes = str_make((const char *)bytes, KEY_BYTES);
	return EXIT_DONE;
}

enum exit_code start_key_hold(struct start *start, const struct installation_key *key)
{
	const char *path = start_path(start, key->name);
	err e = compare(start, key);

	if (e.code == ERR_CONFLICT)
		return refuse(path, "is not the key that this database was written with");
	if (failed(e)) {
		program_complain(path, e);
		return program_exit_of(e);
	}
	return EXIT_DONE;
}
