/* domain/form_check: each refusal with its reason and the character it names; then what is accepted. */
#include "form_fixture.h"

#define ANY "\x01" /* an argument that is not looked at */

/* Answers that make the sample complete, so that one wrong thing gives one issue. */
static void complete(struct fixture *fixture)
{
	answer(fixture, "postal_code", "1000001");
	answer(fixture, "phone", "0312345678");
	answer(fixture, "email", "taro@example.jp");
	answer(fixture, "email_again", "taro@example.jp");
	answer(fixture, "name", "HOUMU TARO");
	answer(fixture, "consent", "yes");
	answer(fixture, "has_family", "no");
	answer(fixture, "office", "tokyo");
	answer(fixture, "level", "high");
	answer(fixture, "hobbies.0.what", "GO"); /* asked as soon as `times` is given */
}

static struct issues check_all(struct fixture *fixture)
{
	struct issues issues;
	form_check(&fixture->scope, &fixture->arena, NULL, &issues);
	return issues;
}

struct value_case {
	const char *path, *value;
	enum msg msg; /* MSG_NONE: accepted */
	const char *arg, *text; /* one of the arguments */
};

static bool arg_is(const struct issue *issue, const char *name, const char *text)
{
	for (size_t i = 0; i < issue->arg_count; i++)
		if (str_eq(issue->args[i].name, str_of(name)))
			return str_eq(issue->args[i].value, str_of(text));
	return false;
}

static bool case_holds(struct fixture *fixture, const struct value_case *one)
{
	answer(fixture, one->path, one->value);
	struct issues issues = check_all(fixture);
	answer(fixture, one->path, "");
	if (one->msg == MSG_NONE)
		return issues.n == 0;
	return issues.n == 1 && issues.refusals == 1 && str_eq(issues.v[0].path, str_of(one->path)) && issues.v[0].msg == one->msg &&
	       !issues.v[0].missing && (!one->arg || arg_is(&issues.v[0], one->arg, one->text));
}

static void run(struct fixture *fixture, const struct value_case *cases, size_t count)
{
	size_t wrong = 0;
	complete(fixture);
	assert_int_equal(check_all(fixture).n, 0);
	for (size_t i = 0; i < count; i++) {
		if (case_holds(fixture, &cases[i]))
			continue;
		wrong++;
		answer(fixture, cases[i].path, cases[i].value);
		struct issues issues = check_all(fixture);
		print_error("%s '%s': %zu issues\n", cases[i].path, cases[i].value, issues.n);
		for (size_t k = 0; k < issues.n; k++)
			print_error("   " STR_FMT " " STR_FMT "\n", STR_ARG(issues.v[k].path), STR_ARG(issue_words(fixture, &issues.v[k], LANG_EN)));
		answer(fixture, cases[i].path, "");
	}
	assert_int_equal(wrong, 0);
}

#define RUN(state, cases) run(*(state), (cases), sizeof(cases) / sizeof *(cases))

static void test_texts(void **state)
{
	static const struct value_case cases[] = {
		/* what cannot be seen is named by its number */
		{"free", "a\xE2\x80\x8B" "b", MSG_form_hidden, "char", "U+200B"},
		{"free", "\xE2\x80\xAE" "abc", MSG_form_hidden, "char", "U+202E"},
		{"free", "a\x07", MSG_form_hidden, "char", "U+0007"},
		{"free", "a\nb", MSG_form_hidden, "char", "U+000A"},
		{"free", "a\xC2\x85", MSG_form_hidden, "char", "U+0085"},
		{"free", "\xEF\xBB\xBF" "a", MSG_form_hidden, "char", "U+FEFF"},
		{"free", "a\xEF\xBF\xBD", MSG_form_hidden, "char", "U+FFFD"},
		{"free", "a\xFF", MSG_form_hidden, "char", "U+FFFD"},
		{"free", "\xE3\x85\xA4", MSG_form_hidden, "char", "U+3164"},
		{"free", "\xF3\xA0\x80\x81", MSG_form_hidden, "char", "U+E0001"},
		{"address", "東京\xE2\x81\xA0", MSG_form_hidden, "char", "U+2060"},
		{"reason", "a\x1B[31m", MSG_form_hidden, "char", "U+001B"},
		{"birth", "2000\xE2\x80\x8B" "0123", MSG_form_hidden, "char", "U+200B"},
		{"level", "hi\xE2\x80\x8B" "gh", MSG_form_hidden, "char", "U+200B"},
		/* length in characters */
		{"free", "12345678901", MSG_form_too_long, "count", "11"},
		{"free", "一二三四五六七八九十一", MSG_form_too_long, "max", "10"},
		{"free", "一二三四五六七八九十", MSG_NONE, NULL, NULL},
		{"free", "𠮟𠮟𠮟𠮟𠮟𠮟𠮟𠮟𠮟𠮟", MSG_NONE, NULL, NULL},
		{"reason", "1234567890\n1234567890", MSG_form_too_long, "count", "21"},
		{"reason", "123456789\n1234567890", MSG_NONE, NULL, NULL},
		{"code", "ab", MSG_form_too_short, "min", "3"},
		{"code", "abc", MSG_NONE, NULL, NULL},
		{"code", "abcdefg", MSG_form_too_long, "max", "6"},
		/* scripts */
		{"code", "ab_c", MSG_form_char_alnum, "char", "_"},
		{"code", "abcé", MSG_form_char_alnum, "char", "é"},
		{"kanji_name", "山田a", MSG_form_char_full, "char", "a"},
		{"kanji_name", "ﾔﾏﾀﾞ", MSG_form_char_full, "char", "ﾔ"},
		{"kanji_name", "山田　é한글", MSG_NONE, NULL, NULL},
		{"passport", "AB東123", MSG_form_char_ascii, "char", "東"},
		{"passport", "AB 12-3", MSG_NONE, NULL, NULL},
		{"free", "한글 ไทย العربية", MSG_form_too_long, "count", "14"},
		{"free", "العربية", MSG_NONE, NULL, NULL},
	};
	RUN(state, cases);
}

static void test_names(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *value;
		enum msg msg;
		const char *character;
	} cases[] = {
		{"山田 TARO", MSG_form_char_upper, "山"}, {"TARO2", MSG_form_char_upper, "2"}, {"Taro", MSG_form_char_upper, "a"},
		{"TARO/JIRO", MSG_form_char_upper, "/"},  {"O'BRIEN-SMITH, J.", MSG_NONE, NULL}, {"O", MSG_NONE, NULL}, {"NULL", MSG_NONE, NULL},
	};
	complete(fixture);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		answer(fixture, "name", cases[i].value);
		struct issues issues = check_all(fixture);
		assert_int_equal(issues.n, cases[i].msg != MSG_NONE);
		if (issues.n) {
			assert_int_equal(issues.v[0].msg, cases[i].msg);
			assert_true(arg_is(&issues.v[0], "char", cases[i].character));
		}
	}
}

static void test_numbers(void **state)
{
	static const struct value_case cases[] = {
		{"times", "1.5", MSG_form_char_number, "char", "."},
		{"times", "二", MSG_form_char_number, "char", "二"},
		{"times", "5-", MSG_form_range, "typed", "5-"},
		{"times", "-6", MSG_form_range, "min", "-5"},
		{"times", "-5", MSG_NONE, NULL, NULL},
		{"times", "120", MSG_NONE, NULL, NULL},
		{"times", "121", MSG_form_range, "max", "120"},
		{"times", "99999999999999999999999", MSG_form_range, "max", "120"},
		{"refused", "-1", MSG_form_char_number, "char", "-"},
		{"amount", "5k", MSG_form_char_number, "char", "k"},
		{"amount", "999999999999", MSG_NONE, NULL, NULL},
		{"amount", "1000000000000", MSG_form_range, "max", "999999999999"},
		{"ed_no", "123456", MSG_form_length, "count", "6"},
		{"ed_no", "12345678", MSG_form_length, "max", "7"},
		{"ed_no", "12345a7", MSG_form_char_digit, "char", "a"},
		{"ed_no", "0012345", MSG_NONE, NULL, NULL},
		{"mobile", "+84901234567", MSG_form_char_digit, "char", "+"},
		{"mobile", "0901234567890", MSG_form_too_long, "max", "12"},
		{"mobile", "09012345678", MSG_NONE, NULL, NULL},
		{"card", "AB1234567CD", MSG_form_card, "typed", "AB1234567CD"},
		{"card", "A112345678CD", MSG_form_card, NULL, NULL},
		{"card", "AB12345678C1", MSG_form_card, NULL, NULL},
		{"card", "AB1234567８CD", MSG_form_char_card, "char", "８"},
		{"card", "ab12345678CD", MSG_form_char_card, "char", "a"},
		{"card", "AB12345678CD", MSG_NONE, NULL, NULL},
		{"corp", "1180301018771", MSG_NONE, NULL, NULL},
		{"corp", "2180301018771", MSG_form_corp, "typed", "2180301018771"},
		{"corp", "1180301018772", MSG_form_corp, NULL, NULL},
		{"corp", "118030101877", MSG_form_length, "count", "12"},
		{"corp", "118030101877X", MSG_form_char_digit, "char", "X"},
	};
	RUN(state, cases);
}

static void test_postal(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "postal_code", "100000");
	assert_int_equal(check_all(fixture).v[0].msg, MSG_form_length);
	answer(fixture, "postal_code", "100000a");
	assert_int_equal(check_all(fixture).v[0].msg, MSG_form_char_digit);
	answer(fixture, "postal_code", "");
	assert_int_equal(check_all(fixture).n, 0);
}

static void test_dates(void **state)
{
	static const struct value_case cases[] = {
		{"birth", "2000-01-", MSG_form_date, "typed", "2000-01-"},
		{"birth", "200001", MSG_form_date, NULL, NULL},
		{"birth", "2000012３", MSG_form_date, NULL, NULL},
		{"birth", "20000230", MSG_form_no_such_date, "typed", "2000-02-30"},
		{"birth", "20010229", MSG_form_no_such_date, NULL, NULL},
		{"birth", "20001301", MSG_form_no_such_date, NULL, NULL},
		{"birth", "02000101", MSG_form_date, NULL, NULL},
		{"birth", "00000000", MSG_form_date, NULL, NULL},
		{"birth", "20000229", MSG_NONE, NULL, NULL},
		{"entry", "200000", MSG_form_no_such_date, "typed", "2000-00"},
		{"entry", "200013", MSG_form_no_such_date, NULL, NULL},
		{"entry", "20000101", MSG_form_month, NULL, NULL},
		{"entry", "200012", MSG_NONE, NULL, NULL},
		{"first_visit", "2000", MSG_NONE, NULL, NULL},
		{"first_visit", "200001", MSG_NONE, NULL, NULL},
		{"first_visit", "20000123", MSG_NONE, NULL, NULL},
		{"first_visit", "0206", MSG_form_partial_date, "typed", "0206"},
		{"first_visit", "20001", MSG_form_partial_date, NULL, NULL},
		{"first_visit", "2000--23", MSG_form_partial_date, NULL, NULL},
		{"since", "2000", MSG_NONE, NULL, NULL},
		{"since", "20000123", MSG_form_partial_month, NULL, NULL},
	};
	RUN(state, cases);
}

static void test_choices(void **state)
{
	static const struct value_case cases[] = {
		{"area", "99", MSG_form_choice, "typed", "99"},
		{"area", "High", MSG_form_choice, NULL, NULL},
		{"country", "Utopia", MSG_form_choice, "typed", "Utopia"},
		{"country", "a very long country that nobody would ever want to type", MSG_form_choice, "typed",
			"a very long country that nobody would ev…"},
		{"country", "VNM", MSG_NONE, NULL, NULL},
		{"reach", "phone fax", MSG_form_choice, "typed", "fax"},
		{"reach", "phone email", MSG_NONE, NULL, NULL},
	};
	RUN(state, cases);
}

static void test_depending_choices(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "town", "chiyoda");
	struct issues issues = check_all(fixture);
	assert_int_equal(issues.n, 1);
	assert_int_equal(issues.v[0].msg, MSG_form_choice_first);
	expect_str(issue_words(fixture, &issues.v[0], LANG_EN), "Choose “Area” first, then “Town”.", "words");
	answer(fixture, "area", "27");
	assert_int_equal(check_all(fixture).v[0].msg, MSG_form_choice_elsewhere);
	answer(fixture, "town", "13\x1f" "chiyoda");
	assert_int_equal(check_all(fixture).v[0].msg, MSG_form_hidden);
	answer(fixture, "area", "13");
	answer(fixture, "town", "chiyoda");
	assert_int_equal(check_all(fixture).n, 0);
	/* by the day: kita until 30 November, new from 1 December 2026 */
	answer(fixture, "area", "27");
	answer(fixture, "town", "new");
	assert_int_equal(check_all(fixture).v[0].msg, MSG_form_choice_gone);
	fixture->scope.today = 20261201;
	assert_int_equal(check_all(fixture).n, 0);
	answer(fixture, "town", "kita");
	assert_int_equal(check_all(fixture).v[0].msg, MSG_form_choice_gone);
}

static void test_emails(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *value;
		enum msg msg;
	} cases[] = {
		{"nobody", MSG_form_email}, {"a@b", MSG_form_email}, {"@example.jp", MSG_form_email}, {"a@", MSG_form_email},
		{"a..b@example.jp", MSG_form_email}, {".a@example.jp", MSG_form_email}, {"a@-x.jp", MSG_form_email},
		{"a@b@example.jp", MSG_form_email}, {"a@example.1", MSG_form_email}, {"a b@example.jp", MSG_form_char_email},
		{"a@例.jp", MSG_form_char_email}, {"a,b@example.jp", MSG_form_char_email}, {"<a@example.jp>", MSG_form_char_email},
		{"a@example.jp\r\nBcc: x@y.z", MSG_form_hidden},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.jp", MSG_form_too_long}, /* 61 characters */
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.jp", MSG_NONE},
		{"a+b_c.d-e@mail.example.co.jp", MSG_NONE}, {"taro@example.jp", MSG_NONE},
	};
	complete(fixture);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		answer(fixture, "email", cases[i].value);
		answer(fixture, "email_again", cases[i].value);
		struct issues issues = check_all(fixture);
		bool good = cases[i].msg == MSG_NONE ? issues.n == 0 : issues.n == 1 && issues.v[0].msg == cases[i].msg;
		if (!good)
			print_error("%s: %zu issues\n", cases[i].value, issues.n);
		assert_true(good);
	}
	answer(fixture, "email_again", "Taro@example.jp");
	struct issues issues = check_all(fixture);
	assert_int_equal(issues.n, 1);
	assert_int_equal(issues.v[0].msg, MSG_form_same);
	expect_str(issue_words(fixture, &issues.v[0], LANG_EN), "“E-mail again” is not the same as “E-mail”. Enter the same address in both.", "words");
}

static void test_checkbox(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "consent", "maybe");
	assert_int_equal(check_all(fixture).v[0].msg, MSG_form_tick_only);
	answer(fixture, "consent", "");
	struct issues issues = check_all(fixture);
	assert_int_equal(issues.v[0].msg, MSG_form_tick);
	assert_true(issues.v[0].missing);
}

static void test_required(void **state)
{
	struct fixture *fixture = *state;
	struct issues issues = check_all(fixture);
	static const struct {
		const char *path;
		enum msg msg;
	} wanted[] = {
		{"phone", MSG_form_one_of}, {"email", MSG_form_required}, {"name", MSG_form_required}, {"consent", MSG_form_tick},
		{"has_family", MSG_form_choose}, {"office", MSG_form_choose},
	};
	assert_int_equal(issues.n, sizeof wanted / sizeof *wanted);
	assert_int_equal(issues.refusals, issues.n);
	for (size_t i = 0; i < issues.n; i++) {
		expect_str(issues.v[i].path, wanted[i].path, "in the order of the form");
		assert_int_equal(issues.v[i].msg, wanted[i].msg);
		assert_true(issues.v[i].missing);
	}
	/* level_other only with its answer; email_again only with an address; agent_name only for others */
	answer(fixture, "level", "other");
	answer(fixture, "email", "a@example.jp");
	fixture->scope.user_type = USER_ATTORNEY;
	issues = check_all(fixture);
	assert_non_null(issue_at(&issues, "level_other"));
	assert_non_null(issue_at(&issues, "email_again"));
	assert_non_null(issue_at(&issues, "agent_name"));
}

static void test_hidden_answers_do_not_count(void **state)
{
	struct fixture *fixture = *state;
	complete(fixture);
	answer(fixture, "level_other", "this is hidden and far too long for its forty characters");
	answer(fixture, "agent_name", "\x07");
	answer(fixture, "nobody", "no such field");
	answer(fixture, "family.0.name", "hidden group");
	answer(fixture, "family.17.name", "no such row");
	assert_int_equal(check_all(fixture).n, 0);
	answer(fixture, "level", "low"); /* hides the section family */
	answer(fixture, "has_family", "nonsense");
	assert_int_equal(check_all(fixture).n, 0);
}

static void test_words(void **state)
{
	struct fixture *fixture = *state;
	struct issues issues = check_all(fixture);
	const struct issue *phone = issue_at(&issues, "phone");
	expect_str(issue_words(fixture, phone, LANG_EN), "Enter at least one of these: “Phone”, “Mobile”.", "one_of");
	expect_str(issue_words(fixture, phone, LANG_JA), "次のうち、少なくとも1つを入力してください：「電話」、「携帯」。", "one_of");
	struct buf html;
	buf_init(&html, &fixture->arena, 4096);
	issue_write_html(&html, locale_get(LANG_JA, true), phone);
	assert_true(str_find(buf_view(&html), STR("<ruby>入力<rt>にゅうりょく</rt></ruby>")) >= 0);
	complete(fixture);
	answer(fixture, "free", "<script>&\"'</script>");
	answer(fixture, "passport", "<東>");
	issues = check_all(fixture);
	buf_clear(&html);
	issue_write_html(&html, locale_get(LANG_EN, false), issue_at(&issues, "passport"));
	assert_true(str_find_byte(buf_view(&html), '<') < 0);
	assert_true(str_find(buf_view(&html), STR("“東”")) >= 0);
	/* every text of a refusal says what was typed or how long it is, in both languages, with nothing left open */
	for (size_t i = 0; i < issues.n; i++) {
		assert_true(str_find_byte(issue_words(fixture, &issues.v[i], LANG_EN), '{') < 0);
		assert_true(str_find_byte(issue_words(fixture, &issues.v[i], LANG_JA), '{') < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(test_texts),
		with_fixture(test_names),
		with_fixture(test_numbers),
		with_fixture(test_postal),
		with_fixture(test_dates),
		with_fixture(test_choices),
		with_fixture(test_depending_choices),
		with_fixture(test_emails),
		with_fixture(test_checkbox),
		with_fixture(test_required),
		with_fixture(test_hidden_answers_do_not_count),
		with_fixture(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
