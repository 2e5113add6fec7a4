#include "domain/application/amend.h"

#include "domain/identity/card_fill.h"
#include "domain/identity/identity_card.h"

/* The answers of an application that is modified: closed ones are what was submitted, open ones what is in the draft. */

err amend_submitted(struct cx *cx, const struct application *application, const struct procedure *now, struct answers *out)
{
	struct answers answers = {.arena = cx->arena};
	struct basic4 card;
	answers_copy(&application->answers, &answers);
	*out = answers;
	if (str_eq(application->version, now->version))
		return ok();
	answers_move(now, out);
	if (!procedure_reads_card(now, application->user_type))
		return ok();
	err read = basic4_of_application(cx, application->account_id, application->id, &card);
	if (read.code == ERR_NOT_FOUND)
		return ok();
	TRY(read);
	card_fill(out, now, application->user_type, &card); /* what the card gave stays what it gave */
	return ok();
}

static void take(const struct answers *from, const struct procedure *view, bool open, struct answers *out)
{
	for (size_t i = 0; answers_at(from, i); i++) {
		const struct answer *answer = answers_at(from, i);
		const struct field *field = procedure_field(view, path_head(answer->path));
		if (str_empty(answer->value) || (field && amend_shows(view, field)) != open)
			continue;
		if (answer->held)
			answers_hold(out, answer->path, answer->value);
		else
			answers_set(out, answer->path, answer->value);
	}
}

void amend_answers(const struct form_scope *given, const struct answers *submitted, struct answers *out)
{
	struct answers answers;
	answers_init(&answers, submitted->arena);
	answers.card = submitted->card;
	take(submitted, given->procedure, false, &answers);
	take(given->answers, given->procedure, true, &answers);
	const struct form_scope whole = {
		.procedure = given->procedure, .answers = &answers, .user_type = given->user_type, .today = given->today};
	form_calculate(&whole, &answers);
	*out = answers;
}
