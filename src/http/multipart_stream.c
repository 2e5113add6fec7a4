#include "http/multipart.h"

#include "base/limits.h"

/*
 * What is not decided yet stands in `window`: a delimiter that may be cut, header lines, a field. Each of these is shorter than the window, so
 * there is always room for more; a long piece is taken in parts that fit.
 */

#define WINDOW (128u << 10)

static const struct str blank_line = STR_INIT("\r\n\r\n");

static err bad(const char *what)
{
	return fail(ERR_INVALID, "multipart: %s", what);
}

err multipart_begin(struct multipart *multipart, struct arena *arena, struct str content_type)
{
	struct str boundary = {0};
	TRY(multipart_boundary(content_type, &boundary));
	multipart->delimiter = str_fmt(arena, "\r\n--" STR_FMT, STR_ARG(boundary));
	buf_init_room(&multipart->window, arena, WINDOW, WINDOW);
	buf_init_room(&multipart->name_place, arena, LIMIT_FORM_NAME, LIMIT_FORM_NAME);
	multipart->state = MULTIPART_START;
	multipart->parts = 0;
	multipart->ahead = 0;
	return ok();
}

static struct str seen(const struct multipart *multipart)
{
	return buf_view(&multipart->window);
}

static void forget(struct multipart *multipart, size_t n)
{
	memmove(multipart->window.p, multipart->window.p + n, multipart->window.n - n);
	multipart->window.n -= n;
}

/* Each step answers whether it got on; false: more bytes are needed. */
typedef err step_fn(struct multipart *multipart, bool *on);

/* The first boundary has no line end before it. */
static err step_start(struct multipart *multipart, bool *on)
{
	struct str first = str_skip(multipart->delimiter, 2), have = seen(multipart);
	size_t n = have.n < first.n ? have.n : first.n;
	if (!str_eq(str_sub(have, 0, n), str_sub(first, 0, n)))
		return bad("does not begin with its boundary");
	*on = n == first.n;
	if (*on) {
		forget(multipart, n);
		multipart->state = MULTIPART_BOUNDARY;
	}
	return ok();
}

/* Behind a boundary: a line end, or two hyphens and the end of all. */
static err step_boundary(struct multipart *multipart, bool *on)
{
	struct str have = seen(multipart);
	*on = have.n >= 2;
	if (!*on)
		return ok();
	if (str_starts(have, STR("--"))) {
		multipart->state = MULTIPART_OVER;
		forget(multipart, 2);
		return ok();
	}
	if (!str_starts(have, STR("\r\n")))
		return bad("boundary followed by something");
	if (multipart->parts++ == LIMIT_MULTIPART_PARTS)
		return fail(ERR_LIMIT, "multipart: more than %d parts", LIMIT_MULTIPART_PARTS);
	forget(multipart, 2);
	multipart->state = MULTIPART_HEAD;
	return ok();
}

static err step_head(struct multipart *multipart, bool *on)
{
	struct str have = seen(multipart), look = str_sub(have, 0, LIMIT_MULTIPART_HEAD);
	struct part part = {0};
	*on = false;
	ptrdiff_t split = str_find(look, blank_line);
	ptrdiff_t next = str_find(have, multipart->delimiter);
	/* Also one that begins with the second half of the empty line; so as much as that must be here. */
	if (next >= 0 && (split < 0 || next < split + (ptrdiff_t)blank_line.n))
		return bad("part without an empty line");
	if (split < 0)
		return have.n > LIMIT_MULTIPART_HEAD ? fail(ERR_LIMIT, "multipart: header lines of a part") : ok();
	*on = have.n >= (size_t)split + 2 + multipart->delimiter.n;
	if (!*on)
		return ok();
	TRY(multipart_head(str_sub(have, 0, (size_t)split), &part));
	if (str_absent(part.filename)) {
		buf_clear(&multipart->name_place);
		buf_str(&multipart->name_place, part.name);
		multipart->name = buf_view(&multipart->name_place);
		multipart->state = MULTIPART_FIELD;
	} else {
		multipart->file_at = (size_t)split + blank_line.n;
		TRY(multipart->file(multipart->arg, &part));
		multipart->state = MULTIPART_FILE;
	}
	forget(multipart, (size_t)split + blank_line.n);
	return ok();
}

static err step_field(struct multipart *multipart, bool *on)
{
	struct str have = seen(multipart);
	ptrdiff_t end = str_find(have, multipart->delimiter);
	*on = end >= 0;
	if ((size_t)(end < 0 ? (ptrdiff_t)have.n : end) > LIMIT_FORM_VALUE + (end < 0 ? multipart->delimiter.n : 0))
		return fail(ERR_LIMIT, "multipart: field of more than %u bytes", LIMIT_FORM_VALUE);
	if (end < 0)
		return ok();
	struct str value = str_sub(have, 0, (size_t)end);
	TRY(multipart_field(value));
	TRY(multipart->field(multipart->arg, multipart->name, value));
	forget(multipart, value.n + multipart->delimiter.n);
	multipart->state = MULTIPART_BOUNDARY;
	return ok();
}

/* All that cannot be the beginning of the delimiter goes on. */
static err step_file(struct multipart *multipart, bool *on)
{
	struct str have = seen(multipart);
	ptrdiff_t end = str_find(have, multipart->delimiter);
	size_t kept = multipart->delimiter.n - 1;
	size_t n = end >= 0 ? (size_t)end : have.n > kept ? have.n - kept : 0;
	if (n > 0)
		TRY(multipart->bytes(multipart->arg, str_sub(have, 0, n)));
	*on = end >= 0;
	if (end >= 0) {
		TRY(multipart->end(multipart->arg));
		n += multipart->delimiter.n;
		multipart->state = MULTIPART_BOUNDARY;
	}
	forget(multipart, n);
	return ok();
}

static err step_over(struct multipart *multipart, bool *on)
{
	struct str have = seen(multipart), line = STR("\r\n");
	*on = false;
	if (have.n > line.n || !str_starts(line, have))
		return bad("something behind the final boundary");
	return ok();
}

static err process(struct multipart *multipart)
{
	static step_fn *const steps[MULTIPART_STATE_COUNT] = {
		[MULTIPART_START] = step_start,
		[MULTIPART_BOUNDARY] = step_boundary,
		[MULTIPART_HEAD] = step_head,
		[MULTIPART_FIELD] = step_field,
		[MULTIPART_FILE] = step_file,
		[MULTIPART_OVER] = step_over,
	};
	for (bool on = true; on;)
		TRY(steps[multipart->state](multipart, &on));
	return ok();
}

err multipart_add(struct multipart *multipart, struct str piece)
{
	while (piece.n > 0) {
		struct str part = str_sub(piece, 0, multipart->window.max - multipart->window.n);
		buf_str(&multipart->window, part);
		piece = str_skip(piece, part.n);
		multipart->ahead = piece.n;
		TRY(process(multipart));
	}
	return ok();
}

err multipart_over(const struct multipart *multipart)
{
	return multipart->state == MULTIPART_OVER ? ok() : bad("no final boundary");
}

uint64_t multipart_room(const struct multipart *multipart, uint64_t left)
{
	uint64_t here = multipart->window.n - multipart->file_at + multipart->ahead + left;
	/* The last boundary and its two hyphens. */
	uint64_t end = multipart->delimiter.n + 2;
	return here > end ? here - end : 0;
}
