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

struct text;

/* What was made of a node before: a file that several procedures share is read once, and its texts are finished once. */
struct node_memo {
	const struct text *text; /* NULL: nothing yet, or faulty */
};

struct node {
	enum node_kind kind;
	struct place place;
	struct str text;           /* SCALAR */
	bool literal;              /* SCALAR written as a block (|): its first line is the one below */
	bool quoted;               /* SCALAR between quotes */
	struct node **items;       /* LIST; MAP: the values */
	struct node **keys;        /* MAP: scalars */
	size_t n;
	struct node_memo *memo;    /* MAP */
};

/* NULL when the file is no tree; the faults say why. */
struct node *yaml_tree_read(struct arena *texts, struct arena *nodes, struct faults *faults, struct str file, struct str bytes);

/* Value of the key; NULL: not there, or no map. */
const struct node *node_get(const struct node *map, const char *key);
/* Its key node, for the place of a fault. */
const struct node *node_key(const struct node *map, const char *key);

/* Where the character at this offset of a scalar's text stands, as well as that can be known. */
struct place node_place_at(const struct node *scalar, size_t offset);

#endif
