#include "domain/definition/definition.h"

#include "base/encode.h"
#include "base/limits.h"
#include "domain/definition/procedure_read.h"

#define SCRATCH_MAX ((size_t)64 << 20)

static struct str digest_of(struct arena *arena, struct str bytes)
{
	uint8_t digest[SHA256_BYTES];
	struct buf hex;

	sha256(bytes, digest);
	buf_init(&hex, arena, 2 * SHA256_BYTES);
	hex_write(&hex, str_make((const char *)digest, sizeof digest));
	return buf_view(&hex);
}

/* Of the name and digest of each file, as the version was named when it was read. */
static struct str version_of(struct arena *arena, const struct definition_file *files, size_t count)
{
	uint8_t digest[SHA256_BYTES];
	struct buf listed;

	buf_init(&listed, arena, LIMIT_DEFINITION_FILE);
	for (size_t i = 0; i < count; i++) {
		sha256(files[i].bytes, digest);
		buf_str(&listed, files[i].path);
		buf_byte(&listed, '\0');
		buf_bytes(&listed, digest, sizeof digest);
	}
	return str_sub(digest_of(arena, buf_view(&listed)), 0, 16);
}

err definition_files(struct arena *arena, const char *folder, const struct procedure *procedure, struct definition_file **out)
{
	struct definition_file *files = arena_array(arena, struct definition_file, procedure->file_count);
	struct definition_problems problems = {0};
	struct reader reader;

	buf_init(&problems.text, arena, LIMIT_PAGE);
	reader_init(&reader, arena, arena, folder, &problems);
	for (size_t i = 0; i < procedure->file_count; i++) {
		struct source *source = reader_source(&reader, procedure->files[i], NULL);

		files[i] = (struct definition_file){procedure->files[i], digest_of(arena, source->bytes), source->bytes};
	}
	if (!str_eq(version_of(arena, files, procedure->file_count), procedure->version))
		return fail(ERR_CONFLICT, "the files of " STR_FMT " have changed since they were read", STR_ARG(procedure->id));
	*out = files;
	return ok();
}

err definition_read(struct arena *arena, struct str procedure_id, struct str version, const struct definition_file *files, size_t count,
	const struct procedure **out)
{
	AUTO_ARENA scratch;
	struct definition_problems problems = {0};
	struct reader reader;

	arena_init(&scratch, SCRATCH_MAX);
	if (!str_eq(version_of(&scratch, files, count), version))
		return fail(ERR_CONFLICT, "files that are not version " STR_FMT " of " STR_FMT, STR_ARG(version), STR_ARG(procedure_id));
	buf_init(&problems.text, &scratch, LIMIT_PAGE);
	reader_init(&reader, arena, &scratch, "archive", &problems);
	for (size_t i = 0; i < count; i++)
		reader_preset(&reader, str_c(&scratch, files[i].path), files[i].bytes);
	for (size_t i = 0; i < count; i++)
		if (str_starts(files[i].path, STR("codes/")))
			codes_read_file(&reader, str_skip(files[i].path, sizeof "codes/" - 1));
	const struct procedure *procedure = procedure_read(&reader, str_dup(arena, procedure_id));

	if (!procedure)
		return fail(ERR_INVALID, "version " STR_FMT " of " STR_FMT ": " STR_FMT, STR_ARG(version), STR_ARG(procedure_id),
			STR_ARG(str_sub(buf_view(&problems.text), 0, 200)));
	*out = procedure;
	return ok();
}
