/* Files that cross each other: pages that come while a document is made, and bytes in the spool whose row has gone. */
#include "site.h"

#include "base/encode.h"
#include "base/limits.h"
#include "domain/attachment/attachment_page.h"

#include "../data/pdf.h"

#include <dirent.h>

static int64_t rows(struct site *site, const char *where)
{
	return db_number(site->world->db,
		str_c(&site->arena, str_fmt(&site->arena, "SELECT count(*) FROM attachment WHERE " STR_FMT, STR_ARG(site_fill(site, where)))));
}

/* Files of uploads that lie in the spool. */
static size_t spooled(struct site *site)
{
	DIR *folder = opendir(str_c(&site->arena, str_fmt(&site->arena, "%s/spool", site->files_folder)));
	size_t n = 0;

	assert_non_null(folder);
	for (const struct dirent *entry; (entry = readdir(folder));)
		n += strncmp(entry->d_name, "upload-", 7) == 0;
	closedir(folder);
	return n;
}

/* The photo with a comment behind its first marker: another file each time. */
static struct str picture(struct site *site, char mark)
{
	struct str photo = site_photo(site);
	char *other = arena_alloc(&site->arena, photo.n + 6);

	memcpy(other, "\xff\xd8\xff\xfe\0\4ab", 8);
	memcpy(other + 8, photo.p + 2, photo.n - 2);
	other[6] = mark;
	return str_make(other, photo.n + 6);
}

static struct str metadata(struct site *site, const char *document, bool page)
{
	struct buf out;

	buf_init(&out, &site->arena, 200);
	buf_lit(&out, "document ");
	base64_write(&out, str_of(document), 0);
	buf_c(&out, page ? ",page MQ==,filename YQ==" : ",filename YQ==");
	return buf_view(&out);
}

static struct reply create(struct site *site, const char *draft, const char *document, bool page, long long size)
{
	struct str path = str_fmt(&site->arena, "/drafts/%s/files", draft);
	struct str headers = str_fmt(&site->arena, "Upload-Length: %lld\r\nUpload-Metadata: " STR_FMT "\r\n", size, STR_ARG(metadata(site, document, page)));
	struct reply reply = ASK(site, .who = MAI, .tus = true, .path = str_c(&site->arena, path), .form = "", .headers = str_c(&site->arena, headers));

	if (reply.status == 201)
		site_name(site, "new", str_dup(&site->arena, reply_location(&reply)));
	return reply;
}

/* An upload of which a part has come. */
static void begun(struct site *site, const char *draft, const char *document, bool page)
{
	struct reply reply = create(site, draft, document, page, 1000000);

	assert_status(&reply, 201);
	reply = ASK(site, .method = "PATCH", .who = MAI, .tus = true, .path = "{new}", .bytes = pdf_make(&site->arena, "part", 30000),
		.headers = "Upload-Offset: 0\r\n");
	assert_status(&reply, 204);
}

/* ---- pages ---- */

static struct attachments list_of(struct site *site, const char *draft, int64_t *id)
{
	struct attachments list;

	assert_true(str_to_i64(site_value(site, draft), id));
	assert_ok(attachment_list(site_cx_of(site, MAI), *id, &list));
	return list;
}

/* Between the look at the pages and the end of the document some seconds pass. */
static void a_page_that_comes_meanwhile_stays(void **state)
{
	struct site *site = *state;
	struct attachment_begun made;
	int64_t draft = 0;
	struct attachments before = list_of(site, "files_draft", &draft);

	assert_int_equal(rows(site, "page <> 0 AND document = 'translation' AND state = 3"), 1);
	before.pages = memcpy(arena_array(&site->arena, struct attachment, before.page_count), before.pages, before.page_count * sizeof *before.pages);
	for (size_t i = 0; i < before.page_count; i++) {
		before.pages[i].document = str_dup(&site->arena, before.pages[i].document);
		before.pages[i].kept_digest = str_dup(&site->arena, before.pages[i].kept_digest);
	}
	before.key = str_dup(&site->arena, before.key);
	site_name_id(site, "late", site_page(site, "{files_draft}", "translation", picture(site, 'z')));
	assert_ok(files_pages(&site->files, site_cx_of(site, MAI), draft, STR("translation"), STR("a.pdf"), &before, &made));
	assert_int_equal(made.attachment.state, ATTACHMENT_OK);
	assert_int_equal(made.attachment.pages, 1);
	assert_int_equal(rows(site, "page <> 0 AND document = 'translation' AND state = 3"), 1);
	assert_int_equal(rows(site, "id = {late} AND state = 3"), 1);
}

/* Not while a page of it is on its way: the document would lack it. */
static void no_document_while_a_page_is_open(void **state)
{
	static const struct {
		const char *lang, *words;
	} told[] = {{"en", "not made yet"}, {"ja", "まだ作っていません"}};
	struct site *site = *state;
	struct attachment there;
	int64_t draft = 0, id = 0;

	site_page(site, "{files_draft}", "translation", picture(site, 'y'));
	struct reply reply = create(site, "{files_draft}", "translation", true, 1000);

	assert_status(&reply, 201);
	for (int checking = 0; checking < 2; checking++) {
		for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
			reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/pages/make", .form = "", .lang = told[i].lang);
			assert_status(&reply, 409);
			assert_holds(reply.body, str_of(told[i].words));
		}
		assert_int_equal(rows(site, "page = 0 AND document = 'translation' AND draft_id = {files_draft}"), 0);
		assert_int_equal(rows(site, "page <> 0 AND document = 'translation' AND state = 3"), 2);
		struct attachments list = list_of(site, "files_draft", &draft);

		for (size_t i = 0; i < list.page_count && !checking; i++)
			if (list.pages[i].state == ATTACHMENT_UPLOADING) {
				id = list.pages[i].id;
				assert_ok(attachment_complete(site_cx_of(site, MAI), &list.pages[i], 1000, STR("cc"), &there));
			}
	}
	/* a page of another document is nothing to it */
	assert_ok(attachment_delete(site_cx_of(site, MAI), draft, id));
	reply = create(site, "{files_draft}", "reason_letter", true, 1000);
	assert_status(&reply, 201);
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/pages/make", .form = "");
	assert_status(&reply, 303);
	assert_int_equal(rows(site, "page = 0 AND document = 'translation' AND state = 3 AND pages = 2"), 1);
	assert_int_equal(rows(site, "page <> 0 AND document = 'translation'"), 0);
}

/* ---- the spool ---- */

static void a_photo_that_gives_way_takes_its_bytes_along(void **state)
{
	struct site *site = *state;

	for (int i = 0; i < 3; i++) {
		begun(site, "{files_draft}", "photo", false);
		assert_int_equal(spooled(site), 1);
	}
	/* by a form, too */
	site_file(site, MAI, "{files_draft}", "photo", picture(site, 'x'));
	assert_int_equal(spooled(site), 0);
}

static void a_draft_takes_its_bytes_along(void **state)
{
	struct site *site = *state;

	begun(site, "{files_draft}", "passport_copy", false);
	begun(site, "{files_draft}", "translation", true);
	assert_int_equal(spooled(site), 2);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/delete", .form = "");

	assert_status(&reply, 303);
	assert_int_equal(spooled(site), 0);
}

static void a_photo_that_is_not_needed_takes_its_bytes_along(void **state)
{
	struct site *site = *state;
	struct procedure *copy = arena_new(&site->world->arena, struct procedure);

	*copy = *catalogue_find(&site->world->catalogue, STR("extension"));
	copy->photo = (struct photo_rule){.asked = true, .may_skip = true};
	map_init(&site->world->catalogue.by_id, &site->world->arena);
	map_put(&site->world->catalogue.by_id, copy->id, copy);
	begun(site, "{files_draft}", "photo", false);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/photo", .form = "skip=yes");

	assert_status(&reply, 303);
	assert_int_equal(spooled(site), 0);
}

/* Pages are no part of an application, and do not hold it up. */
static void a_submission_takes_the_bytes_of_pages_along(void **state)
{
	struct site *site = *state;

	begun(site, "{press_draft}", "translation", true);
	assert_int_equal(spooled(site), 1);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{press_draft}/apply", .form = "token={press_token}");

	assert_status(&reply, 303);
	assert_true(str_starts(reply_location(&reply), STR("/applications/")));
	assert_int_equal(spooled(site), 0);
}

/* One that waits for its check when a newer one is found clean. */
static void a_photo_that_waits_takes_its_bytes_along(void **state)
{
	struct site *site = *state;
	struct attachment there;
	int64_t draft = 0;

	begun(site, "{files_draft}", "photo", false);
	struct attachments list = list_of(site, "files_draft", &draft);
	const struct attachment *waits = NULL;

	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].photo)
			waits = &list.v[i];
	assert_non_null(waits);
	assert_ok(attachment_complete(site_cx_of(site, MAI), waits, waits->arrived, STR("cc"), &there));
	assert_int_equal(spooled(site), 1);
	site_file(site, MAI, "{files_draft}", "photo", picture(site, 'w'));
	assert_int_equal(rows(site, "document = 'photo' AND draft_id = {files_draft}"), 1);
	assert_int_equal(spooled(site), 0);
}

/* Deleted in another tab, while its bytes come: what still comes is thrown away. */
static void bytes_of_a_row_that_is_gone(void **state)
{
	struct site *site = *state;
	struct attachment_begun made;
	struct upload upload;
	int64_t draft = 0;

	list_of(site, "files_draft", &draft);
	struct cx *cx = site_cx_of(site, MAI);

	assert_ok(files_begin(&site->files, cx,
		&(struct attachment_begin){.draft_id = draft, .document = STR("passport_copy"), .name = STR("a"), .size = 50000, .resumable = true}, &made));
	assert_ok(upload_open(&site->files, &made.attachment, &upload));
	assert_ok(upload_add(&upload, cx, pdf_make(&site->arena, "bytes", 20000)));
	assert_ok(attachment_delete(cx, draft, made.attachment.id));
	assert_err(upload_note(&upload, cx), ERR_CONFLICT);
	upload_release(&upload);
	assert_int_equal(spooled(site), 0);
}

/* Said to people and to scripts. */
static void too_much_on_the_way(void **state)
{
	struct site *site = *state;
	struct reply reply = {0};

	for (int i = 0; i < LIMIT_SPOOL_ACCOUNT / 25000000 && reply.status != 409; i++)
		reply = create(site, "{files_draft}", i % 2 ? "translation" : "passport_copy", true, 25000000);
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("\"reason\":\"account_full\""));
	reply = create(site, "{files_draft}", "translation", true, 24900000);
	assert_status(&reply, 201);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/documents/translation", .bytes = pdf_make(&site->arena, "x", 200000));
	assert_status(&reply, 413);
	assert_holds(reply.body, STR("Too many of your files are being sent or checked"));
	assert_int_equal(spooled(site), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_page_that_comes_meanwhile_stays),
		AT_BOTH(no_document_while_a_page_is_open),
		AT_BOTH(a_photo_that_gives_way_takes_its_bytes_along),
		AT_BOTH(a_draft_takes_its_bytes_along),
		AT_SQLITE(a_photo_that_is_not_needed_takes_its_bytes_along),
		AT_BOTH(a_submission_takes_the_bytes_of_pages_along),
		AT_BOTH(a_photo_that_waits_takes_its_bytes_along),
		AT_BOTH(bytes_of_a_row_that_is_gone),
		AT_SQLITE(too_much_on_the_way),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
