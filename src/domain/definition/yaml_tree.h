#ifndef DOMAIN_DEFINITION_YAML_TREE_H
#define DOMAIN_DEFINITION_YAML_TREE_H

#include "domain/definition/fault.h"

/*
 * A YAML file (libyaml) as a tree whose nodes know where they stand. Every scalar is the text that is written: there are no
 * types here, `yes` is the word yes. Of YAML only the plain part is taken: one document of maps, lists and scalars; anchors,
 * aliases (a few lines of them can grow without end), tags, and a key twice in one map are faults.
 *
 * Nodes live in one arena, texts in another, so that a text may outlive its tree.
 */

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP, NODE_KIND_COUNT };

struct choice_list;
struct text;

/* What was made of a node before: a file that several procedures share is read once, and its texts and lists are finished once. */
struct node_memo {
	const struct text *text;  /* of a map; NULL: nothing yet, or faulty */
	struct choice_list *list; /* of a list; the same */
};

/* 64 bytes: there are tens of thousands, and they are looked through again and again. */
struct node {
	struct place place;
	enum node_kind kind : 8;
	bool literal;              /* SCALAR written as a block (|): its first line is the one below */
	bool quoted;               /* SCALAR between quotes */
	uint32_t n;                /* LIST MAP */
	struct str text;           /* SCALAR */
	struct node **items;       /* LIST; MAP: the values, and behind them the keys: node_key_at */
	uint64_t marks;            /* MAP: node_mark of each key */
	struct node_memo *memo;    /* LIST MAP */
};

/* NULL when the file is no tree; the faults say why. */
struct node *yaml_tree_read(struct arena *texts, struct arena *nodes, struct faults *faults, const char *file, struct str bytes);

/* The key of the pair: a scalar. */
static inline struct node *node_key_at(const struct node *map, size_t i)
{
	return map->items[map->n + i];
}

/* One bit of 64 for a key. Most keys that are asked for are not there, and most of those are known by their bit. */
static inline uint64_t node_mark(struct str key)
{
	unsigned sum = key.n == 0 ? 0 : (unsigned)key.n + (unsigned char)key.p[0] * 5u + (unsigned char)key.p[key.n - 1] * 3u;
	return UINT64_C(1) << (sum & 63);
}

/* node_find where the key's mark is there. */
uint32_t node_look(const struct node *map, struct str key);

/* Which pair of the map; UINT32_MAX: not there, or no map. */
static inline uint32_t node_find(const struct node *map, struct str key)
{
	return map && (map->marks & node_mark(key)) ? node_look(map, key) : UINT32_MAX;
}

/* Value of the key; NULL: not there, or no map. */
static inline const struct node *node_get(const struct node *map, const char *key)
{
	uint32_t i = node_find(map, str_of(key));
	return i == UINT32_MAX ? NULL : map->items[i];
}

/* Its key node, for the place of a fault. */
static inline const struct node *node_key(const struct node *map, const char *key)
{
	uint32_t i = node_find(map, str_of(key));
	return i == UINT32_MAX ? NULL : node_key_at(map, i);
}

/* Where the character at this offset of a scalar's text stands, as well as that can be known. */
struct place node_place_at(const struct node *scalar, size_t offset);

#endif
