#include "mail/message.h"

#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mail/body.h"
#include "mail/mailbox.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Golden messages lie beside this file; mail/reparse.py reads them with another program's parser.
 */
#ifndef SOURCE_ROOT
#define SOURCE_ROOT "."
#endif

static struct arena arena;

static const struct mail plain = {
	.from_name = STR_INIT("Counter"),
	.from = STR_INIT("no-reply@counter.example"),
	.to = STR_INIT("a@b.example"),
	.subject = STR_INIT("Hello"),
	.text = STR_INIT("Hello\n"),
	.message_id = STR_INIT("0123abc"),
	.languages = STR_INIT("en, ja"),
	.at = INT64_C(1795410187000),
};

static err write_mail(const struct mail *mail, struct str *out)
{
	struct buf message;

	buf_init(&message, &arena, LIMIT_MAIL);
	err result = mail_write(&message, mail);
	*out = buf_view(&message);
	return result;
}

/* ---- injection ---- */

static void refuses_what_could_become_a_header(void **state)
{
	static const struct str hostile[] = {
		STR_INIT("a\r\nBcc: c@d.example"),
		STR_INIT("a\nBcc: c@d.example"),
		STR_INIT("a\rBcc: c@d.example"),
		STR_INIT("a\r\n\r\nbody"),
		STR_INIT("a\0b"),
		STR_INIT("a\x1b[31m"),
		STR_INIT("a\x7f"),
		STR_INIT("a\xe2\x80\xae"),
		STR_INIT("\xff"),
		STR_INIT("a\xc2\x85"
			 "b"),
		STR_INIT("a\n b"),
		STR_INIT("a\r\n b"),
		STR_INIT("\n"),
		STR_INIT("\r"),
		STR_INIT("a\x0b"),
		STR_INIT("a\x0c"),
	};
	struct str out;

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct mail mails[] = {plain, plain, plain, plain, plain, plain};
		mails[0].from_name = hostile[i];
		mails[1].subject = hostile[i];
		mails[2].from = hostile[i];
		mails[3].to = hostile[i];
		mails[4].message_id = hostile[i];
		mails[5].languages = hostile[i];
		for (size_t k = 0; k < sizeof(mails) / sizeof(mails[0]); k++)
			if (write_mail(&mails[k], &out).code != ERR_INVALID)
				fail_msg("value %zu taken as field %zu", i, k);
	}
}

static void refuses_ids_and_addresses_of_another_form(void **state)
{
	static const struct str ids[] = {
		STR_INIT(""),
		STR_INIT("a b"),
		STR_INIT("a@b"),
		STR_INIT("<a>"),
		STR_INIT(".a"),
		STR_INIT("a."),
		STR_INIT("a..b"),
		STR_INIT("ä"),
		STR_INIT("12345678901234567890123456789012345678901234567890123456789012345"),
	};
	struct str out;

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct mail mail = plain;
		mail.message_id = ids[i];
		assert_int_equal(write_mail(&mail, &out).code, ERR_INVALID);
	}
	struct mail two = plain;
	two.to = STR("a@b.example, c@d.example");
	assert_int_equal(write_mail(&two, &out).code, ERR_INVALID);
}

/* Whatever stands in the text: one message, CRLF only, no line that a relay could take for the end
 * or for another header. */
static void body_stays_a_body(void **state)
{
	static const struct str texts[] = {
		STR_INIT("\n.\n"),
		STR_INIT("a\r\n.\r\nMAIL FROM:<x@y.example>\r\n"),
		STR_INIT("a\r.\rb"),
		STR_INIT("a\n.\r\nb"),
		STR_INIT("\r.\r"),
		STR_INIT("."),
		STR_INIT(".."),
		STR_INIT("\n\n..\n"),
		STR_INIT("From here\nFrom there"),
		STR_INIT("Bcc: a@b.example\n\nx"),
		STR_INIT("\0\0\n\x01"),
		STR_INIT("\xff\xfe\n"),
		STR_INIT(""),
		STR_INIT("\r\n\r\n"),
		STR_INIT("窓口\n.\n窓口\rFrom 窓口"),
		STR_INIT("a \nb\t\n \n"),
		STR_INIT("=2E\n=\n=0D=0A"),
		STR_INIT("\xe2\x80\xa8.\xc2\x85.\n"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct mail mail = plain;
		struct str message, rest, line;
		bool body = false;
		mail.text = texts[i];
		assert_int_equal(write_mail(&mail, &message).code, OK);
		assert_true(str_ends(message, STR("\r\n")));
		rest = message;
		while (str_next(&rest, '\n', &line)) {
			assert_true(str_ends(line, STR("\r")));
			line = str_sub(line, 0, line.n - 1);
			assert_true(line.n <= 76);
			for (size_t k = 0; k < line.n; k++)
				assert_true((line.p[k] >= ' ' && line.p[k] <= '~') ||
					    line.p[k] == '\t');
			assert_false(body && str_starts(line, STR(".")));
			assert_false(body && str_starts(line, STR("From ")));
			assert_false(body && line.n &&
				     (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'));
			body = body || !line.n;
		}
		assert_true(body);
		assert_true(
			str_find(str_skip(message, (size_t)str_find(message, STR("\r\n\r\n")) + 4),
				STR("\n.\r")) < 0);
	}
}

static void too_long_a_text_is_refused_not_cut(void **state)
{
	struct mail mail = plain;
	struct buf text;
	struct str out;

	(void)state;
	buf_init(&text, &arena, 1u << 20);
	while (text.n < LIMIT_MAIL)
		buf_lit(&text,
			"0123456789012345678901234567890123456789012345678901234567890123\n");
	mail.text = buf_view(&text);
	assert_int_equal(write_mail(&mail, &out).code, ERR_LIMIT);
	/* A text that fits as it is, but not when it is encoded. */
	mail.text = str_sub(mail.text, 0, LIMIT_MAIL - 1200);
	assert_int_equal(write_mail(&mail, &out).code, ERR_LIMIT);
	mail.text = str_sub(mail.text, 0, LIMIT_MAIL / 2);
	assert_int_equal(write_mail(&mail, &out).code, OK);
}

/* ---- forms ---- */

static struct str header_of(struct str message, const char *name)
{
	ptrdiff_t at = str_find(message, str_fmt(&arena, "\r\n%s", name));
	struct str rest = str_skip(message, (size_t)at + 2), line;
	size_t n = 0;

	assert_true(at >= 0);
	while (str_next(&rest, '\n', &line)) {
		n += line.n + 1;
		if (rest.p[0] != ' ')
			break;
	}
	return str_sub(message, (size_t)at + 2, n);
}

static void assert_text(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got  %.*s\nwant %s", (int)got.n, got.p, want);
}

static void headers_have_their_forms(void **state)
{
	struct mail mail = plain;
	struct str out;

	(void)state;
	assert_int_equal(write_mail(&mail, &out).code, OK);
	assert_true(str_starts(out, STR("Date: Mon, 23 Nov 2026 14:03:07 +0900\r\n")));
	assert_text(
		header_of(out, "From:"), "From: \"Counter\"\r\n <no-reply@counter.example>\r\n");
	assert_text(header_of(out, "To:"), "To: <a@b.example>\r\n");
	assert_text(header_of(out, "Subject:"), "Subject: Hello\r\n");
	assert_text(header_of(out, "Message-ID:"), "Message-ID: <0123abc@counter.example>\r\n");
	assert_text(header_of(out, "Auto-Submitted:"), "Auto-Submitted: auto-generated\r\n");
	assert_text(header_of(out, "Content-Language:"), "Content-Language: en, ja\r\n");

	mail.from_name = STR("Counter \"A\\B\", Tokyo");
	mail.to = STR("a..b@example.ne.jp");
	mail.languages = STR("");
	mail.subject = STR("a =?UTF-8?B?eA==?= b");
	assert_int_equal(write_mail(&mail, &out).code, OK);
	assert_text(header_of(out, "From:"),
		"From: \"Counter \\\"A\\\\B\\\", Tokyo\"\r\n <no-reply@counter.example>\r\n");
	assert_text(header_of(out, "To:"), "To: <\"a..b\"@example.ne.jp>\r\n");
	assert_text(header_of(out, "Subject:"),
		"Subject: =?UTF-8?B?YSA9P1VURi04P0I/ZUE9PT89IGI=?=\r\n");
	assert_true(str_find(out, STR("Content-Language")) < 0);

	mail.from_name = STR("");
	assert_int_equal(write_mail(&mail, &out).code, OK);
	assert_text(header_of(out, "From:"), "From: <no-reply@counter.example>\r\n");
}

static void same_values_same_bytes(void **state)
{
	struct str first, second;

	(void)state;
	assert_int_equal(write_mail(&plain, &first).code, OK);
	assert_int_equal(write_mail(&plain, &second).code, OK);
	assert_true(str_eq(first, second));
}

/* Every length from nothing to several encoded words, in characters of 1 to 4 bytes. */
static void encoded_words_keep_characters_whole(void **state)
{
	static const char *const characters[] = {"a", "é", "窓", "𠮷"};

	(void)state;
	for (size_t c = 0; c < sizeof(characters) / sizeof(characters[0]); c++)
		for (size_t n = 0; n < 90; n++) {
			struct mail mail = plain;
			struct mailbox_mail read;
			struct str message, rest, line, word;
			struct buf subject;
			buf_init(&subject, &arena, 4096);
			for (size_t i = 0; i < n; i++)
				buf_c(&subject, characters[c]);
			mail.subject = mail.from_name = buf_view(&subject);
			assert_int_equal(write_mail(&mail, &message).code, OK);
			assert_int_equal(mailbox_parse(&arena, message, &read).code, OK);
			assert_true(str_eq(read.subject, mail.subject));
			rest = header_of(message, "Subject:");
			while (str_next(&rest, '\n', &line)) {
				assert_true(line.n <= 77);
				struct str words = line;
				while (str_next(&words, ' ', &word)) {
					struct str one = str_trim(word);
					if (!str_starts(one, STR("=?")))
						continue;
					assert_true(one.n <= 75);
					struct str single = str_fmt(&arena,
						"To: <a@b.example>\r\nSubject: " STR_FMT
						"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
						STR_ARG(one));
					assert_int_equal(mailbox_parse(&arena, single, &read).code,
						OK); /* valid UTF-8 by itself */
				}
			}
			arena_reset(&arena);
		}
}

static void quoted_printable_lines_are_short_and_come_back(void **state)
{
	(void)state;
	for (size_t n = 0; n < 400; n++) {
		static const char alphabet[] = "abcdefghijklm =.F\tz\xc3\xa9\n";
		struct buf text, encoded, normal;
		struct mailbox_mail read;
		struct mail mail = plain;
		struct str message;
		buf_init(&text, &arena, 4096);
		buf_init(&encoded, &arena, 16384);
		buf_init(&normal, &arena, 16384);
		for (size_t i = 0; i < n; i++)
			buf_byte(&text, alphabet[random_below(sizeof(alphabet) - 1)]);
		body_normalize(&normal, buf_view(&text));
		quoted_printable_write(&encoded, buf_view(&normal));
		struct str rest = buf_view(&encoded), line;
		while (str_next(&rest, '\n', &line))
			assert_true(line.n <= 77 && str_ends(line, STR("\r")));
		mail.text = buf_view(&text);
		assert_int_equal(write_mail(&mail, &message).code, OK);
		assert_int_equal(mailbox_parse(&arena, message, &read).code, OK);
		/* The normal form with LF instead of CRLF. */
		struct buf want;
		buf_init(&want, &arena, 16384);
		for (size_t i = 0; i < normal.n; i++)
			if (normal.p[i] != '\r')
				buf_byte(&want, normal.p[i]);
		assert_true(str_eq(read.body, buf_view(&want)));
		arena_reset(&arena);
	}
}

static void the_shorter_encoding_is_taken(void **state)
{
	struct mail mail = plain;
	struct str out;

	(void)state;
	mail.text = STR("An English text with one word: 窓口. Otherwise it is ASCII, and stays "
			"readable as it stands.\n");
	assert_int_equal(write_mail(&mail, &out).code, OK);
	assert_text(header_of(out, "Content-Transfer-Encoding:"),
		"Content-Transfer-Encoding: quoted-printable\r\n");
	mail.text = STR("日本語だけの文章です。\n");
	assert_int_equal(write_mail(&mail, &out).code, OK);
	assert_text(header_of(out, "Content-Transfer-Encoding:"),
		"Content-Transfer-Encoding: base64\r\n");
}

/* ---- golden ---- */

static const struct {
	const char *name;
	struct mail mail;
} golden[] = {
	{"ascii", {.from_name = STR_INIT("Residence Application Counter"),
			  .from = STR_INIT("no-reply@counter.example"),
			  .to = STR_INIT("taro@mail.example"),
			  .subject = STR_INIT("Your user ID"),
			  .text = STR_INIT("Your user "
					   "ID:\nABCDE12345\n\nhttps://counter.example/"
					   "login\n.\n..\nFrom here = there \nend"),
			  .message_id = STR_INIT("5f0c2b9a77"),
			  .languages = STR_INIT("en"),
			  .at = INT64_C(1795410187000)}},
	{"japanese", {.from_name = STR_INIT("在留申請の窓口"),
			     .from = STR_INIT("no-reply@counter.example"),
			     .to = STR_INIT("hanako..y@carrier.example"),
			     .subject = STR_INIT("【在留申請の窓口】申請を受け付けました（202611230"
						 "017）とても長い件名でも文字の途中では切れません"),
			     .text = STR_INIT(
				     "2026年11月23日 "
				     "14時03分（日本時間）に、次の申請を受け付けました。\r\n\r\n整"
				     "理番号：202611230017\r仮受付番号：東オン留T26000123\n\n"),
			     .message_id = STR_INIT("0a1b.2c3d"),
			     .languages = STR_INIT("ja"),
			     .at = INT64_C(1795410187000)}},
	{"both", {.from_name = STR_INIT("窓口 \"A\", B"),
			 .from = STR_INIT("no-reply@counter.example"),
			 .to = STR_INIT("o'neil+tag@mail.example"),
			 .subject = STR_INIT("[Counter] Application received (202611230017) – a "
					     "subject longer than one line of seventy-six"),
			 .text = STR_INIT("An application was received on 23 November 2026, 14:03 "
					  "(Japan time). This line is long enough to be folded.\n"
					  "Applicant: NGUYỄN VĂN "
					  "𠮷\n\n----\n\n申請を受け付けました。\n\t字下げ \n"),
			 .message_id = STR_INIT("abc-1"),
			 .languages = STR_INIT("en, ja"),
			 .at = INT64_C(1709175600000)}},
	{"hostile", {.from_name = STR_INIT("=?UTF-8?Q?x?="),
			    .from = STR_INIT("no-reply@counter.example"),
			    .to = STR_INIT("a@b.example"),
			    .subject = STR_INIT("=?UTF-8?B?eA==?="),
			    .text = STR_INIT("\r\n.\r\nRSET\r\nMAIL "
					     "FROM:<x@y.example>\r\n\n.\n\r.\r\0\x1b[2J\xff\n--"
					     "b\nContent-Type: text/html\n\n<b>"),
			    .message_id = STR_INIT("x"),
			    .languages = STR_INIT("en"),
			    .at = 0}},
	{"empty", {.from = STR_INIT("no-reply@counter.example"),
			  .to = STR_INIT("a@b.example"),
			  .message_id = STR_INIT("y")}},
};

static struct str read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	struct buf text;
	char part[4096];
	size_t n;

	if (!file)
		fail_msg("%s is not there", path);
	buf_init(&text, &arena, LIMIT_MAIL);
	while ((n = fread(part, 1, sizeof(part), file)) > 0)
		buf_bytes(&text, part, n);
	fclose(file);
	return buf_view(&text);
}

/* With GOLDEN_WRITE=1 in the environment the files are written anew; look at the difference before
 * it is kept. */
static void golden_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		const char *path = str_c(&arena,
			str_fmt(&arena, "%s/tests/unit/mail/%s.eml", SOURCE_ROOT, golden[i].name));
		struct str message;
		assert_int_equal(write_mail(&golden[i].mail, &message).code, OK);
		if (getenv("GOLDEN_WRITE")) {
			FILE *file = fopen(path, "we");
			assert_non_null(file);
			assert_int_equal(fwrite(message.p, 1, message.n, file), message.n);
			assert_int_equal(fclose(file), 0);
		}
		assert_text(message, str_c(&arena, read_file(path)));
	}
}

static int start(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
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
		cmocka_unit_test(refuses_what_could_become_a_header),
		cmocka_unit_test(refuses_ids_and_addresses_of_another_form),
		cmocka_unit_test(body_stays_a_body),
		cmocka_unit_test(too_long_a_text_is_refused_not_cut),
		cmocka_unit_test(headers_have_their_forms),
		cmocka_unit_test(same_values_same_bytes),
		cmocka_unit_test(encoded_words_keep_characters_whole),
		cmocka_unit_test(quoted_printable_lines_are_short_and_come_back),
		cmocka_unit_test(the_shorter_encoding_is_taken),
		cmocka_unit_test(golden_messages),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
