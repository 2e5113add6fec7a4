#include "domain/application/draft_warning.h"

#include "base/time.h"
#include "domain/outbox.h"
#include "store/query.h"

/* The latest first: who gets the last warning needs no earlier one. */
static const int days_before[] = {1, 7};

enum { AT_ONCE = 100 };

struct round {
	int days;
	size_t made;
};

static err warn_one(struct cx *cx, const struct q_draft_expiring_row *row, struct round *round)
{
	int64_t changed = 0;

	TRY(q_draft_told(
		cx_tx(cx), row->account_id, row->id, row->keep_until, round->days, &changed));
	if (changed == 0)
		return ok();
	const struct msg_arg values[] = {
		{STR("procedure"), row->procedure},
		{STR("draft"), str_fmt(cx->arena, "%lld", (long long)row->id)},
		{STR("last_on"), str_fmt(cx->arena, "%lld", (long long)row->keep_until)},
	};
	TRY(outbox_add(cx, MAIL_DRAFT_EXPIRING, row->account_id, row->email, row->lang, values,
		sizeof values / sizeof *values));
	round->made++;
	return ok();
}

static err warn_in_tx(struct cx *cx, void *arg)
{
	struct round *round = arg;
	int32_t today = time_date(cx->now);
	struct q_draft_expiring_row *rows;
	size_t n;

	round->made = 0;
	TRY(q_draft_expiring(cx_tx(cx), today, date_add_days(today, round->days), round->days,
		AT_ONCE, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(warn_one(cx, &rows[i], round));
	return ok();
}

err draft_warn(struct cx *cx, size_t *out_count)
{
	size_t all = 0;

	for (size_t i = 0; i < sizeof days_before / sizeof *days_before; i++) {
		struct round round = {.days = days_before[i]};
		do {
			TRY(cx_write(cx, warn_in_tx, &round));
			all += round.made;
		} while (round.made == AT_ONCE);
	}
	*out_count = all;
	return ok();
}
