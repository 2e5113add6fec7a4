/*
 * What authors write: the first byte says what follows, 't' a plain text template, 'p' a catalogue
 * of texts, anything else an HTML template. What is refused is refused with a place inside the
 * source; what is taken becomes C with balanced braces and without a name that was lost on the way.
 */

#include "fuzz.h"

#include "msggen.h"
#include "tmplgen.h"

#include "base/vec.h"

#define ARENA_MAX (256u << 20)
#define SOURCE_MAX (64u << 10)

static const struct str routes =
	STR_INIT("ROUTE(home, GET, \"/\", X)\nROUTE(show, GET, \"/a/:b\", X)\n"
		 "ROUTE(save, POST, \"/a/:b/c/:d\", X)\nROUTE(any, GET, \"/f/*\", X)\n");
static const struct str keys = STR_INIT("a MSG_a\nb MSG_b who\nc MSG_c m n\n");
static const struct str statics = STR_INIT("v1\njs/a.js\ncss/a.css\n");

/* Each fault is "file:line:column: words", the line is one of the source. */
static void check_faults(const struct gen *gen, struct str source)
{
	int64_t lines = 1;
	for (size_t i = 0; i < source.n; i++)
		lines += source.p[i] == '\n';
	struct str rest = buf_view(&gen->faults);
	struct str part;
	for (size_t n = 0; n < gen->fault_count && rest.n; n++) {
		int64_t line;
		int64_t column;
		MUST(str_next(&rest, ':', &part));
		MUST(str_next(&rest, ':', &part) && str_to_i64(part, &line) && line >= 1 &&
			line <= lines);
		MUST(str_next(&rest, ':', &part) && str_to_i64(part, &column) && column >= 1);
		ptrdiff_t next = str_find(rest, STR("\nf:"));
		rest = next < 0 ? (struct str){0} : str_skip(rest, (size_t)next + 1);
	}
}

/* Outside of string literals and comments. */
static void check_braces(struct str c)
{
	int depth = 0;
	for (size_t i = 0; i < c.n; i++) {
		if (c.p[i] == '"') {
			for (i++; i < c.n && c.p[i] != '"'; i++)
				i += c.p[i] == '\\';
			MUST(i < c.n);
		} else if (c.p[i] == '/' && i + 1 < c.n && c.p[i + 1] == '*') {
			ptrdiff_t end = str_find(str_skip(c, i + 2), STR("*/"));
			MUST(end >= 0);
			i += (size_t)end + 3;
		}
		depth += (c.p[i] == '{') - (c.p[i] == '}');
		MUST(depth >= 0);
	}
	MUST(depth == 0);
}

static err compile(struct gen *gen, bool plain, struct str source, struct templates *all)
{
	struct inputs in;
	inputs_init(&in, gen->arena);
	TRY(inputs_routes(gen, &in, STR("r"), routes));
	TRY(inputs_keys(gen, &in, STR("k"), keys));
	TRY(inputs_statics(gen, &in, STR("s"), statics));
	static const struct str names[] = {STR_INIT("part/box"), STR_INIT("page")};
	for (size_t i = 0; i < 2; i++) {
		struct template *t = arena_new(gen->arena, struct template);
		struct str path = str_fmt(
			gen->arena, STR_FMT "%s", STR_ARG(names[i]), plain ? ".txt" : ".html");
		TRY(template_init(gen, t, STR("f"), path,
			i ? source : STR("{{view}}\nx: str\n{{/view}}\n{{x}}\n")));
		TRY(template_parse(gen, &in, t));
		if (!plain)
			TRY(template_check_html(gen, t));
		vec_push(gen->arena, all, t);
	}
	return templates_link(gen, all);
}

static void try_template(struct gen *gen, bool plain, struct str source)
{
	struct templates all = {0};
	err e = compile(gen, plain, source, &all);
	MUST(failed(e) ? gen->fault_count > 0 : true);
	check_faults(gen, source);
	if (gen->fault_count)
		return;
	struct buf out;
	buf_init(&out, gen->arena, 32u << 20);
	templates_emit_header(&out, &all);
	templates_emit_source(&out, &all);
	check_braces(buf_view(&out));
	MUST(str_find(buf_view(&out), STR("(null)")) < 0 || str_find(source, STR("(null)")) >= 0);
}

static void try_catalogue(struct gen *gen, struct str source)
{
	struct catalogue texts;
	err e = catalogue_read(gen, STR("f"), source, &texts);
	for (size_t i = 0; !failed(e) && i < texts.texts.n; i++)
		e = text_check(gen, &texts, &texts.texts.v[i], i % 2);
	if (!failed(e))
		catalogues_compare(gen, &texts, &texts);
	check_faults(gen, source);
	if (gen->fault_count)
		return;
	struct buf out;
	buf_init(&out, gen->arena, 32u << 20);
	msggen_write_ids(&out, &texts);
	msggen_write_table(&out, &texts, &texts);
	check_braces(buf_view(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size || size > SOURCE_MAX)
		return 0;
	AUTO_ARENA arena;
	arena_init(&arena, ARENA_MAX);
	struct gen gen;
	gen_init(&gen, &arena);
	struct str source = str_make((const char *)data + 1, size - 1);
	bool plain_text = !failed(gen_check_text(&gen, STR("f"), source));
	check_faults(&gen, source);
	if (!plain_text)
		return 0;
	if (data[0] == 'p')
		try_catalogue(&gen, source);
	else
		try_template(&gen, data[0] == 't', source);
	return 0;
}
