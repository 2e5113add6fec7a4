#include "check/photo.h"

/*
 * All measures are taken on a picture of 300 × 400: they then mean the same whatever was sent.
 *
 * Background: the two upper corners. Head: from above, the first rows in which enough pixels differ
 * from the background; its width is the widest of the rows in the part where a head is and
 * shoulders are not yet.
 */

#define W 300
#define H 400
#define CORNER_W 45 /* 15 % */
#define CORNER_H 120
#define DIFFERS 36     /* of 255, in one colour */
#define ROW_LEAST 15   /* pixels that differ in a row of the head */
#define ROWS_RUNNING 6 /* such rows in a row: not a speck */
#define HEAD_ROWS 120  /* looked at below the top: 12 mm of 40, above the shoulders */

struct sums {
	double n, sum, squares;
};

static void add(struct sums *sums, double value)
{
	sums->n++;
	sums->sum += value;
	sums->squares += value * value;
}

static double mean_of(const struct sums *sums)
{
	return sums->n > 0 ? sums->sum / sums->n : 0;
}

static double variance_of(const struct sums *sums)
{
	double mean = mean_of(sums);
	double variance = sums->n > 0 ? sums->squares / sums->n - mean * mean : 0;
	return variance > 0 ? variance : 0;
}

static double root_of(double value)
{
	/* Newton; libm is not worth a library for one place. */
	double root = value > 1 ? value : 1;
	for (int i = 0; i < 40; i++)
		root = (root + value / root) / 2;
	return value > 0 ? root : 0;
}

static unsigned share(double of_255)
{
	return (unsigned)(of_255 * 1000 / 255 + 0.5);
}

static const uint8_t *pixel(const struct picture *picture, unsigned x, unsigned y)
{
	return picture->pixels + ((size_t)y * picture->width + x) * 3;
}

/* Brightness as ITU-R BT.601 has it. */
static double light_at(const struct picture *picture, unsigned x, unsigned y)
{
	const uint8_t *p = pixel(picture, x, y);
	return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

static double laplace_at(const struct picture *p, unsigned x, unsigned y)
{
	return light_at(p, x - 1, y) + light_at(p, x + 1, y) + light_at(p, x, y - 1) +
	       light_at(p, x, y + 1) - 4 * light_at(p, x, y);
}

static void measure_face(const struct picture *picture, struct photo_measured *out)
{
	struct sums light = {0}, laplace = {0};
	for (unsigned y = H / 5; y < H * 7 / 10; y++) {
		for (unsigned x = W / 4; x < W * 3 / 4; x++) {
			add(&light, light_at(picture, x, y));
			add(&laplace, laplace_at(picture, x, y));
		}
	}
	out->light = share(mean_of(&light));
	out->contrast = share(root_of(variance_of(&light)));
	out->sharp = (unsigned)(variance_of(&laplace) + 0.5);
}

/* Its colour goes to `colour`. */
static void measure_background(
	const struct picture *picture, double colour[3], struct photo_measured *out)
{
	struct sums light = {0}, colours[3] = {0};
	for (unsigned y = 0; y < CORNER_H; y++) {
		for (unsigned i = 0; i < 2 * CORNER_W; i++) {
			unsigned x = i < CORNER_W ? i : W - 1 - (i - CORNER_W);
			add(&light, light_at(picture, x, y));
			for (int c = 0; c < 3; c++)
				add(&colours[c], pixel(picture, x, y)[c]);
		}
	}
	for (int c = 0; c < 3; c++)
		colour[c] = mean_of(&colours[c]);
	out->back = share(mean_of(&light));
	out->uneven = share(root_of(variance_of(&light)));
}

static bool differs(const struct picture *picture, unsigned x, unsigned y, const double colour[3])
{
	for (int c = 0; c < 3; c++) {
		double apart = pixel(picture, x, y)[c] - colour[c];
		if (apart > DIFFERS || apart < -DIFFERS)
			return true;
	}
	return false;
}

struct row {
	unsigned count, left, right;
};

static struct row row_at(const struct picture *picture, unsigned y, const double colour[3])
{
	struct row row = {0, W, 0};
	for (unsigned x = 0; x < W; x++) {
		if (!differs(picture, x, y, colour))
			continue;
		row.count++;
		row.left = x < row.left ? x : row.left;
		row.right = x;
	}
	return row;
}

static void find_head(
	const struct picture *picture, const double colour[3], struct photo_measured *out)
{
	unsigned running = 0, top = 0;
	while (top < H && running < ROWS_RUNNING) {
		running = row_at(picture, top, colour).count >= ROW_LEAST ? running + 1 : 0;
		top++;
	}
	if (running < ROWS_RUNNING || top > H / 2)
		return;
	top -= ROWS_RUNNING;
	struct row widest = {0, 0, 0};
	for (unsigned y = top; y < top + HEAD_ROWS && y < H; y++) {
		struct row row = row_at(picture, y, colour);
		if (row.count > widest.count)
			widest = row;
		/* The neck: what becomes wider again below it are shoulders. */
		else if (row.count * 5 < widest.count * 4)
			break;
	}
	out->head = true;
	out->top = top * 1000 / H;
	out->wide = widest.count * 1000 / W;
	out->centre = (widest.left + widest.right + 1) * 500 / W;
}

/* From 240 wide on, so a little enlarging may be needed: the nearest pixel will do for measuring.
 */
static struct picture measured_size(const struct picture *picture)
{
	if (picture->width >= W && picture->height >= H)
		return picture_shrink(picture, W, H);
	static uint8_t pixels[W * H * 3];
	for (unsigned y = 0; y < H; y++) {
		for (unsigned x = 0; x < W; x++)
			memcpy(pixels + ((size_t)y * W + x) * 3,
				pixel(picture, x * picture->width / W, y * picture->height / H), 3);
	}
	return (struct picture){W, H, pixels};
}

struct photo_measured photo_measure(const struct picture *picture)
{
	struct photo_measured out = {0};
	double colour[3];
	struct picture small = measured_size(picture);
	measure_face(&small, &out);
	measure_background(&small, colour, &out);
	find_head(&small, colour, &out);
	return out;
}
