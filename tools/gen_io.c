#include "gen_io.h"

#include "base/auto.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>

void gen_init(struct gen *gen, struct arena *arena)
{
	*gen = (struct gen){.arena = arena};
	buf_init(&gen->faults, arena, 1u << 20);
}

static void write_place(struct buf *out, struct str source, size_t at)
{
	int64_t line = 1;
	size_t line_start = 0;
	if (at > source.n)
		at = source.n;
	for (size_t i = 0; i < at; i++) {
		if (source.p[i] == '\n') {
			line++;
			line_start = i + 1;
		}
	}
	buf_i64(out, line);
	buf_byte(out, ':');
	buf_i64(out, (int64_t)utf8_count(str_sub(source, line_start, at - line_start)) + 1);
}

err gen_fault(struct gen *gen, struct str file, struct str source, size_t at, const char *fmt, ...)
{
	char words[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	buf_str(&gen->faults, file);
	buf_byte(&gen->faults, ':');
	write_place(&gen->faults, source, at);
	buf_lit(&gen->faults, ": ");
	buf_c(&gen->faults, words);
	buf_byte(&gen->faults, '\n');
	gen->fault_count++;
	return fail(ERR_INVALID, "%s", words);
}

static err file_fault(struct gen *gen, const char *path, const char *what)
{
	const char *why = strerror(errno);
	buf_fmt(&gen->faults, "%s: %s: %s\n", path, what, why);
	gen->fault_count++;
	return fail(ERR_UNAVAILABLE, "%s: %s", path, what);
}

err gen_read_bytes(struct gen *gen, const char *path, struct str *out)
{
	AUTO_FILE FILE *file = fopen(path, "rbe");
	struct stat st;
	if (!file || fstat(fileno(file), &st) != 0)
		return file_fault(gen, path, "cannot be read");
	size_t size = (size_t)st.st_size;
	char *p = arena_alloc(gen->arena, size + 1);
	if (fread(p, 1, size, file) != size)
		return file_fault(gen, path, "cannot be read");
	*out = str_make(p, size);
	return ok();
}

err gen_check_text(struct gen *gen, struct str file, struct str text)
{
	struct str rest = text;
	while (rest.n) {
		size_t at = text.n - rest.n;
		uint32_t point = utf8_next(&rest);
		if (point == UTF8_BAD)
			return gen_fault(gen, file, text, at, "no valid UTF-8");
		if (point != '\n' && point != '\t' && utf8_is_hidden(point))
			return gen_fault(
				gen, file, text, at, "invisible character U+%04X", (unsigned)point);
	}
	return ok();
}

err gen_read(struct gen *gen, const char *path, struct str *out)
{
	struct str text;
	TRY(gen_read_bytes(gen, path, &text));
	TRY(gen_check_text(gen, str_of(path), text));
	*out = text;
	return ok();
}

err gen_write(struct gen *gen, const char *path, struct str text)
{
	const char *tmp = str_c(gen->arena, str_fmt(gen->arena, "%s.new", path));
	{
		AUTO_FILE FILE *file = fopen(tmp, "wbe");
		if (!file || fwrite(text.p, 1, text.n, file) != text.n || fflush(file) != 0)
			return file_fault(gen, path, "cannot be written");
	}
	if (rename(tmp, path) != 0)
		return file_fault(gen, path, "cannot be written");
	return ok();
}

static err walk(struct gen *gen, struct str root, struct str below, struct gen_paths *files,
	struct gen_paths *folders)
{
	struct str path =
		below.n ? str_fmt(gen->arena, STR_FMT "/" STR_FMT, STR_ARG(root), STR_ARG(below))
			: root;
	DIR *dir = opendir(str_c(gen->arena, path));
	if (!dir)
		return file_fault(gen, str_c(gen->arena, path), "cannot be read");
	vec_push(gen->arena, folders, path);
	err result = ok();
	for (struct dirent *entry; !failed(result) && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		struct str name =
			below.n ? str_fmt(gen->arena, STR_FMT "/%s", STR_ARG(below), entry->d_name)
				: str_dup(gen->arena, str_of(entry->d_name));
		struct str whole =
			str_fmt(gen->arena, STR_FMT "/" STR_FMT, STR_ARG(root), STR_ARG(name));
		struct stat st;
		if (stat(str_c(gen->arena, whole), &st) != 0)
			result = file_fault(gen, str_c(gen->arena, whole), "cannot be read");
		else if (S_ISDIR(st.st_mode))
			result = walk(gen, root, name, files, folders);
		else if (S_ISREG(st.st_mode))
			vec_push(gen->arena, files, name);
	}
	closedir(dir);
	return result;
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

err gen_walk(
	struct gen *gen, const char *folder, struct gen_paths *files, struct gen_paths *folders)
{
	TRY(walk(gen, str_of(folder), (struct str){0}, files, folders));
	if (files->n)
		qsort(files->v, files->n, sizeof *files->v, by_path);
	return ok();
}

static void write_dep(struct buf *out, struct str path)
{
	buf_lit(out, " \\\n  ");
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == ' ' || path.p[i] == '#')
			buf_byte(out, '\\');
		if (path.p[i] == '$')
			buf_byte(out, '$');
		buf_byte(out, path.p[i]);
	}
}

err gen_write_depfile(struct gen *gen, const char *path, const char *target, const char *root,
	const struct gen_paths *files, const struct gen_paths *folders)
{
	struct buf out;
	buf_init(&out, gen->arena, 4u << 20);
	buf_c(&out, target);
	buf_byte(&out, ':');
	for (size_t i = 0; i < folders->n; i++)
		write_dep(&out, folders->v[i]);
	for (size_t i = 0; i < files->n; i++)
		write_dep(&out, str_fmt(gen->arena, "%s/" STR_FMT, root, STR_ARG(files->v[i])));
	buf_byte(&out, '\n');
	TRY(buf_error(&out));
	return gen_write(gen, path, buf_view(&out));
}

void gen_c_string(struct buf *out, struct str text, unsigned indent)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '"' || c == '\\') {
			buf_byte(out, '\\');
			buf_byte(out, (char)c);
		} else if (c == '\n') {
			buf_lit(out, "\\n");
			if (i + 1 < text.n) {
				buf_lit(out, "\"\n");
				for (unsigned k = 0; k < indent; k++)
					buf_byte(out, '\t');
				buf_byte(out, '"');
			}
		} else if (c < 0x20 || c == 0x7f ||
			   (c == '?' && i + 1 < text.n && text.p[i + 1] == '?')) {
			buf_fmt(out, "\\%03o", c);
		} else {
			buf_byte(out, (char)c);
		}
	}
	buf_byte(out, '"');
}

void gen_c_comment(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool ends = text.p[i] == '/' && i && text.p[i - 1] == '*';
		bool begins = text.p[i] == '*' && i && text.p[i - 1] == '/';
		if (ends || begins)
			buf_byte(out, ' ');
		buf_byte(out, text.p[i]);
	}
}

bool gen_is_name(struct str name)
{
	static const char *const taken[] = {"auto", "break", "case", "char", "const", "continue",
		"default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
		"inline", "int", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void",
		"volatile", "while", "asm", "typeof", "bool", "true", "false", "linux", "unix",
		"i386", "errno", "stdin", "stdout", "stderr", "assert", "gets", "strcpy", "strcat",
		"strncpy", "strncat", "strtok", "tmpnam", "mktemp", "system", "popen", "gmtime",
		"localtime", "ctime", "asctime", "atoi", "atol", "atoll", "rand", "srand", "alloca",
		"vfork", "sprintf", "vsprintf"};
	if (!name.n || name.n > 60 || name.p[0] < 'a' || name.p[0] > 'z')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (str_eq(name, str_of(taken[i])))
			return false;
	return true;
}

struct str gen_option(int argc, char **argv, const char *name)
{
	size_t n = strlen(name);
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], "--", 2) == 0 && strncmp(argv[i] + 2, name, n) == 0 &&
			argv[i][2 + n] == '=')
			return str_of(argv[i] + 3 + n);
	return (struct str){0};
}

int gen_end(const struct gen *gen)
{
	struct str faults = buf_view(&gen->faults);
	fwrite(faults.p, 1, faults.n, stderr);
	return gen->fault_count ? EXIT_FAILURE : EXIT_SUCCESS;
}
