#include "web/form_view.h"

#include "base/limits.h"
#include "base/vec.h"
#include "web/japanese.h"
#include "web/url.h"
#include "web/view_text.h"

/* Answers to be read again: on the confirmation, where each can be changed, and on the page of an application. */

static struct str row_number(struct exchange *ex, size_t row)
{
	return str_fmt(ex->cx.arena, "%zu", row + 1);
}

struct str row_label_plain(struct exchange *ex, const struct answer_row *row)
{
	struct str label = view_label_plain(ex, &row->field->label);
	struct msg_arg args[] = {{STR("label"), label}, {STR("row"), row_number(ex, row->row)}};

	return row->field->group ? msg_text(ex->cx.arena, ex->page.locale, MSG_form_row_label, args, 2) : label;
}

/* The label with its readings, then the number: the text's form is "label (row)" in every language. */
struct html group_row_label(struct exchange *ex, const struct field *group, size_t row)
{
	struct msg_arg args[] = {{STR("label"), STR("")}, {STR("row"), row_number(ex, row)}};
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	buf_str(&out, view_label(ex, &group->label).s);
	msg_write_html(&out, ex->page.locale, MSG_form_row_label, args, 2);
	return html_of(&out);
}

static void one_row(struct exchange *ex, int64_t draft_id, const struct answer_row *from,
	struct view_part_answers_sections_parts_rows *row)
{
	row->no = from->field->no;
	row->label = view_label(ex, &from->field->label);
	row->official = view_official(ex, &from->field->label);
	row->value = japanese_value(ex, from->value);
	row->given = !str_empty(from->value);
	row->read = from->read;
	row->change = draft_id != 0 && !from->read;
	if (!row->change)
		return;
	row->plain = row_label_plain(ex, from);
	row->url = str_fmt(ex->cx.arena, STR_FMT "?back=confirm#" STR_FMT,
		STR_ARG(url_id_str(ex->cx.arena, ROUTE_section_show, draft_id, from->section->id)), STR_ARG(from->path));
}

/* A row of a group stands by itself, and so does what follows it. */
static bool begins_part(const struct answer_row *rows, size_t i)
{
	return i == 0 || rows[i].section != rows[i - 1].section || rows[i].field->group != rows[i - 1].field->group ||
	       rows[i].row != rows[i - 1].row;
}

void answers_view(struct exchange *ex, const struct form_scope *scope, int64_t draft_id, struct view_part_answers *out)
{
	struct answer_row *answers;
	size_t count, section_count = 0, part_count = 0;

	answer_rows(ex, scope, &answers, &count);
	struct view_part_answers_sections_parts_rows *rows =
		arena_array(ex->cx.arena, struct view_part_answers_sections_parts_rows, count);
	struct view_part_answers_sections_parts *parts = arena_array(ex->cx.arena, struct view_part_answers_sections_parts, count);
	struct view_part_answers_sections *sections =
		arena_array(ex->cx.arena, struct view_part_answers_sections, scope->procedure->section_count);

	for (size_t i = 0; i < count; i++) {
		one_row(ex, draft_id, &answers[i], &rows[i]);
		if (i == 0 || answers[i].section != answers[i - 1].section) {
			sections[section_count].title = view_label(ex, &answers[i].section->title);
			sections[section_count++].parts = &parts[part_count];
		}
		if (begins_part(answers, i)) {
			if (answers[i].field->group)
				parts[part_count].heading = group_row_label(ex, answers[i].field->group, answers[i].row);
			parts[part_count++].rows = &rows[i];
			sections[section_count - 1].parts_count++;
		}
		parts[part_count - 1].rows_count++;
	}
	*out = (struct view_part_answers){.sections = sections, .sections_count = section_count};
}
