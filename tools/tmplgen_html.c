#include "tmplgen_html.h"

#include "base/vec.h"

/*
 * The tokenizer of HTML (WHATWG HTML 13.2.5), cut down to what a careful author writes: everything
 * else is a fault, so that no browser can understand a template differently from us.
 */

enum state {
	S_TEXT,
	S_TAG_OPEN, /* behind < */
	S_TAG_NAME,
	S_BEFORE_ATTR,
	S_ATTR_NAME,
	S_BEFORE_VALUE, /* behind = */
	S_VALUE,
	S_AFTER_VALUE, /* behind a quote: white space, / or > */
	S_SELF_CLOSE,  /* behind / */
	S_DECLARATION  /* <!doctype html */
};

struct mark {
	enum state state;
	size_t at;
	size_t open;
	size_t floor;
	size_t value_at; /* which attribute value it stands in */
	bool repeats;
	bool url_start;
};

struct machine {
	struct document doc;
	enum state state;
	struct tag tag;
	char quote;
	size_t name_at;
	size_t value_at;
	size_t tag_sections; /* depth of sections at the tag's < */
	bool url_start;      /* nothing of this URL has surely been printed */
	bool textarea_open;  /* directly behind <textarea …> */
	struct {
		struct mark *v;
		size_t n;
		size_t cap;
	} marks;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}
static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
}

static struct attr *last_attr(struct machine *m)
{
	return &m->tag.attrs.v[m->tag.attrs.n - 1];
}

static struct str slice(const struct machine *m, size_t from, size_t to)
{
	return str_sub(m->doc.t->source, from, to - from);
}

static err name_ends(struct machine *m, size_t at)
{
	struct attr *attr = vec_add(m->doc.gen->arena, &m->tag.attrs);
	attr->at = m->name_at;
	attr->name = slice(m, m->name_at, at);
	attr->always = m->doc.section_depth == m->tag_sections;
	return attr_named(&m->doc, attr);
}

static void tag_begins(struct machine *m, size_t at)
{
	m->tag.at = at;
	m->tag.closing = false;
	m->tag.self_closing = false;
	m->tag.attrs.n = 0;
	m->tag_sections = m->doc.section_depth;
}

static err tag_ends(struct machine *m, size_t at)
{
	const struct element *in = document_innermost(&m->doc);
	if (m->doc.section_depth != m->tag_sections)
		return document_fault(&m->doc, at,
			"a section begins outside the tag and ends inside it, or the contrary");
	if (in && (element_is_plain(in->name) || str_eq(in->name, STR("script"))) &&
		!m->tag.closing)
		return document_fault(
			&m->doc, m->tag.at, "no tag may stand in <" STR_FMT ">", STR_ARG(in->name));
	TRY(tag_complete(&m->doc, &m->tag));
	m->state = S_TEXT;
	in = document_innermost(&m->doc);
	m->textarea_open = in && str_eq(in->name, STR("textarea"));
	return ok();
}

/* The text of a URL begins here: it must say by itself that it is no script. */
static err url_begins(struct machine *m, struct str rest, size_t at)
{
	static const char *const safe[] = {"#", "?", "https://", "http://", "mailto:", "tel:"};
	m->url_start = false;
	if (str_starts(rest, STR("/")) && !str_starts(rest, STR("//")))
		return ok();
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		if (str_starts(rest, str_of(safe[i])))
			return ok();
	return document_fault(&m->doc, at,
		"a URL begins with {{url …}}, {{static …}}, a value of type url, "
		"or with / # ? https:// http:// mailto: tel:");
}

/* &name; is for browsers what it looks like; &name without the end is guessed at. */
static err reference(struct machine *m, struct str rest, size_t at)
{
	if (rest.p[0] == '&' && rest.n > 1 &&
		(rest.p[1] == '#' || isalpha((unsigned char)rest.p[1])) &&
		str_find_byte(str_sub(rest, 0, 12), ';') < 0)
		return document_fault(
			&m->doc, at, "character reference without ; (the sign itself is &amp;)");
	return ok();
}

static err text_char(struct machine *m, char c, struct str rest, size_t at)
{
	const struct element *in = document_innermost(&m->doc);
	if (c == '<') {
		m->state = S_TAG_OPEN;
		tag_begins(m, at);
		return ok();
	}
	if (in && str_eq(in->name, STR("script")))
		return document_fault(&m->doc, at, "no inline script; put it into static/js");
	if (in && str_eq(in->name, STR("textarea")))
		return document_fault(
			&m->doc, at, "write the value directly between <textarea> and </textarea>");
	return reference(m, rest, at);
}

static err tag_open_char(struct machine *m, char c, struct str rest, size_t at)
{
	if (c == '/' && !m->tag.closing) {
		m->tag.closing = true;
		return ok();
	}
	if (c == '!' && !m->tag.closing) {
		if (str_starts(rest, STR("!--")))
			return document_fault(&m->doc, m->tag.at,
				"an HTML comment would be sent; use {{! words }}");
		if (!str_eq_nocase(
			    str_sub(rest, 0, strlen("!doctype html>")), STR("!doctype html>")))
			return document_fault(&m->doc, m->tag.at, "only <!doctype html> is known");
		m->state = S_DECLARATION;
		return ok();
	}
	if (c < 'a' || c > 'z')
		return document_fault(&m->doc, at,
			"a tag begins with a small letter; write &lt; for the sign itself");
	m->state = S_TAG_NAME;
	m->name_at = at;
	return ok();
}

/* Behind a tag's name, an attribute's name or value: white space, / or >. */
static err between_char(struct machine *m, char c, size_t at)
{
	if (is_space(c)) {
		m->state = S_BEFORE_ATTR;
		return ok();
	}
	if (c == '/' && !m->tag.closing) {
		m->state = S_SELF_CLOSE;
		return ok();
	}
	if (c == '>')
		return tag_ends(m, at);
	if (m->state == S_BEFORE_ATTR && is_name_char(c)) {
		m->state = S_ATTR_NAME;
		m->name_at = at;
		return ok();
	}
	return document_fault(&m->doc, at, "unexpected character in a tag: %c", c < 0 ? '?' : c);
}

static err name_char(struct machine *m, char c, size_t at)
{
	bool svg_case = c >= 'A' && c <= 'Z' && m->state == S_ATTR_NAME; /* viewBox */
	if (is_name_char(c) || svg_case)
		return ok();
	if (m->state == S_TAG_NAME) {
		m->tag.name = slice(m, m->name_at, at);
		return between_char(m, c, at);
	}
	TRY(name_ends(m, at));
	if (c == '=') {
		m->state = S_BEFORE_VALUE;
		return ok();
	}
	return between_char(m, c, at);
}

static err value_begins(struct machine *m, char c, size_t at)
{
	if (c != '"' && c != '\'')
		return document_fault(&m->doc, at, "the value of an attribute stands in quotes");
	m->state = S_VALUE;
	m->quote = c;
	m->value_at = at + 1;
	last_attr(m)->has_value = true;
	m->url_start = last_attr(m)->kind == ATTR_URL;
	return ok();
}

static err value_char(struct machine *m, char c, struct str rest, size_t at)
{
	if (c == m->quote) {
		last_attr(m)->raw = slice(m, m->value_at, at);
		m->state = S_AFTER_VALUE;
		return ok();
	}
	if (c == '<')
		return document_fault(&m->doc, at, "write &lt; in an attribute");
	if (last_attr(m)->kind == ATTR_URL) {
		if (is_space(c) || c == '\\')
			return document_fault(&m->doc, at, "white space or backslash in a URL");
		if (m->url_start)
			return url_begins(m, rest, at);
	}
	return reference(m, rest, at);
}

static err take_char(struct machine *m, struct str rest, size_t at)
{
	char c = rest.p[0];
	switch (m->state) {
	case S_TEXT:
		return text_char(m, c, rest, at);
	case S_TAG_OPEN:
		return tag_open_char(m, c, rest, at);
	case S_TAG_NAME:
	case S_ATTR_NAME:
		return name_char(m, c, at);
	case S_BEFORE_ATTR:
	case S_AFTER_VALUE:
		return between_char(m, c, at);
	case S_BEFORE_VALUE:
		return value_begins(m, c, at);
	case S_VALUE:
		return value_char(m, c, rest, at);
	case S_SELF_CLOSE:
		m->tag.self_closing = true;
		if (c != '>')
			return document_fault(&m->doc, at, "> expected behind /");
		return tag_ends(m, at);
	case S_DECLARATION:
		if (c == '>')
			m->state = S_TEXT;
		return ok();
	}
	return fail(ERR_INTERNAL, "state of the tokenizer");
}

static err take_text(struct machine *m, const struct op *op)
{
	for (size_t i = 0; i < op->text.n; i++)
		TRY(take_char(m, str_skip(op->text, i), op->at + i));
	return ok();
}

/* ---- tags of the template ---- */

static err url_value(struct machine *m, struct op *op)
{
	bool is_url = op->kind == OP_URL || op->kind == OP_STATIC ||
		      (op->kind == OP_VALUE && op->ref.type == TYPE_URL);
	if (m->url_start) {
		if (!is_url)
			return document_fault(&m->doc, op->at,
				"a URL may not begin with this; only {{url …}}, {{static …}}, a "
				"value of type url");
		m->url_start = false;
		op->place = PLACE_ATTR;
		if (op->kind == OP_URL)
			last_attr(m)->route = op->route;
		return ok();
	}
	bool fits = op->kind == OP_VALUE &&
		    (op->ref.type == TYPE_STR || op->ref.type == TYPE_INT ||
			    op->ref.type == TYPE_DATE || op->ref.type == TYPE_URL);
	if (!fits)
		return document_fault(
			&m->doc, op->at, "only a str, int, date or url may stand inside a URL");
	op->place = PLACE_URL;
	return ok();
}

static err attr_value(struct machine *m, struct op *op)
{
	const struct attr *attr = last_attr(m);
	if (op->kind == OP_VALUE && op->ref.type == TYPE_HTML)
		return document_fault(&m->doc, op->at, "markup cannot stand in an attribute");
	if (op->kind == OP_PART || op->kind == OP_CSRF)
		return document_fault(
			&m->doc, op->at, "this tag prints markup and cannot stand in an attribute");
	if (attr->kind == ATTR_LITERAL)
		return document_fault(
			&m->doc, op->at, "no value may stand in " STR_FMT, STR_ARG(attr->name));
	if (attr->kind == ATTR_URL)
		return url_value(m, op);
	op->place = attr->kind == ATTR_MACHINE ? PLACE_MACHINE : PLACE_ATTR;
	return ok();
}

static err text_value(struct machine *m, struct op *op)
{
	const struct element *in = document_innermost(&m->doc);
	if (in && str_eq(in->name, STR("script")))
		return document_fault(&m->doc, op->at, "no value may stand in a script");
	bool plain = in && element_is_plain(in->name);
	bool markup = op->kind == OP_PART || op->kind == OP_CSRF ||
		      (op->kind == OP_VALUE && op->ref.type == TYPE_HTML);
	if (plain && markup)
		return document_fault(
			&m->doc, op->at, "no markup may stand in <" STR_FMT ">", STR_ARG(in->name));
	op->place = plain ? PLACE_PLAIN : PLACE_TEXT;
	return op->kind == OP_CSRF ? document_csrf(&m->doc, op->at) : ok();
}

static err take_value(struct machine *m, struct op *op)
{
	if (m->state == S_TEXT)
		return text_value(m, op);
	if (m->state == S_VALUE)
		return attr_value(m, op);
	return document_fault(&m->doc, op->at,
		"a value may stand in text or in a quoted attribute, not in the tag itself");
}

static bool between(enum state state)
{
	return state == S_BEFORE_ATTR || state == S_AFTER_VALUE;
}

static err section_begins(struct machine *m, const struct op *op)
{
	if (m->state == S_TAG_NAME) {
		m->tag.name = slice(m, m->name_at, op->at);
		m->state = S_AFTER_VALUE;
	}
	if (m->state == S_ATTR_NAME) {
		TRY(name_ends(m, op->at));
		m->state = S_AFTER_VALUE;
	}
	if (m->state != S_TEXT && m->state != S_VALUE && !between(m->state))
		return document_fault(&m->doc, op->at, "no section may begin here");
	struct mark mark = {.state = m->state,
		.at = op->at,
		.open = m->doc.open.n,
		.floor = m->doc.floor,
		.value_at = m->value_at,
		.repeats = op->kind == OP_EACH,
		.url_start = m->url_start};
	vec_push(m->doc.gen->arena, &m->marks, mark);
	m->doc.floor = m->doc.open.n;
	m->doc.section_depth++;
	m->doc.list_depth += mark.repeats;
	return ok();
}

static err section_ends(struct machine *m, const struct op *op)
{
	const struct mark mark = m->marks.v[m->marks.n - 1];
	if (m->state == S_ATTR_NAME) {
		TRY(name_ends(m, op->at));
		m->state = S_AFTER_VALUE;
	}
	if (m->doc.open.n != mark.open)
		return document_fault(&m->doc, document_innermost(&m->doc)->at,
			"the section does not close <" STR_FMT ">",
			STR_ARG(document_innermost(&m->doc)->name));
	bool same = m->state == mark.state && (m->state != S_VALUE || m->value_at == mark.value_at);
	if (!same && between(m->state) && between(mark.state)) {
		m->state =
			S_AFTER_VALUE; /* one way or the other: white space, / or > must follow */
		same = true;
	}
	if (!same)
		return document_fault(&m->doc, op->at,
			"the section must end in the same place (text, tag, attribute) as it "
			"begins");
	m->url_start = mark.url_start;
	m->marks.n--;
	m->doc.floor = mark.floor;
	m->doc.section_depth--;
	m->doc.list_depth -= mark.repeats;
	return ok();
}

static err take_op(struct machine *m, struct op *op)
{
	switch (op->kind) {
	case OP_TEXT:
		return take_text(m, op);
	case OP_EACH:
	case OP_WHEN:
	case OP_UNLESS:
		return section_begins(m, op);
	case OP_END:
		return section_ends(m, op);
	default:
		return take_value(m, op);
	}
}

err template_check_html(struct gen *gen, struct template *t)
{
	struct machine m = {.doc = {.gen = gen, .t = t}};
	map_init(&m.doc.ids, gen->arena);
	for (size_t i = 0; i < t->ops.n; i++)
		TRY(take_op(&m, &t->ops.v[i]));
	if (m.state != S_TEXT)
		return document_fault(&m.doc, m.tag.at, "the tag is not closed");
	return document_end(&m.doc);
}
