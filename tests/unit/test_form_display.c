/* Answers for the eye, and that form_apply understands what it shows. */
#include "form_fixture.h"

static struct str shown(struct fixture *fixture, const struct field *field, size_t row, struct str value, enum lang lang)
{
	struct buf out;
	buf_init(&out, &fixture->arena, 1 << 16);
	answer_display(&out, &fixture->scope, locale_get(lang, false), field, row, value);
	return buf_view(&out);
}

static void test_display(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *field, *value, *ja, *en;
	} cases[] = {
		/* what cannot be read stays as it is */
		{"birth", "2000-01-", "2000-01-", "2000-01-"},
		{"birth", "20000230", "20000230", "20000230"},
		{"amount", "5k", "5k", "5k"},
		{"times", "1.5", "1.5", "1.5"},
		{"postal_code", "12", "12", "12"},
		{"level", "gone", "gone", "gone"},
		{"consent", "maybe", "maybe", "maybe"},
		{"free", "", "", ""},
		{"free", "<b>", "<b>", "<b>"},
		/* in the reader's form */
		{"birth", "20000123", "2000年1月23日", "23 January 2000"},
		{"entry", "202004", "2020年4月", "April 2020"},
		{"first_visit", "2000", "2000年", "2000"},
		{"first_visit", "200012", "2000年12月", "December 2000"},
		{"amount", "0", "0円", "¥0"},
		{"amount", "500", "500円", "¥500"},
		{"amount", "2500000", "2,500,000円", "¥2,500,000"},
		{"times", "-5", "-5", "-5"},
		{"times", "-1234567", "-1,234,567", "-1,234,567"},
		{"postal_code", "1000001", "100-0001", "100-0001"},
		{"level", "other", "その他", "Other"},
		{"country", "CIV", "コートジボワール", "Côte d’Ivoire"},
		{"reach", "phone email", "電話、メール", "Phone, E-mail"},
		{"reach", "phone fax", "電話、fax", "Phone, fax"},
		{"consent", "yes", "はい", "Yes"},
		{"town", "minato", "港区", "Minato, Osaka"}, /* the area is Osaka */
		{"town", "chiyoda", "千代田区", "Chiyoda"},
		{"phone", "0312345678", "0312345678", "0312345678"},
	};
	answer(fixture, "area", "27");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct field *field = field_of(fixture, cases[i].field);
		expect_str(shown(fixture, field, 0, str_of(cases[i].value), LANG_JA), cases[i].ja, cases[i].field);
		expect_str(shown(fixture, field, 0, str_of(cases[i].value), LANG_EN), cases[i].en, cases[i].field);
	}
}

static uint64_t seed = UINT64_C(4711);

static uint64_t draw(uint64_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * UINT64_C(2685821657736338717) >> 33) % below;
}

/* Something that a person could type into such a field, and now and then nonsense. */
static struct str random_typing(struct fixture *fixture, const struct field *field)
{
	static const char *const pieces[] = {"1", "2000", "１２", "-", "/", "年", "月", "日", " ", "　", "令和", "Jan", "a", "Z", "é", "Đ", "山", "ﾔﾞ",
					     "ー", "yes", "@", ".", ",", "円", "¥", "万", "〒", "+81", "\t", "\n", "\xE2\x80\x8B", "、", "(", "0"};
	struct buf out;
	if (field->choices && draw(3)) {
		const struct choice *choice = &field->choices->v[draw(field->choices->n)];
		return draw(2) ? choice->value : text_plain(&choice->label, locale_get(draw(2) ? LANG_JA : LANG_EN, false));
	}
	buf_init(&out, &fixture->arena, 256);
	if (field->type >= FIELD_DATE && field->type <= FIELD_PARTIAL_MONTH && draw(2))
		buf_fmt(&out, "%d-%d-%d", 1900 + (int)draw(150), 1 + (int)draw(12), 1 + (int)draw(31));
	else
		for (size_t i = draw(8); i > 0; i--)
			buf_c(&out, pieces[draw(sizeof pieces / sizeof *pieces)]);
	return buf_view(&out);
}

/* apply(show(apply(x))) = apply(x), except for a multi of several values, whose labels may hold commas. */
static void test_understood(void **state)
{
	struct fixture *fixture = *state;
	for (size_t round = 0; round < 300; round++) {
		answer(fixture, "area", draw(2) ? "13" : "27");
		for (size_t i = 0; i < fixture->sample->field_count; i++) {
			const struct field *field = fixture->sample->fields[i];
			size_t row = field->group ? (size_t)draw((uint64_t)field->group->max) : 0;
			if (!field_is_answered(field))
				continue;
			struct str text = random_typing(fixture, field);
			struct str path = path_in_row(&fixture->arena, field, row);
			form_apply(&fixture->answers, field, row, text);
			struct str once = answers_get(&fixture->answers, path);
			if (field->type == FIELD_MULTI && str_find_byte(once, ' ') >= 0)
				continue;
			for (int lang = 0; lang < LANG_COUNT; lang++) {
				form_apply(&fixture->answers, field, row, shown(fixture, field, row, once, (enum lang)lang));
				struct str again = answers_get(&fixture->answers, path);
				if (!str_eq(once, again))
					print_error(STR_FMT ": typed '" STR_FMT "', became '" STR_FMT "', then '" STR_FMT "'\n", STR_ARG(path),
						STR_ARG(text), STR_ARG(once), STR_ARG(again));
				assert_true(str_eq(once, again));
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(test_display),
		with_fixture(test_understood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
