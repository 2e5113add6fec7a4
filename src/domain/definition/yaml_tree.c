#include "domain/definition/yaml_tree.h"

#include "base/utf8.h"
#include "base/vec.h"

#include <yaml.h>

struct tree {
	struct arena *texts, *nodes;
	struct faults *faults;
	const char *file;
	yaml_parser_t *parser;
	size_t count;
	VEC(struct node *) open; /* what lists and maps that are not complete yet hold; of a map key and value in turn */
	char *room;              /* for texts: thousands of short ones, side by side */
	size_t room_left;
};

#define TEXT_ROOM ((size_t)4 << 10)

#define AUTO_EVENT __attribute__((cleanup(yaml_event_delete))) yaml_event_t
#define AUTO_PARSER __attribute__((cleanup(yaml_parser_delete))) yaml_parser_t

static struct place place_of(const struct tree *tree, yaml_mark_t mark)
{
	return (struct place){tree->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

/* libyaml says what it met ("problem") and what it was reading ("context"); both are static English. */
static void fault_syntax(const struct tree *tree)
{
	const yaml_parser_t *parser = tree->parser;
	const char *problem = parser->problem ? parser->problem : "no YAML";
	if (parser->error == YAML_READER_ERROR)
		fault_at(tree->faults, (struct place){tree->file, 1, 1}, "%s at byte %zu", problem, parser->problem_offset);
	else
		fault_at(tree->faults, place_of(tree, parser->problem_mark), "%s", problem);
}

static bool next_event(struct tree *tree, yaml_event_t *event)
{
	if (yaml_parser_parse(tree->parser, event))
		return true;
	fault_syntax(tree);
	return false;
}

static struct node *node_new(struct tree *tree, enum node_kind kind, yaml_mark_t mark)
{
	struct place place = place_of(tree, mark);
	if (++tree->count > LIMIT_DEFINITION_NODES) {
		fault_at(tree->faults, place, "more than %u values in one file", LIMIT_DEFINITION_NODES);
		return NULL;
	}
	struct node *node = arena_new(tree->nodes, struct node);
	node->kind = kind;
	node->place = place;
	return node;
}

static struct str text_keep(struct tree *tree, struct str text)
{
	if (text.n > TEXT_ROOM / 4)
		return str_dup(tree->texts, text);
	if (!tree->room || text.n > tree->room_left) {
		tree->room = arena_alloc(tree->texts, TEXT_ROOM);
		tree->room_left = TEXT_ROOM;
	}
	char *kept = tree->room;
	memcpy(kept, text.p, text.n);
	tree->room += text.n;
	tree->room_left -= text.n;
	return str_make(kept, text.n);
}

static bool plain_event(struct tree *tree, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		fault_at(tree->faults, place_of(tree, event->start_mark), "anchors (&) are not read");
	else if (tag)
		fault_at(tree->faults, place_of(tree, event->start_mark), "tags (!) are not read");
	return !anchor && !tag;
}

static struct node *read_node(struct tree *tree, yaml_event_t *event, unsigned depth);

static struct node *read_scalar(struct tree *tree, const yaml_event_t *event)
{
	if (!plain_event(tree, event, event->data.scalar.anchor, event->data.scalar.tag))
		return NULL;
	struct node *node = node_new(tree, NODE_SCALAR, event->start_mark);
	if (!node)
		return NULL;
	node->literal = event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE;
	node->quoted = event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
		       event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	node->text = text_keep(tree, str_make((const char *)event->data.scalar.value, event->data.scalar.length));
	return node;
}

static struct node *read_list(struct tree *tree, const yaml_event_t *start, unsigned depth)
{
	if (!plain_event(tree, start, start->data.sequence_start.anchor, start->data.sequence_start.tag))
		return NULL;
	struct node *list = node_new(tree, NODE_LIST, start->start_mark);
	if (!list)
		return NULL;
	size_t first = tree->open.n;
	for (;;) {
		AUTO_EVENT event = {0};
		if (!next_event(tree, &event))
			return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			break;
		struct node *item = read_node(tree, &event, depth + 1);
		if (!item)
			return NULL;
		vec_push(tree->nodes, &tree->open, item);
	}
	list->n = (uint32_t)(tree->open.n - first); /* below LIMIT_DEFINITION_NODES */
	list->items = arena_array(tree->nodes, struct node *, list->n);
	for (uint32_t i = 0; i < list->n; i++)
		list->items[i] = tree->open.v[first + i];
	list->memo = arena_new(tree->nodes, struct node_memo);
	tree->open.n = first;
	return list;
}

/* Most maps have a handful of keys; one that somebody wrote to be slow is looked up by hash. */
#define KEYS_BY_LOOKING 32

struct keys {
	size_t first;    /* of the map, among what is open */
	uint32_t n;
	struct map seen; /* from KEYS_BY_LOOKING keys on */
};

static bool key_is_there(struct tree *tree, struct keys *keys, const struct node *key)
{
	if (keys->n == KEYS_BY_LOOKING) {
		map_init(&keys->seen, tree->nodes);
		for (size_t i = 0; i < keys->n; i++)
			map_put(&keys->seen, tree->open.v[keys->first + 2 * i]->text, keys);
	}
	if (keys->n >= KEYS_BY_LOOKING) {
		bool there = map_get(&keys->seen, key->text) != NULL;
		map_put(&keys->seen, key->text, keys);
		return there;
	}
	for (size_t i = 0; i < keys->n; i++)
		if (str_eq(tree->open.v[keys->first + 2 * i]->text, key->text))
			return true;
	return false;
}

/* False: reading cannot go on. A key that is there already is a fault, but the rest of the map is read. */
static bool read_pair(struct tree *tree, yaml_event_t *event, unsigned depth, struct keys *keys)
{
	struct node *key = read_node(tree, event, depth + 1);
	if (!key)
		return false;
	if (key->kind != NODE_SCALAR) {
		fault_at(tree->faults, key->place, "a key must be a word");
		return false;
	}
	AUTO_EVENT next = {0};
	if (!next_event(tree, &next))
		return false;
	struct node *value = read_node(tree, &next, depth + 1);
	if (!value)
		return false;
	if (key_is_there(tree, keys, key))
		fault_at(tree->faults, key->place, "key '" STR_FMT "' twice in one map", STR_ARG(key->text));
	vec_push(tree->nodes, &tree->open, key);
	vec_push(tree->nodes, &tree->open, value);
	keys->n++;
	return true;
}

static struct node *read_map(struct tree *tree, const yaml_event_t *start, unsigned depth)
{
	if (!plain_event(tree, start, start->data.mapping_start.anchor, start->data.mapping_start.tag))
		return NULL;
	struct node *map = node_new(tree, NODE_MAP, start->start_mark);
	if (!map)
		return NULL;
	struct keys keys = {.first = tree->open.n};
	for (;;) {
		AUTO_EVENT event = {0};
		if (!next_event(tree, &event))
			return NULL;
		if (event.type == YAML_MAPPING_END_EVENT)
			break;
		if (!read_pair(tree, &event, depth, &keys))
			return NULL;
	}
	map->n = keys.n;
	map->items = arena_array(tree->nodes, struct node *, (size_t)map->n * 2);
	for (size_t i = 0; i < map->n; i++) {
		struct node *key = tree->open.v[keys.first + 2 * i];
		map->items[i] = tree->open.v[keys.first + 2 * i + 1];
		map->items[map->n + i] = key;
		map->marks |= node_mark(key->text);
	}
	tree->open.n = keys.first;
	map->memo = arena_new(tree->nodes, struct node_memo);
	return map;
}

static struct node *read_node(struct tree *tree, yaml_event_t *event, unsigned depth)
{
	if (depth > LIMIT_DEFINITION_DEPTH) {
		fault_at(tree->faults, place_of(tree, event->start_mark), "more than %u levels", LIMIT_DEFINITION_DEPTH);
		return NULL;
	}
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(tree, event);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(tree, event, depth);
	case YAML_MAPPING_START_EVENT:
		return read_map(tree, event, depth);
	case YAML_ALIAS_EVENT:
		fault_at(tree->faults, place_of(tree, event->start_mark), "aliases (*) are not read");
		return NULL;
	default:
		fault_at(tree->faults, place_of(tree, event->start_mark), "a value is missing");
		return NULL;
	}
}

static bool expect(struct tree *tree, yaml_event_type_t type, const char *otherwise)
{
	AUTO_EVENT event = {0};
	if (!next_event(tree, &event))
		return false;
	if (event.type == type)
		return true;
	fault_at(tree->faults, place_of(tree, event.start_mark), "%s", otherwise);
	return false;
}

static struct node *read_document(struct tree *tree)
{
	if (!expect(tree, YAML_STREAM_START_EVENT, "no YAML") ||
	    !expect(tree, YAML_DOCUMENT_START_EVENT, "the file is empty"))
		return NULL;
	AUTO_EVENT event = {0};
	if (!next_event(tree, &event))
		return NULL;
	struct node *root = read_node(tree, &event, 1);
	if (!root || !expect(tree, YAML_DOCUMENT_END_EVENT, "the document does not end here") ||
	    !expect(tree, YAML_STREAM_END_EVENT, "a second document in the file"))
		return NULL;
	return root;
}

struct node *yaml_tree_read(struct arena *texts, struct arena *nodes, struct faults *faults, const char *file, struct str bytes)
{
	AUTO_PARSER parser = {0};
	struct tree tree = {.texts = texts, .nodes = nodes, .faults = faults, .file = file, .parser = &parser};
	if (bytes.n > LIMIT_DEFINITION_FILE) {
		fault_at(faults, (struct place){file, 1, 1}, "more than %u bytes", LIMIT_DEFINITION_FILE);
		return NULL;
	}
	if (!yaml_parser_initialize(&parser)) {
		fault_at(faults, (struct place){file, 1, 1}, "no memory to read the file");
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(bytes.p ? bytes.p : ""), bytes.n);
	struct node *root = read_document(&tree);
	if (root && root->kind != NODE_MAP) {
		fault_at(faults, root->place, "the file must be a map of keys");
		return NULL;
	}
	return root;
}

uint32_t node_look(const struct node *map, struct str key)
{
	for (uint32_t i = 0; i < map->n; i++)
		if (str_eq(node_key_at(map, i)->text, key))
			return i;
	return UINT32_MAX;
}

struct place node_place_at(const struct node *scalar, size_t offset)
{
	struct place place = scalar->place;
	struct str before = str_sub(scalar->text, 0, offset);
	if (scalar->literal) {
		place.line++;
		for (size_t i = 0; i < before.n; i++)
			place.line += before.p[i] == '\n';
		place.column = 1; /* how far the block is indented is not known here */
	} else if (str_find_byte(before, '\n') < 0) {
		place.column += (unsigned)utf8_count(before) + scalar->quoted;
	}
	return place;
}
