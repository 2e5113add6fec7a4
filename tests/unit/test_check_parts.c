/* src/check by itself: unpacking in counted pieces, EXIF, taking metadata out. */
#include "base/limits.h"
#include "check/exif.h"
#include "check/filter.h"
#include "check/photo.h"
#include "check/picture.h"
#include "check/strip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BYTES(literal) str_make(literal, sizeof(literal) - 1)

static enum filter_end measure(enum filter filter, struct str bytes, uint64_t *size)
{
	*size = 0;
	return filter_measure(&filter, 1, bytes, size);
}

static void gives(enum filter filter, struct str bytes, uint64_t wanted)
{
	uint64_t size;
	assert_int_equal(measure(filter, bytes, &size), FILTER_DONE);
	assert_int_equal(size, wanted);
}

static void text_filters(void **state)
{
	(void)state;
	uint64_t size;
	gives(FILTER_ASCII_HEX, BYTES("48 65 6c 6C 6f >"), 5);
	gives(FILTER_ASCII_HEX, BYTES("486>7777"), 2);
	gives(FILTER_ASCII_HEX, BYTES(""), 0);
	assert_int_equal(measure(FILTER_ASCII_HEX, BYTES("4g>"), &size), FILTER_DAMAGED);
	/* "Hello, world" is twelve bytes: three groups. */
	gives(FILTER_ASCII85, BYTES("87cURD_*#4DfTZ)~>"), 12);
	gives(FILTER_ASCII85, BYTES("87cURD_*#4Df\nTZ)zz~>"), 20);
	gives(FILTER_ASCII85, BYTES("5l~>"), 1);
	gives(FILTER_ASCII85, BYTES("z~>"), 4);
	assert_int_equal(measure(FILTER_ASCII85, BYTES("5~>"), &size), FILTER_DAMAGED);
	assert_int_equal(measure(FILTER_ASCII85, BYTES("uuuuu~>"), &size), FILTER_DAMAGED);
	assert_int_equal(measure(FILTER_ASCII85, BYTES("5lz~>"), &size), FILTER_DAMAGED);
	assert_int_equal(measure(FILTER_ASCII85, BYTES("vvvvv~>"), &size), FILTER_DAMAGED);
}

static void run_lengths(void **state)
{
	(void)state;
	gives(FILTER_RUN_LENGTH,
		BYTES("\x04hello\xff"
		      "x\x80more"),
		5 + 2);
	gives(FILTER_RUN_LENGTH, BYTES("\x81x\x80"), 128);
	gives(FILTER_RUN_LENGTH, BYTES("\x05he"), 2);
	gives(FILTER_RUN_LENGTH, BYTES(""), 0);
}

/* The example of the standard (ISO 32000-1, 7.4.4.2): 45 45 45 45 45 65 45 45 45 66. */
static void lzw(void **state)
{
	(void)state;
	uint64_t size;
	gives(FILTER_LZW, BYTES("\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"), 10);
	gives(FILTER_LZW, BYTES(""), 0);
	/* A code that has no text yet. */
	assert_int_equal(measure(FILTER_LZW, BYTES("\x80\x3f\xff\xff"), &size), FILTER_DAMAGED);
}

/*
 * What LZW of PDF makes of `count` equal bytes: each code is the last text and one byte more. `late`: codes become wider only when
 * they must (EarlyChange 0).
 */
static size_t lzw_of_equal(unsigned count, bool late, uint8_t *out)
{
	uint32_t bits = 0;
	unsigned held = 0, width = 9, next = 258, code = 256, length = 0;
	size_t n = 0;
	while (count > 0 || code == 256) {
		bits = bits << width | code;
		held += width;
		while (held >= 8)
			out[n++] = (uint8_t)(bits >> (held -= 8));
		if (code == 256) {
			width = 9;
			next = 258;
			length = 0;
		} else {
			count -= length < count ? length : count;
			next += length > 1 || next > 258 || length == 1;
			if (next + 0u >= (1u << width) + late && width < 12)
				width++;
		}
		length++;
		code = length == 1 ? 'a' : 257 + length - 1;
		if (code >= 4093)
			code = 256;
	}
	if (held > 0)
		out[n++] = (uint8_t)(bits << (8 - held));
	return n;
}

static void lzw_through_all_widths(void **state)
{
	(void)state;
	static uint8_t bytes[64 << 10];
	uint64_t size;
	for (int late = 0; late < 2; late++) {
		size_t n = lzw_of_equal(5000000, late, bytes);
		struct str packed = str_make((const char *)bytes, n);
		assert_int_equal(measure(late ? FILTER_LZW_LATE : FILTER_LZW, packed, &size), FILTER_DONE);
		assert_true(size >= 5000000 && size < 5010000);
		/* Taken for the other one it makes no sense soon. */
		assert_int_equal(measure(late ? FILTER_LZW : FILTER_LZW_LATE, packed, &size), FILTER_DAMAGED);
	}
}

static void names_of_filters(void **state)
{
	(void)state;
	assert_int_equal(filter_of(STR("/FlateDecode")), FILTER_FLATE);
	assert_int_equal(filter_of(STR("Fl")), FILTER_FLATE);
	assert_int_equal(filter_of(STR("/DCTDecode")), FILTER_OTHER);
	assert_int_equal(filter_of(STR("")), FILTER_OTHER);
}

static void one_behind_the_other(void **state)
{
	(void)state;
	uint64_t size = 0;
	const enum filter twice[] = {FILTER_ASCII_HEX, FILTER_RUN_LENGTH};
	/* "81 78 80" → 0x81 'x' 0x80 → 128 times x; three bytes between. */
	assert_int_equal(filter_measure(twice, 2, BYTES("81 78 80>"), &size), FILTER_DONE);
	assert_int_equal(size, 3 + 128);
	/* What is behind a picture's filter is not looked at. */
	const enum filter picture[] = {FILTER_ASCII_HEX, FILTER_OTHER, FILTER_RUN_LENGTH};
	size = 0;
	assert_int_equal(filter_measure(picture, 3, BYTES("81 78 80>"), &size), FILTER_DONE);
	assert_int_equal(size, 3);
	/* What others had counts too. */
	size = LIMIT_PDF_UNPACKED - 3;
	assert_int_equal(filter_measure(picture, 1, BYTES("81 78 80>"), &size), FILTER_DONE);
	size = LIMIT_PDF_UNPACKED - 2;
	assert_int_equal(filter_measure(picture, 1, BYTES("81 78 80>"), &size), FILTER_TOO_BIG);
}

static void exif(void **state)
{
	(void)state;
	static const char big[] =
		"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
	static const char little[] =
		"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
	assert_int_equal(exif_orientation(BYTES(big)), 6);
	assert_int_equal(exif_orientation(BYTES(little)), 8);
	/* Cut at each length: never more than it has, never a number that is none. */
	for (size_t n = 0; n < sizeof big - 1; n++) {
		char *copy = malloc(n ? n : 1);
		assert_non_null(copy);
		memcpy(copy, big, n);
		unsigned value = exif_orientation(str_make(copy, n));
		assert_true(value == 1 || value == 6);
		free(copy);
	}
	/* Offsets out of all bounds. */
	static const char far[] =
		"Exif\0\0MM\0*\xff\xff\xff\xf0\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0";
	assert_int_equal(exif_orientation(BYTES(far)), 1);
	static const char many[] =
		"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x0e\0\x03\0\0\0\x01\0\x06\0\0";
	assert_int_equal(exif_orientation(BYTES(many)), 1);
	assert_int_equal(exif_orientation(STR("")), 1);
}

static void metadata_goes(void **state)
{
	(void)state;
	static const char in[] = "\xff\xd8"
				 "\xff\xe0\0\x04JF"
				 "\xff\xe1\0\x06PLCE"
				 "\xff\xee\0\x04"
				 "AD"
				 "\xff\xfe\0\x05"
				 "COM"
				 "\xff\xff\xff\xdb\0\x03q"
				 "\xff\xda\0\x03s"
				 "data\xff\0\xff\xd3more"
				 "\xff\xe2\0\x05"
				 "icc"
				 "\xff\xda\0\x03t"
				 "last"
				 "\xff\xd9"
				 "trailer";
	static const char want[] = "\xff\xd8"
				   "\xff\xee\0\x04"
				   "AD"
				   "\xff\xdb\0\x03q"
				   "\xff\xda\0\x03s"
				   "data\xff\0\xff\xd3more"
				   "\xff\xda\0\x03t"
				   "last"
				   "\xff\xd9";
	uint8_t out[sizeof in];
	size_t n = strip_jpeg(BYTES(in), out);
	assert_int_equal(n, sizeof want - 1);
	assert_memory_equal(out, want, n);
	/* Without its end, or without any picture, it is none. */
	for (size_t cut = 0; cut < sizeof in - 8 - 1; cut++)
		assert_int_equal(strip_jpeg(str_make(in, cut), out), 0);
	assert_int_equal(strip_jpeg(BYTES("\xff\xd8\xff\xd9"), out), 0);
	assert_int_equal(strip_jpeg(BYTES("\xff\xd8\xff\xdb\0\x01\xff\xd9"), out), 0);
}

static void ratios(void **state)
{
	(void)state;
	struct rectangle r;
	const struct rectangle whole = {0};
	assert_true(photo_crop(301, 402, &whole, &r));
	assert_int_equal(r.width, 300);
	assert_int_equal(r.height, 400);
	static const struct {
		struct rectangle wanted;
		bool good;
	} table[] = {
		{{0, 0, 300, 400}, true},
		{{0, 0, 300, 408}, true},
		{{0, 0, 300, 392}, true},
		{{0, 0, 300, 409}, false},
		{{0, 0, 300, 391}, false},
		{{0, 0, 400, 300}, false},
		{{3700, 3600, 300, 400}, true},
		{{3701, 3600, 300, 400}, false},
		{{3700, 3601, 300, 400}, false},
		{{UINT32_MAX, 0, 300, 400}, false},
		{{0, 0, 3u << 30, 0}, false},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (photo_crop(4000, 4000, &table[i].wanted, &r) != table[i].good)
			fail_msg("rectangle %zu", i);
	}
}

static void scaling(void **state)
{
	(void)state;
	assert_int_equal(picture_eighths(8000, 1000), 1);
	assert_int_equal(picture_eighths(7999, 1000), 2);
	assert_int_equal(picture_eighths(100, 1000), 8);
	unsigned w = 4000, h = 3;
	picture_fit(240, &w, &h);
	assert_int_equal(w, 240);
	assert_int_equal(h, 1);
	w = 240, h = 240;
	picture_fit(240, &w, &h);
	assert_int_equal(w, 240);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_filters),
		cmocka_unit_test(run_lengths),
		cmocka_unit_test(lzw),
		cmocka_unit_test(lzw_through_all_widths),
		cmocka_unit_test(names_of_filters),
		cmocka_unit_test(one_behind_the_other),
		cmocka_unit_test(exif),
		cmocka_unit_test(metadata_goes),
		cmocka_unit_test(ratios),
		cmocka_unit_test(scaling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
