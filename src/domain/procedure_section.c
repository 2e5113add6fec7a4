#include "domain/procedure_read.h"

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
		if (!node_id(reader, node->keys[i], &id))
			continue;
		if (map_get(&building->lists, id) || map_get(&reader->lists, id)) {
			fault_at(&reader->faults, node->keys[i]->place, "a list '" STR_FMT "' is there already", STR_ARG(id));
			continue;
		}
		struct choice_list *list = codes_read_node(reader, node->items[i], id);
		if (!list)
			list = arena_new(reader->arena, struct choice_list); /* known, but empty: see codes.c */
		list->id = id;
		map_put(&building->lists, id, list);
	}
}

/* "shared/" and a name of letters; nothing that leads out of the folder. */
bool include_path_valid(struct str path)
{
	struct str name = str_skip(path, sizeof "shared/" - 1);
	return str_starts(path, STR("shared/")) && str_ends(name, STR(".yaml")) && id_valid(str_sub(name, 0, name.n - 5));
}

static void leave_out_begin(struct building *building, const struct node *names)
{
	struct reader *reader = building->reader;
	map_init(&building->left_out, reader->scratch);
	if (!names || !node_is_list(reader, names, "leave_out"))
		return;
	for (size_t i = 0; i < names->n; i++) {
		struct str id;
		if (node_word(reader, names->items[i], &id))
			map_put(&building->left_out, id, names->items[i]);
	}
}

/* What was met has the building as its value; the rest named nothing. */
static void leave_out_end(struct building *building)
{
	for (size_t i = 0; i < building->left_out.n; i++) {
		const struct map_entry *entry = &building->left_out.entries[i];
		if (entry->value != building)
			fault_at(&building->reader->faults, ((const struct node *)entry->value)->place,
				"the included file has no '" STR_FMT "'", STR_ARG(entry->key));
	}
	map_init(&building->left_out, building->reader->scratch);
}

static void numbers_end(struct building *building, size_t first)
{
	const struct node *numbers = building->numbers;
	building->numbers = NULL;
	for (size_t i = 0; numbers && i < numbers->n; i++) {
		const struct field *field = map_get(&building->procedure->by_id, numbers->keys[i]->text);
		if (!field || field->index < first)
			fault_at(&building->reader->faults, numbers->keys[i]->place, "the included file has no '" STR_FMT "'",
				STR_ARG(numbers->keys[i]->text));
	}
}

static void checks_gather(struct building *building, const struct node *checks)
{
	struct reader *reader = building->reader;
	if (!checks || !node_is_list(reader, checks, "checks"))
		return;
	for (size_t i = 0; i < checks->n; i++) {
		const struct node *id = node_get(checks->items[i], "id");
		if (id && id->kind == NODE_SCALAR && map_get(&building->left_out, id->text))
			map_put(&building->left_out, id->text, building);
		else
			vec_push(reader->scratch, &building->checks, checks->items[i]);
	}
}

static void fields_read(struct building *building, const struct node *list, bool included, size_t *count, const struct field ***out);

static void include_read(struct building *building, const struct node *item, size_t *count, const struct field ***out)
{
	static const char *const item_keys[] = {"include", "leave_out", "numbers", NULL};
	static const char *const file_keys[] = {"fields", "checks", "choices", "documents", NULL};
	struct reader *reader = building->reader;
	const struct node *named = node_get(item, "include");
	struct str path;
	(void)node_keys(reader, item, item_keys);
	if (!node_word(reader, named, &path))
		return;
	if (!include_path_valid(path)) {
		fault_at(&reader->faults, named->place, "an included file is shared/NAME.yaml");
		return;
	}
	struct source *source = reader_source(reader, path, &named->place);
	const struct node *tree = source->missing ? NULL : reader_tree(reader, source);
	if (!tree)
		return;
	building_source(building, source);
	size_t first = building->fields.n;
	building->numbers = node_get(item, "numbers");
	if (building->numbers && !node_is_map(reader, building->numbers, "numbers"))
		building->numbers = NULL;
	leave_out_begin(building, node_get(item, "leave_out"));
	(void)node_keys(reader, tree, file_keys);
	if (node_get(tree, "choices"))
		lists_read(building, node_get(tree, "choices"));
	const struct node *fields = node_need(reader, tree, "fields");
	if (fields && node_is_list(reader, fields, "fields"))
		fields_read(building, fields, true, count, out);
	checks_gather(building, node_get(tree, "checks"));
	if (node_get(tree, "documents"))
		documents_gather(building, node_get(tree, "documents"), NULL);
	leave_out_end(building);
	numbers_end(building, first);
}

static void fields_read(struct building *building, const struct node *list, bool included, size_t *count, const struct field ***out)
{
	struct reader *reader = building->reader;
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->items[i];
		if (node_get(item, "include")) {
			if (included)
				fault_at(&reader->faults, item->place, "an included file does not include others");
			else
				include_read(building, item, count, out);
			continue;
		}
		const struct field *field = field_read(building, item, NULL);
		if (field && *count < LIMIT_FIELDS)
			(*out)[(*count)++] = field;
	}
}

void section_read(struct building *building, const struct node *node)
{
	static const char *const keys[] = {"id", "title", "intro", "minutes", "when", "fields", NULL};
	struct reader *reader = building->reader;
	const struct node *value;
	if (!node_is_map(reader, node, "a section"))
		return;
	if (building->sections.n == LIMIT_SECTIONS) {
		fault_at(&reader->faults, node->place, "more than %u sections", LIMIT_SECTIONS);
		return;
	}
	struct section *section = arena_new(reader->arena, struct section);
	section->index = (unsigned)building->sections.n;
	(void)node_keys(reader, node, keys);
	if ((value = node_need(reader, node, "id")) && node_id(reader, value, &section->id))
		for (size_t i = 0; i < building->sections.n; i++)
			if (str_eq(building->sections.v[i].section->id, section->id))
				fault_at(&reader->faults, value->place, "a section '" STR_FMT "' is there already", STR_ARG(section->id));
	struct pending_section pending = {section, node};
	vec_push(reader->scratch, &building->sections, pending);
	building->section = section;
	if ((value = node_need(reader, node, "title")))
		(void)node_text(reader, value, &section->title);
	if ((value = node_get(node, "intro")))
		(void)node_text(reader, value, &section->intro);
	int64_t minutes = 0;
	if ((value = node_need(reader, node, "minutes")) && node_number(reader, value, 1, 240, &minutes))
		section->minutes = (unsigned)minutes;
	value = node_need(reader, node, "fields");
	if (!value || !node_is_list(reader, value, "fields"))
		return;
	if (value->n == 0)
		fault_at(&reader->faults, value->place, "a section without fields");
	const struct field **fields = arena_array(reader->scratch, const struct field *, LIMIT_FIELDS);
	size_t count = 0;
	fields_read(building, value, false, &count, &fields);
	const struct field **kept = arena_array(reader->arena, const struct field *, count);
	for (size_t i = 0; i < count; i++)
		kept[i] = fields[i];
	section->fields = kept;
	section->field_count = count;
}
