#include "check/photo.h"

#include "base/limits.h"

bool photo_ratio(unsigned width, unsigned height)
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

enum check_reason photo_crop(
	unsigned width, unsigned height, const struct rectangle *wanted, struct rectangle *out)
{
	bool given = wanted->x || wanted->y || wanted->width || wanted->height;
	struct rectangle r = given ? *wanted : middle(width, height);
	if (given &&
		(r.x >= width || r.y >= height || r.width > width - r.x ||
			r.height > height - r.y || r.width == 0 || !photo_ratio(r.width, r.height)))
		return CHECK_WRONG_RATIO;
	if (r.width < LIMIT_PHOTO_LEAST_WIDTH)
		return CHECK_TOO_SMALL;
	*out = r;
	return CHECK_OK;
}
