#include "cmd/conf_table.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Reading: defaults, then files, then the command line. */

struct reader {
	struct arena *arena;
	struct conf_problems *problems;
	struct conf *conf;
};

void conf_problems_init(struct conf_problems *problems, struct arena *arena)
{
	*problems = (struct conf_problems){0};
	buf_init(&problems->text, arena, LIMIT_PAGE);
}

void conf_source_write(struct buf *out, const struct conf_source *source)
{
	if (source->file) {
		buf_c(out, source->file);
		buf_lit(out, ":");
		buf_i64(out, source->line);
	} else {
		buf_c(out, source->line ? "the command line" : "the default");
	}
}

void conf_problem(struct conf_problems *problems, const struct conf_source *source, struct str key,
	const char *words)
{
	struct buf *out = &problems->text;

	conf_source_write(out, source);
	buf_lit(out, ": ");
	buf_str(out, key);
	if (key.n)
		buf_lit(out, ": ");
	buf_c(out, words);
	buf_lit(out, "\n");
	problems->n++;
}

const struct conf_source *conf_source_of(const struct conf *conf, const struct conf_key *key)
{
	return &conf->source[key - conf_keys];
}

/* An unknown key is shown as typed only as far as it can be printed. */
static struct str shown(struct str name)
{
	size_t n = 0;

	while (n < name.n && n < 60 && name.p[n] > ' ' && name.p[n] <= '~')
		n++;
	return str_sub(name, 0, n);
}

static void set(
	struct reader *r, const struct conf_source *source, struct str name, struct str value)
{
	const struct conf_key *key = conf_key_find(name);
	bool typed = source->file == NULL;
	size_t from, count;

	if (!key) {
		const struct conf_key *near = conf_key_near(name);
		struct str words =
			near ? str_fmt(r->arena, "unknown key; did you mean %s?", near->name)
			     : STR("unknown key");
		conf_problem(r->problems, source, shown(name), str_c(r->arena, words));
		return;
	}
	struct conf_source *known = &r->conf->source[key - conf_keys];
	if (known->line && known->file == source->file) {
		conf_problem(r->problems, source, name,
			typed ? "is given twice"
			      : str_c(r->arena, str_fmt(r->arena,
							"is given twice; the first time in line %u",
							known->line)));
		return;
	}
	if (typed && key->url_with_secret && conf_url_secret(value, &from, &count)) {
		conf_problem(r->problems, source, name,
			"a password must not stand on the command line, where everybody can read "
			"it");
		return;
	}
	const char *wrong = conf_value_set(r->arena, key, value, typed, r->conf);
	if (wrong)
		conf_problem(r->problems, source, name, wrong);
	*known = *source;
}

static err set_defaults(struct reader *r)
{
	for (size_t i = 0; i < conf_key_count; i++) {
		const char *wrong = conf_value_set(
			r->arena, &conf_keys[i], str_of(conf_keys[i].initial), false, r->conf);
		if (wrong)
			return fail(ERR_INTERNAL, "the default of %s %s", conf_keys[i].name, wrong);
	}
	return ok();
}

/* Lines */

static void read_line(struct reader *r, const struct conf_source *source, struct str line)
{
	line = str_trim(line);
	if (!line.n || line.p[0] == '#')
		return;
	ptrdiff_t equals = str_find_byte(line, '=');
	if (line.p[0] == '[') {
		conf_problem(r->problems, source, STR(""), "there are no [sections]");
	} else if (equals < 0) {
		conf_problem(
			r->problems, source, shown(line), "has no '=': a line is \"key = value\"");
	} else if (equals == 0) {
		conf_problem(r->problems, source, STR(""), "has no key before '='");
	} else {
		set(r, source, str_trim(str_sub(line, 0, (size_t)equals)),
			str_trim(str_skip(line, (size_t)equals + 1)));
	}
}

static void read_text(struct reader *r, const char *file, struct str text)
{
	struct conf_source source = {.file = file};
	struct str line;

	/* Some editors begin UTF-8 with a byte order mark. */
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_skip(text, 3);
	while (str_next(&text, '\n', &line)) {
		source.line++;
		if (line.n > LIMIT_CONF_LINE)
			conf_problem(r->problems, &source, STR(""), "the line is too long");
		else if (memchr(line.p, 0, line.n))
			conf_problem(r->problems, &source, STR(""), "the line holds a NUL byte");
		else
			read_line(r, &source, line);
	}
}

/* Files */

static err read_whole(struct arena *arena, const char *file, struct str *out)
{
	AUTO_FD int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	struct buf text;

	if (fd < 0)
		return fail(errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_UNAVAILABLE,
			"%s: %s", file, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fail(ERR_UNAVAILABLE, "%s: is not a file", file);
	if (st.st_size > LIMIT_CONF_FILE)
		return fail(ERR_LIMIT, "%s: is too long for a configuration", file);
	buf_init(&text, arena, LIMIT_CONF_FILE);
	for (;;) {
		char part[4096];
		ssize_t n = read(fd, part, sizeof(part));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(ERR_UNAVAILABLE, "%s: %s", file, strerror(errno));
		if (n == 0)
			break;
		buf_bytes(&text, part, (size_t)n);
	}
	TRY(buf_error(&text));
	*out = buf_view(&text);
	return ok();
}

static err read_file(struct reader *r, const char *file)
{
	struct str text;

	TRY(read_whole(r->arena, file, &text));
	read_text(r, file, text);
	return ok();
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

/* The files conf.d/NAME.conf in the folder of the main file, in the order of their names; none when
 * there is no conf.d. */
static err read_drop_ins(struct reader *r, const char *file)
{
	const char *slash = strrchr(file, '/');
	struct str folder = slash ? str_make(file, (size_t)(slash - file) + 1) : STR("");
	const char *drop_ins =
		str_c(r->arena, str_fmt(r->arena, STR_FMT "conf.d", STR_ARG(folder)));
	__attribute__((cleanup(close_folder))) DIR *dir = opendir(drop_ins);
	VEC(const char *) names = {0};
	const struct dirent *entry;

	if (!dir)
		return errno == ENOENT ? ok()
				       : fail(ERR_UNAVAILABLE, "%s: %s", drop_ins, strerror(errno));
	while ((entry = readdir(dir)) != NULL) {
		struct str name = str_of(entry->d_name);
		if (str_ends(name, STR(".conf")) && name.p[0] != '.')
			vec_push(r->arena, &names,
				str_c(r->arena,
					str_fmt(r->arena, "%s/" STR_FMT, drop_ins, STR_ARG(name))));
	}
	if (names.n)
		qsort(names.v, names.n, sizeof(names.v[0]), by_name);
	for (size_t i = 0; i < names.n; i++)
		TRY(read_file(r, names.v[i]));
	return ok();
}

static void read_options(struct reader *r, const struct conf_input *input)
{
	static const struct conf_source typed = {.file = NULL, .line = 1};

	for (size_t i = 0; i < input->option_count; i++) {
		struct str option = str_of(input->options[i]);
		ptrdiff_t equals = str_find_byte(option, '=');
		if (!str_starts(option, STR("--")) || equals < 3)
			conf_problem(
				r->problems, &typed, shown(option), "an option is --key=value");
		else
			set(r, &typed, str_sub(option, 2, (size_t)equals - 2),
				str_skip(option, (size_t)equals + 1));
	}
}

/* What is made of several values. */

static void resolve_credential(
	struct reader *r, const struct conf_input *input, const struct conf_key *key)
{
	struct str *path = (struct str *)((char *)r->conf + key->offset);

	if (!str_starts(*path, STR("credential:")))
		return;
	if (input->credentials)
		*path = str_fmt(r->arena, "%s/" STR_FMT, input->credentials,
			STR_ARG(str_skip(*path, sizeof("credential:") - 1)));
	else if (!input->by_hand)
		conf_problem(r->problems, conf_source_of(r->conf, key), str_of(key->name),
			"the service manager has passed no credentials");
}

static void resolve(struct reader *r, const struct conf_input *input)
{
	struct conf *conf = r->conf;

	if (!conf->database.n && str_find_byte(conf->data, '?') >= 0)
		conf_problem(r->problems, conf_source_of(conf, conf_key_find(STR("data"))),
			STR("data"), "must not hold '?' when the database lies in it");
	if (!conf->database.n)
		conf->database =
			str_fmt(r->arena, "sqlite:" STR_FMT "/madoguchi.db", STR_ARG(conf->data));
	conf->credentials = input->credentials ? str_dup(r->arena, str_of(input->credentials)) : STR("");
	for (size_t i = 0; i < conf_key_count; i++)
		if (conf_keys[i].credential)
			resolve_credential(r, input, &conf_keys[i]);
}

err conf_read(struct arena *arena, const struct conf_input *input, struct conf_problems *problems,
	struct conf *out)
{
	struct conf conf = {0};
	struct reader r = {arena, problems, &conf};
	size_t before = problems->n;

	TRY(set_defaults(&r));
	if (input->file) {
		TRY(read_file(&r, input->file));
		TRY(read_drop_ins(&r, input->file));
	}
	read_options(&r, input);
	if (problems->n == before) {
		resolve(&r, input);
		conf_check_values(&conf, problems);
	}
	if (problems->n != before)
		return fail(ERR_INVALID, "the configuration has %zu faults", problems->n - before);
	*out = conf;
	return ok();
}

/*
 * The service manager gives its credentials to the user of the service alone, where it can by an
 * ACL: then the bits of the group are the ACL's mask and say nothing of the group.
 */
static mode_t others_of(const struct conf *conf, struct str path)
{
	bool passed = conf->credentials.n && str_starts(path, conf->credentials) &&
		      str_starts(str_skip(path, conf->credentials.n), STR("/"));

	return passed ? 037 : 077;
}

err conf_read_secret(
	struct arena *arena, const struct conf *conf, struct str path, struct str *out)
{
	const char *file = str_c(arena, path);
	struct stat st;
	struct str text;

	if (stat(file, &st) != 0)
		return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%s: %s", file,
			strerror(errno));
	if (st.st_mode & others_of(conf, path))
		return fail(
			ERR_DENIED, "%s: others can read or write it; chmod 600 is needed", file);
	TRY(read_whole(arena, file, &text));
	if (str_ends(text, STR("\n")))
		text = str_sub(text, 0, text.n - 1);
	if (str_ends(text, STR("\r")))
		text = str_sub(text, 0, text.n - 1);
	if (!text.n || text.n > LIMIT_PASSWORD)
		return fail(ERR_INVALID, "%s: must hold one line of 1 to %d bytes", file,
			LIMIT_PASSWORD);
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f)
			return fail(ERR_INVALID,
				"%s: must hold one line without control characters", file);
	*out = text;
	return ok();
}
