/* Files of a draft that cross each other on their way: which photo counts, which pages went into a document, whose bytes are nobody's any more. */
#include "domain_support.h"

#include "base/limits.h"
#include "domain/attachment/attachment_page.h"

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

static struct attachment_begun begin(struct cx *cx, int64_t draft, const char *document, int64_t size, bool page)
{
	struct attachment_begun begun = {0};
	assert_ok(attachment_begin(cx,
		&(struct attachment_begin){
			.draft_id = draft, .document = str_of(document), .name = STR("a"), .size = size, .resumable = true, .page = page},
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

/* All bytes of it are there: it is being checked. */
static struct attachment sent(struct cx *cx, int64_t draft, const char *document, const char *bytes, bool page)
{
	struct attachment there;
	struct attachment_begun begun = begin(cx, draft, document, 4, page);
	assert_int_equal(begun.refusal, ATTACHMENT_TAKEN);
	assert_ok(attachment_complete(cx, &begun.attachment, 4, str_of(bytes), &there));
	assert_int_equal(there.state, ATTACHMENT_CHECKING);
	return there;
}

static err found_clean(struct cx *cx, const struct attachment *attachment)
{
	struct attachment_verdict clean = {.blob = attachment->digest, .kept_size = 4, .kept_digest = attachment->digest};
	if (attachment->photo)
		clean.whole = (struct attachment_beside){.blob = STR("whole"), .digest = STR("whole"), .size = 9, .width = 900, .height = 900};
	return attachment_verdict(cx, attachment, &clean);
}

static err found_bad(struct cx *cx, const struct attachment *attachment)
{
	return attachment_verdict(cx, attachment, &(struct attachment_verdict){.reason = STR("damaged")});
}

/* The photo that was begun last counts, in whatever order the checks end. The clock may have been set back between the two: ids say nothing. */
static void the_last_photo_counts(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	for (int set_back = 0; set_back < 2; set_back++) {
		int64_t draft = draft_new(world, account);
		struct attachment older = sent(as(world, account), draft, "photo", "older", false);
		world->now -= set_back * 5000;
		struct cx *cx = as(world, account);
		struct attachment newer = sent(cx, draft, "photo", "newer", false);
		assert_true((newer.id < older.id) == (set_back == 1));
		/* the older one's verdict leaves the newer where it is */
		assert_ok(found_clean(cx, &older));
		struct attachments list = list_of(cx, draft);
		assert_int_equal(list.n, 2);
		assert_non_null(attachment_at(&list, newer.id));
		assert_ok(found_clean(cx, &newer));
		list = list_of(cx, draft);
		assert_int_equal(list.n, 1);
		assert_int_equal(list.v[0].id, newer.id);
		/* the other way round: who comes late has been replaced */
		struct attachment last = sent(cx, draft, "photo", "last", false);
		assert_ok(found_clean(cx, &last));
		assert_err(found_clean(cx, &newer), ERR_CONFLICT);
		list = list_of(cx, draft);
		assert_int_equal(list.n, 1);
		assert_int_equal(list.v[0].id, last.id);
	}
}

/* A newer photo that is bad leaves the older one, and tells why. */
static void a_bad_photo_stays_beside_the_good_one(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment older = sent(cx, draft, "photo", "older", false), newer = sent(cx, draft, "photo", "newer", false);
	assert_ok(found_bad(cx, &newer));
	assert_ok(found_clean(cx, &older));
	struct attachments list = list_of(cx, draft);
	assert_int_equal(list.n, 2);
	assert_int_equal(attachment_at(&list, older.id)->state, ATTACHMENT_OK);
	assert_int_equal(attachment_at(&list, newer.id)->state, ATTACHMENT_PROBLEM);
}

/* A photo that is cut anew while a newer one is on its way. */
static void a_cut_does_not_drive_out_a_newer_photo(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment first = sent(cx, draft, "photo", "first", false), cutting;
	assert_ok(found_clean(cx, &first));
	struct attachment second = sent(cx, draft, "photo", "second", false);
	assert_ok(attachment_cut(cx, draft, first.id, (struct attachment_cut){.width = 300, .height = 400}, &cutting));
	assert_ok(found_clean(cx, &cutting));
	struct attachments list = list_of(cx, draft);
	assert_non_null(attachment_at(&list, second.id));
	assert_ok(found_clean(cx, &second));
	list = list_of(cx, draft);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].id, second.id);
	/* one that is still coming */
	struct attachment_begun third = begin(cx, draft, "photo", 4, false);
	assert_ok(attachment_cut(cx, draft, second.id, (struct attachment_cut){.width = 300, .height = 400}, &cutting));
	assert_ok(found_clean(cx, &cutting));
	list = list_of(cx, draft);
	assert_int_equal(list.n, 2);
	assert_int_equal(attachment_at(&list, third.attachment.id)->state, ATTACHMENT_UPLOADING);
}

/* A page that was not good gives way to the next try: it takes no place. */
static void a_bad_page_takes_no_place(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment bad = {0};
	for (int i = 0; i < LIMIT_PAGES_IN; i++) {
		char bytes[8];
		snprintf(bytes, sizeof bytes, "p%d", i);
		struct attachment page = sent(cx, draft, "passport_copy", bytes, true);
		if (i < LIMIT_PAGES_IN - 1)
			assert_ok(found_clean(cx, &page));
		else
			bad = page;
	}
	assert_int_equal(begin(cx, draft, "passport_copy", 4, true).refusal, ATTACHMENT_PAGES_FULL); /* it is still being checked */
	assert_ok(found_bad(cx, &bad));
	assert_int_equal(begin(cx, draft, "passport_copy", 4, true).refusal, ATTACHMENT_TAKEN);
	struct attachments list = list_of(cx, draft);
	assert_int_equal(list.page_count, LIMIT_PAGES_IN);
	assert_null(attachment_at(&list, bad.id));
	assert_int_equal(begin(cx, draft, "passport_copy", 4, true).refusal, ATTACHMENT_PAGES_FULL);
}

/* Nor in the draft, whatever document it is of. */
static void a_bad_page_takes_no_place_of_others(void **state)
{
	static const char *const documents[] = {"passport_copy", "reason_letter", "translation"};
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment bad = sent(cx, draft, documents[0], "bad", true);
	for (int i = 1; i < LIMIT_PAGES_DRAFT; i++)
		assert_int_equal(begin(cx, draft, documents[i / LIMIT_PAGES_IN], 1, true).refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "organization_part", 1, true).refusal, ATTACHMENT_DRAFT_PAGES_FULL);
	assert_ok(found_bad(cx, &bad));
	assert_int_equal(begin(cx, draft, "organization_part", 1, true).refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "organization_part", 1, true).refusal, ATTACHMENT_DRAFT_PAGES_FULL);
}

/* ---- the spool ---- */

static bool names(const struct attachment_gone *gone, int64_t account, int64_t id)
{
	for (size_t i = 0; i < gone->n; i++)
		if (gone->account_id == account && gone->ids[i] == id)
			return true;
	return false;
}

/* Whoever takes rows away says whose bytes may lie in the spool still; of those that are kept or refused there are none. */
static void rows_that_go_are_named(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), draft = draft_new(world, account);
	struct cx *cx = as(world, account);
	struct attachment_gone gone;
	struct attachment_begun first = begin(cx, draft, "photo", 4, false), second = begin(cx, draft, "photo", 4, false);
	assert_int_equal(first.gone.n, 0);
	assert_int_equal(second.gone.n, 1);
	assert_true(names(&second.gone, account, first.attachment.id));
	struct attachment bad = sent(cx, draft, "reason_letter", "bad", false);
	assert_ok(found_bad(cx, &bad));
	assert_int_equal(begin(cx, draft, "reason_letter", 4, false).gone.n, 0);
	struct attachment checking = sent(cx, draft, "passport_copy", "checking", false), page = sent(cx, draft, "translation", "page", true);
	struct attachment good = sent(cx, draft, "passport_copy", "good", false);
	assert_ok(found_clean(cx, &good));
	assert_ok(draft_delete(cx, draft, &gone));
	assert_int_equal(gone.n, 4); /* the letter, too */
	assert_true(names(&gone, account, second.attachment.id) && names(&gone, account, checking.id) && names(&gone, account, page.id));
	assert_false(names(&gone, account, good.id));
}

static void a_submission_names_pages_on_their_way(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct draft draft;
	struct issues issues;
	struct receipt receipt;
	draft_fill(world, as(world, account), &draft);
	draft.submission_token = str_dup(&world->arena, draft.submission_token);
	struct attachment good = sent(as(world, account), draft.id, "translation", "good", true);
	assert_ok(found_clean(as(world, account), &good));
	struct attachment page = sent(as(world, account), draft.id, "translation", "page", true);
	assert_ok(application_submit(as(world, account), draft.id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	assert_int_equal(receipt.gone.n, 1);
	assert_true(names(&receipt.gone, account, page.id));
	/* the second press has taken nothing away */
	assert_ok(application_submit(as(world, account), draft.id, draft.submission_token, &issues, &receipt));
	assert_true(receipt.repeated);
	assert_int_equal(receipt.gone.n, 0);
}

/* A part of the room of an account: no procedure takes a file that large, so a test of its ceiling needs several. */
#define PART (LIMIT_SPOOL_ACCOUNT / 10)

static void one_person_has_so_much_on_the_way(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL), other = account_add(world, "b@example.jp", NULL);
	int64_t draft = draft_new(world, account), second = draft_new(world, account), theirs = draft_new(world, other);
	struct cx *cx = as(world, account);
	struct attachment there;
	struct attachment_begun photo = begin(cx, draft, "photo", PART, false);
	assert_int_equal(photo.refusal, ATTACHMENT_TAKEN);
	for (int i = 1; i < 9; i++)
		assert_int_equal(begin(cx, i % 2 ? draft : second, "translation", PART, true).refusal, ATTACHMENT_TAKEN);
	/* above, at */
	assert_int_equal(begin(cx, second, "passport_copy", PART + 1, false).refusal, ATTACHMENT_ACCOUNT_FULL);
	struct attachment_begun last = begin(cx, second, "passport_copy", PART, false);
	assert_int_equal(last.refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "translation", 1, true).refusal, ATTACHMENT_ACCOUNT_FULL);
	assert_int_equal(list_of(cx, second).n, 1);
	/* what gives way makes room */
	photo = begin(cx, draft, "photo", PART, false);
	assert_int_equal(photo.refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "photo", PART + 1, false).refusal, ATTACHMENT_ACCOUNT_FULL);
	/* while it is checked its bytes are there still; then they are not */
	assert_ok(attachment_complete(cx, &photo.attachment, PART, STR("face"), &there));
	assert_int_equal(begin(cx, draft, "translation", 1, true).refusal, ATTACHMENT_ACCOUNT_FULL);
	assert_ok(found_clean(cx, &there));
	assert_int_equal(begin(cx, draft, "translation", 1, true).refusal, ATTACHMENT_TAKEN);
	/* a photo that is cut anew lies elsewhere */
	assert_ok(attachment_cut(cx, draft, there.id, (struct attachment_cut){.width = 300, .height = 400}, &there));
	assert_int_equal(begin(cx, draft, "translation", PART - 1, true).refusal, ATTACHMENT_TAKEN);
	assert_int_equal(begin(cx, draft, "translation", 1, true).refusal, ATTACHMENT_ACCOUNT_FULL);
	/* others have their own room */
	assert_int_equal(begin(as(world, other), theirs, "translation", PART, true).refusal, ATTACHMENT_TAKEN);
	/* a draft that is deleted leaves none behind */
	assert_ok(draft_delete(as(world, account), second, &(struct attachment_gone){0}));
	assert_int_equal(begin(as(world, account), draft, "translation", PART, true).refusal, ATTACHMENT_TAKEN);
}

struct crowd {
	int64_t account, drafts[12];
};

static void begin_one(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	const struct crowd *crowd = arg;
	(void)world;
	cx_become(cx, crowd->account);
	(void)begin(cx, crowd->drafts[number], "translation", PART, true);
}

/* At the same moment, in as many drafts. */
static void nor_more_at_once(void **state)
{
	struct world *world = *state;
	struct crowd crowd = {.account = account_add(world, "a@example.jp", NULL)};
	for (size_t i = 0; i < 12; i++)
		crowd.drafts[i] = draft_new(world, crowd.account);
	in_threads(world, 12, begin_one, &crowd);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM attachment"), 10);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(the_last_photo_counts),
		IN_BOTH(a_bad_photo_stays_beside_the_good_one),
		IN_BOTH(a_cut_does_not_drive_out_a_newer_photo),
		IN_BOTH(a_bad_page_takes_no_place),
		IN_BOTH(a_bad_page_takes_no_place_of_others),
		IN_BOTH(rows_that_go_are_named),
		IN_BOTH(a_submission_names_pages_on_their_way),
		IN_BOTH(one_person_has_so_much_on_the_way),
		IN_BOTH(nor_more_at_once),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
