#include "domain_support.h"

#include "base/limits.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "domain/attachment/attachment_job.h"
#include "domain/attachment/attachment_page.h"
#include "domain/audit.h"

#include <assert.h>

/* Files of drafts and applications as rows: ceilings, states, what goes along, what is forgotten. On both engines. */

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);
	cx_become(cx, account);
	return cx;
}

static int64_t draft_new(struct world *world, int64_t account)
{
	int64_t id;
	assert_ok(draft_create(as(world, account), STR("extension"), &id));
	return id;
}

static struct attachment_begun begin(struct cx *cx, int64_t draft, const char *document, int64_t size)
{
	struct attachment_begun begun = {0};
	assert_ok(attachment_begin(cx,
		&(struct attachment_begin){.draft_id = draft, .document = str_of(document), .name = STR("a.pdf"), .size = size, .resumable = true},
		&begun));
	return begun;
}

static struct attachments list_of(struct cx *cx, int64_t draft)
{
	struct attachments list;
	cx_end(cx);
	assert_ok(attachment_list(cx, draft, &list));
	return list;
}

/* The extension, to be changed by one test. */
static struct procedure *own_procedure(struct world *world)
{
	struct procedure *copy = arena_new(&world->arena, struct procedure);
	*copy = *catalogue_find(&world->catalogue, STR("extension"));
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, copy->id, copy);
	return copy;
}

/* Another ceiling, to reach it without megabytes. */
static void set_ceilings(struct world *world, unsigned files, int64_t bytes)
{
	struct procedure *copy = own_procedure(world);
	copy->files_most = files;
	copy->bytes_most = bytes;
}

static void a_way_of_a_file(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment there;
	struct attachment_begun begun = begin(cx, draft, "passport_copy", 1000);
	assert_int_equal(begun.refusal, ATTACHMENT_TAKEN);
	struct attachments list = list_of(cx, draft);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.files, 1);
	assert_int_equal(list.bytes, 1000);
	assert_int_equal(list.v[0].state, ATTACHMENT_UPLOADING);
	assert_str(list.v[0].name, STR("a.pdf"));
	assert_ok(attachment_arrived(cx, &begun.attachment, 400));
	assert_int_equal(list_of(cx, draft).v[0].arrived, 400);
	/* who is behind has no say */
	assert_err(attachment_arrived(cx, &begun.attachment, 300), ERR_CONFLICT);
	assert_ok(attachment_complete(cx, &begun.attachment, 900, STR("0123"), &there));
	assert_int_equal(there.state, ATTACHMENT_CHECKING);
	assert_int_equal(there.size, 900);
	assert_err(attachment_arrived(cx, &begun.attachment, 900), ERR_CONFLICT);
	assert_err(attachment_complete(cx, &begun.attachment, 900, STR("0123"), &there), ERR_CONFLICT);
	struct attachment_verdict clean = {.blob = STR("b1"), .kept_size = 900, .kept_digest = STR("0123"), .pages = 7};
	assert_ok(attachment_verdict(cx, &there, &clean));
	list = list_of(cx, draft);
	assert_int_equal(list.v[0].state, ATTACHMENT_OK);
	assert_int_equal(list.v[0].pages, 7);
	assert_int_equal(list.bytes, 900);
	/* the second who has checked it */
	assert_err(attachment_verdict(cx, &there, &clean), ERR_CONFLICT);
	assert_ok(attachment_delete(cx, draft, there.id));
	assert_err(attachment_delete(cx, draft, there.id), ERR_NOT_FOUND);
	assert_int_equal(list_of(cx, draft).n, 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE object = 'attachment' AND detail = '0123'"), 2);
	/* its name is nobody's business */
	begin(cx, draft, "passport_copy", 1);
	struct str stored = str_of(db_dump(world->db, world->db->is_pg ? "SELECT encode(name, 'escape') FROM attachment"
							: "SELECT CAST(name AS TEXT) FROM attachment"));
	assert_true(str_find(stored, STR("a.pdf")) < 0);
}

static void ceilings(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	set_ceilings(world, 3, 1000);
	assert_int_equal(begin(cx, draft, "nothing", 1).refusal, ATTACHMENT_NOT_ASKED);
	assert_int_equal(begin(cx, draft, "p_self_funds", 1).refusal, ATTACHMENT_NOT_ASKED); /* not with these answers */
	assert_int_equal(begin(cx, draft, "passport_copy", 0).refusal, ATTACHMENT_EMPTY);
	struct attachment_begun over = begin(cx, draft, "passport_copy", 1001);
	assert_int_equal(over.refusal, ATTACHMENT_BYTES_FULL);
	assert_int_equal(over.detail, 1);
	struct attachment_begun whole = begin(cx, draft, "passport_copy", 1000);
	assert_int_equal(whole.refusal, ATTACHMENT_TAKEN);
	over = begin(cx, draft, "translation", 5);
	assert_int_equal(over.refusal, ATTACHMENT_BYTES_FULL);
	assert_int_equal(over.detail, 5);
	/* what came was smaller than announced */
	struct attachment there;
	assert_ok(attachment_complete(cx, &whole.attachment, 997, STR("aa"), &there));
	assert_int_equal(begin(cx, draft, "translation", 4).refusal, ATTACHMENT_BYTES_FULL);
	struct attachment_begun second = begin(cx, draft, "translation", 1);
	assert_int_equal(second.refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "translation", 1).refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "reason_letter", 1).refusal, ATTACHMENT_FILES_FULL);
	/* a problem takes no place */
	struct attachment_verdict bad = {.reason = STR("damaged")};
	assert_ok(attachment_complete(cx, &second.attachment, 1, STR("bb"), &there));
	assert_ok(attachment_verdict(cx, &there, &bad));
	assert_int_equal(list_of(cx, draft).files, 2);
	assert_int_equal(begin(cx, draft, "reason_letter", 1).refusal, ATTACHMENT_TAKEN);
}

static void one_document_takes_so_many(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	assert_int_equal(begin(cx, draft, "agent_cert", 1).refusal, ATTACHMENT_NOT_ASKED); /* of representatives */
	assert_int_equal(begin(cx, draft, "reason_letter", 1).refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "reason_letter", 1).refusal, ATTACHMENT_TAKEN);
	struct attachment_begun second = begin(cx, draft, "reason_letter", 1);
	assert_int_equal(second.refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "reason_letter", 1).refusal, ATTACHMENT_DOCUMENT_FULL);
	assert_ok(attachment_delete(cx, draft, second.attachment.id));
	assert_int_equal(begin(cx, draft, "reason_letter", 1).refusal, ATTACHMENT_TAKEN);
}

static struct attachment_begun page_begin(struct cx *cx, int64_t draft, const char *document)
{
	struct attachment_begun begun = {0};
	assert_ok(attachment_begin(cx,
		&(struct attachment_begin){.draft_id = draft, .document = str_of(document), .name = STR("a.jpg"), .size = 1, .page = true}, &begun));
	return begun;
}

/* Pages: so many of one document, so many of all of them together; below, at and above both. */
static void pages_have_ceilings_of_their_own(void **state)
{
	static const char *const documents[] = {"passport_copy", "reason_letter", "translation"};
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account), second = draft_new(world, account);
	struct cx *cx = as(world, account);
	set_ceilings(world, 2, 1000); /* pages count for neither */
	static_assert(LIMIT_PAGES_DRAFT == 3 * LIMIT_PAGES_IN, "three documents fill a draft");
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
		for (int n = 0; n < LIMIT_PAGES_IN; n++)
			if (i < 2 || n < LIMIT_PAGES_IN - 1)
				assert_int_equal(page_begin(cx, draft, documents[i]).refusal, ATTACHMENT_TAKEN);
	/* one document is full, the draft is not */
	assert_int_equal(list_of(cx, draft).page_count, LIMIT_PAGES_DRAFT - 1);
	assert_int_equal(page_begin(cx, draft, documents[0]).refusal, ATTACHMENT_PAGES_FULL);
	assert_int_equal(page_begin(cx, draft, documents[2]).refusal, ATTACHMENT_TAKEN);
	/* the draft is full, a document that has no page yet is not */
	assert_int_equal(list_of(cx, draft).page_count, LIMIT_PAGES_DRAFT);
	assert_int_equal(page_begin(cx, draft, "organization_part").refusal, ATTACHMENT_DRAFT_PAGES_FULL);
	assert_int_equal(list_of(cx, draft).page_count, LIMIT_PAGES_DRAFT);
	/* another draft has its own room, and files have theirs */
	assert_int_equal(page_begin(cx, second, documents[0]).refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, documents[0], 1).refusal, ATTACHMENT_TAKEN);
	/* one page away: room for one */
	assert_ok(attachment_delete(cx, draft, list_of(cx, draft).pages[0].id));
	assert_int_equal(page_begin(cx, draft, "organization_part").refusal, ATTACHMENT_TAKEN);
	assert_int_equal(page_begin(cx, draft, "organization_part").refusal, ATTACHMENT_DRAFT_PAGES_FULL);
}

static void begin_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	const int64_t *ids = arg;
	(void)world;
	(void)number;
	cx_become(cx, ids[0]);
	(void)begin(cx, ids[1], number % 2 ? "passport_copy" : "reason_letter", 100);
}

/* Many at the same moment do not get past the ceiling. */
static void ceilings_hold_together(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	set_ceilings(world, 20, 399);
	in_threads(world, 12, begin_one, (int64_t[]){account, draft});
	assert_int_equal(list_of(as(world, account), draft).n, 3);
}

static void the_same_file_twice(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment there;
	int64_t first = file_add(cx, draft, "passport_copy", "bytes");
	struct attachment_begun again = begin(cx, draft, "reason_letter", 5);
	assert_ok(attachment_complete(cx, &again.attachment, 5, sha256_hex(cx->arena, STR("bytes")), &there));
	assert_int_equal(there.state, ATTACHMENT_PROBLEM);
	assert_str(there.reason, STR("same"));
	assert_int_equal(there.detail, first);
	/* and none at all */
	struct attachment_begun none = begin(cx, draft, "reason_letter", 5);
	assert_ok(attachment_complete(cx, &none.attachment, 0, STR("e3b0"), &there));
	assert_str(there.reason, STR("empty"));
	/* the new try has taken the place of the problem before it */
	assert_int_equal(list_of(cx, draft).n, 2);
	/* once the first is gone the second may come */
	assert_ok(attachment_delete(cx, draft, first));
	again = begin(cx, draft, "reason_letter", 5);
	assert_ok(attachment_complete(cx, &again.attachment, 5, sha256_hex(cx->arena, STR("bytes")), &there));
	assert_int_equal(there.state, ATTACHMENT_CHECKING);
}

static void a_photo_takes_the_place_of_the_one_before(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment there;
	int64_t first = file_add(cx, draft, "photo", "face");
	set_ceilings(world, 1, 1000); /* it does not count beside its successor */
	struct attachment_begun second = begin(cx, draft, "photo", 1000);
	assert_int_equal(second.refusal, ATTACHMENT_TAKEN);
	/* a bad one leaves the good one where it is */
	assert_ok(attachment_complete(cx, &second.attachment, 4, STR("cc"), &there));
	assert_ok(attachment_verdict(cx, &there, &(struct attachment_verdict){.reason = STR("too_small"), .width = 5, .height = 5}));
	struct attachments list = list_of(cx, draft);
	assert_int_equal(list.n, 2);
	assert_int_equal(attachment_at(&list, first)->state, ATTACHMENT_OK);
	int64_t third = file_add(cx, draft, "photo", "other face");
	list = list_of(cx, draft);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].id, third);
}

static void a_photo_that_is_not_needed(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	assert_err(attachment_photo_skip(cx, draft, true, &(struct attachment_gone){0}), ERR_DENIED);
	struct procedure *procedure = own_procedure(world);
	procedure->photo = (struct photo_rule){.asked = true, .may_skip = true};
	file_add(cx, draft, "photo", "face");
	assert_ok(attachment_photo_skip(cx, draft, true, &(struct attachment_gone){0}));
	assert_ok(attachment_photo_skip(cx, draft, true, &(struct attachment_gone){0}));
	struct attachments list = list_of(cx, draft);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].state, ATTACHMENT_NOT_NEEDED);
	assert_int_equal(list.files, 0);
	assert_ok(attachment_photo_skip(cx, draft, false, &(struct attachment_gone){0}));
	assert_int_equal(list_of(cx, draft).n, 0);
	/* a photo ends the declaration */
	assert_ok(attachment_photo_skip(cx, draft, true, &(struct attachment_gone){0}));
	file_add(cx, draft, "photo", "face");
	list = list_of(cx, draft);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].state, ATTACHMENT_OK);
}

static void nobody_touches_those_of_others(void **state)
{
	struct world *world = *state;
	int64_t mine = account_add(world, "a@example.jp", NULL), theirs = account_add(world, "b@example.jp", NULL);
	int64_t draft = draft_new(world, mine), id = file_add(as(world, mine), draft, "passport_copy", "bytes");
	struct attachments list;
	struct attachment one;
	struct attachment_begun begun;
	struct attachment_begin ask = {.draft_id = draft, .document = STR("reason_letter"), .name = STR("x"), .size = 1};
	for (int nobody = 0; nobody < 2; nobody++) {
		struct cx *cx = nobody ? cx_fresh(world) : as(world, theirs);
		enum err_code wanted = nobody ? ERR_DENIED : ERR_NOT_FOUND;
		assert_err(attachment_list(cx, draft, &list), wanted);
		assert_err(attachment_require(cx, draft, id, &one), wanted);
		assert_err(attachment_begin(cx, &ask, &begun), wanted);
		assert_err(attachment_delete(cx, draft, id), wanted);
		assert_err(attachment_photo_skip(cx, draft, true, &(struct attachment_gone){0}), wanted);
	}
	/* nor in a draft of their own */
	int64_t other = draft_new(world, theirs);
	assert_err(attachment_delete(as(world, theirs), other, id), ERR_NOT_FOUND);
	assert_int_equal(list_of(as(world, mine), draft).n, 1);
}

static bool refused(const struct issues *issues, enum msg msg)
{
	for (size_t i = 0; i < issues->n; i++)
		if (issues->v[i].msg == msg && !issues->v[i].warning)
			return true;
	return false;
}

static void what_stands_in_the_way(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct cx *cx = as(world, account);
	struct draft draft;
	struct issues issues;
	struct receipt receipt;
	struct attachment there;
	draft_fill(world, cx, &draft);
	draft.submission_token = str_dup(&world->arena, draft.submission_token);
	struct attachments list = list_of(cx, draft.id);
	assert_ok(attachment_delete(cx, draft.id, list.v[0].id));
	assert_ok(application_submit(as(world, account), draft.id, draft.submission_token, &issues, &receipt));
	assert_true(refused(&issues, MSG_attach_issue_photo));
	cx = as(world, account);
	file_add(cx, draft.id, "photo", "face");
	struct attachment_begun begun = begin(cx, draft.id, "passport_copy", 10);
	assert_ok(application_submit(as(world, account), draft.id, draft.submission_token, &issues, &receipt));
	assert_true(refused(&issues, MSG_attach_issue_uploading));
	cx = as(world, account);
	assert_ok(attachment_complete(cx, &begun.attachment, 10, STR("dd"), &there));
	assert_ok(application_submit(as(world, account), draft.id, draft.submission_token, &issues, &receipt));
	assert_true(refused(&issues, MSG_attach_issue_checking));
	assert_int_equal(issues.refusals, 1);
	/* a problem is told, and stays behind */
	cx = as(world, account);
	assert_ok(attachment_verdict(cx, &there, &(struct attachment_verdict){.reason = STR("damaged")}));
	file_add(cx, draft.id, "reason_letter", "words");
	assert_ok(application_submit(as(world, account), draft.id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	bool told = false, missing = false;
	for (size_t i = 0; i < issues.n; i++) {
		told |= issues.v[i].msg == MSG_attach_issue_problem;
		missing |= issues.v[i].msg == MSG_attach_issue_missing && str_eq(issues.v[i].document, STR("passport_copy"));
	}
	assert_true(told && missing);
	assert_ok(attachment_list_of(as(world, account), account, receipt.application_id, &list));
	assert_int_equal(list.n, 2);
	for (size_t i = 0; i < list.n; i++) {
		assert_int_equal(list.v[i].state, ATTACHMENT_OK);
		assert_int_equal(list.v[i].draft_id, 0);
	}
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment WHERE application_id <> 0 AND state <> 3"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment WHERE draft_id <> 0"), 0);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'attachment_submitted'"), 2);
	struct audit_report report;
	assert_ok(audit_verify(cx_fresh(world), &report));
	assert_true(report.good);
}

struct race {
	int64_t account;
	struct draft *draft;
	_Atomic int submitted;
};

static void submit_or_add(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct race *race = arg;
	struct issues issues = {0};
	struct receipt receipt;
	struct attachment_begun begun;
	(void)world;
	cx_become(cx, race->account);
	if (number % 2 == 0) {
		struct attachment_begin ask = {.draft_id = race->draft->id, .document = STR("reason_letter"), .name = STR("x"), .size = 1};
		err e = attachment_begin(cx, &ask, &begun);
		assert_true(!failed(e) || e.code == ERR_NOT_FOUND);
	} else if (!failed(application_submit(cx, race->draft->id, race->draft->submission_token, &issues, &receipt)) && issues.refusals == 0) {
		race->submitted++;
	}
}

/* Whoever comes first: an upload that has begun holds the submission back, or finds no draft any more. */
static void no_file_slips_in(void **state)
{
	struct world *world = *state;
	for (int round = 0; round < 5; round++) {
		char email[30];
		snprintf(email, sizeof email, "r%d@example.jp", round);
		struct draft draft;
		struct race race = {.account = account_add(world, email, NULL), .draft = &draft};
		draft_fill(world, as(world, race.account), &draft);
		draft.submission_token = str_dup(&world->arena, draft.submission_token);
		in_threads(world, 4, submit_or_add, &race);
	}
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment WHERE application_id <> 0 AND state <> 3"), 0);
	assert_int_equal(db_number(world->db,
		"SELECT count(*) FROM attachment a WHERE draft_id <> 0 AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.id = a.draft_id)"), 0);
}

static void what_a_job_finds(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment there, due;
	struct attachment_begun upload = begin(cx, draft, "reason_letter", 10), checked = begin(cx, draft, "passport_copy", 10);
	assert_ok(attachment_complete(cx, &checked.attachment, 10, STR("aa"), &there));
	assert_err(attachment_due(cx_fresh(world), &due), ERR_NOT_FOUND);
	world->now += ATTACHMENT_CHECK_MS;
	assert_ok(attachment_due(cx_fresh(world), &due));
	there = due;
	there.reason = STR("");
	assert_int_equal(due.id, checked.attachment.id);
	assert_int_equal(due.state, ATTACHMENT_CHECKING);
	assert_err(attachment_due(cx_fresh(world), &due), ERR_NOT_FOUND); /* somebody has it */
	assert_ok(attachment_wait(cx_fresh(world), &there, STR("scanner"), world->now + 5000));
	world->now += 4999;
	assert_err(attachment_due(cx_fresh(world), &due), ERR_NOT_FOUND);
	world->now += 1;
	assert_ok(attachment_due(cx_fresh(world), &due));
	assert_str(due.reason, STR("scanner"));
	/* an upload that nobody goes on with */
	world->now += ATTACHMENT_UPLOAD_MS;
	bool used;
	assert_ok(attachment_spool_used(cx_fresh(world), account, upload.attachment.id, &used));
	assert_true(used);
	assert_ok(attachment_due(cx_fresh(world), &due));
	if (due.state == ATTACHMENT_CHECKING)
		assert_ok(attachment_due(cx_fresh(world), &due));
	assert_int_equal(due.id, upload.attachment.id);
	assert_int_equal(due.state, ATTACHMENT_MISSING);
	assert_ok(attachment_spool_used(cx_fresh(world), account, upload.attachment.id, &used));
	assert_false(used);
}

static void blobs_that_nobody_names(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct str blob, name = sha256_hex(&world->arena, STR("bytes"));
	bool used;
	int64_t id = file_add(as(world, account), draft, "reason_letter", "bytes");
	assert_ok(attachment_blob_used(cx_fresh(world), name, &used));
	assert_true(used);
	assert_ok(attachment_delete(as(world, account), draft, id));
	assert_err(attachment_dropped(cx_fresh(world), &blob), ERR_NOT_FOUND); /* not at once */
	world->now += ATTACHMENT_DROP_MS + 1;
	/* somebody is about to name it again: not now */
	struct attachment there;
	struct attachment_begun begun = begin(as(world, account), draft, "reason_letter", 5);
	assert_ok(attachment_complete(as(world, account), &begun.attachment, 5, name, &there));
	assert_err(attachment_dropped(cx_fresh(world), &blob), ERR_NOT_FOUND);
	assert_ok(attachment_verdict(as(world, account), &there, &(struct attachment_verdict){.blob = name, .kept_digest = name}));
	assert_err(attachment_dropped(cx_fresh(world), &blob), ERR_NOT_FOUND);
	/* with its draft it goes for good */
	assert_ok(draft_delete(as(world, account), draft, &(struct attachment_gone){0}));
	world->now += ATTACHMENT_DROP_MS + 1;
	assert_ok(attachment_dropped(cx_fresh(world), &blob));
	assert_str(blob, name);
	assert_err(attachment_dropped(cx_fresh(world), &blob), ERR_NOT_FOUND);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment"), 0);
}

static void files_of_earlier_applications(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), other = account_add(world, "b@example.jp", NULL);
	struct attachment_earlier *list;
	struct issues issues;
	struct receipt receipt;
	struct draft draft;
	size_t count;
	draft_fill(world, as(world, account), &draft);
	draft.submission_token = str_dup(&world->arena, draft.submission_token);
	file_add(as(world, account), draft.id, "reason_letter", "bytes");
	assert_ok(application_submit(as(world, account), draft.id, draft.submission_token, &issues, &receipt));
	assert_ok(attachment_earlier(as(world, account), &list, &count));
	assert_int_equal(count, 2);
	assert_str(list[1].attachment.document, STR("reason_letter"));
	assert_int_equal(list[1].submitted_at, world->now);
	assert_ok(attachment_earlier(as(world, other), &list, &count));
	assert_int_equal(count, 0);
	assert_err(attachment_earlier(cx_fresh(world), &list, &count), ERR_DENIED);
}

static void names(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *given, *shown;
	} table[] = {
		{"transcript.pdf", "transcript.pdf"},
		{"成績証明書 2026.pdf", "成績証明書 2026.pdf"},
		{"C:\\Users\\mai\\Desktop\\a b.pdf", "a b.pdf"},
		{"../../etc/passwd", "passwd"},
		{"/etc/", "file"},
		{"..", "file"},
		{".", "file"},
		{"", "file"},
		{"   ", "file"},
		{"a\r\nContent-Type: text/html.pdf", "aContent-Type: text/html.pdf"},
		{"a\x01\x7f" "b.pdf", "ab.pdf"},
		{"fdp.\xe2\x80\xae" "gpj", "fdp.gpj"},
		{"\xff\xfe.pdf", ".pdf"},
		{"<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct str shown = attachment_name(&world->arena, str_of(table[i].given));
		const char *wanted = i == 9 ? "html.pdf" : table[i].shown; /* what stands behind the last slash */
		if (!str_eq(shown, str_of(wanted)))
			fail_msg("'%s' became '%.*s'", table[i].given, STR_ARG(shown));
	}
	for (size_t n = LIMIT_FILE_NAME - 1; n <= LIMIT_FILE_NAME + 1; n++) {
		struct buf given;
		buf_init(&given, &world->arena, 4096);
		for (size_t i = 0; i < n; i++)
			buf_lit(&given, "紙");
		assert_int_equal(attachment_name(&world->arena, buf_view(&given)).n, 3 * (n > LIMIT_FILE_NAME ? LIMIT_FILE_NAME : n));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(a_way_of_a_file),
		IN_BOTH(ceilings),
		IN_BOTH(one_document_takes_so_many),
		IN_BOTH(pages_have_ceilings_of_their_own),
		IN_BOTH(ceilings_hold_together),
		IN_BOTH(the_same_file_twice),
		IN_BOTH(a_photo_takes_the_place_of_the_one_before),
		IN_BOTH(a_photo_that_is_not_needed),
		IN_BOTH(nobody_touches_those_of_others),
		IN_BOTH(what_stands_in_the_way),
		IN_BOTH(no_file_slips_in),
		IN_BOTH(what_a_job_finds),
		IN_BOTH(blobs_that_nobody_names),
		IN_BOTH(files_of_earlier_applications),
		IN_SQLITE(names),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
