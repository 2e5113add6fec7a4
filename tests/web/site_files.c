#include "site.h"

#include "domain/application/amend.h"
#include "http/exchange.h"

#include "../data/pdf.h"

#include <ftw.h>

/* The part of the site that has to do with files: bodies in pieces, forms with files, files that are really there. */

/* As a browser sends a form of ours with a file: the token stands before it. */
struct str site_multipart(struct site *site, const struct ask *ask, struct str token)
{
	struct buf out;

	buf_init(&out, &site->arena, 40u << 20);
	if (ask->token != TOKEN_NONE && ask->token != TOKEN_RAW)
		buf_fmt(&out, "--" SITE_BOUNDARY "\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n" STR_FMT "\r\n", STR_ARG(token));
	buf_fmt(&out, "--" SITE_BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: application/pdf\r\n\r\n",
		ask->filename ? ask->filename : "a.pdf");
	buf_str(&out, str_absent(ask->bytes) ? site_fill(site, ask->file) : ask->bytes);
	buf_lit(&out, "\r\n--" SITE_BOUNDARY "--");
	if (!ask->no_last_line)
		buf_lit(&out, "\r\n");
	return buf_view(&out);
}

#define PIECE 5000

/* The body in pieces where the route takes it so, as http/take.c does. */
void site_take_body(struct site *site, struct exchange *exchange)
{
	struct str body = exchange->req.body;
	struct taker taker = {0};

	if (body.n == 0 || !web_takes(&site->web, &exchange->req)) {
		web_handle(&site->web, &exchange->req, &exchange->res);
		return;
	}
	exchange->req.body = (struct str){0};
	if (!web_begin(&site->web, &exchange->req, body.n, &exchange->res, &taker))
		return;
	bool more = true;

	for (size_t at = 0; at < body.n && more; at += PIECE)
		more = taker.take(&taker, str_sub(body, at, PIECE));
	exchange->req.taker = &taker;
	exchange->req.taken_short = !more;
	exchange_answer(exchange, 200);
	web_handle(&site->web, &exchange->req, &exchange->res);
}

/* All that the giver has. */
struct str site_given(struct site *site, struct response *res)
{
	struct giver *giver = &res->giver;
	struct buf out;
	struct str piece;

	buf_init(&out, &site->arena, 40u << 20);
	while (out.n < giver->size) {
		assert_ok(giver->next(giver, &piece));
		assert_true(piece.n > 0);
		buf_str(&out, piece);
	}
	return buf_view(&out);
}

/* A resumable upload of 100 bytes of which none has come. */
static int64_t begin_upload(struct site *site, const char *document)
{
	struct attachment_begun begun;
	int64_t draft = 0;

	assert_true(str_to_i64(site_value(site, "files_draft"), &draft));
	assert_ok(attachment_begin(site_cx_of(site, MAI),
		&(struct attachment_begin){.draft_id = draft, .document = str_of(document), .name = STR("b.pdf"), .size = 100, .resumable = true},
		&begun));
	return begun.attachment.id;
}

static void list_of(struct site *site, enum who who, const char *draft, struct attachments *list)
{
	int64_t id = 0;

	assert_true(str_to_i64(site_fill(site, draft), &id));
	assert_ok(attachment_list(site_cx_of(site, who), id, list));
}

/*
 * The one that was not there before. Not the greatest id: the site's clock stands between requests and runs within an upload (web/upload.c), so a
 * file that came at once may have a lesser id than one before it that took its time.
 */
static int64_t one_more(const struct attachment *before, size_t n, const struct attachment *after, size_t m)
{
	int64_t id = 0;

	for (size_t i = 0; i < m; i++) {
		bool old = false;

		for (size_t j = 0; j < n; j++)
			old |= before[j].id == after[i].id;
		if (old)
			continue;
		assert_int_equal(id, 0);
		id = after[i].id;
	}
	assert_int_not_equal(id, 0);
	return id;
}

int64_t site_file(struct site *site, enum who who, const char *draft, const char *document, struct str bytes)
{
	struct str path = str_fmt(&site->arena, "/drafts/%s/documents/%s", draft, document);
	struct attachments before, after;

	list_of(site, who, draft, &before);
	struct reply reply = ASK(site, .who = who, .path = str_c(&site->arena, path), .bytes = bytes);

	assert_status(&reply, 303);
	list_of(site, who, draft, &after);
	return one_more(before.v, before.n, after.v, after.n);
}

int64_t site_page(struct site *site, const char *draft, const char *document, struct str bytes)
{
	struct str path = str_fmt(&site->arena, "/drafts/%s/documents/%s/pages", draft, document);
	struct attachments before, after;

	list_of(site, MAI, draft, &before);
	struct reply reply = ASK(site, .who = MAI, .path = str_c(&site->arena, path), .bytes = bytes, .filename = "page.jpg");

	assert_status(&reply, 303);
	list_of(site, MAI, draft, &after);
	return one_more(before.pages, before.page_count, after.pages, after.page_count);
}

struct str site_photo(struct site *site)
{
	char *bytes = arena_alloc(&site->arena, 64u << 10);
	FILE *file = fopen(SOURCE_ROOT "/tests/data/photo.jpg", "rbe");

	assert_non_null(file);
	size_t n = fread(bytes, 1, 64u << 10, file);

	fclose(file);
	return str_make(bytes, n);
}

/* An application that was sent back, and submitted again. */
static void add_modified(struct site *site)
{
	struct issues issues = {0};
	struct receipt receipt;
	struct draft draft;
	struct str token, item = STR("field:mobile");
	int64_t id = site_draft(site, MAI, &token);
	struct cx *cx = site_cx_of(site, MAI);

	assert_ok(application_submit(cx, id, token, &issues, &receipt));
	site_name(site, "modified_reference", receipt.reference);
	cx = site_cx_of(site, NOBODY);
	cx->actor.kind = ACTOR_OPERATOR;
	assert_ok(amend_return(cx, site_value(site, "modified_reference"), &(struct amend_items){&item, 1}, STR("")));
	cx = site_cx_of(site, MAI);
	assert_ok(amend_begin(cx, site_value(site, "modified_reference"), &id));
	assert_ok(draft_require(cx, id, &draft));
	assert_ok(application_submit(cx, id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
}

/* Files whose bytes are really there: of a draft, and of an application. */
void site_files_add(struct site *site)
{
	struct issues issues = {0};
	struct receipt receipt;
	struct attachments list;

	add_modified(site);
	site_name_id(site, "file", site_file(site, MAI, "{draft}", "passport_copy", pdf_make(&site->arena, "passport", 3000)));
	site_name_id(site, "drop_file", site_file(site, MAI, "{draft}", "reason_letter", pdf_make(&site->arena, "letter", 3000)));
	site_name_id(site, "photo", site_file(site, MAI, "{draft}", "photo", site_photo(site)));
	site_add_draft(site, MAI, "files_draft", "files_token");
	site_name_id(site, "page", site_page(site, "{files_draft}", "translation", site_photo(site)));
	site_page(site, "{files_draft}", "reason_letter", site_photo(site));
	site_name_id(site, "upload", begin_upload(site, "reason_letter"));
	site_name_id(site, "end_upload", begin_upload(site, "reason_letter"));
	site_add_draft(site, MAI, "kept_draft", "kept_token");
	site_file(site, MAI, "{kept_draft}", "photo", site_photo(site));
	site_name_id(site, "kept_file", site_file(site, MAI, "{kept_draft}", "translation", pdf_make(&site->arena, "translated", 3000)));
	int64_t draft = 0;

	assert_true(str_to_i64(site_value(site, "kept_draft"), &draft));
	assert_ok(application_submit(site_cx_of(site, MAI), draft, site_value(site, "kept_token"), &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	site_name(site, "kept_reference", receipt.reference);
	assert_ok(attachment_list_of(site_cx_of(site, MAI), site->people[MAI].id, receipt.application_id, &list));
	assert_int_equal(list.n, 2);
}

static const char *in_files(struct site *site, const char *name)
{
	return str_c(&site->arena, str_fmt(&site->arena, "%s/%s", site->files_folder, name));
}

void site_files_make(struct site *site)
{
	struct spool *spool;
	struct blob_store *blobs;
	struct checker *checker;
	const uint8_t master[BLOB_MASTER_BYTES] = {7};

	snprintf(site->files_folder, sizeof site->files_folder, "/tmp/web-files.XXXXXX");
	assert_non_null(mkdtemp(site->files_folder));
	assert_ok(spool_open(&site->arena, in_files(site, "spool"), &spool));
	assert_ok(blob_store_open(&site->arena, in_files(site, "files"), master, &blobs));
	assert_ok(checker_new(&site->arena, STR(CHECKER), &checker));
	site->files = (struct files){.spool = spool, .blobs = blobs, .checker = checker};
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	(void)about;
	(void)kind;
	(void)at;
	return remove(path);
}

void site_files_remove(struct site *site)
{
	assert_int_equal(nftw(site->files_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}
