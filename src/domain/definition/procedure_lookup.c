#include "domain/application/lookup.h"
#include "domain/definition/procedure_read.h"

/* `lookups`: what only the store can answer. */

static const char *const ops[LOOKUP_OP_COUNT] = {
	[LOOKUP_OWN] = "own_application",
	[LOOKUP_OPEN] = "application_open",
	[LOOKUP_WITHOUT] = "application_without",
	[LOOKUP_SOME] = "some_application_open",
};

static bool op_read(struct reader *reader, const struct node *node, enum lookup_op *out)
{
	struct str word;

	if (!node_word(reader, node, &word))
		return false;
	for (enum lookup_op op = 0; op < LOOKUP_OP_COUNT; op++) {
		if (!str_eq(word, str_of(ops[op])))
			continue;
		*out = op;
		return true;
	}
	fault_at(&reader->faults, node->place, "holds is own_application, application_open, application_without or some_application_open");
	return false;
}

static void procedures_read(struct reader *reader, const struct node *list, struct lookup *out)
{
	if (!node_is_list(reader, list, "procedures"))
		return;
	struct str *ids = arena_array(reader->arena, struct str, list->n);

	for (size_t i = 0; i < list->n; i++) {
		if (!node_id(reader, list->items[i], &ids[i]))
			continue;
		if (!map_get(&reader->procedures, ids[i]))
			fault_at(&reader->faults, list->items[i]->place, "there is no procedure '" STR_FMT "'", STR_ARG(ids[i]));
	}
	out->procedures = ids;
	out->procedure_count = list->n;
}

static void joined_read(struct reader *reader, const struct node *node, struct lookup *out)
{
	static const char *const keys[] = {"field", "has", NULL};
	const struct node *value;

	if (!node_is_map(reader, node, "joined"))
		return;
	(void)node_keys(reader, node, keys);
	if ((value = node_need(reader, node, "field")))
		(void)node_id(reader, value, &out->joined_by);
	if ((value = node_need(reader, node, "has")))
		(void)node_word(reader, value, &out->joined);
}

static void lookup_field_read(struct building *building, const struct node *node, struct lookup *out)
{
	struct reader *reader = building->reader;
	struct str name;

	if (!node_word(reader, node, &name))
		return;
	const struct field *field = map_get(&building->procedure->by_id, name);

	if (!field || field->group || field->type != FIELD_TEXT)
		fault_at(&reader->faults, node->place, "there is no field '" STR_FMT "' of type text outside groups", STR_ARG(name));
	else
		out->check.a = field;
}

static void lookup_read(struct building *building, const struct node *node, struct lookup *out)
{
	static const char *const keys[] = {"id", "field", "holds", "procedures", "joined", "when", "message", NULL};
	struct reader *reader = building->reader;
	const struct node *value;

	*out = (struct lookup){0};
	if (!node_is_map(reader, node, "a lookup"))
		return;
	(void)node_keys(reader, node, keys);
	if ((value = node_need(reader, node, "id")))
		(void)node_id(reader, value, &out->check.id);
	if ((value = node_need(reader, node, "message")))
		(void)node_text(reader, value, &out->check.message);
	if ((value = node_need(reader, node, "field")))
		lookup_field_read(building, value, out);
	if ((value = node_get(node, "when")))
		out->check.when = rule_read(building, value, NULL);
	if (!(value = node_need(reader, node, "holds")) || !op_read(reader, value, &out->op))
		return;
	bool of_procedures = out->op == LOOKUP_OWN || out->op == LOOKUP_SOME, of_joined = out->op == LOOKUP_WITHOUT;

	if (of_procedures != (node_get(node, "procedures") != NULL) || of_joined != (node_get(node, "joined") != NULL))
		fault_at(&reader->faults, node->place, "own_application and some_application_open have `procedures`, application_without has `joined`");
	else if (of_procedures)
		procedures_read(reader, node_get(node, "procedures"), out);
	else if (of_joined)
		joined_read(reader, node_get(node, "joined"), out);
}

void lookups_read(struct building *building, const struct node *list)
{
	struct reader *reader = building->reader;

	if (!node_is_list(reader, list, "lookups"))
		return;
	struct lookup *lookups = arena_array(reader->arena, struct lookup, list->n);

	for (size_t i = 0; i < list->n; i++)
		lookup_read(building, list->items[i], &lookups[i]);
	building->procedure->lookups = lookups;
	building->procedure->lookup_count = list->n;
}
