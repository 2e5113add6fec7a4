#ifndef DOMAIN_DEFINITION_PROCEDURE_READ_H
#define DOMAIN_DEFINITION_PROCEDURE_READ_H

#include "base/vec.h"
#include "crypto/digest.h"
#include "domain/definition/csv.h"
#include "domain/definition/yaml_tree.h"

/*
 * Inside the reading of definitions; used by procedure_read*.c, codes.c and their tests only.
 *
 * A procedure is read in two passes. The first makes its lists, sections and fields and notes where in the file each stands
 * (struct pending). The second, when all names are known, resolves what refers to others: choices, conditions, checks. Whatever
 * is faulty is reported and left out, and reading goes on; with any fault the result is thrown away.
 *
 * Texts, fields and rules are made in `arena` and stay; trees and file contents in `scratch` and go.
 */

/* A file below the folder, read once whoever asks for it. */
struct source {
	struct str path;          /* "extension/procedure.yaml" */
	const char *shown;        /* with the folder before it, for faults */
	struct str bytes;
	uint8_t digest[SHA256_BYTES];
	bool missing;             /* no such file, or it is faulty as a file; reported */
	bool parsed;
	const struct node *tree;  /* NULL: no tree; reported */
};

struct reader {
	struct arena *arena, *scratch;
	const char *folder;
	struct faults faults;
	struct text_room room;    /* for texts on the way */
	struct map sources;        /* path → struct source * */
	struct map lists;          /* id → struct choice_list *, from codes/ */
	struct map list_sources;   /* id → struct source * */
	struct map procedures;     /* ids of the folders, once they have been listed; empty: any id will do */
	struct uses *uses;         /* what leads where (procedure_use.h); NULL: not looked for */
};

void reader_init(struct reader *reader, struct arena *arena, struct arena *scratch, const char *folder, struct definition_problems *problems);
/* Gives a file's contents beforehand, so that it need not be there; for tests. */
void reader_preset(struct reader *reader, const char *path, struct str bytes);
/* `from` is where a fault is shown when the file cannot be read; NULL: the file itself. */
struct source *reader_source(struct reader *reader, struct str path, const struct place *from);
const struct node *reader_tree(struct reader *reader, struct source *source);
/* Names in the folder or one below it, sorted, without those that begin with a dot. NOT_FOUND, INTERNAL. */
err reader_names(struct reader *reader, const char *below, struct str **names, size_t *count);

/* Nodes: each reports what is wrong with its value and then answers false (or absent), leaving *out as it was. */
bool node_is_map(struct reader *reader, const struct node *node, const char *what);
bool node_is_list(struct reader *reader, const struct node *node, const char *what);
bool node_word(struct reader *reader, const struct node *node, struct str *out);  /* a scalar that is not empty */
bool node_id(struct reader *reader, const struct node *node, struct str *out);    /* [a-z][a-z0-9_]*, at most 64 */
bool node_number(struct reader *reader, const struct node *node, int64_t least, int64_t most, int64_t *out);
bool node_bool(struct reader *reader, const struct node *node, bool *out);
bool node_thousandths(struct reader *reader, const struct node *node, int64_t *out); /* "2.5" → 2500 */
bool node_text(struct reader *reader, const struct node *node, struct text *out);
/* The text of one language, if its readings are good; scalar NULL: it is no node, and a fault is shown at `place`. */
bool text_take(struct reader *reader, struct place place, const struct node *scalar, enum lang lang, struct str words, struct text *out);
/* Each key of the map must be one of `known`, which ends with NULL; false: some were not. */
bool node_keys(struct reader *reader, const struct node *map, const char *const *known);
/* The value of a key that must be there; reports when it is not. */
const struct node *node_need(struct reader *reader, const struct node *map, const char *key);
bool id_valid(struct str id);

/* Lists of choices (codes.c). NULL: faulty, reported. */
struct choice_list *codes_read_csv(struct reader *reader, struct source *source, struct str id);
struct choice_list *codes_read_node(struct reader *reader, const struct node *node, struct str id);
/* One file of codes/ into reader->lists; all of them. */
void codes_read_file(struct reader *reader, struct str name);
err codes_read_all(struct reader *reader);

/* What the second pass needs to know of a field. */
struct pending {
	struct field *field;
	struct field *group;       /* NULL: outside groups */
	const struct node *node;   /* its map */
	struct place place;        /* of its id */
};

struct pending_section {
	struct section *section;
	const struct node *node;
	const struct node *include_when; /* of the include that brought it; NULL: none */
};

/* A shared file that is being read, and what its include says of it. They stand in each other: a section's file includes fields. */
struct include {
	struct include *around;    /* NULL: none */
	struct map left_out;       /* ids → their node, or the include when it was met */
	const struct node *numbers; /* NULL: none */
	const struct node *when;   /* of sections; NULL: none */
	size_t first;              /* index of its first field */
};

/* A document of the list; the conditions of the lists that it stands in are and-ed to its own. */
#define DOCUMENT_WHENS 3
struct pending_document {
	const struct node *node;
	const struct node *whens[DOCUMENT_WHENS]; /* NULL: none */
};

struct building {
	struct reader *reader;
	struct procedure *procedure;
	const char *path;          /* of its file */
	struct section *section;   /* that is being read */
	VEC(struct pending) fields;
	VEC(struct pending_section) sections;
	VEC(const struct node *) checks;
	VEC(struct pending_document) documents;
	VEC(const struct source *) sources; /* that the version depends on */
	struct map lists;          /* id → struct choice_list *: its own */
	struct map list_nodes;     /* id → the node of their key */
	struct include *include;   /* that is being read; NULL: the procedure's own file */
	VEC(const struct field *) calcs; /* each behind what it is computed from */
};

/* What the key `moved` says; behind the linking of fields. */
void moves_read(struct building *building, const struct node *list);

/* From here on what nothing leads to is looked for. */
void uses_begin(struct reader *reader);

/* Reads one folder; NULL: reported. */
struct procedure *procedure_read(struct reader *reader, struct str id);

void building_source(struct building *building, const struct source *source);
/* The field of that name as seen from inside `group` (NULL: from outside); NULL: none. */
const struct field *building_field(const struct building *building, struct str name, const struct field *group);

bool include_path_valid(struct str path);
/* By procedure (procedure_scope.c). Whether what this node describes is there, by its `only`. */
bool building_has(struct building *building, const struct node *node);
/* true, false, or a list of procedures. False: reported, *out is as it was. */
bool building_bool(struct building *building, const struct node *node, bool *out);
/* A word, or a map of procedures to words; *out is left as it was for one that is not named. False: reported. */
bool building_word(struct building *building, const struct node *node, struct str *out);
/* What `$status` and `$activity` mean; other names mean themselves. Absent: the procedure gives it no meaning. */
struct str building_alias(const struct building *building, struct str name);
/* False: a name with a $ that has no meaning; reported. */
bool building_alias_known(struct building *building, const struct node *node, struct str name);
bool reader_knows_procedure(const struct reader *reader, struct str id);

/* What a condition comes to by {procedure: …} alone, before any name in it is looked up. */
enum fold { FOLD_OPEN, FOLD_TRUE, FOLD_FALSE };
enum fold fold_when(struct building *building, const struct node *node);

/* An item of `sections`: a section, or the include of a file of them. */
void section_read(struct building *building, const struct node *node);
void lists_read(struct building *building, const struct node *node);
/* Whether an include around leaves the field or check out; it is then known to be there. */
bool include_leaves_out(struct building *building, struct str id);
/* Reads a field into the section or, for rows, the group. NULL: left out, or faulty. */
struct field *field_read(struct building *building, const struct node *node, struct field *group);
void lists_link(struct building *building); /* first, because conditions are checked against choices */
void field_link(struct building *building, struct pending *pending);
void section_link(struct building *building, struct pending_section *pending);
void one_of_link(struct building *building);
/* A list of user types as bits; what is wrong is reported. */
unsigned user_types_read(struct reader *reader, const struct node *list, const char *key);
/* Which fields others hang on. */
void controls_link(struct building *building);
void reaches_link(struct building *building); /* of a definition without faults */

/* `group`: of the field or check that the condition is of. NULL: faulty, reported. */
const struct rule *rule_read(struct building *building, const struct node *node, const struct field *group);
/* All of them, or one; either may be NULL, which always holds. */
const struct rule *rule_both(struct arena *arena, const struct rule *a, const struct rule *b);
/* What a computed field is computed from; NULL: reported. */
const struct expr *expr_read(struct building *building, const struct node *node, const struct field *group);
bool expr_is_copy(const struct node *node);
bool check_read(struct building *building, const struct node *node, struct check *out);

/*
 * Documents (procedure_document.c). The first collects a list of a procedure or of an included file, whose `when` is NULL or that of
 * the include; the second, when all fields are known, reads photo, ceilings and what was collected.
 */
void documents_gather(struct building *building, const struct node *list, const struct node *when);
void lookups_read(struct building *building, const struct node *list); /* procedure_lookup.c */
void documents_read(struct building *building, const struct node *procedure);

/* What only shows in the whole: cycles, item numbers. */
void procedure_verify(struct building *building);

/* What a field's answer is compared as. */
enum measure { MEASURE_NONE, MEASURE_NUMBER, MEASURE_DATE };
enum measure field_measure(const struct field *field);

#endif
