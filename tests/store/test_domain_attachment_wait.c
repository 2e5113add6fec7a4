/* Files whose check takes long or cannot be made: how often it was tried, who holds it, a photo that stays as it was, what an operator is told. */
#include "domain_support.h"

#include "domain/attachment/attachment_job.h"
#include "domain/attachment/attachment_page.h"
#include "domain/attachment/attachment_wait.h"
#include "domain/attachment/attachment_want.h"

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

static void a_photo_stays_as_it_was(void **state)
{
	struct world *world = *state;
	int64_t account, draft = draft_new(world, "a@example.jp", &account);
	struct attachment photo = checking(world, account, draft, "photo", "aa"), cutting;
	const struct attachment_verdict clean = {
		.blob = STR("b1"),
		.kept_digest = STR("cc"),
		.width = 300,
		.height = 400,
		.thumbnail = {.blob = STR("b2"), .width = 180, .height = 240},
		.whole = {.blob = STR("b3"), .width = 600, .height = 800, .cut = {30, 40, 240, 320}, .advice = 5},
	};
	struct attachment_verdict anew = clean;
	/* Not being cut: a photo that comes has none to go back to. */
	assert_err(attachment_cut_back(cx_fresh(world), &photo), ERR_CONFLICT);
	assert_ok(attachment_verdict(cx_fresh(world), &photo, &clean));
	assert_err(attachment_cut_back(cx_fresh(world), &photo), ERR_CONFLICT);
	for (int i = 0; i < 2; i++) {
		assert_ok(attachment_cut(as(world, account), draft, photo.id, (struct attachment_cut){0, 0, 300, 400}, &cutting));
		assert_int_equal(now_of(world, &photo).state, ATTACHMENT_CHECKING);
		assert_ok(attachment_cut_back(cx_fresh(world), &cutting));
		struct attachment now = now_of(world, &photo);
		assert_int_equal(now.state, ATTACHMENT_OK);
		assert_str(now.reason, STR(ATTACHMENT_UNCUT));
		assert_str(now.blob, STR("b1"));
		assert_int_equal(now.whole.cut.x, 30);
		assert_int_equal(now.whole.cut.y, 40);
		assert_int_equal(now.whole.cut.width, 240);
		assert_int_equal(now.whole.cut.height, 320);
		assert_int_equal(now.whole.advice, 5);
		assert_true(attachment_ready(&now));
		assert_err(attachment_cut_back(cx_fresh(world), &cutting), ERR_CONFLICT);
	}
	/* The next one that is made says nothing of it any more. */
	assert_ok(attachment_cut(as(world, account), draft, photo.id, (struct attachment_cut){0, 0, 300, 400}, &cutting));
	assert_int_equal(now_of(world, &photo).reason.n, 0);
	anew.whole.cut = cutting.whole.cut;
	assert_ok(attachment_verdict(cx_fresh(world), &cutting, &anew));
	struct attachment now = now_of(world, &photo);
	assert_int_equal(now.reason.n, 0);
	assert_int_equal(now.whole.cut.x, 0);
	assert_int_equal(now.whole.cut.width, 300);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'photo_uncut'"), 2);
}

static void the_operator_sees_what_waits(void **state)
{
	struct world *world = *state;
	int64_t a, b, first = draft_new(world, "a@example.jp", &a), second = draft_new(world, "b@example.jp", &b);
	struct attachment_waiting *rows;
	size_t n;
	int64_t since = world->now;
	struct attachment one = checking(world, a, first, "passport_copy", "aa");
	/* It has only begun. */
	assert_ok(attachment_waiting(cx_fresh(world), &rows, &n));
	assert_int_equal(n, 0);
	assert_ok(attachment_wait(cx_fresh(world), &one, STR("scanner"), world->now + 30000));
	world->now += 1000;
	struct attachment two = checking(world, b, second, "passport_copy", "aa"), three = checking(world, b, second, "reason_letter", "bb");
	assert_ok(attachment_wait(cx_fresh(world), &two, STR("scanner"), world->now + 30000));
	assert_ok(attachment_tried(cx_fresh(world), &two));
	assert_ok(attachment_wait(cx_fresh(world), &three, STR("checker"), world->now + 30000));
	assert_ok(attachment_waiting(cx_fresh(world), &rows, &n));
	assert_int_equal(n, 2);
	assert_str(rows[0].reason, STR("checker"));
	assert_int_equal(rows[0].files, 1);
	assert_int_equal(rows[0].since, since + 1000);
	assert_str(rows[1].reason, STR("scanner"));
	assert_int_equal(rows[1].files, 2);
	assert_int_equal(rows[1].since, since);
	assert_int_equal(rows[1].tries, 1);
	assert_int_equal(rows[1].next_at, since + 30000);
	for (size_t i = 0; i < 3; i++)
		assert_ok(attachment_verdict(cx_fresh(world), (const struct attachment *[]){&one, &two, &three}[i], &(struct attachment_verdict){.reason = STR("virus")}));
	assert_ok(attachment_waiting(cx_fresh(world), &rows, &n));
	assert_int_equal(n, 0);
	/* One whose check nobody has ended. */
	struct attachment lost = checking(world, a, first, "passport_copy", "cc");
	(void)lost;
	world->now += ATTACHMENT_CHECK_MS - 1;
	assert_ok(attachment_waiting(cx_fresh(world), &rows, &n));
	assert_int_equal(n, 0);
	world->now += 1;
	assert_ok(attachment_waiting(cx_fresh(world), &rows, &n));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].reason.n, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(tries_are_counted),
		IN_BOTH(a_check_is_held),
		IN_BOTH(a_photo_stays_as_it_was),
		IN_BOTH(the_operator_sees_what_waits),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
