#include "domain/form/form.h"

/* The words of an issue. */

#define ISSUE_ARGS 8

/* "family.2.name" is of the third row. */
static size_t row_of(const struct issue *issue)
{
	struct str rest = str_skip(issue->path, issue->field->group->id.n + 1);
	struct str row;
	uint64_t number = 0;
	if (str_next(&rest, '.', &row))
		(void)str_to_u64(row, &number);
	return (size_t)number;
}

static struct str label_of(struct arena *arena, const struct locale *locale, const struct issue *issue)
{
	struct str label = text_plain(&issue->field->label, locale);
	if (!issue->field->group)
		return label;
	const struct msg_arg args[] = {
		{STR("label"), label},
		{STR("row"), str_fmt(arena, "%zu", row_of(issue) + 1)},
	};
	return msg_text(arena, locale, MSG_form_row_label, args, 2);
}

static struct str others_of(struct arena *arena, const struct locale *locale, const struct issue *issue)
{
	struct str *labels = arena_array(arena, struct str, issue->other_count);
	for (size_t i = 0; i < issue->other_count; i++)
		labels[i] = text_plain(&issue->others[i]->label, locale);
	return str_join(arena, labels, issue->other_count, locale->lang == LANG_JA ? STR("」、「") : STR("”, “"));
}

static size_t args_of(struct arena *arena, const struct locale *locale, const struct issue *issue, struct msg_arg args[ISSUE_ARGS])
{
	size_t count = 0;
	for (; count < issue->arg_count; count++)
		args[count] = issue->args[count];
	if (issue->field)
		args[count++] = (struct msg_arg){STR("label"), label_of(arena, locale, issue)};
	if (issue->other_count)
		args[count++] = (struct msg_arg){STR("others"), others_of(arena, locale, issue)};
	return count;
}

void issue_write_html(struct buf *out, const struct locale *locale, const struct issue *issue)
{
	struct msg_arg args[ISSUE_ARGS];
	if (issue->check) {
		buf_str(out, text_html(&issue->check->message, locale));
		return;
	}
	size_t count = args_of(out->arena, locale, issue, args);
	msg_write_html(out, locale, issue->msg, args, count);
}

void issue_write_place(struct buf *out, const struct locale *locale, const struct issue *issue)
{
	if (!issue->check || !issue->field)
		return;
	if (!issue->field->group) {
		buf_str(out, text_html(&issue->field->label, locale));
		return;
	}
	const struct msg_arg args[] = {
		{STR("label"), text_plain(&issue->field->label, locale)},
		{STR("row"), str_fmt(out->arena, "%zu", row_of(issue) + 1)},
	};
	msg_write_html(out, locale, MSG_form_row_label, args, 2);
}
