#include "mail/file.h"

#include "base/limits.h"
#include "mail/mailbox.h"
#include "mail/message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <dirent.h>
#include <ftw.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <signal.h>

static char top[] = "/tmp/test_mail_file.XXXXXX";
static struct arena arena;

static struct str place(const char *name)
{
	return str_fmt(&arena, "%s/%s", top, name);
}

static struct str message(const char *subject)
{
	struct buf out;

	buf_init(&out, &arena, LIMIT_MAIL);
	assert_int_equal(mail_write(&out, &(struct mail){.from = STR("a@b.example"),
						  .to = STR("c@d.example"),
						  .subject = str_of(subject),
						  .text = STR("Text\n本文\n"),
						  .message_id = STR("x")})
				 .code,
		OK);
	return buf_view(&out);
}

static size_t entries(struct str folder, bool hidden)
{
	DIR *dir = opendir(str_c(&arena, folder));
	const struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		     (entry->d_name[0] == '.') == hidden;
	closedir(dir);
	return n;
}

static void refuses_names_that_are_not_ours(void **state)
{
	static const char *const names[] = {
		"",
		"x",
		"../x",
		"20261123T050307Z-1/../../etc/passwd",
		"20261123T050307Z-",
		"20261123T050307Z--1",
		"20261123T050307Z-1.eml",
		"20261123T05030Z-1",
		"20261123X050307Z-1",
		"2026112aT050307Z-1",
		".20261123T050307Z-1",
		"20261123T050307Z-1\n",
		"20261323T050307Z-1",
		"20261123T050307Z-99999999999999999999",
	};
	struct mailbox_mail mail;

	(void)state;
	assert_int_equal(
		mail_file_write(&arena, place("names"), 1795410187000, 1, message("x")).code, OK);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(mailbox_find(&arena, place("names"), str_of(names[i]), &mail).code,
			ERR_NOT_FOUND);
	assert_int_equal(
		mailbox_find(&arena, place("names"), STR("20261123T050307Z-2"), &mail).code,
		ERR_NOT_FOUND);
	assert_int_equal(
		mailbox_find(&arena, place("names"), STR("20261123T050307Z-1"), &mail).code, OK);
}

static void refuses_what_is_no_mail(void **state)
{
	struct mailbox_mail *mails, mail;
	size_t count;

	(void)state;
	assert_int_equal(
		mail_file_write(&arena, place("odd"), 1795410187000, 1, STR("no mail")).code, OK);
	assert_int_equal(mail_file_write(&arena, place("odd"), 1795410187000, 2,
				 STR("To: <a@b>\r\nContent-Transfer-Encoding: base64\r\n\r\n/w=="))
				 .code,
		OK);
	assert_int_equal(mail_file_write(&arena, place("odd"), 1795410187000, 3, STR("")).code, OK);
	assert_int_equal(
		symlink("/etc/passwd", str_c(&arena, place("odd/20261123T050307Z-4.eml"))), 0);
	assert_int_equal(mailbox_find(&arena, place("odd"), STR("20261123T050307Z-1"), &mail).code,
		ERR_INVALID);
	assert_int_equal(mailbox_find(&arena, place("odd"), STR("20261123T050307Z-2"), &mail).code,
		ERR_INVALID);
	assert_int_equal(mailbox_find(&arena, place("odd"), STR("20261123T050307Z-4"), &mail).code,
		ERR_UNAVAILABLE);
	assert_int_equal(mailbox_list(&arena, place("odd"), 10, &mails, &count).code, OK);
	assert_int_equal(count, 0);
}

static void a_full_disk_leaves_nothing_behind(void **state)
{
	struct rlimit old, none;

	(void)state;
	assert_int_equal(
		mail_file_write(&arena, place("full"), 1795410187000, 1, message("x")).code, OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none = (struct rlimit){100, old.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	err result = mail_file_write(&arena, place("full"), 1795410187000, 2, message("y"));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(result.code, ERR_UNAVAILABLE);
	assert_int_equal(entries(place("full"), false), 1);
	assert_int_equal(entries(place("full"), true), 0);
	assert_int_equal(
		mail_file_write(&arena, place("none/none"), 0, 1, STR("x")).code, ERR_UNAVAILABLE);
}

static void writes_once_and_privately(void **state)
{
	struct mailbox_mail *mails, mail;
	size_t count;
	struct stat st;

	(void)state;
	assert_int_equal(mailbox_list(&arena, place("mail"), 10, &mails, &count).code, OK);
	assert_int_equal(count, 0);
	assert_int_equal(
		mail_file_write(&arena, place("mail"), 1795410187000, 7, message("first")).code,
		OK);
	assert_int_equal(
		mail_file_write(&arena, place("mail"), 1795410187000, 7, message("first again"))
			.code,
		OK);
	assert_int_equal(
		mail_file_write(&arena, place("mail"), 1795410188999, 8, message("登録")).code, OK);
	assert_int_equal(entries(place("mail"), false), 2);
	assert_int_equal(entries(place("mail"), true), 0);
	assert_int_equal(stat(str_c(&arena, place("mail/20261123T050307Z-7.eml")), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(str_c(&arena, place("mail")), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);

	assert_int_equal(mailbox_list(&arena, place("mail"), 10, &mails, &count).code, OK);
	assert_int_equal(count, 2);
	assert_true(str_eq(mails[0].subject, STR("登録")));
	assert_true(str_eq(mails[1].subject, STR("first again")));
	assert_int_equal(mails[1].at, 1795410187000);
	assert_int_equal(mailbox_list(&arena, place("mail"), 1, &mails, &count).code, OK);
	assert_int_equal(count, 1);
	assert_int_equal(mailbox_find(&arena, place("mail"), mails[0].name, &mail).code, OK);
	assert_true(str_eq(mail.body, STR("Text\n本文\n")));
	assert_true(str_eq(mail.to, STR("c@d.example")));
}

static int start(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	return mkdtemp(top) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_names_that_are_not_ours),
		cmocka_unit_test(refuses_what_is_no_mail),
		cmocka_unit_test(a_full_disk_leaves_nothing_behind),
		cmocka_unit_test(writes_once_and_privately),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
