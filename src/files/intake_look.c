#include "files/intake.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "sandbox/look.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is asked about a file: a first look at its head, then the checkers, each in a process of its own. */

err intake_memory(const char *name, int *fd)
{
	int made = memfd_create(name, MFD_CLOEXEC);

	if (made < 0)
		return fail(ERR_UNAVAILABLE, "memfd: %s", strerrorname_np(errno));
	*fd = made;
	return ok();
}

void intake_end(struct intake *intake)
{
	int *const all[] = {&intake->fd, &intake->made, &intake->whole, &intake->thumbnail};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (*all[i] >= 0)
			close(*all[i]);
		*all[i] = -1;
	}
}

static err look(struct intake *intake)
{
	/* What somebody has chosen by mistake, so that the mend can be named. */
	static const char *const document_reasons[LOOK_COUNT] = {
		[LOOK_EMPTY] = "empty", [LOOK_UNKNOWN] = "not_pdf", [LOOK_JPEG] = "is_picture", [LOOK_PNG] = "is_picture", [LOOK_GIF] = "is_picture",
		[LOOK_TIFF] = "is_picture", [LOOK_WEBP] = "is_picture", [LOOK_HEIC] = "is_picture", [LOOK_OFFICE] = "is_office", [LOOK_HTML] = "is_html",
	};
	static const char *const photo_reasons[LOOK_COUNT] = {
		[LOOK_EMPTY] = "empty", [LOOK_UNKNOWN] = "not_jpeg", [LOOK_PDF] = "photo_is_pdf", [LOOK_PDF_LATER] = "photo_is_pdf",
		[LOOK_PNG] = "photo_is_other", [LOOK_GIF] = "photo_is_other", [LOOK_TIFF] = "photo_is_other", [LOOK_WEBP] = "photo_is_other",
		[LOOK_HEIC] = "photo_is_heic", [LOOK_OFFICE] = "not_jpeg", [LOOK_HTML] = "not_jpeg",
	};
	static const char *const page_reasons[LOOK_COUNT] = {
		[LOOK_EMPTY] = "empty", [LOOK_UNKNOWN] = "not_jpeg", [LOOK_PDF] = "page_is_pdf", [LOOK_PDF_LATER] = "page_is_pdf",
		[LOOK_PNG] = "photo_is_other", [LOOK_GIF] = "photo_is_other", [LOOK_TIFF] = "photo_is_other", [LOOK_WEBP] = "photo_is_other",
		[LOOK_HEIC] = "photo_is_heic", [LOOK_OFFICE] = "not_jpeg", [LOOK_HTML] = "not_jpeg",
	};
	const struct attachment *attachment = intake->attachment;
	const char *const *reasons = attachment->page ? page_reasons : attachment->photo ? photo_reasons : document_reasons;
	char head[LOOK_BYTES];
	ssize_t n = pread(intake->fd, head, sizeof head, 0);
	if (n < 0)
		return fail(ERR_UNAVAILABLE, "spool: read: %s", strerrorname_np(errno));
	const char *reason = reasons[look_at(str_make(head, (size_t)n))];
	intake->verdict.reason = reason ? str_of(reason) : STR("");
	return ok();
}

/* The checker is not there, or was not let finish: that says nothing about the file. */
static err waited(struct intake *intake, err e)
{
	const char *why = str_c(intake->cx->arena, str_of(err_detail()));

	if (e.code == ERR_RETRY) {
		intake_tried(intake, "checker", why, LIMIT_CHECK_TRIES, check_reason_word(CHECK_TIME));
		return ok();
	}
	if (e.code != ERR_UNAVAILABLE)
		return e;
	intake_waits(intake, "checker");
	watch_waits(intake->files->watch, WATCH_CHECKER, why, time_monotonic());
	return ok();
}

/* There is a verdict. One that fell over a file is told with the file: the person can only be told that it cannot be checked. */
static void answered(const struct intake *intake, const char *question, enum check_reason reason, int signal)
{
	const struct attachment *attachment = intake->attachment;

	watch_answers(intake->files->watch, WATCH_CHECKER, time_monotonic());
	if (reason == CHECK_DIED)
		log_event(LOG_ERROR, "checker_died", LOG_I64("account", attachment->account_id), LOG_I64("file", attachment->id), LOG_C("question", question),
			LOG_I64("signal", signal));
}

/* The file is good without: where none can be made, none is shown. */
static err small_picture(struct intake *intake, int of_fd, enum thumbnail_of of)
{
	struct thumbnail made = {0};

	TRY(intake_hold(intake));
	TRY(intake_memory("thumbnail", &intake->thumbnail));
	err e = thumbnail_make(intake->files->checker, of_fd, of, intake->thumbnail, &made);

	if (!failed(e))
		answered(intake, "thumbnail", made.reason, made.signal);
	if (e.code == ERR_UNAVAILABLE || e.code == ERR_RETRY || (!failed(e) && made.reason != CHECK_OK)) {
		close(intake->thumbnail);
		intake->thumbnail = -1;
		return ok();
	}
	TRY(e);
	intake->verdict.thumbnail = (struct attachment_beside){.width = made.width, .height = made.height};
	return ok();
}

static err check_document(struct intake *intake)
{
	struct check_pdf found = {0};
	err e = check_pdf(intake->files->checker, intake->fd, &found);
	if (failed(e))
		return waited(intake, e);
	answered(intake, "pdf", found.reason, found.signal);
	intake->verdict.pages = found.reason == CHECK_OK || found.reason == CHECK_TOO_MANY_PAGES ? found.pages : 0;
	if (found.reason != CHECK_OK)
		intake->verdict.reason = str_of(check_reason_word(found.reason));
	intake->verdict.active = found.reason == CHECK_OK && found.active;
	if (found.reason == CHECK_DAMAGED)
		intake->verdict.detail = (int64_t)found.at;
	return found.reason == CHECK_OK ? small_picture(intake, intake->fd, THUMBNAIL_PDF) : ok();
}

/* A copy without what the camera wrote beside the picture, upright, into *to. */
static err clean_copy(struct intake *intake, unsigned side, int *to)
{
	struct picture_copy copy = {0};

	TRY(intake_memory("picture", to));
	err e = picture_copy_make(intake->files->checker, intake->fd, side, *to, &copy);

	if (failed(e))
		return waited(intake, e);
	answered(intake, "picture", copy.reason, copy.signal);
	intake->verdict.width = copy.width;
	intake->verdict.height = copy.height;
	if (copy.reason != CHECK_OK)
		intake->verdict.reason = str_of(check_reason_word(copy.reason));
	return ok();
}

err intake_cut(struct intake *intake)
{
	const struct attachment_beside *whole = &intake->verdict.whole;
	const struct photo_crop crop = {
		.x = (unsigned)whole->cut.x, .y = (unsigned)whole->cut.y, .width = (unsigned)whole->cut.width, .height = (unsigned)whole->cut.height};
	struct photo photo = {0};

	TRY(intake_hold(intake));
	TRY(intake_memory("photo", &intake->made));
	err e = photo_make(intake->files->checker, intake->whole, crop.width ? &crop : NULL, intake->made, &photo);

	if (failed(e))
		return waited(intake, e);
	answered(intake, "photo", photo.reason, photo.signal);
	if (photo.reason != CHECK_OK) {
		intake->verdict.reason = str_of(check_reason_word(photo.reason));
		return ok();
	}
	intake->verdict.width = photo.width;
	intake->verdict.height = photo.height;
	intake->verdict.whole.cut = (struct attachment_cut){photo.crop.x, photo.crop.y, photo.crop.width, photo.crop.height};
	intake->verdict.whole.advice = photo_advise(&photo);
	return small_picture(intake, intake->made, THUMBNAIL_JPEG);
}

/* The whole photo is kept while the draft lasts, so that another part can be taken; what goes with the application is the part. */
static err check_photo(struct intake *intake)
{
	TRY(clean_copy(intake, LIMIT_PHOTO_SOURCE, &intake->whole));
	if (intake->verdict.reason.n > 0 || intake->waits)
		return ok();
	intake->verdict.whole = (struct attachment_beside){.width = intake->verdict.width, .height = intake->verdict.height};
	return intake_cut(intake);
}

static err check_page(struct intake *intake)
{
	TRY(clean_copy(intake, LIMIT_PAGES_SIDE, &intake->made));
	if (intake->verdict.reason.n > 0 || intake->waits)
		return ok();
	return small_picture(intake, intake->made, THUMBNAIL_JPEG);
}

err intake_look(struct intake *intake)
{
	TRY(look(intake));
	if (intake->verdict.reason.n > 0)
		return ok();
	if (intake->attachment->page)
		return check_page(intake);
	return intake->attachment->photo ? check_photo(intake) : check_document(intake);
}
