#include "cmd/conf_table.h"

#include "base/limits.h"
#include "base/time.h"

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

#define Z "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* A file, and what is said about it. */
static const struct {
	struct str text;
	const char *problems;
} bad[] = {
	/* Lines */
	{STR_INIT("workers"), "a.conf:1: workers: has no '=': a line is \"key = value\"\n"},
	{STR_INIT("\n\nworkers 3\n"), "a.conf:3: workers: has no '=': a line is \"key = value\"\n"},
	{STR_INIT("= 3\n"), "a.conf:1: has no key before '='\n"},
	{STR_INIT("[mail]\n"), "a.conf:1: there are no [sections]\n"},
	{STR_INIT("workers = 3\0\n"), "a.conf:1: the line holds a NUL byte\n"},
	{STR_INIT("service_name_en = caf\xe9\n"), "a.conf:1: service_name_en: is not UTF-8\n"},
	{STR_INIT("service_name_en = a\x1b[31mb\n"), "a.conf:1: service_name_en: holds an invisible character\n"},
	{STR_INIT("service_name_en = a\xe2\x80\xae" "b\n"), "a.conf:1: service_name_en: holds an invisible character\n"},
	{STR_INIT("base_url = https://a.example\rmail_relay = smtp://b:1\n"), "a.conf:1: base_url: holds an invisible character\n"},
	/* Keys */
	{STR_INIT("colour = red\n"), "a.conf:1: colour: unknown key\n"},
	{STR_INIT("worker = 3\n"), "a.conf:1: worker: unknown key; did you mean workers?\n"},
	{STR_INIT("Workers = 3\n"), "a.conf:1: Workers: unknown key; did you mean workers?\n"},
	{STR_INIT("mail-from = a@b.example\n"), "a.conf:1: mail-from: unknown key; did you mean mail_from?\n"},
	{STR_INIT("\x1b[2Jworkers = 3\n"), "a.conf:1: unknown key\n"},
	{STR_INIT("workers = 3\nworkers = 3\n"), "a.conf:2: workers: is given twice; the first time in line 1\n"},
	{STR_INIT("workers = 3\n\n#\nworkers = 4\nworkers = 5\n"),
		"a.conf:4: workers: is given twice; the first time in line 1\n"
		"a.conf:5: workers: is given twice; the first time in line 1\n"},
	/* Numbers */
	{STR_INIT("workers =\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 0\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 257\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = -1\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 3.5\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 0x10\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 8 # eight\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("workers = 99999999999999999999999\n"), "a.conf:1: workers: must be a whole number from 1 to 256\n"},
	{STR_INIT("login_tries = five\n"), "a.conf:1: login_tries: must be a whole number from 1 to 100\n"},
	{STR_INIT("draft_days = 9\n"), "a.conf:1: draft_days: must be a whole number from 10 to 3650\n"},
	/* Times and sizes */
	{STR_INIT("session_idle = 30\n"), "a.conf:1: session_idle: must be from 5 m to 1 d, a number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 30 min\n"),
		"a.conf:1: session_idle: must be from 5 m to 1 d, a number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 299 s\n"),
		"a.conf:1: session_idle: must be from 5 m to 1 d, a number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 25 h\n"),
		"a.conf:1: session_idle: must be from 5 m to 1 d, a number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = 9223372036854775807 d\n"),
		"a.conf:1: session_idle: must be from 5 m to 1 d, a number and one of the units ms s m h d\n"},
	{STR_INIT("session_idle = m\n"), "a.conf:1: session_idle: must be from 5 m to 1 d, a number and one of the units ms s m h d\n"},
	{STR_INIT("database_cache = 8M\n"),
		"a.conf:1: database_cache: must be from 256 KiB to 4 GiB, a number and one of the units B KiB MiB GiB\n"},
	{STR_INIT("database_cache = 1 KiB\n"),
		"a.conf:1: database_cache: must be from 256 KiB to 4 GiB, a number and one of the units B KiB MiB GiB\n"},
	/* Words */
	{STR_INIT("trust_proxy = true\n"), "a.conf:1: trust_proxy: must be yes or no\n"},
	{STR_INIT("log_level = verbose\n"), "a.conf:1: log_level: must be one of debug info warn error\n"},
	{STR_INIT("mail_tls = optional\n"), "a.conf:1: mail_tls: must be one of required none\n"},
	{STR_INIT("login_policy = Manual\n"), "a.conf:1: login_policy: must be one of manual delays\n"},
	/* Places */
	{STR_INIT("data = data\n"), "a.conf:1: data: must be an absolute path: it begins with /\n"},
	{STR_INIT("data = \n"), "a.conf:1: data: must not be empty\n"},
	{STR_INIT("data = /var/lib/../../etc\n"), "a.conf:1: data: must not hold \"..\"\n"},
	{STR_INIT("mail_password_file = credential:../x\n"),
		"a.conf:1: mail_password_file: credential: must be followed by the name of a credential\n"},
	{STR_INIT("mail_user = u\nmail_relay = smtp://r:25\nmail_from = a@b.example\nmail_password_file = credential:x\n"),
		"a.conf:4: mail_password_file: the service manager has passed no credentials\n"},
	{STR_INIT("database = mysql://localhost\n"), "a.conf:1: database: must begin with sqlite: or postgresql://\n"},
	{STR_INIT("database = sqlite:madoguchi.db\n"), "a.conf:1: database: sqlite: must be followed by the absolute path of a file\n"},
	{STR_INIT("database = sqlite:/x.db?mode=memory\n"), "a.conf:1: database: the path of the database must not hold '?'\n"},
	{STR_INIT("database = postgresql://h/d?password=x\n"),
		"a.conf:1: database: must not hold a password among its parameters: use passfile=\n"},
	{STR_INIT("database = postgresql://h/d?a=1&p%61ssword=x\n"),
		"a.conf:1: database: must not hold a password among its parameters: use passfile=\n"},
	/* The listener */
	{STR_INIT("listen = 8080\n"), "a.conf:1: listen: must be address:port or unix:/path\n"},
	{STR_INIT("listen = 127.0.0.1:65536\n"), "a.conf:1: listen: the port must be a number up to 65535\n"},
	{STR_INIT("listen = 127.0.0.1:80,\n"), "a.conf:1: listen: has an empty member between its commas\n"},
	{STR_INIT("listen = 127.0.0.1:80, 127.0.0.1:80\n"), "a.conf:1: listen: has the same member twice\n"},
	{STR_INIT("listen =\n"), "a.conf:1: listen: must not be empty\n"},
	{STR_INIT("listen = 1:1,1:2,1:3,1:4,1:5,1:6,1:7,1:8,1:9,1:10,1:11,1:12,1:13,1:14,1:15,1:16,1:17\n"),
		"a.conf:1: listen: has more than 16 members\n"},
	{STR_INIT("listen = unix:x.sock\n"), "a.conf:1: listen: unix: must be followed by an absolute path\n"},
	{STR_INIT("listen = unix:/" Z Z "\n"), "a.conf:1: listen: the path of a Unix socket has at most 107 bytes\n"},
	{STR_INIT("listen = [::1:80\n"), "a.conf:1: listen: must be address:port or unix:/path\n"},
	/* Addresses */
	{STR_INIT("base_url = example.jp\n"), "a.conf:1: base_url: must begin with https://\n"},
	{STR_INIT("base_url = http://example.jp\n"), "a.conf:1: base_url: must be https:// except for this machine itself\n"},
	{STR_INIT("base_url = http://localhost.evil.example\n"), "a.conf:1: base_url: must be https:// except for this machine itself\n"},
	{STR_INIT("base_url = https://example.jp/\n"), "a.conf:1: base_url: must end after the host or port: no path, no slash\n"},
	{STR_INIT("base_url = https://u@example.jp\n"),
		"a.conf:1: base_url: must be https://host, with a port if need be, and nothing else\n"},
	{STR_INIT("base_url = https://example.jp:0\n"), "a.conf:1: base_url: the port must be a number from 1 to 65535\n"},
	{STR_INIT("base_url = https://\n"), "a.conf:1: base_url: has no valid host name\n"},
	{STR_INIT("base_url = https://-a.example\n"), "a.conf:1: base_url: has no valid host name\n"},
	{STR_INIT("contact_phone = call us\n"), "a.conf:1: contact_phone: may hold digits, blanks and + - ( ) only\n"},
	{STR_INIT("service_name_en =\n"), "a.conf:1: service_name_en: must not be empty\n"},
	{STR_INIT("service_name_en = " Z "\n"), "a.conf:1: service_name_en: is longer than 60 characters\n"},
	{STR_INIT("service_name_en = office@example.jp\n"),
		"a.conf:1: service_name_en: must not hold '@': mail programs would show it as an address\n"},
	/* Mail */
	{STR_INIT("mail_from = office\n"), "a.conf:1: mail_from: is not a mail address\n"},
	{STR_INIT("mail_from = Office <a@b.example>\n"), "a.conf:1: mail_from: is not a mail address\n"},
	{STR_INIT("mail_from = a@b.example, c@d.example\n"), "a.conf:1: mail_from: is not a mail address\n"},
	{STR_INIT("mail_relay = mail.example.jp\n"), "a.conf:1: mail_relay: must begin with smtp:// or smtps://\n"},
	{STR_INIT("mail_relay = smtp://mail.example.jp\n"), "a.conf:1: mail_relay: must be smtp://host:port or smtps://host:port\n"},
	{STR_INIT("mail_relay = smtp://u:p@mail.example.jp:25\n"),
		"a.conf:1: mail_relay: must not hold a user or password: mail_user and mail_password_file are for that\n"},
	/* Between values */
	{STR_INIT("session_idle = 2 h\nsession_total = 1 h\n"), "a.conf:1: session_idle: must not be longer than session_total\n"},
	{STR_INIT("mail_relay = smtp://r:25\nmail_from = a@b.example\nmail_user = u\n"),
		"a.conf:3: mail_user: needs mail_password_file\n"},
	{STR_INIT("mail_password_file = /x\n"), "a.conf:1: mail_password_file: needs mail_user\n"},
	{STR_INIT("mail_user = u\nmail_password_file = /x\n"), "a.conf:1: mail_user: needs mail_relay\n"},
	{STR_INIT("mail_relay = smtp://r:25\n"),
		"the default: mail_from: must be an address of a real domain when there is a mail_relay\n"},
	{STR_INIT("mail_relay = smtp://r:25\nmail_from = a@b.example\nmail_user = u\nmail_password_file = /x\nmail_tls = none\n"),
		"a.conf:5: mail_tls: must be required when there is a mail_user: the password would be sent in the clear\n"},
	{STR_INIT("mail_relay = smtps://r:465\nmail_from = a@b.example\nmail_tls = none\n"),
		"a.conf:3: mail_tls: contradicts mail_relay, which begins with smtps://\n"},
	{STR_INIT("trust_proxy = yes\n"), "a.conf:1: trust_proxy: needs a base_url that begins with https://\n"},
	/* Everything at once: all of it is told. */
	{STR_INIT("workers = 0\nnonsense\nlog_level = x\n"),
		"a.conf:1: workers: must be a whole number from 1 to 256\n"
		"a.conf:2: nonsense: has no '=': a line is \"key = value\"\n"
		"a.conf:3: log_level: must be one of debug info warn error\n"},
};

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
		{"--workers=x", "the command line: workers: must be a whole number from 1 to 256\n"},
		{"--database=postgresql://u:secret@h/d",
			"the command line: database: a password must not stand on the command line, where everybody can read it\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct fixture f = {0};
		struct conf_input input = {.options = &options[i].option, .option_count = 1};
		start(&f);
		assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, ERR_INVALID);
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
	assert_int_equal(read_text(&f, STR("\xef\xbb\xbf# comment\r\n"
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
		"login_policy = delays")).code, OK);
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
	assert_int_equal(f.conf.workers, 16);
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
	write_file(in_folder(&f.arena, "b/conf.d/10-first.conf"), STR("workers = 10\nlogin_tries = 10\n"), 0600);
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
	const char *const lines[] = {"/b/conf.d/20-later.conf:2\nworkers = 20\n", "# the command line\nlogin_tries = 9\n",
		"/b/main.conf:3\nlock_hours = 2\n", "# the default\nsession_idle = 30 m\n"};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_true(str_find(buf_view(&dump), str_of(lines[i])) >= 0);

	write_file(in_folder(&f.arena, "b/conf.d/40.conf"), STR("workers = 1000\n"), 0600);
	assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, ERR_INVALID);
	assert_text(problem_text(&f), "b/conf.d/40.conf:1: workers: must be a whole number from 1 to 256\n");
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
		"service_name_ja = \"<窓口>\"\n")).code, OK);
	buf_init(&first, &f.arena, LIMIT_PAGE);
	buf_init(&second, &f.arena, LIMIT_PAGE);
	buf_init(&json, &f.arena, LIMIT_PAGE);
	conf_dump(&first, &f.conf);
	conf_dump_json(&json, &f.conf);
	assert_true(str_find(buf_view(&first), STR("database = postgresql://u:********@h/d\n")) >= 0);
	assert_true(str_find(buf_view(&first), STR("CANARY")) < 0);
	assert_true(str_find(buf_view(&json), STR("CANARY")) < 0);
	assert_true(str_find(buf_view(&json), STR("\"key\":\"workers\",\"value\":\"16\",\"source\":\"the default\"")) >= 0);

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
	assert_int_equal(read_text(&fresh, STR("workers = 4\nlog_level = debug\nlisten = 127.0.0.1:9\n")).code, OK);
	buf_init(&restart, &live.arena, LIMIT_PAGE);
	assert_int_equal(conf_reload(&live.conf, &fresh.conf, &restart), 1);
	assert_int_equal(live.conf.log_level, LOG_DEBUG);
	assert_int_equal(live.conf.workers, 3);
	assert_text(buf_view(&restart), "listen\nworkers\n");
	arena_release(&live.arena);
	arena_release(&fresh.arena);
}

static void check_names_what_this_machine_lacks(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f);
	mkdir(in_folder(&f.arena, "data"), 0700);
	write_file(in_folder(&f.arena, "secret"), STR("CANARY\n"), 0644);
	struct str text = str_fmt(&f.arena, "data = %s/data\nprocedures = %s/none\nlisten = unix:%s/none/a.sock\n"
		"mail_relay = smtp://r:25\nmail_from = a@b.example\nmail_user = u\nmail_password_file = %s/secret\nmail_ca_file = %s/ca\n",
		folder, folder, folder, folder, folder);
	assert_int_equal(read_text(&f, text).code, OK);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, ERR_INVALID);
	struct str want = str_fmt(&f.arena,
		"a.conf:2: procedures: %s/none: No such file or directory\n"
		"a.conf:3: listen: %s/none: No such file or directory\n"
		"a.conf:8: mail_ca_file: %s/ca: No such file or directory\n"
		"a.conf:7: mail_password_file: %s/secret: others can read or write it; chmod 600 is needed\n",
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
	struct str text = str_fmt(&f.arena, "data = %s\nprocedures = %s\ndatabase = postgresql://u:p@h/d\n", folder, folder);
	assert_int_equal(read_text(&f, text).code, OK);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, OK);
	chmod(in_folder(&f.arena, "a.conf"), 0644);
	assert_int_equal(conf_check(&f.arena, &f.conf, &f.problems).code, ERR_INVALID);
	assert_text(problem_text(&f), "a.conf:3: database: holds a password, and everybody can read this file; chmod 640 is needed\n");
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
		{STR_INIT(""), 0600, ERR_INVALID}, {STR_INIT("\n"), 0600, ERR_INVALID}, {STR_INIT("a\nb\n"), 0600, ERR_INVALID},
		{STR_INIT("a\0b"), 0600, ERR_INVALID}, {STR_INIT("x\n"), 0640, ERR_DENIED}, {STR_INIT("x\n"), 0602, ERR_DENIED},
		{STR_INIT("a b\r\n"), 0600, OK}, {STR_INIT("a b"), 0400, OK},
	};

	(void)state;
	start(&f);
	struct str path = str_of(in_folder(&f.arena, "one"));
	assert_int_equal(conf_read_secret(&f.arena, path, &secret).code, ERR_NOT_FOUND);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unlink(path.p);
		write_file(path.p, cases[i].text, cases[i].mode);
		assert_int_equal(conf_read_secret(&f.arena, path, &secret).code, cases[i].code);
		if (cases[i].code == OK)
			assert_text(secret, "a b");
	}
	arena_release(&f.arena);
}

static void credentials_come_from_the_service_manager(void **state)
{
	struct fixture f = {0};
	const char *file;

	(void)state;
	start(&f);
	file = in_folder(&f.arena, "c.conf");
	write_file(file, STR("mail_user = u\nmail_relay = smtp://r:25\nmail_from = a@b.example\nmail_password_file = credential:relay\n"), 0600);
	struct conf_input input = {.file = file, .credentials = "/run/credentials/x"};
	assert_int_equal(conf_read(&f.arena, &input, &f.problems, &f.conf).code, OK);
	assert_text(f.conf.mail_password_file, "/run/credentials/x/relay");
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
	assert_text(source_text(&f.arena, "packaging/madoguchi.conf"), str_c(&f.arena, buf_view(&example)));
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
		struct str want = key->initial[0] ?
			str_fmt(&f.arena, "\n.It Cm %s\nDefault:\n.Ql %s .\n", key->name, key->initial) :
			str_fmt(&f.arena, "\n.It Cm %s\nDefault: empty.\n", key->name);
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
		cmocka_unit_test(refuses_long_lines_and_files),
		cmocka_unit_test(refuses_what_is_no_file),
		cmocka_unit_test(refuses_bad_options),
		cmocka_unit_test(leaves_out_untouched_on_failure),
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(later_sources_win),
		cmocka_unit_test(dump_is_a_configuration_and_masks_passwords),
		cmocka_unit_test(reload_takes_what_the_table_allows),
		cmocka_unit_test(check_names_what_this_machine_lacks),
		cmocka_unit_test(check_wants_a_private_file_for_a_database_password),
		cmocka_unit_test(reads_secrets),
		cmocka_unit_test(credentials_come_from_the_service_manager),
		cmocka_unit_test(example_is_that_of_the_table),
		cmocka_unit_test(manual_names_every_key_and_default),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
