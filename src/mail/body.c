#include "mail/body.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/utf8.h"

enum { LINE = 76 };

void body_normalize(struct buf *out, struct str text)
{
	bool line_open = false;

	while (text.n) {
		struct str before = text;
		uint32_t point = utf8_next(&text);
		if (point == '\r' && text.n && text.p[0] == '\n')
			continue;
		if (point == '\n' || point == '\r')
			buf_lit(out, "\r\n");
		else if (point == UTF8_BAD || (point < ' ' && point != '\t') ||
			 (point >= 0x7F && point < 0xA0))
			buf_lit(out, "\xEF\xBF\xBD");
		else
			buf_str(out, str_sub(before, 0, before.n - text.n));
		line_open = point != '\n' && point != '\r';
	}
	if (line_open)
		buf_lit(out, "\r\n");
}

/* Whether the byte at `at` of a line must be written as =XX. */
static bool must_encode(struct str line, size_t at, bool line_start)
{
	unsigned char byte = (unsigned char)line.p[at];

	if (byte == ' ' || byte == '\t')
		return at + 1 == line.n; /* blanks at the end of a line get lost on the way */
	if (byte < ' ' || byte > '~' || byte == '=')
		return true;
	return line_start &&
	       (byte == '.' || (byte == 'F' && str_starts(str_skip(line, at), STR("From "))));
}

static void write_line(struct buf *out, struct str line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.n; i++) {
		bool encode = must_encode(line, i, column == 0);
		/* One column is kept for the '=' that goes on in the next line, except at the very
		 * end. */
		size_t room = i + 1 == line.n ? LINE : LINE - 1;
		if (column + (encode ? 3 : 1) > room) {
			buf_lit(out, "=\r\n");
			column = 0;
			encode = must_encode(line, i, true);
		}
		if (encode)
			buf_fmt(out, "=%02X", (unsigned char)line.p[i]);
		else
			buf_byte(out, line.p[i]);
		column += encode ? 3 : 1;
	}
	buf_lit(out, "\r\n");
}

void quoted_printable_write(struct buf *out, struct str text)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		write_line(out, str_ends(line, STR("\r")) ? str_sub(line, 0, line.n - 1) : line);
}

/* Length of the quoted-printable form, near enough to choose by. */
static size_t quoted_length(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += (unsigned char)text.p[i] > '~' || text.p[i] == '=' ? 3 : 1;
	return n + n / LINE * 3;
}

err body_write(struct buf *out, struct str text)
{
	struct buf normal;

	buf_init_room(&normal, out->arena, LIMIT_MAIL, text.n + 64);
	body_normalize(&normal, text);
	TRY(buf_error(&normal));
	text = buf_view(&normal);
	if (quoted_length(text) < text.n / 3 * 4 + text.n / 57 * 2) {
		buf_lit(out, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
		quoted_printable_write(out, text);
	} else {
		buf_lit(out, "Content-Transfer-Encoding: base64\r\n\r\n");
		base64_write(out, text, LINE);
	}
	return buf_error(out);
}
