/*
 * The checker's own parsing: filters of streams, EXIF, segments of a JPEG, the header of a PDF, the
 * verdict's line, the first bytes. The first byte says which.
 */

#include "base/limits.h"
#include "check/exif.h"
#include "check/filter.h"
#include "check/pdf.h"
#include "check/strip.h"
#include "fuzz.h"
#include "sandbox/look.h"

#include <string.h>

static void filters(struct str bytes)
{
	enum filter chain[LIMIT_PDF_FILTERS];
	uint64_t total = 0;
	if (bytes.n < 2)
		return;
	size_t count = 1 + (uint8_t)bytes.p[0] % LIMIT_PDF_FILTERS;
	for (size_t i = 0; i < count; i++) {
		chain[i] = (enum filter)((uint8_t)bytes.p[1] >> i * 2 & 3);
		if (chain[i] == FILTER_LZW && (uint8_t)bytes.p[0] & 0x80)
			chain[i] = FILTER_LZW_LATE;
	}
	/* A budget that is nearly used up keeps each run short. */
	uint64_t from = total = LIMIT_PDF_UNPACKED - (1u << 20);
	enum filter_end end = filter_measure(chain, count, str_skip(bytes, 2), &total);
	MUST(total >= from && total <= LIMIT_PDF_UNPACKED + (16u << 10));
	MUST(end == FILTER_TOO_BIG || total <= LIMIT_PDF_UNPACKED);
}

static void text_filters(struct str bytes)
{
	uint64_t hex = 0, base85 = 0;
	const enum filter a[] = {FILTER_ASCII_HEX}, b[] = {FILTER_ASCII85};
	if (filter_measure(a, 1, bytes, &hex) == FILTER_DONE)
		MUST(hex <= bytes.n / 2 + 1);
	if (filter_measure(b, 1, bytes, &base85) == FILTER_DONE)
		MUST(base85 <= bytes.n * 4);
}

/* What came out has nothing left to take out. */
static void strip(struct str bytes)
{
	uint8_t *once = malloc(bytes.n + 1), *twice = malloc(bytes.n + 1);
	MUST(once && twice);
	size_t n = strip_jpeg(bytes, once);
	MUST(n <= bytes.n);
	if (n > 0) {
		size_t m = strip_jpeg(str_make((const char *)once, n), twice);
		MUST(m == n && memcmp(once, twice, n) == 0);
	}
	free(once);
	free(twice);
}

static void verdict(struct str bytes)
{
	struct verdict read;
	if (!verdict_read(bytes, &read))
		return;
	/* Written again it is a verdict again, with the same numbers. */
	struct verdict_line line;
	struct verdict again;
	verdict_begin(&line, read.reason);
	for (size_t i = 0; i < read.count; i++) {
		char name[20] = {0};
		MUST(read.numbers[i].name_n <= 16);
		memcpy(name, read.numbers[i].name, read.numbers[i].name_n);
		verdict_add(&line, name, read.numbers[i].value);
	}
	verdict_end(&line);
	MUST(verdict_read(str_make(line.text, line.n), &again));
	MUST(again.reason == read.reason && again.count == read.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct str bytes = str_make((const char *)data + 1, size - 1);
	unsigned version = 0, orientation;
	switch (data[0] % 7) {
	case 0:
		filters(bytes);
		break;
	case 1:
		text_filters(bytes);
		break;
	case 2:
		orientation = exif_orientation(bytes);
		MUST(orientation >= 1 && orientation <= 8);
		break;
	case 3:
		strip(bytes);
		break;
	case 4:
		if (pdf_header(bytes, &version) == CHECK_OK)
			MUST((version >= 10 && version <= 17) || version == 20);
		break;
	case 5:
		verdict(bytes);
		break;
	default:
		MUST(look_at(bytes) < LOOK_COUNT);
		break;
	}
	return 0;
}
