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

/* In the place of the real one, which it calls when it is in the mood: killed as by a kernel without memory, unable to work, fallen. */
static void put_checker(struct site *site)
{
	static const char words[] = "#!/bin/sh\n"
		"read -r mood <\"${0%/*}/mood\"\n"
		"case $mood in\n"
		"killed) kill -KILL $$ ;;\n"
		"unable) exit 71 ;;\n"
		"falls) kill -SEGV $$ ;;\n"
		"nonsense) echo nonsense; exit 0 ;;\n"
		"pictureless) [ \"$1\" != thumbnail ] || kill -KILL $$ ;;\n"
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

/* A good photo stays good, with the part that it had, whatever keeps it from being cut anew. */
static void a_photo_that_cannot_be_cut(void **state)
{
	static const char *const moods[] = {"killed\n", "unable\n", "falls\n", "nonsense\n", "pictureless\n"};
	static const char here[] = "a.state = 3 AND b.kind = 2 AND b.cut_x = 30 AND b.cut_y = 40 AND b.cut_width = 240";
	static const char sql[] = "SELECT count(*) FROM attachment_beside b JOIN attachment a ON a.account_id = b.account_id AND a.id = b.attachment_id WHERE %s";
	struct site *site = *state;
	const char *count = str_c(&site->arena, str_fmt(&site->arena, sql, here));

	put_checker(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{photo}/cut", .form = "x=30&y=40&width=240");

	assert_status(&reply, 303);
	assert_int_equal(db_number(site->world->db, count), 1);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{photo}/content");
	struct str before = reply.body;

	for (size_t i = 0; i < sizeof moods / sizeof *moods; i++) {
		be(site, moods[i]);
		reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{photo}/cut", .form = "x=0&y=0&width=300");
		assert_status(&reply, 303);
		assert_int_equal(db_number(site->world->db, count), 1);
		reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{photo}/content");
		assert_str(reply.body, before);
		assert_holds(page_of(site, "/drafts/{draft}/photo"), STR("The part from before is kept"));
	}
	be(site, "right\n");
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{photo}/cut", .form = "x=0&y=0&width=300");
	assert_status(&reply, 303);
	assert_int_equal(db_number(site->world->db, count), 0);
	assert_true(str_find(page_of(site, "/drafts/{draft}/photo"), STR("The part from before is kept")) < 0);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{photo}/content");
	assert_false(str_eq(reply.body, before));
}

/* Whoever was to cut it has died: the job does, or leaves it. */
static void a_photo_whose_cut_was_not_ended(void **state)
{
	struct site *site = *state;
	struct attachment cutting;
	int64_t draft = 0, photo = 0;

	put_checker(site);
	assert_true(str_to_i64(site_value(site, "draft"), &draft) && str_to_i64(site_value(site, "photo"), &photo));
	be(site, "unable\n");
	assert_ok(attachment_cut(site_cx_of(site, MAI), draft, photo, (struct attachment_cut){.x = 1, .y = 1, .width = 240}, &cutting));
	job(site);
	expect_rows(site, "id IN (SELECT attachment_id FROM attachment_beside WHERE kind = 2 AND cut_x = 1)", 0);
	expect_rows(site, "state = 2", 0);
	be(site, "right\n");
	assert_ok(attachment_cut(site_cx_of(site, MAI), draft, photo, (struct attachment_cut){.x = 1, .y = 1, .width = 240}, &cutting));
	job(site);
	expect_rows(site, "id IN (SELECT attachment_id FROM attachment_beside WHERE kind = 2 AND cut_x = 1) AND state = 3", 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_check_that_came_to_no_end_is_made_again),
		AT_SQLITE(nor_is_it_for_ever),
		AT_SQLITE(a_checker_that_is_away),
		AT_BOTH(a_photo_that_cannot_be_cut),
		AT_BOTH(a_photo_whose_cut_was_not_ended),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
