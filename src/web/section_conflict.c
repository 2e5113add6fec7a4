#include "web/section_conflict.h"

#include "domain/form/input.h"

/* The rows of a group in one line, for the eye. */
static void rows_write(struct exchange *ex, const struct form_scope *scope, const struct field *group, struct buf *out)
{
	size_t rows = answers_rows(scope->answers, group);

	for (size_t row = 0; row < rows; row++) {
		bool first = true;

		for (size_t i = 0; i < group->field_count; i++) {
			const struct field *field = group->fields[i];
			struct str value = answers_to(scope->answers, field, row);

			if (str_empty(value) || !field_is_answered(field))
				continue;
			if (out->n > 0)
				buf_str(out, first ? STR("; ") : STR(", "));
			answer_display(out, scope, ex->page.locale, field, row, value);
			first = false;
		}
	}
}

void section_conflict_issue(struct exchange *ex, const struct form_scope *stored, const struct field *field, struct issues *issues)
{
	struct buf value;

	buf_init(&value, ex->cx.arena, LIMIT_PAGE);
	if (field->type == FIELD_GROUP)
		rows_write(ex, stored, field, &value);
	else if (!str_empty(answers_to(stored->answers, field, 0)))
		answer_display(&value, stored, ex->page.locale, field, 0, answers_to(stored->answers, field, 0));
	const struct msg_arg args[] = {{STR("value"), buf_view(&value)}};

	if (value.n > 0)
		issues_add(ex->cx.arena, issues, field->id, MSG_field_changed_elsewhere, args, 1);
	else
		issues_add(ex->cx.arena, issues, field->id, MSG_field_emptied_elsewhere, NULL, 0);
	issues->v[issues->n - 1].field = field;
}
