/* Files whose check takes long or cannot be made: how often it was tried, who holds it. */
#include "domain_support.h"

#include "domain/attachment/attachment_job.h"
#include "domain/attachment/attachment_wait.h"

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);
	cx_become(cx, account);
	return cx;
}

/* A draft of somebody new. */
static int64_t draft_new(struct world *world, const char *email, int64_t *account)
{
	int64_t id;
	*account = account_add(world, email, NULL);
	assert_ok(draft_create(as(world, *account), STR("extension"), &id));
	return id;
}

/* All its bytes are there. Texts live in the world's arena. */
static struct attachment checking(struct world *world, int64_t account, int64_t draft, const char *document, const char *digest)
{
	struct attachment_begun begun;
	struct attachment there;
	struct cx *cx = as(world, account);
	assert_ok(attachment_begin(cx, &(struct attachment_begin){.draft_id = draft, .document = str_of(document), .name = STR("a.pdf"), .size = 10}, &begun));
	assert_int_equal(begun.refusal, ATTACHMENT_TAKEN);
	assert_ok(attachment_complete(cx, &begun.attachment, 10, str_of(digest), &there));
	assert_int_equal(there.state, ATTACHMENT_CHECKING);
	return (struct attachment){.id = there.id, .account_id = account, .draft_id = draft, .state = there.state, .document = str_of(document), .photo = there.photo};
}

static struct attachment now_of(struct world *world, const struct attachment *attachment)
{
	struct attachment now = *attachment;
	struct cx *cx = cx_fresh(world);
	assert_ok(attachment_now(cx, &now));
	cx_end(cx);
	return now;
}

static int64_t tries_of(struct world *world, const struct attachment *attachment, struct str reason)
{
	struct attachment now = now_of(world, attachment);
	return attachment_tries(&now, reason);
}

static void tries_are_counted(void **state)
{
	struct world *world = *state;
	int64_t account, draft = draft_new(world, "a@example.jp", &account);
	struct attachment file = checking(world, account, draft, "passport_copy", "aa");
	assert_int_equal(tries_of(world, &file, STR("checker")), 0);
	for (int i = 1; i <= 3; i++) {
		assert_ok(attachment_wait(cx_fresh(world), &file, STR("checker"), world->now));
		assert_ok(attachment_tried(cx_fresh(world), &file));
		assert_int_equal(tries_of(world, &file, STR("checker")), i);
	}
	/* Waiting alone is no try, and what it was tried for before is not forgotten meanwhile. */
	assert_ok(attachment_wait(cx_fresh(world), &file, STR("checker"), world->now));
	assert_int_equal(tries_of(world, &file, STR("checker")), 3);
	assert_int_equal(tries_of(world, &file, STR("scanner")), 0);
	/* For something else it begins anew. */
	assert_ok(attachment_wait(cx_fresh(world), &file, STR("scanner"), world->now));
	assert_ok(attachment_tried(cx_fresh(world), &file));
	assert_int_equal(tries_of(world, &file, STR("scanner")), 1);
	assert_int_equal(tries_of(world, &file, STR("checker")), 0);
	assert_ok(attachment_verdict(cx_fresh(world), &file, &(struct attachment_verdict){.blob = STR("b1"), .kept_digest = STR("aa")}));
	struct attachment now = now_of(world, &file);
	assert_int_equal(now.state, ATTACHMENT_OK);
	assert_int_equal(now.detail, 0);
	/* What is over is tried no more. */
	assert_ok(attachment_tried(cx_fresh(world), &file));
	assert_int_equal(now_of(world, &file).detail, 0);
}

static void a_check_is_held(void **state)
{
	struct world *world = *state;
	int64_t account, draft = draft_new(world, "a@example.jp", &account);
	struct attachment file = checking(world, account, draft, "passport_copy", "aa"), due;
	world->now += ATTACHMENT_CHECK_MS - 1;
	assert_ok(attachment_hold(cx_fresh(world), &file, world->now + ATTACHMENT_CHECK_MS));
	world->now += ATTACHMENT_CHECK_MS - 1;
	assert_err(attachment_due(cx_fresh(world), &due), ERR_NOT_FOUND);
	world->now += 1;
	assert_ok(attachment_due(cx_fresh(world), &due));
	assert_int_equal(due.id, file.id);
	/* What it waits for and its tries are the same. */
	assert_ok(attachment_wait(cx_fresh(world), &file, STR("checker"), world->now));
	assert_ok(attachment_tried(cx_fresh(world), &file));
	assert_ok(attachment_hold(cx_fresh(world), &file, world->now + 1000));
	assert_int_equal(tries_of(world, &file, STR("checker")), 1);
	/* Somebody has been faster. */
	assert_ok(attachment_verdict(cx_fresh(world), &file, &(struct attachment_verdict){.reason = STR("damaged")}));
	assert_err(attachment_hold(cx_fresh(world), &file, world->now + 1000), ERR_CONFLICT);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(tries_are_counted),
		IN_BOTH(a_check_is_held),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
