/* The keys are lost, and an operator has accepted others: every page answers, and says to the person what can be done. On both engines. */
#include "ways.h"

#include "../data/pdf.h"
#include "domain/application/amend.h"
#include "domain/attachment/attachment_job.h"
#include "domain/attachment/attachment_lost.h"
#include "domain/installation.h"

static void lose_master(struct site *site)
{
	site->world->key.bytes[0] ^= 1;
}

/* Another files.key: the blobs lie where they were. */
static void lose_files(struct site *site)
{
	struct blob_store *blobs;
	const uint8_t master[BLOB_MASTER_BYTES] = {8};
	struct str folder = str_fmt(&site->arena, "%s/files", site->files_folder);

	assert_ok(blob_store_open(&site->arena, str_c(&site->arena, folder), master, &blobs));
	site->files.blobs = blobs;
	site->world->portal.files_key_opens = files_key_opens;
	site->world->portal.files_key_arg = blobs;
}

static void accept(struct site *site)
{
	struct installation_key key = {.name = STR("files.key"), .open = files_key_open, .accepted = attachment_lose_all, .arg = site->files.blobs};

	key.bytes = STR("another key of thirty-two bytes.");
	assert_ok(installation_key_accept(cx_fresh(site->world), &key));
}

static void assert_all_answered(struct site *site)
{
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct reply reply = site_ask(site, &ways[i].ask);

		if (reply.status >= 500)
			print_error("%s: ", routes[i].name);
		assert_true(reply.status < 500);
	}
}

static void nothing_fails_without_the_master_key(void **state)
{
	struct site *site = *state;

	lose_master(site);
	assert_all_answered(site);
}

static void nothing_fails_without_the_key_of_files(void **state)
{
	struct site *site = *state;

	lose_files(site);
	accept(site);
	assert_all_answered(site);
}

static void assert_no(struct str text, const char *part)
{
	if (str_find(text, str_of(part)) >= 0)
		fail_msg("there is \"%s\" in " STR_FMT, part, STR_ARG(text));
}

static void a_draft_that_is_shut_can_be_deleted(void **state)
{
	struct site *site = *state;
	static const char *const pages[] = {"/drafts/{draft}", "/drafts/{draft}/confirm", "/drafts/{draft}/apply", "/drafts/{draft}/files",
		"/drafts/{draft}/photo", "/drafts/{draft}/sections/money", "/drafts/{draft}/documents/reason_letter/pages"};

	lose_master(site);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = pages[i]);

		assert_status(&reply, 410);
		assert_holds(reply.body, STR("<h1>The answers of this draft can no longer be read</h1>"));
		assert_holds(reply.body, site_fill(site, "href=\"/drafts/{draft}/delete\""));
		assert_holds(reply.log, STR("\"error\":\"SHUT\""));
	}
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}", .lang = "ja");

	assert_status(&reply, 410);
	assert_holds(reply.body, STR("読めません"));
	/* Of another's nothing is said. */
	reply = ASK(site, .who = LEE, .path = "/drafts/{draft}");
	assert_status(&reply, 404);
	/* What was typed is given back. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/money", .form = "_leave=1&mobile=09012349876");
	assert_status(&reply, 410);
	assert_holds(reply.body, STR("09012349876"));
	reply = ASK(site, .who = MAI, .path = "/my-page");
	assert_status(&reply, 200);
	assert_holds(reply.body, site_fill(site, "/drafts/{draft}"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/delete");
	assert_status(&reply, 200);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/delete", .form = "");
	assert_status(&reply, 303);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}");
	assert_status(&reply, 404);
	/* And another one begun. */
	reply = ASK(site, .who = MAI, .path = "/procedures/extension", .form = "");
	assert_status(&reply, 303);
	site_name(site, "fresh", str_skip(reply_location(&reply), strlen("/drafts/")));
	reply = ASK(site, .who = MAI, .path = "/drafts/{fresh}");
	assert_status(&reply, 200);
}

static void an_application_that_is_shut_keeps_number_history_and_files(void **state)
{
	struct site *site = *state;

	lose_master(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}");

	assert_status(&reply, 200);
	assert_holds(reply.body, site_value(site, "kept_reference"));
	assert_holds(reply.body, STR("<h2>History</h2>"));
	assert_holds(reply.body, STR("The answers of this application can no longer be read"));
	assert_no(reply.body, "copy.pdf");
	assert_holds(reply.body, site_fill(site, "href=\"/applications/{kept_reference}/files/{kept_file}\""));
	assert_holds(reply.body, STR("File (name no longer known)"));
	reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/files/{kept_file}");
	assert_status(&reply, 200);
	reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/receipt");
	assert_status(&reply, 200);
	assert_no(reply.body, "copy.pdf");
	reply = ASK(site, .who = MAI, .path = "/applications");
	assert_status(&reply, 200);
	assert_holds(reply.body, site_value(site, "kept_reference"));
	reply = ASK(site, .who = MAI, .path = "/applications?q=NGUYEN");
	assert_status(&reply, 200);
	assert_holds(reply.body, site_value(site, "kept_reference"));
	static const char *const shut[] = {"/applications/{kept_reference}/copy.pdf", "/applications/{modified_reference}/before/2"};

	for (size_t i = 0; i < sizeof shut / sizeof *shut; i++) {
		reply = ASK(site, .who = MAI, .path = shut[i]);
		assert_status(&reply, 410);
		assert_holds(reply.body, STR("<h1>The answers of this application can no longer be read</h1>"));
		assert_holds(reply.body, STR("See the application"));
		reply = ASK(site, .who = LEE, .path = shut[i]);
		assert_status(&reply, 404);
	}
}

static void send_back(struct site *site, const char *reference)
{
	struct str item = STR("field:mobile");
	struct cx *cx = cx_fresh(site->world);

	cx->actor.kind = ACTOR_OPERATOR;
	assert_ok(amend_return(cx, site_value(site, reference), &(struct amend_items){&item, 1}, STR("Your phone number, please.")));
}

static void what_is_shut_is_not_modified(void **state)
{
	struct site *site = *state;
	struct str item = STR("field:mobile");

	send_back(site, "reference");
	lose_master(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{reference}");

	assert_status(&reply, 200);
	assert_no(reply.body, "/modify");
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}/modify", .form = "");
	assert_status(&reply, 410);
	assert_holds(reply.body, STR("<h1>The answers of this application can no longer be read</h1>"));
	/* Nor sent back for that; the office's other steps go on. */
	struct cx *cx = cx_fresh(site->world);

	cx->actor.kind = ACTOR_OPERATOR;
	assert_err(amend_return(cx, site_value(site, "kept_reference"), &(struct amend_items){&item, 1}, STR("")), ERR_SHUT);
	cx = cx_fresh(site->world);
	cx->actor.kind = ACTOR_OPERATOR;
	assert_ok(application_change(cx, site_value(site, "kept_reference"), EVENT_ACCEPT, STR("")));
}

static void a_registration_that_is_shut_is_filled_in_again(void **state)
{
	struct site *site = *state;

	lose_master(site);
	struct reply reply = ASK(site, .path = "/register/link/{filled}/confirm");

	assert_status(&reply, 303);
	assert_true(str_eq(reply_location(&reply), site_fill(site, "/register/link/{filled}")));
	reply = ASK(site, .path = "/register/link/{filled}/confirm", .form = "");
	assert_status(&reply, 303);
	assert_true(str_eq(reply_location(&reply), site_fill(site, "/register/link/{filled}")));
	reply = ASK(site, .path = "/register/link/{filled}");
	assert_status(&reply, 200);
	assert_no(reply.body, "PARK JIHO");
	/* The password too: the one before was not seen by whoever fills it in now. */
	reply = ASK(site, .path = "/register/link/{filled}",
		.form = "user_type=foreign_national&name=PARK+JIHO&phone=09012345678&postal_code=1000001&address=%E6%9D%B1%E4%BA%AC%E9%83%BD&sex=male"
			"&birth_on=2001&birth_on=2&birth_on=3");
	assert_status(&reply, 400);
}

/* ---- files.key ---- */

static int64_t draft_of(struct site *site, const char *name)
{
	int64_t id = 0;

	assert_true(str_to_i64(site_value(site, name), &id));
	return id;
}

static void list_of(struct site *site, const char *name, struct attachments *list)
{
	assert_ok(attachment_list(site_cx_of(site, MAI), draft_of(site, name), list));
}

static const struct attachment *file_of(const struct attachments *list, const char *document)
{
	for (size_t i = list->n; i > 0; i--)
		if (str_eq(list->v[i - 1].document, str_of(document)))
			return &list->v[i - 1];
	fail_msg("no file for %s", document);
	return NULL;
}

static void files_of_drafts_are_attached_again(void **state)
{
	struct site *site = *state;
	struct attachments list;
	struct draft before, after;

	assert_ok(draft_require(site_cx_of(site, MAI), draft_of(site, "draft"), &before));
	lose_files(site);
	accept(site);
	assert_ok(draft_require(site_cx_of(site, MAI), before.id, &after));
	assert_int_equal(after.files_key.n, 0);
	assert_true(after.files > before.files); /* a submission that has looked before does not go on */
	list_of(site, "draft", &list);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.files, 0);
	for (size_t i = 0; i < list.n; i++) {
		assert_int_equal(list.v[i].state, ATTACHMENT_PROBLEM);
		assert_str(list.v[i].reason, STR("lost"));
		assert_int_equal(list.v[i].thumbnail.blob.n, 0);
		assert_int_equal(list.v[i].whole.blob.n, 0);
	}
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("We can no longer read this file. We are sorry. Please attach it again."));
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/photo");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("We can no longer read this file."));
	/* The photo is needed. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/apply", .form = "token={token}");
	assert_status(&reply, 303);
	assert_true(str_eq(reply_location(&reply), site_fill(site, "/drafts/{draft}/confirm")));
	/* The very same file, too. */
	site_file(site, MAI, "{draft}", "passport_copy", pdf_make(&site->arena, "passport", 3000));
	site_file(site, MAI, "{draft}", "photo", site_photo(site));
	list_of(site, "draft", &list);
	assert_int_equal(file_of(&list, "passport_copy")->state, ATTACHMENT_OK);
	assert_int_equal(file_of(&list, "photo")->state, ATTACHMENT_OK);
	assert_int_equal(file_of(&list, "reason_letter")->state, ATTACHMENT_PROBLEM);
	site_name_id(site, "file", file_of(&list, "passport_copy")->id);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{file}/content");
	assert_status(&reply, 200);
	/* Pages as well; and what was on its way goes on. */
	list_of(site, "files_draft", &list);
	assert_int_equal(list.page_count, 2);
	assert_int_equal(list.pages[0].state, ATTACHMENT_PROBLEM);
	assert_int_equal(list.files, 2);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/apply", .form = "token={token}");
	assert_status(&reply, 303);
	assert_true(str_starts(reply_location(&reply), STR("/applications/")));
	/* Once more changes nothing. */
	struct attachments again;

	list_of(site, "files_draft", &list);
	accept(site);
	list_of(site, "files_draft", &again);
	assert_int_equal(again.n, list.n);
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM audit_entry WHERE event = 'attachments_lost'"), 2);
}

/* Nobody names their blobs any more, so they go. */
static void blobs_that_nobody_can_read_are_dropped(void **state)
{
	struct site *site = *state;

	lose_files(site);
	static const char named[] = "SELECT count(*) FROM attachment_drop d WHERE EXISTS (SELECT 1 FROM attachment a WHERE a.kept = d.kept AND a.application_id <> 0)";
	int64_t before = db_number(site->world->db, "SELECT count(*) FROM attachment_drop"), named_before = db_number(site->world->db, named);

	accept(site);
	/* Three files, small pictures of each, a whole photo, pages; and nothing of an application. (Files of whose kind only the row is there have no key.) */
	assert_true(db_number(site->world->db, "SELECT count(*) FROM attachment_drop") >= before + 6);
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM attachment WHERE kept <> '' AND kept <> kept_digest AND draft_id <> 0"), 0);
	assert_int_equal(db_number(site->world->db, named), named_before);
}

static void of_an_application_is_said_that_they_cannot_be_read(void **state)
{
	struct site *site = *state;
	struct attachment_earlier *earlier;
	size_t count;

	lose_files(site);
	accept(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Can no longer be read"));
	assert_no(reply.body, "/files/");
	static const char *const paths[] = {"/applications/{kept_reference}/files/{kept_file}", "/applications/{kept_reference}/files/{kept_file}/picture"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		reply = ASK(site, .who = MAI, .path = paths[i]);
		assert_status(&reply, 410);
		assert_holds(reply.body, STR("<h1>This file can no longer be read</h1>"));
		reply = ASK(site, .who = LEE, .path = paths[i]);
		assert_status(&reply, 404);
	}
	reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/copy.pdf");
	assert_status(&reply, 200);
	/* Nor are they offered once more. */
	assert_ok(attachment_earlier(site_cx_of(site, MAI), &earlier, &count));
	for (size_t i = 0; i < count; i++)
		assert_false(str_eq(earlier[i].reference, site_value(site, "kept_reference")));
}

static struct str shut_reference;
static size_t shut_count;

static void bad(const struct attachment_blob *blob, const char *why)
{
	assert_string_equal(why, "key");
	shut_count += str_eq(blob->reference, shut_reference);
}

static void the_operator_is_told_of_them(void **state)
{
	struct site *site = *state;
	struct files_verified verified;

	lose_files(site);
	accept(site);
	shut_count = 0;
	shut_reference = site_value(site, "kept_reference");
	assert_ok(files_verify(&site->files, cx_fresh(site->world), bad, &verified));
	assert_true(shut_count >= 2); /* and small pictures */
}

static void submit_again(struct site *site)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{amend}");

	assert_status(&reply, 200);
	reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/apply");
	assert_status(&reply, 200);
	site_name(site, "amend_token", reply_hidden(&reply, "token"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/apply", .form = "token={amend_token}");
	assert_status(&reply, 303);
	assert_true(str_eq(reply_location(&reply), site_fill(site, "/applications/{kept_reference}/receipt")));
}

/* What was lost is open, although the office has opened a phone number only. */
static void attach_and_submit(struct site *site)
{
	struct attachments list;

	list_of(site, "amend", &list);
	assert_int_equal(file_of(&list, "translation")->state, ATTACHMENT_PROBLEM);
	assert_str(file_of(&list, "translation")->reason, STR("lost"));
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/files");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("We can no longer read this file."));
	site_file(site, MAI, "{amend}", "translation", pdf_make(&site->arena, "translated", 3000));
	site_file(site, MAI, "{amend}", "photo", site_photo(site));
	submit_again(site);
	struct application application;

	assert_ok(application_require(site_cx_of(site, MAI), site_value(site, "kept_reference"), RIGHT_VIEW, &application));
	assert_ok(attachment_list_of(site_cx_of(site, MAI), application.account_id, application.id, &list));
	assert_int_equal(list.n, 2);
	assert_false(list.shut);
	site_name_id(site, "kept_file", file_of(&list, "translation")->id);
	reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/files/{kept_file}");
	assert_status(&reply, 200);
}

static void modify(struct site *site)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/modify", .form = "");

	assert_status(&reply, 303);
	site_name(site, "amend", str_skip(reply_location(&reply), strlen("/drafts/")));
}

static void an_application_sent_back_takes_files_again(void **state)
{
	struct site *site = *state;

	lose_files(site);
	accept(site);
	send_back(site, "kept_reference");
	modify(site);
	attach_and_submit(site);
}

static void one_that_was_being_modified_too(void **state)
{
	struct site *site = *state;

	send_back(site, "kept_reference");
	modify(site);
	lose_files(site);
	accept(site);
	attach_and_submit(site);
}

/* Whoever finds the key after all has the files of applications again. */
static void a_key_that_is_found_opens_what_was_submitted(void **state)
{
	struct site *site = *state;
	const struct blob_store *before = site->files.blobs;

	lose_files(site);
	accept(site);
	site->files.blobs = before;
	site->world->portal.files_key_arg = before;
	accept(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{kept_reference}/files/{kept_file}");

	assert_status(&reply, 200);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(nothing_fails_without_the_master_key),
		AT_BOTH(nothing_fails_without_the_key_of_files),
		AT_BOTH(a_draft_that_is_shut_can_be_deleted),
		AT_BOTH(an_application_that_is_shut_keeps_number_history_and_files),
		AT_BOTH(what_is_shut_is_not_modified),
		AT_BOTH(a_registration_that_is_shut_is_filled_in_again),
		AT_BOTH(files_of_drafts_are_attached_again),
		AT_BOTH(blobs_that_nobody_can_read_are_dropped),
		AT_BOTH(of_an_application_is_said_that_they_cannot_be_read),
		AT_BOTH(the_operator_is_told_of_them),
		AT_BOTH(an_application_sent_back_takes_files_again),
		AT_BOTH(one_that_was_being_modified_too),
		AT_BOTH(a_key_that_is_found_opens_what_was_submitted),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
