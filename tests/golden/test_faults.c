#include "golden.h"

#include "msggen.h"
#include "tmplgen.h"

#include "base/auto.h"
#include "base/vec.h"

/*
 * What the generators must refuse, and where. A file of faulty/ holds cases:
 *
 *   === what is tried
 *   the source
 *   --- 3:14: words of the fault
 *
 * The words may lack their end; a case that is fine has `--- ok`. Templates named `=== txt …` are
 * plain text. The place of a text begins with its file, ja: or en:.
 */

static const char *faulty_folder;

static const struct str routes =
	STR_INIT("ROUTE(home, GET, \"/\", X)\nROUTE(show, GET, \"/a/:b\", X)\nROUTE(save, POST, "
		 "\"/a/:b\", X)\nROUTE(any, GET, \"/f/*\", X)\n");
static const struct str keys =
	STR_INIT("page.title MSG_page_title\npage.hello MSG_page_hello who\n");
static const struct str statics = STR_INIT("v1\njs/a.js\ncss/a.css\n");

struct one_case {
	struct str title;
	struct str source;
	struct str expected;
};

static struct str read_cases(struct arena *arena, const char *name)
{
	struct str path = str_fmt(arena, "%s/%s", faulty_folder, name);
	AUTO_FILE FILE *file = fopen(str_c(arena, path), "rbe");
	assert_non_null(file);
	char *p = arena_alloc(arena, 1u << 20);
	return str_make(p, fread(p, 1, 1u << 20, file));
}

/* Takes the next case from *rest. */
static bool next_case(struct str *rest, struct one_case *out)
{
	struct str line;
	do {
		if (!str_next(rest, '\n', &line))
			return false;
	} while (!str_starts(line, STR("=== ")));
	out->title = str_skip(line, 4);
	const char *from = rest->p;
	while (str_next(rest, '\n', &line)) {
		if (!str_starts(line, STR("--- ")))
			continue;
		out->source = str_make(from, (size_t)(line.p - from));
		out->expected = str_skip(line, 4);
		return true;
	}
	print_error("case without end: %.*s\n", STR_ARG(out->title));
	assert_true(false);
	return false;
}

static void check_case(const struct gen *gen, const struct one_case *c, const char *file)
{
	struct str is = buf_view(&gen->faults);
	if (str_eq(c->expected, STR("ok"))) {
		if (gen->fault_count)
			print_error("%.*s: refused: %.*s\n", STR_ARG(c->title), STR_ARG(is));
		assert_int_equal(gen->fault_count, 0);
		return;
	}
	struct str expected = str_fmt(gen->arena, "%s" STR_FMT, file, STR_ARG(c->expected));
	if (!str_starts(is, expected))
		print_error("%.*s\n  expected %.*s\n  is       %.*s\n", STR_ARG(c->title),
			STR_ARG(expected), STR_ARG(is));
	assert_true(str_starts(is, expected));
	assert_int_equal(gen->fault_count, 1);
}

static err compile(struct gen *gen, const struct inputs *in, bool plain, struct str source)
{
	struct template part;
	struct template t;
	struct templates all = {0};
	struct str path = plain ? STR("page/show.txt") : STR("page/show.html");
	struct str part_path = plain ? STR("part/box.txt") : STR("part/box.html");
	TRY(template_init(
		gen, &part, part_path, part_path, STR("{{view}}\nx: str\n{{/view}}\n{{x}}\n")));
	TRY(template_init(gen, &t, STR("t"), path, source));
	TRY(template_parse(gen, in, &part));
	TRY(template_parse(gen, in, &t));
	if (!plain)
		TRY(template_check_html(gen, &t));
	vec_push(gen->arena, &all, &part);
	vec_push(gen->arena, &all, &t);
	return templates_link(gen, &all);
}

static void test_templates(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	struct str rest = read_cases(&arena, "templates.txt");
	struct one_case c;
	size_t refused = 0;
	while (next_case(&rest, &c)) {
		struct gen gen;
		struct inputs in;
		gen_init(&gen, &arena);
		inputs_init(&in, &arena);
		assert_false(failed(inputs_routes(&gen, &in, STR("r"), routes)));
		assert_false(failed(inputs_keys(&gen, &in, STR("k"), keys)));
		assert_false(failed(inputs_statics(&gen, &in, STR("s"), statics)));
		IGNORE(compile(&gen, &in, str_starts(c.title, STR("txt ")),
			c.source)); /* the faults are what is looked at */
		check_case(&gen, &c, "t:");
		refused += gen.fault_count != 0;
	}
	print_message("%zu templates refused\n", refused);
	assert_true(refused >= 25);
}

/* The source holds the Japanese catalogue, a line `+++`, and the English one. */
static void test_texts(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 20);
	struct str rest = read_cases(&arena, "texts.txt");
	struct one_case c;
	while (next_case(&rest, &c)) {
		struct gen gen;
		struct catalogue ja;
		struct catalogue en;
		gen_init(&gen, &arena);
		ptrdiff_t plus = str_find(c.source, STR("+++\n"));
		assert_true(plus >= 0);
		err e = catalogue_read(&gen, STR("ja"), str_sub(c.source, 0, (size_t)plus), &ja);
		if (!failed(e))
			e = catalogue_read(
				&gen, STR("en"), str_skip(c.source, (size_t)plus + 4), &en);
		for (size_t i = 0; !failed(e) && i < ja.texts.n; i++)
			e = text_check(&gen, &ja, &ja.texts.v[i], true);
		for (size_t i = 0; !failed(e) && i < en.texts.n; i++)
			e = text_check(&gen, &en, &en.texts.v[i], false);
		if (!failed(e))
			catalogues_compare(&gen, &ja, &en);
		check_case(&gen, &c, "");
	}
}

static void test_routes(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 64u << 20);
	struct str rest = read_cases(&arena, "routes.txt");
	struct one_case c;
	while (next_case(&rest, &c)) {
		struct gen gen;
		struct inputs in;
		gen_init(&gen, &arena);
		inputs_init(&in, &arena);
		IGNORE(inputs_routes(
			&gen, &in, STR("r"), c.source)); /* the faults are what is looked at */
		check_case(&gen, &c, "r:");
	}
}

int main(int argc, char **argv)
{
	faulty_folder = argc > 1 ? argv[1] : "faulty";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_routes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
