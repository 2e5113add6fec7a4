#include "domain/definition/procedure_use.h"

struct uses {
	VEC(struct use *) v;  /* in the order in which they were met */
	struct map by_node;   /* the bytes of a pointer to a node → struct use * */
	struct map rule_nodes; /* of a pointer to a rule → struct node * */
};

/* A pointer as a key. */
static struct str key_of(struct arena *arena, const void *pointer)
{
	return str_dup(arena, str_make((const char *)&pointer, sizeof pointer));
}

void uses_begin(struct reader *reader)
{
	reader->uses = arena_new(reader->scratch, struct uses);
	map_init(&reader->uses->by_node, reader->scratch);
	map_init(&reader->uses->rule_nodes, reader->scratch);
}

struct use *use_note(struct reader *reader, const struct node *node, struct place place, bool good, struct use *around, const char *words,
	struct str about)
{
	if (!reader->uses)
		return NULL;
	struct str key = key_of(reader->scratch, node);
	struct use *use = map_get(&reader->uses->by_node, key);
	if (!use) {
		use = arena_new(reader->scratch, struct use);
		*use = (struct use){.place = place, .words = words, .about = about, .around = around};
		map_put(&reader->uses->by_node, key, use);
		vec_push(reader->scratch, &reader->uses->v, use);
	}
	use->good |= good;
	return use;
}

/* Keys of maps are looked up among constants; what comes out is given back as one. */
static void *unconst(const struct node *node)
{
	union {
		const struct node *from;
		void *to;
	} pointer = {.from = node};
	return pointer.to;
}

void use_rule(struct reader *reader, const struct rule *rule, const struct node *node)
{
	if (reader->uses && rule && !rule_is_always(rule) && !rule_is_never(rule))
		map_put(&reader->uses->rule_nodes, key_of(reader->scratch, rule), unconst(node));
}

struct looking {
	struct building *building;
	struct reach *reach;
};

static const struct node *node_of_rule(struct reader *reader, const struct rule *rule)
{
	return map_get(&reader->uses->rule_nodes, key_of(reader->scratch, rule));
}

static const char never_holds[] = "this condition can never hold";

/* Those inside first: so they are told, and not what they stand in. Under a `not` what must be possible is that it fails. */
static void look_at_rule(struct looking *looking, const struct rule *rule, bool wanted, struct use *around, const struct field *const *with, size_t with_count)
{
	struct reader *reader = looking->building->reader;
	if (!rule || rule_is_always(rule) || rule_is_never(rule))
		return;
	const struct node *node = node_of_rule(reader, rule);
	struct use *use = around;
	if (node) {
		bool possible = reach_rule(looking->reach, rule, wanted, with, with_count);
		use = use_note(reader, node, node->place, possible, around, never_holds, (struct str){0});
	}
	if (rule->op == RULE_NOT)
		wanted = !wanted;
	for (size_t i = 0; i < rule->sub_count; i++)
		look_at_rule(looking, rule->sub[i], wanted, use, with, with_count);
}

static void look_at_section(struct looking *looking, const struct pending_section *pending)
{
	struct reader *reader = looking->building->reader;
	const struct node *when = node_get(pending->node, "when");
	struct place place = when ? when->place : pending->node->place;
	struct use *use = use_note(reader, pending->node, place, reach_section(looking->reach, pending->section), NULL,
		"nobody is ever asked this section, its conditions contradict each other", pending->section->id);
	look_at_rule(looking, pending->section->when, true, use, NULL, 0);
}

static void look_at_field(struct looking *looking, const struct pending *pending)
{
	struct reader *reader = looking->building->reader;
	const struct field *field = pending->field;
	const struct node *when = node_get(pending->node, "when");
	/* Without a condition of its own it is there as often as what it stands in. */
	if (!when)
		return;
	const struct pending_section *section = &looking->building->sections.v[field->section->index];
	struct use *around = use_note(reader, section->node, section->node->place, false, NULL, NULL, (struct str){0});
	bool possible = reach_field(looking->reach, field);
	/* What is told of the section is not told of each of its fields. */
	if (!around->good)
		return;
	struct use *use = use_note(reader, pending->node, when->place, possible, NULL,
		"nobody is ever asked this, its conditions contradict each other or those around it", field->id);
	look_at_rule(looking, field->when, true, use, NULL, 0);
}

static void look_at_check(struct looking *looking, const struct check *check, const struct node *node)
{
	struct reader *reader = looking->building->reader;
	const struct node *when = node_get(node, "when");
	const struct field *with[] = {check->a, check->b};
	if (!when)
		return;
	bool possible = reach_rule(looking->reach, check->when, true, with, check->op == CHECK_RULE ? 0 : 1u + (check->b != NULL));
	struct use *use = use_note(reader, node, when->place, possible, NULL, "this check is never made, its conditions contradict each other",
		check->id);
	look_at_rule(looking, check->when, true, use, NULL, 0);
}

void use_procedure(struct building *building)
{
	struct looking looking = {building, NULL};
	struct procedure *procedure = building->procedure;
	if (!building->reader->uses)
		return;
	looking.reach = reach_new(building->reader->scratch, procedure);
	for (size_t i = 0; i < building->sections.n; i++)
		look_at_section(&looking, &building->sections.v[i]);
	for (size_t i = 0; i < building->fields.n; i++)
		look_at_field(&looking, &building->fields.v[i]);
	for (size_t i = 0, c = 0; i < building->checks.n && c < procedure->check_count; i++) {
		const struct node *id = node_get(building->checks.v[i], "id");
		if (id && str_eq(str_trim(id->text), procedure->checks[c].id))
			look_at_check(&looking, &procedure->checks[c++], building->checks.v[i]);
	}
}

void use_finish(struct reader *reader)
{
	if (!reader->uses)
		return;
	/* Inner parts come behind those around them. */
	for (size_t i = reader->uses->v.n; i > 0; i--) {
		struct use *use = reader->uses->v.v[i - 1];
		if (!use->good && use->around)
			use->around->told = true;
	}
	for (size_t i = 0; i < reader->uses->v.n; i++) {
		const struct use *use = reader->uses->v.v[i];
		if (use->good || use->told || !use->words)
			continue;
		if (str_empty(use->about))
			fault_at(&reader->faults, use->place, "%s", use->words);
		else
			fault_at(&reader->faults, use->place, "'" STR_FMT "': %s", STR_ARG(use->about), use->words);
	}
}
