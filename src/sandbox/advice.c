#include "sandbox/check.h"

#include <assert.h>

/*
 * Advice about a face photo. The measures of the head are those of the rule for residence cards
 * (docs/files.md): of 40 mm of height, the head takes 22 to 28 mm with 2 to 8 mm above it; with the
 * guess of where a head ends as rough as it is here, the borders are wider than the rule's.
 */

static const char *const words[] = {
	[PHOTO_DARK] = "dark",
	[PHOTO_BRIGHT] = "bright",
	[PHOTO_FLAT] = "flat",
	[PHOTO_BLURRED] = "blurred",
	[PHOTO_BACKGROUND] = "background",
	[PHOTO_OFF_CENTRE] = "off_centre",
	[PHOTO_HEAD_HIGH] = "head_high",
	[PHOTO_HEAD_LOW] = "head_low",
	[PHOTO_HEAD_SMALL] = "head_small",
	[PHOTO_HEAD_LARGE] = "head_large",
	[PHOTO_COARSE] = "coarse",
};

static_assert(sizeof words / sizeof words[0] == PHOTO_ADVICE_COUNT, "a word for each advice");

const char *photo_advice_word(enum photo_advice advice)
{
	return advice < PHOTO_ADVICE_COUNT ? words[advice] : "";
}

/* Each is given when the fact lies below `least` or above `most`. */
static const struct rule {
	enum photo_advice advice;
	size_t fact;     /* offset in struct photo_facts */
	bool needs_head; /* means something only where a head was found */
	unsigned least, most;
} rules[] = {
	{PHOTO_DARK, offsetof(struct photo_facts, brightness), false, 250, 1000},
	{PHOTO_BRIGHT, offsetof(struct photo_facts, brightness), false, 0, 880},
	{PHOTO_FLAT, offsetof(struct photo_facts, contrast), false, 60, 1000},
	/* Sharp photos have 100 and more, those out of focus below 20. */
	{PHOTO_BLURRED, offsetof(struct photo_facts, sharpness), false, 30, UINT32_MAX},
	{PHOTO_BACKGROUND, offsetof(struct photo_facts, background_uneven), false, 0, 70},
	{PHOTO_OFF_CENTRE, offsetof(struct photo_facts, head_centre), true, 420, 580},
	{PHOTO_HEAD_HIGH, offsetof(struct photo_facts, head_top), true, 30, 1000},
	{PHOTO_HEAD_LOW, offsetof(struct photo_facts, head_top), true, 0, 280},
	{PHOTO_HEAD_SMALL, offsetof(struct photo_facts, head_width), true, 330, 1000},
	{PHOTO_HEAD_LARGE, offsetof(struct photo_facts, head_width), true, 0, 800},
};

/* Below 300 dpi on 30 mm. */
#define COARSE_WIDTH 354

unsigned photo_advise(const struct photo *photo)
{
	unsigned advice = photo->width < COARSE_WIDTH ? 1u << PHOTO_COARSE : 0;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		unsigned value;
		memcpy(&value, (const char *)&photo->facts + rules[i].fact, sizeof value);
		if (rules[i].needs_head && !photo->facts.head_found)
			continue;
		if (value < rules[i].least || value > rules[i].most)
			advice |= 1u << rules[i].advice;
	}
	return advice;
}
