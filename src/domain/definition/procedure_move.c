#include "domain/definition/procedure_read.h"

/* What has become of questions of earlier versions: the key `moved`. */

static bool is_path(struct str text)
{
	ptrdiff_t dot = str_find_byte(text, '.');
	return dot < 0 ? id_valid(text) : id_valid(str_sub(text, 0, (size_t)dot)) && id_valid(str_skip(text, (size_t)dot + 1));
}

static const struct field *moved_field(struct building *building, const struct node *node)
{
	struct str id;
	if (!node_word(building->reader, node, &id))
		return NULL;
	const struct field *field = map_get(&building->procedure->by_id, id);
	if (!field)
		fault_at(&building->reader->faults, node->place, "there is no field '" STR_FMT "'", STR_ARG(id));
	return field && field->type != FIELD_TYPE_COUNT ? field : NULL;
}

/* {from: old, to: field} */
static bool read_field_move(struct building *building, const struct node *node, struct field_move *out)
{
	static const char *const keys[] = {"from", "to", NULL};
	struct reader *reader = building->reader;
	const struct node *from = node_need(reader, node, "from");
	const struct node *to = node_need(reader, node, "to");
	if (!node_keys(reader, node, keys) || !from || !to || !node_word(reader, from, &out->from) || !(out->to = moved_field(building, to)))
		return false;
	if (!is_path(out->from))
		fault_at(&reader->faults, from->place, "the earlier question is an id, or group.field");
	else if (map_get(&building->procedure->by_id, out->from))
		fault_at(&reader->faults, from->place, "the field '" STR_FMT "' is still there", STR_ARG(out->from));
	else if ((str_find_byte(out->from, '.') >= 0) != (out->to->group != NULL))
		fault_at(&reader->faults, node->place, "a field of a group moves to a field of a group");
	else
		return true;
	return false;
}

struct value_moves {
	VEC(struct value_move) all;
};

/* {field: id, values: {old: new}} */
static void read_value_moves(struct building *building, const struct node *node, struct value_moves *out)
{
	static const char *const keys[] = {"field", "values", NULL};
	struct reader *reader = building->reader;
	const struct node *named = node_get(node, "field");
	const struct node *values = node_need(reader, node, "values");
	const struct field *field = moved_field(building, named);
	if (!node_keys(reader, node, keys) || !values || !field || !node_is_map(reader, values, "values"))
		return;
	if (!field_has_choices(field) || !field->choices) {
		fault_at(&reader->faults, named->place, "'" STR_FMT "' has no choices whose values could have moved", STR_ARG(field->id));
		return;
	}
	for (size_t i = 0; i < values->n; i++) {
		struct value_move move = {.field = field, .from = str_dup(reader->arena, node_key_at(values, i)->text)};
		if (!node_word(reader, values->items[i], &move.to))
			continue;
		if (!choice_find(field->choices, move.to, (struct str){0}, 0))
			fault_at(&reader->faults, values->items[i]->place, "'" STR_FMT "' never has the value '" STR_FMT "'", STR_ARG(field->id),
				STR_ARG(move.to));
		else if (choice_find(field->choices, move.from, (struct str){0}, 0))
			fault_at(&reader->faults, node_key_at(values, i)->place, "the value '" STR_FMT "' is still there", STR_ARG(move.from));
		else
			vec_push(reader->arena, &out->all, move);
	}
}

void moves_read(struct building *building, const struct node *list)
{
	struct reader *reader = building->reader;
	VEC(struct field_move) fields = {0};
	struct value_moves values = {0};
	if (!node_is_list(reader, list, "moved"))
		return;
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->items[i];
		struct field_move move;
		if (!node_is_map(reader, item, "what has moved"))
			continue;
		if (node_get(item, "field"))
			read_value_moves(building, item, &values);
		else if (read_field_move(building, item, &move))
			vec_push(reader->arena, &fields, move);
	}
	building->procedure->moves = fields.v;
	building->procedure->move_count = fields.n;
	building->procedure->value_moves = values.all.v;
	building->procedure->value_move_count = values.all.n;
}
