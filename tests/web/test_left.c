/* What is left when somebody dies in the midst: uploads with all their bytes that nobody has ended, and files that no row names. */
#include "site.h"

#include "base/time.h"

#include "../data/pdf.h"

#include <fcntl.h>

static int64_t kept_files(struct site *site)
{
	return db_number(site->world->db, "SELECT count(*) FROM attachment WHERE kept <> ''");
}

static void leave(struct site *site, const char *name)
{
	int fd = open(str_c(&site->arena, str_fmt(&site->arena, "%s/%s", site->files_folder, name)), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "left", 4), 4);
	close(fd);
}

/* ---- an upload whose end nobody has made ---- */

#define PATH "/drafts/{files_draft}/files/{upload}"

/* All bytes have come and are noted, and there it ended: a kill, or a database that went away. */
static struct str all_but_the_end(struct site *site)
{
	struct str bytes = pdf_make(&site->arena, "unended", 3000);
	struct cx *cx = site_cx_of(site, MAI);
	struct attachment_begun begun;
	struct upload upload;
	int64_t draft = 0;

	assert_true(str_to_i64(site_value(site, "files_draft"), &draft));
	assert_ok(attachment_begin(cx,
		&(struct attachment_begin){
			.draft_id = draft, .document = STR("translation"), .name = STR("b.pdf"), .size = (int64_t)bytes.n, .resumable = true},
		&begun));
	site_name_id(site, "upload", begun.attachment.id);
	assert_ok(upload_open(&site->files, &begun.attachment, &upload));
	assert_ok(upload_add(&upload, cx, bytes));
	assert_ok(upload_note(&upload, cx));
	upload_release(&upload);
	cx_end(cx);
	return bytes;
}

static struct reply patch_nothing(struct site *site, size_t offset)
{
	struct str headers = str_fmt(&site->arena, "Upload-Offset: %zu\r\n", offset);

	return ASK(site, .method = "PATCH", .who = MAI, .tus = true, .path = PATH, .bytes = STR(""), .headers = str_c(&site->arena, headers));
}

static void an_upload_that_nobody_has_ended(void **state)
{
	struct site *site = *state;
	struct str bytes = all_but_the_end(site);
	struct reply reply = ASK(site, .method = "HEAD", .who = MAI, .tus = true, .path = PATH);

	assert_str(reply_header(&reply, "Upload-State", 0), STR("uploading"));
	assert_str(reply_header(&reply, "Upload-Offset", 0), reply_header(&reply, "Upload-Length", 0));
	reply = patch_nothing(site, bytes.n - 1);
	assert_status(&reply, 409);
	reply = patch_nothing(site, bytes.n);
	assert_status(&reply, 204);
	assert_str(reply_header(&reply, "Upload-State", 0), STR("ok"));
	reply = ASK(site, .who = MAI, .path = PATH "/content");
	assert_str(reply.body, bytes);
	/* once */
	reply = patch_nothing(site, bytes.n);
	assert_status(&reply, 409);
}

static void nor_are_its_bytes_here(void **state)
{
	struct site *site = *state;
	struct str bytes = all_but_the_end(site);
	int64_t id = 0;

	assert_true(str_to_i64(site_value(site, "upload"), &id));
	files_forget(&site->files, site->people[MAI].id, id);
	struct reply reply = patch_nothing(site, bytes.n);

	assert_status(&reply, 410);
}

static void where_no_files_are_taken(void **state)
{
	struct site *site = *state;
	struct str bytes = all_but_the_end(site);

	site->web.conf.files = NULL;
	struct reply reply = patch_nothing(site, bytes.n);

	assert_status(&reply, 503);
}

/* Others may still be on their way: a question is a question. */
static void a_question_ends_nothing(void **state)
{
	struct site *site = *state;
	int64_t id = 0;

	all_but_the_end(site);
	assert_true(str_to_i64(site_value(site, "end_upload"), &id));
	struct reply reply = ASK(site, .method = "PATCH", .who = MAI, .tus = true, .path = "/drafts/{files_draft}/files/{end_upload}", .bytes = STR(""),
		.headers = "Upload-Offset: 0\r\n");

	assert_status(&reply, 204);
	assert_str(reply_header(&reply, "Upload-State", 0), STR("uploading"));
}

/* ---- the sweep ---- */

#define LEFT 600

/* It asks about everything that is kept, and no question may leave anything behind: with the ceiling of a job it once ended at 157,286 of them. */
static void a_sweep_asks_about_everything(void **state)
{
	struct site *site = *state;
	struct files_swept swept;
	struct arena own;
	char name[160];

	for (int i = 0; i < LEFT; i++) {
		snprintf(name, sizeof name, "files/%02x/%02x%062d", i % 256, i % 256, i);
		leave(site, name);
		snprintf(name, sizeof name, "spool/upload-1-%d", i + 1);
		leave(site, name);
	}
	int64_t kept = kept_files(site);

	arena_init(&own, 32u << 10);
	struct cx cx = {
		.arena = &own,
		.store = site->world->db->store,
		.portal = &site->world->portal,
		.actor = {.kind = ACTOR_JOB},
		.now = time_now() + 2 * TIME_DAY,
	};

	assert_ok(files_sweep(&site->files, &cx, &swept));
	assert_in_range(swept.blobs, LEFT, LEFT + (uint64_t)kept); /* a whole photo stayed behind when it was submitted */
	assert_int_equal(swept.spool, LEFT);
	assert_ok(files_sweep(&site->files, &cx, &swept));
	assert_int_equal(swept.blobs + swept.spool, 0);
	cx_end(&cx);
	arena_release(&own);
	assert_int_equal(kept_files(site), kept);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{file}/content");

	assert_status(&reply, 200);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(an_upload_that_nobody_has_ended),
		AT_SQLITE(nor_are_its_bytes_here),
		AT_SQLITE(where_no_files_are_taken),
		AT_SQLITE(a_question_ends_nothing),
		AT_BOTH(a_sweep_asks_about_everything),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
