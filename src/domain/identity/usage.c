#include "domain/identity/usage.h"

#include "base/time.h"
#include "domain/application/application_step.h"
#include "domain/audit.h"
#include "domain/identity/identity.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "i18n/width.h"
#include "store/query.h"

/* How the rows say it. */
enum { ROW_WAITING, ROW_ACCEPTED, ROW_REFUSED };

const struct str usage_state_names[USAGE_STATE_COUNT] = {
	[USAGE_NONE] = STR_INIT("none"),
	[USAGE_WAITING] = STR_INIT("waiting"),
	[USAGE_ACCEPTED] = STR_INIT("accepted"),
	[USAGE_REFUSED] = STR_INIT("refused"),
	[USAGE_ENDED] = STR_INIT("ended"),
};

unsigned usage_compare(struct arena *arena, const struct account *account, struct str name, const struct basic4 *card)
{
	unsigned differs = 0;

	if (!card)
		return USAGE_NO_CARD;
	struct str folded = width_fold(arena, card->name);

	if (!str_eq(folded, width_fold(arena, account->name)))
		differs |= USAGE_NAME;
	if (!str_empty(name) && !str_eq(folded, width_fold(arena, name)))
		differs |= USAGE_NAME;
	/* A date of which the day is unknown is no whole date, and equals none. */
	if (basic4_birth_on(card) != account->birth_on)
		differs |= USAGE_BIRTH;
	if (!(card->sex == 1 && str_eq(account->sex, STR("male"))) && !(card->sex == 2 && str_eq(account->sex, STR("female"))))
		differs |= USAGE_SEX;
	if (card->source == IDV_CARD_TEXT)
		differs |= USAGE_TEXT;
	return differs;
}

/* ---- the state of an account ---- */

static enum usage_state state_of(int64_t row_state, int64_t valid_until, int32_t today)
{
	if (row_state == ROW_WAITING)
		return USAGE_WAITING;
	if (row_state == ROW_REFUSED)
		return USAGE_REFUSED;
	return valid_until == 0 || valid_until >= today ? USAGE_ACCEPTED : USAGE_ENDED;
}

static struct usage usage_of(const struct q_usage_request_of_row *row, enum usage_state state)
{
	return (struct usage){
		.state = state,
		.reference = row->reference,
		.procedure_id = row->procedure,
		.differs = (unsigned)row->differs,
		.note = row->note,
		.requested_at = row->requested_at,
		.decided_at = row->decided_at,
		.valid_until = (int32_t)row->valid_until,
	};
}

err usage_find(struct cx *cx, struct usage *out)
{
	struct q_usage_request_of_row *rows;
	struct usage best = {0};
	size_t n;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	TRY(q_usage_request_of(cx_tx(cx), cx->actor.account_id, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		enum usage_state state = state_of(rows[i].state, rows[i].valid_until, time_date(cx->now));

		if (str_eq(rows[i].status, status_names[STATUS_WITHDRAWN]))
			continue;
		if (best.state == USAGE_NONE || state == USAGE_ACCEPTED)
			best = usage_of(&rows[i], state);
		if (state == USAGE_ACCEPTED)
			break;
	}
	*out = best;
	return ok();
}

bool card_reading_on(const struct cx *cx)
{
	return idv_way_on(cx, IDV_CARDLINK) || idv_way_on(cx, IDV_OIDC);
}

err usage_require(struct cx *cx, const struct procedure *procedure)
{
	struct usage usage;

	if ((procedure->use != USE_NEEDED && procedure->use != USE_RENEWAL) || !card_reading_on(cx))
		return ok();
	TRY(usage_find(cx, &usage));
	/* Who comes late may still report: what was accepted has ended, and can go on. */
	if (procedure->use == USE_RENEWAL && usage.state == USAGE_ENDED)
		return ok();
	return usage.state == USAGE_ACCEPTED ? ok() : fail(ERR_DENIED, "no accepted request for use");
}

static const struct procedure *with_role(const struct cx *cx, enum use_role role, enum user_type type)
{
	const struct catalogue *catalogue = cx->portal->catalogue;

	for (size_t i = 0; i < catalogue->n; i++)
		if (catalogue->v[i]->use == role && catalogue->v[i]->user_types[type])
			return catalogue->v[i];
	return NULL;
}

const struct procedure *usage_procedure(const struct cx *cx, enum user_type type)
{
	return with_role(cx, USE_REQUEST, type);
}

const struct procedure *usage_next(const struct cx *cx, enum user_type type, const struct usage *usage)
{
	bool goes_on = usage->state == USAGE_ACCEPTED || usage->state == USAGE_ENDED;
	const struct procedure *renewal = goes_on ? with_role(cx, USE_RENEWAL, type) : NULL;

	return renewal ? renewal : usage_procedure(cx, type);
}

/* ---- deciding ---- */

struct decision {
	int64_t account_id, application_id;
	int64_t months;
	int64_t revision; /* of the application */
	bool accept;
	unsigned party;
	enum actor_kind by;
	struct str note;
	/* for the mails */
	struct str reference, email, procedure_id;
	const struct account *account;
};

/* A renewal begins where what it goes on with ends; everything else, and a late one, today. */
static err first_day(struct cx *cx, const struct decision *d, int32_t *out)
{
	const struct procedure *procedure = catalogue_find(cx->portal->catalogue, d->procedure_id);
	struct q_usage_request_of_row *rows;
	int32_t first = time_date(cx->now);
	size_t n = 0;

	if (procedure && procedure->use == USE_RENEWAL)
		TRY(q_usage_request_of(cx_tx(cx), d->account_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].state == ROW_ACCEPTED && rows[i].valid_until >= first)
			first = date_add_days((int32_t)rows[i].valid_until, 1);
	*out = first;
	return ok();
}

static err last_day(struct cx *cx, const struct decision *d, int32_t *out)
{
	int32_t first;

	*out = 0;
	if (!d->accept || d->months == 0)
		return ok();
	TRY(first_day(cx, d, &first));
	*out = date_add_days(date_add_months(first, (int)d->months), -1);
	return ok();
}

static err mail_to(struct cx *cx, const struct decision *d, struct str recipient, int32_t until)
{
	const struct msg_arg values[] = {
		{STR("reference"), d->reference},
		{STR("procedure"), d->procedure_id},
		{STR("decided_at"), str_fmt(cx->arena, "%lld", (long long)cx->now)},
		{STR("last_on"), str_fmt(cx->arena, "%d", (int)until)},
		{STR("note"), d->note},
	};

	return outbox_add(cx, d->accept ? MAIL_USAGE_ACCEPTED : MAIL_USAGE_REFUSED, d->account_id, recipient, d->account->lang,
		values, sizeof values / sizeof *values);
}

static err decide(struct cx *cx, const struct decision *d)
{
	int64_t changed = 0;
	int32_t until;

	TRY(last_day(cx, d, &until));
	TRY(q_usage_request_decide(
		cx_tx(cx), d->account_id, d->application_id, d->accept ? ROW_ACCEPTED : ROW_REFUSED, cx->now, until, &changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "the request is decided already");
	TRY(mail_to(cx, d, d->email, until));
	if (!str_eq_nocase(d->email, d->account->email))
		TRY(mail_to(cx, d, d->account->email, until));
	/* Last: its audit entry is where others wait until we have committed. */
	return application_step(cx,
		&(struct application_step){
			.account_id = d->account_id,
			.id = d->application_id,
			.revision = d->revision,
			.from = STATUS_PENDING,
			.event = d->accept ? EVENT_USE_ACCEPT : EVENT_USE_REFUSE,
			.party = d->party,
			.by = d->by,
			.note = d->note,
		});
}

err usage_submitted(struct cx *cx, const struct usage_new *request)
{
	TRY(q_usage_request_insert(cx_tx(cx), request->account->id, request->application_id, request->differs, cx->now,
		request->procedure->use_months, NULL));
	if (request->differs != 0)
		return ok();
	return decide(cx,
		&(struct decision){
			.account_id = request->account->id,
			.application_id = request->application_id,
			.months = request->procedure->use_months,
			.revision = 1,
			.accept = true,
			.party = PARTY_JOB,
			.by = ACTOR_JOB,
			.reference = request->reference,
			.email = request->email,
			.procedure_id = request->procedure->id,
			.account = request->account,
		});
}

struct decide_call {
	struct str reference, note;
	bool accept;
};

static err decide_in_tx(struct cx *cx, void *arg)
{
	const struct decide_call *call = arg;
	struct q_usage_request_find_row row;
	struct application application;
	struct account account;

	TRY(application_look(cx, call->reference, RIGHT_CHANGE, &application));
	err found = q_usage_request_find(cx_tx(cx), application.account_id, application.id, &row);

	if (found.code == ERR_NOT_FOUND)
		return fail(ERR_INVALID, "no request for use");
	TRY(found);
	if (application.receipt.status != STATUS_PENDING)
		return fail(ERR_CONFLICT, "the request does not wait any more");
	TRY(account_get(cx, application.account_id, &account));
	return decide(cx,
		&(struct decision){
			.account_id = application.account_id,
			.application_id = application.id,
			.months = row.months,
			.revision = application.revision,
			.accept = call->accept,
			.party = PARTY_OFFICE,
			.by = cx->actor.kind,
			.note = call->note,
			.reference = application.receipt.reference,
			.email = application.receipt.email,
			.procedure_id = application.receipt.procedure_id,
			.account = &account,
		});
}

err usage_decide(struct cx *cx, struct str reference, bool accept, struct str note)
{
	struct decide_call call = {.reference = reference, .note = note, .accept = accept};

	if (cx->actor.kind != ACTOR_OPERATOR)
		return fail(ERR_DENIED, "only an officer decides");
	TRY(application_note_check(note));
	return cx_write(cx, decide_in_tx, &call);
}
