#include "base/limits.h"
#include "check/end.h"
#include "check/file.h"
#include "check/pages.h"
#include "check/photo.h"
#include "check/strip.h"
#include "check/task.h"

#define PHOTO_QUALITY 92
#define THUMBNAIL_QUALITY 75
#define PAGE_QUALITY 80
#define PICTURE_QUALITY 88

/* A refusal that tells the sizes when they are known. */
_Noreturn static void refuse(enum check_reason reason, const struct jpeg_info *info)
{
	struct verdict_line line;
	verdict_begin(&line, reason);
	if (info->width > 0) {
		verdict_add(&line, "width", jpeg_upright_width(info));
		verdict_add(&line, "height", jpeg_upright_height(info));
	}
	end_with(&line);
}

static struct jpeg_info header_or_end(struct str file)
{
	struct jpeg_info info = {0};
	enum check_reason reason = jpeg_header(file, &info);
	if (reason != CHECK_OK)
		refuse(reason, &info);
	return info;
}

_Noreturn void task_jpeg(char **arguments)
{
	if (arguments[0])
		task_usage();
	struct str file = file_read(FILE_INPUT);
	struct jpeg_info info = header_or_end(file);
	enum check_reason reason = jpeg_decode(file, NULL, 8, NULL);
	if (reason != CHECK_OK)
		refuse(reason, &info);
	struct verdict_line line;
	verdict_begin(&line, CHECK_OK);
	verdict_add(&line, "width", jpeg_upright_width(&info));
	verdict_add(&line, "height", jpeg_upright_height(&info));
	verdict_add(&line, "orientation", info.orientation);
	end_with(&line);
}

/* A part of the upright picture, upright, made smaller to at most `width` pixels across. */
static enum check_reason take_part(struct str file, const struct jpeg_info *info,
	const struct rectangle *part, unsigned width, unsigned height, struct picture *out)
{
	struct rectangle stored = picture_stored(info, part);
	struct picture raw = {0};
	enum check_reason reason =
		jpeg_decode(file, &stored, picture_eighths(part->width, width), &raw);
	if (reason != CHECK_OK)
		return reason;
	struct picture upright = picture_turn(&raw, info->orientation);
	/* The decoder's rounding may have taken a pixel. */
	*out = picture_shrink(&upright, width < upright.width ? width : upright.width,
		height < upright.height ? height : upright.height);
	return CHECK_OK;
}

static void add_facts(struct verdict_line *line, const struct photo_measured *facts)
{
	verdict_add(line, "light", facts->light);
	verdict_add(line, "contrast", facts->contrast);
	verdict_add(line, "sharp", facts->sharp);
	verdict_add(line, "back", facts->back);
	verdict_add(line, "uneven", facts->uneven);
	verdict_add(line, "head", facts->head);
	verdict_add(line, "top", facts->top);
	verdict_add(line, "wide", facts->wide);
	verdict_add(line, "centre", facts->centre);
}

static void add_source(struct verdict_line *line, const struct jpeg_info *info)
{
	if (info->width > 0) {
		verdict_add(line, "source_w", jpeg_upright_width(info));
		verdict_add(line, "source_h", jpeg_upright_height(info));
	}
}

_Noreturn static void refuse_photo(enum check_reason reason, const struct jpeg_info *info)
{
	struct verdict_line line;
	verdict_begin(&line, reason);
	add_source(&line, info);
	end_with(&line);
}

_Noreturn void task_photo(char **arguments)
{
	struct rectangle wanted, part;
	struct picture made = {0};
	struct jpeg_info info = {0};
	for (int i = 0; i < 4; i++) {
		if (!arguments[i])
			task_usage();
	}
	wanted = (struct rectangle){task_number(arguments[0]), task_number(arguments[1]),
		task_number(arguments[2]), task_number(arguments[3])};
	struct str file = file_read(FILE_INPUT);
	enum check_reason reason = jpeg_header(file, &info);
	if (reason != CHECK_OK)
		refuse_photo(reason, &info);
	if (!photo_crop(jpeg_upright_width(&info), jpeg_upright_height(&info), &wanted, &part))
		task_usage();
	if (part.width < LIMIT_PHOTO_LEAST_WIDTH)
		refuse_photo(CHECK_TOO_SMALL, &info);
	unsigned width = part.width < LIMIT_PHOTO_WIDTH ? part.width / 3 * 3 : LIMIT_PHOTO_WIDTH;
	reason = take_part(file, &info, &part, width, width / 3 * 4, &made);
	if (reason != CHECK_OK)
		refuse_photo(reason, &info);
	struct photo_measured facts = photo_measure(&made);
	file_write(jpeg_encode(&made, PHOTO_QUALITY, true));
	struct verdict_line line;
	verdict_begin(&line, CHECK_OK);
	add_source(&line, &info);
	verdict_add(&line, "x", part.x);
	verdict_add(&line, "y", part.y);
	verdict_add(&line, "w", part.width);
	verdict_add(&line, "h", part.height);
	verdict_add(&line, "width", made.width);
	verdict_add(&line, "height", made.height);
	add_facts(&line, &facts);
	end_with(&line);
}

static enum check_reason take_whole(
	struct str file, const struct jpeg_info *info, unsigned side, struct picture *out)
{
	unsigned width = jpeg_upright_width(info), height = jpeg_upright_height(info);
	struct rectangle whole = {0, 0, width, height};
	picture_fit(side, &width, &height);
	return take_part(file, info, &whole, width, height, out);
}

_Noreturn void task_thumbnail(char **arguments)
{
	struct picture made = {0};
	if (arguments[0])
		task_usage();
	struct str file = file_read(FILE_INPUT);
	struct jpeg_info info = header_or_end(file);
	enum check_reason reason = take_whole(file, &info, LIMIT_THUMBNAIL, &made);
	if (reason != CHECK_OK)
		refuse(reason, &info);
	file_write(jpeg_encode(&made, THUMBNAIL_QUALITY, false));
	struct verdict_line line;
	verdict_begin(&line, CHECK_OK);
	verdict_add(&line, "width", made.width);
	verdict_add(&line, "height", made.height);
	verdict_add(&line, "pages", 1);
	end_with(&line);
}

_Noreturn void task_picture(char **arguments)
{
	struct picture made = {0};
	unsigned side = task_number(arguments[0]);
	if (side < 1 || side > LIMIT_PICTURE_SIDE || arguments[1])
		task_usage();
	struct str file = file_read(FILE_INPUT);
	struct jpeg_info info = header_or_end(file);
	enum check_reason reason = take_whole(file, &info, side, &made);
	if (reason != CHECK_OK)
		refuse(reason, &info);
	file_write(jpeg_encode(&made, PICTURE_QUALITY, false));
	struct verdict_line line;
	verdict_begin(&line, CHECK_OK);
	verdict_add(&line, "width", made.width);
	verdict_add(&line, "height", made.height);
	end_with(&line);
}

/* As it is but for its metadata, when it is small enough; otherwise made anew, upright. */
static enum check_reason make_page(struct str file, struct page_picture *out)
{
	struct jpeg_info info = {0};
	enum check_reason reason = jpeg_header(file, &info);
	if (reason != CHECK_OK)
		return reason;
	if (info.width <= LIMIT_PAGES_SIDE && info.height <= LIMIT_PAGES_SIDE) {
		reason = jpeg_decode(file, NULL, 8, NULL);
		if (reason != CHECK_OK)
			return reason;
		uint8_t *stripped = room_for(file.n, 1);
		size_t n = strip_jpeg(file, stripped);
		*out = (struct page_picture){str_make((const char *)stripped, n), info.width,
			info.height, info.orientation, info.grey};
		return n > 0 ? CHECK_OK : CHECK_DAMAGED;
	}
	struct picture made = {0};
	reason = take_whole(file, &info, LIMIT_PAGES_SIDE, &made);
	if (reason == CHECK_OK)
		*out = (struct page_picture){
			jpeg_encode(&made, PAGE_QUALITY, false), made.width, made.height, 1, false};
	return reason;
}

_Noreturn void task_pages(char **arguments)
{
	static struct page_picture pictures[LIMIT_PAGES_IN];
	unsigned count = task_number(arguments[0]);
	struct verdict_line line;
	if (count < 1 || count > LIMIT_PAGES_IN || arguments[1])
		task_usage();
	for (unsigned i = 0; i < count; i++) {
		int fd = i == 0 ? FILE_INPUT : FILE_FURTHER + (int)i - 1;
		enum check_reason reason = make_page(file_read(fd), &pictures[i]);
		if (reason == CHECK_OK)
			continue;
		verdict_begin(&line, reason);
		verdict_add(&line, "file", i);
		end_with(&line);
	}
	file_write(pages_write(pictures, count, room_for(pages_room(pictures, count), 1)));
	verdict_begin(&line, CHECK_OK);
	verdict_add(&line, "pages", count);
	end_with(&line);
}
