#include "sim/ca/index.h"

#include "base/buf.h"
#include "base/vec.h"
#include "sim/ca/folder.h"

#define VERSION STR("1")
#define COLUMNS 8

/* Exactly `count` parts. */
static bool split(struct str line, struct str *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ptrdiff_t tab = str_find_byte(line, '\t');
		bool last = i + 1 == count;
		if (last != (tab < 0))
			return false;
		parts[i] = last ? line : str_sub(line, 0, (size_t)tab);
		line = last ? line : str_skip(line, (size_t)tab + 1);
	}
	return true;
}

static bool read_entry(struct str line, struct ca_entry *out)
{
	struct str part[COLUMNS];
	if (!split(line, part, COLUMNS) || str_empty(part[0]))
		return false;
	struct ca_entry entry = {.serial = part[0], .cn = part[7]};
	if (failed(ca_kind_of(part[1], &entry.kind)) || failed(ca_root_of(part[2], &entry.root)))
		return false;
	entry.revoked = !str_eq(part[3], STR("good"));
	if (entry.revoked && failed(ca_reason_of(part[3], &entry.reason)))
		return false;
	*out = entry;
	return str_to_i64(part[4], &out->revoked_at) && str_to_i64(part[5], &out->issued_at) &&
	       str_to_i64(part[6], &out->not_after);
}

err index_read(const struct ca *ca, struct arena *arena, struct index *out)
{
	const char *path = folder_path(arena, ca->dir, "index.tsv");
	struct str rest, line, head[3];
	TRY(folder_read(arena, path, &rest));
	struct index index = {0};
	if (!str_ends(rest, STR("\n")) || !str_next(&rest, '\n', &line) || !split(line, head, 3) ||
		!str_eq(head[0], STR("simca")) || !str_eq(head[1], VERSION) ||
		!str_to_i64(head[2], &index.crl_number))
		return fail(ERR_INVALID, "%s: not an index of simca", path);
	for (size_t number = 2; str_next(&rest, '\n', &line); number++) {
		if (!read_entry(line, vec_add(arena, &index)))
			return fail(ERR_INVALID, "%s:%zu: not a line of an index", path, number);
	}
	*out = index;
	return ok();
}

static void write_entry(struct buf *text, const struct ca_entry *entry)
{
	buf_fmt(text, STR_FMT "\t%s\t%s\t%s\t%lld\t%lld\t%lld\t" STR_FMT "\n",
		STR_ARG(entry->serial), ca_kind_name(entry->kind), ca_root_name(entry->root),
		entry->revoked ? ca_reason_name(entry->reason) : "good",
		(long long)entry->revoked_at, (long long)entry->issued_at,
		(long long)entry->not_after, STR_ARG(entry->cn));
}

err index_write(const struct ca *ca, struct arena *arena, const struct index *index)
{
	struct buf text;
	buf_init(&text, arena, FOLDER_FILE_MAX);
	buf_fmt(&text, "simca\t1\t%lld\n", (long long)index->crl_number);
	for (size_t i = 0; i < index->n; i++)
		write_entry(&text, &index->v[i]);
	TRY(buf_error(&text));
	return folder_write(folder_path(arena, ca->dir, "index.tsv"), buf_view(&text), 0644);
}

struct ca_entry *index_find(const struct index *index, struct str serial)
{
	for (size_t i = 0; i < index->n; i++) {
		if (str_eq(index->v[i].serial, serial))
			return &index->v[i];
	}
	return NULL;
}
