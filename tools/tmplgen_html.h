#ifndef TOOLS_TMPLGEN_HTML_H
#define TOOLS_TMPLGEN_HTML_H

#include "tmplgen.h"

/*
 * The walk over a template's markup, in two files: tmplgen_html.c is the tokenizer (which character
 * means what, which place a value has), tmplgen_tags.c knows elements and attributes (what must be
 * balanced, labelled, escaped how, refused).
 */

enum attr_kind {
	ATTR_PLAIN,
	ATTR_MACHINE, /* read by programs: dates as 2026-11-23 */
	ATTR_URL,
	ATTR_LITERAL, /* decides how the rest is understood, so no value may stand in it */
	ATTR_REFUSED
};

struct attr {
	struct str name;
	struct str raw; /* between the quotes, as written */
	size_t at;
	enum attr_kind kind;
	bool always; /* not inside a section */
	bool has_value;
	const struct route *route; /* of a {{url}} in it */
};

struct tag {
	struct str name;
	size_t at;
	bool closing;
	bool self_closing;
	struct {
		struct attr *v;
		size_t n;
		size_t cap;
	} attrs;
};

struct element {
	struct str name;
	size_t at;
	size_t section_depth;
	bool posts; /* a form with method post */
	bool has_csrf;
};

struct elements {
	struct element *v;
	size_t n;
	size_t cap;
};

struct control {
	struct str id; /* as written; absent: none */
	struct str element;
	size_t at;
};

/* Knowledge of the whole file. */
struct document {
	struct gen *gen;
	struct template *t;
	struct elements open;
	size_t floor; /* elements opened outside the innermost section: it may not close them */
	size_t section_depth;
	size_t list_depth; /* sections that repeat */
	struct {
		struct control *v;
		size_t n;
		size_t cap;
	} controls;              /* need a label */
	struct gen_paths labels; /* `for` of labels, as written */
	struct map ids;          /* literal ones outside sections */
};

err attr_named(struct document *doc, struct attr *attr); /* name complete: finds its kind */
err tag_complete(struct document *doc, const struct tag *tag);
err document_csrf(struct document *doc, size_t at);
err document_end(struct document *doc);
bool element_is_plain(struct str name); /* its content is text alone */
const struct element *document_innermost(const struct document *doc); /* NULL: none open */

#define document_fault(doc, at, ...) template_fault((doc)->gen, (doc)->t, (at), __VA_ARGS__)

#endif
