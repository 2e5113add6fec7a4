/*
 * Whole JPEGs: header, decoding at each size, and that what is made of them is sound. In process,
 * so that sanitizers see libjpeg-turbo's edges too; sizes are kept small for speed.
 */

#include "check/jpeg.h"
#include "check/picture.h"
#include "check/strip.h"
#include "fuzz.h"

#include <sys/mman.h>

#define PIXELS_MAX 100000u

static void give_back(struct picture *picture)
{
	if (picture->pixels)
		munmap(picture->pixels, (size_t)picture->width * picture->height * 3);
}

static void decode(struct str file, const struct jpeg_info *info, unsigned eighths)
{
	struct rectangle whole = {0, 0, jpeg_upright_width(info), jpeg_upright_height(info)};
	struct rectangle stored = picture_stored(info, &whole);
	struct picture raw = {0};
	MUST(stored.x == 0 && stored.y == 0 && stored.width == info->width &&
		stored.height == info->height);
	if (jpeg_decode(file, &stored, eighths, &raw) != CHECK_OK) {
		give_back(&raw);
		return;
	}
	struct str made = jpeg_encode(&raw, 75, false);
	struct jpeg_info again;
	MUST(jpeg_header(made, &again) == CHECK_OK);
	MUST(again.width == raw.width && again.height == raw.height && again.orientation == 1);
	MUST(jpeg_decode(made, NULL, 8, NULL) == CHECK_OK);
	free((void *)(uintptr_t)made.p);
	give_back(&raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jpeg_info info;
	if (size < 1)
		return 0;
	struct str file = str_make((const char *)data + 1, size - 1);
	if (jpeg_header(file, &info) != CHECK_OK || info.width * info.height > PIXELS_MAX)
		return 0;
	decode(file, &info, 1 + data[0] % 8);
	return 0;
}
