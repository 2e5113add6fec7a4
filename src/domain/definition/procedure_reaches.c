#include "domain/definition/expr.h"
#include "domain/definition/procedure_read.h"

/* Of which fields a change matters beyond their page (field->reaches). */

struct reaching {
	struct building *building;
	const struct section *page; /* whose fields are being marked; NULL: each but those of `from` */
	const struct section *from;
	bool changed;
};

static void mark(struct reaching *reaching, const struct field *field)
{
	if (!field || (reaching->page ? field->section != reaching->page : field->section == reaching->from) || field->reaches)
		return;
	reaching->building->fields.v[field->index].field->reaches = true;
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

/* Whether its list comes with the page whatever the day: choices come and go with dates, and to ask the server once more is no harm. */
static bool always_has_list(const struct field *field)
{
	return field->type == FIELD_SELECT && field->depends_on->section == field->section && field->choices->n <= LIMIT_RULE_CHOICES;
}

/* To questions, computed values and lists of other pages, and to what only the server can tell. */
static void mark_from(struct building *building, const struct field *field)
{
	struct reaching others = {.building = building, .from = field->section}, all = {.building = building};
	mark_behind(&others, field);
	mark_rule(&others, field->section->when);
	if (field->depends_on && !always_has_list(field))
		mark(&all, field->depends_on);
	/* How another answer is read (a label, a date) the server shows. */
	if (field->type == FIELD_CALC && field->copies)
		mark(&all, field->calc->field);
	mark(&all, field->proposes_from);
}

void reaches_link(struct building *building)
{
	bool changed;
	for (size_t i = 0; i < building->fields.n; i++)
		mark_from(building, building->fields.v[i].field);
	/* What decides on the same page about a field that reaches out reaches out too. */
	do {
		changed = false;
		for (size_t i = 0; i < building->fields.n; i++) {
			const struct field *field = building->fields.v[i].field;
			struct reaching same = {.building = building, .page = field->section};
			if (field->reaches)
				mark_behind(&same, field);
			changed |= same.changed;
		}
	} while (changed);
}
