#include "base/limits.h"
#include "cmd/start.h"
#include "files/place.h"

/* The folders of attachments, held against what the database knows of them (files/place.h). */

/* SQLite has one host: what is not in its spool is nowhere. With PostgreSQL it may be in that of another. */
static size_t folders_of(const struct start *start, const char *folders[2])
{
	struct arena *arena = start->program->arena;
	struct str data = start->program->conf.data;

	folders[0] = str_c(arena, str_fmt(arena, STR_FMT "/files", STR_ARG(data)));
	folders[1] = str_c(arena, str_fmt(arena, STR_FMT "/spool", STR_ARG(data)));
	return store_is_local(start->store) ? 1 : 2;
}

static enum exit_code refuse(const struct place_found *found)
{
	fprintf(stderr,
		"madoguchi: %s %s\n"
		"madoguchi: all hosts of one database share the folders files and spool, and have the same files.key: put the right one there, or mount it\n"
		"madoguchi: when it is the right one, brought back from a copy: admin files adopt, madoguchi(1)\n",
		found->folder, found->place == PLACE_UNMARKED ? "has no mark, and the database knows one: it is not the folder with its files" : "belongs to another database");
	return EXIT_CONFIG;
}

static enum exit_code with_place(const struct start *start, err (*fn)(struct cx *cx, const char *const *folders, size_t count, struct place_found *out))
{
	struct place_found found = {0};
	const char *folders[2];
	size_t count = folders_of(start, folders);
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_REQUEST_ARENA);
	struct cx cx = start_cx(start, &arena, ACTOR_OPERATOR);
	err e = fn(&cx, folders, count, &found);

	cx_end(&cx);
	if (failed(e)) {
		program_complain("the folders of attachments", e);
		return program_exit_of(e);
	}
	return found.place == PLACE_OURS ? EXIT_DONE : refuse(&found);
}

static err adopt(struct cx *cx, const char *const *folders, size_t count, struct place_found *out)
{
	*out = (struct place_found){.place = PLACE_OURS};
	return place_adopt(cx, folders, count);
}

enum exit_code start_place(const struct start *start)
{
	return with_place(start, start->adopts ? adopt : place_check);
}
