#include "tmplgen_html.h"

#include "base/vec.h"

static bool among(struct str name, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(name, str_of(words[i])))
			return true;
	return false;
}
#define AMONG(name, ...)                                  \
	among((name), (const char *const[]){__VA_ARGS__}, \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool is_void(struct str name)
{
	return AMONG(name, "area", "br", "col", "hr", "img", "input", "link", "meta", "source",
		"track", "wbr");
}

bool element_is_plain(struct str name)
{
	return AMONG(name, "title", "textarea", "option", "text", "desc");
}

/* Old, or with a language, a document or a name space of their own inside; set and animate write
 * other attributes. */
static bool is_refused(struct str name)
{
	return AMONG(name, "style", "base", "object", "embed", "applet", "frame", "frameset",
		"iframe", "noembed", "noframes", "xmp", "listing", "plaintext", "foreignobject",
		"math", "template", "slot", "param", "marquee", "blink", "font", "center", "set",
		"animate");
}

const struct element *document_innermost(const struct document *doc)
{
	return doc->open.n ? &doc->open.v[doc->open.n - 1] : NULL;
}

static const struct attr *attr_find(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->attrs.n; i++)
		if (str_eq(tag->attrs.v[i].name, str_of(name)))
			return &tag->attrs.v[i];
	return NULL;
}

static bool has_tag(struct str raw)
{
	return str_find(raw, STR("{{")) >= 0;
}

/* In every case there, and not empty. */
static bool attr_given(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->attrs.n; i++) {
		const struct attr *attr = &tag->attrs.v[i];
		if (str_eq(attr->name, str_of(name)) && attr->always && str_trim(attr->raw).n)
			return true;
	}
	return false;
}

static bool attr_is(const struct tag *tag, const char *name, const char *value)
{
	const struct attr *attr = attr_find(tag, name);
	return attr && str_eq_nocase(attr->raw, str_of(value));
}

/* Browsers do not tell onclick from oNclick. */
static bool has_capital(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] >= 'A' && name.p[i] <= 'Z')
			return true;
	return false;
}

err attr_named(struct document *doc, struct attr *attr)
{
	static const struct {
		const char *name;
		enum attr_kind kind;
		const char *why;
	} kinds[] = {
		{"action", ATTR_URL, NULL},
		{"background", ATTR_URL, NULL},
		{"cite", ATTR_URL, NULL},
		{"data", ATTR_URL, NULL},
		{"formaction", ATTR_URL, NULL},
		{"href", ATTR_URL, NULL},
		{"longdesc", ATTR_URL, NULL},
		{"manifest", ATTR_URL, NULL},
		{"poster", ATTR_URL, NULL},
		{"src", ATTR_URL, NULL},
		{"xlink:href", ATTR_URL, NULL},
		{"datetime", ATTR_MACHINE, NULL},
		{"max", ATTR_MACHINE, NULL},
		{"min", ATTR_MACHINE, NULL},
		{"value", ATTR_MACHINE, NULL},
		{"charset", ATTR_LITERAL, NULL},
		{"enctype", ATTR_LITERAL, NULL},
		{"http-equiv", ATTR_LITERAL, NULL},
		{"imagesrcset", ATTR_LITERAL, NULL},
		{"integrity", ATTR_LITERAL, NULL},
		{"is", ATTR_LITERAL, NULL},
		{"itemtype", ATTR_LITERAL, NULL},
		{"method", ATTR_LITERAL, NULL},
		{"nonce", ATTR_LITERAL, NULL},
		{"rel", ATTR_LITERAL, NULL},
		{"sizes", ATTR_LITERAL, NULL},
		{"srcset", ATTR_LITERAL, NULL},
		{"target", ATTR_LITERAL, NULL},
		{"style", ATTR_REFUSED, "styles stand in static/css"},
		{"formmethod", ATTR_REFUSED, "a form has one method"},
		{"ping", ATTR_REFUSED, "nobody is followed"},
		{"srcdoc", ATTR_REFUSED, "a document inside an attribute cannot be escaped"},
		{"accesskey", ATTR_REFUSED, "it collides with the keys of screen readers"},
	};
	if (has_capital(attr->name) && !AMONG(attr->name, "viewBox", "preserveAspectRatio",
					       "gradientUnits", "gradientTransform"))
		return document_fault(doc, attr->at,
			"write the attribute in small letters: " STR_FMT, STR_ARG(attr->name));
	if (str_starts(attr->name, STR("on")))
		return document_fault(doc, attr->at,
			"no event attribute; scripts stand in static/js: " STR_FMT,
			STR_ARG(attr->name));
	attr->kind = ATTR_PLAIN;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!str_eq(attr->name, str_of(kinds[i].name)))
			continue;
		attr->kind = kinds[i].kind;
		if (attr->kind == ATTR_REFUSED)
			return document_fault(doc, attr->at, "attribute %s is not allowed: %s",
				kinds[i].name, kinds[i].why);
	}
	return ok();
}

static err check_attrs(struct document *doc, const struct tag *tag)
{
	for (size_t i = 0; i < tag->attrs.n; i++) {
		const struct attr *a = &tag->attrs.v[i];
		for (size_t k = 0; k < i; k++)
			if (a->always && tag->attrs.v[k].always &&
				str_eq(a->name, tag->attrs.v[k].name))
				return document_fault(doc, a->at, "attribute given twice: " STR_FMT,
					STR_ARG(a->name));
		if (a->kind == ATTR_URL && !str_trim(a->raw).n)
			return document_fault(doc, a->at, "empty URL");
		if (!str_eq(a->name, STR("id")))
			continue;
		if (!str_trim(a->raw).n)
			return document_fault(doc, a->at, "empty id");
		if (!has_tag(a->raw) && doc->list_depth)
			return document_fault(doc, a->at,
				"an id in a list occurs once for each row; put a value into it");
		if (!has_tag(a->raw) && a->always && !doc->section_depth) {
			if (map_get(&doc->ids, a->raw))
				return document_fault(
					doc, a->at, "id used twice: " STR_FMT, STR_ARG(a->raw));
			map_put(&doc->ids, a->raw, doc);
		}
	}
	return ok();
}

static bool inside(const struct document *doc, const char *element)
{
	for (size_t i = 0; i < doc->open.n; i++)
		if (str_eq(doc->open.v[i].name, str_of(element)))
			return true;
	return false;
}

static void check_label(struct document *doc, const struct tag *tag)
{
	bool needs = AMONG(tag->name, "select", "textarea", "input", "progress", "meter", "output");
	const struct attr *type = attr_find(tag, "type");
	if (type && AMONG(type->raw, "hidden", "submit", "button", "reset", "image"))
		needs = false;
	if (!needs || inside(doc, "label") || attr_given(tag, "aria-label") ||
		attr_given(tag, "aria-labelledby"))
		return;
	const struct attr *id = attr_find(tag, "id");
	vec_push(doc->gen->arena, &doc->controls,
		((struct control){.id = id ? id->raw : (struct str){0},
			.element = tag->name,
			.at = tag->at}));
}

/* A link asks with GET; a form asks with its own method. */
static err check_route(
	struct document *doc, const struct tag *tag, const char *attr_name, const char *method)
{
	const struct attr *attr = attr_find(tag, attr_name);
	if (!attr || !attr->route)
		return ok();
	struct str is = attr->route->method;
	bool known = str_ends(is, STR("GET")) || str_ends(is, STR("POST")); /* GET or HTTP_GET */
	if (!known || str_ends(is, str_of(method)))
		return ok();
	return document_fault(doc, attr->at,
		"route " STR_FMT " is for " STR_FMT ", this asks with %s",
		STR_ARG(attr->route->name), STR_ARG(is), method);
}

static err open_form(struct document *doc, const struct tag *tag, struct element *element)
{
	const struct attr *method = attr_find(tag, "method");
	if (!method || !(attr_is(tag, "method", "get") || attr_is(tag, "method", "post")))
		return document_fault(doc, tag->at, "a form needs method=\"get\" or \"post\"");
	if (inside(doc, "form"))
		return document_fault(doc, tag->at, "a form inside a form");
	element->posts = attr_is(tag, "method", "post");
	return check_route(doc, tag, "action", element->posts ? "POST" : "GET");
}

/* A page may be asked for again after some seconds by browsers without script, and nothing else. */
static err check_equiv(struct document *doc, const struct tag *tag)
{
	const struct attr *equiv = attr_find(tag, "http-equiv"), *content = attr_find(tag, "content");
	if (!equiv)
		return ok();
	bool seconds = content && content->raw.n > 0 && !has_tag(content->raw);
	for (size_t i = 0; seconds && i < content->raw.n; i++)
		seconds = content->raw.p[i] >= '0' && content->raw.p[i] <= '9';
	if (seconds && str_eq(tag->name, STR("meta")) && attr_is(tag, "http-equiv", "refresh") && inside(doc, "noscript"))
		return ok();
	return document_fault(doc, equiv->at, "attribute http-equiv is not allowed but for a refresh after seconds in noscript: "
					      "headers are sent by the server");
}

static err check_element(struct document *doc, const struct tag *tag, struct element *element)
{
	if (is_refused(tag->name))
		return document_fault(
			doc, tag->at, "element not allowed: " STR_FMT, STR_ARG(tag->name));
	if (str_eq(tag->name, STR("script"))) {
		const struct attr *src = attr_find(tag, "src");
		if (!src || !str_starts(src->raw, STR("{{static ")))
			return document_fault(doc, tag->at,
				"no inline script; a script is <script src=\"{{static "
				"js/….js}}\">");
	}
	if (str_eq(tag->name, STR("img"))) {
		const struct attr *alt = attr_find(tag, "alt");
		if (!alt || !alt->always)
			return document_fault(
				doc, tag->at, "img needs alt (empty when it only decorates)");
	}
	TRY(check_equiv(doc, tag));
	if (str_eq(tag->name, STR("html")) && !attr_given(tag, "lang"))
		return document_fault(doc, tag->at, "html needs lang");
	if (str_eq(tag->name, STR("form")))
		TRY(open_form(doc, tag, element));
	if (AMONG(tag->name, "a", "area", "link"))
		TRY(check_route(doc, tag, "href", "GET"));
	const struct attr *label_for = attr_find(tag, "for");
	if (str_eq(tag->name, STR("label")) && label_for)
		vec_push(doc->gen->arena, &doc->labels, label_for->raw);
	check_label(doc, tag);
	return ok();
}

static err close_element(struct document *doc, const struct tag *tag)
{
	const struct element *last = document_innermost(doc);
	if (tag->attrs.n)
		return document_fault(doc, tag->at, "an end tag has no attributes");
	if (is_void(tag->name))
		return document_fault(doc, tag->at, STR_FMT " has no end tag", STR_ARG(tag->name));
	if (!last)
		return document_fault(
			doc, tag->at, "</" STR_FMT "> closes nothing", STR_ARG(tag->name));
	if (!str_eq(last->name, tag->name))
		return document_fault(doc, tag->at,
			"</" STR_FMT "> where </" STR_FMT "> is expected", STR_ARG(tag->name),
			STR_ARG(last->name));
	if (doc->open.n <= doc->floor)
		return document_fault(doc, tag->at,
			"the section closes <" STR_FMT ">, which was opened outside of it",
			STR_ARG(tag->name));
	if (last->posts && !last->has_csrf)
		return document_fault(doc, last->at, "a form that posts needs {{csrf}}");
	doc->open.n--;
	return ok();
}

err tag_complete(struct document *doc, const struct tag *tag)
{
	if (tag->closing)
		return close_element(doc, tag);
	struct element element = {
		.name = tag->name, .at = tag->at, .section_depth = doc->section_depth};
	TRY(check_attrs(doc, tag));
	TRY(check_element(doc, tag, &element));
	if (is_void(tag->name))
		return ok();
	if (tag->self_closing) {
		if (!inside(doc, "svg"))
			return document_fault(doc, tag->at, "<" STR_FMT "/> does not close itself",
				STR_ARG(tag->name));
		return ok();
	}
	vec_push(doc->gen->arena, &doc->open, element);
	return ok();
}

err document_csrf(struct document *doc, size_t at)
{
	for (size_t i = doc->open.n; i--;) {
		struct element *e = &doc->open.v[i];
		if (!str_eq(e->name, STR("form")))
			continue;
		if (!e->posts)
			return document_fault(doc, at,
				"{{csrf}} in a form that does not post would show up in the URL");
		if (e->section_depth != doc->section_depth)
			return document_fault(
				doc, at, "{{csrf}} must not depend on a section inside its form");
		e->has_csrf = true;
		return ok();
	}
	return document_fault(doc, at, "{{csrf}} outside a form");
}

err document_end(struct document *doc)
{
	const struct element *last = document_innermost(doc);
	if (last)
		return document_fault(
			doc, last->at, "<" STR_FMT "> is not closed", STR_ARG(last->name));
	for (size_t i = 0; i < doc->controls.n; i++) {
		const struct control *c = &doc->controls.v[i];
		bool found = false;
		for (size_t k = 0; k < doc->labels.n && c->id.n; k++)
			found = found || str_eq(doc->labels.v[k], c->id);
		if (!found)
			return document_fault(doc, c->at,
				STR_FMT " has no label: <label for> with its id, or aria-label",
				STR_ARG(c->element));
	}
	return ok();
}
