#ifndef TOOLS_TMPLGEN_H
#define TOOLS_TMPLGEN_H

#include "gen_io.h"

#include "base/map.h"

/*
 * The compiler of templates (docs/templates.md). A template goes through
 *   parse   source → view declaration and a flat list of operations, names resolved to C
 * expressions html    a tokenizer walks the literal text, gives each value its place and refuses
 * what is unsafe or careless link    views of other templates found, ordered, without cycles emit C
 * A fault ends the work on its file; the other files are still read. All memory is the arena's of
 * struct gen.
 */

enum type {
	TYPE_STR,
	TYPE_BOOL,
	TYPE_INT,
	TYPE_DATE,
	TYPE_DATETIME,
	TYPE_MSG,
	TYPE_URL,
	TYPE_HTML,
	TYPE_VIEW,
	TYPE_LIST,
	TYPE_COUNT
};

struct member {
	struct str name;
	enum type type;
	size_t at;
	struct str note;      /* what the author wrote behind the type */
	struct str view;      /* TYPE_VIEW: name of the template */
	struct members *list; /* TYPE_LIST */
	bool used;            /* a tag of the template names it */
};
struct members {
	struct str c_name; /* of the struct they make, without view_ */
	struct member *v;
	size_t n;
	size_t cap;
};
struct member *members_find(const struct members *members, struct str name);

/* A value that the template may use. */
struct ref {
	enum type type;
	struct str expr;             /* C: view->rows, row1->label, page->locale->tag */
	const struct member *member; /* NULL: of struct page */
};

struct route {
	struct str name;
	struct str method;
	struct str pattern;
	size_t param_count;
};
struct key {
	struct str name;
	struct str c_name;        /* MSG_login_title */
	struct gen_paths holders; /* names of its {placeholders} */
};

struct inputs {
	struct map routes;  /* name → struct route */
	struct map keys;    /* name → struct key */
	struct map statics; /* path → itself */
	struct str static_version;
};
void inputs_init(struct inputs *in, struct arena *arena);
err inputs_routes(struct gen *gen, struct inputs *in, struct str file, struct str source);
err inputs_keys(struct gen *gen, struct inputs *in, struct str file, struct str source);
err inputs_statics(struct gen *gen, struct inputs *in, struct str file, struct str source);

enum op_kind {
	OP_TEXT,
	OP_VALUE,
	OP_EACH, /* for each row */
	OP_WHEN,
	OP_UNLESS,
	OP_END,
	OP_MSG,
	OP_URL,
	OP_STATIC,
	OP_PART,
	OP_CSRF,
	OP_KIND_COUNT
};

/* Where a value stands. */
enum place {
	PLACE_TEXT,    /* between tags */
	PLACE_PLAIN,   /* between tags where no other tag may stand: title, option, textarea */
	PLACE_ATTR,    /* in a quoted attribute */
	PLACE_MACHINE, /* in an attribute that programs read: dates as 2026-11-23 */
	PLACE_URL,     /* inside a URL, not at its beginning */
	PLACE_MAIL,    /* plain text */
	PLACE_COUNT
};

struct op_arg {
	struct str name; /* of the placeholder */
	struct ref ref;
};
struct op {
	enum op_kind kind;
	size_t at;       /* byte offset in the source */
	struct str text; /* OP_TEXT: literal; OP_STATIC: path; sections: name */
	struct ref ref;
	unsigned row; /* OP_EACH: number of its row variable */
	const struct route *route;
	const struct key *key;
	struct op_arg *args;
	size_t arg_count;
	enum place place;
};

struct template
{
	struct str file; /* as named in faults: templates/login/show.html */
	struct str path; /* login/show.html */
	struct str name; /* login_show */
	struct str source;
	bool plain; /* .txt: no markup */
	struct members view;
	struct {
		struct op *v;
		size_t n;
		size_t cap;
	} ops;
	unsigned visit; /* of link: 0 new, 1 being visited, 2 done */
};
struct templates {
	struct template **v;
	size_t n;
	size_t cap;
};

/* From path (login/show.html) and source; `file` is the name for faults. */
err template_init(
	struct gen *gen, struct template *t, struct str file, struct str path, struct str source);
err template_parse(struct gen *gen, const struct inputs *in, struct template *t);
err template_read_view(struct gen *gen, struct template *t, struct str text);
/* After the tags: what the view has and no tag names would be filled in for nobody. */
err template_check_view(struct gen *gen, const struct template *t);
err template_check_html(struct gen *gen, struct template *t);
/* Orders *all so that each stands behind those it contains. */
err templates_link(struct gen *gen, struct templates *all);
void templates_emit_header(struct buf *out, const struct templates *all);
void templates_emit_source(struct buf *out, const struct templates *all);

#define template_fault(gen, t, at, ...) gen_fault((gen), (t)->file, (t)->source, (at), __VA_ARGS__)

#endif
