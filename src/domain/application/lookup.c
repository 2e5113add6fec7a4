#include "domain/application/lookup.h"

#include "base/vec.h"
#include "domain/application/application.h"
#include "domain/application/number.h"
#include "domain/definition/rule.h"
#include "i18n/width.h"
#include "store/query.h"

/* An application of the actor's own; found false: there is none of that number. */
struct own {
	bool found;
	struct q_number_own_row row;
};

static bool among(const struct lookup *lookup, struct str procedure)
{
	for (size_t i = 0; i < lookup->procedure_count; i++)
		if (str_eq(lookup->procedures[i], procedure))
			return true;
	return false;
}

static err own_find(struct cx *cx, struct str typed, struct own *out)
{
	/* As mails have it, whatever the width of what was typed; a reference number may have blanks and hyphens. */
	struct str number = width_half(cx->arena, typed), reference;
	const struct str tried = failed(number_reference_read(cx->arena, typed, &reference)) ? number : reference;
	err e = q_number_own(cx_tx(cx), cx->actor.account_id, tried, &out->row);

	out->found = !failed(e);
	return e.code == ERR_NOT_FOUND ? ok() : e;
}

static err is_open(struct str name, bool *out)
{
	enum status status;

	if (!status_of(name, &status))
		return fail(ERR_INTERNAL, "application of an unknown status");
	*out = status != STATUS_COMPLETED && status != STATUS_REFUSED && status != STATUS_WITHDRAWN;
	return ok();
}

static err is_without(struct cx *cx, const struct lookup *lookup, struct str reference, bool *out)
{
	struct application application;

	/* What nobody can read any more speaks against nothing: the office knows. */
	TRY(application_look(cx, reference, RIGHT_VIEW, &application));
	struct str rest = answers_get(&application.answers, lookup->joined_by), one;

	*out = true;
	while (str_next(&rest, ' ', &one))
		*out = *out && !str_eq(one, lookup->joined);
	return ok();
}

static err has_some(struct cx *cx, const struct lookup *lookup, bool *out)
{
	struct q_application_all_own_row *rows;
	size_t count;

	*out = false;
	TRY(q_application_all_own(cx_tx(cx), cx->actor.account_id, &rows, &count));
	for (size_t i = 0; i < count && !*out; i++)
		if (among(lookup, rows[i].procedure))
			TRY(is_open(rows[i].status, out));
	return ok();
}

static err holds(struct cx *cx, const struct lookup *lookup, struct str typed, bool *out)
{
	struct own own;

	if (lookup->op == LOOKUP_SOME)
		return has_some(cx, lookup, out);
	TRY(own_find(cx, typed, &own));
	*out = lookup->op != LOOKUP_OWN;
	if (!own.found)
		return ok();
	if (lookup->op == LOOKUP_OPEN)
		return is_open(own.row.status, out);
	if (lookup->op == LOOKUP_WITHOUT)
		return is_without(cx, lookup, own.row.reference, out);
	*out = among(lookup, own.row.procedure);
	return ok();
}

err lookup_check(struct cx *cx, const struct form_scope *scope, const struct section *section, struct issues *issues)
{
	const struct procedure *procedure = scope->procedure;
	VEC(struct issue) found = {0};
	struct rule_eval eval;

	if (procedure->lookup_count == 0)
		return ok();
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	rule_eval_init(&eval, scope);
	for (size_t i = 0; i < issues->n; i++)
		vec_push(cx->arena, &found, issues->v[i]);
	for (size_t i = 0; i < procedure->lookup_count; i++) {
		const struct lookup *lookup = &procedure->lookups[i];
		const struct field *field = lookup->check.a;
		struct str typed = answers_get(scope->answers, field->id);
		bool good;

		if ((section && field->section != section) || typed.n == 0 || !rule_field_shown(&eval, field) || !rule_holds(&eval, lookup->check.when))
			continue;
		TRY(holds(cx, lookup, typed, &good));
		if (good)
			continue;
		vec_push(cx->arena, &found, ((struct issue){.path = field->id, .field = field, .check = &lookup->check}));
		issues->refusals++;
	}
	issues->v = found.v;
	issues->n = found.n;
	return ok();
}
