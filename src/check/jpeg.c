#include "check/jpeg.h"

#include "base/limits.h"
#include "check/end.h"
#include "check/exif.h"

#include <setjmp.h>
/* After stdio.h, which it needs and does not include. */
#include <jpeglib.h>

/* Only the list of codes: the header's macros use calls that are banned here. */
#define JERROR_H
#define JMESSAGE(code, words) code,
enum message {
#include <jerror.h>
	MESSAGE_COUNT
};

/* What libjpeg may take of LIMIT_CHECK_MEMORY; the rest is the program, the file and what is made.
 */
#define DECODER_MEMORY (160L << 20)

struct failure {
	struct jpeg_error_mgr manager;
	jmp_buf leave;
	int code;
};

struct watch {
	struct jpeg_progress_mgr manager;
	bool too_many_scans;
};

_Noreturn static void on_error(j_common_ptr common)
{
	struct failure *failure = (struct failure *)common->err;
	failure->code = failure->manager.msg_code;
	longjmp(failure->leave, 1);
}

/* Warnings after which pixels are missing. */
static bool loses_pixels(int code)
{
	return code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE ||
	       code == JWRN_ARITH_BAD_CODE || code == JWRN_MUST_RESYNC;
}

static void on_message(j_common_ptr common, int level)
{
	if (level < 0 && loses_pixels(common->err->msg_code))
		on_error(common);
}

static void on_progress(j_common_ptr common)
{
	struct watch *watch = (struct watch *)common->progress;
	j_decompress_ptr decoder = (j_decompress_ptr)common;
	if (decoder->input_scan_number > LIMIT_JPEG_SCANS) {
		watch->too_many_scans = true;
		on_error(common);
	}
}

static struct jpeg_error_mgr *watch_errors(struct failure *failure)
{
	struct jpeg_error_mgr *manager = jpeg_std_error(&failure->manager);
	failure->manager.error_exit = on_error;
	failure->manager.emit_message = on_message;
	failure->code = 0;
	return manager;
}

static enum check_reason reason_of(const struct failure *failure)
{
	switch (failure->code) {
	case JERR_OUT_OF_MEMORY:
	case JERR_NO_BACKING_STORE:
		return CHECK_MEMORY;
	case JERR_NO_SOI:
	case JERR_SOF_UNSUPPORTED:
	case JERR_BAD_PRECISION:
		return CHECK_NOT_JPEG;
	case JERR_IMAGE_TOO_BIG:
		return CHECK_TOO_MANY_PIXELS;
	default:
		return CHECK_DAMAGED;
	}
}

/* One decoder, from its beginning to a header that is fit to go on with. */
struct decoder {
	struct jpeg_decompress_struct jpeg;
	struct failure failure;
	struct watch watch;
};

static void open_decoder(struct decoder *decoder, struct str file)
{
	jpeg_create_decompress(&decoder->jpeg);
	decoder->jpeg.mem->max_memory_to_use = DECODER_MEMORY;
	decoder->watch.manager.progress_monitor = on_progress;
	decoder->jpeg.progress = &decoder->watch.manager;
	jpeg_save_markers(&decoder->jpeg, JPEG_APP0 + 1, 0xffff);
	jpeg_mem_src(&decoder->jpeg, (const unsigned char *)file.p, file.n);
	jpeg_read_header(&decoder->jpeg, TRUE);
}

static unsigned orientation_of(const struct jpeg_decompress_struct *jpeg)
{
	for (const struct jpeg_marker_struct *marker = jpeg->marker_list; marker;
		marker = marker->next) {
		struct str segment = str_make((const char *)marker->data, marker->data_length);
		if (str_starts(segment, STR("Exif")))
			return exif_orientation(segment);
	}
	return 1;
}

static enum check_reason judge_header(
	const struct jpeg_decompress_struct *jpeg, struct jpeg_info *out)
{
	*out = (struct jpeg_info){
		.width = jpeg->image_width,
		.height = jpeg->image_height,
		.orientation = orientation_of(jpeg),
		.grey = jpeg->num_components == 1,
	};
	if (jpeg->image_width > LIMIT_JPEG_SIDE || jpeg->image_height > LIMIT_JPEG_SIDE ||
		(uint64_t)jpeg->image_width * jpeg->image_height > LIMIT_JPEG_PIXELS)
		return CHECK_TOO_MANY_PIXELS;
	if (jpeg->num_components == 4)
		return CHECK_CMYK;
	if (jpeg->arith_code || (jpeg->num_components != 1 && jpeg->num_components != 3))
		return CHECK_NOT_JPEG;
	return CHECK_OK;
}

enum check_reason jpeg_header(struct str file, struct jpeg_info *out)
{
	struct decoder decoder = {0};
	if (!str_starts(file, STR("\xff\xd8\xff")))
		return CHECK_NOT_JPEG;
	decoder.jpeg.err = watch_errors(&decoder.failure);
	if (setjmp(decoder.failure.leave) != 0) {
		jpeg_destroy_decompress(&decoder.jpeg);
		return reason_of(&decoder.failure);
	}
	open_decoder(&decoder, file);
	enum check_reason reason = judge_header(&decoder.jpeg, out);
	jpeg_destroy_decompress(&decoder.jpeg);
	return reason;
}

static unsigned scaled(unsigned value, unsigned eighths)
{
	return (value * eighths + 7) / 8;
}

/* The part in pixels of what the decoder gives, at least one, inside of it. */
static struct rectangle scaled_part(
	const struct jpeg_decompress_struct *jpeg, const struct rectangle *part, unsigned eighths)
{
	struct rectangle r = {part->x * eighths / 8, part->y * eighths / 8,
		scaled(part->width, eighths), scaled(part->height, eighths)};
	if (r.x >= jpeg->output_width)
		r.x = jpeg->output_width - 1;
	if (r.y >= jpeg->output_height)
		r.y = jpeg->output_height - 1;
	if (r.width > jpeg->output_width - r.x)
		r.width = jpeg->output_width - r.x;
	if (r.height > jpeg->output_height - r.y)
		r.height = jpeg->output_height - r.y;
	return r;
}

static void read_rows(struct jpeg_decompress_struct *jpeg, const struct rectangle *part,
	unsigned eighths, struct picture *out)
{
	struct rectangle keep = {0};
	if (out) {
		keep = scaled_part(jpeg, part, eighths);
		*out = (struct picture){
			keep.width, keep.height, room_for((size_t)keep.width * keep.height, 3)};
	}
	JSAMPARRAY row =
		jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE, jpeg->output_width * 3, 1);
	while (jpeg->output_scanline < jpeg->output_height) {
		unsigned y = jpeg->output_scanline;
		jpeg_read_scanlines(jpeg, row, 1);
		if (out && y >= keep.y && y - keep.y < keep.height)
			memcpy(out->pixels + (size_t)(y - keep.y) * keep.width * 3,
				row[0] + (size_t)keep.x * 3, (size_t)keep.width * 3);
	}
}

enum check_reason jpeg_decode(
	struct str file, const struct rectangle *part, unsigned eighths, struct picture *out)
{
	struct decoder decoder = {0};
	decoder.jpeg.err = watch_errors(&decoder.failure);
	if (setjmp(decoder.failure.leave) != 0) {
		jpeg_destroy_decompress(&decoder.jpeg);
		return reason_of(&decoder.failure);
	}
	open_decoder(&decoder, file);
	decoder.jpeg.out_color_space = JCS_RGB;
	decoder.jpeg.scale_num = eighths;
	decoder.jpeg.scale_denom = 8;
	jpeg_start_decompress(&decoder.jpeg);
	read_rows(&decoder.jpeg, part, eighths, out);
	jpeg_finish_decompress(&decoder.jpeg);
	jpeg_destroy_decompress(&decoder.jpeg);
	return CHECK_OK;
}

struct str jpeg_encode(const struct picture *picture, int quality, bool full_colour)
{
	struct jpeg_compress_struct jpeg = {0};
	struct failure failure;
	unsigned char *bytes = NULL;
	unsigned long n = 0;
	jpeg.err = watch_errors(&failure);
	/* What was made in room_for() encodes, or there is no memory. */
	if (setjmp(failure.leave) != 0)
		end_refused(CHECK_MEMORY);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &bytes, &n);
	jpeg.image_width = picture->width;
	jpeg.image_height = picture->height;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, quality, TRUE);
	jpeg.optimize_coding = TRUE;
	if (full_colour)
		jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
	jpeg_start_compress(&jpeg, TRUE);
	while (jpeg.next_scanline < jpeg.image_height) {
		JSAMPROW row = picture->pixels + (size_t)jpeg.next_scanline * picture->width * 3;
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	return str_make((const char *)bytes, n);
}
