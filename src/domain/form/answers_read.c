#include "domain/form/form.h"

#include "base/utf8.h"

/*
 * Stored answers: an object of JSON whose values are texts (RFC 8259), and nothing else. Each page
 * of a form reads one, so it is read in one pass, without a tree in between: what is copied goes
 * into one piece of memory, which is as large as the text, because no escape is shorter than what
 * it stands for.
 */

/* An answer with its path takes about so many. */
#define BYTES_AN_ANSWER 40

struct scan {
	struct str rest;
	char *to; /* where the next text goes */
};

static void skip_blanks(struct scan *scan)
{
	size_t n = 0;
	while (n < scan->rest.n && (scan->rest.p[n] == ' ' || scan->rest.p[n] == '\t' ||
					   scan->rest.p[n] == '\n' || scan->rest.p[n] == '\r'))
		n++;
	scan->rest = str_skip(scan->rest, n);
}

static bool take(struct scan *scan, char sign)
{
	skip_blanks(scan);
	if (scan->rest.n == 0 || scan->rest.p[0] != sign)
		return false;
	scan->rest = str_skip(scan->rest, 1);
	return true;
}

static bool take_unit(struct scan *scan, uint32_t *out)
{
	uint32_t unit = 0;
	if (scan->rest.n < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = scan->rest.p[i];
		if (c >= '0' && c <= '9')
			unit = unit << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			unit = unit << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	scan->rest = str_skip(scan->rest, 4);
	*out = unit;
	return true;
}

/* Behind "\u". What lies above U+FFFF comes as two units; half of such a pair is no character. */
static bool take_point(struct scan *scan)
{
	uint32_t point, low;
	if (!take_unit(scan, &point))
		return false;
	if (point >= 0xD800 && point <= 0xDBFF) {
		if (!str_starts(scan->rest, STR("\\u")))
			return false;
		scan->rest = str_skip(scan->rest, 2);
		if (!take_unit(scan, &low) || low < 0xDC00 || low > 0xDFFF)
			return false;
		point = 0x10000 + ((point - 0xD800) << 10 | (low - 0xDC00));
	}
	size_t n = utf8_encode(point, scan->to);
	scan->to += n;
	return n > 0;
}

/* Behind the backslash. */
static bool take_escape(struct scan *scan)
{
	static const char plain[128] = {
		['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t',
	};
	if (scan->rest.n == 0)
		return false;
	unsigned char c = (unsigned char)scan->rest.p[0];
	scan->rest = str_skip(scan->rest, 1);
	if (c == 'u')
		return take_point(scan);
	if (c >= sizeof plain || plain[c] == '\0')
		return false;
	*scan->to++ = plain[c];
	return true;
}

/* Bytes that stand for themselves, at the beginning of the text. */
static size_t plain_run(struct str text)
{
	static const bool sign[256] = {[0x00 ... 0x1F] = true, ['"'] = true, ['\\'] = true};
	size_t n = 0;
	while (n < text.n && !sign[(unsigned char)text.p[n]])
		n++;
	return n;
}

static bool take_text(struct scan *scan, struct str *out)
{
	char *from = scan->to;
	if (!take(scan, '"'))
		return false;
	for (;;) {
		size_t n = plain_run(scan->rest);
		if (n > 0)
			memcpy(scan->to, scan->rest.p, n);
		scan->to += n;
		scan->rest = str_skip(scan->rest, n);
		if (scan->rest.n == 0)
			return false;
		char sign = scan->rest.p[0];
		scan->rest = str_skip(scan->rest, 1);
		if (sign == '"')
			break;
		if (sign != '\\' || !take_escape(scan))
			return false;
	}
	*out = str_make(from, (size_t)(scan->to - from));
	return true;
}

/* Ours are ids, row numbers and dots: whatever else stands there was not written by us. */
static bool path_valid(struct str path)
{
	static const bool ours[256] = {['a' ... 'z'] = true, ['0' ... '9'] = true, ['_'] = true, ['.'] = true};
	size_t n = 0;
	while (n < path.n && ours[(unsigned char)path.p[n]])
		n++;
	return n == path.n && n > 0 && n <= LIMIT_FORM_NAME;
}

/* "path": "value"; a path that stands there twice is refused. */
static bool take_answer(struct scan *scan, struct answers *answers)
{
	struct answer *answer = arena_new(answers->arena, struct answer);
	size_t before = answers->map.n;
	if (!take_text(scan, &answer->path) || !take(scan, ':') ||
		!take_text(scan, &answer->value) || !path_valid(answer->path) ||
		answer->value.n == 0)
		return false;
	map_put(&answers->map, answer->path, answer);
	return answers->map.n > before;
}

static bool take_answers(struct scan *scan, struct answers *answers)
{
	if (!take(scan, '{'))
		return false;
	if (!take(scan, '}')) {
		do {
			if (!take_answer(scan, answers))
				return false;
		} while (take(scan, ','));
		if (!take(scan, '}'))
			return false;
	}
	skip_blanks(scan);
	return scan->rest.n == 0;
}

err answers_read(struct arena *arena, struct str json, struct answers *out)
{
	struct answers answers;
	if (json.n > LIMIT_ANSWERS)
		return fail(ERR_LIMIT, "stored answers of %zu bytes", json.n);
	if (!utf8_valid(json))
		return fail(ERR_INVALID, "stored answers are no UTF-8");
	struct scan scan = {.rest = json, .to = arena_alloc(arena, json.n)};
	answers_init_room(&answers, arena, json.n / BYTES_AN_ANSWER);
	if (!take_answers(&scan, &answers))
		return fail(ERR_INVALID, "stored answers: no path and text at byte %zu",
			json.n - scan.rest.n);
	*out = answers;
	return ok();
}
