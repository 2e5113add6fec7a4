#include "identity/evidence.h"

#include "base/encode.h"

#define DIGITS 12

static const struct str names[] = {
	STR_INIT("ef0001"),
	STR_INIT("my_number"),
	STR_INIT("mynumber"),
	STR_INIT("individual_number"),
	STR_INIT("individualnumber"),
	STR_INIT("kojin_bango"),
};

static bool is_named_so(struct str name)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq_nocase(name, names[i]))
			return true;
	return false;
}

static bool all_digits(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return true;
}

/* FF10 0C and twelve digits: the file itself, anywhere. */
static bool holds_file(struct str bytes)
{
	static const struct str head = STR_INIT("\xFF\x10\x0C");
	for (ptrdiff_t at; (at = str_find(bytes, head)) >= 0;) {
		bytes = str_skip(bytes, (size_t)at + head.n);
		if (bytes.n >= DIGITS && all_digits(str_sub(bytes, 0, DIGITS)))
			return true;
	}
	return false;
}

/* With the blanks and hyphens that people put between the groups of four. */
static bool is_twelve_digits(struct str text)
{
	size_t digits = 0;
	for (size_t i = 0; i < text.n; i++) {
		bool digit = text.p[i] >= '0' && text.p[i] <= '9';
		if (!digit && text.p[i] != ' ' && text.p[i] != '-')
			return false;
		digits += digit;
	}
	return digits == DIGITS;
}

static bool text_holds(struct arena *arena, struct str text)
{
	struct str bytes;
	if (is_twelve_digits(text) || holds_file(text))
		return true;
	return !failed(base64url_read(arena, text, &bytes)) &&
	       (holds_file(bytes) || is_twelve_digits(bytes));
}

/* As deep as json_read() allowed. */
bool evidence_has_my_number(struct arena *arena, const struct json *message)
{
	if (!message)
		return false;
	if (is_named_so(message->name))
		return true;
	switch (message->kind) {
	case JSON_KIND_STR:
		return text_holds(arena, message->text);
	case JSON_KIND_INT:
		/* Of eleven digits too: a number loses the zero it begins with. */
		return message->number >= INT64_C(10000000000) &&
		       message->number < INT64_C(1000000000000);
	case JSON_KIND_LIST:
	case JSON_KIND_MAP:
		for (size_t i = 0; i < message->items.n; i++)
			if (evidence_has_my_number(arena, &message->items.v[i]))
				return true;
		return false;
	default:
		return false;
	}
}
