#include "domain/definition/archive.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/vec.h"
#include "domain/definition/definition.h"
#include "domain/portal.h"
#include "store/query.h"

#include <pthread.h>
#include <stdlib.h>

struct archive {
	pthread_mutex_t lock;
	struct arena arenas[LIMIT_OLD_VERSIONS];
	const struct procedure *procedures[LIMIT_OLD_VERSIONS];
	size_t n;
};

struct archive *archive_new(void)
{
	struct archive *archive = calloc(1, sizeof *archive);

	if (!archive || pthread_mutex_init(&archive->lock, NULL) != 0)
		abort();
	return archive;
}

void archive_free(struct archive *archive)
{
	if (!archive)
		return;
	for (size_t i = 0; i < archive->n; i++)
		arena_release(&archive->arenas[i]);
	pthread_mutex_destroy(&archive->lock);
	free(archive);
}

/* ---- publishing ---- */

struct publish {
	const struct procedure *procedure;
	const struct definition_file *files;
	struct str manifest;
};

static err publish_in_tx(struct cx *cx, void *arg)
{
	const struct publish *publish = arg;

	for (size_t i = 0; i < publish->procedure->file_count; i++)
		TRY(q_version_add_file(cx_tx(cx), publish->files[i].digest, publish->files[i].bytes, NULL));
	return q_version_add(cx_tx(cx), publish->procedure->id, publish->procedure->version, cx->now, publish->manifest, NULL);
}

static err publish(struct cx *cx, const char *folder, const struct procedure *procedure)
{
	struct definition_file *files;
	struct publish publish = {.procedure = procedure};
	struct buf manifest;

	TRY(definition_files(cx->arena, folder, procedure, &files));
	buf_init(&manifest, cx->arena, LIMIT_DEFINITION_FILE);
	for (size_t i = 0; i < procedure->file_count; i++) {
		buf_str(&manifest, files[i].path);
		buf_byte(&manifest, ' ');
		buf_str(&manifest, files[i].digest);
		buf_byte(&manifest, '\n');
	}
	publish.files = files;
	publish.manifest = buf_view(&manifest);
	return cx_write(cx, publish_in_tx, &publish);
}

err archive_publish(struct cx *cx, const char *folder)
{
	const struct catalogue *catalogue = cx->portal->catalogue;

	for (size_t i = 0; i < catalogue->n; i++) {
		struct q_version_find_row row;
		err e = q_version_find(cx_tx(cx), catalogue->v[i]->id, catalogue->v[i]->version, &row);

		if (e.code == ERR_NOT_FOUND)
			e = publish(cx, folder, catalogue->v[i]);
		TRY(e);
	}
	return ok();
}

/* ---- finding ---- */

static const struct procedure *in_memory(struct archive *archive, struct str procedure_id, struct str version)
{
	for (size_t i = 0; i < archive->n; i++)
		if (str_eq(archive->procedures[i]->id, procedure_id) && str_eq(archive->procedures[i]->version, version))
			return archive->procedures[i];
	return NULL;
}

static err files_of(struct cx *cx, struct str manifest, struct definition_file **out, size_t *count)
{
	VEC(struct definition_file) files = {0};
	struct str line;

	while (str_next(&manifest, '\n', &line)) {
		struct definition_file *file = vec_add(cx->arena, &files);
		struct q_version_file_row row;

		if (!str_next(&line, ' ', &file->path))
			return fail(ERR_INTERNAL, "a version's list of files");
		file->digest = line;
		TRY(q_version_file(cx_tx(cx), file->digest, &row));
		file->bytes = row.bytes;
	}
	*out = files.v;
	*count = files.n;
	return ok();
}

/* Under the lock: a version is read once, however many ask at the same moment. */
static err load(struct cx *cx, struct archive *archive, struct str procedure_id, struct str version, const struct procedure **out)
{
	struct q_version_find_row row;
	struct definition_file *files;
	size_t count;

	TRY(q_version_find(cx_tx(cx), procedure_id, version, &row));
	if (archive->n == LIMIT_OLD_VERSIONS)
		return fail(ERR_LIMIT, "more than %d earlier versions of procedures in memory", LIMIT_OLD_VERSIONS);
	TRY(files_of(cx, row.manifest, &files, &count));
	struct arena *arena = &archive->arenas[archive->n];

	arena_init(arena, LIMIT_STARTUP_ARENA);
	err e = definition_read(arena, procedure_id, version, files, count, &archive->procedures[archive->n]);

	if (failed(e)) {
		arena_release(arena);
		return e;
	}
	*out = archive->procedures[archive->n++];
	return ok();
}

err archive_find(struct cx *cx, struct str procedure_id, struct str version, const struct procedure **out)
{
	const struct procedure *present = catalogue_find(cx->portal->catalogue, procedure_id);
	struct archive *archive = cx->portal->archive;

	if (present && str_eq(present->version, version)) {
		*out = present;
		return ok();
	}
	if (!archive)
		return fail(ERR_NOT_FOUND, "no archive");
	pthread_mutex_lock(&archive->lock);
	const struct procedure *earlier = in_memory(archive, procedure_id, version);
	err e = earlier ? ok() : load(cx, archive, procedure_id, version, &earlier);
	pthread_mutex_unlock(&archive->lock);
	if (!failed(e))
		*out = earlier;
	return e;
}

bool archive_failed(err e)
{
	return failed(e) && e.code != ERR_NOT_FOUND && e.code != ERR_CONFLICT && e.code != ERR_INVALID && e.code != ERR_LIMIT;
}

err archive_list(struct cx *cx, struct archived **out, size_t *count)
{
	struct q_version_list_row *rows;
	size_t n;

	TRY(q_version_list(cx_tx(cx), &rows, &n));
	struct archived *list = arena_array(cx->arena, struct archived, n + 1);

	for (size_t i = 0; i < n; i++)
		list[i] = (struct archived){rows[i].procedure, rows[i].version, rows[i].published_at};
	*out = list;
	*count = n;
	return ok();
}

err archive_published_at(struct cx *cx, struct str procedure_id, struct str version, int64_t *out)
{
	struct q_version_find_row row;

	TRY(q_version_find(cx_tx(cx), procedure_id, version, &row));
	*out = row.published_at;
	return ok();
}
