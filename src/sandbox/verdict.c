#include "sandbox/verdict.h"

#include <assert.h>

static const char *const words[] = {
	[CHECK_OK] = "ok",
	[CHECK_EMPTY] = "empty",
	[CHECK_NOT_PDF] = "not_pdf",
	[CHECK_NOT_JPEG] = "not_jpeg",
	[CHECK_DAMAGED] = "damaged",
	[CHECK_NOT_ISO32000] = "not_iso32000",
	[CHECK_PASSWORD_OPEN] = "password_open",
	[CHECK_NO_PRINTING] = "no_printing",
	[CHECK_NO_COPYING] = "no_copying",
	[CHECK_CERTIFICATE_SECURITY] = "certificate_security",
	[CHECK_OTHER_RESTRICTION] = "other_restriction",
	[CHECK_TOO_MANY_PAGES] = "too_many_pages",
	[CHECK_TOO_BIG_DECOMPRESSED] = "too_big_decompressed",
	[CHECK_TOO_MANY_PIXELS] = "too_many_pixels",
	[CHECK_TOO_SMALL] = "too_small",
	[CHECK_CMYK] = "cmyk",
	[CHECK_TIME] = "time",
	[CHECK_MEMORY] = "memory",
	[CHECK_DIED] = "died",
};

static_assert(sizeof words / sizeof words[0] == CHECK_REASON_COUNT, "a word for each reason");

const char *check_reason_word(enum check_reason reason)
{
	return reason < CHECK_REASON_COUNT ? words[reason] : "died";
}

static bool reason_find(struct str word, enum check_reason *out)
{
	for (size_t i = CHECK_OK + 1; i < CHECK_REASON_COUNT; i++) {
		if (str_eq(word, str_of(words[i]))) {
			*out = (enum check_reason)i;
			return true;
		}
	}
	return false;
}

static bool name_right(struct str name)
{
	if (name.n == 0 || name.n > 16)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		if ((name.p[i] < 'a' || name.p[i] > 'z') && name.p[i] != '_')
			return false;
	}
	return true;
}

static bool number_read(struct str word, struct verdict_number *out)
{
	ptrdiff_t equals = str_find_byte(word, '=');
	if (equals < 0)
		return false;
	struct str name = str_sub(word, 0, (size_t)equals);
	uint64_t value;
	if (!name_right(name) || !str_to_u64(str_skip(word, (size_t)equals + 1), &value) ||
		value > INT64_MAX)
		return false;
	*out = (struct verdict_number){.name = name.p, .name_n = name.n, .value = value};
	return true;
}

bool verdict_read(struct str line, struct verdict *out)
{
	struct verdict read = {.reason = CHECK_OK};
	struct str word;
	if (line.n < 2 || line.n > VERDICT_MAX || line.p[line.n - 1] != '\n')
		return false;
	struct str rest = str_sub(line, 0, line.n - 1);
	/* A space at the very end would be no word for str_next(). */
	if (str_ends(rest, STR(" ")) || !str_next(&rest, ' ', &word))
		return false;
	if (str_eq(word, STR("refused"))) {
		if (!str_next(&rest, ' ', &word) || !reason_find(word, &read.reason))
			return false;
	} else if (!str_eq(word, STR("ok"))) {
		return false;
	}
	while (str_next(&rest, ' ', &word)) {
		if (read.count == VERDICT_NUMBERS || !number_read(word, &read.numbers[read.count]))
			return false;
		read.count++;
	}
	*out = read;
	return true;
}

bool verdict_number_find(const struct verdict *verdict, const char *name, uint64_t *out)
{
	for (size_t i = 0; i < verdict->count; i++) {
		const struct verdict_number *number = &verdict->numbers[i];
		if (str_eq(str_make(number->name, number->name_n), str_of(name))) {
			*out = number->value;
			return true;
		}
	}
	return false;
}

/* One byte is kept for the newline. */
static bool put(struct verdict_line *line, const char *text, size_t n)
{
	if (n > sizeof line->text - 1 - line->n)
		return false;
	memcpy(line->text + line->n, text, n);
	line->n += n;
	return true;
}

void verdict_begin(struct verdict_line *line, enum check_reason reason)
{
	line->n = 0;
	if (reason != CHECK_OK)
		put(line, "refused ", 8);
	const char *word = check_reason_word(reason);
	put(line, word, strlen(word));
}

void verdict_add(struct verdict_line *line, const char *name, uint64_t value)
{
	char word[48];
	int n = snprintf(word, sizeof word, " %s=%llu", name, (unsigned long long)value);
	if (n > 0 && (size_t)n < sizeof word)
		put(line, word, (size_t)n);
}

void verdict_end(struct verdict_line *line)
{
	line->text[line->n++] = '\n';
}
