/* domain/form_apply: what people type, hostile things first, and what becomes of it. */
#include "form_fixture.h"

struct typing_case {
	const char *field, *typed, *value;
};

static void run(struct fixture *fixture, const struct typing_case *cases, size_t count)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		struct str once = typed(fixture, cases[i].field, 0, str_of(cases[i].typed));
		if (!str_eq(once, str_of(cases[i].value))) {
			print_error("%s: '%s' became '" STR_FMT "', wanted '%s'\n", cases[i].field, cases[i].typed, STR_ARG(once), cases[i].value);
			wrong++;
		}
		struct str twice = typed(fixture, cases[i].field, 0, once);
		if (!str_eq(once, twice)) {
			print_error("%s: '%s' applied again became '" STR_FMT "'\n", cases[i].field, cases[i].typed, STR_ARG(twice));
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

#define RUN(state, cases) run(*(state), (cases), sizeof(cases) / sizeof *(cases))

static void test_bad_bytes(void **state)
{
	struct fixture *fixture = *state;
	struct str nul = typed(fixture, "free", 0, str_make("a\0b", 3));
	assert_int_equal(nul.n, 3);
	assert_memory_equal(nul.p, "a\0b", 3);
	expect_str(typed(fixture, "free", 0, STR("a\xFF\xC3")), "a\xEF\xBF\xBD\xEF\xBF\xBD", "bytes that are no UTF-8");
	expect_str(typed(fixture, "postal_code", 0, STR("\xE3\x80")), "\xEF\xBF\xBD\xEF\xBF\xBD", "a cut character");
	expect_str(typed(fixture, "free", 0, STR("a\xE2\x80\x8B")), "a\xE2\x80\x8B", "an invisible character stays for the check");
	expect_str(typed(fixture, "free", 0, STR("<b>&amp;'; --")), "<b>&amp;'; --", "markup is text");
	/* every type takes every byte */
	char bytes[256];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)i;
	for (size_t i = 0; i < fixture->sample->field_count; i++)
		form_apply(&fixture->answers, fixture->sample->fields[i], 0, str_make(bytes, sizeof bytes));
	assert_true(answers_get(&fixture->answers, STR("note")).n == 0);
	assert_true(answers_get(&fixture->answers, STR("family")).n == 0);
}

static void test_rows(void **state)
{
	struct fixture *fixture = *state;
	const struct field *name = field_of(fixture, "family.name");
	form_apply(&fixture->answers, name, 3, STR("one too many"));
	form_apply(&fixture->answers, name, 4, STR("not a row"));
	form_apply(&fixture->answers, name, SIZE_MAX, STR("not a row"));
	assert_int_equal(fixture->answers.map.n, 1);
	expect_str(answers_get(&fixture->answers, STR("family.3.name")), "one too many", "kept, so that the check can say so");
}

static void test_removed(void **state)
{
	struct fixture *fixture = *state;
	static const char *const nothing[] = {"", " ", "\t\r\n", "\xE3\x80\x80", " \xC2\xA0\xE3\x80\x80 "};
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		answer(fixture, "free", "x");
		expect_str(typed(fixture, "free", 0, str_of(nothing[i])), "", "blanks are no answer");
	}
	answer(fixture, "birth", "20000123");
	expect_str(typed(fixture, "birth", 0, STR("--")), "", "three empty boxes");
}

static void test_texts(void **state)
{
	static const struct typing_case cases[] = {
		{"free", "  a  b  ", "a  b"},
		{"free", "a\tb", "a b"},
		{"free", "ＡＢＣ １", "ＡＢＣ １"},
		{"free", "か\xE3\x82\x99", "が"}, /* NFC */
		{"reason", "\r\na\r\nb\rc\n\n", "a\nb\nc"},
		{"reason", "a\tb", "a b"},
		{"kanji_name", "yamada 1-2", "ｙａｍａｄａ　１－２"},
		{"kanji_name", "ﾔﾏﾀﾞ ﾊﾟﾝ", "ヤマダ　パン"},
		{"kanji_name", "　山田　", "山田"},
		{"kanji_name", "Đặng", "Đặｎｇ"}, /* what has no full-width form stays */
		{"passport", "ＡＢ１２３－４", "AB123-4"},
		{"passport", "don’t", "don't"},
		{"name", "houmu taro", "HOUMU TARO"},
		{"name", "Ｈｏｕｍｕ　　Ｔａｒｏ", "HOUMU TARO"},
		{"name", "José Ñandú", "JOSE NANDU"},
		{"name", "Jose\xCC\x81", "JOSE"},
		{"name", "Đặng Thị Hồng", "DANG THI HONG"},
		{"name", "Łukasz Øster Æbel Straße", "LUKASZ OESTER AEBEL STRASSE"},
		{"name", "İlkay Işık", "ILKAY ISIK"},
		{"name", "O’Brien-Smith", "O'BRIEN-SMITH"},
		{"name", "M\xCC\x88" "x", "MX"},
		{"name", "Иван", "Иван"},
		{"name", "山田 taro", "山田 TARO"},
		{"code", "ab-1 2", "ab12"},
		{"code", "ａｂ―１２", "ab12"},
		{"address", "東京都千代田区1-1-1 ｶｽﾐﾊｲﾂ", "東京都千代田区１－１－１　カスミハイツ"},
	};
	RUN(state, cases);
}

static void test_numbers(void **state)
{
	static const struct typing_case cases[] = {
		{"times", "007", "7"},
		{"times", "０", "0"},
		{"times", "-0", "0"},
		{"times", "－５", "-5"},
		{"times", "+12", "12"},
		{"times", "1 000", "1000"},
		{"times", "1,000", "1000"},
		{"times", "1.5", "1.5"},
		{"times", "二", "二"},
		{"times", "--5", "--5"},
		{"times", "99999999999999999999999", "99999999999999999999999"},
		{"amount", "2,500,000円", "2500000"},
		{"amount", "￥２，５００，０００", "2500000"},
		{"amount", "¥ 2 500 000", "2500000"},
		{"amount", "\\5,000", "5000"},
		{"amount", "5000 yen", "5000"},
		{"amount", "250万円", "2500000"},
		{"amount", "２５０万５０００", "2505000"},
		{"amount", "250万50000", "250万50000"},
		{"amount", "万", "万"},
		{"amount", "¥¥5", "¥¥5"},
		{"amount", "円", "円"},
		{"amount", "many", "many"},
		{"ed_no", "００１-２３４５", "0012345"},
		{"phone", "03-1234-5678", "0312345678"},
		{"phone", "（０３）１２３４－５６７８", "0312345678"},
		{"phone", "03ー1234ー5678", "0312345678"},
		{"phone", "+81 90-1234-5678", "09012345678"},
		{"phone", "+81 (0)90 1234 5678", "09012345678"},
		{"phone", "+84 90 123", "+8490123"},
		{"phone", "+81", "0"},
		{"postal_code", "〒100-0001", "1000001"},
		{"postal_code", "１００－０００１", "1000001"},
		{"postal_code", "〒〒 100 0001", "1000001"},
		{"card", "ab 1234 5678 cd", "AB12345678CD"},
		{"card", "ａｂ１２３４５６７８ｃｄ", "AB12345678CD"},
		{"card", "AB-12345678-CD", "AB12345678CD"},
		{"corp", "T1180301018771", "1180301018771"},
		{"corp", "1-1803-0101-8771", "1180301018771"},
		{"corp", "T118030101877", "T118030101877"},
		{"email", " Taro.Houmu@Example.JP ", "Taro.Houmu@example.jp"},
		{"email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"},
		{"email", "a@B@C", "a@b@c"},
		{"email", "nobody", "nobody"},
	};
	RUN(state, cases);
}

static void test_dates(void **state)
{
	static const struct typing_case cases[] = {
		/* not guessed, and kept as typed */
		{"birth", "01/02/2000", "01/02/2000"},
		{"birth", "23/1/2000", "23/1/2000"},
		{"birth", "00-1-23", "00-1-23"},
		{"birth", "2000-01-", "2000-01-"},
		{"birth", "-1-23", "-1-23"},
		{"birth", "2000--23", "2000--23"},
		{"birth", "2000-1-23-4", "2000-1-23-4"},
		{"birth", "2000", "2000"},
		{"birth", "200001", "200001"},
		{"birth", "20000123x", "20000123x"},
		{"birth", "2000-1-123", "2000-1-123"},
		{"birth", "yesterday", "yesterday"},
		{"birth", "令和0年1月1日", "令和0年1月1日"},
		{"birth", "R100.1.1", "R100.1.1"},
		{"birth", "Mayo 5 2000", "Mayo 5 2000"},
		{"birth", "123456789012345678901234567890", "123456789012345678901234567890"},
		{"birth", "1-1-1-1-1-1-1-1-1-1-1-1", "1-1-1-1-1-1-1-1-1-1-1-1"},
		/* understood, whether or not the day exists */
		{"birth", "20000123", "20000123"},
		{"birth", "2000-01-23", "20000123"},
		{"birth", "2000-1-3", "20000103"},
		{"birth", "2000/1/23", "20000123"},
		{"birth", "2000.1.23.", "20000123"},
		{"birth", "2000 1 23", "20000123"},
		{"birth", "2000 - 1 - 23", "20000123"},
		{"birth", "2000年1月23日", "20000123"},
		{"birth", "２０００年　１月　２３日", "20000123"},
		{"birth", "西暦2000年1月23日", "20000123"},
		{"birth", "２０００－１－２３", "20000123"},
		{"birth", "令和8年4月1日", "20260401"},
		{"birth", "令和元年5月1日", "20190501"},
		{"birth", "㋿8年4月1日", "20260401"},
		{"birth", "平成31年4月30日", "20190430"},
		{"birth", "昭和64年1月7日", "19890107"},
		{"birth", "大正15年12月24日", "19261224"},
		{"birth", "明治45-7-29", "19120729"},
		{"birth", "R8.4.1", "20260401"},
		{"birth", "r8-4-1", "20260401"},
		{"birth", "H.31.4.30", "20190430"},
		{"birth", "s64/1/7", "19890107"},
		{"birth", "23 January 2000", "20000123"},
		{"birth", "23 Jan 2000", "20000123"},
		{"birth", "23JAN2000", "20000123"},
		{"birth", "23rd of January 2000", "23rd of January 2000"},
		{"birth", "January 23, 2000", "20000123"},
		{"birth", "Sept. 1st 2000", "20000901"},
		{"birth", "2000 Jan 23", "20000123"},
		{"birth", "2000-2-30", "20000230"},
		{"birth", "2000-13-1", "20001301"},
		{"entry", "2020-4", "202004"},
		{"entry", "2020-4-", "202004"},
		{"entry", "202004", "202004"},
		{"entry", "2020年4月", "202004"},
		{"entry", "令和2年4月", "202004"},
		{"entry", "April 2020", "202004"},
		{"entry", "2020 Apr", "202004"},
		{"entry", "2020-4-1", "2020-4-1"},
		{"entry", "2020", "2020"},
		{"first_visit", "2000--", "2000"},
		{"first_visit", "2000-01-", "200001"},
		{"first_visit", "2000-01-23", "20000123"},
		{"first_visit", "2000年", "2000"},
		{"first_visit", "平成12年", "2000"},
		{"first_visit", "20000000", "2000"},
		{"first_visit", "20000100", "200001"},
		{"first_visit", "2000--23", "2000--23"},
		{"since", "2000-", "2000"},
		{"since", "2000-1", "200001"},
		{"since", "200000", "2000"},
		{"since", "2000月0", "2000"},
		{"since", "012000", "012000"},
		{"birth", "0200-1-1", "0200-1-1"},
		{"birth", "2000-1-00", "2000-1-00"},
		{"since", "2000-1-23", "2000-1-23"},
	};
	RUN(state, cases);
}

static void test_choices(void **state)
{
	static const struct typing_case cases[] = {
		{"level", "high", "high"},
		{"level", "High", "high"},
		{"level", "その他", "other"},
		{"level", "highest", "highest"},
		{"country", "日本", "JPN"},
		{"country", "viet nam", "VNM"},
		{"country", "VNM", "VNM"},
		{"country", "Utopia", "Utopia"},
		{"reach", "email phone", "phone email"},
		{"reach", " mail  mail email ", "mail email"},
		{"reach", "fax email fax phone telex", "phone email fax telex"},
		{"reach", "Mail", "mail"},
		{"reach", "fax", "fax"},
		{"consent", "on", "yes"},
		{"consent", "YES", "yes"},
		{"consent", "はい", "yes"},
		{"consent", "no", "no"},
	};
	struct fixture *fixture = *state;
	RUN(state, cases);
	/* a label that two parents share means the one of the chosen parent */
	answer(fixture, "area", "27");
	expect_str(typed(fixture, "town", 0, STR("Minato, Osaka")), "minato", "label under its parent");
	expect_str(typed(fixture, "town", 0, STR("Chiyoda")), "chiyoda", "label of another parent");
	/* 201 words are no choice of a person */
	struct buf many;
	buf_init(&many, &fixture->arena, 4096);
	for (int i = 0; i < 201; i++)
		buf_c(&many, "mail ");
	struct str kept = typed(fixture, "reach", 0, buf_view(&many));
	assert_int_equal(kept.n, 201 * 5 - 1);
}

static void test_date_boxes(void **state)
{
	(void)state;
	static const struct {
		const char *value, *year, *month, *day;
	} cases[] = {
		{"", "", "", ""}, {"20000123", "2000", "01", "23"}, {"200001", "2000", "01", ""}, {"2000", "2000", "", ""},
		{"2000-01-", "2000", "01", ""}, {"-1-23", "", "1", "23"}, {"--23", "", "", "23"}, {"abc", "abc", "", ""},
		{"2000-1-23-4", "2000", "1", "23-4"}, {"令和8年", "令和8年", "", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct date_boxes boxes = form_date_boxes(str_of(cases[i].value));
		expect_str(boxes.year, cases[i].year, cases[i].value);
		expect_str(boxes.month, cases[i].month, cases[i].value);
		expect_str(boxes.day, cases[i].day, cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(test_bad_bytes),
		with_fixture(test_rows),
		with_fixture(test_removed),
		with_fixture(test_texts),
		with_fixture(test_numbers),
		with_fixture(test_dates),
		with_fixture(test_choices),
		cmocka_unit_test(test_date_boxes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
