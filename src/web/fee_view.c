#include "web/fee_view.h"

#include "base/time.h"
#include "base/vec.h"
#include "domain/portal.h"
#include "web/view_text.h"

static const struct fee_table *table(const struct exchange *ex)
{
	return &ex->cx.portal->catalogue->fees;
}

static struct html amount(struct exchange *ex, int64_t yen)
{
	struct buf words, out;

	buf_init(&words, ex->cx.arena, LIMIT_PAGE);
	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	yen_write(&words, ex->page.locale, str_fmt(ex->cx.arena, "%lld", (long long)yen));
	ruby_write_html(&out, buf_view(&words), ex->page.locale->furigana);
	return html_of(&out);
}

/* The label of a value of a procedure's field; false: it has no such field or value. */
static bool choice_label(struct exchange *ex, const struct procedure *procedure, struct str field_id, struct str value, struct html *out)
{
	const struct field *field = str_absent(field_id) ? NULL : procedure_field(procedure, field_id);
	const struct choice *choice = field && field->choices ? choice_find(field->choices, value, (struct str){0}, 0) : NULL;

	if (!choice)
		return false;
	*out = view_label(ex, &choice->label);
	return true;
}

/* What was ticked, or the procedure itself, and which kind of it. */
static struct html what_for(struct exchange *ex, const struct procedure *procedure, const struct fee *fee)
{
	struct html what, kind;
	struct buf both;

	if (!choice_label(ex, procedure, fee->joined_by, fee->procedure, &what))
		what = view_label(ex, &procedure->short_title);
	if (!choice_label(ex, procedure, fee->kind_field, fee->kind, &kind))
		return what;
	buf_init(&both, ex->cx.arena, LIMIT_PAGE);
	buf_str(&both, what.s);
	buf_str(&both, STR(" – "));
	buf_str(&both, kind.s);
	return html_of(&both);
}

void fees_due_view(struct exchange *ex, const struct procedure *procedure, const struct answers *answers, int32_t received, struct view_part_fees *out)
{
	const struct fee *const *due;
	size_t count = fees_due(table(ex), ex->cx.arena, procedure, answers, FEE_ONLINE, received, &due);
	struct view_part_fees_rows *rows = arena_array(ex->cx.arena, struct view_part_fees_rows, count + 1);
	size_t shown = 0;
	int64_t total = 0;

	for (size_t i = 0; i < count; i++) {
		if (due[i]->yen == 0)
			continue;
		total += due[i]->yen;
		rows[shown++] = (struct view_part_fees_rows){what_for(ex, procedure, due[i]), amount(ex, due[i]->yen)};
	}
	*out = (struct view_part_fees){
		.shown = count > 0,
		.free = total == 0,
		.rows = rows,
		.rows_count = shown,
		.several = shown > 1,
		.total = amount(ex, total),
	};
}

static bool beside(const struct procedure *procedure, const struct fee *fee)
{
	return fee->channel == FEE_ONLINE && fee->yen > 0 && !str_eq(fee->procedure, procedure->id) && !str_absent(fee->joined_by) &&
	       procedure_field(procedure, fee->joined_by);
}

void fees_list_view(struct exchange *ex, const struct procedure *procedure, struct view_part_fees *out)
{
	static const enum msg channels[FEE_CHANNEL_COUNT] = {[FEE_COUNTER] = MSG_fee_counter, [FEE_ONLINE] = MSG_fee_online};
	static const enum fee_channel order[] = {FEE_ONLINE, FEE_COUNTER};
	const struct fee_table *fees = table(ex);
	int32_t today = time_date(ex->cx.now);
	VEC(struct view_part_fees_rows) rows = {0};

	*out = (struct view_part_fees){0};
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const struct fee *fee = fee_find(fees, procedure->id, order[i], (struct str){0}, today);

		out->shown |= fee != NULL;
		if (fee && fee->yen > 0)
			vec_push(ex->cx.arena, &rows, ((struct view_part_fees_rows){view_msg(ex, channels[order[i]]), amount(ex, fee->yen)}));
	}
	out->free = rows.n == 0;
	for (size_t i = 0; i < fees->n; i++) {
		const struct fee *fee = &fees->v[i];
		struct html what;

		if (!beside(procedure, fee) || fee_find(fees, fee->procedure, FEE_ONLINE, fee->kind, today) != fee)
			continue;
		/* What this procedure does not offer is not among its choices. */
		if (choice_label(ex, procedure, fee->joined_by, fee->procedure, &what))
			vec_push(ex->cx.arena, &rows, ((struct view_part_fees_rows){what_for(ex, procedure, fee), amount(ex, fee->yen)}));
	}
	out->rows = rows.v;
	out->rows_count = rows.n;
}

struct html fee_line_view(struct exchange *ex, const struct procedure *procedure)
{
	const struct fee *fee = fee_find(table(ex), procedure->id, FEE_ONLINE, (struct str){0}, time_date(ex->cx.now));

	if (!fee)
		return html_none();
	return fee->yen > 0 ? amount(ex, fee->yen) : view_msg(ex, MSG_fee_free);
}
