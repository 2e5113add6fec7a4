#include "mail/letter.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/definition/procedure.h"
#include "domain/portal.h"
#include "mail/mailbox.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#ifndef SOURCE_ROOT
#define SOURCE_ROOT "."
#endif

/* 2026-11-23 14:03:07 in Japan. */
#define NOW INT64_C(1795410187000)

static struct arena arena;
static struct catalogue catalogue;
static struct portal portal;
static struct cx cx;

static const struct letter_contact contact = {
	.phone = STR_INIT("0570-000-000"),
	.hours = {[LANG_JA] = STR_INIT("平日 9時から17時まで"),
		[LANG_EN] = STR_INIT("weekdays 9:00–17:00, Japan time")},
	.email = STR_INIT("help@counter.example"),
};

static const struct msg_arg values[] = {
	{STR_INIT("token"), STR_INIT("T0ken-_abc")},
	{STR_INIT("expires_at"), STR_INIT("1795496587000")},
	{STR_INIT("until_at"), STR_INIT("1795450000000")},
	{STR_INIT("changed_at"), STR_INIT("1795410187000")},
	{STR_INIT("submitted_at"), STR_INIT("1795410187000")},
	{STR_INIT("user_id"), STR_INIT("ABCDE12345")},
	{STR_INIT("name"), STR_INIT("NGUYEN VAN AN")},
	{STR_INIT("reference"), STR_INIT("202611230017")},
	{STR_INIT("temporary_no"), STR_INIT("東オン留T26000123")},
	{STR_INIT("procedure"), STR_INIT("extension")},
	{STR_INIT("office"), STR_INIT("tokyo")},
	{STR_INIT("draft"), STR_INIT("1234567890")},
	{STR_INIT("last_on"), STR_INIT("20261130")},
	{STR_INIT("decided_at"), STR_INIT("1795410187000")},
	{STR_INIT("note"), STR_INIT("Please bring your card.")},
};

static struct outbox_mail mail_of(enum mail_template template, const char *lang)
{
	struct msg_arg *own =
		arena_array(&arena, struct msg_arg, sizeof(values) / sizeof(values[0]));

	memcpy(own, values, sizeof(values));
	return (struct outbox_mail){.id = 1,
		.recipient = STR("a@b.example"),
		.template = template,
		.lang = str_of(lang),
		.values = own,
		.value_count = sizeof(values) / sizeof(values[0]),
		.created_at = NOW,
		.message_id = STR("0123456789abcdef")};
}

static void set_value(struct outbox_mail *mail, const char *name, struct str value)
{
	for (size_t i = 0; i < mail->value_count; i++)
		if (str_eq(mail->values[i].name, str_of(name)))
			mail->values[i].value = value;
}

static struct mailbox_mail read_letter(const struct outbox_mail *mail)
{
	struct mailbox_mail read = {0};
	struct str message;

	assert_int_equal(letter_write(&cx, &contact, mail, &message).code, OK);
	assert_int_equal(mailbox_parse(&arena, message, &read).code, OK);
	return read;
}

/* ---- hostile ---- */

static void refuses_recipients_that_are_none(void **state)
{
	static const struct str bad[] = {
		STR_INIT(""),
		STR_INIT("a"),
		STR_INIT("a@b.example\r\nBcc: c@d.example"),
		STR_INIT("a@b.example, c@d.example"),
		STR_INIT("A <a@b.example>"),
	};
	struct str message;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct outbox_mail mail = mail_of(MAIL_RESET, "en");
		mail.recipient = bad[i];
		assert_int_equal(letter_write(&cx, &contact, &mail, &message).code, ERR_INVALID);
	}
}

/* Values from people stay in the text, wherever they stand. */
static void values_cannot_leave_their_place(void **state)
{
	static const struct str hostile[] = {
		STR_INIT("x\r\nBcc: c@d.example\r\n\r\nhttps://evil.example/"),
		STR_INIT("x\n.\nRSET\n"),
		STR_INIT("\0\x1b[2J"),
		STR_INIT("\xff\xfe"),
		STR_INIT("{service}{until}{{t x}}"),
		STR_INIT("../../?a=b#c"),
		STR_INIT("<script>"),
		STR_INIT("%s%n%0d%0a"),
	};

	(void)state;
	for (size_t h = 0; h < sizeof(hostile) / sizeof(hostile[0]); h++)
		for (enum mail_template t = 0; t < MAIL_TEMPLATE_COUNT; t++) {
			struct outbox_mail mail = mail_of(t, "en");
			struct mailbox_mail read = {0};
			struct str message;
			for (size_t i = 0; i < mail.value_count; i++)
				mail.values[i].value = hostile[h];
			err result = letter_write(&cx, &contact, &mail, &message);
			/* The reference stands in a subject: there a line end is refused. */
			bool says_number = t == MAIL_APPLICATION_RECEIVED || t == MAIL_USAGE_ACCEPTED || t == MAIL_USAGE_REFUSED;
			if (says_number && result.code == ERR_INVALID)
				continue;
			assert_int_equal(result.code, OK);
			assert_int_equal(mailbox_parse(&arena, message, &read).code, OK);
			assert_true(str_eq(read.to, STR("a@b.example")));
			struct str head =
				str_sub(message, 0, (size_t)str_find(message, STR("\r\n\r\n")));
			assert_true(
				str_find(head, STR("Bcc")) < 0 && str_find(head, STR("evil")) < 0);
			/* A token cannot lead elsewhere: in a link it is percent-encoded. */
			if (t == MAIL_RESET || t == MAIL_REGISTRATION || t == MAIL_LOCKED)
				assert_true(str_find(read.body, STR("://evil")) < 0);
			arena_reset(&arena);
		}
}

static void missing_values_leave_gaps_not_faults(void **state)
{
	(void)state;
	for (enum mail_template t = 0; t < MAIL_TEMPLATE_COUNT; t++) {
		struct outbox_mail mail = mail_of(t, "xx");
		mail.value_count = 0;
		struct mailbox_mail read = read_letter(&mail);
		assert_true(read.body.n > 100);
	}
}

/* ---- form ---- */

static size_t count_of(struct str text, struct str what)
{
	size_t n = 0;
	ptrdiff_t at;

	while ((at = str_find(text, what)) >= 0) {
		n++;
		text = str_skip(text, (size_t)at + what.n);
	}
	return n;
}

static void links_are_ours_and_stand_alone(void **state)
{
	(void)state;
	for (enum mail_template t = 0; t < MAIL_TEMPLATE_COUNT; t++) {
		struct outbox_mail mail = mail_of(t, "en");
		struct mailbox_mail read = read_letter(&mail);
		struct str rest = read.body, line;
		size_t links = 0;
		while (str_next(&rest, '\n', &line)) {
			if (str_find(line, STR("://")) < 0)
				continue;
			bool alone = str_starts(line, STR("https://counter.example/")) &&
				     str_find_byte(line, ' ') < 0;
			bool caution = str_find(line, STR("https://counter.example/")) >= 0 &&
				       count_of(line, STR("://")) == 1;
			assert_true(alone || caution);
			links += alone && line.n > sizeof("https://counter.example/") - 1;
		}
		/* In both languages the same ones. */
		assert_true(links >= 2 && links % 2 == 0);
	}
}

static void japanese_follows_other_languages(void **state)
{
	(void)state;
	for (enum mail_template t = 0; t < MAIL_TEMPLATE_COUNT; t++) {
		struct outbox_mail en = mail_of(t, "en"), ja = mail_of(t, "ja"),
				   unknown = mail_of(t, "tlh");
		struct mailbox_mail both = read_letter(&en), one = read_letter(&ja),
				    other = read_letter(&unknown);
		assert_true(str_ends(both.body, one.body));
		assert_true(both.body.n > one.body.n + 100);
		assert_true(str_eq(other.body, one.body));
		assert_true(str_eq(other.subject, one.subject));
		assert_false(str_eq(both.subject, one.subject));
		assert_true(str_find(both.body, STR("{")) < 0);
		assert_true(str_find(both.subject, STR("{")) < 0 &&
			    str_find(one.subject, STR("{")) < 0);
		assert_true(str_find(one.body, STR("《")) < 0);
		/* The name only where the mail is a proof. */
		assert_int_equal(
			str_find(both.body, STR("NGUYEN")) >= 0, t == MAIL_APPLICATION_RECEIVED);
	}
}

static void a_second_try_sends_the_same_bytes(void **state)
{
	struct outbox_mail mail = mail_of(MAIL_RESET, "en");
	struct str first, second;

	(void)state;
	assert_int_equal(letter_write(&cx, &contact, &mail, &first).code, OK);
	mail.attempts = 3;
	cx.now += 5 * TIME_HOUR;
	assert_int_equal(letter_write(&cx, &contact, &mail, &second).code, OK);
	cx.now = NOW;
	assert_true(str_eq(first, second));
	assert_true(
		str_find(first, STR("\r\nMessage-ID: <0123456789abcdef@counter.example>\r\n")) > 0);
}

static void good_until_the_link_expires_or_five_days(void **state)
{
	struct outbox_mail mail = mail_of(MAIL_RESET, "en");

	(void)state;
	assert_int_equal(letter_good_until(&mail), INT64_C(1795496587000));
	set_value(&mail, "expires_at", STR("99999999999999"));
	assert_int_equal(letter_good_until(&mail), NOW + 5 * TIME_DAY);
	set_value(&mail, "expires_at", STR("nonsense"));
	assert_int_equal(letter_good_until(&mail), NOW + 5 * TIME_DAY);
	struct outbox_mail locked = mail_of(MAIL_LOCKED, "en");
	assert_int_equal(letter_good_until(&locked), NOW + 5 * TIME_DAY);
}

/* login_policy = delays ends so: no date is told that does not come. */
static void a_lock_without_an_end(void **state)
{
	struct outbox_mail mail = mail_of(MAIL_LOCKED, "en");

	(void)state;
	set_value(&mail, "until_at", str_fmt(&arena, "%lld", (long long)INT64_MAX));
	struct str body = read_letter(&mail).body;
	assert_true(str_find(body, STR("Nobody can log in to your account until you open the link below or set a new password")) > 0);
	assert_true(str_find(body, STR("until .")) < 0);
	assert_true(str_find(body, STR("After that, you can log in again")) < 0);
	assert_true(str_find(body, STR("do not want to wait")) < 0);
	assert_true(str_find(body, STR("/unlock/")) > 0);
}

/* ---- golden: every letter, to be read by people ---- */

static void golden_letters(void **state)
{
	const char *path = SOURCE_ROOT "/tests/unit/mail/letters.txt";
	struct buf all, want;
	char part[4096];
	size_t n;

	(void)state;
	buf_init(&all, &arena, LIMIT_PAGE);
	for (enum mail_template t = 0; t < MAIL_TEMPLATE_COUNT; t++) {
		struct outbox_mail mail = mail_of(t, "en");
		struct mailbox_mail read = read_letter(&mail);
		struct outbox_mail ja = mail_of(t, "ja");
		buf_lit(&all, "======== ");
		buf_str(&all, mail_template_names[t]);
		buf_lit(&all, "\n");
		buf_str(&all, read.subject);
		buf_lit(&all, "\n");
		buf_str(&all, read_letter(&ja).subject);
		buf_lit(&all, "\n\n");
		buf_str(&all, read.body);
	}
	if (getenv("GOLDEN_WRITE")) {
		FILE *out = fopen(path, "we");
		assert_non_null(out);
		assert_int_equal(fwrite(all.p, 1, all.n, out), all.n);
		assert_int_equal(fclose(out), 0);
	}
	FILE *file = fopen(path, "re");
	if (!file)
		fail_msg("%s is not there", path);
	buf_init(&want, &arena, LIMIT_PAGE);
	while ((n = fread(part, 1, sizeof(part), file)) > 0)
		buf_bytes(&want, part, n);
	fclose(file);
	assert_true(str_eq(buf_view(&all), buf_view(&want)));
}

static int start(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	settings_init(&portal.settings);
	portal.settings.base_url = STR("https://counter.example");
	portal.settings.service_name[LANG_JA] = STR("在留申請の窓口");
	portal.settings.service_name[LANG_EN] = STR("Residence Application Counter");
	portal.settings.mail_from = STR("no-reply@counter.example");
	portal.catalogue = &catalogue;
	cx = (struct cx){.arena = &arena,
		.portal = &portal,
		.locale = locale_get(LANG_JA, false),
		.now = NOW};
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_recipients_that_are_none),
		cmocka_unit_test(values_cannot_leave_their_place),
		cmocka_unit_test(missing_values_leave_gaps_not_faults),
		cmocka_unit_test(links_are_ours_and_stand_alone),
		cmocka_unit_test(japanese_follows_other_languages),
		cmocka_unit_test(a_second_try_sends_the_same_bytes),
		cmocka_unit_test(good_until_the_link_expires_or_five_days),
		cmocka_unit_test(a_lock_without_an_end),
		cmocka_unit_test(golden_letters),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
