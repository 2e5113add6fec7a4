#include "domain/rule_fold.h"

/* Of which fields a change matters beyond the page. */

struct reaching {
	const struct folding *folding;
	uint8_t *reach;
	bool changed;
};

static void mark(struct reaching *reaching, const struct field *field)
{
	if (!field || field->section != reaching->folding->section || reaching->reach[field->index])
		return;
	reaching->reach[field->index] = 1;
	reaching->changed = true;
	/* Rows are counted and summed: all of them. */
	for (size_t i = 0; i < field->field_count; i++)
		mark(reaching, field->fields[i]);
}

static bool mark_field(void *arg, const struct field *field)
{
	mark(arg, field);
	return true;
}

static bool mark_comparison(void *arg, const struct rule *comparison)
{
	mark(arg, comparison->field);
	return true;
}

static void mark_rule(struct reaching *reaching, const struct rule *rule)
{
	if (rule)
		(void)rule_walk(rule, mark_comparison, reaching);
}

/* All that the state of this field hangs on. */
static void mark_behind(struct reaching *reaching, const struct field *field)
{
	mark_rule(reaching, field->when);
	if (field->group)
		mark_rule(reaching, field->group->when);
	(void)expr_walk(field->calc, mark_field, reaching);
}

bool folding_has_list(const struct folding *folding, const struct field *field)
{
	size_t offered = 0;
	const struct field *parent = field->depends_on;
	if (field->type != FIELD_SELECT || !parent || parent->section != folding->section || field->section != folding->section)
		return false;
	for (size_t i = 0; i < field->choices->n; i++)
		offered += choice_offered(&field->choices->v[i], (struct str){0}, folding->eval.scope->today);
	return offered <= LIMIT_RULE_CHOICES;
}

static bool is_copied(const struct field *field)
{
	return field->type == FIELD_CALC && field->copies;
}

void folding_reach(struct folding *folding, uint8_t reach[LIMIT_FIELDS])
{
	const struct procedure *procedure = folding->eval.scope->procedure;
	struct reaching reaching = {folding, reach, false};
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		if (field->section != folding->section) {
			mark_behind(&reaching, field);
			mark_rule(&reaching, field->section->when);
		}
		if (field->depends_on && !folding_has_list(folding, field))
			mark(&reaching, field->depends_on);
		/* How another answer is read (a label, a date) the server shows. */
		if (is_copied(field))
			mark(&reaching, field->calc->field);
		mark(&reaching, field->proposes_from);
	}
	/* What decides about a field that reaches out reaches out too. */
	do {
		reaching.changed = false;
		for (size_t i = 0; i < procedure->field_count; i++)
			if (reach[i])
				mark_behind(&reaching, procedure->fields[i]);
	} while (reaching.changed);
}
