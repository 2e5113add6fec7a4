#include "domain/yaml_tree.h"

#include "base/utf8.h"
#include "base/vec.h"

#include <yaml.h>

struct tree {
	struct arena *texts, *nodes;
	struct faults *faults;
	struct str file;
	yaml_parser_t *parser;
	size_t count;
};

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
	node->text = str_dup(tree->texts, str_make((const char *)event->data.scalar.value, event->data.scalar.length));
	return node;
}

static struct node *read_list(struct tree *tree, const yaml_event_t *start, unsigned depth)
{
	if (!plain_event(tree, start, start->data.sequence_start.anchor, start->data.sequence_start.tag))
		return NULL;
	struct node *list = node_new(tree, NODE_LIST, start->start_mark);
	if (!list)
		return NULL;
	VEC(struct node *) items = {0};
	for (;;) {
		AUTO_EVENT event = {0};
		if (!next_event(tree, &event))
			return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			break;
		struct node *item = read_node(tree, &event, depth + 1);
		if (!item)
			return NULL;
		vec_push(tree->nodes, &items, item);
	}
	list->items = items.v;
	list->n = items.n;
	return list;
}

/* Most maps have a handful of keys; one that somebody wrote to be slow is looked up by hash. */
#define KEYS_BY_LOOKING 32

struct keys {
	VEC(struct node *) v;
	struct map seen; /* from KEYS_BY_LOOKING keys on */
};

static bool key_is_there(struct tree *tree, struct keys *keys, const struct node *key)
{
	if (keys->v.n == KEYS_BY_LOOKING) {
		map_init(&keys->seen, tree->nodes);
		for (size_t i = 0; i < keys->v.n; i++)
			map_put(&keys->seen, keys->v.v[i]->text, keys->v.v[i]);
	}
	if (keys->v.n >= KEYS_BY_LOOKING) {
		bool there = map_get(&keys->seen, key->text) != NULL;
		map_put(&keys->seen, key->text, keys);
		return there;
	}
	for (size_t i = 0; i < keys->v.n; i++)
		if (str_eq(keys->v.v[i]->text, key->text))
			return true;
	return false;
}

/* False: reading cannot go on. A key that is there already is a fault, but the rest of the map is read. */
static bool read_pair(struct tree *tree, yaml_event_t *event, unsigned depth, struct keys *keys, struct node **key, struct node **value)
{
	*key = read_node(tree, event, depth + 1);
	if (!*key)
		return false;
	if ((*key)->kind != NODE_SCALAR) {
		fault_at(tree->faults, (*key)->place, "a key must be a word");
		return false;
	}
	AUTO_EVENT next = {0};
	if (!next_event(tree, &next))
		return false;
	*value = read_node(tree, &next, depth + 1);
	if (!*value)
		return false;
	if (key_is_there(tree, keys, *key))
		fault_at(tree->faults, (*key)->place, "key '" STR_FMT "' twice in one map", STR_ARG((*key)->text));
	return true;
}

static struct node *read_map(struct tree *tree, const yaml_event_t *start, unsigned depth)
{
	if (!plain_event(tree, start, start->data.mapping_start.anchor, start->data.mapping_start.tag))
		return NULL;
	struct node *map = node_new(tree, NODE_MAP, start->start_mark);
	if (!map)
		return NULL;
	struct keys keys = {0};
	VEC(struct node *) values = {0};
	for (;;) {
		AUTO_EVENT event = {0};
		if (!next_event(tree, &event))
			return NULL;
		if (event.type == YAML_MAPPING_END_EVENT)
			break;
		struct node *key, *value;
		if (!read_pair(tree, &event, depth, &keys, &key, &value))
			return NULL;
		vec_push(tree->nodes, &keys.v, key);
		vec_push(tree->nodes, &values, value);
	}
	map->keys = keys.v.v;
	map->items = values.v;
	map->n = keys.v.n;
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

struct node *yaml_tree_read(struct arena *texts, struct arena *nodes, struct faults *faults, struct str file, struct str bytes)
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

static size_t key_index(const struct node *map, const char *key)
{
	struct str wanted = str_of(key);
	if (map && map->kind == NODE_MAP)
		for (size_t i = 0; i < map->n; i++)
			if (map->keys[i]->text.n == wanted.n && str_eq(map->keys[i]->text, wanted))
				return i;
	return SIZE_MAX;
}

const struct node *node_get(const struct node *map, const char *key)
{
	size_t i = key_index(map, key);
	return i == SIZE_MAX ? NULL : map->items[i];
}

const struct node *node_key(const struct node *map, const char *key)
{
	size_t i = key_index(map, key);
	return i == SIZE_MAX ? NULL : map->keys[i];
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
