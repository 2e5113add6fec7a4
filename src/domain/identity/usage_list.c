#include "domain/identity/usage.h"

#include "base/time.h"
#include "domain/audit.h"
#include "domain/outbox.h"
#include "store/query.h"

/* Requests for use as officers see them, and the mail before an acceptance ends. */

static err officer(const struct cx *cx)
{
	return cx->actor.kind == ACTOR_OPERATOR ? ok() : fail(ERR_DENIED, "only for officers");
}

err usage_list(struct cx *cx, size_t most, struct usage_row **out, size_t *count)
{
	struct q_usage_request_waiting_row *rows;
	size_t n;

	TRY(officer(cx));
	TRY(q_usage_request_waiting(cx_tx(cx), status_names[STATUS_PENDING], (int64_t)most, &rows, &n));
	struct usage_row *list = arena_array(cx->arena, struct usage_row, n + 1);

	for (size_t i = 0; i < n; i++)
		list[i] = (struct usage_row){
			.reference = rows[i].reference,
			.temporary_no = rows[i].temporary_no,
			.name = rows[i].name,
			.procedure_id = rows[i].procedure,
			.user_id = rows[i].user_id,
			.state = USAGE_WAITING,
			.differs = (unsigned)rows[i].differs,
			.requested_at = rows[i].requested_at,
		};
	*out = list;
	*count = n;
	return ok();
}

static enum usage_state state_of(const struct application *application, const struct q_usage_request_find_row *row, int32_t today)
{
	switch (application->receipt.status) {
	case STATUS_PENDING:
		return USAGE_WAITING;
	case STATUS_REFUSED:
		return USAGE_REFUSED;
	case STATUS_COMPLETED:
		return row->valid_until == 0 || row->valid_until >= today ? USAGE_ACCEPTED : USAGE_ENDED;
	default:
		return USAGE_NONE;
	}
}

err usage_show(struct cx *cx, struct str reference, struct usage_details *out)
{
	struct usage_details details = {0};
	struct q_usage_request_find_row row;

	TRY(officer(cx));
	TRY(application_look(cx, reference, RIGHT_VIEW, &details.application));
	const struct application *application = &details.application;
	err found = q_usage_request_find(cx_tx(cx), application->account_id, application->id, &row);

	if (found.code == ERR_NOT_FOUND)
		return fail(ERR_INVALID, "no request for use");
	TRY(found);
	TRY(account_get(cx, application->account_id, &details.account));
	err read = basic4_of_application(cx, application->account_id, application->id, &details.card);

	if (read.code != ERR_NOT_FOUND)
		TRY(read);
	details.has_card = read.code == OK;
	details.row = (struct usage_row){
		.reference = application->receipt.reference,
		.temporary_no = application->receipt.temporary_no,
		.name = application->receipt.name,
		.procedure_id = application->receipt.procedure_id,
		.user_id = details.account.user_id,
		.state = state_of(application, &row, time_date(cx->now)),
		.differs = (unsigned)row.differs,
		.requested_at = row.requested_at,
		.valid_until = (int32_t)row.valid_until,
	};
	*out = details;
	return ok();
}

/* ---- before it ends ---- */

enum { AT_ONCE = 100, MONTHS_BEFORE = 2 };

static err warn_one(struct cx *cx, const struct q_usage_request_expiring_row *row, size_t *made)
{
	int64_t changed = 0;

	TRY(q_usage_request_told(cx_tx(cx), row->account_id, row->application_id, cx->now, &changed));
	if (changed == 0)
		return ok();
	const struct msg_arg values[] = {
		{STR("reference"), row->reference},
		{STR("procedure"), row->procedure},
		{STR("last_on"), str_fmt(cx->arena, "%lld", (long long)row->valid_until)},
	};

	(*made)++;
	return outbox_add(cx, MAIL_USAGE_EXPIRING, row->account_id, row->email, row->lang, values, sizeof values / sizeof *values);
}

static err warn_in_tx(struct cx *cx, void *arg)
{
	size_t *made = arg;
	int32_t today = time_date(cx->now);
	struct q_usage_request_expiring_row *rows;
	size_t n;

	*made = 0;
	TRY(q_usage_request_expiring(cx_tx(cx), today, date_add_months(today, MONTHS_BEFORE), AT_ONCE, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(warn_one(cx, &rows[i], made));
	return ok();
}

err usage_warn(struct cx *cx, size_t *out_count)
{
	size_t made, all = 0;

	do {
		TRY(cx_write(cx, warn_in_tx, &made));
		all += made;
	} while (made == AT_ONCE);
	*out_count = all;
	return ok();
}
