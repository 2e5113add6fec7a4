/* Groups, checks across fields, what is submitted, states of sections. */
#include "form_fixture.h"

static void complete(struct fixture *fixture)
{
	answer(fixture, "phone", "0312345678");
	answer(fixture, "email", "taro@example.jp");
	answer(fixture, "email_again", "taro@example.jp");
	answer(fixture, "name", "HOUMU TARO");
	answer(fixture, "consent", "yes");
	answer(fixture, "has_family", "yes");
	answer(fixture, "family.0.name", "ANNA");
	answer(fixture, "family.0.tel", "0312345678");
	answer(fixture, "office", "tokyo");
}

static struct issues check_all(struct fixture *fixture)
{
	struct issues issues;
	form_check(&fixture->scope, &fixture->arena, NULL, &issues);
	return issues;
}

/* Exactly these, "path=MSG" by number, in this order. */
static void expect(struct fixture *fixture, size_t count, const char *const *paths, const enum msg *msgs)
{
	struct issues issues = check_all(fixture);
	for (size_t i = 0; i < issues.n && (issues.n != count || !str_eq(issues.v[i].path, str_of(paths[i]))); i++)
		print_error("  " STR_FMT ": " STR_FMT "\n", STR_ARG(issues.v[i].path), STR_ARG(issue_words(fixture, &issues.v[i], LANG_EN)));
	assert_int_equal(issues.n, count);
	for (size_t i = 0; i < count; i++) {
		expect_str(issues.v[i].path, paths[i], "path");
		assert_int_equal(issues.v[i].msg, msgs[i]);
	}
}

#define EXPECT(fixture, ...) expect_list((fixture), (const struct wanted[]){__VA_ARGS__, {NULL, MSG_NONE}})
struct wanted {
	const char *path;
	enum msg msg;
};

static void expect_list(struct fixture *fixture, const struct wanted *wanted)
{
	const char *paths[16];
	enum msg msgs[16];
	size_t n = 0;
	for (; wanted[n].path; n++) {
		paths[n] = wanted[n].path;
		msgs[n] = wanted[n].msg;
	}
	expect(fixture, n, paths, msgs);
}

static enum section_state state_of(struct fixture *fixture, const char *id)
{
	const struct section *section = procedure_section(fixture->sample, str_of(id));
	struct section_look looks[LIMIT_SECTIONS];
	form_sections(&fixture->scope, &fixture->arena, looks);
	assert_int_equal(looks[section->index].shown, form_section_shown(&fixture->scope, section));
	return looks[section->index].state;
}

static void test_rows(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	expect(fixture, 0, NULL, NULL);
	/* no row: the first is asked for, box by box */
	answer(fixture, "family.0.name", "");
	answer(fixture, "family.0.tel", "");
	EXPECT(fixture, {"family.0.name", MSG_form_required}, {"family.0.tel", MSG_form_one_of});
	/* a later row counts, the empty ones before it do not */
	answer(fixture, "family.2.home", "no");
	EXPECT(fixture, {"family.2.name", MSG_form_required}, {"family.2.where", MSG_form_required}, {"family.2.tel", MSG_form_one_of});
	answer(fixture, "family.2.home", "yes");
	EXPECT(fixture, {"family.2.name", MSG_form_required}, {"family.2.tel", MSG_form_one_of});
	answer(fixture, "family.2.cell", "0901234567x");
	EXPECT(fixture, {"family.2.name", MSG_form_required}, {"family.2.cell", MSG_form_char_digit});
	/* an answer that is hidden in its row does not make the row given */
	answer(fixture, "family.2.home", "");
	answer(fixture, "family.2.cell", "");
	answer(fixture, "family.1.where", "hidden, because home is not no");
	EXPECT(fixture, {"family.0.name", MSG_form_required}, {"family.0.tel", MSG_form_one_of});
}

static void test_row_label(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "family.2.hours", "x");
	struct issues issues = check_all(fixture);
	const struct issue *issue = issue_at(&issues, "family.2.hours");
	expect_str(issue_words(fixture, issue, LANG_EN), "“Hours (3)” cannot contain “x”. Enter a whole number in digits.", "row");
	expect_str(issue_words(fixture, issue, LANG_JA), "「時間（3）」に「x」は使えません。整数を数字で入力してください。", "row");
}

static void test_too_many_rows(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "family.3.name", "FOURTH");
	EXPECT(fixture, {"family", MSG_form_rows_max});
	assert_int_equal(answers_rows(&fixture->answers, field_of(fixture, "family")), 4);
	/* it can be removed */
	answers_remove_row(&fixture->answers, field_of(fixture, "family"), 3);
	expect(fixture, 0, NULL, NULL);
}

static void test_rows_without_required(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "level", "high");
	answer(fixture, "times", "1");
	EXPECT(fixture, {"hobbies", MSG_form_rows_min});
	answer(fixture, "hobbies.1.what", "go");
	expect(fixture, 0, NULL, NULL);
}

static void test_remove_row(void **state)
{
	struct fixture *fixture = *state;
	const struct field *family = field_of(fixture, "family");
	answer(fixture, "family.0.name", "A");
	answer(fixture, "family.1.name", "B");
	answer(fixture, "family.1.where", "b");
	answer(fixture, "family.2.name", "C");
	answer(fixture, "family.5.name", "F");
	answers_remove_row(&fixture->answers, family, 1);
	expect_str(answers_get(&fixture->answers, STR("family.0.name")), "A", "before");
	expect_str(answers_get(&fixture->answers, STR("family.1.name")), "C", "moved up");
	expect_str(answers_get(&fixture->answers, STR("family.1.where")), "", "nothing of the removed row stays");
	expect_str(answers_get(&fixture->answers, STR("family.2.name")), "", "moved away");
	expect_str(answers_get(&fixture->answers, STR("family.4.name")), "F", "rows beyond those that fit move too");
	answers_remove_row(&fixture->answers, family, 9);
	answers_remove_row(&fixture->answers, family, SIZE_MAX);
	assert_int_equal(answers_rows(&fixture->answers, family), 2);
}

struct cross_case {
	const char *answers; /* "path=value …" */
	const char *check;   /* its message, or NULL */
};

static void run_cross(struct fixture *fixture, const struct cross_case *one)
{
	struct str rest = str_of(one->answers);
	struct str pair;
	answers_init(&fixture->answers, &fixture->arena);
	complete(fixture);
	while (str_next(&rest, ' ', &pair)) {
		ptrdiff_t equals = str_find_byte(pair, '=');
		answers_set(&fixture->answers, str_sub(pair, 0, (size_t)equals), str_skip(pair, (size_t)equals + 1));
	}
	struct issues issues = check_all(fixture);
	bool good = one->check ? issues.n == 1 && issues.v[0].check && str_eq(issue_words(fixture, &issues.v[0], LANG_EN), str_of(one->check))
			       : issues.n == 0;
	if (!good)
		print_error("%s: %zu issues, the first " STR_FMT "\n", one->answers, issues.n,
			STR_ARG(issues.n ? issue_words(fixture, &issues.v[0], LANG_EN) : STR("none")));
	assert_true(good);
}

static void test_cross(void **state)
{
	struct fixture *fixture = *state;
	static const struct cross_case cases[] = {
		{"entry=202004 leave=202004", "Entry before leaving."},
		{"entry=202005 leave=202004", "Entry before leaving."},
		{"entry=202004 leave=202005", NULL},
		{"entry=202004", NULL},
		{"leave=202004", NULL},
		{"times=3 refused=4 hobbies.0.what=go", "Refused more often than applied."},
		{"times=4 refused=4 hobbies.0.what=go", NULL},
		{"birth=20261124", "Birth lies in the future."},
		{"birth=20261123", NULL},
		{"expiry=20261122", "Expired."},
		{"expiry=20261123", NULL},
		{"expiry=20270223", NULL},
		{"expiry=20270224", "Too early."},
		{"reach=phone first_visit=20261109", NULL},
		{"reach=phone first_visit=20261108", "Too late."},
		{"reach=phone first_visit=20261201", NULL},
		{"reach=phone first_visit=2026", NULL},
		{"reach=phone first_visit=2025", "Too late."},
		/* what is known only to the year or month may still be right */
		{"birth=20000123 first_visit=2000", NULL},
		{"birth=20000123 first_visit=200001", NULL},
		{"birth=20000123 first_visit=1999", "Visit before birth."},
		{"birth=20000123 first_visit=199912", "Visit before birth."},
		{"birth=20000123 first_visit=20000122", "Visit before birth."},
		{"level=high years=10", "At most nine years."},
		{"level=high years=2", NULL},
		{"level=other level_other=x years=10", NULL},
		{"level=low reach=email", "Not both."},
		{"level=low reach=mail address=x", NULL},
		{"level=low", NULL},
		{"reach=mail", "Mail needs an address."},
		{"reach=phone", NULL},
		/* by rows */
		{"family.0.from=202005 family.0.to=202004", "Row from before to."},
		{"family.0.from=202004 family.0.to=202005", NULL},
		{"family.0.from=202005 family.1.name=B family.1.tel=0 family.1.to=202004", NULL},
		{"family.0.home=no family.0.where=x family.0.name=SELF", "Lives with oneself."},
		{"family.0.home=no family.0.where=x family.1.name=SELF family.1.tel=0", NULL},
		{"family.0.hours=20 family.1.name=B family.1.tel=0 family.1.hours=8", NULL},
		{"family.0.hours=20 family.1.name=B family.1.tel=0 family.1.hours=9", "More than 28 hours."},
		/* hidden rows do not count */
		{"has_family=no family.0.hours=99", NULL},
		{"has_family=no family.0.from=202005 family.0.to=202004", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run_cross(fixture, &cases[i]);
}

/* What a field is refused for is not told again by a check that cannot read it. */
static void test_unreadable(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "birth", "20300230");
	EXPECT(fixture, {"birth", MSG_form_no_such_date});
	answer(fixture, "birth", "");
	answer(fixture, "entry", "2020-");
	answer(fixture, "leave", "201901");
	EXPECT(fixture, {"entry", MSG_form_month});
}

static void test_warnings(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "expiry", "20280101");
	struct issues issues = check_all(fixture);
	assert_int_equal(issues.n, 1);
	assert_int_equal(issues.refusals, 0);
	assert_true(issues.v[0].warning && !issues.v[0].missing);
	assert_ptr_equal(issues.v[0].field, field_of(fixture, "expiry"));
	assert_int_equal(state_of(fixture, "person"), SECTION_DONE);
}

static size_t issues_of_section(struct fixture *fixture, const char *id)
{
	struct issues issues;
	form_check(&fixture->scope, &fixture->arena, procedure_section(fixture->sample, str_of(id)), &issues);
	return issues.n;
}

static void test_sections(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(state_of(fixture, "contact"), SECTION_EMPTY);
	assert_int_equal(state_of(fixture, "family"), SECTION_EMPTY);
	assert_int_equal(issues_of_section(fixture, "contact"), 2);
	answer(fixture, "phone", "03");
	assert_int_equal(state_of(fixture, "contact"), SECTION_PROGRESS);
	answer(fixture, "email", "a@example.jp");
	assert_int_equal(state_of(fixture, "contact"), SECTION_PROGRESS);
	answer(fixture, "email_again", "b@example.jp");
	assert_int_equal(state_of(fixture, "contact"), SECTION_PROBLEM);
	answer(fixture, "email_again", "a@example.jp");
	assert_int_equal(state_of(fixture, "contact"), SECTION_DONE);
	answer(fixture, "phone", "03x");
	assert_int_equal(state_of(fixture, "contact"), SECTION_PROBLEM);
	/* a check over two sections is told on its page only where all is known, but shows at the section of its first field */
	complete(fixture);
	answer(fixture, "level", "low");
	answer(fixture, "reach", "email");
	assert_int_equal(issues_of_section(fixture, "person"), 0);
	assert_int_equal(issues_of_section(fixture, "contact"), 0);
	assert_int_equal(check_all(fixture).n, 1);
	assert_int_equal(state_of(fixture, "person"), SECTION_PROBLEM);
	assert_int_equal(state_of(fixture, "contact"), SECTION_DONE);
	/* hidden */
	assert_false(form_section_shown(&fixture->scope, procedure_section(fixture->sample, STR("family"))));
	answer(fixture, "has_family", "nonsense");
	assert_int_equal(state_of(fixture, "family"), SECTION_DONE);
	assert_int_equal(issues_of_section(fixture, "family"), 0);
}

/* Rows alone make a section begun. */
static void test_begun_by_rows(void **state)
{
	struct fixture *fixture = *state;
	answer(fixture, "family.1.name", "A");
	assert_int_equal(state_of(fixture, "family"), SECTION_EMPTY); /* the group is hidden */
	answer(fixture, "has_family", "yes");
	answer(fixture, "family.1.tel", "0");
	assert_int_equal(state_of(fixture, "family"), SECTION_DONE);
}

static void test_shown(void **state)
{
	struct fixture *fixture = *state;
	struct answers shown;
	complete(fixture);
	answer(fixture, "level_other", "hidden");
	answer(fixture, "agent_name", "hidden");
	answer(fixture, "unknown", "dropped");
	answer(fixture, "family.9.name", "dropped");
	answer(fixture, "family.0.where", "hidden in its row");
	answer(fixture, "family.2.name", "CARL");
	answer(fixture, "family.3.name", "one too many");
	form_shown(&fixture->scope, &fixture->arena, &shown);
	struct str json = answers_write(&fixture->arena, &shown);
	expect_str(json,
		"{\"consent\":\"yes\",\"email\":\"taro@example.jp\",\"family.0.name\":\"ANNA\",\"family.0.tel\":\"0312345678\","
		"\"family.1.name\":\"CARL\",\"has_family\":\"yes\",\"name\":\"HOUMU TARO\",\"office\":\"tokyo\",\"phone\":\"0312345678\"}",
		"what is submitted");
	/* what was submitted shows the same once more */
	struct form_scope again = fixture->scope;
	struct answers twice;
	again.answers = &shown;
	form_shown(&again, &fixture->arena, &twice);
	assert_true(str_eq(json, answers_write(&fixture->arena, &twice)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(test_rows),
		with_fixture(test_row_label),
		with_fixture(test_too_many_rows),
		with_fixture(test_rows_without_required),
		with_fixture(test_remove_row),
		with_fixture(test_cross),
		with_fixture(test_unreadable),
		with_fixture(test_warnings),
		with_fixture(test_sections),
		with_fixture(test_begun_by_rows),
		with_fixture(test_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
