#include "mail/mailbox.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

/* ---- decoding ---- */

static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void read_base64(struct buf *out, struct str text)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < text.n; i++) {
		int digit = base64_digit(text.p[i]);
		if (digit < 0)
			continue;
		bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_byte(out, (char)(bits >> have & 0xFF));
		}
	}
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void read_quoted_printable(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		struct str two = str_sub(text, i + 1, 2);
		bool escape = text.p[i] == '=' && two.n == 2 && hex_digit(two.p[0]) >= 0 &&
			      hex_digit(two.p[1]) >= 0;
		bool soft_break = text.p[i] == '=' && str_eq(two, STR("\r\n"));
		if (escape)
			buf_byte(out, (char)(hex_digit(two.p[0]) << 4 | hex_digit(two.p[1])));
		else if (!soft_break)
			buf_byte(out, text.p[i]);
		if (escape || soft_break)
			i += 2;
	}
}

/* A header value with its encoded words; the blanks between them only part them. */
static struct str read_words(struct arena *arena, struct str value)
{
	struct buf out;
	struct str rest = value, word;

	if (str_find(value, STR("=?UTF-8?B?")) < 0)
		return value;
	buf_init(&out, arena, LIMIT_MAIL);
	while (str_next(&rest, ' ', &word)) {
		if (str_starts(word, STR("=?UTF-8?B?")) && str_ends(word, STR("?=")) &&
			word.n >= 12)
			read_base64(&out, str_sub(word, 10, word.n - 12));
		else
			buf_str(&out, word);
	}
	return buf_view(&out);
}

/* ---- a message ---- */

/* Takes one header with its folded lines, unfolded; false: the empty line. */
static bool next_header(struct arena *arena, struct str *rest, struct str *header)
{
	struct buf out;
	struct str line;

	buf_init(&out, arena, LIMIT_MAIL);
	while (str_next(rest, '\n', &line)) {
		line = str_ends(line, STR("\r")) ? str_sub(line, 0, line.n - 1) : line;
		buf_str(&out, line);
		if (!line.n || !rest->n || rest->p[0] != ' ')
			break;
	}
	*header = buf_view(&out);
	return header->n > 0;
}

static bool header_is(struct str header, struct str name, struct str *value)
{
	if (!str_starts(header, name))
		return false;
	*value = str_trim(str_skip(header, name.n));
	return true;
}

static struct str without_cr(struct arena *arena, struct str text)
{
	struct buf out;

	buf_init(&out, arena, LIMIT_MAIL);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r')
			buf_byte(&out, text.p[i]);
	return buf_view(&out);
}

err mailbox_parse(struct arena *arena, struct str message, struct mailbox_mail *out)
{
	struct str rest = message, header, value, to = {0}, subject = {0}, encoding = {0};
	struct buf body;

	while (next_header(arena, &rest, &header)) {
		if (header_is(header, STR("To: <"), &value) && str_ends(value, STR(">")))
			to = str_sub(value, 0, value.n - 1);
		else if (header_is(header, STR("Subject:"), &value))
			subject = read_words(arena, value);
		else if (header_is(header, STR("Content-Transfer-Encoding:"), &value))
			encoding = value;
	}
	buf_init(&body, arena, LIMIT_MAIL);
	if (str_eq(encoding, STR("base64")))
		read_base64(&body, rest);
	else if (str_eq(encoding, STR("quoted-printable")))
		read_quoted_printable(&body, rest);
	else
		return fail(ERR_INVALID, "a mail of another encoding");
	TRY(buf_error(&body));
	if (!to.n || !utf8_valid(to) || !utf8_valid(subject) || !utf8_valid(buf_view(&body)))
		return fail(ERR_INVALID, "not a mail of ours");
	out->to = to;
	out->subject = subject;
	out->body = without_cr(arena, buf_view(&body));
	return ok();
}

/* ---- the folder ---- */

/* 20261123T050307Z-123: digits where digits belong. */
static bool name_read(struct str name, int64_t *at)
{
	static const char form[] = "ddddddddTddddddZ-";
	int v[14] = {0};
	size_t n = 0;
	int64_t id;

	if (name.n < sizeof(form) || !str_to_i64(str_skip(name, sizeof(form) - 1), &id) || id < 0)
		return false;
	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		if (form[i] == 'd' ? !isdigit((unsigned char)name.p[i]) : name.p[i] != form[i])
			return false;
		if (form[i] == 'd')
			v[n++] = name.p[i] - '0';
	}
	*at = 9 * TIME_HOUR +
	      time_from_japan((struct civil){.year = v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3],
		      .month = v[4] * 10 + v[5],
		      .day = v[6] * 10 + v[7],
		      .hour = v[8] * 10 + v[9],
		      .minute = v[10] * 10 + v[11],
		      .second = v[12] * 10 + v[13]});
	return date_valid(
		(int32_t)(((v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3]) * 100 + v[4] * 10 + v[5]) *
				  100 +
			  v[6] * 10 + v[7]));
}

err mailbox_find(struct arena *arena, struct str folder, struct str name, struct mailbox_mail *out)
{
	struct mailbox_mail mail = {.name = str_dup(arena, name)};
	struct buf message;
	char part[4096];
	ssize_t n;

	if (!name_read(name, &mail.at))
		return fail(ERR_NOT_FOUND, "not a name of a mail");
	const char *path = str_c(
		arena, str_fmt(arena, STR_FMT "/" STR_FMT ".eml", STR_ARG(folder), STR_ARG(name)));
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE,
			"a mail cannot be read: %s", strerror(errno));
	buf_init(&message, arena, LIMIT_MAIL);
	while ((n = read(fd, part, sizeof(part))) > 0)
		buf_bytes(&message, part, (size_t)n);
	if (n < 0)
		return fail(ERR_UNAVAILABLE, "a mail cannot be read: %s", strerror(errno));
	TRY(buf_error(&message));
	TRY(mailbox_parse(arena, buf_view(&message), &mail));
	*out = mail;
	return ok();
}

static void close_folder(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int newest_first(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)b, *(const struct str *)a);
}

err mailbox_list(struct arena *arena, struct str folder, size_t limit, struct mailbox_mail **out,
	size_t *count)
{
	__attribute__((cleanup(close_folder))) DIR *dir = opendir(str_c(arena, folder));
	VEC(struct str) names = {0};
	const struct dirent *entry;
	int64_t at;

	if (!dir && errno != ENOENT)
		return fail(ERR_UNAVAILABLE, "the folder of mails: %s", strerror(errno));
	while (dir && (entry = readdir(dir)) != NULL) {
		struct str name = str_of(entry->d_name);
		if (str_ends(name, STR(".eml")) && name_read(str_sub(name, 0, name.n - 4), &at))
			vec_push(arena, &names, str_dup(arena, str_sub(name, 0, name.n - 4)));
	}
	if (names.n)
		qsort(names.v, names.n, sizeof(names.v[0]), newest_first);
	struct mailbox_mail *mails =
		arena_array(arena, struct mailbox_mail, names.n < limit ? names.n : limit);
	size_t n = 0;
	for (size_t i = 0; i < names.n && n < limit; i++)
		if (!failed(mailbox_find(arena, folder, names.v[i], &mails[n]))) {
			mails[n].body = STR("");
			n++;
		}
	*out = mails;
	*count = n;
	return ok();
}
