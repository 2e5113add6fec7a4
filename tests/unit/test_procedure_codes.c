/* domain/codes, csv, choice: faulty files with their places first, then look-ups. */
#include "form_fixture.h"

static struct arena arena, scratch;
static struct definition_problems problems;
static struct reader reader;

static int fresh(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	arena_init(&scratch, LIMIT_STARTUP_ARENA * 2ul);
	reader_init(&reader, &arena, &scratch, DATA "/good", &problems);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&arena);
	arena_release(&scratch);
	return 0;
}

static struct choice_list *read_csv(struct str bytes)
{
	struct source source = {.shown = "c.csv", .bytes = bytes};
	return codes_read_csv(&reader, &source, STR("c"));
}

#define HEAD "value,parent,ja,en,valid_from,valid_until\n"

static void test_faults(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *fault;
	} cases[] = {
		{"", "c.csv:1:1: the file is empty"},
		{"\n\r\n", "c.csv:1:1: the file is empty"},
		{HEAD, "c.csv:1:1: a list has 1 to 8000 choices"},
		{"value,ja\na,あ\n", "c.csv:1:1: there is no column 'en'"},
		{"ja,en\nあ,A\n", "c.csv:1:1: there is no column 'value'"},
		{"value,ja,en,colour\na,あ,A,red\n", "c.csv:1:13: unknown column 'colour'"},
		{"value,ja,en,ja\na,あ,A,い\n", "c.csv:1:13: column 'ja' twice"},
		{HEAD "a,,あ,A,\n", "c.csv:2:1: 5 cells, but the file has 6 columns"},
		{HEAD "a,,あ,A,,,\n", "c.csv:2:1: 7 cells"},
		{HEAD "a,,あ,A,,\n,,い,B,,\n", "c.csv:3:1: the choice has no value"},
		{HEAD "a b,,あ,A,,\n", "c.csv:2:1: a value is of visible ASCII"},
		{HEAD "あ,,あ,A,,\n", "c.csv:2:1: a value is of visible ASCII"},
		{HEAD "a,\"x\x1fy\",あ,A,,\n", "c.csv:2:3: a value is of visible ASCII"},
		{HEAD "0123456789012345678901234567890123456789012345678901234567890123x,,あ,A,,\n", "c.csv:2:1: a value of more than 64"},
		{HEAD "a,,,A,,\n", "c.csv:2:4: the label has no 'ja'"},
		{HEAD "a,,あ,  ,,\n", "c.csv:2:6: the label has no 'en'"},
		{HEAD "a,,留学,A,,\n", "c.csv:2:4: kanji without reading: 留学"},
		{HEAD "a,,あ,A,2026,\n", "c.csv:2:8: '2026' is no date"},
		{HEAD "a,,あ,A,,20260230\n", "c.csv:2:9: '20260230' is no date"},
		{HEAD "a,,あ,A,20260102,20260101\n", "c.csv:2:17: valid_until lies before"},
		{HEAD "a,,あ,A,,\na,,い,B,,\n", "c.csv:3:1: value 'a' stands twice"},
		{HEAD "a,p,あ,A,,\na,q,い,B,,\na,p,う,C,,\n", "c.csv:4:1: value 'a' stands twice"},
		{"value,ja,en,letter\na,あ,A,東\nb,い,B,\n", "c.csv:3:7: the letter must be one character"},
		{"value,ja,en,letter\na,あ,A,東京\n", "c.csv:2:7: the letter must be one character"},
		{HEAD "a,,\"あ,A,,\n", "c.csv:2:4: the quote is not closed"},
		{HEAD "a,,あ,A\"B\",,\n", "c.csv:2:7: a cell with a quote"},
		{HEAD "a,,\"あ\"x,A,,\n", "c.csv:2:7: behind the closing quote"},
		{HEAD "a,,あ,A,,\rb,,い,B,,\n", "c.csv:2:9: a carriage return"},
		{HEAD "a,,\xff,A,,\n", "c.csv:1:1: the file is not in UTF-8"},
		{HEAD "\"a\",,\"x\n\ny\",A,,\n,,い,B,,\n", "c.csv:5:1: the choice has no value"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fresh(NULL);
		assert_null(read_csv(str_of(cases[i].bytes)));
		struct str text = buf_view(&problems.text);
		if (problems.n != 1 || !str_starts(text, str_of(cases[i].fault))) {
			print_error("wanted %s\ngot " STR_FMT, cases[i].fault, STR_ARG(text));
			fail();
		}
		done(NULL);
	}
	fresh(NULL);
}

static void test_size_limits(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, &arena, LIMIT_DEFINITION_FILE);
	buf_c(&text, HEAD);
	for (size_t i = 0; i < LIMIT_CHOICES; i++)
		buf_fmt(&text, "v%zu,,あ,A,,\n", i);
	const struct choice_list *list = read_csv(buf_view(&text));
	assert_non_null(list);
	assert_int_equal(list->n, LIMIT_CHOICES);
	assert_non_null(choice_find(list, STR("v7999"), STR(""), 0));
	buf_c(&text, "w,,あ,A,,\n");
	assert_null(read_csv(buf_view(&text)));
	assert_int_equal(problems.n, 1);
}

static void test_format(void **state)
{
	(void)state;
	const struct choice_list *list = read_csv(STR("\xEF\xBB\xBFvalue,en,ja\r\n\"a\",\"A, \"\"quoted\"\"\",あ\r\n\r\nb,\"two\nlines\",い"));
	assert_non_null(list);
	assert_int_equal(list->n, 2);
	expect_str(text_form(&list->v[0].label, LANG_EN, TEXT_WORDS), "A, \"quoted\"", "doubled quotes");
	expect_str(text_form(&list->v[1].label, LANG_EN, TEXT_WORDS), "two\nlines", "a line end in a cell");
	assert_true(str_absent(list->v[0].parent) && str_absent(list->v[0].letter));
}

static void test_find(void **state)
{
	struct fixture *fixture = *state;
	const struct choice_list *town = field_of(fixture, "town")->choices;
	const struct str any = {0};
	assert_null(choice_find(town, STR(""), any, 0));
	assert_null(choice_find(town, STR("shinjuku"), any, 0));
	assert_null(choice_find(town, STR("chiyoda"), STR("27"), 0));
	assert_null(choice_find(town, STR("13\x1f" "chiyoda"), any, 0)); /* how the map names it inside */
	assert_null(choice_find(town, STR("\x1f" "abroad"), any, 0));
	assert_null(choice_find(town, STR("chiyoda"), STR(""), 0)); /* a parent that is not chosen yet */
	assert_non_null(choice_find(town, STR("chiyoda"), STR("13"), 0));
	expect_str(text_form(&choice_find(town, STR("minato"), STR("27"), 0)->label, LANG_EN, TEXT_WORDS), "Minato, Osaka", "under its parent");
	expect_str(text_form(&choice_find(town, STR("minato"), any, 0)->label, LANG_EN, TEXT_WORDS), "Minato, Tokyo", "the first under any");
	assert_non_null(choice_find(town, STR("abroad"), STR("27"), 0));
	/* kita until 30 November 2026, new from 1 December */
	assert_non_null(choice_find(town, STR("kita"), STR("27"), 20261130));
	assert_null(choice_find(town, STR("kita"), STR("27"), 20261201));
	assert_null(choice_find(town, STR("new"), STR("27"), 20261130));
	assert_non_null(choice_find(town, STR("new"), STR("27"), 20261201));
	assert_true(choice_offered(&town->v[0], STR("13"), 0) && choice_offered(&town->v[0], any, 0));
	assert_false(choice_offered(&town->v[0], STR("27"), 0));
	char longest[300];
	memset(longest, 'x', sizeof longest);
	assert_null(choice_find(town, str_make(longest, sizeof longest), str_make(longest, sizeof longest), 0));
}

static void test_by_label(void **state)
{
	struct fixture *fixture = *state;
	const struct choice_list *town = field_of(fixture, "town")->choices;
	const struct choice_list *country = field_of(fixture, "country")->choices;
	const struct str any = {0};
	assert_null(choice_by_label(country, STR(""), any));
	assert_null(choice_by_label(country, STR("日本《にほん》"), any));
	assert_null(choice_by_label(country, STR("日"), any));
	assert_null(choice_by_label(country, STR("日本国"), any));
	expect_str(choice_by_label(country, STR("日本"), any)->value, "JPN", "Japanese");
	expect_str(choice_by_label(country, STR("viet nam"), any)->value, "VNM", "English in lower case");
	expect_str(choice_by_label(country, STR("Côte d’Ivoire"), any)->value, "CIV", "more than ASCII");
	assert_null(choice_by_label(town, STR("千代田区"), STR("27")));
	expect_str(choice_by_label(town, STR("千代田区"), STR("13"))->value, "chiyoda", "under its parent");
	expect_str(choice_by_label(town, STR("海外"), STR("13"))->value, "abroad", "of any parent");
}

static void test_readings(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum reading_fault fault;
		size_t offset;
	} cases[] = {
		{"", READING_OK, 0},
		{"ひらがな カタカナ ABC 123 ー・", READING_OK, 0},
		{"在留《ざいりゅう》カード", READING_OK, 0},
		{"｜ED番号《イーディーばんごう》", READING_OK, 0},
		{"人々《ひとびと》", READING_OK, 0},
		{"在留", READING_MISSING, 0},
		{"あ在留い", READING_MISSING, 3},
		{"在留《ざいりゅう》期間", READING_MISSING, 27},
		{"々", READING_MISSING, 0},
		{"𠮟る", READING_MISSING, 0},
		{"あ《よみ》", READING_STRAY, 3},
		{"｜《よみ》", READING_STRAY, 0},
		{"《", READING_STRAY, 0},
		{"》", READING_STRAY, 0},
		{"あ｜い", READING_STRAY, 3},
		{"在留《zairyu》", READING_NO_KANA, 0},
		{"在留《在留》", READING_NO_KANA, 0},
		{"あ**い**う", READING_OK, 0},
		{"あ**い**う**え", READING_STRAY, 13},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t offset = 0;
		enum reading_fault fault = reading_check(str_of(cases[i].text), true, &offset);
		if (fault != cases[i].fault || offset != cases[i].offset)
			print_error("%s: fault %d at %zu\n", cases[i].text, fault, offset);
		assert_int_equal(fault, cases[i].fault);
		assert_int_equal(offset, cases[i].offset);
	}
	size_t offset;
	assert_int_equal(reading_check(STR("the 在留 card"), false, &offset), READING_OK);
	assert_int_equal(reading_check(STR("the 》 card"), false, &offset), READING_STRAY);
}

/* A text keeps one copy of forms that are alike; with a fault it keeps none. */
static void test_forms(void **state)
{
	(void)state;
	struct text text = {0};
	struct text_room room;
	size_t offset;
	text_room_init(&room, &scratch);
	assert_int_equal(text_make(&arena, &room, &text, LANG_EN, STR("Residence card"), &offset), READING_OK);
	assert_ptr_equal(text_form(&text, LANG_EN, TEXT_PLAIN).p, text_form(&text, LANG_EN, TEXT_WORDS).p);
	assert_ptr_equal(text_form(&text, LANG_EN, TEXT_HTML).p, text_form(&text, LANG_EN, TEXT_WORDS).p);
	assert_ptr_equal(text_form(&text, LANG_EN, TEXT_FURIGANA).p, text_form(&text, LANG_EN, TEXT_WORDS).p);
	assert_int_equal(text_make(&arena, &room, &text, LANG_EN, STR("**A** & B"), &offset), READING_OK);
	expect_str(text_form(&text, LANG_EN, TEXT_PLAIN), "A & B", "plain");
	expect_str(text_form(&text, LANG_EN, TEXT_HTML), "<strong>A</strong> &amp; B", "HTML");
	assert_ptr_equal(text_form(&text, LANG_EN, TEXT_FURIGANA).p, text_form(&text, LANG_EN, TEXT_HTML).p);
	assert_int_equal(text_make(&arena, &room, &text, LANG_JA, STR("在留《ざいりゅう》カード"), &offset), READING_OK);
	expect_str(text_form(&text, LANG_JA, TEXT_PLAIN), "在留カード", "plain");
	assert_ptr_equal(text_form(&text, LANG_JA, TEXT_HTML).p, text_form(&text, LANG_JA, TEXT_PLAIN).p);
	expect_str(text_form(&text, LANG_JA, TEXT_FURIGANA), "<ruby>在留<rt>ざいりゅう</rt></ruby>カード", "with readings");
	text = (struct text){0};
	assert_int_equal(text_make(&arena, &room, &text, LANG_JA, STR("あ在留"), &offset), READING_MISSING);
	assert_int_equal(offset, 3);
	assert_true(str_absent(text_form(&text, LANG_JA, TEXT_WORDS)) && str_absent(text_form(&text, LANG_JA, TEXT_PLAIN)) && str_absent(text_form(&text, LANG_JA, TEXT_HTML)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_faults, fresh, done),
		cmocka_unit_test_setup_teardown(test_size_limits, fresh, done),
		cmocka_unit_test_setup_teardown(test_format, fresh, done),
		with_fixture(test_find),
		with_fixture(test_by_label),
		cmocka_unit_test(test_readings),
		cmocka_unit_test_setup_teardown(test_forms, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
