/*
 * What becomes of files when something is away: the checker or the time for it, the virus scanner. Nobody's good file is refused for it, nobody waits
 * without an operator knowing, and nothing is tried for ever.
 */
#include "site.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "domain/attachment/attachment_wait.h"

#include "../data/pdf.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static struct str pdf(struct site *site, const char *words)
{
	return pdf_make(&site->arena, words, 3000);
}

static const char *path_in(struct site *site, const char *name)
{
	return str_c(&site->arena, str_fmt(&site->arena, "%s/%s", site->files_folder, name));
}

static struct str log_of(struct site *site)
{
	off_t n = lseek(site->log_fd, 0, SEEK_CUR);
	char *text = arena_alloc(&site->arena, (size_t)n + 1);

	assert_int_equal(pread(site->log_fd, text, (size_t)n, 0), n);
	assert_int_equal(ftruncate(site->log_fd, 0), 0);
	lseek(site->log_fd, 0, SEEK_SET);
	return str_make(text, (size_t)n);
}

static size_t times(struct str text, const char *part)
{
	size_t n = 0;

	for (ptrdiff_t at; (at = str_find(text, str_of(part))) >= 0; n++)
		text = str_skip(text, (size_t)at + 1);
	return n;
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

/* The job comes by, a minute later, until nothing is due; what it has logged. */
static struct str job(struct site *site)
{
	struct cx *cx;
	err e;

	log_of(site);
	site->world->now += 2 * FILES_AGAIN_MS;
	do {
		cx = cx_fresh(site->world);
		cx->actor.kind = ACTOR_JOB;
		e = files_due(&site->files, cx);
		cx_end(cx);
	} while (!failed(e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	return log_of(site);
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
	site->files.watch = arena_new(&site->arena, struct watch);
	watch_init(site->files.watch);
}

#define TRANSLATION "document = 'translation' AND page = 0 AND draft_id <> 0 AND "

static struct reply attach(struct site *site, struct str bytes)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation", .bytes = bytes);

	assert_status(&reply, 303);
	return reply;
}

/* A machine that is busy is no reason to refuse a file. */
static void a_check_that_came_to_no_end_is_made_again(void **state)
{
	struct site *site = *state;

	put_checker(site);
	be(site, "killed\n");
	struct reply reply = attach(site, pdf(site, "good"));

	expect_rows(site, TRANSLATION "state = 2 AND reason = 'checker' AND detail = 1", 1);
	assert_holds(reply.log, STR("\"event\":\"file_unchecked\""));
	assert_holds(reply.log, STR("killed after"));
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

/* A checker that is not there says nothing about the file, however long it is away; and the operator is told, once. */
static void a_checker_that_is_away(void **state)
{
	struct site *site = *state;

	put_checker(site);
	be(site, "unable\n");
	struct reply reply = attach(site, pdf(site, "good"));

	assert_int_equal(times(reply.log, "\"event\":\"files_wait\""), 1);
	assert_holds(reply.log, STR("\"for\":\"checker\""));
	assert_holds(reply.log, STR("exit status 71"));
	for (int i = 0; i < LIMIT_CHECK_TRIES + 2; i++)
		assert_int_equal(times(job(site), "files_wait"), 0);
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'checker' AND detail = 0", 1);
	be(site, "right\n");
	assert_int_equal(times(job(site), "\"event\":\"files_wait_over\""), 1);
	expect_rows(site, TRANSLATION "state = 3", 1);
}

/* One that falls is a defect of ours: the person is told what to do, the operator which signal it was. */
static void a_checker_that_falls(void **state)
{
	static const struct {
		const char *mood, *signal;
	} table[] = {{"falls\n", "\"signal\":11"}, {"nonsense\n", "\"signal\":0"}};
	struct site *site = *state;

	put_checker(site);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		be(site, table[i].mood);
		struct reply reply = attach(site, pdf(site, table[i].mood));

		expect_rows(site, TRANSLATION "state = 4 AND reason = 'died'", 1);
		assert_holds(reply.log, STR("\"event\":\"checker_died\""));
		assert_holds(reply.log, STR("\"question\":\"pdf\""));
		assert_holds(reply.log, str_of(table[i].signal));
	}
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

/* ---- the virus scanner ---- */

/* A clamd in one thread: a file is taken whole, then answered as its bytes say. */
struct clamd {
	pthread_t thread;
	int socket;
	_Atomic bool broken; /* an error about every file, not only about those that say so */
};

static bool receive(int fd, void *out, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = recv(fd, (char *)out + done, n - done, 0);

		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static void scan_one(const struct clamd *clamd, int fd)
{
	static char bytes[1 << 16];
	const char *answer;
	uint32_t length;
	size_t n = 0;

	if (!receive(fd, bytes, sizeof "zINSTREAM"))
		return;
	for (;;) {
		if (!receive(fd, &length, sizeof length))
			return;
		length = ntohl(length);
		if (length == 0)
			break;
		if (length > sizeof bytes - n || !receive(fd, bytes + n, length))
			return;
		n += length;
	}
	answer = clamd->broken || memmem(bytes, n, "unreadable", 10) ? "Can't read it ERROR"
		 : memmem(bytes, n, "infected", 8)                   ? "stream: Test.Virus-1 FOUND"
								     : "stream: OK";
	(void)!write(fd, answer, strlen(answer) + 1);
}

static void *scan_all(void *arg)
{
	struct clamd *clamd = arg;

	for (int fd; (fd = accept(clamd->socket, NULL, NULL)) >= 0; close(fd))
		scan_one(clamd, fd);
	return NULL;
}

static void clamd_begin(struct site *site, struct clamd *clamd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "%s", site->files.scanner);
	*clamd = (struct clamd){.socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	assert_int_equal(bind(clamd->socket, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(clamd->socket, 10), 0);
	assert_int_equal(pthread_create(&clamd->thread, NULL, scan_all, clamd), 0);
}

static void clamd_end(struct site *site, struct clamd *clamd)
{
	shutdown(clamd->socket, SHUT_RDWR);
	pthread_join(clamd->thread, NULL);
	close(clamd->socket);
	unlink(site->files.scanner);
}

static void with_scanner(struct site *site)
{
	put_checker(site);
	site->files.scanner = path_in(site, "clamd");
	site->files.scanner_ms = 20000;
}

/* Away, there, and away again: who waits is told, the operator each time, and a virus has a name. */
static void a_scanner_that_is_away(void **state)
{
	struct site *site = *state;
	struct clamd clamd;

	with_scanner(site);
	struct reply reply = attach(site, pdf(site, "good"));

	assert_holds(reply.log, STR("\"event\":\"files_wait\""));
	assert_holds(reply.log, STR("\"for\":\"scanner\",\"why\":\"not reached\""));
	attach(site, pdf(site, "infected"));
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'scanner' AND detail = 0", 2);
	assert_holds(page_of(site, "/drafts/{files_draft}/files"), STR("waiting for the virus scan"));
	for (int i = 0; i < LIMIT_SCAN_TRIES + 2; i++)
		assert_int_equal(times(job(site), "files_wait"), 0);
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'scanner' AND detail = 0", 2);
	clamd_begin(site, &clamd);
	struct str log = job(site);

	assert_int_equal(times(log, "\"event\":\"files_wait_over\""), 1);
	assert_holds(log, STR("\"event\":\"virus\""));
	assert_holds(log, STR("\"name\":\"Test.Virus-1\""));
	expect_rows(site, TRANSLATION "state = 3", 1);
	expect_rows(site, TRANSLATION "state = 4 AND reason = 'virus'", 1);
	clamd_end(site, &clamd);
}

/* An error about one file, while others are answered: it is tried some times more, then the person is told what to do. */
static void a_file_that_cannot_be_scanned(void **state)
{
	struct site *site = *state;
	struct clamd clamd;

	with_scanner(site);
	clamd_begin(site, &clamd);
	struct reply reply = attach(site, pdf(site, "unreadable"));

	assert_holds(reply.log, STR("\"event\":\"file_unchecked\""));
	assert_holds(reply.log, STR("Can_t_read_it"));
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'scanner' AND detail = 1", 1);
	attach(site, pdf(site, "good"));
	expect_rows(site, TRANSLATION "state = 3", 1);
	for (int tries = 2; tries < LIMIT_SCAN_TRIES; tries++)
		job(site);
	expect_rows(site, TRANSLATION "state = 2", 1);
	job(site);
	expect_rows(site, TRANSLATION "state = 4 AND reason = 'unscannable'", 1);
	expect_rows(site, TRANSLATION "state = 3", 1);
	assert_holds(page_of(site, "/drafts/{files_draft}/files"), STR("The virus scan could not look into this file"));
	clamd_end(site, &clamd);
}

/* An error about every file is the scanner's: nobody's file is refused for it. */
static void a_scanner_that_is_broken(void **state)
{
	struct site *site = *state;
	struct clamd clamd;

	with_scanner(site);
	clamd_begin(site, &clamd);
	clamd.broken = true;
	struct reply reply = attach(site, pdf(site, "good"));

	assert_holds(reply.log, STR("\"event\":\"files_wait\""));
	for (int i = 0; i < LIMIT_SCAN_TRIES + 2; i++)
		job(site);
	expect_rows(site, TRANSLATION "state = 2 AND reason = 'scanner' AND detail = 0", 1);
	clamd.broken = false;
	job(site);
	expect_rows(site, TRANSLATION "state = 3", 1);
	clamd_end(site, &clamd);
}

/* ---- what is told, and how often ---- */

static void waiting_is_told_now_and_then(void **state)
{
	struct site *site = *state;
	struct watch watch;
	int64_t now = 1000000;

	watch_init(&watch);
	log_of(site);
	watch_answers(&watch, WATCH_SCANNER, now);
	assert_int_equal(log_of(site).n, 0);
	watch_waits(&watch, WATCH_SCANNER, "not reached", now);
	struct str log = log_of(site);

	assert_holds(log, STR("\"level\":\"warn\",\"event\":\"files_wait\",\"for\":\"scanner\",\"why\":\"not reached\",\"minutes\":0"));
	watch_waits(&watch, WATCH_SCANNER, "not reached", now + WATCH_AGAIN_MS - 1);
	assert_int_equal(log_of(site).n, 0);
	watch_waits(&watch, WATCH_CHECKER, "exit status 71", now + WATCH_AGAIN_MS - 1); /* another one */
	assert_holds(log_of(site), STR("\"for\":\"checker\""));
	watch_waits(&watch, WATCH_SCANNER, "no answer in time", now + WATCH_AGAIN_MS);
	log = log_of(site);
	assert_holds(log, STR("\"for\":\"scanner\",\"why\":\"no answer in time\",\"minutes\":10"));
	now += WATCH_AGAIN_MS + 2 * TIME_MINUTE;
	watch_answers(&watch, WATCH_SCANNER, now);
	assert_holds(log_of(site), STR("\"event\":\"files_wait_over\",\"for\":\"scanner\",\"minutes\":12"));
	watch_answers(&watch, WATCH_SCANNER, now);
	/* It comes and goes: one pair of lines in a while. */
	for (int i = 1; i < 50; i++) {
		watch_waits(&watch, WATCH_SCANNER, "not reached", now + i * WATCH_QUIET_MS / 50);
		watch_answers(&watch, WATCH_SCANNER, now + i * WATCH_QUIET_MS / 50);
	}
	assert_int_equal(log_of(site).n, 0);
	watch_waits(&watch, WATCH_SCANNER, "not reached", now + WATCH_QUIET_MS);
	assert_holds(log_of(site), STR("\"event\":\"files_wait\",\"for\":\"scanner\""));
	/* One that begins in the quiet and stays is told behind it. */
	now += 2 * WATCH_QUIET_MS;
	watch_answers(&watch, WATCH_SCANNER, now);
	log_of(site);
	watch_waits(&watch, WATCH_SCANNER, "not reached", now + 1);
	assert_int_equal(log_of(site).n, 0);
	watch_waits(&watch, WATCH_SCANNER, "not reached", now + WATCH_QUIET_MS);
	assert_holds(log_of(site), STR("\"event\":\"files_wait\""));
	watch_waits(NULL, WATCH_SCANNER, "not reached", now);
	watch_answers(NULL, WATCH_SCANNER, now);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_check_that_came_to_no_end_is_made_again),
		AT_SQLITE(nor_is_it_for_ever),
		AT_SQLITE(a_checker_that_is_away),
		AT_SQLITE(a_checker_that_falls),
		AT_BOTH(a_photo_that_cannot_be_cut),
		AT_BOTH(a_photo_whose_cut_was_not_ended),
		AT_SQLITE(a_scanner_that_is_away),
		AT_SQLITE(a_file_that_cannot_be_scanned),
		AT_SQLITE(a_scanner_that_is_broken),
		AT_SQLITE(waiting_is_told_now_and_then),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
