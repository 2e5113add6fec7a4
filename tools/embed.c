#include "gen_io.h"

#include "base/vec.h"

#include <zlib.h>

/*
 * embed --folder=FOLDER --source=OUT --manifest=OUT [--style=FILE] [--depfile=OUT]
 *
 * The files of a folder → the table of render/static_files.h, and a list for tmplgen: the version,
 * then a path a line.
 * --style  the built style sheet, served in place of css/main.css.
 *
 * Scripts go without the lines that only their readers need: comments that have lines of their own, indentation, empty lines. What stands
 * inside a line is not touched. A text of several lines in backticks would lose its indentation, and is refused.
 *
 * The same files give the same bytes: gzip streams carry no time and no name.
 */

static const struct {
	struct str ending;
	struct str type;
} types[] = {
	{STR_INIT(".css"), STR_INIT("text/css; charset=utf-8")},
	{STR_INIT(".js"), STR_INIT("text/javascript; charset=utf-8")},
	{STR_INIT(".mjs"), STR_INIT("text/javascript; charset=utf-8")},
	{STR_INIT(".json"), STR_INIT("application/json")},
	{STR_INIT(".webmanifest"), STR_INIT("application/manifest+json")},
	{STR_INIT(".txt"), STR_INIT("text/plain; charset=utf-8")},
	{STR_INIT(".svg"), STR_INIT("image/svg+xml")},
	{STR_INIT(".png"), STR_INIT("image/png")},
	{STR_INIT(".jpg"), STR_INIT("image/jpeg")},
	{STR_INIT(".ico"), STR_INIT("image/vnd.microsoft.icon")},
	{STR_INIT(".woff2"), STR_INIT("font/woff2")},
};

/* FNV-1a, 64 bits: tells versions apart, protects nothing. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

static uint64_t hash_add(uint64_t hash, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		hash = (hash ^ (unsigned char)bytes.p[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static bool name_is_plain(struct str path)
{
	for (size_t i = 0; i < path.n; i++)
		if (!isalnum((unsigned char)path.p[i]) && !memchr("/-._", path.p[i], 4))
			return false;
	return true;
}

static err compress_best(struct arena *arena, struct str body, struct str *out)
{
	z_stream z = {0};
	if (body.n > UINT32_MAX / 2 || deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9,
					       Z_DEFAULT_STRATEGY) != Z_OK)
		return fail(ERR_INTERNAL, "zlib");
	gz_header header = {.os = 255};
	size_t room = deflateBound(&z, body.n) + 32;
	unsigned char *p = arena_alloc(arena, room);
	unsigned char *copy = arena_alloc(arena, body.n + 1); /* zlib wants its input writable */
	if (body.n)
		memcpy(copy, body.p, body.n);
	z.next_in = copy;
	z.avail_in = (unsigned)body.n;
	z.next_out = p;
	z.avail_out = (unsigned)room;
	bool done = deflateSetHeader(&z, &header) == Z_OK && deflate(&z, Z_FINISH) == Z_STREAM_END;
	size_t n = z.total_out;
	deflateEnd(&z);
	if (!done)
		return fail(ERR_INTERNAL, "zlib");
	*out = n < body.n ? str_make((const char *)p, n) : (struct str){0};
	return ok();
}

static bool has_open_text(struct str line)
{
	bool open = false;
	for (size_t i = 0; i < line.n; i++)
		open ^= line.p[i] == '`';
	return open;
}

static err script_lean(struct gen *gen, struct str path, struct str body, struct str *out)
{
	struct buf lean;
	struct str line;
	bool comment = false;
	buf_init(&lean, gen->arena, body.n + 1);
	while (str_next(&body, '\n', &line)) {
		line = str_trim(line);
		if (comment || str_starts(line, STR("/*"))) {
			comment = !str_ends(line, STR("*/"));
			if (str_find(line, STR("*/")) >= 0 && comment)
				return fail(ERR_INVALID, STR_FMT ": something stands behind a comment that has lines of its own", STR_ARG(path));
		} else if (has_open_text(line)) {
			return fail(ERR_INVALID, STR_FMT ": a text of several lines", STR_ARG(path));
		} else if (line.n) {
			buf_str(&lean, line);
			buf_byte(&lean, '\n');
		}
	}
	*out = buf_view(&lean);
	return buf_error(&lean);
}

/* Bytes as a string literal, in lines. */
static void write_bytes(struct buf *out, struct str bytes)
{
	buf_lit(out, "{\n\t\t\"");
	size_t column = 0;
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		size_t before = out->n;
		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '?')
			buf_byte(out, (char)c);
		else
			buf_fmt(out, "\\%03o", c);
		column += out->n - before;
		if (column > 100 && i + 1 < bytes.n) {
			buf_lit(out, "\"\n\t\t\"");
			column = 0;
		}
	}
	buf_fmt(out, "\", %zu}", bytes.n);
}

static err write_file(struct gen *gen, struct buf *out, struct str path, struct str body)
{
	struct str type = {0};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_ends(path, types[i].ending))
			type = types[i].type;
	if (!type.n || !name_is_plain(path)) {
		buf_fmt(&gen->faults,
			STR_FMT
			": no known content type, or a character that does not belong into a URL\n",
			STR_ARG(path));
		gen->fault_count++;
		return ok();
	}
	struct str gzip;
	TRY(compress_best(gen->arena, body, &gzip));
	buf_fmt(out, "\t{STR_INIT(\"" STR_FMT "\"), STR_INIT(\"" STR_FMT "\"),\n\t\t",
		STR_ARG(path), STR_ARG(type));
	write_bytes(out, body);
	buf_lit(out, ",\n\t\t");
	if (gzip.n)
		write_bytes(out, gzip);
	else
		buf_lit(out, "{NULL, 0}");
	buf_fmt(out, ",\n\t\tSTR_INIT(\"\\\"%016llx\\\"\")},\n",
		(unsigned long long)hash_add(HASH_START, body));
	return ok();
}

static err run(struct gen *gen, int argc, char **argv)
{
	const char *folder = str_c(gen->arena, gen_option(argc, argv, "folder"));
	const char *source = str_c(gen->arena, gen_option(argc, argv, "source"));
	const char *manifest = str_c(gen->arena, gen_option(argc, argv, "manifest"));
	struct str depfile = gen_option(argc, argv, "depfile");
	struct str style = gen_option(argc, argv, "style");
	struct gen_paths files = {0};
	struct gen_paths folders = {0};
	struct buf table;
	struct buf list;
	buf_init(&table, gen->arena, 256u << 20);
	buf_init(&list, gen->arena, 1u << 20);
	uint64_t version = HASH_START;

	TRY(gen_walk(gen, folder, &files, &folders));
	for (size_t i = 0; i < files.n; i++) {
		struct str body;
		bool built = style.n && str_eq(files.v[i], STR("css/main.css"));
		struct str file =
			built ? style
			      : str_fmt(gen->arena, "%s/" STR_FMT, folder, STR_ARG(files.v[i]));
		TRY(gen_read_bytes(gen, str_c(gen->arena, file), &body));
		if (str_ends(files.v[i], STR(".js")))
			TRY(script_lean(gen, files.v[i], body, &body));
		TRY(write_file(gen, &table, files.v[i], body));
		version = hash_add(hash_add(hash_add(version, files.v[i]), STR("\0")), body);
		buf_str(&list, files.v[i]);
		buf_byte(&list, '\n');
	}
	if (gen->fault_count)
		return fail(ERR_INVALID, "faulty static files");
	struct str short_version =
		str_fmt(gen->arena, "%012llx", (unsigned long long)(version & 0xffffffffffff));
	struct buf all;
	buf_init(&all, gen->arena, 260u << 20);
	buf_fmt(&all,
		"/* Made by embed from static/. */\n#include \"render/static_files.h\"\n\nconst "
		"struct str static_version = "
		"STR_INIT(\"" STR_FMT "\");\n\nconst struct static_file static_files[] = {\n",
		STR_ARG(short_version));
	buf_str(&all, buf_view(&table));
	if (!files.n)
		buf_lit(&all, "\t{STR_INIT(\"\"), STR_INIT(\"\"), STR_INIT(\"\"), STR_INIT(\"\"), "
			      "STR_INIT(\"\")},\n");
	buf_fmt(&all, "};\n\nconst size_t static_file_count = %zu;\n", files.n);
	TRY(buf_error(&all));
	TRY(gen_write(gen, source, buf_view(&all)));
	TRY(gen_write(gen, manifest,
		str_fmt(gen->arena, STR_FMT "\n" STR_FMT, STR_ARG(short_version),
			STR_ARG(buf_view(&list)))));
	return depfile.n ? gen_write_depfile(gen, str_c(gen->arena, depfile), source, folder,
				   &files, &folders)
			 : ok();
}

int main(int argc, char **argv)
{
	AUTO_ARENA arena;
	struct gen gen;
	arena_init(&arena, 1u << 30);
	gen_init(&gen, &arena);
	err e = run(&gen, argc, argv);
	if (failed(e) && !gen.fault_count) {
		fprintf(stderr, "embed: %s\n", err_detail());
		return EXIT_FAILURE;
	}
	return gen_end(&gen);
}
