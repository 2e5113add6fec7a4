#include "amend_support.h"

#include "domain/audit.h"

/* Requests for revisions or additional materials: sent back, modified as far as it is open, submitted again. On both engines. */

static void what_can_be_opened(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	static const char *const wrong[] = {"", "fotos", "document:", "document:nothing", "field:nothing", "field:family.name", "Photo"};
	assert_err(send_back(world, &sent, NULL, 0, "x"), ERR_INVALID);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_err(send_back(world, &sent, &wrong[i], 1, "x"), ERR_INVALID);
	assert_int_equal(status_now(world, &sent), STATUS_PENDING);
	/* not by the applicant, not by another, not by nobody */
	struct str item = STR("photo");
	const struct amend_items items = {&item, 1};
	int64_t other = account_add(world, "b@example.jp", NULL);
	assert_err(amend_return(as(world, sent.account), sent.reference, &items, STR("")), ERR_DENIED);
	assert_err(amend_return(as(world, other), sent.reference, &items, STR("")), ERR_NOT_FOUND);
	assert_err(amend_return(cx_fresh(world), sent.reference, &items, STR("")), ERR_NOT_FOUND);
	int64_t draft;
	assert_err(amend_begin(as(world, sent.account), sent.reference, &draft), ERR_CONFLICT);
	assert_int_equal(mails_waiting(world), 0);
}

static void sent_back_modified_and_submitted_again(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct issues issues;
	struct receipt receipt;
	struct draft draft;
	struct application application;
	int64_t id = 0, again = 0;
	assert_ok(send_back(world, &sent, open_items, 3, "写真を撮り直してください。"));
	assert_int_equal(status_now(world, &sent), STATUS_RETURNED);
	struct outbox_mail mail = mail_take(world, MAIL_APPLICATION_RETURNED);
	assert_str(outbox_value(&mail, STR("reference")), sent.reference);
	assert_str(outbox_value(&mail, STR("note")), STR("写真を撮り直してください。"));
	mail_take(world, MAIL_APPLICATION_RETURNED);

	int64_t other = account_add(world, "b@example.jp", NULL);
	assert_err(amend_begin(as(world, other), sent.reference, &id), ERR_NOT_FOUND);
	assert_ok(amend_begin(as(world, sent.account), sent.reference, &id));
	assert_ok(amend_begin(as(world, sent.account), sent.reference, &again));
	assert_int_equal(id, again);
	assert_ok(draft_require(as(world, sent.account), id, &draft));
	assert_true(draft.procedure->amends);
	assert_int_equal(draft.application_id, sent.application);
	/* only what is open is on pages */
	assert_true(amend_shows(draft.procedure, procedure_field(draft.procedure, STR("phone"))));
	assert_false(amend_shows(draft.procedure, procedure_field(draft.procedure, STR("card_no"))));
	assert_int_equal(draft.procedure->document_count, 1);

	/* closed answers stay, whatever is sent */
	struct answers answers;
	answers_init(&answers, world->cx.arena);
	answers_set(&answers, STR("phone"), STR("0975550000"));
	answers_set(&answers, STR("card_no"), STR("ZZ99999999ZZ"));
	const struct field *fields[] = {procedure_field(draft.procedure, STR("phone")), procedure_field(draft.procedure, STR("card_no"))};
	struct draft_saved saved;
	assert_ok(draft_save(&world->cx,
		&(struct draft_save){.id = id, .revision = draft.revision, .overwrite = true, .section = STR("about"), .fields = fields, .field_count = 2, .answers = &answers},
		&saved));
	assert_ok(draft_require(as(world, sent.account), id, &draft));
	assert_str(answers_get(&draft.answers, STR("phone")), STR("0975550000"));
	assert_str(answers_get(&draft.answers, STR("card_no")), STR("AB12345678CD"));

	/* another photo, and no file for a document that is closed */
	struct cx *cx = as(world, sent.account);
	struct attachment_begun begun;
	assert_ok(attachment_begin(cx, &(struct attachment_begin){.draft_id = id, .document = STR("reason_letter"), .name = STR("x"), .size = 1}, &begun));
	assert_int_equal(begun.refusal, ATTACHMENT_NOT_ASKED);
	file_add(cx, id, "photo", "another face");
	assert_ok(draft_require(as(world, sent.account), id, &draft));
	struct str token = str_dup(&world->arena, draft.submission_token);
	assert_ok(application_submit(as(world, sent.account), id, token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	assert_str(receipt.reference, sent.reference);
	assert_int_equal(status_now(world, &sent), STATUS_REVIEW);
	mail_take(world, MAIL_APPLICATION_AGAIN);
	mail_take(world, MAIL_APPLICATION_AGAIN);
	assert_int_equal(mails_waiting(world), 0);

	assert_ok(application_require(as(world, sent.account), sent.reference, RIGHT_VIEW, &application));
	assert_str(answers_get(&application.answers, STR("phone")), STR("0975550000"));
	assert_str(answers_get(&application.answers, STR("card_no")), STR("AB12345678CD"));
	struct attachments list;
	assert_ok(attachment_list_of(&world->cx, sent.account, sent.application, &list));
	assert_int_equal(list.n, 2);
	/* twice two files: the audit tells the digests of each submission */
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'attachment_submitted'"), 4);
	struct history_entry *history;
	size_t count;
	assert_ok(application_history(&world->cx, &application, &history, &count));
	assert_int_equal(count, 3);
	assert_int_equal(history[1].event, EVENT_RETURN);
	assert_int_equal(history[2].event, EVENT_RESUBMIT);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application"), 1);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM draft"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM application_open"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment WHERE draft_id <> 0 OR state <> 3"), 0);
	/* the same press again is answered with the same receipt */
	assert_ok(application_submit(as(world, sent.account), id, token, &issues, &receipt));
	assert_true(receipt.repeated);
	assert_str(receipt.reference, sent.reference);
	struct audit_report report;
	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
}

static void what_is_open_must_be_there(void **state)
{
	struct world *world = *state;
	struct sent sent = submitted(world);
	struct issues issues;
	struct receipt receipt;
	struct draft draft;
	struct attachments list;
	int64_t id = 0;
	assert_ok(send_back(world, &sent, open_items, 2, ""));
	assert_ok(amend_begin(as(world, sent.account), sent.reference, &id));
	assert_ok(attachment_list(as(world, sent.account), id, &list));
	int64_t passport = 0, photo = 0;
	for (size_t i = 0; i < list.n; i++)
		*(list.v[i].photo ? &photo : &passport) = list.v[i].id;
	assert_ok(attachment_delete(as(world, sent.account), id, photo));
	assert_ok(draft_require(as(world, sent.account), id, &draft));
	struct str token = str_dup(&world->arena, draft.submission_token);
	assert_ok(application_submit(as(world, sent.account), id, token, &issues, &receipt));
	assert_int_equal(issues.refusals, 1);
	assert_int_equal(status_now(world, &sent), STATUS_RETURNED);
	/* the draft can be thrown away and begun anew: the application is as it was */
	assert_ok(draft_delete(as(world, sent.account), id, &(struct attachment_gone){0}));
	assert_ok(attachment_list_of(as(world, sent.account), sent.account, sent.application, &list));
	assert_int_equal(list.n, 2);
	id = begun(world, &sent, &token);
	assert_ok(attachment_list(as(world, sent.account), id, &list));
	assert_int_equal(list.n, 2);
	/* what is closed is not deleted */
	assert_ok(application_submit(as(world, sent.account), id, token, &issues, &receipt));
	assert_int_equal(status_now(world, &sent), STATUS_REVIEW);
	static const char *const only_photo[] = {"photo"};
	assert_ok(send_back(world, &sent, only_photo, 1, ""));
	assert_ok(amend_begin(as(world, sent.account), sent.reference, &id));
	assert_ok(attachment_list(as(world, sent.account), id, &list));
	for (size_t i = 0; i < list.n; i++)
		if (!list.v[i].photo)
			assert_err(attachment_delete(as(world, sent.account), id, list.v[i].id), ERR_DENIED);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(what_can_be_opened),
		IN_BOTH(sent_back_modified_and_submitted_again),
		IN_BOTH(what_is_open_must_be_there),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
