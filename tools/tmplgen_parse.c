#include "tmplgen.h"

#include "base/vec.h"

/*
 * Source → operations. Text keeps pointing into the source, so that every later fault knows its
 * place; white space that is not printed is left out here.
 */

struct section {
	struct str name;
	size_t at;
	const struct members *scope; /* of a list: its members; NULL: the section opens no scope */
	struct str row;              /* C name of the row variable */
};

struct parser {
	struct gen *gen;
	const struct inputs *in;
	struct template *t;
	size_t pos;
	bool silent; /* the line holds only tags that print nothing themselves, so nothing of it is
			printed */
	struct {
		struct section *v;
		size_t n;
		size_t cap;
	} sections;
};

#define PARSE_DEPTH_MAX 32

static struct op *add_op(struct parser *p, enum op_kind kind, size_t at)
{
	struct op *op = vec_add(p->gen->arena, &p->t->ops);
	op->kind = kind;
	op->at = at;
	op->place = PLACE_MAIL;
	return op;
}

/* ---- lines ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Whether the line that begins at `from` consists of sections, comments and blanks alone (at least
 * one tag). */
static bool line_is_silent(const struct parser *p, size_t from)
{
	struct str s = p->t->source;
	bool any = false;
	for (size_t i = from;;) {
		while (i < s.n && is_blank(s.p[i]))
			i++;
		if (i >= s.n || s.p[i] == '\n')
			return any;
		if (i + 2 >= s.n || s.p[i] != '{' || s.p[i + 1] != '{')
			return false;
		char kind = s.p[i + 2];
		if (!memchr("#^?/!", kind, 5) && !(kind == '>' && p->t->plain))
			return false;
		ptrdiff_t end = str_find(str_skip(s, i), STR("}}"));
		if (end < 0)
			return false;
		any = true;
		i += (size_t)end + 2;
	}
}

static void add_text(struct parser *p, size_t from, size_t to)
{
	if (from < to)
		add_op(p, OP_TEXT, from)->text = str_sub(p->t->source, from, to - from);
}

/* The text from p->pos to `end`, without the white space that is not printed. */
static void take_text(struct parser *p, size_t end)
{
	struct str s = p->t->source;
	while (p->pos < end) {
		size_t from = p->pos;
		const char *nl = memchr(s.p + from, '\n', end - from);
		size_t to = nl ? (size_t)(nl - s.p) : end;
		size_t next = nl ? to + 1 : end;
		bool line_start = from == 0 || s.p[from - 1] == '\n';
		if (!p->silent && p->t->plain) {
			add_text(p, from, next);
		} else if (!p->silent) {
			size_t shown_to = to;
			if (line_start)
				while (from < shown_to && is_blank(s.p[from]))
					from++;
			if (nl || end == s.n)
				while (from < shown_to && is_blank(s.p[shown_to - 1]))
					shown_to--;
			add_text(p, from, shown_to);
			bool blank_line = line_start && from == shown_to;
			if (nl && !blank_line && str_trim(str_skip(s, to)).n)
				add_text(p, to, next);
		}
		p->pos = next;
		if (nl)
			p->silent = line_is_silent(p, next);
	}
}

/* ---- names ---- */

static const struct {
	struct str name;
	enum type type;
	struct str expr;
} page_members[] = {
	{STR_INIT("page.locale.tag"), TYPE_STR, STR_INIT("page->locale->tag")},
	{STR_INIT("page.locale.name"), TYPE_STR, STR_INIT("page->locale->name")},
	{STR_INIT("page.locale.furigana"), TYPE_BOOL, STR_INIT("page->locale->furigana")},
};

static err resolve(struct parser *p, struct str name, size_t at, struct ref *out)
{
	for (size_t i = 0; i < sizeof page_members / sizeof *page_members; i++) {
		if (str_eq(page_members[i].name, name)) {
			*out = (struct ref){page_members[i].type, page_members[i].expr, NULL};
			return ok();
		}
	}
	const struct members *scope = &p->t->view;
	struct str base = STR("view");
	struct member *found = NULL;
	for (size_t i = p->sections.n; i-- && !found;) {
		if (p->sections.v[i].scope && (found = members_find(p->sections.v[i].scope, name)))
			base = p->sections.v[i].row;
	}
	if (!found)
		found = members_find(scope, name);
	if (!found)
		return template_fault(p->gen, p->t, at, "no such member: " STR_FMT, STR_ARG(name));
	found->used = true;
	*out = (struct ref){found->type,
		str_fmt(p->gen->arena, STR_FMT "->" STR_FMT, STR_ARG(base), STR_ARG(name)), found};
	return ok();
}

/* ---- tags ---- */

static struct str take_word(struct str *rest)
{
	*rest = str_trim(*rest);
	size_t n = 0;
	while (n < rest->n && !is_blank(rest->p[n]) && rest->p[n] != '\n')
		n++;
	struct str word = str_sub(*rest, 0, n);
	*rest = str_trim(str_skip(*rest, n));
	return word;
}

static size_t at_of(const struct parser *p, struct str part)
{
	return (size_t)(part.p - p->t->source.p);
}

static err open_section(struct parser *p, char sign, struct str name, size_t at)
{
	struct ref ref;
	TRY(resolve(p, name, at, &ref));
	if (ref.type == TYPE_VIEW)
		return template_fault(
			p->gen, p->t, at, "a view is printed by {{> " STR_FMT "}}", STR_ARG(name));
	if (sign == '?' && ref.type != TYPE_LIST)
		return template_fault(p->gen, p->t, at,
			"{{?name}} is for lists; use {{#" STR_FMT "}}", STR_ARG(name));
	if (p->sections.n >= PARSE_DEPTH_MAX)
		return template_fault(p->gen, p->t, at, "sections nested too deeply");
	struct section section = {.name = name, .at = at};
	enum op_kind kind = sign == '^' ? OP_UNLESS : OP_WHEN;
	unsigned row = 0;
	if (sign == '#' && ref.type == TYPE_LIST) {
		kind = OP_EACH;
		row = 1;
		for (size_t i = 0; i < p->sections.n; i++)
			row += p->sections.v[i].scope != NULL;
		section.scope = ref.member->list;
		section.row = str_fmt(p->gen->arena, "row%u", row);
	}
	struct op *op = add_op(p, kind, at);
	op->ref = ref;
	op->text = name;
	op->row = row;
	vec_push(p->gen->arena, &p->sections, section);
	return ok();
}

static err close_section(struct parser *p, struct str name, size_t at)
{
	if (!p->sections.n)
		return template_fault(
			p->gen, p->t, at, "{{/" STR_FMT "}} closes nothing", STR_ARG(name));
	const struct section *last = &p->sections.v[p->sections.n - 1];
	if (!str_eq(last->name, name))
		return template_fault(p->gen, p->t, at,
			"{{/" STR_FMT "}} where {{/" STR_FMT "}} is expected", STR_ARG(name),
			STR_ARG(last->name));
	p->sections.n--;
	add_op(p, OP_END, at);
	return ok();
}

static bool is_text_type(enum type type)
{
	return type == TYPE_STR || type == TYPE_INT || type == TYPE_DATE || type == TYPE_DATETIME ||
	       type == TYPE_MSG || type == TYPE_URL;
}

static bool has_holder(const struct key *key, struct str name)
{
	for (size_t i = 0; i < key->holders.n; i++)
		if (str_eq(key->holders.v[i], name))
			return true;
	return false;
}

static err take_msg(struct parser *p, struct str rest, size_t at)
{
	struct str name = take_word(&rest);
	const struct key *key = map_get(&p->in->keys, name);
	if (!key) {
		/* Work goes on: a new page has many texts that are not in the catalogue yet, and
		 * each is named. */
		IGNORE(template_fault(p->gen, p->t, at, "no such text: " STR_FMT, STR_ARG(name)));
		return ok();
	}
	struct {
		struct op_arg *v;
		size_t n;
		size_t cap;
	} args = {0};
	while (rest.n) {
		struct str word = take_word(&rest);
		ptrdiff_t equals = str_find_byte(word, '=');
		if (equals <= 0)
			return template_fault(
				p->gen, p->t, at_of(p, word), "expected placeholder=member");
		struct op_arg arg = {.name = str_sub(word, 0, (size_t)equals)};
		struct str member = str_skip(word, (size_t)equals + 1);
		if (!has_holder(key, arg.name))
			return template_fault(p->gen, p->t, at_of(p, word),
				"the text " STR_FMT " has no {" STR_FMT "}", STR_ARG(name),
				STR_ARG(arg.name));
		for (size_t i = 0; i < args.n; i++)
			if (str_eq(args.v[i].name, arg.name))
				return template_fault(p->gen, p->t, at_of(p, word),
					"given twice: " STR_FMT, STR_ARG(arg.name));
		TRY(resolve(p, member, at_of(p, word), &arg.ref));
		if (!is_text_type(arg.ref.type))
			return template_fault(p->gen, p->t, at_of(p, word), "not a text: " STR_FMT,
				STR_ARG(member));
		vec_push(p->gen->arena, &args, arg);
	}
	if (args.n != key->holders.n) {
		struct str all =
			str_join(p->gen->arena, key->holders.v, key->holders.n, STR("}, {"));
		return template_fault(p->gen, p->t, at, "the text " STR_FMT " needs {" STR_FMT "}",
			STR_ARG(name), STR_ARG(all));
	}
	struct op *op = add_op(p, OP_MSG, at);
	op->key = key;
	op->args = args.v;
	op->arg_count = args.n;
	return ok();
}

static err take_url(struct parser *p, struct str rest, size_t at)
{
	struct str name = take_word(&rest);
	const struct route *route = map_get(&p->in->routes, name);
	if (!route)
		return template_fault(p->gen, p->t, at, "no such route: " STR_FMT, STR_ARG(name));
	if (str_find_byte(route->pattern, '*') >= 0)
		return template_fault(p->gen, p->t, at,
			"a route with * has no single URL: " STR_FMT, STR_ARG(name));
	struct op_arg *args = arena_array(p->gen->arena, struct op_arg, route->param_count + 1);
	size_t n = 0;
	while (rest.n) {
		struct str word = take_word(&rest);
		if (n == route->param_count)
			return template_fault(p->gen, p->t, at_of(p, word),
				"too many arguments for " STR_FMT, STR_ARG(route->pattern));
		TRY(resolve(p, word, at_of(p, word), &args[n].ref));
		if (args[n].ref.type != TYPE_STR && args[n].ref.type != TYPE_INT)
			return template_fault(p->gen, p->t, at_of(p, word),
				"an argument of a URL is a str or an int");
		n++;
	}
	if (n != route->param_count)
		return template_fault(p->gen, p->t, at, "too few arguments for " STR_FMT,
			STR_ARG(route->pattern));
	struct op *op = add_op(p, OP_URL, at);
	op->route = route;
	op->args = args;
	op->arg_count = n;
	return ok();
}

static err take_static(struct parser *p, struct str rest, size_t at)
{
	struct str path = take_word(&rest);
	if (rest.n || !map_get(&p->in->statics, path))
		return template_fault(
			p->gen, p->t, at, "no such static file: " STR_FMT, STR_ARG(path));
	add_op(p, OP_STATIC, at)->text = str_fmt(p->gen->arena, "/static/" STR_FMT "/" STR_FMT,
		STR_ARG(p->in->static_version), STR_ARG(path));
	return ok();
}

static err take_part(struct parser *p, struct str name, size_t at)
{
	struct ref ref;
	TRY(resolve(p, name, at, &ref));
	if (ref.type != TYPE_VIEW)
		return template_fault(p->gen, p->t, at, "{{> }} is for members of type view");
	add_op(p, OP_PART, at)->ref = ref;
	return ok();
}

static err take_value(struct parser *p, struct str name, size_t at)
{
	struct ref ref;
	TRY(resolve(p, name, at, &ref));
	if (!is_text_type(ref.type) && ref.type != TYPE_HTML) {
		static const char *const use[TYPE_COUNT] = {[TYPE_BOOL] = "{{#name}}",
			[TYPE_LIST] = "{{#name}}",
			[TYPE_VIEW] = "{{> name}}"};
		return template_fault(
			p->gen, p->t, at, "cannot be printed as it is; use %s", use[ref.type]);
	}
	if (ref.type == TYPE_HTML && p->t->plain)
		return template_fault(p->gen, p->t, at, "markup cannot stand in plain text");
	add_op(p, OP_VALUE, at)->ref = ref;
	return ok();
}

static err take_words(struct parser *p, struct str inner, size_t at)
{
	struct str rest = inner;
	struct str first = take_word(&rest);
	if (str_eq(first, STR("t")) && rest.n)
		return take_msg(p, rest, at);
	if (str_eq(first, STR("url")) && rest.n)
		return take_url(p, rest, at);
	if (str_eq(first, STR("static")) && rest.n)
		return take_static(p, rest, at);
	if (rest.n)
		return template_fault(p->gen, p->t, at, "not a tag: " STR_FMT, STR_ARG(inner));
	if (str_eq(first, STR("csrf"))) {
		if (p->t->plain)
			return template_fault(p->gen, p->t, at, "{{csrf}} is for forms");
		add_op(p, OP_CSRF, at);
		return ok();
	}
	return take_value(p, first, at);
}

static err take_tag(struct parser *p)
{
	size_t at = p->pos;
	struct str rest = str_skip(p->t->source, at + 2);
	ptrdiff_t end = str_find(rest, STR("}}"));
	if (end < 0)
		return template_fault(p->gen, p->t, at, "the tag is not closed");
	struct str inner = str_trim(str_sub(rest, 0, (size_t)end));
	if (!inner.n)
		return template_fault(p->gen, p->t, at, "empty tag");
	p->pos = at + 2 + (size_t)end + 2;
	struct str name = str_trim(str_skip(inner, 1));
	switch (inner.p[0]) {
	case '!':
		return ok();
	case '{':
	case '&':
		return template_fault(p->gen, p->t, at,
			"there is no unescaped printing; use a member of type html");
	case '#':
	case '^':
	case '?':
		return open_section(p, inner.p[0], name, at);
	case '/':
		return close_section(p, name, at);
	case '>':
		return take_part(p, name, at);
	default:
		return take_words(p, inner, at);
	}
}

/* ---- the file ---- */

static err take_view(struct parser *p)
{
	struct str s = p->t->source;
	size_t at = 0;
	while (at < s.n && (is_blank(s.p[at]) || s.p[at] == '\n'))
		at++;
	if (!str_starts(str_skip(s, at), STR("{{view}}")))
		return template_fault(p->gen, p->t, at, "a template begins with {{view}}");
	struct str body = str_skip(s, at + strlen("{{view}}"));
	ptrdiff_t end = str_find(body, STR("{{/view}}"));
	if (end < 0)
		return template_fault(p->gen, p->t, at, "{{view}} is not closed");
	TRY(template_read_view(p->gen, p->t, str_sub(body, 0, (size_t)end)));
	p->pos = at + strlen("{{view}}") + (size_t)end + strlen("{{/view}}");
	while (p->pos < s.n && is_blank(s.p[p->pos]))
		p->pos++;
	if (p->pos < s.n && s.p[p->pos] == '\n')
		p->pos++;
	p->silent = line_is_silent(p, p->pos);
	return ok();
}

err template_parse(struct gen *gen, const struct inputs *in, struct template *t)
{
	struct parser p = {.gen = gen, .in = in, .t = t};
	TRY(take_view(&p));
	while (p.pos < t->source.n) {
		ptrdiff_t next = str_find(str_skip(t->source, p.pos), STR("{{"));
		size_t end = next < 0 ? t->source.n : p.pos + (size_t)next;
		ptrdiff_t stray = str_find(str_sub(t->source, p.pos, end - p.pos), STR("}}"));
		if (stray >= 0)
			return template_fault(gen, t, p.pos + (size_t)stray, "}} without {{");
		take_text(&p, end);
		if (next >= 0)
			TRY(take_tag(&p));
	}
	if (p.sections.n) {
		const struct section *last = &p.sections.v[p.sections.n - 1];
		return template_fault(
			gen, t, last->at, "{{#" STR_FMT "}} is not closed", STR_ARG(last->name));
	}
	return template_check_view(gen, t);
}

err template_init(
	struct gen *gen, struct template *t, struct str file, struct str path, struct str source)
{
	*t = (struct template){.file = file, .path = path, .source = source};
	struct str stem = {0};
	if (str_ends(path, STR(".html")))
		stem = str_sub(path, 0, path.n - 5);
	else if (str_ends(path, STR(".txt")))
		stem = str_sub(path, 0, path.n - 4);
	else
		return template_fault(gen, t, 0, "a template ends in .html or .txt");
	t->plain = str_ends(path, STR(".txt"));
	char *name = arena_alloc(gen->arena, stem.n + 1);
	for (size_t i = 0; i < stem.n; i++)
		name[i] = stem.p[i] == '/' || stem.p[i] == '-' ? '_' : stem.p[i];
	t->name = str_make(name, stem.n);
	if (!gen_is_name(t->name))
		return template_fault(
			gen, t, 0, "the path of a template is made of a-z, 0-9, '_', '-' and '/'");
	return ok();
}
