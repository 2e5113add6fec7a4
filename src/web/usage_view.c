#include "web/usage_view.h"

#include "base/time.h"
#include "base/vec.h"
#include "domain/portal.h"
#include "web/japanese.h"
#include "web/url.h"
#include "web/view_text.h"

static const enum msg states[USAGE_STATE_COUNT] = {
	[USAGE_NONE] = MSG_usage_state_none,
	[USAGE_WAITING] = MSG_usage_state_waiting,
	[USAGE_ACCEPTED] = MSG_usage_state_accepted,
	[USAGE_REFUSED] = MSG_usage_state_refused,
	[USAGE_ENDED] = MSG_usage_state_ended,
};

static const struct {
	enum usage_difference bit;
	enum msg text;
} differences[] = {
	{USAGE_NO_CARD, MSG_usage_differs_no_card},
	{USAGE_NAME, MSG_usage_differs_name},
	{USAGE_BIRTH, MSG_usage_differs_birth},
	{USAGE_SEX, MSG_usage_differs_sex},
	{USAGE_TEXT, MSG_usage_differs_text},
};

/* Only while somebody looks at it: afterwards the decision counts. */
static void differences_view(struct exchange *ex, const struct usage *usage, struct view_part_usage *view)
{
	VEC(struct view_part_usage_differs) rows = {0};

	for (size_t i = 0; usage->state == USAGE_WAITING && i < sizeof differences / sizeof *differences; i++) {
		if (usage->differs & differences[i].bit)
			vec_push(ex->cx.arena, &rows, ((struct view_part_usage_differs){differences[i].text}));
	}
	view->differs = rows.v;
	view->differs_count = rows.n;
}

/* A new request is asked for where there is none in force, and in the last two months of one that ends. */
static bool asks_for_one(const struct exchange *ex, const struct usage *usage)
{
	if (usage->state != USAGE_ACCEPTED)
		return usage->state != USAGE_WAITING;
	return usage->valid_until != 0 && usage->valid_until <= date_add_months(time_date(ex->cx.now), 2);
}

void usage_view(struct exchange *ex, const struct usage *usage, struct view_part_usage *view)
{
	const struct procedure *procedure = usage_next(&ex->cx, ex->cx.actor.user_type, usage);

	*view = (struct view_part_usage){
		.title = MSG_usage_state_title,
		.state = states[usage->state],
		.requested = usage->requested_at,
		.decided = usage->decided_at,
		.until = usage->valid_until,
		.note = str_empty(usage->note) ? html_none() : japanese_value(ex, usage->note),
		.has_see = usage->state != USAGE_NONE,
		.can_begin = procedure && asks_for_one(ex, usage),
	};
	if (view->has_see)
		view->see = url_1(ex->cx.arena, ROUTE_application_show, usage->reference);
	if (view->can_begin)
		view->begin = url_1(ex->cx.arena, ROUTE_procedure_show, procedure->id);
	view->has_actions = view->has_see || view->can_begin;
	differences_view(ex, usage, view);
}
