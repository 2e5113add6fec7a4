/*
 * The values of a mail, with 0x1e between them: name, subject, recipient, id, text. What is taken
 * becomes one message of ASCII lines with CRLF that holds one recipient and no header but ours, and
 * is read back as what went in. The input is also read as a message.
 */

#include "fuzz.h"

#include "base/limits.h"
#include "mail/body.h"
#include "mail/mailbox.h"
#include "mail/message.h"
#include "net/mail_address.h"

static const struct str headers[] = {
	STR_INIT("Date: "),
	STR_INIT("From: "),
	STR_INIT("To: "),
	STR_INIT("Subject: "),
	STR_INIT("Message-ID: "),
	STR_INIT("Auto-Submitted: "),
	STR_INIT("Content-Language: "),
	STR_INIT("MIME-Version: "),
	STR_INIT("Content-Type: "),
	STR_INIT("Content-Transfer-Encoding: "),
};

static bool is_our_header(struct str line)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (str_starts(line, headers[i]))
			return true;
	return str_starts(line, STR(" ")); /* folded */
}

static void check_lines(struct str message)
{
	struct str rest = message, line;
	size_t recipients = 0;
	bool body = false;

	while (str_next(&rest, '\n', &line)) {
		MUST(str_ends(line, STR("\r")));
		line = str_sub(line, 0, line.n - 1);
		MUST(line.n <= (body ? 76 : 998));
		for (size_t i = 0; i < line.n; i++)
			MUST((line.p[i] >= ' ' && line.p[i] <= '~') || line.p[i] == '\t');
		MUST(body || !line.n || is_our_header(line));
		MUST(!body || (!str_starts(line, STR(".")) && !str_starts(line, STR("From "))));
		recipients += !body && str_starts(line, STR("To: "));
		body = body || !line.n;
	}
	MUST(body && recipients == 1 && str_ends(message, STR("\r\n")));
}

static void check_values(struct arena *arena, const struct mail *mail, struct str message)
{
	struct mailbox_mail read = {0};
	struct buf normal, lf;

	MUST(!failed(mailbox_parse(arena, message, &read)));
	MUST(str_eq(read.to, mail_address_path(arena, mail->to)));
	MUST(str_eq(str_trim(read.subject), str_trim(mail->subject)));
	buf_init(&normal, arena, LIMIT_MAIL);
	buf_init(&lf, arena, LIMIT_MAIL);
	body_normalize(&normal, mail->text);
	for (size_t i = 0; i < normal.n; i++)
		if (normal.p[i] != '\r')
			buf_byte(&lf, normal.p[i]);
	MUST(str_eq(read.body, buf_view(&lf)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_make((const char *)data, size), field[4] = {{0}};
	struct mailbox_mail any = {0};
	struct buf message;
	AUTO_ARENA arena;

	if (size > LIMIT_MAIL)
		return 0;
	arena_init(&arena, 64u << 20);
	IGNORE(mailbox_parse(
		&arena, rest, &any)); /* hostile input: any answer is good, as long as it is one */
	for (size_t i = 0; i < 4; i++)
		if (!str_next(&rest, 0x1e, &field[i]))
			field[i] = STR("");
	struct mail mail = {
		.from_name = field[0],
		.from = STR("no-reply@counter.example"),
		.subject = field[1],
		.to = field[2],
		.message_id = field[3],
		.text = rest,
		.languages = STR("en, ja"),
		.at = 1795410187000,
	};
	buf_init(&message, &arena, LIMIT_MAIL);
	if (failed(mail_write(&message, &mail)))
		return 0;
	check_lines(buf_view(&message));
	check_values(&arena, &mail, buf_view(&message));
	return 0;
}
