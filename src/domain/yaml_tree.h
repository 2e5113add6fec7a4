#ifndef DOMAIN_YAML_TREE_H
#define DOMAIN_YAML_TREE_H

#include "domain/fault.h"

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
	struct node **items;       /* LIST; MAP: the values */
	struct node **keys;        /* MAP: scalars */
	struct node_memo *memo;    /* LIST MAP */
};

/* NULL when the file is no tree; the faults say why. */
struct node *yaml_tree_read(struct arena *texts, struct arena *nodes, struct faults *faults, const char *file, struct str bytes);

/* Which pair of the map; UINT32_MAX: not there, or no map. */
uint32_t node_find(const struct node *map, struct str key);

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
	return i == UINT32_MAX ? NULL : map->keys[i];
}

/* Where the character at this offset of a scalar's text stands, as well as that can be known. */
struct place node_place_at(const struct node *scalar, size_t offset);

#endif
