#include "domain/definition/stay.h"

#include "domain/definition/procedure_read.h"

/* `special_period` of a procedure: which answers tell it. */

static void role_read(struct building *building, const struct node *map, const char *key, bool date, struct str *out)
{
	struct reader *reader = building->reader;
	const struct node *value = node_need(reader, map, key);
	struct str id;

	if (!value || !node_id(reader, value, &id))
		return;
	const struct field *field = building_field(building, id, NULL);

	if (!field)
		fault_at(&reader->faults, value->place, "there is no field '" STR_FMT "'", STR_ARG(id));
	else if (date ? field->type != FIELD_DATE : !field_has_choices(field) || field->type == FIELD_MULTI)
		fault_at(&reader->faults, value->place, "'" STR_FMT "' must be %s", STR_ARG(id), date ? "a date" : "a choice of one");
	else
		*out = id;
}

void stay_read(struct building *building, const struct node *procedure)
{
	static const char *const keys[] = {"expiry", "period", "card", NULL};
	const struct node *map = node_get(procedure, "special_period");
	struct stay_rule *rule = &building->procedure->stay;

	if (!map || !node_is_map(building->reader, map, "special_period"))
		return;
	(void)node_keys(building->reader, map, keys);
	role_read(building, map, "expiry", true, &rule->expiry);
	role_read(building, map, "period", false, &rule->period);
	role_read(building, map, "card", false, &rule->card);
}
