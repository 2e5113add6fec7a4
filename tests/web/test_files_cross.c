/* Files that cross each other: pages that come while a document is made. */
#include "site.h"

#include "base/encode.h"
#include "domain/attachment/attachment_page.h"

static int64_t rows(struct site *site, const char *where)
{
	return db_number(site->world->db,
		str_c(&site->arena, str_fmt(&site->arena, "SELECT count(*) FROM attachment WHERE " STR_FMT, STR_ARG(site_fill(site, where)))));
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_page_that_comes_meanwhile_stays),
		AT_BOTH(no_document_while_a_page_is_open),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
