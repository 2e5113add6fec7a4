/* Checks that only the store can answer (domain/application/lookup.h), as the change of the method of receipt has them. On both engines. */
#include "domain_support.h"

#include "base/time.h"
#include "domain/application/lookup.h"
#include "domain/attachment/attachment.h"
#include "i18n/width.h"

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);
	cx_become(cx, account);
	return cx;
}

static struct cx *officer(struct world *world)
{
	struct cx *cx = cx_fresh(world);
	cx->actor.kind = ACTOR_OPERATOR;
	return cx;
}

/* An extension of a student; `joined`: what is applied for with it, or "". */
static struct receipt sent(struct world *world, int64_t account, const char *joined)
{
	struct cx *cx = as(world, account);
	struct draft draft;
	struct answers answers;
	struct issues issues;
	struct receipt receipt;
	int64_t id;
	if (!*joined) {
		id = draft_fill(world, cx, &draft);
	} else {
		assert_ok(draft_create(cx, STR("extension"), &id));
		assert_ok(draft_require(cx, id, &draft));
		answers_load(cx, joined, &answers);
		/* its days are counted from today */
		const char *const days[] = {"expiry_current", "re_departure", "re_return"};
		for (int i = 0; i < 3; i++)
			answers_set(&answers, str_of(days[i]), str_fmt(cx->arena, "%d", date_add_days(time_date(cx->now), 20 + i)));
		draft_put(cx, &draft, &answers);
		file_add(cx, id, PHOTO_DOCUMENT, "a photo");
		assert_ok(draft_require(cx, id, &draft));
	}
	assert_ok(application_submit(cx, id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	receipt.reference = str_dup(&world->arena, receipt.reference);
	receipt.temporary_no = str_dup(&world->arena, receipt.temporary_no);
	return receipt;
}

/* `wanted`: ids of what is refused, each with a blank behind it. All stand at `field`. */
static void expect(struct world *world, int64_t account, const char *field, struct str number, const char *method, const char *wanted)
{
	struct cx *cx = as(world, account);
	struct answers answers;
	struct issues issues = {0};
	struct buf ids;
	answers_init(&answers, cx->arena);
	answers_set(&answers, STR("change_kind"), STR("receipt"));
	answers_set(&answers, STR("receipt_method"), str_of(method));
	answers_set(&answers, str_of(field), number);
	const struct form_scope scope = {.procedure = catalogue_find(&world->catalogue, STR("receipt_method")), .answers = &answers,
		.user_type = USER_FOREIGN_NATIONAL, .today = time_date(cx->now)};
	assert_ok(lookup_check(cx, &scope, NULL, &issues));
	buf_init(&ids, cx->arena, 1000);
	for (size_t i = 0; i < issues.n; i++) {
		assert_str(issues.v[i].path, str_of(field));
		buf_fmt(&ids, STR_FMT " ", STR_ARG(issues.v[i].check->id));
	}
	assert_str(buf_view(&ids), str_of(wanted));
	assert_int_equal(issues.refusals, issues.n);
}

static void ones_own_number(void **state)
{
	struct world *world = *state;
	int64_t mai = account_add(world, "mai@example.jp", NULL), lee = account_add(world, "lee@example.jp", NULL);
	expect(world, mai, "number", STR("281263024410"), "mail", "number_own ");
	expect(world, mai, "receipt_number", STR("福オンＥＮ25001878"), "mail", "receipt_number_some ");
	struct receipt mine = sent(world, mai, ""), other = sent(world, lee, "");
	struct str spaced = str_fmt(&world->arena, "%.4s-%.4s %.4s", mine.reference.p, mine.reference.p + 4, mine.reference.p + 8);
	expect(world, mai, "number", mine.reference, "mail", "");
	expect(world, mai, "number", mine.temporary_no, "mail", "");
	expect(world, mai, "number", width_full(&world->arena, mine.temporary_no), "mail", "");
	expect(world, mai, "number", spaced, "mail", "");
	expect(world, mai, "receipt_number", STR("福オンＥＮ25001878"), "mail", "");
	/* One that somebody else has is like one that nobody has. */
	expect(world, mai, "number", other.reference, "mail", "number_own ");
	expect(world, mai, "number", other.temporary_no, "mail", "number_own ");
	expect(world, mai, "number", STR("東オン認T00011111"), "mail", "number_own ");
	expect(world, mai, "number", str_sub(mine.reference, 0, 11), "mail", "number_own ");
}

static void one_that_has_ended(void **state)
{
	static const struct {
		enum event event;
		bool open;
	} life[] = {{EVENT_ACCEPT, true}, {EVENT_REVIEW, true}, {EVENT_APPROVE, true}, {EVENT_ISSUE, false}};
	struct world *world = *state;
	int64_t mai = account_add(world, "mai@example.jp", NULL);
	struct receipt mine = sent(world, mai, ""), gone;
	for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
		assert_ok(application_change(officer(world), mine.reference, life[i].event, STR("")));
		expect(world, mai, "number", mine.reference, "mail", life[i].open ? "" : "number_open ");
		expect(world, mai, "receipt_number", STR("x"), "mail", life[i].open ? "" : "receipt_number_some ");
	}
	gone = sent(world, mai, "");
	assert_ok(application_change(as(world, mai), gone.reference, EVENT_WITHDRAW, STR("")));
	expect(world, mai, "number", gone.temporary_no, "counter", "number_open ");
}

static void with_a_reentry_permit(void **state)
{
	struct world *world = *state;
	int64_t mai = account_add(world, "mai@example.jp", NULL);
	struct receipt mine = sent(world, mai, "extension_student_concurrent.json");
	expect(world, mai, "number", mine.reference, "counter", "");
	expect(world, mai, "number", mine.reference, "mail", "number_counter ");
	expect(world, mai, "number", mine.reference, "email", "number_counter ");
}

/* Nobody can read any more what was applied for with it: the office knows, and the notification is taken. */
static void with_an_application_that_is_shut(void **state)
{
	struct world *world = *state;
	int64_t mai = account_add(world, "mai@example.jp", NULL);
	struct receipt mine = sent(world, mai, "extension_student_concurrent.json");
	world->key.bytes[0] ^= 1;
	expect(world, mai, "number", mine.reference, "mail", "");
}

/* What a page could not be made to send: the submission itself asks. */
static void nothing_is_submitted(void **state)
{
	struct world *world = *state;
	int64_t mai = account_add(world, "mai@example.jp", NULL), id;
	struct cx *cx = as(world, mai);
	struct draft draft;
	struct answers answers;
	struct issues issues;
	struct receipt receipt;
	assert_ok(draft_create(cx, STR("receipt_method"), &id));
	assert_ok(draft_require(cx, id, &draft));
	answers_load(cx, "receipt_method_mail.json", &answers);
	draft_put(cx, &draft, &answers);
	assert_ok(draft_require(cx, id, &draft));
	assert_ok(application_submit(cx, id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 1);
	assert_str(issues.v[0].check->id, STR("number_own"));
	struct receipt mine = sent(world, mai, "");
	cx = as(world, mai);
	answers_load(cx, "receipt_method_mail.json", &answers);
	answers_set(&answers, STR("number"), mine.temporary_no);
	assert_ok(draft_require(cx, id, &draft));
	draft_put(cx, &draft, &answers);
	assert_ok(draft_require(cx, id, &draft));
	assert_ok(application_submit(cx, id, draft.submission_token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	/* And of that one there is no receipt to be changed. */
	struct str number = str_dup(&world->arena, receipt.reference);
	expect(world, mai, "number", number, "mail", "number_own ");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(ones_own_number),
		IN_BOTH(one_that_has_ended),
		IN_BOTH(with_a_reentry_permit),
		IN_BOTH(with_an_application_that_is_shut),
		IN_BOTH(nothing_is_submitted),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
