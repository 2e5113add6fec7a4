/* sandbox/look: what the first bytes say, and that nothing behind them is read. */
#include "sandbox/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BYTES(literal) str_make(literal, sizeof(literal) - 1)

static void each_kind(void **state)
{
	(void)state;
	const struct {
		struct str head;
		enum look look;
	} all[] = {
		{BYTES(""), LOOK_EMPTY},
		{BYTES("%PDF-1.7\n"), LOOK_PDF},
		{BYTES("%PDF"), LOOK_UNKNOWN},
		{BYTES("\xef\xbb\xbf%PDF-1.4"), LOOK_PDF_LATER},
		{BYTES("<html>%PDF-1.4"), LOOK_PDF_LATER},
		{BYTES("\xff\xd8\xff\xe0"), LOOK_JPEG},
		{BYTES("\xff\xd8"), LOOK_UNKNOWN},
		{BYTES("\x89PNG\r\n\x1a\n"), LOOK_PNG},
		{BYTES("GIF89a"), LOOK_GIF},
		{BYTES("II*\0\x08"), LOOK_TIFF},
		{BYTES("MM\0*\0"), LOOK_TIFF},
		{BYTES("RIFF\x10\0\0\0WEBPVP8 "), LOOK_WEBP},
		{BYTES("RIFF\x10\0\0\0WAVE"), LOOK_UNKNOWN},
		{BYTES("\0\0\0\x18"
		       "ftypheic\0"),
			LOOK_HEIC},
		{BYTES("\0\0\0\x18"
		       "ftypmif1\0"),
			LOOK_HEIC},
		{BYTES("\0\0\0\x18"
		       "ftypmp42\0"),
			LOOK_UNKNOWN},
		{BYTES("PK\x03\x04\x14"), LOOK_OFFICE},
		{BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), LOOK_OFFICE},
		{BYTES("{\\rtf1"), LOOK_OFFICE},
		{BYTES("<!DOCTYPE html>"), LOOK_HTML},
		{BYTES("\r\n  <HTML>"), LOOK_HTML},
		{BYTES("\xef\xbb\xbf<?xml version"), LOOK_HTML},
		{BYTES("hello"), LOOK_UNKNOWN},
	};
	bool seen[LOOK_COUNT] = {false};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (look_at(all[i].head) != all[i].look)
			fail_msg("row %zu: %s", i, look_word(look_at(all[i].head)));
		seen[all[i].look] = true;
	}
	for (int i = 0; i < LOOK_COUNT; i++)
		assert_true(seen[i]);
}

static void only_the_beginning_counts(void **state)
{
	(void)state;
	static char bytes[LOOK_BYTES + 16];
	memset(bytes, ' ', sizeof bytes);
	memcpy(bytes + LOOK_BYTES - 5, "%PDF-", 5);
	assert_int_equal(look_at(str_make(bytes, sizeof bytes)), LOOK_PDF_LATER);
	memset(bytes, ' ', sizeof bytes);
	memcpy(bytes + LOOK_BYTES - 4, "%PDF-", 5);
	assert_int_equal(look_at(str_make(bytes, sizeof bytes)), LOOK_UNKNOWN);
}

/* At each length of each beginning; the sanitizers see a byte too much. */
static void cut_anywhere(void **state)
{
	(void)state;
	static const char whole[] = "\0\0\0\x18"
				    "ftypheic";
	for (size_t n = 0; n < sizeof whole - 1; n++) {
		char *copy = malloc(n ? n : 1);
		assert_non_null(copy);
		memcpy(copy, whole, n);
		assert_int_equal(look_at(str_make(copy, n)), n == 0    ? LOOK_EMPTY
							     : n >= 11 ? LOOK_HEIC
								       : LOOK_UNKNOWN);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind),
		cmocka_unit_test(only_the_beginning_counts),
		cmocka_unit_test(cut_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
