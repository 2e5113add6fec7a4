#include "crypto/der.h"

#include "base/time.h"
#include "base/utf8.h"

#define CONSTRUCTED 0x20u
#define CLASS 0xC0u

static unsigned byte_at(struct str s, size_t i)
{
	return (unsigned char)s.p[i];
}

/* The length behind the tag; *head is how many bytes tag and length have. */
static bool read_length(struct str s, size_t *head, size_t *n)
{
	if (s.n < 2)
		return false;
	unsigned first = byte_at(s, 1);
	size_t more = first & 0x7F;
	*head = 2;
	*n = first;
	if (first < 0x80)
		return true;
	/* 0x80 is "until the end", which DER does not know; 3 bytes are more than we read. */
	if (more == 0 || more > 3 || s.n < 2 + more)
		return false;
	*n = 0;
	for (size_t i = 0; i < more; i++)
		*n = *n << 8 | byte_at(s, 2 + i);
	*head = 2 + more;
	return *n >= 0x80 && (more == 1 || *n >> (8 * (more - 1)) != 0);
}

err der_next(struct str *rest, struct der *out)
{
	size_t head, n;
	/* Tag 31 says that a longer tag follows: no type that we know has one. */
	if (!read_length(*rest, &head, &n) || (byte_at(*rest, 0) & 0x1F) == 0x1F ||
		n > rest->n - head)
		return fail(ERR_INVALID, "DER: no value");
	*out = (struct der){
		.tag = byte_at(*rest, 0),
		.content = str_sub(*rest, head, n),
		.whole = str_sub(*rest, 0, head + n),
	};
	*rest = str_skip(*rest, head + n);
	return ok();
}

err der_take(struct str *rest, unsigned tag, struct der *out)
{
	struct str behind = *rest;
	struct der value;
	TRY(der_next(&behind, &value));
	if (value.tag != tag)
		return fail(ERR_INVALID, "DER: tag %02x, not %02x", value.tag, tag);
	*rest = behind;
	*out = value;
	return ok();
}

bool der_is(struct str rest, unsigned tag)
{
	return rest.n > 0 && byte_at(rest, 0) == tag;
}

err der_only(struct str bytes, unsigned tag, struct str *content)
{
	struct der value;
	TRY(der_take(&bytes, tag, &value));
	if (bytes.n)
		return fail(ERR_INVALID, "DER: something behind the value");
	*content = value.content;
	return ok();
}

/* ---- times ---- */

/* Two digits at i. */
static int two(struct str s, size_t i)
{
	return (s.p[i] - '0') * 10 + (s.p[i + 1] - '0');
}

static bool read_time(struct str s, bool short_year, struct civil *out)
{
	size_t year = short_year ? 2 : 4;
	if (s.n != year + 11 || s.p[s.n - 1] != 'Z')
		return false;
	for (size_t i = 0; i < s.n - 1; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	struct civil at = {.year = two(s, 0)};
	if (short_year)
		at.year += at.year < 50 ? 2000 : 1900;
	else
		at.year = at.year * 100 + two(s, 2);
	at.month = two(s, year);
	at.day = two(s, year + 2);
	at.hour = two(s, year + 4);
	at.minute = two(s, year + 6);
	at.second = two(s, year + 8);
	*out = at;
	return date_valid(at.year * 10000 + at.month * 100 + at.day) && at.hour < 24 &&
	       at.minute < 60 && at.second < 60;
}

err der_time(const struct der *value, int64_t *out)
{
	struct civil at;
	bool utc = value->tag == DER_UTC_TIME;
	if ((!utc && value->tag != DER_GENERALIZED_TIME) || !read_time(value->content, utc, &at) ||
		(!utc && at.year < 2050))
		return fail(ERR_INVALID, "DER: no time");
	/* The calendar of base/time is Japan's, 9 hours ahead. */
	*out = time_from_japan(at) + 9 * TIME_HOUR;
	return ok();
}

/* ---- der_check ---- */

static bool number_is_short(struct str s)
{
	if (s.n < 2)
		return s.n == 1;
	unsigned first = byte_at(s, 0), high = byte_at(s, 1) & 0x80;
	return !(first == 0 && !high) && !(first == 0xFF && high);
}

static bool bits_fit(struct str s)
{
	if (s.n == 0)
		return false;
	unsigned unused = byte_at(s, 0);
	if (s.n == 1)
		return unused == 0;
	return unused < 8 && (byte_at(s, s.n - 1) & ((1u << unused) - 1)) == 0;
}

static bool oid_is_short(struct str s)
{
	bool begins = true; /* of one of the numbers */
	for (size_t i = 0; i < s.n; i++) {
		if (begins && byte_at(s, i) == 0x80)
			return false;
		begins = byte_at(s, i) < 0x80;
	}
	return s.n > 0 && begins;
}

static bool primitive_fits(const struct der *value)
{
	struct str s = value->content;
	struct civil at;
	switch (value->tag) {
	case 0x00: /* the end of what has no length */
		return false;
	case DER_BOOLEAN:
		return s.n == 1 && (byte_at(s, 0) == 0 || byte_at(s, 0) == 0xFF);
	case DER_INTEGER:
	case DER_ENUMERATED:
		return number_is_short(s);
	case DER_BIT_STRING:
		return bits_fit(s);
	case DER_NULL:
		return s.n == 0;
	case DER_OID:
		return oid_is_short(s);
	case DER_UTF8_STRING:
		return utf8_valid(s);
	case DER_UTC_TIME:
		return read_time(s, true, &at);
	case DER_GENERALIZED_TIME:
		return read_time(s, false, &at);
	case DER_SEQUENCE & ~CONSTRUCTED:
	case DER_SET & ~CONSTRUCTED:
		return false;
	default:
		return true;
	}
}

/* Sequences, sets and [n] hold values; every other universal type is in one piece. */
static bool may_hold_values(unsigned tag)
{
	return (tag & CLASS) != 0 || tag == DER_SEQUENCE || tag == DER_SET;
}

static err check(struct str rest, unsigned depth, bool sorted)
{
	struct str last = {0};
	if (depth > DER_DEPTH)
		return fail(ERR_INVALID, "DER: too deep");
	while (rest.n) {
		struct der value;
		TRY(der_next(&rest, &value));
		if (sorted && !str_absent(last) && str_cmp(last, value.whole) > 0)
			return fail(ERR_INVALID, "DER: a set that is not sorted");
		last = value.whole;
		if (!(value.tag & CONSTRUCTED)) {
			if (!primitive_fits(&value))
				return fail(ERR_INVALID, "DER: a value of type %02x", value.tag);
		} else if (!may_hold_values(value.tag)) {
			return fail(ERR_INVALID, "DER: type %02x in pieces", value.tag);
		} else {
			TRY(check(value.content, depth + 1, value.tag == DER_SET));
		}
	}
	return ok();
}

err der_check(struct str bytes)
{
	struct str rest = bytes;
	struct der value;
	TRY(der_next(&rest, &value));
	if (rest.n)
		return fail(ERR_INVALID, "DER: something behind the value");
	return check(bytes, 0, false);
}
