#include "http/multipart.h"

#include "http/bytes.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

/*
 * What browsers send (RFC 7578, WHATWG HTML 4.10.21.8) and nothing else. Where RFC 2046 leaves room
 * for two readings (text before the first boundary, blanks behind one, a boundary that only begins
 * like ours) the body is refused.
 */

#define BOUNDARY_MAX 70 /* RFC 2046 5.1.1 */

static const struct str crlf = STR_INIT("\r\n");

static err bad(const char *what)
{
	return fail(ERR_INVALID, "multipart: %s", what);
}

/*
 * The next `; name=value` or `; name="value"` of a header's value. A backslash stands for itself,
 * as browsers send it (a path of Windows); before a quotation mark it could also mean an escape, so
 * that is refused.
 */
static err parameter_next(struct str *rest, struct str *name, struct str *value)
{
	struct str at = bytes_trim(*rest);
	if (!str_starts(at, STR(";")))
		return bad("parameter without ';'");
	at = bytes_trim(str_skip(at, 1));
	ptrdiff_t equals = str_find_byte(at, '=');
	if (equals <= 0)
		return bad("parameter without '='");
	struct str key = str_sub(at, 0, (size_t)equals);
	if (!bytes_are(key, BYTE_TOKEN))
		return bad("parameter's name");
	at = str_skip(at, key.n + 1);

	struct str text;
	if (str_starts(at, STR("\""))) {
		ptrdiff_t end = str_find_byte(str_skip(at, 1), '"');
		if (end < 0)
			return bad("quotation mark without an end");
		text = str_sub(at, 1, (size_t)end);
		if (str_ends(text, STR("\\")))
			return bad("backslash before a quotation mark");
		at = str_skip(at, text.n + 2);
	} else {
		size_t n = 0;
		while (n < at.n && byte_is(at.p[n], BYTE_TOKEN))
			n++;
		if (n == 0)
			return bad("parameter without a value");
		text = str_sub(at, 0, n);
		at = str_skip(at, n);
	}
	*rest = bytes_trim(at);
	*name = key;
	*value = text;
	return ok();
}

/* Takes `wanted` (a type) from the front of a header's value; what follows are parameters. */
static bool take_type(struct str *value, struct str wanted)
{
	struct str head = str_sub(*value, 0, wanted.n), rest = str_skip(*value, wanted.n);
	if (!str_eq_nocase(head, wanted) ||
		(rest.n > 0 && rest.p[0] != ';' && rest.p[0] != ' ' && rest.p[0] != '\t'))
		return false;
	*value = bytes_trim(rest);
	return true;
}

/* bchars of RFC 2046 5.1.1. */
static bool is_boundary(struct str text)
{
	static const char others[] = "'()+_,-./:=? ";
	for (size_t i = 0; i < text.n; i++) {
		if (!isalnum((unsigned char)text.p[i]) &&
			(text.p[i] == '\0' || !strchr(others, text.p[i])))
			return false;
	}
	return text.n > 0 && text.n <= BOUNDARY_MAX && text.p[text.n - 1] != ' ';
}

err multipart_boundary(struct str content_type, struct str *out)
{
	struct str rest = content_type, boundary = {0};
	if (!take_type(&rest, STR("multipart/form-data")))
		return bad("not multipart/form-data");
	while (!str_empty(rest)) {
		struct str name, value;
		TRY(parameter_next(&rest, &name, &value));
		if (!str_eq_nocase(name, STR("boundary")))
			continue;
		if (!str_absent(boundary))
			return bad("two boundaries");
		boundary = value;
	}
	if (!is_boundary(boundary))
		return bad("boundary");
	*out = boundary;
	return ok();
}

/* Sets a name or a file name, which may come once. */
static err take_text(struct str value, struct str *field)
{
	if (!str_absent(*field))
		return bad("parameter sent twice");
	if (value.n / 4 > LIMIT_FORM_NAME) /* 255 characters of UTF-8 */
		return fail(ERR_LIMIT, "multipart: name of %zu bytes", value.n);
	if (!utf8_valid(value))
		return bad("name is not UTF-8");
	*field = value;
	return ok();
}

static err read_disposition(struct str value, struct part *part)
{
	if (!str_absent(part->name))
		return bad("two dispositions");
	if (!take_type(&value, STR("form-data")))
		return bad("disposition");
	while (!str_empty(value)) {
		struct str key, text;
		TRY(parameter_next(&value, &key, &text));
		if (str_eq_nocase(key, STR("name")))
			TRY(take_text(text, &part->name));
		else if (str_eq_nocase(key, STR("filename")))
			TRY(take_text(text, &part->filename));
		else
			return bad("unknown parameter of a disposition"); /* filename* too: RFC
									     7578 4.2 */
	}
	if (str_empty(part->name))
		return bad("part without a name");
	if (part->name.n > LIMIT_FORM_NAME)
		return fail(ERR_LIMIT, "multipart: name of %zu bytes", part->name.n);
	return ok();
}

static err read_type(struct str value, struct part *part)
{
	if (!str_absent(part->type))
		return bad("two types");
	if (str_eq_nocase(str_sub(value, 0, 10), STR("multipart/")))
		return bad("multipart inside multipart"); /* RFC 7578 4.3: deprecated */
	part->type = value;
	return ok();
}

/* RFC 7578 4.7: deprecated; what changes nothing may be said. */
static err read_encoding(struct str value)
{
	if (str_eq_nocase(value, STR("binary")) || str_eq_nocase(value, STR("8bit")) ||
		str_eq_nocase(value, STR("7bit")))
		return ok();
	return bad("transfer encoding");
}

static err read_header(struct str line, struct part *part)
{
	ptrdiff_t colon = str_find_byte(line, ':');
	struct str name = str_sub(line, 0, colon < 0 ? 0 : (size_t)colon);
	if (str_empty(name) || !bytes_are(name, BYTE_TOKEN) || !bytes_are(line, BYTE_FIELD))
		return bad("header line");
	struct str value = bytes_trim(str_skip(line, name.n + 1));
	if (str_eq_nocase(name, STR("Content-Disposition")))
		return read_disposition(value, part);
	if (str_eq_nocase(name, STR("Content-Type")))
		return read_type(value, part);
	if (str_eq_nocase(name, STR("Content-Transfer-Encoding")))
		return read_encoding(value);
	return ok();
}

err multipart_field(struct str value)
{
	if (value.n > LIMIT_FORM_VALUE)
		return fail(ERR_LIMIT, "multipart: field of %zu bytes", value.n);
	if (str_find_byte(value, '\0') >= 0 || !utf8_valid(value))
		return bad("field is not UTF-8");
	return ok();
}

err multipart_head(struct str lines, struct part *out)
{
	struct part part = {0};
	while (!str_empty(lines)) {
		ptrdiff_t at = str_find(lines, crlf);
		size_t n = at < 0 ? lines.n : (size_t)at;
		TRY(read_header(str_sub(lines, 0, n), &part));
		lines = str_skip(lines, n + crlf.n);
	}
	if (str_absent(part.name))
		return bad("part without a disposition");
	if (str_absent(part.type))
		part.type = STR("text/plain"); /* RFC 7578 4.4 */
	*out = part;
	return ok();
}

/* Header lines, an empty line, the content. */
static err read_part(struct str text, struct part *out)
{
	struct part part = {0};
	struct str end = STR("\r\n\r\n");
	ptrdiff_t split = str_find(str_sub(text, 0, LIMIT_MULTIPART_HEAD), end);
	if (split < 0 && text.n > LIMIT_MULTIPART_HEAD)
		return fail(ERR_LIMIT, "multipart: header lines of a part");
	if (split < 0)
		return bad("part without an empty line");
	TRY(multipart_head(str_sub(text, 0, (size_t)split), &part));
	part.body = str_skip(text, (size_t)split + end.n);
	if (str_absent(part.filename))
		TRY(multipart_field(part.body));
	*out = part;
	return ok();
}

static bool ends_here(struct str rest)
{
	return str_eq(rest, STR("--")) || str_eq(rest, STR("--\r\n"));
}

err multipart_read(struct arena *arena, struct str content_type, struct str body, struct part **out,
	size_t *count)
{
	struct str boundary = {0};
	TRY(multipart_boundary(content_type, &boundary));
	struct str delimiter = str_fmt(arena, "\r\n--" STR_FMT, STR_ARG(boundary));
	struct str first = str_skip(delimiter, crlf.n);
	if (!str_starts(body, first))
		return bad("does not begin with its boundary");

	VEC(struct part) parts = {0};
	struct str rest = str_skip(body, first.n);
	while (!ends_here(rest)) {
		if (!str_starts(rest, crlf))
			return bad("boundary followed by something");
		if (parts.n == LIMIT_MULTIPART_PARTS)
			return fail(
				ERR_LIMIT, "multipart: more than %d parts", LIMIT_MULTIPART_PARTS);
		rest = str_skip(rest, crlf.n);
		ptrdiff_t end = str_find(rest, delimiter);
		if (end < 0)
			return bad("no final boundary");
		TRY(read_part(str_sub(rest, 0, (size_t)end), vec_add(arena, &parts)));
		rest = str_skip(rest, (size_t)end + delimiter.n);
	}
	*out = parts.v;
	*count = parts.n;
	return ok();
}
