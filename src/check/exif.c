#include "check/exif.h"

struct tiff {
	struct str bytes;
	bool big; /* the order of its bytes */
};

static bool read_number(const struct tiff *tiff, size_t at, unsigned width, uint32_t *out)
{
	uint32_t value = 0;
	if (at > tiff->bytes.n || tiff->bytes.n - at < width)
		return false;
	for (unsigned i = 0; i < width; i++) {
		unsigned from = tiff->big ? i : width - 1 - i;
		value = value << 8 | (uint8_t)tiff->bytes.p[at + from];
	}
	*out = value;
	return true;
}

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3

unsigned exif_orientation(struct str segment)
{
	uint32_t magic, ifd, count, tag, type, value;
	if (!str_starts(segment, str_make("Exif\0\0", 6)))
		return 1;
	struct tiff tiff = {.bytes = str_skip(segment, 6)};
	tiff.big = str_starts(tiff.bytes, STR("MM"));
	if (!tiff.big && !str_starts(tiff.bytes, STR("II")))
		return 1;
	if (!read_number(&tiff, 2, 2, &magic) || magic != 42 || !read_number(&tiff, 4, 4, &ifd) ||
		!read_number(&tiff, ifd, 2, &count))
		return 1;
	for (uint32_t i = 0; i < count; i++) {
		size_t entry = (size_t)ifd + 2 + (size_t)i * 12;
		if (!read_number(&tiff, entry, 2, &tag))
			return 1;
		if (tag != TAG_ORIENTATION)
			continue;
		bool good = read_number(&tiff, entry + 2, 2, &type) && type == TYPE_SHORT &&
			    read_number(&tiff, entry + 8, 2, &value) && value >= 1 && value <= 8;
		return good ? value : 1;
	}
	return 1;
}
