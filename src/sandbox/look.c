#include "sandbox/look.h"

#include <assert.h>

static const char *const words[] = {
	[LOOK_EMPTY] = "empty",
	[LOOK_UNKNOWN] = "unknown",
	[LOOK_PDF] = "pdf",
	[LOOK_PDF_LATER] = "pdf_later",
	[LOOK_JPEG] = "jpeg",
	[LOOK_PNG] = "png",
	[LOOK_GIF] = "gif",
	[LOOK_TIFF] = "tiff",
	[LOOK_WEBP] = "webp",
	[LOOK_HEIC] = "heic",
	[LOOK_OFFICE] = "office",
	[LOOK_HTML] = "html",
};

static_assert(sizeof words / sizeof words[0] == LOOK_COUNT, "a word for each kind");

/* Bytes at a fixed place. All that is longer than its text by a NUL is a C string. */
static const struct mark {
	enum look look;
	size_t at;
	struct str bytes;
} marks[] = {
	{LOOK_PDF, 0, STR_INIT("%PDF-")},
	{LOOK_JPEG, 0, STR_INIT("\xff\xd8\xff")},
	{LOOK_PNG, 0, STR_INIT("\x89PNG\r\n\x1a\n")},
	{LOOK_GIF, 0, STR_INIT("GIF8")},
	{LOOK_TIFF, 0, STR_INIT("II*\0")},
	{LOOK_TIFF, 0, STR_INIT("MM\0*")},
	{LOOK_WEBP, 8, STR_INIT("WEBP")},
	/* ISO/IEC 14496-12: a box "ftyp" with the brand behind it. */
	{LOOK_HEIC, 4, STR_INIT("ftyphei")},
	{LOOK_HEIC, 4, STR_INIT("ftyphev")},
	{LOOK_HEIC, 4, STR_INIT("ftypmif1")},
	{LOOK_HEIC, 4, STR_INIT("ftypmsf1")},
	{LOOK_HEIC, 4, STR_INIT("ftypavif")},
	{LOOK_OFFICE, 0, STR_INIT("PK\x03\x04")},
	{LOOK_OFFICE, 0, STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
	{LOOK_OFFICE, 0, STR_INIT("{\\rtf")},
};

const char *look_word(enum look look)
{
	return look < LOOK_COUNT ? words[look] : "unknown";
}

static bool looks_like_html(struct str head)
{
	struct str text =
		str_trim(str_starts(head, STR("\xef\xbb\xbf")) ? str_skip(head, 3) : head);
	static const struct str begins[] = {
		STR_INIT("<!doctype"), STR_INIT("<html"), STR_INIT("<?xml"), STR_INIT("<svg")};
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
		if (str_eq_nocase(str_sub(text, 0, begins[i].n), begins[i]))
			return true;
	}
	return false;
}

enum look look_at(struct str head)
{
	head = str_sub(head, 0, LOOK_BYTES);
	if (head.n == 0)
		return LOOK_EMPTY;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (str_starts(str_skip(head, marks[i].at), marks[i].bytes))
			return marks[i].look;
	}
	if (str_find(head, STR("%PDF-")) >= 0)
		return LOOK_PDF_LATER;
	return looks_like_html(head) ? LOOK_HTML : LOOK_UNKNOWN;
}
