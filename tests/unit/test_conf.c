#include "cmd/conf_table.h"

#include "base/limits.h"
#include "base/time.h"
#include "conf_bad.h"
#include "conf_bad_service.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

/* The folder of the sources, for the files that are held to the table. */
#ifndef SOURCE_ROOT
#define SOURCE_ROOT "."
#endif

static char folder[] = "/tmp/test_conf.XXXXXX";

struct fixture {
	struct arena arena;
	struct conf_problems problems;
	struct conf conf;
};

static void start(struct fixture *f)
{
	arena_init(&f->arena, LIMIT_STARTUP_ARENA);
	conf_problems_init(&f->problems, &f->arena);
}

static const char *in_folder(struct arena *arena, const char *name)
{
	return str_c(arena, str_fmt(arena, "%s/%s", folder, name));
}

static void write_file(const char *file, struct str text, mode_t mode)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static err read_text(struct fixture *f, struct str text)
{
	const char *file = in_folder(&f->arena, "a.conf");
	struct conf_input input = {.file = file};

	write_file(file, text, 0600);
	return conf_read(&f->arena, &input, &f->problems, &f->conf);
}

/* Problems without the folder in front of the file names. */
static struct str problem_text(struct fixture *f)
{
	struct str rest = buf_view(&f->problems.text), line;
	struct str prefix = str_fmt(&f->arena, "%s/", folder);
	struct buf out;

	buf_init(&out, &f->arena, LIMIT_PAGE);
	while (str_next(&rest, '\n', &line)) {
		buf_str(&out, str_starts(line, prefix) ? str_skip(line, prefix.n) : line);
		buf_lit(&out, "\n");
	}
	return buf_view(&out);
}

static void assert_text(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got  %.*s\nwant %s", (int)got.n, got.p, want);
}

static void refuses_bad_files(void **state)
{
	(void)state;
	assert_true(sizeof(bad) / sizeof(bad[0]) >= 40);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fixture f = {0};
		start(&f);
		assert_int_equal(read_text(&f, bad[i].text).code, ERR_INVALID);
		assert_text(problem_text(&f), bad[i].problems);
		arena_release(&f.arena);
	}
}

static void refuses_half_services(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_services) / sizeof(bad_services[0]); i++) {
		struct fixture f = {0};
		start(&f);
		assert_int_equal(read_text(&f, bad_services[i].text).code, ERR_INVALID);
		assert_text(problem_text(&f), bad_services[i].problems);
		arena_release(&f.arena);
	}
}

static void refuses_long_lines_and_files(void **state)
{
	struct fixture f = {0};
	struct buf text;

	(void)state;
	start(&f);
	buf_init(&text, &f.arena, LIMIT_STARTUP_ARENA);
	buf_lit(&text, "#");
	while (text.n < LIMIT_CONF_LINE)
		buf_lit(&text, "x");
	assert_int_equal(read_text(&f, buf_view(&text)).code, OK);
	buf_lit(&text, "x\nworkers = 4\n");
	assert_int_equal(read_text(&f, buf_view(&text)).code, ERR_INVALID);
	assert_text(problem_text(&f), "a.conf:1: the line is too long\n");

	buf_clear(&text);
	while (text.n < LIMIT_CONF_FILE)
		buf_lit(&text, "#\n");
	assert_int_equal(read_text(&f, buf_view(&text)).code, OK);
	buf_lit(&text, "#");
	assert_int_equal(read_text(&f, buf_view(&text)).code, ERR_LIMIT);
	arena_release(&f.arena);
}

static void refuses_what_is_no_file(void **state)
{
	struct fixture f = {0};
	struct conf_input input = {.file = folder};

	(void)state;
	start(&f);
	assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, ERR_UNAVAILABLE);
	input.file = in_folder(&f.arena, "none.conf");
	assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, ERR_NOT_FOUND);
	arena_release(&f.arena);
}

static void refuses_bad_options(void **state)
{
	static const struct {
		const char *option;
		const char *problem;
	} options[] = {
		{"workers=3", "the command line: workers=3: an option is --key=value\n"},
		{"--workers", "the command line: --workers: an option is --key=value\n"},
		{"--=3", "the command line: --=3: an option is --key=value\n"},
		{"--worker=3", "the command line: worker: unknown key; did you mean workers?\n"},
		{"--workers=x",
			"the command line: workers: must be a whole number from 1 to 256\n"},
		{"--database=postgresql://u:secret@h/d",
			"the command line: database: a password must not stand on the command "
			"line, where everybody can read it\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct fixture f = {0};
		struct conf_input input = {.options = &options[i].option, .option_count = 1};
		start(&f);
		assert_int_equal(
			conf_read(&f.arena, &input, &f.problems, &f.conf).code, ERR_INVALID);
		assert_text(problem_text(&f), options[i].problem);
		arena_release(&f.arena);
	}
	struct fixture f = {0};
	const char *const twice[] = {"--workers=3", "--workers=3"};
	struct conf_input input = {.options = twice, .option_count = 2};
	start(&f);
	assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, ERR_INVALID);
	assert_text(problem_text(&f), "the command line: workers: is given twice\n");
	arena_release(&f.arena);
}

static void leaves_out_untouched_on_failure(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f);
	f.conf.workers = 77;
	assert_int_equal(read_text(&f, STR("workers = 3\nlog_level = x\n")).code, ERR_INVALID);
	assert_int_equal(f.conf.workers, 77);
	arena_release(&f.arena);
}

static void reads_every_form(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f);
	assert_int_equal(
		read_text(
			&f, STR("\xef\xbb\xbf# comment\r\n"
				"  listen\t=  127.0.0.1:0 ,[2001:db8::1]:80,unix:/run/a.sock  \r\n"
				"service_name_ja = 窓口 # 一\n"
				"contact_phone =\n"
				"database=postgresql://u:p:q@h:5432,g/d?passfile=/etc/p\n"
				"database_cache = 12MiB\n"
				"session_idle = 1800000ms\n"
				"session_total = 1 d\n"
				"base_url = https://www.example.jp:8443\n"
				"trust_proxy = yes\n"
				"log_level = error\n"
				"login_policy = delays"))
			.code,
		OK);
	assert_int_equal(f.conf.listen.n, 3);
	assert_text(f.conf.listen.v[0], "127.0.0.1:0");
	assert_text(f.conf.listen.v[1], "[2001:db8::1]:80");
	assert_text(f.conf.listen.v[2], "unix:/run/a.sock");
	assert_text(f.conf.service_name_ja, "窓口 # 一");
	assert_int_equal(f.conf.contact_phone.n, 0);
	assert_text(f.conf.database, "postgresql://u:p:q@h:5432,g/d?passfile=/etc/p");
	assert_int_equal(f.conf.database_cache, 12 << 20);
	assert_int_equal(f.conf.session_idle, 30 * TIME_MINUTE);
	assert_int_equal(f.conf.session_total, TIME_DAY);
	assert_true(f.conf.trust_proxy);
	assert_int_equal(f.conf.log_level, LOG_ERROR);
	assert_int_equal(f.conf.login_policy, CONF_LOGIN_DELAYS);
	assert_int_equal(f.conf.workers, 64);
	arena_release(&f.arena);
}

static void later_sources_win(void **state)
{
	struct fixture f = {0};
	const char *const options[] = {"--login_tries=9", "--data=data"};
	struct conf_input input = {.options = options, .option_count = 2};
	struct buf dump;

	(void)state;
	start(&f);
	input.file = in_folder(&f.arena, "b/main.conf");
	mkdir(in_folder(&f.arena, "b"), 0700);
	mkdir(in_folder(&f.arena, "b/conf.d"), 0700);
	write_file(input.file, STR("workers = 2\nlogin_tries = 2\nlock_hours = 2\n"), 0600);
	write_file(in_folder(&f.arena, "b/conf.d/20-later.conf"), STR("\nworkers = 20\n"), 0600);
	write_file(in_folder(&f.arena, "b/conf.d/10-first.conf"),
		STR("workers = 10\nlogin_tries = 10\n"), 0600);
	write_file(in_folder(&f.arena, "b/conf.d/.hidden.conf"), STR("nonsense"), 0600);
	write_file(in_folder(&f.arena, "b/conf.d/30.conf~"), STR("nonsense"), 0600);
	assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, OK);
	assert_int_equal(f.conf.workers, 20);
	assert_int_equal(f.conf.login_tries, 9);
	assert_int_equal(f.conf.lock_hours, 2);
	assert_text(f.conf.data, "data");
	assert_text(f.conf.database, "sqlite:data/madoguchi.db");

	buf_init(&dump, &f.arena, LIMIT_PAGE);
	conf_dump(&dump, &f.conf);
	const char *const lines[] = {"/b/conf.d/20-later.conf:2\nworkers = 20\n",
		"# the command line\nlogin_tries = 9\n", "/b/main.conf:3\nlock_hours = 2\n",
		"# the default\nsession_idle = 30 m\n"};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_true(str_find(buf_view(&dump), str_of(lines[i])) >= 0);

	write_file(in_folder(&f.arena, "b/conf.d/40.conf"), STR("workers = 1000\n"), 0600);
	assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, ERR_INVALID);
	assert_text(problem_text(&f),
		"b/conf.d/40.conf:1: workers: must be a whole number from 1 to 256\n");
	arena_release(&f.arena);
}

static void dump_is_a_configuration_and_masks_passwords(void **state)
{
	struct fixture f = {0}, again = {0};
	struct buf first, second, json;

	(void)state;
	start(&f);
	start(&again);
	assert_int_equal(read_text(&f, STR("database = postgresql://u:CANARY:@x@h/d\n"
					   "service_name_ja = \"<窓口>\"\n"))
				 .code,
		OK);
	buf_init(&first, &f.arena, LIMIT_PAGE);
	buf_init(&second, &f.arena, LIMIT_PAGE);
	buf_init(&json, &f.arena, LIMIT_PAGE);
	conf_dump(&first, &f.conf);
	conf_dump_json(&json, &f.conf);
	assert_true(
		str_find(buf_view(&first), STR("database = postgresql://u:********@h/d\n")) >= 0);
	assert_true(str_find(buf_view(&first), STR("CANARY")) < 0);
	assert_true(str_find(buf_view(&json), STR("CANARY")) < 0);
	assert_true(
		str_find(buf_view(&json),
			STR("\"key\":\"workers\",\"value\":\"64\",\"source\":\"the default\"")) >=
		0);

	assert_int_equal(read_text(&again, buf_view(&first)).code, OK);
	for (size_t i = 0; i < conf_key_count; i++)
		if (!conf_keys[i].url_with_secret)
			assert_true(conf_value_same(&conf_keys[i], &f.conf, &again.conf));
	arena_release(&f.arena);
	arena_release(&again.arena);
}

static void reload_takes_what_the_table_allows(void **state)
{
	struct fixture live = {0}, fresh = {0};
	struct buf restart;

	(void)state;
	start(&live);
	start(&fresh);
	assert_int_equal(read_text(&live, STR("workers = 3\n")).code, OK);
	assert_int_equal(
		read_text(&fresh, STR("workers = 4\nlog_level = debug\nlisten = 127.0.0.1:9\n"))
			.code,
		OK);
	buf_init(&restart, &live.arena, LIMIT_PAGE);
	assert_int_equal(conf_reload(&live.conf, &fresh.conf, &restart), 1);
	assert_int_equal(live.conf.log_level, LOG_DEBUG);
	assert_int_equal(live.conf.workers, 3);
	assert_text(buf_view(&restart), "listen\nworkers\n");
	arena_release(&live.arena);
	arena_release(&fresh.arena);
}

static void a_hangup_with_faults_changes_nothing(void **state)
{
	struct fixture live = {0};
	struct conf_input input;
	int out[2];
	char text[4096];

	(void)state;
	start(&live);
	assert_int_equal(read_text(&live, STR("workers = 3\n")).code, OK);
	input = (struct conf_input){.file = in_folder(&live.arena, "a.conf")};
	assert_int_equal(pipe(out), 0);
	log_set_fd(out[1]);
	write_file(input.file, STR("log_level = error\nworkers = x\n"), 0600);
	conf_hangup(&live.arena, &input, &live.conf);
	assert_int_equal(live.conf.log_level, LOG_INFO);
	assert_int_equal(live.conf.workers, 3);
	write_file(input.file, STR("log_level = warn\nworkers = 4\n"), 0600);
	conf_hangup(&live.arena, &input, &live.conf);
	assert_int_equal(live.conf.log_level, LOG_WARN);
	assert_int_equal(live.conf.workers, 3);
	log_set_fd(2);
	log_set_level(LOG_INFO);
	close(out[1]);
	ssize_t n = read(out[0], text, sizeof(text));
	close(out[0]);
	assert_true(n > 0);
	struct str all = str_make(text, (size_t)n);
	assert_true(str_find(all, STR("a.conf:2: workers: must be")) >= 0);
	assert_true(str_find(all, STR("\"event\":\"config_kept\"")) >= 0);
	assert_true(
		str_find(all, STR("\"event\":\"config_needs_restart\",\"key\":\"workers\"")) >= 0);
	arena_release(&live.arena);
}

static void check_names_what_this_machine_lacks(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f);
	mkdir(in_folder(&f.arena, "data"), 0700);
	write_file(in_folder(&f.arena, "secret"), STR("CANARY\n"), 0644);
	struct str text = str_fmt(&f.arena,
		"data = %s/data\nprocedures = %s/none\nlisten = unix:%s/none/a.sock\n"
		"mail_relay = smtp://r:25\nmail_from = a@b.example\nmail_user = "
		"u\nmail_password_file = %s/secret\nmail_ca_file = %s/ca\n",
		folder, folder, folder, folder, folder);
	assert_int_equal(read_text(&f, text).code, OK);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, ERR_INVALID);
	struct str want = str_fmt(&f.arena,
		"a.conf:2: procedures: %s/none: No such file or directory\n"
		"a.conf:3: listen: %s/none: No such file or directory\n"
		"a.conf:8: mail_ca_file: %s/ca: No such file or directory\n"
		"a.conf:7: mail_password_file: %s/secret: others can read or write it; chmod 600 "
		"is needed\n",
		folder, folder, folder, folder);
	assert_text(problem_text(&f), str_c(&f.arena, want));

	conf_problems_init(&f.problems, &f.arena);
	mkdir(in_folder(&f.arena, "none"), 0700);
	write_file(in_folder(&f.arena, "ca"), STR("x"), 0644);
	chmod(in_folder(&f.arena, "secret"), 0600);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, OK);
	chmod(in_folder(&f.arena, "data"), 0777);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, ERR_INVALID);
	arena_release(&f.arena);
}

static void check_wants_a_private_file_for_a_database_password(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f);
	struct str text = str_fmt(&f.arena,
		"data = %s\nprocedures = %s\ndatabase = postgresql://u:p@h/d\n", folder, folder);
	assert_int_equal(read_text(&f, text).code, OK);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, OK);
	chmod(in_folder(&f.arena, "a.conf"), 0644);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, ERR_INVALID);
	assert_text(problem_text(&f), "a.conf:3: database: holds a password, and everybody can "
				      "read this file; chmod 640 is needed\n");
	arena_release(&f.arena);
}

static void reads_secrets(void **state)
{
	struct fixture f = {0};
	struct str secret;
	static const struct {
		struct str text;
		mode_t mode;
		enum err_code code;
	} cases[] = {
		{STR_INIT(""), 0600, ERR_INVALID},
		{STR_INIT("\n"), 0600, ERR_INVALID},
		{STR_INIT("a\nb\n"), 0600, ERR_INVALID},
		{STR_INIT("a\0b"), 0600, ERR_INVALID},
		{STR_INIT("x\n"), 0640, ERR_DENIED},
		{STR_INIT("x\n"), 0602, ERR_DENIED},
		{STR_INIT("a b\r\n"), 0600, OK},
		{STR_INIT("a b"), 0400, OK},
	};

	(void)state;
	start(&f);
	struct str path = str_of(in_folder(&f.arena, "one"));
	assert_int_equal(conf_read_secret(&f.arena, &f.conf, path, &secret).code, ERR_NOT_FOUND);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unlink(path.p);
		write_file(path.p, cases[i].text, cases[i].mode);
		assert_int_equal(conf_read_secret(&f.arena, &f.conf, path, &secret).code, cases[i].code);
		if (cases[i].code == OK)
			assert_text(secret, "a b");
	}
	arena_release(&f.arena);
}


/* Files that are held to the table. */

static struct str source_text(struct arena *arena, const char *name)
{
	FILE *file = fopen(str_c(arena, str_fmt(arena, "%s/%s", SOURCE_ROOT, name)), "re");
	struct buf text;
	char part[4096];
	size_t n;

	assert_non_null(file);
	buf_init(&text, arena, LIMIT_PAGE);
	while ((n = fread(part, 1, sizeof(part), file)) > 0)
		buf_bytes(&text, part, n);
	fclose(file);
	return buf_view(&text);
}

static void example_is_that_of_the_table(void **state)
{
	struct fixture f = {0};
	struct buf example;

	(void)state;
	start(&f);
	buf_init(&example, &f.arena, LIMIT_PAGE);
	conf_write_example(&example);
	assert_text(source_text(&f.arena, "packaging/madoguchi.conf"),
		str_c(&f.arena, buf_view(&example)));
	assert_int_equal(read_text(&f, buf_view(&example)).code, OK);
	arena_release(&f.arena);
}

static void manual_names_every_key_and_default(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f);
	struct str manual = source_text(&f.arena, "man/madoguchi.conf.5"), rest = manual, line;
	size_t keys = 0;
	for (size_t i = 0; i < conf_key_count; i++) {
		const struct conf_key *key = &conf_keys[i];
		struct str want =
			key->initial[0]
				? str_fmt(&f.arena, "\n.It Cm %s\nDefault:\n.Ql %s .\n", key->name,
					  key->initial)
				: str_fmt(&f.arena, "\n.It Cm %s\nDefault: empty.\n", key->name);
		if (str_find(manual, want) < 0)
			fail_msg("madoguchi.conf.5 lacks %.*s", (int)want.n, want.p);
	}
	while (str_next(&rest, '\n', &line))
		keys += str_starts(line, STR(".It Cm "));
	assert_int_equal(keys, conf_key_count);
	arena_release(&f.arena);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

static int remove_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_bad_files),
		cmocka_unit_test(refuses_half_services),
		cmocka_unit_test(refuses_long_lines_and_files),
		cmocka_unit_test(refuses_what_is_no_file),
		cmocka_unit_test(refuses_bad_options),
		cmocka_unit_test(leaves_out_untouched_on_failure),
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(later_sources_win),
		cmocka_unit_test(dump_is_a_configuration_and_masks_passwords),
		cmocka_unit_test(reload_takes_what_the_table_allows),
		cmocka_unit_test(a_hangup_with_faults_changes_nothing),
		cmocka_unit_test(check_names_what_this_machine_lacks),
		cmocka_unit_test(check_wants_a_private_file_for_a_database_password),
		cmocka_unit_test(reads_secrets),
		cmocka_unit_test(example_is_that_of_the_table),
		cmocka_unit_test(manual_names_every_key_and_default),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
