/* Photo and documents: what is taken, what is refused and in which words, what goes on after the line broke, what is given back. */
#include "site.h"

#include "../data/pdf.h"

#include <fcntl.h>
#include <ftw.h>

static struct str pdf(struct site *site, const char *words, size_t size)
{
	return pdf_make(&site->arena, words, size);
}

static struct str page_of(struct site *site, const char *path)
{
	struct reply reply = ASK(site, .who = MAI, .path = path);

	assert_status(&reply, 200);
	return reply.body;
}

static int64_t files(struct site *site, const char *where)
{
	return db_number(site->world->db, str_c(&site->arena, str_fmt(&site->arena, "SELECT count(*) FROM attachment WHERE %s", where)));
}

/* A form of ours, without script. */
static void a_document_is_attached(void **state)
{
	struct site *site = *state;
	struct str bytes = pdf(site, "grades", 300000);
	int64_t id = site_file(site, MAI, "{files_draft}", "passport_copy", bytes);

	site_name(site, "new", str_fmt(&site->arena, "%lld", (long long)id));
	struct str page = page_of(site, "/drafts/{files_draft}/files");

	assert_holds(page, STR("a.pdf"));
	assert_holds(page, STR("Pages: 1"));
	assert_holds(page, STR("299 KB"));
	struct reply back = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/files/{new}/content");

	assert_status(&back, 200);
	assert_str(back.body, bytes);
	assert_str(reply_header(&back, "Content-Type", 0), STR("application/pdf"));
	assert_true(str_starts(reply_header(&back, "Content-Disposition", 0), STR("attachment; filename=\"document-")));
	assert_true(str_find(reply_header(&back, "Content-Disposition", 0), STR("filename*=UTF-8''a.pdf")) > 0);
	assert_int_equal(files(site, "state = 3 AND document = 'passport_copy'"), 2);
}

/* Scripts in a PDF are no reason to refuse it; officers are told. */
static void what_is_active_is_noted(void **state)
{
	struct site *site = *state;

	site_file(site, MAI, "{files_draft}", "passport_copy", pdf(site, "still", 3000));
	site_file(site, MAI, "{files_draft}", "translation", pdf_with(&site->arena, "/OpenAction << /S /JavaScript /JS (app.alert(1)) >> ", "moves", 3000));
	assert_int_equal(files(site, "state = 3 AND document = 'passport_copy' AND active = 0"), 2);
	assert_int_equal(files(site, "state = 3 AND document = 'translation' AND active = 1"), 1);
}

static int64_t besides(struct site *site, const char *where)
{
	struct str sql = str_fmt(&site->arena,
		"SELECT count(*) FROM attachment_beside b JOIN attachment a ON a.account_id = b.account_id AND a.id = b.attachment_id WHERE %s", where);

	return db_number(site->world->db, str_c(&site->arena, sql));
}

/* A small picture of the first page stands beside every file, and is given to its owner alone. */
static void a_file_is_seen(void **state)
{
	struct site *site = *state;

	assert_holds(page_of(site, "/drafts/{draft}/files"), STR("<img class=\"thumb\""));
	struct reply back = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{file}/picture");

	assert_status(&back, 200);
	assert_str(reply_header(&back, "Content-Type", 0), STR("image/jpeg"));
	assert_true(str_starts(back.body, STR("\xff\xd8\xff")));
	back = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/files/{kept_file}/picture");
	assert_status(&back, 200);
	/* a document has no whole photo; an upload that is not complete has nothing */
	back = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{file}/whole");
	assert_status(&back, 404);
	back = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/files/{upload}/picture");
	assert_status(&back, 404);
}

/* A photo is cut anew out of the whole one, as often as one likes; what is asked for is brought inside. */
static void a_photo_is_cut(void **state)
{
	static const struct {
		const char *form;
		int status, x, y, width;
	} table[] = {
		{"x=0&y=0&width=300&move=closer", 303, 15, 20, 270},
		{"x=15&y=20&width=270&move=left", 303, 0, 20, 270},
		{"x=0&y=20&width=270&move=down", 303, 0, 40, 270},
		{"x=9&y=9&width=240&move=closer", 303, 9, 9, 240}, /* no closer than 240 pixels */
		{"x=1600&y=1600&width=300", 303, 0, 0, 300},
		{"x=1600&y=0&width=0&move=use", 303, 60, 0, 240},
		{"x=-1&y=0&width=300", 400, 60, 0, 240},
		{"x=0&y=0&width=1601", 400, 60, 0, 240},
		{"x=0&y=0", 400, 60, 0, 240},
	};
	struct site *site = *state;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{photo}/cut", .form = table[i].form);
		struct str where = str_fmt(&site->arena, "b.kind = 2 AND a.state = 3 AND b.cut_x = %d AND b.cut_y = %d AND b.cut_width = %d", table[i].x, table[i].y,
			table[i].width);

		assert_status(&reply, table[i].status);
		if (besides(site, str_c(&site->arena, where)) < 1)
			fail_msg("%s: not %d, %d, %d", table[i].form, table[i].x, table[i].y, table[i].width);
	}
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{file}/cut", .form = "x=0&y=0&width=300");

	assert_status(&reply, 404);
	/* what it was before will be deleted */
	assert_true(db_number(site->world->db, "SELECT count(*) FROM attachment_drop") > 0);
}

/* The whole photo does not go along. */
static void the_whole_photo_stays_behind(void **state)
{
	struct site *site = *state;

	assert_int_equal(besides(site, "a.application_id <> 0 AND b.kind = 2"), 0);
	assert_int_equal(besides(site, "a.application_id <> 0 AND b.kind = 1"), 2);
	assert_true(besides(site, "a.draft_id <> 0 AND b.kind = 2") > 0);
}

/* Pages in their order, then one document of them, and no page is left. */
static void pages_become_a_document(void **state)
{
	struct site *site = *state;
	struct str photo = site_photo(site);
	char *other = arena_alloc(&site->arena, photo.n + 6);

	/* Another file: the same picture with a comment behind its first marker. */
	memcpy(other, "\xff\xd8\xff\xfe\0\4ab", 8);
	memcpy(other + 8, photo.p + 2, photo.n - 2);
	int64_t second = site_page(site, "{files_draft}", "translation", str_make(other, photo.n + 6));

	site_name(site, "second", str_fmt(&site->arena, "%lld", (long long)second));
	struct str page = page_of(site, "/drafts/{files_draft}/documents/translation/pages");

	assert_holds(page, STR("Pages for the document: 2"));
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/pages/order", .form = "up={second}");

	assert_status(&reply, 303);
	assert_int_equal(files(site, str_c(&site->arena, site_fill(site, "page = 1 AND document = 'translation' AND id = {second}"))), 1);
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/pages/order", .form = "sideways=1");
	assert_status(&reply, 400);
	/* the same picture once more, and what is no picture: said, and not part of it */
	site_page(site, "{files_draft}", "translation", photo);
	assert_holds(page_of(site, "/drafts/{files_draft}/documents/translation/pages"), STR("page.jpg"));
	assert_int_equal(files(site, "page <> 0 AND state = 4 AND reason = 'same'"), 1);
	site_page(site, "{files_draft}", "translation", pdf(site, "no picture", 900));
	assert_holds(page_of(site, "/drafts/{files_draft}/documents/translation/pages"), STR("not a photo of a page"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/pages/make", .form = "");
	assert_status(&reply, 303);
	assert_int_equal(files(site, "page = 0 AND document = 'translation' AND state = 3 AND pages = 2"), 1);
	assert_int_equal(files(site, "page <> 0 AND document = 'translation' AND state = 3"), 0);
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/pages/make", .form = "");
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("No file was chosen"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/photo/pages/make", .form = "");
	assert_status(&reply, 404);
}

/* What is kept of a photo is a clean copy of it. */
static void a_photo_is_attached(void **state)
{
	struct site *site = *state;
	struct str bytes = site_photo(site);
	int64_t id = site_file(site, MAI, "{files_draft}", "photo", bytes);

	site_name(site, "new", str_fmt(&site->arena, "%lld", (long long)id));
	/* with that of the other draft and that of the application */
	assert_int_equal(files(site, "state = 3 AND document = 'photo' AND width = 300 AND height = 400"), 3);
	struct reply back = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/files/{new}/content");

	assert_status(&back, 200);
	assert_str(reply_header(&back, "Content-Type", 0), STR("image/jpeg"));
	assert_true(str_starts(back.body, STR("\xff\xd8\xff")));
	assert_holds(page_of(site, "/drafts/{files_draft}/photo"), STR("OK"));
}

static void what_is_not_what_it_should_be(void **state)
{
	static const struct {
		const char *document, *bytes, *name, *words;
	} table[] = {
		{"translation", "words", "a.pdf", "This is not a PDF file"},
		{"translation", "\x89PNG\r\n\x1a\n", "a.pdf", "This is a picture"},
		{"translation", "<!DOCTYPE html><script>alert(1)</script>", "a.pdf", "This is a web page"},
		{"translation", "%PDF-1.7\nnothing", "a.pdf", "damaged"},
		{"translation", "", "a.pdf", "The file is empty"},
		{"photo", "%PDF-1.7\n", "a.jpg", "This is a PDF"},
		{"photo", "words", "a.jpg", "This is not a JPEG"},
	};
	struct site *site = *state;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct str path = str_fmt(&site->arena, "/drafts/{files_draft}/documents/%s", table[i].document);
		struct reply reply = ASK(site, .who = MAI, .path = str_c(&site->arena, path), .bytes = str_make(table[i].bytes, strlen(table[i].bytes)),
			.filename = table[i].name);

		assert_status(&reply, 303);
		assert_holds(page_of(site, i < 5 ? "/drafts/{files_draft}/files" : "/drafts/{files_draft}/photo"), str_of(table[i].words));
		/* and in Japanese, with readings */
		struct reply japanese = ASK(site, .who = MAI, .lang = "ja", .path = i < 5 ? "/drafts/{files_draft}/files" : "/drafts/{files_draft}/photo");

		assert_status(&japanese, 200);
		assert_true(str_find(japanese.body, str_of(table[i].words)) < 0);
	}
	assert_int_equal(files(site, "state = 4"), 2); /* each new one has taken the place of the one before */
}

static void names_are_only_shown(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation", .bytes = pdf(site, "x", 2000),
		.filename = "../../etc/<img src=x onerror=alert(1)>.pdf");

	assert_status(&reply, 303);
	struct str page = page_of(site, "/drafts/{files_draft}/files");

	assert_holds(page, STR("&lt;img src=x onerror=alert(1)&gt;.pdf"));
	assert_true(str_find(page, STR("etc/")) < 0 && str_find(page, STR("<img src=x")) < 0);
}

static void no_room(void **state)
{
	struct site *site = *state;
	struct procedure *copy = arena_new(&site->world->arena, struct procedure);

	*copy = *catalogue_find(&site->world->catalogue, STR("extension"));
	map_init(&site->world->catalogue.by_id, &site->world->arena);
	map_put(&site->world->catalogue.by_id, copy->id, copy);
	copy->bytes_most = 5000;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation", .bytes = pdf(site, "x", 200000), .filename = "big.pdf");

	assert_status(&reply, 413);
	assert_holds(reply.body, STR("“big.pdf” was not attached"));
	assert_holds(reply.body, STR("href=\"#file-of-translation\""));
	copy->bytes_most = 25000000;
	copy->files_most = 3; /* the photo of the draft, and the two uploads */
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation", .bytes = pdf(site, "x", 2000));
	assert_status(&reply, 413);
	assert_holds(reply.body, STR("as many files as an application can take (3 with the photo)"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/p_admission", .bytes = pdf(site, "x", 2000));
	assert_status(&reply, 413);
	assert_holds(reply.body, STR("you cannot attach this document"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation", .file = "", .filename = "");
	assert_status(&reply, 400);
	assert_holds(reply.body, STR("No file was chosen"));
}

/* Browsers end a form by a line end, other programs need not: the last byte that there is room for is taken from both, and not one more. */
static void the_last_byte(void **state)
{
	static const struct {
		size_t size;
		bool no_last_line;
		int status;
	} table[] = {
		{4998, true, 303}, {4999, true, 303}, {5000, true, 303}, {5000, false, 303},
		{5001, true, 413}, {5002, true, 413}, {5003, true, 413}, {5001, false, 413},
	};
	struct site *site = *state;
	struct procedure *copy = arena_new(&site->world->arena, struct procedure);
	char bytes[5003];

	*copy = *catalogue_find(&site->world->catalogue, STR("extension"));
	map_init(&site->world->catalogue.by_id, &site->world->arena);
	map_put(&site->world->catalogue.by_id, copy->id, copy);
	memset(bytes, 'a', sizeof bytes); /* no PDF, so it takes no room from the next one */
	site_add_draft(site, MAI, "last_draft", "last_token");
	copy->bytes_most = 5000 + db_number(site->world->db, str_c(&site->arena, site_fill(site, "SELECT sum(size) FROM attachment WHERE draft_id = {last_draft}")));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{last_draft}/documents/translation", .bytes = str_make(bytes, table[i].size),
			.filename = "last.pdf", .no_last_line = table[i].no_last_line);

		if (reply.status != table[i].status)
			fail_msg("case %zu: %d", i, reply.status);
		if (reply.status == 413)
			assert_holds(reply.body, STR("“last.pdf” was not attached"));
		else
			assert_int_equal(files(site, str_c(&site->arena, str_fmt(&site->arena, "state = 4 AND size = %zu", table[i].size))), 1);
		assert_int_equal(files(site, "state = 1 AND size < 100000 AND resumable = 0"), 0);
	}
}

/* The token stands before the file; without it nothing is kept. */
static void forms_that_are_none(void **state)
{
	struct site *site = *state;
	int64_t before = files(site, "id > 0");
	struct ask ask = {.who = MAI, .path = "/drafts/{files_draft}/documents/translation", .bytes = pdf(site, "x", 20000), .token = TOKEN_NONE};
	struct reply reply = site_ask(site, &ask);

	assert_status(&reply, 403);
	ask.token = TOKEN_OTHER;
	reply = site_ask(site, &ask);
	assert_status(&reply, 403);
	ask.token = TOKEN_OWN;
	ask.type = "multipart/form-data; boundary=other";
	reply = site_ask(site, &ask);
	assert_status(&reply, 400);
	ask.type = "multipart/form-data";
	reply = site_ask(site, &ask);
	assert_status(&reply, 415);
	ask.type = "application/x-www-form-urlencoded";
	reply = site_ask(site, &ask);
	assert_status(&reply, 415);
	assert_int_equal(files(site, "id > 0"), before);
}

/* ---- the resume protocol ---- */

#define PATH "/drafts/{files_draft}/files/{new}"

static struct reply patch(struct site *site, int64_t offset, struct str bytes)
{
	struct str headers = str_fmt(&site->arena, "Upload-Offset: %lld\r\n", (long long)offset);

	return ASK(site, .method = "PATCH", .who = MAI, .tus = true, .path = PATH, .bytes = bytes, .headers = str_c(&site->arena, headers));
}

static void create(struct site *site, size_t size)
{
	struct str headers = str_fmt(&site->arena, "Upload-Length: %zu\r\nUpload-Metadata: document cGFzc3BvcnRfY29weQ==,filename Yi5wZGY=\r\n", size);
	struct reply reply = ASK(site, .who = MAI, .tus = true, .path = "/drafts/{files_draft}/files", .form = "", .headers = str_c(&site->arena, headers));

	assert_status(&reply, 201);
	struct str to = reply_location(&reply), prefix = site_fill(site, "/drafts/{files_draft}/files/");

	assert_true(str_starts(to, prefix));
	site_name(site, "new", str_skip(to, prefix.n));
}

static void expect_offset(struct site *site, int64_t wanted)
{
	struct reply reply = ASK(site, .method = "HEAD", .who = MAI, .tus = true, .path = PATH);

	assert_status(&reply, 200);
	assert_str(reply_header(&reply, "Upload-Offset", 0), str_fmt(&site->arena, "%lld", (long long)wanted));
	assert_str(reply_header(&reply, "Tus-Resumable", 0), STR("1.0.0"));
}

static void an_upload_goes_on(void **state)
{
	struct site *site = *state;
	struct str bytes = pdf(site, "resumed", 60000);

	create(site, bytes.n);
	expect_offset(site, 0);
	struct reply reply = patch(site, 0, str_sub(bytes, 0, 17001));

	assert_status(&reply, 204);
	assert_str(reply_header(&reply, "Upload-Offset", 0), STR("17001"));
	expect_offset(site, 17001);
	/* not where it stands */
	reply = patch(site, 0, str_sub(bytes, 0, 10));
	assert_status(&reply, 409);
	reply = patch(site, 17002, str_sub(bytes, 0, 10));
	assert_status(&reply, 409);
	/* more than was announced */
	reply = patch(site, 17001, pdf(site, "too much", 60000));
	assert_status(&reply, 413);
	expect_offset(site, 17001);
	reply = patch(site, 17001, str_skip(bytes, 17001));
	assert_status(&reply, 204);
	assert_str(reply_header(&reply, "Upload-State", 0), STR("ok"));
	expect_offset(site, (int64_t)bytes.n);
	reply = ASK(site, .who = MAI, .path = PATH);
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("\"state\":\"ok\""));
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/files/{new}/content");
	assert_str(reply.body, bytes);
	reply = patch(site, (int64_t)bytes.n, STR("x"));
	assert_status(&reply, 409);
}

static void an_upload_is_taken_back(void **state)
{
	struct site *site = *state;

	create(site, 1000);
	struct reply reply = ASK(site, .method = "DELETE", .who = MAI, .tus = true, .path = PATH);

	assert_status(&reply, 204);
	reply = ASK(site, .method = "HEAD", .who = MAI, .tus = true, .path = PATH);
	assert_status(&reply, 404);
	reply = patch(site, 0, STR("x"));
	assert_status(&reply, 404);
}

/* The bytes that the row counts are gone: begin again. */
static void an_upload_whose_bytes_are_elsewhere(void **state)
{
	struct site *site = *state;
	int64_t id = 0;

	create(site, 1000);
	struct reply reply = patch(site, 0, STR("0123456789"));

	assert_status(&reply, 204);
	assert_true(str_to_i64(site_value(site, "new"), &id));
	files_forget(&site->files, site->people[MAI].id, id);
	reply = patch(site, 10, STR("x"));
	assert_status(&reply, 410);
}

static void headers_that_are_none(void **state)
{
	static const struct {
		const char *headers;
		int status;
	} table[] = {
		{"", 400},
		{"Upload-Length: \r\n", 400},
		{"Upload-Length: -1\r\n", 400},
		{"Upload-Length: +5\r\n", 400},
		{"Upload-Length: 5x\r\n", 400},
		{"Upload-Length: 0x5\r\n", 400},
		{"Upload-Length: 99999999999999999999\r\n", 400},
		{"Upload-Length: 5\r\nUpload-Length: 5\r\n", 400},
		{"Upload-Length: 5\r\nTus-Resumable: 0.2.2\r\n", 412},
		{"Upload-Length: 5\r\nTus-Resumable: 1.0.0\r\nTus-Resumable: 1.0.0\r\n", 412},
		{"Upload-Length: 5\r\nUpload-Metadata: document !!!!\r\n", 400},
		{"Upload-Length: 5\r\nUpload-Metadata: document YQ=\r\n", 400},
		{"Upload-Length: 5\r\nUpload-Metadata: document YQ======\r\n", 400}, /* more padding than there can be */
		{"Upload-Length: 5\r\nUpload-Metadata: document ====\r\n", 400},
		{"Upload-Length: 5\r\nUpload-Metadata: document YQ==,document YQ==\r\n", 400},
		{"Upload-Length: 5\r\nUpload-Metadata: document YQ==\r\nUpload-Metadata: document YQ==\r\n", 400},
		{"Upload-Length: 5\r\n", 409},                                    /* for no document */
		{"Upload-Length: 5\r\nUpload-Metadata: document\r\n", 409},
		{"Upload-Length: 5\r\nUpload-Metadata: document YQ==\r\n", 409}, /* for none that there is */
		{"Upload-Length: 0\r\nUpload-Metadata: document dHJhbnNsYXRpb24=\r\n", 409},
		{"Upload-Length: 25000001\r\nUpload-Metadata: document dHJhbnNsYXRpb24=\r\n", 413},
	};
	struct site *site = *state;
	int64_t before = files(site, "id > 0");

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct reply reply = ASK(site, .who = MAI, .tus = true, .path = "/drafts/{files_draft}/files", .form = "", .headers = table[i].headers);

		if (reply.status != table[i].status)
			fail_msg("%s: %d instead of %d", table[i].headers, reply.status, table[i].status);
		assert_holds(reply.body, STR("\"text\":\""));
	}
	assert_int_equal(files(site, "id > 0"), before);
	create(site, 100);
	struct reply reply = ASK(site, .method = "PATCH", .who = MAI, .tus = true, .path = PATH, .bytes = STR("x"));

	assert_status(&reply, 400); /* no offset */
	reply = ASK(site, .method = "PATCH", .who = MAI, .tus = true, .path = PATH, .bytes = STR("x"), .headers = "Upload-Offset: 0\r\n", .type = "text/plain");
	assert_status(&reply, 415);
	reply = ASK(site, .method = "PATCH", .who = MAI, .tus = true, .path = PATH, .bytes = STR("x"), .headers = "Upload-Offset: 0\r\n", .token = TOKEN_NONE);
	assert_status(&reply, 403);
	expect_offset(site, 0);
}

/* ---- with the application ---- */

static void files_go_with_the_application(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Attachment of documents"));
	assert_holds(reply.body, STR("SHA-256"));
	reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/receipt");
	assert_holds(reply.body, STR("Attachment of documents"));
	reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/files/{kept_file}");
	assert_status(&reply, 200);
	assert_true(str_starts(reply.body, STR("%PDF-1.4")));
	/* not by the address of another application, and not by that of a draft */
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}/files/{kept_file}");
	assert_status(&reply, 404);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{kept_file}/content");
	assert_status(&reply, 404);
}

static void a_file_of_an_earlier_application(void **state)
{
	struct site *site = *state;

	assert_holds(page_of(site, "/drafts/{files_draft}/files"), STR("Use a file of an earlier application"));
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/earlier", .form = "from={kept_file}");

	assert_status(&reply, 303);
	assert_int_equal(files(site, "state = 3 AND page = 0 AND document = 'translation' AND draft_id <> 0"), 1);
	/* once is enough */
	reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/documents/translation/earlier", .form = "from={kept_file}");
	assert_status(&reply, 303);
	assert_int_equal(files(site, "state = 3 AND page = 0 AND document = 'translation' AND draft_id <> 0"), 1);
	reply = ASK(site, .who = LEE, .path = "/drafts/{their_draft}/documents/translation/earlier", .form = "from={kept_file}");
	assert_status(&reply, 404);
}

/* One byte of each blob. */
static int spoil(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	char byte = 0;

	(void)at;
	if (kind != FTW_F || about->st_size < 1000)
		return 0;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0 && pread(fd, &byte, 1, 900) == 1);
	byte = (char)(byte ^ 1);
	assert_int_equal(pwrite(fd, &byte, 1, 900), 1);
	close(fd);
	return 0;
}

static void a_damaged_file_is_never_given(void **state)
{
	struct site *site = *state;
	struct str folder = str_fmt(&site->arena, "%s/files", site->files_folder);

	assert_int_equal(nftw(str_c(&site->arena, folder), spoil, 16, FTW_PHYS), 0);
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/files/{kept_file}");

	assert_status(&reply, 500);
	assert_true(str_find(reply.body, STR("%PDF")) < 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_document_is_attached),
		AT_BOTH(what_is_active_is_noted),
		AT_SQLITE(a_photo_is_attached),
		AT_BOTH(a_file_is_seen),
		AT_BOTH(a_photo_is_cut),
		AT_BOTH(the_whole_photo_stays_behind),
		AT_BOTH(pages_become_a_document),
		AT_SQLITE(what_is_not_what_it_should_be),
		AT_SQLITE(names_are_only_shown),
		AT_SQLITE(no_room),
		AT_SQLITE(the_last_byte),
		AT_SQLITE(forms_that_are_none),
		AT_BOTH(an_upload_goes_on),
		AT_SQLITE(an_upload_is_taken_back),
		AT_SQLITE(an_upload_whose_bytes_are_elsewhere),
		AT_SQLITE(headers_that_are_none),
		AT_BOTH(files_go_with_the_application),
		AT_SQLITE(a_file_of_an_earlier_application),
		AT_SQLITE(a_damaged_file_is_never_given),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
