/* What becomes of files when the checker is away, or the time for it: nobody's good file is refused, and nothing is tried for ever. */
#include "site.h"

#include "base/limits.h"

#include "../data/pdf.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct str pdf(struct site *site, const char *words)
{
	return pdf_make(&site->arena, words, 3000);
}

static const char *path_in(struct site *site, const char *name)
{
	return str_c(&site->arena, str_fmt(&site->arena, "%s/%s", site->files_folder, name));
}

static int64_t rows(struct site *site, const char *where)
{
	return db_number(site->world->db, str_c(&site->arena, str_fmt(&site->arena, "SELECT count(*) FROM attachment WHERE %s", where)));
}

static void expect_rows(struct site *site, const char *where, int64_t wanted)
{
	int64_t n = rows(site, where);

	if (n != wanted)
		fail_msg("%lld rows, not %lld, where %s:\n%s", (long long)n, (long long)wanted, where,
			db_dump(site->world->db, "SELECT document, state, reason, detail FROM attachment ORDER BY document, state"));
}

/* The job comes by, a minute later, until nothing is due. */
static void job(struct site *site)
{
	struct cx *cx;
	err e;

	site->world->now += 2 * FILES_AGAIN_MS;
	do {
		cx = cx_fresh(site->world);
		cx->actor.kind = ACTOR_JOB;
		e = files_due(&site->files, cx);
		cx_end(cx);
	} while (!failed(e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
}

static struct str page_of(struct site *site, const char *path)
{
	struct reply reply = ASK(site, .who = MAI, .path = path);

	assert_status(&reply, 200);
	return reply.body;
}

/* ---- the checker ---- */

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void be(struct site *site, const char *mood)
{
	write_file(path_in(site, "bin/mood"), mood, 0600);
}

/* In the place of the real one, which it calls when it is in the mood: killed as by a kernel without memory, or unable to work. */
static void put_checker(struct site *site)
{
	static const char words[] = "#!/bin/sh\n"
		"read -r mood <\"${0%/*}/mood\"\n"
		"case $mood in\n"
		"killed) kill -KILL $$ ;;\n"
		"unable) exit 71 ;;\n"
		"esac\n"
		"exec " CHECKER " \"$@\"\n";
	struct checker *checker;

	assert_int_equal(mkdir(path_in(site, "bin"), 0700), 0);
	write_file(path_in(site, "bin/madoguchi-check"), words, 0700);
	write_file(path_in(site, "bin/madoguchi-thumbnail"), words, 0700);
	be(site, "right\n");
	assert_ok(checker_new(&site->arena, str_of(path_in(site, "bin/madoguchi-check")), &checker));
	site->files.checker = checker;
}

#define TRANSLATION "document = 'translation' AND page = 0 AND draft_id <> 0 AND "

static void attach(struct site *site, struct str bytes)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation", .bytes = bytes);

	assert_status(&reply, 303);
}

/* A machine that is busy is no reason to refuse a file. */
static void a_check_that_came_to_no_end_is_made_again(void **state)
{
	struct site *site = *state;

	put_checker(site);
	be(site, "killed\n");
	attach(site, pdf(site, "good"));
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'checker' AND detail = 1", 1);
	assert_holds(page_of(site, "/drafts/{files_draft}/files"), STR("waiting to be checked"));
	job(site);
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'checker' AND detail = 2", 1);
	be(site, "right\n");
	job(site);
	expect_rows(site, TRANSLATION "state = 3 AND reason = '' AND detail = 0", 1);
}

/* What hangs each time is given up. */
static void nor_is_it_for_ever(void **state)
{
	struct site *site = *state;

	put_checker(site);
	be(site, "killed\n");
	attach(site, pdf(site, "hangs"));
	for (int tries = 2; tries < LIMIT_CHECK_TRIES; tries++)
		job(site);
	expect_rows(site, TRANSLATION "state = 2", 1);
	job(site);
	expect_rows(site, TRANSLATION "state = 4 AND reason = 'time'", 1);
	assert_holds(page_of(site, "/drafts/{files_draft}/files"), STR("It took too long to check this file"));
}

/* A checker that is not there says nothing about the file, however long it is away. */
static void a_checker_that_is_away(void **state)
{
	struct site *site = *state;

	put_checker(site);
	be(site, "unable\n");
	attach(site, pdf(site, "good"));
	for (int i = 0; i < LIMIT_CHECK_TRIES + 2; i++)
		job(site);
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'checker' AND detail = 0", 1);
	be(site, "right\n");
	job(site);
	expect_rows(site, TRANSLATION "state = 3", 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_check_that_came_to_no_end_is_made_again),
		AT_SQLITE(nor_is_it_for_ever),
		AT_SQLITE(a_checker_that_is_away),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
