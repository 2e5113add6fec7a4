#include "cmd/demo.h"

#include "base/time.h"
#include "domain/account/registration.h"
#include "domain/notice.h"
#include "domain/outbox.h"

#define DEMO_PASSWORD "Ame-no-Hi#24"

static const struct {
	const char *email, *who;
	struct registration_form form;
} people[] = {
	{"mai@example.jp", "a student from Viet Nam", {
		.user_type = STR_INIT("foreign_national"), .name = STR_INIT("NGUYEN THI MAI"), .phone = STR_INIT("09012345678"),
		.postal_code = STR_INIT("8740919"), .address = STR_INIT("大分県別府市石垣東１－２－３"), .sex = STR_INIT("female"),
		.birth_year = STR_INIT("2003"), .birth_month = STR_INIT("4"), .birth_day = STR_INIT("9")}},
	{"arjun@example.jp", "a student with a long name", {
		.user_type = STR_INIT("foreign_national"),
		.name = STR_INIT("VENKATANARASIMHARAJUVARIPETA SUBRAMANIAM ARJUN KRISHNAMURTHY"), .phone = STR_INIT("08098765432"),
		.postal_code = STR_INIT("1000001"), .address = STR_INIT("東京都千代田区千代田１－１"), .sex = STR_INIT("male"),
		.birth_year = STR_INIT("2001"), .birth_month = STR_INIT("12"), .birth_day = STR_INIT("31")}},
	{"sato@example.jp", "a scrivener", {
		.user_type = STR_INIT("attorney"), .name = STR_INIT("SATO HANAKO"), .phone = STR_INIT("0312345678"),
		.postal_code = STR_INIT("1000001"), .address = STR_INIT("東京都千代田区千代田２－２"), .sex = STR_INIT("female"),
		.birth_year = STR_INIT("1980"), .birth_month = STR_INIT("2"), .birth_day = STR_INIT("29"),
		.org_name = STR_INIT("佐藤行政書士事務所")}},
};

static const struct notice notices[] = {
	{.title = {[LANG_JA] = STR_INIT("オンラインの窓口《まどぐち》が開《ひら》きました"), [LANG_EN] = STR_INIT("The online counter is open")},
		.body = {[LANG_JA] = STR_INIT("在留《ざいりゅう》期間《きかん》更新《こうしん》許可《きょか》申請《しんせい》（留学《りゅうがく》）を受《う》け付《つ》けています。\n\n"
				       "入力《にゅうりょく》した内容《ないよう》は自動《じどう》で保存《ほぞん》されます。"),
			[LANG_EN] = STR_INIT("Applications for extension of period of stay (Student) are taken.\n\n"
					     "What you type is saved by itself.")}},
	{.title = {[LANG_JA] = STR_INIT("卒業《そつぎょう》する方《かた》へ"), [LANG_EN] = STR_INIT("If you graduate this spring")},
		.body = {[LANG_JA] = STR_INIT("在留《ざいりゅう》期間《きかん》の満了日《まんりょうび》のおおむね３か月《げつ》前《まえ》から申請《しんせい》できます。"),
			[LANG_EN] = STR_INIT("You can apply from about three months before your period of stay ends.")}},
};

/* The link of the mail that has just been queued; the mail itself is not sent. */
static err take_token(struct cx *cx, struct str *token)
{
	struct outbox_mail mail;

	TRY(outbox_claim(cx, STR("demo"), TIME_MINUTE, &mail));
	*token = outbox_value(&mail, STR("token"));
	return outbox_sent(cx, mail.id, STR("demo"));
}

static err no_issues(const struct issues *issues)
{
	if (issues->n == 0)
		return ok();
	return fail(ERR_INTERNAL, "the demo's own form is refused at " STR_FMT, STR_ARG(issues->v[0].path));
}

static err make_person(struct cx *cx, size_t i, struct registration *out)
{
	struct registration_form form = people[i].form;
	struct issues issues = {0};
	struct str email = str_of(people[i].email), token = {0};

	form.password = form.password_again = STR(DEMO_PASSWORD);
	TRY(registration_request(cx, email, email, STR("demo"), &issues));
	TRY(no_issues(&issues));
	TRY(take_token(cx, &token));
	TRY(registration_save(cx, token, &form, &issues));
	TRY(no_issues(&issues));
	TRY(registration_complete(cx, token, out));
	return take_token(cx, &token);
}

static err make_all(struct cx *cx)
{
	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		struct registration registration;

		TRY(make_person(cx, i, &registration));
		printf("  " STR_FMT "  %-18s password %s  (%s)\n", STR_ARG(registration.user_id), people[i].email, DEMO_PASSWORD,
			people[i].who);
	}
	for (size_t i = 0; i < sizeof notices / sizeof *notices; i++) {
		struct notice notice = notices[i];
		int64_t id;

		notice.published_at = cx->now - (int64_t)i * 20 * TIME_DAY;
		TRY(notice_add(cx, &notice, &id));
	}
	return ok();
}

enum exit_code demo_make(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	err e = make_all(&cx);

	cx_end(&cx);
	if (!failed(e))
		return EXIT_DONE;
	program_complain("demo people", e);
	return program_exit_of(e);
}
