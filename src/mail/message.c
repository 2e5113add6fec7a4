#include "mail/message.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mail/body.h"
#include "net/mail_address.h"

enum {
	LINE = 76,
	WORD_FRAME = sizeof("=?UTF-8?B?"
			    "?=") -
		     1
};

/* Text that may stand in a header: valid, visible, on one line. */
static bool header_safe(struct str text)
{
	if (!utf8_valid(text))
		return false;
	while (text.n)
		if (utf8_is_hidden(utf8_next(&text)))
			return false;
	return true;
}

static bool all_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	return true;
}

/* The longest beginning of text, of whole characters, whose Base64 form has at most `room`
 * characters. */
static struct str chunk(struct str text, size_t room)
{
	size_t n = room / 4 * 3;

	if (text.n <= n)
		return text;
	while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80)
		n--;
	return str_sub(text, 0, n);
}

/* RFC 2047 encoded words, one a line; `column` is where the first one begins. */
static void write_encoded_words(struct buf *out, struct str text, size_t column)
{
	while (text.n) {
		struct str part = chunk(text, LINE - column - WORD_FRAME);
		buf_lit(out, "=?UTF-8?B?");
		base64_write(out, part, 0);
		buf_lit(out, "?=");
		text = str_skip(text, part.n);
		if (text.n)
			buf_lit(out, "\r\n ");
		column = 1;
	}
}

static void write_subject(struct buf *out, struct str subject)
{
	static const size_t column = sizeof("Subject: ") - 1;

	buf_lit(out, "Subject: ");
	/* Plain words that could be taken for encoded ones are encoded too. */
	if (all_ascii(subject) && subject.n <= LINE - column && str_find(subject, STR("=?")) < 0)
		buf_str(out, subject);
	else
		write_encoded_words(out, subject, column);
	buf_lit(out, "\r\n");
}

/* RFC 5322 3.2.4; only for text that needs no encoding. */
static void write_quoted(struct buf *out, struct str text)
{
	buf_lit(out, "\"");
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_lit(out, "\\");
		buf_byte(out, text.p[i]);
	}
	buf_lit(out, "\"");
}

static void write_from(struct buf *out, struct str name, struct str address)
{
	static const size_t column = sizeof("From: ") - 1;

	buf_lit(out, "From: ");
	if (name.n) {
		/* Half a line: room for quotes and escapes. */
		if (all_ascii(name) && name.n <= LINE / 2 && str_find(name, STR("=?")) < 0)
			write_quoted(out, name);
		else
			write_encoded_words(out, name, column);
		buf_lit(out, "\r\n ");
	}
	buf_lit(out, "<");
	buf_str(out, mail_address_path(out->arena, address));
	buf_lit(out, ">\r\n");
}

static bool id_valid(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!isalnum((unsigned char)id.p[i]) && id.p[i] != '-' && id.p[i] != '.')
			return false;
	return id.n && id.n <= 64 && all_ascii(id) && !str_starts(id, STR(".")) &&
	       !str_ends(id, STR(".")) && str_find(id, STR("..")) < 0;
}

static bool languages_valid(struct str tags)
{
	for (size_t i = 0; i < tags.n; i++)
		if (!isalnum((unsigned char)tags.p[i]) && tags.p[i] != '-' && tags.p[i] != ',' &&
			tags.p[i] != ' ')
			return false;
	return all_ascii(tags) && tags.n <= LINE - sizeof("Content-Language: ");
}

static err check(const struct mail *mail)
{
	if (!mail_address_valid(mail->from))
		return fail(ERR_INVALID, "the sender is no mail address");
	if (!mail_address_valid(mail->to))
		return fail(ERR_INVALID, "the recipient is no mail address");
	if (!header_safe(mail->from_name) || !header_safe(mail->subject))
		return fail(ERR_INVALID, "a header holds a control or invisible character");
	if (!id_valid(mail->message_id))
		return fail(ERR_INVALID, "the message id is not of letters, digits, '.' and '-'");
	return languages_valid(mail->languages) ? ok()
						: fail(ERR_INVALID, "the languages are not tags");
}

err mail_write(struct buf *out, const struct mail *mail)
{
	TRY(check(mail));
	buf_lit(out, "Date: ");
	time_write_mail(out, mail->at);
	buf_lit(out, "\r\n");
	write_from(out, mail->from_name, mail->from);
	buf_lit(out, "To: <");
	buf_str(out, mail_address_path(out->arena, mail->to));
	buf_lit(out, ">\r\n");
	write_subject(out, mail->subject);
	buf_lit(out, "Message-ID: <");
	buf_str(out, mail->message_id);
	buf_lit(out, "@");
	buf_str(out, mail_address_domain(mail->from));
	buf_lit(out, ">\r\n");
	/* RFC 3834: nobody's holiday notice shall answer. */
	buf_lit(out, "Auto-Submitted: auto-generated\r\n");
	if (mail->languages.n) {
		buf_lit(out, "Content-Language: ");
		buf_str(out, mail->languages);
		buf_lit(out, "\r\n");
	}
	buf_lit(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n");
	return body_write(out, mail->text);
}
