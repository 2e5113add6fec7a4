#include "domain/definition/expr.h"
#include "domain/definition/procedure_read.h"

/*
 * What only shows when everything is linked: conditions in a circle, choices in a circle, item numbers used twice.
 * The graph has a node for each field and each section; an edge leads to what must be known first.
 */

enum colour { WHITE, GREY, BLACK };

struct graph {
	struct building *building;
	uint8_t fields[LIMIT_FIELDS];
	uint8_t sections[LIMIT_SECTIONS];
	struct buf path; /* names of the grey nodes */
};

static void visit_field(struct graph *graph, const struct field *field);

static bool visit_comparison(void *arg, const struct rule *comparison)
{
	visit_field(arg, comparison->field);
	return true;
}

/* What is counted or summed up over rows hangs on the rows' answers too. */
static bool visit_part(void *arg, const struct field *field)
{
	visit_field(arg, field);
	for (size_t i = 0; field->type == FIELD_GROUP && i < field->field_count; i++)
		if (field_is_answered(field->fields[i]))
			visit_field(arg, field->fields[i]);
	return true;
}

static struct place when_place(const struct node *node, struct place otherwise)
{
	const struct node *when = node_get(node, "when");
	return when ? when->place : otherwise;
}

/* Marks the node and adds its name to the path; false: there is nothing to visit behind it. */
static bool enter(struct graph *graph, uint8_t *colour, struct str name, struct place place)
{
	if (*colour == GREY)
		fault_at(&graph->building->reader->faults, place, "conditions in a circle:" STR_FMT " " STR_FMT,
			STR_ARG(buf_view(&graph->path)), STR_ARG(name));
	if (*colour != WHITE)
		return false;
	*colour = GREY;
	buf_fmt(&graph->path, " " STR_FMT " ->", STR_ARG(name));
	return true;
}

static void visit_section(struct graph *graph, const struct section *section)
{
	const struct pending_section *pending = &graph->building->sections.v[section->index];
	uint8_t *colour = &graph->sections[section->index];
	size_t path = graph->path.n;
	if (!enter(graph, colour, section->id, when_place(pending->node, pending->node->place)))
		return;
	if (section->when)
		rule_walk(section->when, visit_comparison, graph);
	*colour = BLACK;
	graph->path.n = path;
}

static void visit_field(struct graph *graph, const struct field *field)
{
	const struct pending *pending = &graph->building->fields.v[field->index];
	uint8_t *colour = &graph->fields[field->index];
	size_t path = graph->path.n;
	if (!enter(graph, colour, field->id, when_place(pending->node, pending->place)))
		return;
	visit_section(graph, field->section);
	if (field->group)
		visit_field(graph, field->group);
	if (field->when)
		rule_walk(field->when, visit_comparison, graph);
	(void)expr_walk(field->calc, visit_part, graph);
	if (field->type == FIELD_CALC)
		vec_push(graph->building->reader->arena, &graph->building->calcs, field);
	*colour = BLACK;
	graph->path.n = path;
}

static void verify_circles(struct building *building)
{
	struct arena *scratch = building->reader->scratch;
	struct graph *graph = arena_new(scratch, struct graph);
	graph->building = building;
	buf_init(&graph->path, scratch, 4096);
	for (size_t i = 0; i < building->sections.n; i++)
		visit_section(graph, building->sections.v[i].section);
	for (size_t i = 0; i < building->fields.n; i++)
		visit_field(graph, building->fields.v[i].field);
}

/* Choices that hang on each other, told once, at the first field of the circle. */
static bool depends_on_itself(const struct field *field, size_t steps)
{
	const struct field *other = field->depends_on;
	for (; other && other != field && steps; steps--) {
		if (other->index < field->index)
			return false;
		other = other->depends_on;
	}
	return other == field;
}

static void verify_depends(struct building *building)
{
	for (size_t i = 0; i < building->fields.n; i++) {
		const struct pending *pending = &building->fields.v[i];
		if (depends_on_itself(pending->field, building->fields.n))
			fault_at(&building->reader->faults, node_get(pending->node, "depends_on")->place, "choices that depend on themselves");
	}
}

/*
 * An item number names one question. Neighbours may share it (a postal code and its address); the same number
 * further down is a slip. Row fields are counted within their group.
 */
static void verify_numbers(struct building *building, const struct field *const *fields, size_t count)
{
	struct map seen;
	struct str last = {0};
	map_init(&seen, building->reader->scratch);
	for (size_t i = 0; i < count; i++) {
		const struct field *field = fields[i];
		if (field->type == FIELD_GROUP)
			verify_numbers(building, field->fields, field->field_count);
		if (str_absent(field->no))
			continue;
		const struct pending *pending = &building->fields.v[field->index];
		const struct node *no = node_get(pending->node, "no");
		if (map_get(&seen, field->no) && !str_eq(field->no, last))
			fault_at(&building->reader->faults, no ? no->place : pending->place, "item number '" STR_FMT "' is used further up",
				STR_ARG(field->no));
		map_put(&seen, field->no, building);
		last = field->no;
	}
}

void procedure_verify(struct building *building)
{
	verify_circles(building);
	verify_depends(building);
	for (size_t i = 0; i < building->sections.n; i++) {
		const struct section *section = building->sections.v[i].section;
		verify_numbers(building, section->fields, section->field_count);
	}
}
