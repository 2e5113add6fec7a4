#include "domain/application/application.h"

#include "base/time.h"
#include "crypto/seal.h"
#include "domain/account/account.h"
#include "domain/application/application_said.h"
#include "domain/application/application_seal.h"
#include "domain/application/application_term.h"
#include "domain/application/amend.h"
#include "domain/attachment/attachment_keep.h"
#include "domain/attachment/attachment_want.h"
#include "domain/audit.h"
#include "domain/identity/card_fill.h"
#include "domain/identity/identity_card.h"
#include "domain/application/lookup.h"
#include "domain/application/number.h"
#include "domain/definition/office.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "domain/identity/tax.h"
#include "domain/identity/usage.h"
#include "store/query.h"

/*
 * From a draft to an application.
 *
 * The answers are checked before the transaction, and the transaction begins by taking the draft
 * away in the very revision that was checked: so what is submitted is what was checked, and the one
 * writer of SQLite does not wait for the checks. Whoever comes second finds no draft, starts over,
 * and is answered with the receipt that the first one made.
 */

struct submit {
	const struct draft *draft;
	const struct account *account;
	const struct attachments *files; /* as they were checked */
	int64_t id;
	struct str reference, temporary_no;
	struct application_said said;
	struct str sealed;                     /* answers, as they are kept */
	struct attachment_gone gone;
	struct q_application_by_token_row row; /* what is there when all is written */
};

static err receipt_of(
	struct cx *cx, const struct q_application_by_token_row *row, struct receipt *out)
{
	struct receipt receipt = {
		.application_id = row->id,
		.reference = row->reference,
		.temporary_no = row->temporary_no,
		.procedure_id = row->procedure,
		.procedure = catalogue_find(cx->portal->catalogue, row->procedure),
		.office = row->office,
		.name = row->name,
		.email = row->email,
		.submitted_at = row->submitted_at,
	};

	if (!status_of(row->status, &receipt.status))
		return fail(ERR_INTERNAL, "application of an unknown status");
	*out = receipt;
	return ok();
}

err receipt_find(struct cx *cx, struct str token, struct receipt *out)
{
	struct q_application_by_token_row row;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	err found = q_application_by_token(cx_tx(cx), cx->actor.account_id, token, &row);

	if (found.code == ERR_NOT_FOUND)
		found = q_application_by_again(cx_tx(cx), cx->actor.account_id, token, &row);
	TRY(found);
	return receipt_of(cx, &row, out);
}

static err application_make(struct cx *cx, const struct submit *submit)
{
	const struct draft *draft = submit->draft;

	TRY(q_application_insert(cx_tx(cx),
		&(struct q_application_insert_in){
			.account_id = draft->account_id,
			.id = submit->id,
			.token = draft->submission_token,
			.reference = submit->reference,
			.temporary_no = submit->temporary_no,
			.procedure = draft->procedure->id,
			.version = draft->version,
			.office = submit->said.office,
			.user_type = user_type_names[cx->actor.user_type],
			.status = status_names[STATUS_PENDING],
			.name = submit->said.name,
			.email = submit->said.email,
			.lang = cx->locale->tag,
			.at = cx->now,
			.files_key = draft->files_key,
			.answers = submit->sealed,
		},
		NULL));
	TRY(tx_expect(cx_tx(cx), 1)); /* none of this token is there */
	TRY(q_number_add(cx_tx(cx), submit->reference, submit->temporary_no, draft->account_id,
		submit->id, NULL));
	return tx_expect(cx_tx(cx), 2); /* none of them was taken */
}

static err mail_to(struct cx *cx, const struct submit *submit, struct str recipient)
{
	struct msg_arg values[] = {
		{STR("name"), submit->said.name},
		{STR("reference"), submit->reference},
		{STR("temporary_no"), submit->temporary_no},
		{STR("procedure"), submit->draft->procedure->id},
		{STR("submitted_at"), str_fmt(cx->arena, "%lld", (long long)cx->now)},
		{STR("office"), submit->said.office},
	};

	return outbox_add(cx, MAIL_APPLICATION_RECEIVED, submit->account->id, recipient,
		cx->locale->tag, values, sizeof values / sizeof *values);
}

/* To the address given in the form, and to the one who applied when that is another. */
static err mails_add(struct cx *cx, const struct submit *submit)
{
	TRY(mail_to(cx, submit, submit->said.email));
	return str_eq_nocase(submit->said.email, submit->account->email)
		       ? ok()
		       : mail_to(cx, submit, submit->account->email);
}

/* The card's items as they are in the store now: another reading than the one that was checked, and all is checked anew. */
static err card_same(struct cx *cx, const struct submit *submit)
{
	const struct draft *draft = submit->draft;
	struct basic4 card;

	if (!draft->has_card)
		return ok();
	err read = basic4_of_draft(cx, draft->id, &card);

	if (read.code != ERR_NOT_FOUND)
		TRY(read);
	if (failed(read) || !basic4_same(&card, &draft->card))
		return fail(ERR_CONFLICT, "the card was read again");
	return ok();
}

static err usage_note(struct cx *cx, const struct submit *submit)
{
	const struct draft *draft = submit->draft;
	const struct procedure *procedure = draft->procedure;

	if (!procedure_is_request(procedure))
		return ok();
	return usage_submitted(cx,
		&(struct usage_new){
			.account = submit->account,
			.procedure = procedure,
			.application_id = submit->id,
			.reference = submit->reference,
			.email = submit->said.email,
			.differs = usage_compare(cx->arena, submit->account, answers_get(&draft->answers, procedure->name_field),
				draft->has_card ? &draft->card : NULL),
		});
}

static err audit(struct cx *cx, const struct submit *submit)
{
	struct audit_note *notes = arena_array(cx->arena, struct audit_note, submit->files->n + 1);
	size_t count = attachment_notes(cx->arena, submit->files, STR("attachment_submitted"), notes);

	notes[count++] = (struct audit_note){
		STR("application_submitted"), STR("application"), submit->id, submit->reference};
	return audit_add_all(cx, submit->draft->account_id, notes, count);
}

static err submit_in_tx(struct cx *cx, void *arg)
{
	struct submit *submit = arg;
	const struct draft *draft = submit->draft;

	TRY(q_draft_take(cx_tx(cx), draft->account_id, draft->id, draft->revision, draft->files, NULL));
	TRY(tx_expect(cx_tx(cx), 1)); /* it is there, and has not changed */
	TRY(application_make(cx, submit));
	TRY(card_same(cx, submit));
	TRY(q_application_event_add(cx_tx(cx),
		&(struct q_application_event_add_in){
			.account_id = draft->account_id,
			.application_id = submit->id,
			.revision = 1,
			.at = cx->now,
			.event = event_names[EVENT_SUBMIT],
			.status = status_names[STATUS_PENDING],
			.actor_kind = cx->actor.kind,
			.actor_id = cx->actor.account_id,
		},
		NULL));
	if (procedure_reads_card(draft->procedure, cx->actor.user_type)) /* also when reading has been switched off since */
		TRY(basic4_keep(cx, draft->account_id, draft->id, submit->id));
	if (draft->procedure->tax_information)
		TRY(tax_keep(cx, draft->account_id, draft->id, submit->id));
	TRY(attachment_keep(cx, submit->files, draft, submit->id, &submit->gone));
	TRY(application_terms_add(cx, draft->account_id, submit->id,
		(const struct str[]){submit->said.name, submit->reference, submit->temporary_no}, 3));
	TRY(mails_add(cx, submit));
	TRY(usage_note(cx, submit));
	/* The receipt says not what we think we wrote, but what is there. */
	TRY(q_application_by_token(
		cx_tx(cx), draft->account_id, draft->submission_token, &submit->row));
	/* Last, because the head of its lane is where others wait until we have committed. */
	return audit(cx, submit);
}

/* Everything that needs no transaction, so that nobody waits for it: numbers, sealed answers. */
static err submit_prepare(struct cx *cx, const struct draft *draft, const struct account *account,
	const struct answers *shown, struct submit *out)
{
	const struct procedure *procedure = draft->procedure;
	char reference[NUMBER_REFERENCE_DIGITS + 1];

	*out = (struct submit){
		.draft = draft,
		.account = account,
		.id = id_new(cx->now),
		.said = {.name = account->name, .email = account->email},
	};
	application_said(procedure, shown, &out->said);
	out->sealed = seal(cx->arena, cx->portal->key,
		application_purpose(cx->arena, draft->account_id, out->id),
		answers_write(cx->arena, shown));
	number_reference(reference);
	out->reference = str_dup(cx->arena, str_of(reference));
	return number_temporary(cx, office_letter(cx->portal->catalogue, out->said.office),
		procedure->code, &out->temporary_no);
}

/* Whether the draft may be submitted now by this token. */
static err draft_ready(struct cx *cx, const struct draft *draft, struct str token)
{
	if (!str_eq(draft->submission_token, token))
		return fail(ERR_CONFLICT, "token of another draft");
	if (draft->outdated)
		return fail(ERR_CONFLICT, "procedure has a newer version");
	if (!procedure_open(draft->procedure, time_date(cx->now)))
		return fail(ERR_DENIED, "reception is closed");
	if (draft->card_next != CARD_STEP_NONE)
		return fail(ERR_CONFLICT, "the card has not been read");
	return usage_require(cx, draft->procedure);
}

/* What stands in the way on the side of the files. */
static err files_check(struct cx *cx, const struct form_scope *scope, const struct draft *draft, struct issues *issues, struct attachments *out)
{
	struct attachment_wants wants;

	TRY(attachment_list_in(cx, draft, out));
	attachment_wants(cx->arena, scope, out, &wants);
	attachment_check(cx->arena, cx->locale, &wants, issues);
	return ok();
}

/* An application that was sent back (domain/application/amend.h). */
static err amend_once(struct cx *cx, const struct draft *draft, struct str token, struct issues *issues, struct receipt *out, bool *again)
{
	if (!str_eq(draft->submission_token, token))
		return fail(ERR_CONFLICT, "token of another draft");
	if (draft->outdated)
		return fail(ERR_CONFLICT, "procedure has a newer version");
	struct attachment_gone gone = {0};

	TRY(amend_submit(cx, draft, issues, &gone, again));
	if (issues->refusals > 0)
		return ok();
	TRY(receipt_find(cx, token, out));
	out->gone = gone;
	return ok();
}

struct attempt {
	bool again;  /* look anew, from the beginning */
	bool amends; /* the draft is there, and modifies an application: nothing has come of it yet, whatever token is sent */
};

static err submit_once(struct cx *cx, int64_t draft_id, struct str token, struct issues *issues,
	struct receipt *out, struct attempt *attempt)
{
	struct draft draft;
	struct account account;
	struct answers shown;
	struct submit submit;
	struct attachments files;

	*attempt = (struct attempt){0};
	*issues = (struct issues){0};
	TRY(draft_require(cx, draft_id, &draft));
	attempt->amends = draft.application_id != 0;
	if (attempt->amends)
		return amend_once(cx, &draft, token, issues, out, &attempt->again);
	TRY(draft_ready(cx, &draft, token));
	TRY(account_require(cx, &account));
	struct form_scope scope = {
		.procedure = draft.procedure,
		.answers = &draft.answers,
		.user_type = cx->actor.user_type,
		.today = time_date(cx->now),
	};

	form_judge(&scope, cx->arena, issues, &shown);
	TRY(lookup_check(cx, &scope, NULL, issues));
	TRY(files_check(cx, &scope, &draft, issues, &files));
	if (issues->refusals > 0)
		return ok();
	TRY(submit_prepare(cx, &draft, &account, &shown, &submit));
	submit.files = &files;
	err result = cx_write(cx, submit_in_tx, &submit);

	/* Somebody was faster, or a number was taken. */
	attempt->again = result.code == ERR_CONFLICT;
	TRY(result);
	TRY(receipt_of(cx, &submit.row, out));
	out->gone = submit.gone;
	return ok();
}

#define SUBMIT_TRIES 5

err application_submit(struct cx *cx, int64_t draft_id, struct str token, struct issues *issues,
	struct receipt *out)
{
	for (int i = 0; i < SUBMIT_TRIES; i++) {
		struct attempt attempt;
		err e = submit_once(cx, draft_id, token, issues, out, &attempt);

		if (!attempt.again && (attempt.amends || (e.code != ERR_NOT_FOUND && e.code != ERR_CONFLICT)))
			return e;
		/* No such draft any more, or another one than the token's: perhaps because that has been submitted. */
		err found = receipt_find(cx, token, out);

		if (!failed(found))
			out->repeated = true;
		if (found.code != ERR_NOT_FOUND)
			return found;
		if (!attempt.again)
			return fail(e.code, "no draft of this token that may be submitted");
	}
	return fail(ERR_RETRY, "draft keeps changing");
}
