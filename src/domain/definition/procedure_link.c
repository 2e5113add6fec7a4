#include "domain/definition/expr.h"
#include "domain/definition/procedure_use.h"

/* The second pass over fields: names of lists and of other fields become pointers. */

const struct field *building_field(const struct building *building, struct str name, const struct field *group)
{
	const struct map *by_id = &building->procedure->by_id;
	const struct field *field = NULL;
	if (str_starts(name, STR("$")))
		return map_get(by_id, building_alias(building, name));
	if (group)
		field = map_get(by_id, str_fmt(building->reader->scratch, STR_FMT "." STR_FMT, STR_ARG(group->id), STR_ARG(name)));
	if (!field)
		field = map_get(by_id, name);
	/* Outside its group there is no telling which row would be meant. */
	return field && field->group && field->group != group ? NULL : field;
}

/* The field that the key names, of one of the types; NULL: no such key, or reported. */
static const struct field *named_field(struct building *building, const struct pending *pending, const char *key, unsigned types)
{
	struct reader *reader = building->reader;
	const struct node *value = node_get(pending->node, key);
	struct str name;
	if (!value || !node_word(reader, value, &name) || !building_alias_known(building, value, name))
		return NULL;
	const struct field *field = building_field(building, name, pending->group);
	if (!field)
		fault_at(&reader->faults, value->place, "there is no field '" STR_FMT "'", STR_ARG(name));
	else if (field == pending->field)
		fault_at(&reader->faults, value->place, "the field names itself");
	else if (field->type != FIELD_TYPE_COUNT && !(types & 1u << field->type))
		fault_at(&reader->faults, value->place, "'" STR_FMT "' is of type %s, which cannot stand here", STR_ARG(name),
			field_type_name(field->type));
	else
		return field;
	return NULL;
}

static const struct choice_list *list_named(struct building *building, struct str id)
{
	const struct choice_list *list = map_get(&building->lists, id);
	if (list) {
		const struct node *node = map_get(&building->list_nodes, id);
		(void)use_note(building->reader, node, node->place, true, NULL, NULL, id);
		return list;
	}
	list = map_get(&building->reader->lists, id);
	if (list)
		building_source(building, map_get(&building->reader->list_sources, id));
	return list;
}

static void link_choices(struct building *building, struct pending *pending)
{
	struct field *field = pending->field;
	const struct node *value = node_get(pending->node, "choices");
	struct str id = STR("nationality_with_japan"); /* what `country` means when nothing else is said */
	struct place place = pending->place;
	if (!value && field->type != FIELD_COUNTRY)
		return;
	if (value && !node_id(building->reader, value, &id))
		return;
	if (value)
		place = value->place;
	field->choices = list_named(building, id);
	if (!field->choices)
		fault_at(&building->reader->faults, place, "there is no list of choices '" STR_FMT "'", STR_ARG(id));
}

/* A choice whose parent the other field can never have is no fault (lists are shared), but one at least must fit. */
static void link_depends(struct building *building, struct pending *pending)
{
	const unsigned types = 1u << FIELD_SELECT | 1u << FIELD_RADIO | 1u << FIELD_COUNTRY;
	struct field *field = pending->field;
	const struct field *parent = named_field(building, pending, "depends_on", types);
	const struct choice_list *list = field->choices;
	if (!parent || !list || list->n == 0)
		return;
	field->depends_on = parent;
	struct place place = node_get(pending->node, "depends_on")->place;
	if (!list->has_parents) {
		fault_at(&building->reader->faults, place, "the choices of '" STR_FMT "' have no parents", STR_ARG(list->id));
		return;
	}
	if (!parent->choices || parent->choices->n == 0)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (!str_absent(list->v[i].parent) && choice_find(parent->choices, list->v[i].parent, (struct str){0}, 0))
			return;
	fault_at(&building->reader->faults, place, "no choice of '" STR_FMT "' belongs to a value of '" STR_FMT "'", STR_ARG(list->id),
		STR_ARG(parent->id));
}

/* `proposes: {from: address, by: area}` */
static void link_proposes(struct building *building, const struct pending *pending)
{
	static const char *const keys[] = {"from", "by", NULL};
	struct reader *reader = building->reader;
	const struct node *map = node_get(pending->node, "proposes");
	struct field *field = pending->field;
	struct str way;
	if (!map || !node_is_map(reader, map, "proposes"))
		return;
	(void)node_keys(reader, map, keys);
	const struct node *from = node_need(reader, map, "from"), *by = node_need(reader, map, "by");
	if (!from || !by || !node_word(reader, by, &way))
		return;
	bool area = str_eq(way, STR("area"));
	if (!area && !str_eq(way, STR("parent"))) {
		fault_at(&reader->faults, by->place, "a choice is proposed by area or by parent, not '" STR_FMT "'", STR_ARG(way));
		return;
	}
	struct pending inner = {.field = field, .group = pending->group, .node = map, .place = pending->place};
	const struct field *source = named_field(building, &inner, "from", area ? 1u << FIELD_ADDRESS | 1u << FIELD_TEXT
		: 1u << FIELD_SELECT | 1u << FIELD_RADIO | 1u << FIELD_COUNTRY);
	if (!source || field->type == FIELD_MULTI) {
		if (source)
			fault_at(&reader->faults, map->place, "one choice can be proposed, not several");
		return;
	}
	if (!area && source != field->depends_on) {
		fault_at(&reader->faults, from->place, "by parent the choice is proposed from the field that `depends_on` names");
		return;
	}
	field->proposes_from = source;
	field->propose_by = area ? PROPOSE_AREA : PROPOSE_PARENT;
}

/* NULL: always, or reported. */
static const struct rule *when_read(struct building *building, const struct node *node, const struct field *group)
{
	const struct node *when = node_get(node, "when");
	const struct rule *rule = when ? rule_read(building, when, group) : NULL;
	return rule_is_always(rule) ? NULL : rule;
}

void section_link(struct building *building, struct pending_section *pending)
{
	const struct node *outer = pending->include_when;
	const struct rule *around = outer ? rule_read(building, outer, NULL) : NULL;
	const struct rule *own = when_read(building, pending->node, NULL);
	const struct rule *both = rule_both(building->reader->arena, around, own);
	pending->section->when = rule_is_always(both) ? NULL : both;
}

void field_link(struct building *building, struct pending *pending)
{
	struct field *field = pending->field;
	if (field->type == FIELD_TYPE_COUNT)
		return;
	if (field_has_choices(field))
		link_depends(building, pending);
	if (field->type == FIELD_EMAIL)
		field->same_as = named_field(building, pending, "same_as", 1u << FIELD_EMAIL);
	if (field->type == FIELD_POSTAL)
		field->fills = named_field(building, pending, "fills", 1u << FIELD_ADDRESS);
	if (field_has_choices(field))
		link_proposes(building, pending);
	if (field->type == FIELD_CALC && node_get(pending->node, "value"))
		field->calc = expr_read(building, node_get(pending->node, "value"), pending->group);
	field->when = when_read(building, pending->node, pending->group);
}

void lists_link(struct building *building)
{
	for (size_t i = 0; i < building->fields.n; i++)
		if (building->fields.v[i].field->type != FIELD_TYPE_COUNT && field_has_choices(building->fields.v[i].field))
			link_choices(building, &building->fields.v[i]);
}

static bool same_mark(const struct pending *a, const struct pending *b)
{
	return a->group == b->group && str_eq(a->field->one_of, b->field->one_of);
}

static void one_of_gather(struct building *building, struct pending *first)
{
	struct reader *reader = building->reader;
	VEC(const struct field *) with = {0};
	struct pending *end = building->fields.v + building->fields.n;
	struct place mark = node_get(first->node, "one_of")->place;
	for (struct pending *one = first; one < end; one++) {
		if (!same_mark(first, one))
			continue;
		if (one->field->section != first->field->section)
			fault_at(&reader->faults, node_get(one->node, "one_of")->place,
				"mark '" STR_FMT "' is used in another section already", STR_ARG(one->field->one_of));
		vec_push(reader->arena, &with, one->field);
	}
	if (with.n < 2)
		fault_at(&reader->faults, mark, "mark '" STR_FMT "' stands at this field alone", STR_ARG(first->field->one_of));
	for (struct pending *one = first; one < end; one++) {
		if (same_mark(first, one)) {
			one->field->one_of_with = with.v;
			one->field->one_of_count = with.n;
		}
	}
}

void one_of_link(struct building *building)
{
	for (size_t i = 0; i < building->fields.n; i++) {
		struct pending *pending = &building->fields.v[i];
		if (!str_absent(pending->field->one_of) && !pending->field->one_of_with)
			one_of_gather(building, pending);
	}
}

/* Fields are constant to all but their reader. */
static void mark_control(struct building *building, const struct field *field)
{
	if (field)
		building->fields.v[field->index].field->controls = true;
}

static void mark_rule(struct building *building, const struct rule *rule)
{
	if (!rule)
		return;
	if (rule->field)
		mark_control(building, rule->field);
	for (size_t i = 0; i < rule->sub_count; i++)
		mark_rule(building, rule->sub[i]);
}

static bool mark_of_calc(void *arg, const struct field *field)
{
	mark_control(arg, field);
	return true;
}

void controls_link(struct building *building)
{
	for (size_t i = 0; i < building->fields.n; i++) {
		const struct field *field = building->fields.v[i].field;
		mark_rule(building, field->when);
		mark_rule(building, field->section->when);
		mark_control(building, field->depends_on);
		(void)expr_walk(field->calc, mark_of_calc, building);
	}
}
