#include "cmd/conf_table.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>

/* Secrets that the service manager passes: credential:NAME. */

static char folder[] = "/tmp/test_conf_credential.XXXXXX";

struct fixture {
	struct arena arena;
	struct conf_problems problems;
	struct conf conf;
	const char *file, *secret; /* a configuration that names two credentials; what one of them holds */
};

static void write_file(const char *file, struct str text)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
	close(fd);
}

static int begin(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	arena_init(&f.arena, LIMIT_STARTUP_ARENA);
	conf_problems_init(&f.problems, &f.arena);
	if (!mkdtemp(folder))
		return -1;
	f.file = str_c(&f.arena, str_fmt(&f.arena, "%s/c.conf", folder));
	f.secret = str_c(&f.arena, str_fmt(&f.arena, "%s/relay", folder));
	write_file(f.file,
		STR("mail_user = u\nmail_relay = smtp://r:25\nmail_from = a@b.example\n"
		    "mail_password_file = credential:relay\n"
		    "tax_auth_url = https://t.example/a\ntax_token_url = https://t.example/t\n"
		    "tax_request_url = https://t.example/r\ntax_result_url = https://t.example/s\n"
		    "tax_client_id = c\ntax_secret_file = credential:tax\n"));
	write_file(f.secret, STR("a b\n"));
	*state = &f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	unlink(f->file);
	unlink(f->secret);
	rmdir(folder);
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	arena_release(&f->arena);
	return 0;
}

static enum err_code read_conf(struct fixture *f, const char *credentials, bool by_hand)
{
	struct conf_input input = {.file = f->file, .credentials = credentials, .by_hand = by_hand};

	return conf_read(&f->arena, &input, &f->problems, &f->conf).code;
}

static void assert_text(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got  %.*s\nwant %s", (int)got.n, got.p, want);
}

static void they_come_from_the_service_manager(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_conf(f, "/run/credentials/x", false), OK);
	assert_text(f->conf.mail_password_file, "/run/credentials/x/relay");
	assert_text(f->conf.tax_secret_file, "/run/credentials/x/tax");
}

static void without_it_each_is_named(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_conf(f, NULL, false), ERR_INVALID);
	struct str said = buf_view(&f->problems.text);
	assert_true(str_find(said, STR("c.conf:4: mail_password_file: the service manager has passed no credentials\n")) > 0);
	assert_true(str_find(said, STR("c.conf:10: tax_secret_file: the service manager has passed no credentials\n")) > 0);
}

/* Who looks at the queue needs no password of the relay, and no service manager starts a hand. */
static void by_hand_none_is_wanted(void **state)
{
	struct fixture *f = *state;
	struct str secret;

	assert_int_equal(read_conf(f, NULL, true), OK);
	assert_text(f->conf.tax_secret_file, "credential:tax");
	assert_int_equal(conf_read_secret(&f->arena, &f->conf, f->conf.tax_secret_file, &secret).code, ERR_NOT_FOUND);
}

/* With an ACL for the user of the service the group's bits are what the ACL may give at most, and say nothing of the group. */
static void one_may_have_an_acl(void **state)
{
	static const struct {
		mode_t mode;
		enum err_code code;
	} cases[] = {{0400, OK}, {0440, OK}, {0444, ERR_DENIED}, {0460, ERR_DENIED}};
	struct fixture *f = *state;
	struct str secret;

	assert_int_equal(read_conf(f, folder, false), OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(chmod(f->secret, cases[i].mode), 0);
		assert_int_equal(conf_read_secret(&f->arena, &f->conf, f->conf.mail_password_file, &secret).code, cases[i].code);
	}
	assert_int_equal(chmod(f->secret, 0440), 0);
	assert_int_equal(conf_read_secret(&f->arena, &f->conf, f->conf.mail_password_file, &secret).code, OK);
	assert_text(secret, "a b");
	/* Any other file has none. */
	assert_int_equal(read_conf(f, "/run/credentials/x", false), OK);
	assert_int_equal(conf_read_secret(&f->arena, &f->conf, str_of(f->secret), &secret).code, ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(they_come_from_the_service_manager, begin, end),
		cmocka_unit_test_setup_teardown(without_it_each_is_named, begin, end),
		cmocka_unit_test_setup_teardown(by_hand_none_is_wanted, begin, end),
		cmocka_unit_test_setup_teardown(one_may_have_an_acl, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
