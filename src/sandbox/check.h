#ifndef SANDBOX_CHECK_H
#define SANDBOX_CHECK_H

#include "base/err.h"
#include "sandbox/verdict.h"

/*
 * What the counter asks about files that people send. Each question is answered by a process of its
 * own (madoguchi-check, for pictures of pages madoguchi-thumbnail) that can read the file, write
 * one verdict and where asked one file, and nothing else: docs/files.md. It has LIMIT_CHECK_CPU of
 * the processor and LIMIT_CHECK_MEMORY; what needs more is refused with CHECK_TIME or CHECK_MEMORY.
 * Files are limited to LIMIT_CHECK_FILE bytes; a larger one is CHECK_TOO_BIG_DECOMPRESSED.
 *
 * A call blocks until the verdict is there (3 to 200 ms as a rule, LIMIT_CHECK_TURN_MS and
 * LIMIT_CHECK_MS at most): for a worker's thread, not for an event thread, and never inside a
 * transaction. Safe from many threads; no more processes run at once than there are processors
 * (LIMIT_CHECK_AT_ONCE at most), more callers wait for their turn.
 *
 * Descriptors stay the caller's and are neither closed nor moved: an input is read from its
 * first byte wherever its position stands, and through a read-only description of its own. It must
 * be a regular file or memfd. An output must be a regular file or memfd open for writing; it is
 * emptied first and holds the whole result when the reason is CHECK_OK, anything otherwise. Nothing
 * is synced to disk here.
 *
 * Errors of all: OK means that there is a verdict, read `reason` then. UNAVAILABLE: the program is
 * not there or cannot be started, all are at work for long, or a descriptor is not such a file; says
 * nothing about the file, the same call may work later. RETRY: it had begun, and was ended before it
 * had used its time of the processor: others took it, or it hangs. That is no verdict either, but
 * the caller counts, and after LIMIT_CHECK_TRIES takes it for CHECK_TIME. What a verdict's numbers
 * are is only defined for CHECK_OK, except where said; `signal` goes with CHECK_DIED, and is what
 * ended it (0: it said what is no verdict).
 */

struct checker; /* constant after checker_new; any thread may use it */

/*
 * `path`: madoguchi-check; madoguchi-thumbnail stands beside it. Empty: beside the running program,
 * or as the build lays it. Lives in the arena. UNAVAILABLE: no such program that may be run.
 */
err checker_new(struct arena *arena, struct str path, struct checker **out);

/* --- PDF */

struct check_pdf {
	enum check_reason reason;
	int signal;
	unsigned version; /* 14 is PDF 1.4, 20 is PDF 2.0 */
	unsigned pages;   /* also with CHECK_TOO_MANY_PAGES */
	bool active; /* has scripts, launches programs, or carries other files: for officers to know
		      */
	uint64_t at; /* with CHECK_DAMAGED: about which byte; 0: not known */
};

err check_pdf(const struct checker *checker, int fd, struct check_pdf *out);

/* --- The face photo */

/* In pixels of the upright picture. All zero: the largest 3:4 rectangle in the middle. */
struct photo_crop {
	unsigned x, y, width, height;
};

/* Shares are in thousandths. They are simple statistics of pixels, no recognition of faces. */
struct photo_facts {
	unsigned brightness;        /* mean of the head's part */
	unsigned contrast;          /* standard deviation there */
	unsigned sharpness;         /* variance of the Laplacian, at a width of 300 pixels */
	unsigned background_light;  /* mean of the upper corners */
	unsigned background_uneven; /* standard deviation there, the two sides' difference included
				     */
	bool head_found;            /* something stands out against the background */
	unsigned head_top;          /* of the height, from above */
	unsigned head_width;        /* of the width, at its widest */
	unsigned head_centre;       /* of the width; 500 is the middle */
};

struct photo {
	enum check_reason reason;
	int signal;
	unsigned source_width, source_height; /* upright; also with TOO_SMALL */
	struct photo_crop crop;               /* what was taken, given or found */
	unsigned width, height;               /* what was made */
	uint64_t bytes;
	struct photo_facts facts;
};

/*
 * From a JPEG of any shape a plain one without any metadata: turned as EXIF says, cropped to 3:4
 * (width to height), at most LIMIT_PHOTO_WIDTH wide. crop NULL: as all zero. UNAVAILABLE: it is not
 * 3:4, or reaches out of the picture.
 */
err photo_make(const struct checker *checker, int in, const struct photo_crop *crop, int out,
	struct photo *photo);

/* What to look at again; advice, never a refusal. Texts: photo_advice_WORD. */
enum photo_advice {
	PHOTO_DARK,
	PHOTO_BRIGHT,
	PHOTO_FLAT, /* little contrast */
	PHOTO_BLURRED,
	PHOTO_BACKGROUND, /* not plain, or with a shadow */
	PHOTO_OFF_CENTRE,
	PHOTO_HEAD_HIGH, /* it touches the upper edge */
	PHOTO_HEAD_LOW,
	PHOTO_HEAD_SMALL,
	PHOTO_HEAD_LARGE,
	PHOTO_COARSE, /* few pixels: it will print unsharp */
	PHOTO_ADVICE_COUNT
};

/* One bit for each (1u << PHOTO_DARK). */
unsigned photo_advise(const struct photo *photo);
const char *photo_advice_word(enum photo_advice advice); /* "dark" … */

/* --- A small picture of the first page */

struct thumbnail {
	enum check_reason reason; /* also of a JPEG: NOT_JPEG and the others of a picture */
	int signal;
	unsigned width, height;   /* at most LIMIT_THUMBNAIL each */
	unsigned pages;           /* of a PDF; 1 for a JPEG */
	uint64_t bytes;
};

enum thumbnail_of { THUMBNAIL_PDF, THUMBNAIL_JPEG };

/* A JPEG without metadata. For files that have been found good. */
err thumbnail_make(const struct checker *checker, int in, enum thumbnail_of of, int out,
	struct thumbnail *thumbnail);

/* --- A clean copy of a whole picture */

struct picture_copy {
	enum check_reason reason;
	int signal;
	unsigned width, height;
	uint64_t bytes;
};

/*
 * From a JPEG of any shape one of the same shape, upright, without metadata, made anew from its
 * pixels; its longer side is at most `side` (up to LIMIT_PICTURE_SIDE).
 */
err picture_copy_make(
	const struct checker *checker, int in, unsigned side, int out, struct picture_copy *copy);

/* --- Photographed pages → one PDF */

struct pages {
	enum check_reason reason;
	int signal;
	unsigned refused; /* which of the inputs the reason is about, from 0; with any reason but OK
			   */
	unsigned pages;
	uint64_t bytes;
};

/*
 * 1 to LIMIT_PAGES_IN JPEGs, each a page of A4 (upright or lying, as the picture), in their order.
 * Turned as EXIF says, without metadata; large ones are made smaller (LIMIT_PAGES_SIDE).
 * CHECK_EMPTY when count is 0, CHECK_TOO_MANY_PAGES when it is over the limit.
 */
err pages_make(
	const struct checker *checker, const int *in, size_t count, int out, struct pages *pages);

#endif
