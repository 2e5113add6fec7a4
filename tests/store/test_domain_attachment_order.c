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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(the_last_photo_counts),
		IN_BOTH(a_bad_photo_stays_beside_the_good_one),
		IN_BOTH(a_cut_does_not_drive_out_a_newer_photo),
		IN_BOTH(a_bad_page_takes_no_place),
		IN_BOTH(a_bad_page_takes_no_place_of_others),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
