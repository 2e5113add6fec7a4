/*
 * A configuration file. Whatever it holds: a refusal names a file and says why in printable
 * characters; what was taken is written by conf_dump as a file that is taken again, with the same
 * values.
 */

#include "fuzz.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "cmd/conf_table.h"

#include <sys/mman.h>

static const char *file_of(struct arena *arena, int fd, struct str text)
{
	MUST(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	MUST(write(fd, text.p, text.n) == (ssize_t)text.n);
	return str_c(arena, str_fmt(arena, "/proc/self/fd/%d", fd));
}

static void check_problems(const struct conf_problems *problems)
{
	struct str rest = buf_view(&problems->text), line;
	size_t lines = 0;

	while (str_next(&rest, '\n', &line)) {
		MUST(str_starts(line, STR("/proc/self/fd/")) ||
			str_starts(line, STR("the default: ")));
		MUST(utf8_valid(line));
		for (size_t i = 0; i < line.n; i++)
			MUST((unsigned char)line.p[i] >= ' ' && line.p[i] != 0x7f);
		lines++;
	}
	MUST(lines == problems->n && lines > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct conf_problems problems;
	struct conf conf, again;
	struct buf dump;
	AUTO_ARENA arena;

	if (size > LIMIT_CONF_FILE)
		return 0;
	if (fd < 0)
		fd = memfd_create("conf", MFD_CLOEXEC);
	arena_init(&arena, 64u << 20);
	conf_problems_init(&problems, &arena);
	struct conf_input input = {.file = file_of(&arena, fd, str_make((const char *)data, size)),
		.credentials = "/run/credentials"};
	err result = conf_read(&arena, &input, &problems, &conf);
	if (failed(result)) {
		MUST(result.code == ERR_INVALID);
		check_problems(&problems);
		return 0;
	}
	MUST(problems.n == 0 && conf.workers >= 1 && conf.listen.n >= 1 &&
		conf.session_idle <= conf.session_total);
	buf_init(&dump, &arena, 1u << 20);
	conf_dump(&dump, &conf);
	MUST(!failed(buf_error(&dump)));
	/* Long lists and URLs may make lines that a file may not have. */
	if (dump.n > LIMIT_CONF_FILE)
		return 0;
	input.file = file_of(&arena, fd, buf_view(&dump));
	MUST(!failed(conf_read(&arena, &input, &problems, &again)));
	for (size_t i = 0; i < conf_key_count; i++)
		MUST(conf_keys[i].url_with_secret || conf_value_same(&conf_keys[i], &conf, &again));
	return 0;
}
