#include "domain/definition/procedure_read.h"

#include "base/auto.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* The files of a folder of procedures: each is read once, with its digest. */

void reader_init(struct reader *reader, struct arena *arena, struct arena *scratch, const char *folder, struct definition_problems *problems)
{
	*reader = (struct reader){.arena = arena, .scratch = scratch, .folder = folder};
	faults_init(&reader->faults, arena, problems);
	text_room_init(&reader->room, scratch);
	map_init(&reader->sources, scratch);
	map_init(&reader->lists, arena);
	map_init(&reader->list_sources, scratch);
}

static struct source *source_new(struct reader *reader, struct str path)
{
	struct source *source = arena_new(reader->scratch, struct source);
	source->path = str_dup(reader->arena, path);
	source->shown = str_c(reader->scratch, str_fmt(reader->scratch, "%s/" STR_FMT, reader->folder, STR_ARG(path)));
	map_put(&reader->sources, source->path, source);
	return source;
}

/* Cells of lists are parts of the file, and stay. */
static bool is_list(struct str path)
{
	return str_ends(path, STR(".csv"));
}

void reader_preset(struct reader *reader, const char *path, struct str bytes)
{
	struct source *source = source_new(reader, str_of(path));
	source->bytes = is_list(source->path) ? str_dup(reader->arena, bytes) : bytes;
	sha256(bytes, source->digest);
}

/* Answers words for a fault, or NULL. */
static const char *file_read(struct arena *arena, const char *path, struct str *out)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat about;
	if (fd < 0)
		return errno == ENOENT ? "there is no such file" : "the file cannot be opened";
	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
		return "this is no file";
	if (about.st_size > LIMIT_DEFINITION_FILE)
		return "the file is larger than 1 MiB";
	size_t size = (size_t)about.st_size;
	size_t got = 0;
	char *bytes = arena_alloc(arena, size + 1);
	while (got < size) {
		ssize_t n = read(fd, bytes + got, size - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return "the file cannot be read to its end";
		got += (size_t)n;
	}
	*out = str_make(bytes, got);
	return NULL;
}

struct source *reader_source(struct reader *reader, struct str path, const struct place *from)
{
	struct source *source = map_get(&reader->sources, path);
	if (!source) {
		source = source_new(reader, path);
		const char *wrong = file_read(is_list(path) ? reader->arena : reader->scratch, source->shown, &source->bytes);
		struct place place = from ? *from : (struct place){source->shown, 1, 1};
		if (wrong && from)
			fault_at(&reader->faults, place, "%s: %s", source->shown, wrong);
		else if (wrong)
			fault_at(&reader->faults, place, "%s", wrong);
		source->missing = wrong != NULL;
		sha256(source->bytes, source->digest);
	}
	return source;
}

const struct node *reader_tree(struct reader *reader, struct source *source)
{
	if (!source->parsed && !source->missing)
		source->tree = yaml_tree_read(reader->arena, reader->scratch, &reader->faults, source->shown, source->bytes);
	source->parsed = true;
	return source->tree;
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

err reader_names(struct reader *reader, const char *below, struct str **names, size_t *count)
{
	const char *path = str_c(reader->scratch, str_fmt(reader->scratch, "%s/%s", reader->folder, below));
	__attribute__((cleanup(close_folder))) DIR *folder = opendir(path);
	if (!folder)
		return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "the folder %s cannot be read: %s", path, strerror(errno));
	VEC(struct str) found = {0};
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(folder);
		if (!entry && errno)
			return fail(ERR_INTERNAL, "the folder %s cannot be read: %s", path, strerror(errno));
		if (!entry)
			break;
		if (entry->d_name[0] != '.')
			vec_push(reader->scratch, &found, str_dup(reader->arena, str_of(entry->d_name)));
	}
	if (found.n)
		qsort(found.v, found.n, sizeof *found.v, by_name);
	*names = found.v;
	*count = found.n;
	return ok();
}
