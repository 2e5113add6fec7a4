#include "tmplgen.h"

#include "base/vec.h"

/* Views inside views: a struct that holds another must stand behind it, and cannot hold itself. */

struct linker {
	struct gen *gen;
	struct map by_name;
	struct map structs; /* name of a C struct → the template it comes from */
	struct templates ordered;
};

static err visit(struct linker *l, struct template *t);

static err visit_members(struct linker *l, struct template *t, const struct members *members)
{
	const struct template *other = map_get(&l->structs, members->c_name);
	if (other)
		return template_fault(l->gen, t, 0,
			"struct view_" STR_FMT " is made by " STR_FMT " too",
			STR_ARG(members->c_name), STR_ARG(other->file));
	map_put(&l->structs, members->c_name, t);
	for (size_t i = 0; i < members->n; i++) {
		const struct member *m = &members->v[i];
		if (m->type == TYPE_LIST)
			TRY(visit_members(l, t, m->list));
		if (m->type != TYPE_VIEW)
			continue;
		struct template *part = map_get(&l->by_name, m->view);
		if (!part)
			return template_fault(
				l->gen, t, m->at, "no such template: " STR_FMT, STR_ARG(m->view));
		if (part->plain != t->plain)
			return template_fault(l->gen, t, m->at,
				"plain text and HTML do not mix: " STR_FMT, STR_ARG(m->view));
		if (part->visit == 1)
			return template_fault(l->gen, t, m->at,
				"the view would contain itself: " STR_FMT, STR_ARG(m->view));
		TRY(visit(l, part));
	}
	return ok();
}

static err visit(struct linker *l, struct template *t)
{
	if (t->visit)
		return ok();
	t->visit = 1;
	TRY(visit_members(l, t, &t->view));
	t->visit = 2;
	vec_push(l->gen->arena, &l->ordered, t);
	return ok();
}

err templates_link(struct gen *gen, struct templates *all)
{
	struct linker l = {.gen = gen};
	map_init(&l.by_name, gen->arena);
	map_init(&l.structs, gen->arena);
	for (size_t i = 0; i < all->n; i++) {
		const struct template *other = map_get(&l.by_name, all->v[i]->name);
		if (other)
			return template_fault(gen, all->v[i], 0, "the same name as " STR_FMT,
				STR_ARG(other->file));
		map_put(&l.by_name, all->v[i]->name, all->v[i]);
	}
	for (size_t i = 0; i < all->n; i++)
		TRY(visit(&l, all->v[i]));
	*all = l.ordered;
	return ok();
}
