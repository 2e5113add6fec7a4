#include "domain/application/application.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "domain/account/account.h"
#include "domain/application/amend.h"
#include "domain/application/application_seal.h"
#include "domain/application/application_step.h"
#include "domain/application/number.h"
#include "domain/audit.h"
#include "domain/definition/archive.h"
#include "domain/identity/card_fill.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

/* What has been submitted: reading it, and the steps of its life. Submitting is in submit.c, the
 * list in application_list.c. */

struct str application_purpose(struct arena *arena, int64_t account_id, int64_t id)
{
	return str_fmt(arena, "application %lld %lld", (long long)account_id, (long long)id);
}

struct str application_before_purpose(struct arena *arena, int64_t account_id, int64_t id, int64_t revision)
{
	return str_fmt(arena, "application %lld %lld before %lld", (long long)account_id, (long long)id, (long long)revision);
}

static err answers_open(struct cx *cx, struct str purpose, struct str sealed, struct answers *out)
{
	struct str text;

	TRY(sealed_open(cx, purpose, sealed, &text));
	if (failed(answers_read(cx->arena, text, out)))
		return fail(ERR_INTERNAL, "application holds no answers");
	return ok();
}

/* Which of the answers a card gave, as the procedure is now. The values are those that were submitted. */
static err answers_mark(struct cx *cx, struct application *application)
{
	const struct procedure *procedure = application->receipt.procedure;
	struct basic4 card;

	if (!procedure || !procedure_reads_card(procedure, application->user_type))
		return ok();
	err read = basic4_of_application(cx, application->account_id, application->id, &card);

	if (read.code == ERR_NOT_FOUND)
		return ok();
	TRY(read);
	card_fill(&application->answers, procedure, application->user_type, &card);
	return ok();
}

/* The row, when the actor may know of it. */
static err row_require(struct cx *cx, struct str reference, enum right right,
	struct q_application_by_number_row *row)
{
	struct str number;

	if (failed(number_reference_read(cx->arena, reference, &number)))
		return fail(ERR_NOT_FOUND, "no reference number");
	TRY(q_application_by_number(cx_tx(cx), number, row));
	return authz_require(&cx->actor, row->account_id, right);
}

/* As it was asked then. Where that version is lost, the present one says at least what most of the answers mean. */
static err version_of(struct cx *cx, struct str procedure_id, struct str version, const struct procedure **out)
{
	err e = archive_find(cx, procedure_id, version, out);

	if (archive_failed(e))
		return e;
	if (failed(e))
		*out = catalogue_find(cx->portal->catalogue, procedure_id);
	return ok();
}

/* The answers to a version of its procedure. */
static err answered(struct cx *cx, struct application *application, struct str version, struct str purpose, struct str sealed)
{
	struct receipt *receipt = &application->receipt;

	TRY(version_of(cx, receipt->procedure_id, version, &receipt->procedure));
	application->version = version;
	application->version_is_current = receipt->procedure && str_eq(receipt->procedure->version, version);
	TRY(answers_open(cx, purpose, sealed, &application->answers));
	return answers_mark(cx, application);
}

err application_look(
	struct cx *cx, struct str reference, enum right right, struct application *out)
{
	struct q_application_by_number_row row;

	TRY(row_require(cx, reference, right, &row));
	struct application application = {
		.id = row.id,
		.account_id = row.account_id,
		.receipt =
			{
				.application_id = row.id,
				.reference = row.reference,
				.temporary_no = row.temporary_no,
				.procedure_id = row.procedure,
				.office = row.office,
				.name = row.name,
				.email = row.email,
				.submitted_at = row.submitted_at,
			},
		.revision = row.revision,
		.changed_at = row.changed_at,
		.note = row.note,
	};
	if (!status_of(row.status, &application.receipt.status))
		return fail(ERR_INTERNAL, "application of an unknown status");
	if (!user_type_of(row.user_type, &application.user_type))
		return fail(ERR_INTERNAL, "application by an unknown kind of user");
	err opened = answered(cx, &application, row.version, application_purpose(cx->arena, row.account_id, row.id), row.answers);

	application.shut = opened.code == ERR_SHUT;
	if (!application.shut)
		TRY(opened);
	else
		answers_init(&application.answers, cx->arena);
	*out = application;
	return ok();
}

err application_require(
	struct cx *cx, struct str reference, enum right right, struct application *out)
{
	struct application application;

	TRY(application_look(cx, reference, right, &application));
	if (application.shut)
		return fail(ERR_SHUT, "the answers of this application cannot be opened any more: their key is lost, or they are damaged");
	*out = application;
	return ok();
}

err application_before(
	struct cx *cx, struct str reference, enum right right, int64_t revision, struct application *out)
{
	struct q_application_before_find_row row;
	struct application application;

	TRY(application_require(cx, reference, right, &application));
	TRY(q_application_before_find(cx_tx(cx), application.account_id, application.id, revision, &row));
	application.receipt.office = row.office;
	application.receipt.name = row.name;
	application.receipt.email = row.email;
	TRY(answered(cx, &application, row.version,
		application_before_purpose(cx->arena, application.account_id, application.id, revision), row.answers));
	*out = application;
	return ok();
}

err application_history(struct cx *cx, const struct application *application,
	struct history_entry **out, size_t *count)
{
	struct q_application_event_list_row *rows;
	size_t n;

	TRY(q_application_event_list(
		cx_tx(cx), application->account_id, application->id, &rows, &n));
	struct history_entry *entries = arena_array(cx->arena, struct history_entry, n + 1);

	for (size_t i = 0; i < n; i++) {
		entries[i] = (struct history_entry){.at = rows[i].at,
			.by = (enum actor_kind)rows[i].actor_kind,
			.note = rows[i].note,
			.before = rows[i].kept};
		if (!event_of(rows[i].event, &entries[i].event) ||
			!status_of(rows[i].status, &entries[i].status))
			return fail(ERR_INTERNAL, "history of an unknown event");
	}
	*out = entries;
	*count = n;
	return ok();
}

err application_step(struct cx *cx, const struct application_step *step)
{
	enum status to;
	int64_t changed = 0;

	TRY(transition_require(step->from, step->event, step->party, &to));
	TRY(q_application_change(cx_tx(cx),
		&(struct q_application_change_in){
			.account_id = step->account_id,
			.id = step->id,
			.revision_before = step->revision,
			.status = status_names[to],
			.note = step->note,
			.at = cx->now,
		},
		&changed));
	if (changed == 0)
		return cx_again(cx, "another step at the same moment");
	TRY(q_application_event_add(cx_tx(cx),
		&(struct q_application_event_add_in){
			.account_id = step->account_id,
			.application_id = step->id,
			.revision = step->revision + 1,
			.at = cx->now,
			.event = event_names[step->event],
			.status = status_names[to],
			.actor_kind = step->by,
			.actor_id = step->by == cx->actor.kind ? cx->actor.account_id : 0,
			.note = step->note,
			.token = step->token,
		},
		NULL));
	if (status_amends[step->from])
		TRY(amend_end(cx, step->account_id, step->id));
	return audit_add_by(cx, step->by, STR("application_changed"), step->account_id, STR("application"), step->id,
		event_names[step->event]);
}

struct change {
	struct str reference, note;
	enum event event;
};

/* A request for use has two ways out that are not an office's steps: domain/identity/usage.h takes them. */
static bool is_for_usage(const struct cx *cx, struct str procedure_id, enum event event)
{
	const struct procedure *procedure = catalogue_find(cx->portal->catalogue, procedure_id);

	if (event == EVENT_USE_ACCEPT || event == EVENT_USE_REFUSE)
		return true;
	return procedure && procedure_is_request(procedure) && event != EVENT_WITHDRAW;
}

static err change_in_tx(struct cx *cx, void *arg)
{
	const struct change *change = arg;
	struct q_application_by_number_row row;
	enum status from;

	TRY(row_require(cx, change->reference, RIGHT_CHANGE, &row));
	if (!status_of(row.status, &from))
		return fail(ERR_INTERNAL, "application of an unknown status");
	if (is_for_usage(cx, row.procedure, change->event))
		return fail(ERR_CONFLICT, "a request for use is decided elsewhere");
	return application_step(cx,
		&(struct application_step){
			.account_id = row.account_id,
			.id = row.id,
			.revision = row.revision,
			.from = from,
			.event = change->event,
			.party = authz_party(&cx->actor, row.account_id),
			.by = cx->actor.kind,
			.note = change->note,
		});
}

err application_note_check(struct str note)
{
	if (!utf8_valid(note) || utf8_count(note) > LIMIT_NOTE)
		return fail(ERR_INVALID, "note of a step");
	return ok();
}

err application_change(struct cx *cx, struct str reference, enum event event, struct str note)
{
	struct change change = {.reference = reference, .note = note, .event = event};

	TRY(application_note_check(note));
	return cx_write(cx, change_in_tx, &change);
}
