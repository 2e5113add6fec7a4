#include "tmplgen.h"

/* Operations → C. Literals that follow each other become one append. */

static const char *const c_types[TYPE_COUNT] = {
	[TYPE_STR] = "struct str ",
	[TYPE_BOOL] = "bool ",
	[TYPE_INT] = "int64_t ",
	[TYPE_DATE] = "int32_t ",
	[TYPE_DATETIME] = "int64_t ",
	[TYPE_MSG] = "enum msg ",
	[TYPE_URL] = "struct str ",
	[TYPE_HTML] = "struct html ",
};

static const char *const c_notes[TYPE_COUNT] = {
	[TYPE_DATE] = "YYYYMMDD",
	[TYPE_DATETIME] = "ms since 1970",
	[TYPE_URL] = "a URL",
};

/* ---- header ---- */

static void emit_note(struct buf *out, const struct member *m)
{
	if (m->note.n) {
		buf_lit(out, " /* ");
		gen_c_comment(out, m->note);
		buf_lit(out, " */");
	} else if (c_notes[m->type]) {
		buf_fmt(out, " /* %s */", c_notes[m->type]);
	}
}

static void emit_struct(struct buf *out, const struct members *members)
{
	for (size_t i = 0; i < members->n; i++)
		if (members->v[i].type == TYPE_LIST)
			emit_struct(out, members->v[i].list);
	buf_fmt(out, "struct view_" STR_FMT " {\n", STR_ARG(members->c_name));
	if (!members->n)
		buf_lit(out, "\tbool nothing; /* the template has no members */\n");
	for (size_t i = 0; i < members->n; i++) {
		const struct member *m = &members->v[i];
		if (m->type == TYPE_LIST)
			buf_fmt(out, "\tconst struct view_" STR_FMT " *" STR_FMT ";",
				STR_ARG(m->list->c_name), STR_ARG(m->name));
		else if (m->type == TYPE_VIEW)
			buf_fmt(out, "\tstruct view_" STR_FMT " " STR_FMT ";", STR_ARG(m->view),
				STR_ARG(m->name));
		else
			buf_fmt(out, "\t%s" STR_FMT ";", c_types[m->type], STR_ARG(m->name));
		emit_note(out, m);
		buf_byte(out, '\n');
		if (m->type == TYPE_LIST)
			buf_fmt(out, "\tsize_t " STR_FMT "_count;\n", STR_ARG(m->name));
	}
	buf_lit(out, "};\n");
}

/* Takes "/:name" apart: the literal before the next parameter, then its name. False: no parameter
 * is left. */
static bool next_param(struct str *rest, struct str *literal, struct str *name)
{
	ptrdiff_t at = str_find(*rest, STR("/:"));
	if (at < 0) {
		*literal = *rest;
		return false;
	}
	*literal = str_sub(*rest, 0, (size_t)at + 1);
	struct str tail = str_skip(*rest, (size_t)at + 2);
	ptrdiff_t end = str_find_byte(tail, '/');
	*name = end < 0 ? tail : str_sub(tail, 0, (size_t)end);
	*rest = str_skip(tail, name->n);
	return true;
}

void templates_emit_header(struct buf *out, const struct templates *all)
{
	buf_lit(out, "/* Made by tmplgen from templates/. */\n#ifndef RENDER_TEMPLATES_H\n"
		     "#define RENDER_TEMPLATES_H\n\n#include \"render/page.h\"\n\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct template *t = all->v[i];
		buf_fmt(out, "/* " STR_FMT " */\n", STR_ARG(t->path));
		emit_struct(out, &t->view);
		buf_fmt(out,
			"void tmpl_" STR_FMT
			"(struct buf *out, const struct page *page, const struct view_" STR_FMT
			" *view);\n\n",
			STR_ARG(t->name), STR_ARG(t->name));
	}
	buf_lit(out, "#endif\n");
}

/* ---- source ---- */

struct emitter {
	struct buf *out;
	struct buf literal;
	unsigned depth;
};

static void indent(struct emitter *e)
{
	for (unsigned i = 0; i <= e->depth; i++)
		buf_byte(e->out, '\t');
}

static void flush(struct emitter *e)
{
	if (!e->literal.n)
		return;
	indent(e);
	buf_lit(e->out, "html_lit(out, ");
	gen_c_string(e->out, buf_view(&e->literal), e->depth + 2);
	buf_lit(e->out, ");\n");
	buf_clear(&e->literal);
}

/* clang-format off */
/* How a value is printed in a place; %E is its expression. A pair that is missing was refused before. */
static const char *const value_forms[TYPE_COUNT][PLACE_COUNT] = {
	[TYPE_STR] = {
		[PLACE_TEXT] = "html_write_text(out, %E)",
		[PLACE_PLAIN] = "html_write_text(out, %E)",
		[PLACE_ATTR] = "html_write_attr(out, %E)",
		[PLACE_MACHINE] = "html_write_attr(out, %E)",
		[PLACE_URL] = "html_write_url(out, %E)",
		[PLACE_MAIL] = "buf_str(out, %E)",
	},
	[TYPE_URL] = {
		[PLACE_TEXT] = "html_write_text(out, %E)",
		[PLACE_PLAIN] = "html_write_text(out, %E)",
		[PLACE_ATTR] = "html_write_attr(out, %E)",
		[PLACE_MACHINE] = "html_write_attr(out, %E)",
		[PLACE_URL] = "html_write_url(out, %E)",
		[PLACE_MAIL] = "buf_str(out, %E)",
	},
	[TYPE_INT] = {
		[PLACE_TEXT] = "buf_i64(out, %E)",
		[PLACE_PLAIN] = "buf_i64(out, %E)",
		[PLACE_ATTR] = "buf_i64(out, %E)",
		[PLACE_MACHINE] = "buf_i64(out, %E)",
		[PLACE_URL] = "buf_i64(out, %E)",
		[PLACE_MAIL] = "buf_i64(out, %E)",
	},
	[TYPE_DATE] = {
		[PLACE_TEXT] = "date_write_html(out, page->locale, %E)",
		[PLACE_PLAIN] = "date_write(out, page->locale, %E)",
		[PLACE_ATTR] = "date_write(out, page->locale, %E)",
		[PLACE_MACHINE] = "date_write_machine(out, %E)",
		[PLACE_URL] = "date_write_machine(out, %E)",
		[PLACE_MAIL] = "date_write(out, page->locale, %E)",
	},
	[TYPE_DATETIME] = {
		[PLACE_TEXT] = "datetime_write_html(out, page->locale, %E)",
		[PLACE_PLAIN] = "datetime_write(out, page->locale, %E)",
		[PLACE_ATTR] = "datetime_write(out, page->locale, %E)",
		[PLACE_MACHINE] = "time_write_iso(out, %E)",
		[PLACE_MAIL] = "datetime_write(out, page->locale, %E)",
	},
	[TYPE_MSG] = {
		[PLACE_TEXT] = "buf_str(out, page->locale->html[%E])",
		[PLACE_PLAIN] = "html_write_text(out, page->locale->plain[%E])",
		[PLACE_ATTR] = "html_write_attr(out, page->locale->plain[%E])",
		[PLACE_MACHINE] = "html_write_attr(out, page->locale->plain[%E])",
		[PLACE_MAIL] = "buf_str(out, page->locale->plain[%E])",
	},
	[TYPE_HTML] = {
		[PLACE_TEXT] = "buf_str(out, %E.s)",
	},
};
/* clang-format on */

static void emit_form(struct emitter *e, const char *form, struct str expr)
{
	indent(e);
	const char *at = strstr(form, "%E");
	buf_bytes(e->out, form, (size_t)(at - form));
	buf_str(e->out, expr);
	buf_c(e->out, at + 2);
	buf_lit(e->out, ";\n");
}

static void emit_condition(struct buf *out, const struct ref *ref, bool contrary)
{
	static const struct {
		const char *when;
		const char *unless;
	} tests[TYPE_COUNT] = {
		[TYPE_STR] = {".n != 0", ".n == 0"},
		[TYPE_URL] = {".n != 0", ".n == 0"},
		[TYPE_HTML] = {".s.n != 0", ".s.n == 0"},
		[TYPE_BOOL] = {"", ""},
		[TYPE_INT] = {" != 0", " == 0"},
		[TYPE_DATE] = {" != 0", " == 0"},
		[TYPE_DATETIME] = {" != 0", " == 0"},
		[TYPE_MSG] = {" != MSG_NONE", " == MSG_NONE"},
		[TYPE_LIST] = {"_count != 0", "_count == 0"},
	};
	if (ref->type == TYPE_BOOL && contrary)
		buf_byte(out, '!');
	buf_str(out, ref->expr);
	buf_c(out, contrary ? tests[ref->type].unless : tests[ref->type].when);
}

static void emit_each(struct emitter *e, const struct op *op)
{
	indent(e);
	buf_fmt(e->out, "for (size_t i%u = 0; i%u < " STR_FMT "_count; i%u++) {\n", op->row,
		op->row, STR_ARG(op->ref.expr), op->row);
	e->depth++;
	indent(e);
	buf_fmt(e->out, "const struct view_" STR_FMT " *row%u = &" STR_FMT "[i%u];\n",
		STR_ARG(op->ref.member->list->c_name), op->row, STR_ARG(op->ref.expr), op->row);
	indent(e);
	buf_fmt(e->out, "(void)row%u;\n", op->row);
}

static void emit_arg(struct buf *out, const struct op_arg *arg)
{
	static const char *const forms[TYPE_COUNT][2] = {
		[TYPE_STR] = {"", ""},
		[TYPE_URL] = {"", ""},
		[TYPE_INT] = {"html_arg_int(out->arena, ", ")"},
		[TYPE_DATE] = {"html_arg_date(out->arena, page->locale, ", ")"},
		[TYPE_DATETIME] = {"html_arg_datetime(out->arena, page->locale, ", ")"},
		[TYPE_MSG] = {"page->locale->plain[", "]"},
	};
	buf_c(out, forms[arg->ref.type][0]);
	buf_str(out, arg->ref.expr);
	buf_c(out, forms[arg->ref.type][1]);
}

static void emit_msg_args(struct emitter *e, const struct op *op)
{
	buf_lit(e->out, "(const struct msg_arg[]){");
	for (size_t i = 0; i < op->arg_count; i++) {
		buf_fmt(e->out, "%s{STR(\"" STR_FMT "\"), ", i ? ", " : "",
			STR_ARG(op->args[i].name));
		emit_arg(e->out, &op->args[i]);
		buf_byte(e->out, '}');
	}
	buf_fmt(e->out, "}, %zu)", op->arg_count);
}

static void emit_msg(struct emitter *e, const struct op *op)
{
	if (!op->arg_count) {
		emit_form(e, value_forms[TYPE_MSG][op->place], op->key->c_name);
		return;
	}
	static const char *const forms[PLACE_COUNT][2] = {
		[PLACE_TEXT] = {"msg_write_html(out, page->locale, ", ""},
		[PLACE_PLAIN] = {"html_write_text(out, msg_text(out->arena, page->locale, ", ")"},
		[PLACE_ATTR] = {"html_write_attr(out, msg_text(out->arena, page->locale, ", ")"},
		[PLACE_MACHINE] = {"html_write_attr(out, msg_text(out->arena, page->locale, ", ")"},
		[PLACE_MAIL] = {"msg_write(out, page->locale, ", ""},
	};
	indent(e);
	buf_c(e->out, forms[op->place][0]);
	buf_str(e->out, op->key->c_name);
	buf_lit(e->out, ", ");
	emit_msg_args(e, op);
	buf_c(e->out, forms[op->place][1]);
	buf_lit(e->out, ";\n");
}

/* Patterns hold only characters that need no escaping in any place. */
static void emit_url(struct emitter *e, const struct op *op)
{
	struct str rest = op->route->pattern;
	struct str literal;
	struct str name;
	for (size_t i = 0; next_param(&rest, &literal, &name); i++) {
		buf_str(&e->literal, literal);
		flush(e);
		const struct ref *ref = &op->args[i].ref;
		emit_form(e,
			ref->type == TYPE_INT ? "buf_i64(out, %E)" : "html_write_segment(out, %E)",
			ref->expr);
	}
	buf_str(&e->literal, rest);
}

static void emit_part(struct emitter *e, const struct op *op)
{
	indent(e);
	buf_fmt(e->out, "tmpl_" STR_FMT "(out, page, &" STR_FMT ");\n",
		STR_ARG(op->ref.member->view), STR_ARG(op->ref.expr));
}

static void emit_op(struct emitter *e, const struct op *op)
{
	if (op->kind == OP_TEXT || op->kind == OP_STATIC) {
		buf_str(&e->literal, op->text);
		return;
	}
	if (op->kind == OP_URL) {
		emit_url(e, op);
		return;
	}
	flush(e);
	switch (op->kind) {
	case OP_VALUE:
		emit_form(e, value_forms[op->ref.type][op->place], op->ref.expr);
		return;
	case OP_EACH:
		emit_each(e, op);
		return;
	case OP_WHEN:
	case OP_UNLESS:
		indent(e);
		buf_lit(e->out, "if (");
		emit_condition(e->out, &op->ref, op->kind == OP_UNLESS);
		buf_lit(e->out, ") {\n");
		e->depth++;
		return;
	case OP_END:
		e->depth--;
		indent(e);
		buf_lit(e->out, "}\n");
		return;
	case OP_MSG:
		emit_msg(e, op);
		return;
	case OP_PART:
		emit_part(e, op);
		return;
	case OP_CSRF:
		indent(e);
		buf_lit(e->out, "html_write_csrf(out, page);\n");
		return;
	default:
		return;
	}
}

void templates_emit_source(struct buf *out, const struct templates *all)
{
	buf_lit(out, "/* Made by tmplgen from templates/. */\n#include \"render/templates.h\"\n\n"
		     "#include \"render/html.h\"\n\n#include \"base/time.h\"\n\n");
	struct emitter e = {.out = out};
	buf_init(&e.literal, out->arena, 4u << 20);
	for (size_t i = 0; i < all->n; i++) {
		const struct template *t = all->v[i];
		buf_fmt(out,
			"void tmpl_" STR_FMT
			"(struct buf *out, const struct page *page, const struct view_" STR_FMT
			" *view)\n{\n\t(void)page;\n\t(void)view;\n",
			STR_ARG(t->name), STR_ARG(t->name));
		for (size_t k = 0; k < t->ops.n; k++)
			emit_op(&e, &t->ops.v[k]);
		flush(&e);
		buf_lit(out, "}\n\n");
	}
}
