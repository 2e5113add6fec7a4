#include "cmd/program.h"

#include "base/limits.h"
#include "base/vec.h"
#include "cmd/conf_table.h"

#include <errno.h>
#include <sys/stat.h>

static const enum exit_code exit_of[ERR_COUNT] = {
	[OK] = EXIT_DONE,
	[ERR_NOT_FOUND] = EXIT_NO_INPUT,
	[ERR_DENIED] = EXIT_NO_PERMISSION,
	[ERR_INVALID] = EXIT_DATA,
	[ERR_CONFLICT] = EXIT_REFUSED,
	[ERR_LIMIT] = EXIT_DATA,
	[ERR_RETRY] = EXIT_TRY_LATER,
	[ERR_UNAVAILABLE] = EXIT_UNAVAILABLE,
	[ERR_INTERNAL] = EXIT_SOFTWARE,
	[ERR_SHUT] = EXIT_DATA,
};

enum exit_code program_exit_of(err e)
{
	return exit_of[e.code];
}

void program_complain(const char *words, err e)
{
	const char *detail = err_detail();

	fprintf(stderr, "madoguchi: %s: %s\n", words, *detail ? detail : err_name(e.code));
}

struct command_line {
	VEC(const char *) options; /* "--key=value" */
	VEC(const char *) words;
	const char *config;
	struct program *program; /* takes what is no setting */
};

#define AT(member) offsetof(struct program, member)

static const struct {
	const char *name;
	size_t at; /* of its text in struct program */
} texts[] = {
	{"note", AT(note)},
	{"status", AT(status)},
	{"open", AT(open)},
	{"from", AT(from)},
	{"until", AT(until)},
	{"announce", AT(announce)},
	{"title-ja", AT(title[LANG_JA])},
	{"title-en", AT(title[LANG_EN])},
	{"text-ja", AT(text[LANG_JA])},
	{"text-en", AT(text[LANG_EN])},
};

static bool take_text(struct program *program, struct str name, const char *value)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!str_eq(name, str_of(texts[i].name)))
			continue;
		memcpy((char *)program + texts[i].at, &value, sizeof value);
		return true;
	}
	return false;
}

/* "--data DIR" becomes "--data=DIR", the one form that the configuration knows. */
static enum exit_code read_option(struct arena *arena, int argc, char **argv, int *at, struct command_line *line)
{
	const char *option = argv[*at];
	const char *equals = strchr(option, '=');

	if (strcmp(option, "--json") == 0) {
		line->program->json = true;
		return EXIT_DONE;
	}
	struct str name = equals ? str_make(option + 2, (size_t)(equals - option - 2)) : str_of(option + 2);
	const char *value = equals ? equals + 1 : NULL;

	if (!value) {
		if (*at + 1 >= argc) {
			fprintf(stderr, "madoguchi: %s wants a value\n", option);
			return EXIT_USAGE;
		}
		value = argv[++*at];
	}
	if (str_eq(name, STR("config"))) {
		line->config = value;
		return EXIT_DONE;
	}
	if (take_text(line->program, name, value))
		return EXIT_DONE;
	if (!conf_key_find(name)) {
		const struct conf_key *near = conf_key_near(name);

		fprintf(stderr, "madoguchi: there is no option --" STR_FMT "%s%s%s\n", STR_ARG(name),
			near ? "; did you mean --" : "", near ? near->name : "", near ? "?" : "");
		return EXIT_USAGE;
	}
	vec_push(arena, &line->options, str_c(arena, str_fmt(arena, "--" STR_FMT "=%s", STR_ARG(name), value)));
	return EXIT_DONE;
}

static bool option_given(const struct command_line *line, const char *prefix)
{
	for (size_t i = 0; i < line->options.n; i++) {
		if (strncmp(line->options.v[i], prefix, strlen(prefix)) == 0)
			return true;
	}
	return false;
}

static enum exit_code begin(struct arena *arena, int argc, char **argv, const char *default_data, bool by_hand, struct program *out)
{
	struct program program = {.arena = arena};
	struct command_line line = {.program = &program};
	struct conf_problems problems;

	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0) {
			vec_push(arena, &line.words, argv[i]);
			continue;
		}
		enum exit_code code = read_option(arena, argc, argv, &i, &line);

		if (code != EXIT_DONE)
			return code;
	}
	if (default_data && !line.config && !option_given(&line, "--data="))
		vec_push(arena, &line.options, str_c(arena, str_fmt(arena, "--data=%s", default_data)));
	conf_problems_init(&problems, arena);
	struct conf_input input = {
		.file = line.config,
		.options = line.options.v,
		.option_count = line.options.n,
		.credentials = getenv("CREDENTIALS_DIRECTORY"),
		.by_hand = by_hand,
	};
	err e = conf_read(arena, &input, &problems, &program.conf);

	if (problems.n > 0)
		fprintf(stderr, STR_FMT "\n", STR_ARG(str_trim(buf_view(&problems.text))));
	else if (failed(e))
		program_complain("configuration", e);
	if (failed(e))
		return e.code == ERR_NOT_FOUND ? EXIT_NO_INPUT : EXIT_CONFIG;
	program.input = input;
	program.words = line.words.v;
	program.word_count = line.words.n;
	*out = program;
	return EXIT_DONE;
}

enum exit_code program_begin(struct arena *arena, int argc, char **argv, const char *default_data, struct program *out)
{
	return begin(arena, argc, argv, default_data, false, out);
}

enum exit_code program_begin_by_hand(struct arena *arena, int argc, char **argv, const char *default_data, struct program *out)
{
	return begin(arena, argc, argv, default_data, true, out);
}

static const char *text_of(const struct program *program, size_t i)
{
	const char *text;

	memcpy(&text, (const char *)program + texts[i].at, sizeof text);
	return text;
}

/* An option that was given and does not stand among those; NULL: none. */
static const char *beyond(const struct program *program, const char *options)
{
	if (program->json && !strstr(options, "--json"))
		return "json";
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (text_of(program, i) && !strstr(options, str_c(program->arena, str_fmt(program->arena, "--%s ", texts[i].name))))
			return texts[i].name;
	}
	return NULL;
}

enum exit_code program_takes(const struct program *program, size_t most, const char *options)
{
	const char *option = beyond(program, options);

	if (program->word_count > most) {
		fprintf(stderr, "madoguchi: nothing is known to do with \"%s\" here; see madoguchi --help\n", program->words[most]);
		return EXIT_USAGE;
	}
	if (option) {
		fprintf(stderr, "madoguchi: this command has no option --%s; see madoguchi --help\n", option);
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

enum exit_code program_data(const struct program *program)
{
	const char *folder = str_c(program->arena, program->conf.data);

	if (mkdir(folder, 0700) == 0 || errno == EEXIST)
		return EXIT_DONE;
	fprintf(stderr, "madoguchi: the folder of data %s cannot be made: %s\n", folder, strerror(errno));
	return EXIT_CANNOT_CREATE;
}
