#include "web/section_change.h"

#include "base/vec.h"
#include "domain/form/prefill.h"
#include "render/templates.h"
#include "web/form_view.h"
#include "web/japanese.h"
#include "web/page.h"
#include "web/section_post.h"
#include "web/view_text.h"

/* What a draft began with nobody has typed: the account knows it still, and nothing is lost with it. */
static void leave_out_known(struct exchange *ex, const struct procedure *procedure, struct drops *drops)
{
	struct account account;
	struct answers known;
	size_t kept = 0;

	if (drops->n == 0 || failed(account_require(&ex->cx, &account)))
		return; /* then more is told than need be */
	answers_init(&known, ex->cx.arena);
	answers_prefill(&known, procedure, &account);
	for (size_t i = 0; i < drops->n; i++)
		if (!str_eq(answers_get(&known, drops->v[i].path), drops->v[i].value))
			drops->v[kept++] = drops->v[i];
	drops->n = kept;
}

void section_change_hold(struct exchange *ex, const struct form_scope *scope, const struct section *section, const struct answers *before,
	struct answers *answers, struct section_change *out)
{
	struct arena *arena = ex->cx.arena;
	struct form_scope was = *scope, is = *scope;

	*out = (struct section_change){.before = {.arena = arena}, .after = {.arena = arena}};
	if (!str_absent(exchange_field(ex, "_drop")))
		return;
	answers_copy(before, &out->before);
	answers_copy(answers, &out->after);
	section_post_remove(ex, section, &out->before);
	was.answers = &out->before;
	is.answers = &out->after;
	form_calculate(&was, &out->before);
	form_dropped(&was, &is, arena, &out->drops);
	leave_out_known(ex, scope->procedure, &out->drops);
	if (out->drops.n == 0)
		return;
	form_drop_causes(&was, &is, section, arena, &out->causes, &out->cause_count);
	/* The drop came from elsewhere (a day went by): there is nothing to hold back. */
	if (out->cause_count == 0) {
		out->drops.n = 0;
		return;
	}
	form_drop_undo(&was, &is, out->causes, out->cause_count, answers);
}

/* The field and row of a path of the procedure. */
static const struct field *field_at(struct arena *arena, const struct procedure *procedure, struct str path, size_t *row)
{
	struct str group = {0}, number = {0};
	uint64_t n = 0;

	*row = 0;
	if (str_find_byte(path, '.') < 0)
		return procedure_field(procedure, path);
	str_next(&path, '.', &group);
	str_next(&path, '.', &number);
	(void)str_to_u64(number, &n);
	*row = (size_t)n;
	return procedure_field(procedure, str_fmt(arena, STR_FMT "." STR_FMT, STR_ARG(group), STR_ARG(path)));
}

static struct html words(struct exchange *ex, const struct form_scope *scope, const struct field *field, size_t row, struct str path)
{
	struct buf value;

	buf_init(&value, ex->cx.arena, LIMIT_PAGE);
	answer_display(&value, scope, ex->page.locale, field, row, answers_get(scope->answers, path));
	return japanese_value(ex, buf_view(&value));
}

static struct html label(struct exchange *ex, const struct field *field, size_t row)
{
	return field->group ? group_row_label(ex, field, row) : view_label(ex, &field->label);
}

static void causes_view(struct exchange *ex, const struct form_scope *was, const struct form_scope *is, const struct section_change *change,
	struct view_section_change *view)
{
	struct view_section_change_causes *rows = arena_array(ex->cx.arena, struct view_section_change_causes, change->cause_count);

	for (size_t i = 0; i < change->cause_count; i++) {
		struct str path = change->causes[i];
		size_t row;
		const struct field *field = field_at(ex->cx.arena, was->procedure, path, &row);

		rows[i] = (struct view_section_change_causes){
			.path = path,
			.value = answers_get(is->answers, path),
			.label = label(ex, field, row),
			.was = words(ex, was, field, row, path),
			.will = words(ex, is, field, row, path),
			.had = !str_empty(answers_get(was->answers, path)),
			.has = !str_empty(answers_get(is->answers, path)),
		};
	}
	view->causes = rows;
	view->causes_count = change->cause_count;
	view->shown = str_join(ex->cx.arena, change->causes, change->cause_count, STR(" "));
	view->anchor = change->causes[0];
}

static void drops_view(struct exchange *ex, const struct form_scope *was, const struct section_change *change, struct view_section_change *view)
{
	struct view_section_change_drops *rows = arena_array(ex->cx.arena, struct view_section_change_drops, change->drops.n);

	for (size_t i = 0; i < change->drops.n; i++) {
		const struct dropped *one = &change->drops.v[i];

		rows[i] = (struct view_section_change_drops){
			.label = label(ex, one->field, one->row),
			.value = words(ex, was, one->field, one->row, one->path),
		};
	}
	view->drops = rows;
	view->drops_count = change->drops.n;
}

err section_change_ask(struct exchange *ex, const struct draft *draft, const struct section *section, const struct section_change *change)
{
	struct form_scope was = form_scope_of(ex, draft->procedure, &change->before);
	struct form_scope is = form_scope_of(ex, draft->procedure, &change->after);
	struct view_section_change view = {
		.draft = exchange_path(ex, 0),
		.section = section->id,
		.procedure = view_label(ex, &draft->procedure->short_title),
		.stays = section_post_stays(ex) || !str_absent(exchange_field(ex, "set")),
		.leaves = !str_absent(exchange_field(ex, "_leave")),
		.to_confirm = !str_empty(exchange_field(ex, "_back")),
	};

	causes_view(ex, &was, &is, change, &view);
	drops_view(ex, &was, change, &view);
	return PAGE(ex, 200, MSG_change_title, section_change, &view);
}
