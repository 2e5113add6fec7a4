/* The rules of a page as data: what is worked out, what is left, what is told to nobody. tests/rules holds their meaning to the engine. */
#include "domain/definition/rule_data.h"
#include "form_fixture.h"

static struct str rules_of(struct fixture *fixture, const char *section)
{
	struct buf out;
	buf_init(&out, &fixture->arena, 1u << 20);
	assert_true(rule_data_write(&out, &fixture->scope, procedure_section(fixture->sample, str_of(section)), locale_get(LANG_EN, false)));
	assert_int_equal(buf_error(&out).code, OK);
	return buf_view(&out);
}

static void expect_part(struct str rules, const char *part, bool there)
{
	if ((str_find(rules, str_of(part)) >= 0) != there) {
		print_error("%s%s in\n" STR_FMT "\n", there ? "no " : "", part, STR_ARG(rules));
		fail();
	}
}

/* A condition over the same page stays; one over another page is an answer. */
static void test_folded(void **state)
{
	struct fixture *fixture = *state;
	expect_part(rules_of(fixture, "person"), "{\"i\":\"level_other\",\"w\":[\"=\",\"level\",\"other\"],\"r\":1,\"x\":40}", true);
	answer(fixture, "level", "high");
	expect_part(rules_of(fixture, "family"), "{\"i\":\"hobbies\",\"w\":0}", true);
	answer(fixture, "times", "2");
	expect_part(rules_of(fixture, "family"), "{\"i\":\"hobbies\",\"t\":\"group\",\"n\":1,\"x\":2", true);
	/* The representative's name is not asked of the foreign national. */
	expect_part(rules_of(fixture, "receipt"), "{\"i\":\"agent_name\",\"w\":0}", true);
	fixture->scope.user_type = USER_ATTORNEY;
	expect_part(rules_of(fixture, "receipt"), "{\"i\":\"agent_name\",\"r\":1", true);
}

/* Nothing of other pages' answers is in it but what conditions made of them. */
static void test_quiet(void **state)
{
	struct fixture *fixture = *state;
	answer(fixture, "name", "SECRET NAME");
	answer(fixture, "times", "77");
	answer(fixture, "level", "high");
	struct str rules = rules_of(fixture, "family");
	expect_part(rules, "SECRET", false);
	expect_part(rules, "77", false);
	expect_part(rules, "\"level\"", false);
}

/* `level` opens a section, `free` nothing. */
static void test_reach(void **state)
{
	struct fixture *fixture = *state;
	struct str rules = rules_of(fixture, "person");
	expect_part(rules, "{\"i\":\"level\",\"t\":\"radio\",\"b\":1}", true);
	expect_part(rules, "{\"i\":\"free\",\"x\":10}", true);
}

/* Only what can be said on the page comes with it, with its placeholders. */
static void test_texts(void **state)
{
	struct fixture *fixture = *state;
	expect_part(rules_of(fixture, "person"), "\"corp\":\"", true);
	expect_part(rules_of(fixture, "receipt"), "\"corp\":\"", false);
	expect_part(rules_of(fixture, "person"), "{label}", true);
	expect_part(rules_of(fixture, "person"), "Expired.", true);
	/* A warning is the server's to show. */
	expect_part(rules_of(fixture, "person"), "Too early.", false);
}

/* A list that depends on an answer of the page comes along up to LIMIT_RULE_CHOICES. */
static void test_lists(void **state)
{
	struct fixture *fixture = *state;
	const struct field *town = field_of(fixture, "town");
	struct choice_list list = *town->choices;
	struct choice choices[LIMIT_RULE_CHOICES + 1];
	expect_part(rules_of(fixture, "person"), "\"d\":\"area\",\"l\":\"town\"", true);
	for (size_t n = LIMIT_RULE_CHOICES; n <= LIMIT_RULE_CHOICES + 1; n++) {
		for (size_t i = 0; i < n; i++) {
			choices[i] = town->choices->v[0];
			choices[i].value = str_fmt(&fixture->arena, "v%zu", i);
		}
		list.v = choices;
		list.n = n;
		union {
			const struct field *from;
			struct field *to;
		} open = {.from = town};
		const struct choice_list *before = open.to->choices;
		open.to->choices = &list;
		struct str rules = rules_of(fixture, "person");
		open.to->choices = before;
		expect_part(rules, "\"l\":\"town\"", n == LIMIT_RULE_CHOICES);
		expect_part(rules, "{\"i\":\"town\",\"t\":\"select\",\"q\":1}", n > LIMIT_RULE_CHOICES);
	}
}

static void test_held(void **state)
{
	struct fixture *fixture = *state;
	answers_hold(&fixture->answers, STR("free"), STR("FROM CARD"));
	expect_part(rules_of(fixture, "person"), "{\"i\":\"free\",\"h\":1,\"v\":\"FROM CARD\",\"x\":10}", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(test_folded),
		with_fixture(test_quiet),
		with_fixture(test_reach),
		with_fixture(test_texts),
		with_fixture(test_lists),
		with_fixture(test_held),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
