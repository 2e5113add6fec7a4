#include "check/picture.h"

#include "check/end.h"

struct point {
	unsigned x, y;
};

/* Which pixel of a stored picture of w × h stands at x, y of the upright one (EXIF 2.32, tag
 * 0x0112). */
static struct point stored_point(
	unsigned orientation, unsigned w, unsigned h, unsigned x, unsigned y)
{
	switch (orientation) {
	case 2:
		return (struct point){w - 1 - x, y};
	case 3:
		return (struct point){w - 1 - x, h - 1 - y};
	case 4:
		return (struct point){x, h - 1 - y};
	case 5:
		return (struct point){y, x};
	case 6:
		return (struct point){y, h - 1 - x};
	case 7:
		return (struct point){w - 1 - y, h - 1 - x};
	case 8:
		return (struct point){w - 1 - y, x};
	default:
		return (struct point){x, y};
	}
}

struct picture picture_turn(const struct picture *picture, unsigned orientation)
{
	if (orientation == 1)
		return *picture;
	bool turned = orientation >= 5;
	struct picture out = {turned ? picture->height : picture->width,
		turned ? picture->width : picture->height,
		room_for((size_t)picture->width * picture->height, 3)};
	for (unsigned y = 0; y < out.height; y++) {
		for (unsigned x = 0; x < out.width; x++) {
			struct point from =
				stored_point(orientation, picture->width, picture->height, x, y);
			memcpy(out.pixels + ((size_t)y * out.width + x) * 3,
				picture->pixels + ((size_t)from.y * picture->width + from.x) * 3,
				3);
		}
	}
	return out;
}

struct rectangle picture_stored(const struct jpeg_info *info, const struct rectangle *upright)
{
	struct point a =
		stored_point(info->orientation, info->width, info->height, upright->x, upright->y);
	struct point b = stored_point(info->orientation, info->width, info->height,
		upright->x + upright->width - 1, upright->y + upright->height - 1);
	unsigned left = a.x < b.x ? a.x : b.x, right = a.x < b.x ? b.x : a.x;
	unsigned top = a.y < b.y ? a.y : b.y, bottom = a.y < b.y ? b.y : a.y;
	return (struct rectangle){left, top, right - left + 1, bottom - top + 1};
}

/* The mean of a rectangle of whole pixels: for shrinking, the covered ones are near enough. */
static void mean(const struct picture *picture, const struct rectangle *r, uint8_t out[3])
{
	uint64_t sum[3] = {0};
	for (unsigned y = r->y; y < r->y + r->height; y++) {
		const uint8_t *p = picture->pixels + ((size_t)y * picture->width + r->x) * 3;
		for (unsigned x = 0; x < r->width; x++, p += 3) {
			sum[0] += p[0];
			sum[1] += p[1];
			sum[2] += p[2];
		}
	}
	uint64_t count = (uint64_t)r->width * r->height;
	for (int i = 0; i < 3; i++)
		out[i] = (uint8_t)((sum[i] + count / 2) / count);
}

struct picture picture_shrink(const struct picture *picture, unsigned width, unsigned height)
{
	if (width == picture->width && height == picture->height)
		return *picture;
	struct picture out = {width, height, room_for((size_t)width * height, 3)};
	for (unsigned y = 0; y < height; y++) {
		unsigned top = (unsigned)((uint64_t)y * picture->height / height);
		unsigned bottom = (unsigned)((uint64_t)(y + 1) * picture->height / height);
		for (unsigned x = 0; x < width; x++) {
			unsigned left = (unsigned)((uint64_t)x * picture->width / width);
			unsigned right = (unsigned)((uint64_t)(x + 1) * picture->width / width);
			struct rectangle r = {left, top, right - left, bottom - top};
			mean(picture, &r, out.pixels + ((size_t)y * width + x) * 3);
		}
	}
	return out;
}

unsigned picture_eighths(unsigned from, unsigned to)
{
	for (unsigned eighths = 1; eighths < 8; eighths++) {
		if ((uint64_t)from * eighths / 8 >= to)
			return eighths;
	}
	return 8;
}

void picture_fit(unsigned side, unsigned *width, unsigned *height)
{
	unsigned longer = *width > *height ? *width : *height;
	if (longer <= side)
		return;
	unsigned w = (unsigned)(((uint64_t)*width * side + longer / 2) / longer);
	unsigned h = (unsigned)(((uint64_t)*height * side + longer / 2) / longer);
	*width = w ? w : 1;
	*height = h ? h : 1;
}
