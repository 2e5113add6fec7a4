#include "base/limits.h"
#include "web/files_view.h"
#include "web/view_text.h"

/* What is said about a file. */

static const struct {
	enum msg msg;
	struct str class_name;
} states[ATTACHMENT_STATE_COUNT] = {
	[ATTACHMENT_MISSING] = {MSG_attach_state_missing, STR_INIT("todo")},
	[ATTACHMENT_UPLOADING] = {MSG_attach_state_uploading, STR_INIT("begun")},
	[ATTACHMENT_CHECKING] = {MSG_attach_state_checking, STR_INIT("begun")},
	[ATTACHMENT_OK] = {MSG_attach_state_ok, STR_INIT("done")},
	[ATTACHMENT_PROBLEM] = {MSG_attach_state_problem, STR_INIT("bad")},
	[ATTACHMENT_NOT_NEEDED] = {MSG_attach_state_not_needed, STR_INIT("done")},
};

enum msg file_state_msg(enum attachment_state state)
{
	return states[state].msg;
}

struct str file_state_class(enum attachment_state state)
{
	return states[state].class_name;
}

struct str file_size_text(struct exchange *ex, int64_t bytes)
{
	/* Never more than there is: "0.0 MB left" is full. */
	bool mb = bytes >= 1000000;
	struct str n = mb ? str_fmt(ex->cx.arena, "%lld.%lld", (long long)(bytes / 1000000), (long long)(bytes % 1000000 / 100000))
			  : str_fmt(ex->cx.arena, "%lld", (long long)(bytes > 0 && bytes < 1000 ? 1 : bytes / 1000));
	const struct msg_arg arg = {STR("n"), n};
	return msg_text(ex->cx.arena, ex->page.locale, mb ? MSG_attach_size_mb : MSG_attach_size_kb, &arg, 1);
}

/* Every reason a file is refused for: what the checkers say (sandbox/verdict.h), what the first look says, and ours. */
static const struct {
	struct str reason;
	enum msg msg;
} reasons[] = {
	{STR_INIT("empty"), MSG_check_empty},
	{STR_INIT("not_pdf"), MSG_check_not_pdf},
	{STR_INIT("not_jpeg"), MSG_check_not_jpeg},
	{STR_INIT("damaged"), MSG_check_damaged},
	{STR_INIT("not_iso32000"), MSG_check_not_iso32000},
	{STR_INIT("password_open"), MSG_check_password_open},
	{STR_INIT("no_printing"), MSG_check_no_printing},
	{STR_INIT("no_copying"), MSG_check_no_copying},
	{STR_INIT("certificate_security"), MSG_check_certificate_security},
	{STR_INIT("other_restriction"), MSG_check_other_restriction},
	{STR_INIT("too_many_pages"), MSG_check_too_many_pages},
	{STR_INIT("too_big_decompressed"), MSG_check_too_big_decompressed},
	{STR_INIT("too_many_pixels"), MSG_check_too_many_pixels},
	{STR_INIT("too_small"), MSG_check_too_small},
	{STR_INIT("cmyk"), MSG_check_cmyk},
	{STR_INIT("time"), MSG_check_time},
	{STR_INIT("memory"), MSG_check_memory},
	{STR_INIT("died"), MSG_check_died},
	{STR_INIT("lost"), MSG_attach_reason_lost},
	{STR_INIT("same"), MSG_attach_reason_same},
	{STR_INIT("virus"), MSG_attach_reason_virus},
	{STR_INIT("unscannable"), MSG_attach_reason_unscannable},
	{STR_INIT("is_picture"), MSG_attach_reason_is_picture},
	{STR_INIT("is_office"), MSG_attach_reason_is_office},
	{STR_INIT("is_html"), MSG_attach_reason_is_html},
	{STR_INIT("photo_is_pdf"), MSG_attach_reason_photo_is_pdf},
	{STR_INIT("page_is_pdf"), MSG_attach_reason_page_is_pdf},
	{STR_INIT("photo_is_heic"), MSG_attach_reason_photo_is_heic},
	{STR_INIT("photo_is_other"), MSG_attach_reason_photo_is_other},
};

/* A reason that only a newer program knows: at least it is told that the file cannot be used. */
static enum msg reason_msg(struct str reason)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (str_eq(reasons[i].reason, reason))
			return reasons[i].msg;
	return MSG_check_died;
}

static enum msg words_of(const struct attachment *file)
{
	switch (file->state) {
	case ATTACHMENT_UPLOADING:
		return MSG_attach_uploading;
	case ATTACHMENT_CHECKING:
		return str_eq(file->reason, STR("scanner"))   ? MSG_attach_waits_scanner
		       : str_eq(file->reason, STR("checker")) ? MSG_attach_waits_checker
							      : MSG_attach_checking;
	case ATTACHMENT_PROBLEM:
		return reason_msg(file->reason);
	default:
		return MSG_NONE;
	}
}

#define ARGS 4

static void args_of(struct exchange *ex, const struct attachments *list, const struct attachment *file, struct msg_arg args[ARGS])
{
	const struct attachment *other = attachment_at(list, file->detail);
	args[0] = (struct msg_arg){STR("arrived"), file_size_text(ex, file->arrived)};
	args[1] = (struct msg_arg){STR("size"), file_size_text(ex, file->size)};
	args[2] = (struct msg_arg){STR("other"), other ? other->name : STR("?")};
	args[3] = view_number(ex, "least", LIMIT_PHOTO_LEAST_WIDTH);
}

struct html file_words(struct exchange *ex, const struct attachments *list, const struct attachment *file)
{
	struct msg_arg args[ARGS];
	enum msg msg = words_of(file);
	args_of(ex, list, file, args);
	return msg == MSG_NONE ? html_none() : view_msg_args(ex, msg, args, ARGS);
}

struct str file_words_plain(struct exchange *ex, const struct attachments *list, const struct attachment *file)
{
	struct msg_arg args[ARGS];
	enum msg msg = words_of(file);
	args_of(ex, list, file, args);
	return msg == MSG_NONE ? STR("") : msg_text(ex->cx.arena, ex->page.locale, msg, args, ARGS);
}

static enum msg refusal_msg(const struct refusal *refusal)
{
	static const enum msg msgs[ATTACHMENT_REFUSAL_COUNT] = {
		[ATTACHMENT_NOT_ASKED] = MSG_attach_refused_not_asked,
		[ATTACHMENT_EMPTY] = MSG_check_empty,
		[ATTACHMENT_FILES_FULL] = MSG_attach_refused_files,
		[ATTACHMENT_BYTES_FULL] = MSG_attach_refused_bytes,
		[ATTACHMENT_DOCUMENT_FULL] = MSG_attach_refused_document,
		[ATTACHMENT_PAGES_FULL] = MSG_attach_refused_pages,
		[ATTACHMENT_DRAFT_PAGES_FULL] = MSG_attach_refused_draft_pages,
		[ATTACHMENT_ACCOUNT_FULL] = MSG_attach_refused_account,
		[ATTACHMENT_PAGES_WAIT] = MSG_attach_refused_pages_wait,
	};
	if (refusal->no_file)
		return MSG_attach_refused_no_file;
	return refusal->broken ? MSG_attach_refused_broken : msgs[refusal->refusal];
}

struct str refusal_plain(struct exchange *ex, const struct procedure *procedure, const struct refusal *refusal)
{
	const struct msg_arg args[] = {
		{STR("file"), refusal->name},
		{STR("files_most"), str_fmt(ex->cx.arena, "%u", procedure->files_most)},
		{STR("bytes_most"), file_size_text(ex, procedure->bytes_most)},
		{STR("over"), file_size_text(ex, refusal->detail)},
		{STR("pages_most"), str_fmt(ex->cx.arena, "%d", LIMIT_PAGES_IN)},
		{STR("draft_pages"), str_fmt(ex->cx.arena, "%d", LIMIT_PAGES_DRAFT)},
	};
	return msg_text(ex->cx.arena, ex->page.locale, refusal_msg(refusal), args, sizeof args / sizeof *args);
}

static struct msg_arg files_arg(struct exchange *ex, const char *name, int64_t files)
{
	struct msg_arg arg = view_number(ex, name, files);

	arg.unit = files == 1 ? MSG_attach_left_file : MSG_attach_left_files;
	return arg;
}

struct html room_left(struct exchange *ex, const struct attachment_wants *wants)
{
	const struct msg_arg args[] = {
		files_arg(ex, "files", wants->files_left),
		{STR("bytes"), file_size_text(ex, wants->bytes_left)},
		files_arg(ex, "files_most", wants->files_most),
		{STR("bytes_most"), file_size_text(ex, wants->bytes_most)},
	};
	return view_msg_args(ex, MSG_attach_left, args, sizeof args / sizeof *args);
}
