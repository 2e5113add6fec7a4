#include "check/photo.h"

/* height:width is 4:3 within 2 %. */
static bool is_ratio(unsigned width, unsigned height)
{
	/* 3 * height = 4 * width, both sides times 50. */
	uint64_t high = (uint64_t)height * 150, wide = (uint64_t)width * 200;
	uint64_t apart = high > wide ? high - wide : wide - high;
	return apart <= (uint64_t)width * 4;
}

static struct rectangle middle(unsigned width, unsigned height)
{
	/* The largest n such that 3n × 4n fits. */
	unsigned n = width / 3 < height / 4 ? width / 3 : height / 4;
	struct rectangle r = {.width = n * 3, .height = n * 4};
	r.x = (width - r.width) / 2;
	r.y = (height - r.height) / 2;
	return r;
}

bool photo_crop(
	unsigned width, unsigned height, const struct rectangle *wanted, struct rectangle *out)
{
	const struct rectangle r = *wanted;
	if (!r.x && !r.y && !r.width && !r.height) {
		*out = middle(width, height);
		return true;
	}
	if (r.x >= width || r.y >= height || r.width > width - r.x || r.height > height - r.y ||
		r.width == 0 || !is_ratio(r.width, r.height))
		return false;
	*out = r;
	return true;
}
