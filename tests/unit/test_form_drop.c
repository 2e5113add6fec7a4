/* What a change of answers would leave unused, and which answers do it. */
#include "domain/form/form_drop.h"
#include "form_fixture.h"

struct change {
	struct answers before, after;
	struct form_scope was, is;
};

static void change_begin(struct fixture *fixture, struct change *change)
{
	form_calculate(&fixture->scope, &fixture->answers);
	*change = (struct change){.before = {.arena = &fixture->arena}, .after = {.arena = &fixture->arena}};
	answers_copy(&fixture->answers, &change->before);
	answers_copy(&fixture->answers, &change->after);
	change->was = change->is = fixture->scope;
	change->was.answers = &change->before;
	change->is.answers = &change->after;
}

/* "path=value path=value": in the order of the form. */
static void expect_drops(struct fixture *fixture, const struct change *change, const char *wanted)
{
	struct drops drops;
	struct buf out;
	buf_init(&out, &fixture->arena, 1000);
	form_dropped(&change->was, &change->is, &fixture->arena, &drops);
	for (size_t i = 0; i < drops.n; i++)
		buf_fmt(&out, "%s" STR_FMT "=" STR_FMT, i ? " " : "", STR_ARG(drops.v[i].path), STR_ARG(drops.v[i].value));
	expect_str(buf_view(&out), wanted, "drops");
}

static void expect_causes(struct fixture *fixture, const struct change *change, const char *section, const char *wanted)
{
	struct str *paths;
	size_t count;
	form_drop_causes(&change->was, &change->is, procedure_section(fixture->sample, str_of(section)), &fixture->arena, &paths, &count);
	expect_str(str_join(&fixture->arena, paths, count, STR(" ")), wanted, "causes");
	if (count == 0)
		return;
	/* With those put back nothing is dropped. */
	struct change undone = *change;
	undone.after = (struct answers){.arena = &fixture->arena};
	form_drop_undo(&change->was, &change->is, paths, count, &undone.after);
	undone.is.answers = &undone.after;
	expect_drops(fixture, &undone, "");
}

static void family(struct fixture *fixture)
{
	answer(fixture, "level", "other");
	answer(fixture, "level_other", "X");
	answer(fixture, "has_family", "yes");
	answer(fixture, "family.0.name", "ANNA");
	answer(fixture, "family.0.home", "no");
	answer(fixture, "family.0.where", "KYOTO");
	answer(fixture, "family.1.name", "BEN");
}

static void test_hidden(void **state)
{
	struct fixture *fixture = *state;
	struct change change;
	family(fixture);
	change_begin(fixture, &change);
	expect_drops(fixture, &change, "");
	expect_causes(fixture, &change, "person", "");
	answers_set(&change.after, STR("has_family"), STR("no"));
	expect_drops(fixture, &change, "family.0.name=ANNA family.0.home=no family.0.where=KYOTO family.1.name=BEN");
	expect_causes(fixture, &change, "family", "has_family");
}

/* A whole section goes with an answer of another one. */
static void test_section(void **state)
{
	struct fixture *fixture = *state;
	struct change change;
	family(fixture);
	change_begin(fixture, &change);
	answers_set(&change.after, STR("level"), STR("low"));
	answers_set(&change.after, STR("free"), STR("also new"));
	expect_drops(fixture, &change,
		"level_other=X has_family=yes family.0.name=ANNA family.0.home=no family.0.where=KYOTO family.1.name=BEN");
	expect_causes(fixture, &change, "person", "level");
}

static void test_row(void **state)
{
	struct fixture *fixture = *state;
	struct change change;
	family(fixture);
	change_begin(fixture, &change);
	answers_set(&change.after, STR("family.0.home"), STR("yes"));
	expect_drops(fixture, &change, "family.0.where=KYOTO");
	expect_causes(fixture, &change, "family", "family.0.home");
}

/* What the change itself empties or sets is the person's own word; what was hidden before is not lost now. */
static void test_not_dropped(void **state)
{
	struct fixture *fixture = *state;
	struct change change;
	family(fixture);
	answer(fixture, "family.1.where", "hidden already");
	change_begin(fixture, &change);
	answers_set(&change.after, STR("family.0.home"), STR("yes"));
	answers_set(&change.after, STR("family.0.where"), STR(""));
	expect_drops(fixture, &change, "");
	answers_hold(&change.before, STR("family.0.where"), STR("FROM CARD"));
	answers_hold(&change.after, STR("family.0.where"), STR("FROM CARD"));
	expect_drops(fixture, &change, "");
}

/* The town of another area. */
static void test_impossible(void **state)
{
	struct fixture *fixture = *state;
	const struct choice_list *towns = field_of(fixture, "town")->choices;
	struct str town = {0}, area = {0}, other = {0};
	struct change change;
	for (size_t i = 0; i < towns->n; i++) {
		if (str_absent(towns->v[i].parent))
			continue;
		if (str_absent(area)) {
			town = towns->v[i].value;
			area = towns->v[i].parent;
		} else if (!str_eq(area, towns->v[i].parent) && !choice_find(towns, town, towns->v[i].parent, 0)) {
			other = towns->v[i].parent;
		}
	}
	assert_false(str_absent(other));
	answers_set(&fixture->answers, STR("area"), area);
	answers_set(&fixture->answers, STR("town"), town);
	change_begin(fixture, &change);
	answers_set(&change.after, STR("area"), other);
	expect_drops(fixture, &change, str_c(&fixture->arena, str_fmt(&fixture->arena, "town=" STR_FMT, STR_ARG(town))));
	expect_causes(fixture, &change, "person", "area");
	answers_set(&change.after, STR("area"), STR(""));
	expect_causes(fixture, &change, "person", "area");
}

/* Either of two keeps the question: only both together close it. */
static void test_together(void **state)
{
	struct fixture *fixture = *state;
	struct change change;
	answer(fixture, "reach", "mail");
	answer(fixture, "by_mail", "yes");
	change_begin(fixture, &change);
	answers_set(&change.after, STR("consent"), STR("yes"));
	expect_drops(fixture, &change, "");
	answers_set(&change.after, STR("reach"), STR(""));
	expect_drops(fixture, &change, "by_mail=yes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(test_hidden),
		with_fixture(test_section),
		with_fixture(test_row),
		with_fixture(test_not_dropped),
		with_fixture(test_impossible),
		with_fixture(test_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
