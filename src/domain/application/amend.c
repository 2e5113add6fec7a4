#include "domain/application/amend.h"

#include "base/limits.h"
#include "base/time.h"
#include "crypto/seal.h"
#include "crypto/token.h"
#include "domain/account/account.h"
#include "domain/application/application_said.h"
#include "domain/application/application_seal.h"
#include "domain/application/application_step.h"
#include "domain/application/application_term.h"
#include "domain/application/lookup.h"
#include "domain/attachment/attachment_keep.h"
#include "domain/attachment/attachment_lost.h"
#include "domain/attachment/attachment_row.h"
#include "domain/attachment/attachment_want.h"
#include "domain/audit.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

/* Sending back, the draft to modify, submitting again. */

/* ---- items ---- */

/* What stands behind "document:" or "field:". */
static bool item_of(struct str item, const char *kind, struct str *id)
{
	if (!str_starts(item, str_of(kind)))
		return false;
	*id = str_skip(item, strlen(kind));
	return true;
}

static bool item_known(const struct procedure *procedure, struct str item)
{
	struct str id;
	if (str_eq(item, STR("photo")))
		return procedure->photo.asked;
	if (item_of(item, "document:", &id))
		return procedure_document(procedure, id) != NULL;
	if (!item_of(item, "field:", &id))
		return false;
	const struct field *field = procedure_field(procedure, id);
	return field && !field->group && field->type != FIELD_NOTE;
}

static err items_check(const struct procedure *procedure, const struct amend_items *items)
{
	if (items->n == 0)
		return fail(ERR_INVALID, "nothing is opened");
	for (size_t i = 0; i < items->n; i++)
		if (!item_known(procedure, items->v[i]))
			return fail(ERR_INVALID, "this application has no item '" STR_FMT "' to modify", STR_ARG(items->v[i]));
	return ok();
}

struct str amend_item_text(struct cx *cx, const struct procedure *procedure, struct str item)
{
	struct str id;
	if (str_eq(item, STR("photo")))
		return cx->locale->plain[MSG_attach_photo];
	if (item_of(item, "document:", &id) && procedure_document(procedure, id))
		return text_plain(&procedure_document(procedure, id)->label, cx->locale);
	if (item_of(item, "field:", &id) && procedure_field(procedure, id))
		return text_plain(&procedure_field(procedure, id)->label, cx->locale);
	return item;
}

/* A question that has moved since it was opened is open where it is now. */
static struct str item_now(struct cx *cx, const struct procedure *procedure, struct str item)
{
	struct str id;
	if (item_of(item, "field:", &id) && !procedure_field(procedure, id))
		for (size_t i = 0; i < procedure->move_count; i++)
			if (str_eq(procedure->moves[i].from, id))
				return str_fmt(cx->arena, "field:" STR_FMT, STR_ARG(procedure->moves[i].to->id));
	return item;
}

err amend_items(struct cx *cx, const struct procedure *procedure, int64_t account_id, int64_t application_id, struct amend_items *out)
{
	struct q_application_open_list_row *rows;
	size_t n;
	TRY(q_application_open_list(cx_tx(cx), account_id, application_id, &rows, &n));
	struct amend_items items = {.v = arena_array(cx->arena, struct str, n), .n = n};
	for (size_t i = 0; i < n; i++)
		items.v[i] = item_now(cx, procedure, rows[i].item);
	*out = items;
	return ok();
}

/* ---- the office's step ---- */

static err mail_both(struct cx *cx, enum mail_template template, const struct application *application, struct str lang, const struct msg_arg *values,
	size_t count)
{
	struct account account;
	TRY(account_get(cx, application->account_id, &account));
	TRY(outbox_add(cx, template, account.id, application->receipt.email, lang, values, count));
	return str_eq_nocase(application->receipt.email, account.email) ? ok()
									 : outbox_add(cx, template, account.id, account.email, lang, values, count);
}

static err step(struct cx *cx, const struct application *application, enum event event, struct str note, struct str token)
{
	return application_step(cx,
		&(struct application_step){
			.account_id = application->account_id,
			.id = application->id,
			.revision = application->revision,
			.from = application->receipt.status,
			.event = event,
			.party = authz_party(&cx->actor, application->account_id),
			.by = cx->actor.kind,
			.note = note,
			.token = token,
		});
}

struct return_call {
	struct str reference, note;
	const struct amend_items *items;
};

static err return_in_tx(struct cx *cx, void *arg)
{
	const struct return_call *call = arg;
	struct application application;
	struct q_application_by_id_row row;
	TRY(application_require(cx, call->reference, RIGHT_CHANGE, &application));
	/* It is modified by the form as it is now, whatever version it was submitted by. */
	const struct procedure *procedure = catalogue_find(cx->portal->catalogue, application.receipt.procedure_id);
	if (!procedure || procedure_is_request(procedure))
		return fail(ERR_CONFLICT, "this application cannot be modified");
	TRY(items_check(procedure, call->items));
	TRY(step(cx, &application, EVENT_RETURN, call->note, STR("")));
	for (size_t i = 0; i < call->items->n; i++)
		TRY(q_application_open_add(cx_tx(cx), application.account_id, application.id, call->items->v[i], NULL));
	TRY(q_application_by_id(cx_tx(cx), application.account_id, application.id, &row));
	const struct msg_arg values[] = {
		{STR("reference"), application.receipt.reference},
		{STR("procedure"), application.receipt.procedure_id},
		{STR("note"), call->note},
	};
	return mail_both(cx, MAIL_APPLICATION_RETURNED, &application, row.lang, values, sizeof values / sizeof *values);
}

err amend_return(struct cx *cx, struct str reference, const struct amend_items *items, struct str note)
{
	TRY(application_note_check(note));
	return cx_write(cx, return_in_tx, &(struct return_call){reference, note, items});
}

/* ---- the draft ---- */

struct begin_call {
	struct str reference;
	struct str token; /* of the draft, when one must be made */
	int64_t draft_id;
};

static err files_copy(struct cx *cx, const struct application *application, int64_t draft_id)
{
	struct attachments list;
	TRY(attachment_rows(cx, application->account_id, 0, application->id, &list));
	for (size_t i = 0; i < list.n; i++) {
		int64_t id = id_new(cx->now);
		TRY(q_attachment_copy(cx_tx(cx), application->account_id, id, draft_id, list.v[i].id,
			attachment_name_seal(cx, application->account_id, id, list.v[i].name), NULL));
		TRY(q_beside_copy(cx_tx(cx), application->account_id, id, list.v[i].id, NULL));
	}
	return ok();
}

static err draft_make(struct cx *cx, const struct application *application, struct str token, int64_t *out)
{
	const struct procedure *procedure = application->receipt.procedure; /* as it was asked */
	struct q_application_by_id_row row;
	int64_t id = id_new(cx->now), changed = 0;
	struct answers answers = application->answers;
	TRY(q_application_by_id(cx_tx(cx), application->account_id, application->id, &row));
	/* Addresses typed again are not kept with an application: they are right until they are modified. */
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		if (field->same_as && !field->group)
			answers_set(&answers, field->id, answers_get(&answers, field->same_as->id));
	}
	TRY(q_draft_insert(cx_tx(cx),
		&(struct q_draft_insert_in){
			.account_id = application->account_id,
			.id = id,
			.procedure = application->receipt.procedure_id,
			.version = application->version,
			.token = token,
			.at = cx->now,
			.keep_until = time_date(cx->now + cx->portal->settings.draft_keep_ms),
			.answers = draft_answers_seal(cx, id, &answers),
			.most = LIMIT_DRAFTS_WITH_RETURNED,
		},
		&changed));
	if (changed == 0)
		return fail(ERR_LIMIT, "drafts of an account");
	TRY(q_draft_amends(cx_tx(cx), application->account_id, id, application->id, row.files_key, NULL));
	TRY(files_copy(cx, application, id));
	if (!attachment_key_opens(cx, application->account_id, row.files_key))
		TRY(attachment_lose(cx, application->account_id, id));
	*out = id;
	return audit_add(cx, STR("amend_begun"), application->account_id, STR("application"), application->id, application->receipt.reference);
}

static err begin_in_tx(struct cx *cx, void *arg)
{
	struct begin_call *call = arg;
	struct application application;
	struct q_draft_of_application_row row;
	int64_t changed = 0;
	TRY(application_require(cx, call->reference, RIGHT_CHANGE, &application));
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "only the applicant modifies");
	const struct procedure *procedure = catalogue_find(cx->portal->catalogue, application.receipt.procedure_id);
	if (!status_amends[application.receipt.status] || !procedure)
		return fail(ERR_CONFLICT, "it is not in return process");
	/* Everybody who makes its draft, or ends its return process, passes its row: behind it nobody else does either. */
	TRY(q_application_pass(cx_tx(cx), application.account_id, application.id, application.revision, &changed));
	if (changed == 0)
		return cx_again(cx, "a step at the same moment");
	TRY(q_draft_of_application(cx_tx(cx), application.account_id, application.id, &row));
	call->draft_id = row.id;
	return row.id != 0 ? ok() : draft_make(cx, &application, call->token, &call->draft_id);
}

err amend_begin(struct cx *cx, struct str reference, int64_t *draft_id)
{
	struct begin_call call = {.reference = reference, .token = token_new(cx->arena)};
	TRY(cx_write(cx, begin_in_tx, &call));
	*draft_id = call.draft_id;
	return ok();
}

err amend_end(struct cx *cx, int64_t account_id, int64_t application_id)
{
	struct q_draft_of_application_row row;
	struct attachment_gone gone; /* what was on its way when an officer ended it: the spool is swept for itself */
	bool was;
	TRY(q_application_open_clear(cx_tx(cx), account_id, application_id, NULL));
	TRY(q_draft_of_application(cx_tx(cx), account_id, application_id, &row));
	return row.id != 0 ? draft_end(cx, account_id, row.id, &gone, &was) : ok();
}

err amend_application(struct cx *cx, const struct draft *draft, struct application *out)
{
	struct q_application_by_id_row row;
	TRY(q_application_by_id(cx_tx(cx), draft->account_id, draft->application_id, &row));
	return application_require(cx, row.reference, RIGHT_CHANGE, out);
}

/* What a card gave is so for the draft, too: it is never taken from what was typed. */
static void hold(const struct answers *submitted, struct answers *answers)
{
	answers->card = submitted->card;
	for (size_t i = 0; answers_at(submitted, i); i++)
		if (answers_at(submitted, i)->held)
			answers_hold(answers, answers_at(submitted, i)->path, answers_at(submitted, i)->value);
}

err amend_draft(struct cx *cx, struct draft *draft)
{
	struct application application;
	struct amend_items items;
	struct answers submitted;
	TRY(amend_application(cx, draft, &application));
	TRY(amend_items(cx, draft->procedure, draft->account_id, draft->application_id, &items));
	TRY(amend_submitted(cx, &application, draft->procedure, &submitted));
	hold(&submitted, &draft->answers);
	struct form_scope scope = {
		.procedure = draft->procedure, .answers = &draft->answers, .user_type = application.user_type, .today = time_date(cx->now)};
	scope.procedure = draft->procedure = amend_view(cx->arena, &scope, &submitted, &items);
	amend_answers(&scope, &submitted, &draft->answers);
	return ok();
}

/* ---- again ---- */

struct again_call {
	const struct draft *draft;
	const struct attachments *files; /* as they were checked */
	const struct procedure *whole;
	struct attachment_gone gone;
};

/* What was submitted, with what was open as it is now, in its shape. */
static err answers_now(struct cx *cx, const struct again_call *call, const struct application *application, struct answers *shown)
{
	struct answers submitted, all;
	struct form_scope scope = {
		.procedure = call->draft->procedure, .answers = &call->draft->answers, .user_type = application->user_type, .today = time_date(cx->now)};
	TRY(amend_submitted(cx, application, call->whole, &submitted));
	amend_answers(&scope, &submitted, &all);
	scope.procedure = call->whole;
	scope.answers = &all;
	form_shown(&scope, cx->arena, shown);
	return ok();
}

/* What there was, as it is in the store, for the history's entry that sent it back. */
static err before_keep(struct cx *cx, const struct application *application)
{
	struct arena *arena = cx->arena;
	int64_t account_id = application->account_id, id = application->id, revision = application->revision;
	struct q_application_by_id_row row;
	struct str text;
	TRY(q_application_by_id(cx_tx(cx), account_id, id, &row));
	TRY(sealed_open(cx, application_purpose(arena, account_id, id), row.answers, &text));
	return q_application_before_keep(cx_tx(cx), account_id, id, revision,
		seal(arena, cx->portal->key, application_before_purpose(arena, account_id, id, revision), text), NULL);
}

/* Puts it into the application, what it says of itself too (application_said); what there was is kept beside it. The office's letter stays in the number. */
static err answers_put(struct cx *cx, const struct again_call *call, struct application *application)
{
	struct receipt *receipt = &application->receipt;
	struct application_said said = {.office = receipt->office, .name = receipt->name, .email = receipt->email};
	struct answers shown;
	int64_t changed = 0;
	TRY(answers_now(cx, call, application, &shown));
	application_said(call->whole, &shown, &said);
	TRY(before_keep(cx, application));
	TRY(q_application_amend(cx_tx(cx),
		&(struct q_application_amend_in){
			.account_id = application->account_id,
			.id = application->id,
			.revision = application->revision,
			.version = call->whole->version,
			.office = said.office,
			.name = said.name,
			.email = said.email,
			.answers = seal(cx->arena, cx->portal->key, application_purpose(cx->arena, application->account_id, application->id),
				answers_write(cx->arena, &shown)),
		},
		&changed));
	if (changed == 0)
		return cx_again(cx, "a step at the same moment");
	receipt->office = said.office;
	receipt->name = said.name;
	receipt->email = said.email;
	TRY(q_application_term_clear(cx_tx(cx), application->account_id, application->id, NULL));
	return application_terms_add(cx, application->account_id, application->id,
		(const struct str[]){receipt->name, receipt->reference, receipt->temporary_no}, 3);
}

static err audit_files(struct cx *cx, const struct again_call *call)
{
	struct audit_note *notes = arena_array(cx->arena, struct audit_note, call->files->n);
	return audit_add_all(cx, call->draft->account_id, notes, attachment_notes(cx->arena, call->files, STR("attachment_submitted"), notes));
}

static err again_in_tx(struct cx *cx, void *arg)
{
	struct again_call *call = arg;
	const struct draft *draft = call->draft;
	struct application application;
	struct q_application_by_id_row row;
	TRY(amend_application(cx, draft, &application));
	TRY(q_draft_take(cx_tx(cx), draft->account_id, draft->id, draft->revision, draft->files, NULL));
	TRY(tx_expect(cx_tx(cx), 1)); /* it is there, and has not changed */
	TRY(answers_put(cx, call, &application));
	TRY(q_attachment_drop_application(cx_tx(cx), draft->account_id, application.id, cx->now, NULL));
	TRY(q_beside_drop_application(cx_tx(cx), draft->account_id, application.id, cx->now, NULL));
	TRY(q_attachment_clear(cx_tx(cx), draft->account_id, application.id, NULL));
	TRY(attachment_keep(cx, call->files, draft, application.id, &call->gone));
	TRY(q_application_files_key_set(cx_tx(cx), draft->account_id, application.id, draft->files_key, NULL));
	TRY(q_application_by_id(cx_tx(cx), draft->account_id, application.id, &row));
	const struct msg_arg values[] = {
		{STR("reference"), application.receipt.reference},
		{STR("procedure"), application.receipt.procedure_id},
		{STR("submitted_at"), str_fmt(cx->arena, "%lld", (long long)cx->now)},
	};
	TRY(mail_both(cx, MAIL_APPLICATION_AGAIN, &application, row.lang, values, sizeof values / sizeof *values));
	TRY(audit_files(cx, call));
	return step(cx, &application, EVENT_RESUBMIT, STR(""), draft->submission_token);
}

err amend_submit(struct cx *cx, const struct draft *draft, struct issues *issues, struct attachment_gone *gone, bool *again)
{
	struct attachments list;
	struct attachment_wants wants;
	struct application application;
	*again = false;
	TRY(amend_application(cx, draft, &application));
	struct form_scope scope = {
		.procedure = draft->procedure, .answers = &draft->answers, .user_type = application.user_type, .today = time_date(cx->now)};
	form_check(&scope, cx->arena, NULL, issues);
	TRY(lookup_check(cx, &scope, NULL, issues));
	TRY(attachment_list_in(cx, draft, &list));
	attachment_wants(cx->arena, &scope, &list, &wants);
	attachment_check(cx->arena, cx->locale, &wants, issues);
	if (issues->refusals > 0)
		return ok();
	struct again_call call = {.draft = draft, .files = &list, .whole = catalogue_find(cx->portal->catalogue, draft->procedure->id)};
	err e = cx_write(cx, again_in_tx, &call);
	*again = e.code == ERR_CONFLICT;
	TRY(e);
	*gone = call.gone;
	return ok();
}
