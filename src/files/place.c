#include "files/place.h"

#include "base/auto.h"
#include "base/encode.h"
#include "base/random.h"
#include "crypto/secret_file.h"
#include "domain/installation_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define NAME STR("files")
#define MARK_BYTES 16
#define MOST 100 /* bytes of a mark that are looked at; ours has 33 */

static const char *path_of(struct cx *cx, const char *folder)
{
	return str_c(cx->arena, str_fmt(cx->arena, "%s/" PLACE_MARK, folder));
}

/* NOT_FOUND: the folder has none. */
static err mark_read(struct cx *cx, const char *folder, struct str *out)
{
	char *bytes = arena_alloc(cx->arena, MOST);
	AUTO_FD int fd = open(path_of(cx, folder), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		return fail(ERR_NOT_FOUND, "%s: no mark", folder);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, MOST);

	if (n < 0)
		return fail(ERR_UNAVAILABLE, "%s/" PLACE_MARK ": %s", folder, strerrorname_np(errno));
	*out = str_trim(str_make(bytes, (size_t)n));
	return ok();
}

/* Whole or not at all, and of two processes the first one's. */
static err mark_write(struct cx *cx, const char *folder, struct str mark)
{
	return secret_file_write(path_of(cx, folder), str_fmt(cx->arena, STR_FMT "\n", STR_ARG(mark)));
}

static struct str mark_new(struct cx *cx)
{
	uint8_t bytes[MARK_BYTES];
	struct buf out;

	random_bytes(bytes, sizeof bytes);
	buf_init(&out, cx->arena, 2 * sizeof bytes);
	hex_write(&out, str_make((const char *)bytes, sizeof bytes));
	return buf_view(&out);
}

/* What a folder has already; else what the first one gets. */
static err mark_choose(struct cx *cx, const char *const *folders, size_t count, struct str *out)
{
	for (size_t i = 0; i < count; i++) {
		err e = mark_read(cx, folders[i], out);

		if (e.code != ERR_NOT_FOUND)
			return e;
	}
	TRY(mark_write(cx, folders[0], mark_new(cx)));
	return mark_read(cx, folders[0], out);
}

static err compare(struct cx *cx, const char *const *folders, size_t count, struct str known, struct place_found *out)
{
	struct place_found found = {.place = PLACE_OURS};

	for (size_t i = 0; i < count && found.place == PLACE_OURS; i++) {
		struct str mark;
		err e = mark_read(cx, folders[i], &mark);

		if (e.code != ERR_NOT_FOUND)
			TRY(e);
		if (failed(e) || !str_eq(mark, known))
			found = (struct place_found){failed(e) ? PLACE_UNMARKED : PLACE_OTHERS, folders[i]};
	}
	*out = found;
	return ok();
}

/* Nobody has started here before, or not since there are marks. */
static err first(struct cx *cx, const char *const *folders, size_t count, struct place_found *out)
{
	struct str mark, known;

	TRY(mark_choose(cx, folders, count, &mark));
	for (size_t i = 0; i < count; i++) {
		struct str there;
		err e = mark_read(cx, folders[i], &there);

		if (e.code == ERR_NOT_FOUND)
			e = mark_write(cx, folders[i], mark);
		TRY(e);
	}
	/* Before the database knows it, so that what is not right now is not taken for right. */
	TRY(compare(cx, folders, count, mark, out));
	if (out->place != PLACE_OURS)
		return ok();
	TRY(installation_folder_note(cx, NAME, mark, &known));
	return compare(cx, folders, count, known, out);
}

err place_check(struct cx *cx, const char *const *folders, size_t count, struct place_found *out)
{
	struct str known;
	err e = installation_folder_find(cx, NAME, &known);

	cx_end(cx);
	if (e.code == ERR_NOT_FOUND)
		return first(cx, folders, count, out);
	TRY(e);
	return compare(cx, folders, count, known, out);
}

err place_adopt(struct cx *cx, const char *const *folders, size_t count)
{
	struct str known;

	TRY(installation_folder_note(cx, NAME, mark_new(cx), &known));
	for (size_t i = 0; i < count; i++) {
		if (unlink(path_of(cx, folders[i])) != 0 && errno != ENOENT)
			return fail(ERR_UNAVAILABLE, "%s/" PLACE_MARK ": %s", folders[i], strerrorname_np(errno));
		TRY(mark_write(cx, folders[i], known));
	}
	return installation_folder_adopted(cx, NAME);
}
