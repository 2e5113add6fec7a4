#include "domain/attachment/attachment_office.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "domain/attachment/attachment_keep.h"

struct hand_out {
	const struct application *application;
	struct attachments files;
};

static err hand_out_in_tx(struct cx *cx, void *arg)
{
	struct hand_out *call = arg;
	int64_t account_id = call->application->account_id;

	TRY(attachment_list_of(cx, account_id, call->application->id, &call->files));
	struct audit_note *notes = arena_array(cx->arena, struct audit_note, call->files.n);

	return audit_add_all(cx, account_id, notes, attachment_notes(cx->arena, &call->files, STR("attachment_read"), notes));
}

err attachment_hand_out(struct cx *cx, const struct application *application, struct attachments *out)
{
	struct hand_out call = {.application = application};

	if (cx->actor.kind != ACTOR_OPERATOR)
		return fail(ERR_DENIED, "only for officers");
	TRY(cx_write(cx, hand_out_in_tx, &call));
	*out = call.files;
	return ok();
}

struct str attachment_verdict_words(struct arena *arena, const struct attachment *attachment)
{
	struct buf out;

	if (attachment->state == ATTACHMENT_NOT_NEEDED)
		return STR("not_needed");
	buf_init(&out, arena, 64);
	buf_lit(&out, "ok");
	if (attachment->pages > 0 && !attachment->photo)
		buf_fmt(&out, ",pages=%lld", (long long)attachment->pages);
	if (attachment->active)
		buf_lit(&out, ",active");
	return buf_view(&out);
}

/* What divides paths, or is forbidden in names, somewhere. Control and direction signs are gone already (attachment_name). */
static bool is_awkward(uint32_t point)
{
	return point < 0x80 && strchr("/\\:*?\"<>|'`$&;!", (int)point);
}

static bool ends_with(struct str name, const char *ending)
{
	size_t n = strlen(ending);

	return name.n >= n && str_eq_nocase(str_skip(name, name.n - n), str_of(ending));
}

const char *attachment_file_name(struct arena *arena, size_t number, const struct attachment *attachment)
{
	static const char *const endings[] = {".pdf", ".jpg", ".jpeg"};
	struct str rest = attachment->name;
	struct buf out;

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends_with(rest, endings[i])) {
			rest.n -= strlen(endings[i]);
			break;
		}
	buf_init(&out, arena, LIMIT_FILE_STEM + 64);
	buf_fmt(&out, "%02zu-", number);
	size_t first = out.n;

	while (rest.n > 0) {
		struct str before = rest;
		uint32_t point = utf8_next(&rest);

		if (out.n - first + (before.n - rest.n) > LIMIT_FILE_STEM)
			break;
		if (point == UTF8_BAD || is_awkward(point))
			buf_byte(&out, '_');
		else
			buf_bytes(&out, before.p, before.n - rest.n);
	}
	buf_c(&out, attachment->photo ? ".jpg" : ".pdf");
	return str_c(arena, buf_view(&out));
}
