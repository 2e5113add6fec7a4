#include "tmplgen.h"

#include "base/vec.h"

/* Reads the {{view}} … {{/view}} block: one member a line, a list's members until its `end`. */

struct reader {
	struct gen *gen;
	struct template *t;
	struct str rest;
	size_t depth;
};

struct member *members_find(const struct members *members, struct str name)
{
	for (size_t i = 0; i < members->n; i++)
		if (str_eq(members->v[i].name, name))
			return &members->v[i];
	return NULL;
}

static const struct {
	struct str word;
	enum type type;
} types[] = {
	{STR_INIT("str"), TYPE_STR},
	{STR_INIT("bool"), TYPE_BOOL},
	{STR_INIT("int"), TYPE_INT},
	{STR_INIT("date"), TYPE_DATE},
	{STR_INIT("datetime"), TYPE_DATETIME},
	{STR_INIT("msg"), TYPE_MSG},
	{STR_INIT("url"), TYPE_URL},
	{STR_INIT("html"), TYPE_HTML},
	{STR_INIT("view"), TYPE_VIEW},
	{STR_INIT("list"), TYPE_LIST},
};

static struct str take_word(struct str *rest)
{
	size_t from = 0;
	while (from < rest->n && (rest->p[from] == ' ' || rest->p[from] == '\t'))
		from++;
	size_t to = from;
	while (to < rest->n && rest->p[to] != ' ' && rest->p[to] != '\t')
		to++;
	struct str word = str_sub(*rest, from, to - from);
	*rest = str_skip(*rest, to);
	return word;
}

static size_t at_of(const struct reader *r, struct str part)
{
	return (size_t)(part.p - r->t->source.p);
}

static bool is_reserved(struct str name)
{
	static const char *const words[] = {"csrf", "page", "view", "end", "nothing"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(name, str_of(words[i])))
			return true;
	return false;
}

/* rows also makes the C member rows_count. */
static bool clashes(
	struct reader *r, const struct members *members, struct str name, enum type type)
{
	if (members_find(members, name))
		return true;
	if (type == TYPE_LIST &&
		members_find(members, str_fmt(r->gen->arena, STR_FMT "_count", STR_ARG(name))))
		return true;
	if (str_ends(name, STR("_count"))) {
		const struct member *other = members_find(members, str_sub(name, 0, name.n - 6));
		return other && other->type == TYPE_LIST;
	}
	return false;
}

static err read_members(struct reader *r, struct members *members, size_t opened_at);

static err read_member(struct reader *r, struct members *members, struct str line)
{
	ptrdiff_t colon = str_find_byte(line, ':');
	if (colon < 0)
		return template_fault(r->gen, r->t, at_of(r, line), "expected `name: type`");
	struct str name = str_trim(str_sub(line, 0, (size_t)colon));
	if (!gen_is_name(name) || is_reserved(name))
		return template_fault(r->gen, r->t, at_of(r, line),
			"not a name for a member: " STR_FMT, STR_ARG(name));
	struct str rest = str_skip(line, (size_t)colon + 1);
	struct str word = take_word(&rest);
	struct member member = {.name = name, .at = at_of(r, line), .type = TYPE_COUNT};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_eq(types[i].word, word))
			member.type = types[i].type;
	if (member.type == TYPE_COUNT)
		return template_fault(
			r->gen, r->t, at_of(r, word), "unknown type: " STR_FMT, STR_ARG(word));
	if (clashes(r, members, name, member.type))
		return template_fault(
			r->gen, r->t, member.at, "declared twice: " STR_FMT, STR_ARG(name));
	if (member.type == TYPE_VIEW) {
		member.view = take_word(&rest);
		if (!gen_is_name(member.view))
			return template_fault(r->gen, r->t, at_of(r, word),
				"expected the name of a template after `view`");
	}
	member.note = str_trim(rest);
	if (member.type == TYPE_LIST) {
		member.list = arena_new(r->gen->arena, struct members);
		member.list->c_name = str_fmt(r->gen->arena, STR_FMT "_" STR_FMT,
			STR_ARG(members->c_name), STR_ARG(name));
		TRY(read_members(r, member.list, member.at));
		if (!member.list->n)
			return template_fault(r->gen, r->t, member.at, "a list needs members");
	}
	vec_push(r->gen->arena, members, member);
	return ok();
}

/* opened_at: where the list begins; SIZE_MAX for the view itself. */
static err read_members(struct reader *r, struct members *members, size_t opened_at)
{
	if (++r->depth > 8)
		return template_fault(r->gen, r->t, opened_at, "lists nested too deeply");
	struct str line;
	while (str_next(&r->rest, '\n', &line)) {
		struct str trimmed = str_trim(line);
		if (!trimmed.n)
			continue;
		if (str_eq(trimmed, STR("end"))) {
			if (opened_at == SIZE_MAX)
				return template_fault(
					r->gen, r->t, at_of(r, trimmed), "`end` without a list");
			r->depth--;
			return ok();
		}
		TRY(read_member(r, members, trimmed));
	}
	if (opened_at != SIZE_MAX)
		return template_fault(r->gen, r->t, opened_at, "the list has no `end`");
	r->depth--;
	return ok();
}

err template_read_view(struct gen *gen, struct template *t, struct str text)
{
	struct reader r = {.gen = gen, .t = t, .rest = text};
	t->view.c_name = t->name;
	return read_members(&r, &t->view, SIZE_MAX);
}

static void check_used(struct gen *gen, const struct template *t, const struct members *members)
{
	for (size_t i = 0; i < members->n; i++) {
		const struct member *m = &members->v[i];
		if (!m->used)
			/* Counted in gen; the others are named too. */
			IGNORE(template_fault(gen, t, m->at, "no tag uses this member: " STR_FMT, STR_ARG(m->name)));
		else if (m->type == TYPE_LIST)
			check_used(gen, t, m->list);
	}
}

err template_check_view(struct gen *gen, const struct template *t)
{
	size_t before = gen->fault_count;
	check_used(gen, t, &t->view);
	return gen->fault_count == before ? ok() : fail(ERR_INVALID, "members without use");
}
