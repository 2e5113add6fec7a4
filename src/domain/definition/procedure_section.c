#include "domain/definition/procedure_use.h"

/* Sections, what they include, and the lists of choices that belong to one procedure. */

void building_source(struct building *building, const struct source *source)
{
	for (size_t i = 0; i < building->sources.n; i++)
		if (building->sources.v[i] == source)
			return;
	vec_push(building->reader->scratch, &building->sources, source);
}

void lists_read(struct building *building, const struct node *node)
{
	struct reader *reader = building->reader;
	if (!node_is_map(reader, node, "choices"))
		return;
	for (size_t i = 0; i < node->n; i++) {
		struct str id;
		if (!node_id(reader, node_key_at(node, i), &id))
			continue;
		if (map_get(&building->lists, id) || map_get(&reader->lists, id)) {
			fault_at(&reader->faults, node_key_at(node, i)->place, "a list '" STR_FMT "' is there already", STR_ARG(id));
			continue;
		}
		struct choice_list *list = codes_read_node(reader, node->items[i], id);
		if (!list)
			list = arena_new(reader->arena, struct choice_list); /* known, but empty: see codes.c */
		list->id = id;
		map_put(&building->lists, id, list);
		map_put(&building->list_nodes, id, node_key_at(node, i));
		(void)use_note(reader, node_key_at(node, i), node_key_at(node, i)->place, false, NULL, "no field uses this list", id);
	}
}

/* "shared/" and a name of letters; nothing that leads out of the folder. */
bool include_path_valid(struct str path)
{
	struct str name = str_skip(path, sizeof "shared/" - 1);
	return str_starts(path, STR("shared/")) && str_ends(name, STR(".yaml")) && id_valid(str_sub(name, 0, name.n - 5));
}

static void leave_out_begin(struct building *building, struct include *include, const struct node *names)
{
	struct reader *reader = building->reader;
	map_init(&include->left_out, reader->scratch);
	if (!names || !node_is_list(reader, names, "leave_out"))
		return;
	for (size_t i = 0; i < names->n; i++) {
		struct str id;
		if (node_word(reader, names->items[i], &id))
			map_put(&include->left_out, id, names->items[i]);
	}
}

bool include_leaves_out(struct building *building, struct str id)
{
	for (struct include *include = building->include; include; include = include->around) {
		if (!map_get(&include->left_out, id))
			continue;
		map_put(&include->left_out, id, include);
		return true;
	}
	return false;
}

/* What was met has the include as its value; the rest named nothing. */
static void leave_out_end(struct building *building, const struct include *include)
{
	for (size_t i = 0; i < include->left_out.n; i++) {
		const struct map_entry *entry = &include->left_out.entries[i];
		if (entry->value != include)
			fault_at(&building->reader->faults, ((const struct node *)entry->value)->place,
				"the included file has no '" STR_FMT "'", STR_ARG(entry->key));
	}
}

static void numbers_end(struct building *building, const struct include *include)
{
	const struct node *numbers = include->numbers;
	for (size_t i = 0; numbers && i < numbers->n; i++) {
		const struct field *field = map_get(&building->procedure->by_id, node_key_at(numbers, i)->text);
		if (!field || field->index < include->first)
			fault_at(&building->reader->faults, node_key_at(numbers, i)->place, "the included file has no '" STR_FMT "'",
				STR_ARG(node_key_at(numbers, i)->text));
	}
}

static void checks_gather(struct building *building, const struct node *checks)
{
	struct reader *reader = building->reader;
	if (!checks || !node_is_list(reader, checks, "checks"))
		return;
	for (size_t i = 0; i < checks->n; i++) {
		const struct node *id = node_get(checks->items[i], "id");
		if (!id || id->kind != NODE_SCALAR || !include_leaves_out(building, id->text))
			vec_push(reader->scratch, &building->checks, checks->items[i]);
	}
}

/* The tree of the file that an item includes, one of two kinds; NULL: reported. */
static const struct node *file_read(struct building *building, const struct node *item)
{
	struct reader *reader = building->reader;
	const struct node *named = node_get(item, "include");
	struct str path;
	if (!node_word(reader, named, &path))
		return NULL;
	if (!include_path_valid(path)) {
		fault_at(&reader->faults, named->place, "an included file is shared/NAME.yaml");
		return NULL;
	}
	struct source *source = reader_source(reader, path, &named->place);
	const struct node *tree = source->missing ? NULL : reader_tree(reader, source);
	if (tree)
		building_source(building, source);
	return tree;
}

/* From here to include_end fields and checks are those of the file. */
static void include_begin(struct building *building, struct include *include, const struct node *item, const struct node *tree)
{
	*include = (struct include){.around = building->include, .numbers = node_get(item, "numbers"), .first = building->fields.n};
	if (include->numbers && !node_is_map(building->reader, include->numbers, "numbers"))
		include->numbers = NULL;
	leave_out_begin(building, include, node_get(item, "leave_out"));
	building->include = include;
	if (node_get(tree, "choices"))
		lists_read(building, node_get(tree, "choices"));
}

static void include_end(struct building *building, struct include *include, const struct node *tree)
{
	checks_gather(building, node_get(tree, "checks"));
	if (node_get(tree, "documents"))
		documents_gather(building, node_get(tree, "documents"), include->when);
	leave_out_end(building, include);
	numbers_end(building, include);
	building->include = include->around;
}

struct fields {
	VEC(const struct field *) v;
};

static void fields_read(struct building *building, const struct node *list, bool included, struct fields *out);

static void include_read(struct building *building, const struct node *item, struct fields *out)
{
	static const char *const item_keys[] = {"include", "only", "leave_out", "numbers", NULL};
	static const char *const file_keys[] = {"fields", "checks", "choices", "documents", NULL};
	struct reader *reader = building->reader;
	struct include include;
	(void)node_keys(reader, item, item_keys);
	const struct node *tree = building_has(building, item) ? file_read(building, item) : NULL;
	if (!tree)
		return;
	(void)node_keys(reader, tree, file_keys);
	include_begin(building, &include, item, tree);
	if (include.around)
		include.when = include.around->when;
	const struct node *fields = node_need(reader, tree, "fields");
	if (fields && node_is_list(reader, fields, "fields"))
		fields_read(building, fields, true, out);
	include_end(building, &include, tree);
}

static void fields_read(struct building *building, const struct node *list, bool included, struct fields *out)
{
	struct reader *reader = building->reader;
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->items[i];
		if (node_get(item, "include")) {
			if (included)
				fault_at(&reader->faults, item->place, "an included file does not include others");
			else
				include_read(building, item, out);
			continue;
		}
		const struct field *field = field_read(building, item, NULL);
		if (field)
			vec_push(reader->scratch, &out->v, field);
	}
}

/* Pages of a status or a paper, written once for all procedures that have them. */
static void sections_include(struct building *building, const struct node *item)
{
	static const char *const item_keys[] = {"include", "only", "when", "leave_out", "numbers", NULL};
	static const char *const file_keys[] = {"sections", "checks", "choices", "documents", NULL};
	struct reader *reader = building->reader;
	struct include include;
	(void)node_keys(reader, item, item_keys);
	if (building->include) {
		fault_at(&reader->faults, item->place, "an included file of sections does not include others");
		return;
	}
	const struct node *tree = building_has(building, item) ? file_read(building, item) : NULL;
	if (!tree)
		return;
	(void)node_keys(reader, tree, file_keys);
	include_begin(building, &include, item, tree);
	include.when = node_get(item, "when");
	const struct node *sections = node_need(reader, tree, "sections");
	if (sections && node_is_list(reader, sections, "sections"))
		for (size_t i = 0; i < sections->n; i++)
			section_read(building, sections->items[i]);
	include_end(building, &include, tree);
}

static void section_words(struct building *building, const struct node *node, struct section *section)
{
	struct reader *reader = building->reader;
	const struct node *value;
	int64_t minutes = 0;
	if ((value = node_need(reader, node, "id")) && node_id(reader, value, &section->id))
		for (size_t i = 0; i < building->sections.n; i++)
			if (str_eq(building->sections.v[i].section->id, section->id))
				fault_at(&reader->faults, value->place, "a section '" STR_FMT "' is there already", STR_ARG(section->id));
	if ((value = node_need(reader, node, "title")))
		(void)node_text(reader, value, &section->title);
	if ((value = node_get(node, "intro")))
		(void)node_text(reader, value, &section->intro);
	if ((value = node_need(reader, node, "minutes")) && node_number(reader, value, 1, 240, &minutes))
		section->minutes = (unsigned)minutes;
}

static void section_fields(struct building *building, const struct node *list, struct section *section)
{
	struct arena *arena = building->reader->arena;
	struct fields fields = {0};
	fields_read(building, list, false, &fields);
	const struct field **kept = arena_array(arena, const struct field *, fields.v.n);
	for (size_t i = 0; i < fields.v.n; i++)
		kept[i] = fields.v.v[i];
	section->fields = kept;
	section->field_count = fields.v.n;
}

void section_read(struct building *building, const struct node *node)
{
	static const char *const keys[] = {"id", "only", "title", "intro", "minutes", "when", "fields", NULL};
	struct reader *reader = building->reader;
	if (!node_is_map(reader, node, "a section"))
		return;
	if (node_get(node, "include")) {
		sections_include(building, node);
		return;
	}
	(void)node_keys(reader, node, keys);
	if (!building_has(building, node))
		return;
	if (building->sections.n == LIMIT_SECTIONS) {
		fault_at(&reader->faults, node->place, "more than %u sections", LIMIT_SECTIONS);
		return;
	}
	struct section *section = arena_new(reader->arena, struct section);
	section->index = (unsigned)building->sections.n;
	section_words(building, node, section);
	struct pending_section pending = {section, node, building->include ? building->include->when : NULL};
	vec_push(reader->scratch, &building->sections, pending);
	building->section = section;
	const struct node *list = node_need(reader, node, "fields");
	if (!list || !node_is_list(reader, list, "fields"))
		return;
	if (list->n == 0)
		fault_at(&reader->faults, list->place, "a section without fields");
	section_fields(building, list, section);
	/* All its questions are those of other procedures: then it is no page of this one. No field points to it. */
	if (section->field_count == 0 && list->n > 0 && building->sections.v[building->sections.n - 1].section == section)
		building->sections.n--;
}
