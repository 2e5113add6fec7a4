#include "domain/identity/card_warning.h"

#include "base/time.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "store/query.h"

static const int days_before[] = {7, 30, 60};

enum { AT_ONCE = 100 };

struct round {
	int days;
	size_t made;
};

static err warn_one(struct cx *cx, const struct q_card_link_ending_row *row, struct round *round)
{
	int64_t changed = 0;

	TRY(q_card_link_told(cx_tx(cx), row->id, round->days, &changed));
	if (changed == 0)
		return ok();
	const struct msg_arg values[] = {{STR("last_on"), str_fmt(cx->arena, "%d", (int)time_date(row->not_after))}};

	round->made++;
	return outbox_add(cx, MAIL_CARD_ENDING, row->account_id, row->email, row->lang, values, 1);
}

static err warn_in_tx(struct cx *cx, void *arg)
{
	struct round *round = arg;
	struct q_card_link_ending_row *rows;
	size_t n;

	round->made = 0;
	TRY(q_card_link_ending(cx_tx(cx), cx->now, cx->now + round->days * TIME_DAY, round->days, AT_ONCE, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(warn_one(cx, &rows[i], round));
	return ok();
}

err card_warn(struct cx *cx, size_t *out_count)
{
	size_t all = 0;

	for (size_t i = 0; cx->portal->settings.card_on && i < sizeof days_before / sizeof *days_before; i++) {
		struct round round = {.days = days_before[i]};

		do {
			TRY(cx_write(cx, warn_in_tx, &round));
			all += round.made;
		} while (round.made == AT_ONCE);
	}
	*out_count = all;
	return ok();
}
