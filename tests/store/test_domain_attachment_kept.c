/* What is kept of files, for whoever looks whether it is whole (domain/attachment/attachment_job.h). */
#include "domain_support.h"

#include "domain/attachment/attachment_job.h"

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

static struct attachment_begun begin(struct cx *cx, int64_t draft, const char *document)
{
	struct attachment_begun begun;
	assert_ok(attachment_begin(cx, &(struct attachment_begin){.draft_id = draft, .document = str_of(document), .name = STR("a.pdf"), .size = 4}, &begun));
	assert_int_equal(begun.refusal, ATTACHMENT_TAKEN);
	return begun;
}

/* Every kept file of everybody, each with its picture behind it, in several parts; uploads that are not kept are none. */
static void all_that_is_kept(void **state)
{
	struct world *world = *state;
	const struct str face = STR("face"), small = STR("small");
	struct attachment_blobs blobs = {0};
	struct attachment_blob last = {0};
	size_t files = 0, besides = 0, parts = 0;
	for (int person = 0; person < 3; person++) {
		int64_t account = account_add(world, str_c(&world->arena, str_fmt(&world->arena, "%d@example.jp", person)), NULL);
		struct cx *cx = as(world, account);
		for (int i = 0; i < 40; i++) {
			struct attachment there;
			int64_t draft = draft_new(world, account);
			if (i % 10 == 0)
				begin(cx, draft, "passport_copy");
			struct attachment_begun begun = begin(cx, draft, "reason_letter");
			assert_ok(attachment_key(cx, &begun.attachment, str_fmt(cx->arena, "key %lld", (long long)draft), &(struct str){0}));
			assert_ok(attachment_complete(cx, &begun.attachment, 4, face, &there));
			assert_ok(attachment_verdict(cx, &there,
				&(struct attachment_verdict){.blob = face, .kept_size = 4, .kept_digest = face, .pages = 1,
					.thumbnail = {.blob = i % 2 == 0 ? small : STR(""), .digest = small, .size = 5}}));
		}
	}
	for (;; parts++) {
		assert_ok(attachment_blobs_next(cx_fresh(world), &blobs));
		if (blobs.n == 0)
			break;
		for (size_t i = 0; i < blobs.n; i++) {
			const struct attachment_blob *blob = &blobs.v[i];
			bool same = blob->account_id == last.account_id && blob->attachment_id == last.attachment_id;
			assert_true(same || blob->account_id > last.account_id ||
				    (blob->account_id == last.account_id && blob->attachment_id > last.attachment_id));
			assert_str(blob->blob, same ? small : face);
			assert_int_equal(blob->size, same ? 5 : 4);
			assert_true(str_starts(blob->key, STR("key ")));
			assert_int_equal(blob->reference.n, 0);
			files += !same;
			besides += same;
			last = *blob;
		}
	}
	assert_int_equal(files, 120);
	assert_int_equal(besides, 60);
	assert_int_equal(parts, 2);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(all_that_is_kept),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
