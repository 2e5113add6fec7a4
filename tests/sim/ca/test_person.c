/* sim/ca/person: what may stand on a card, and how it is written. */
#include "sim/ca/person.h"

#include "base/buf.h"
#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum err_code check(const struct ca_person *person)
{
	return person_check(person).code;
}

/* n times a character. */
static struct str times(struct arena *arena, const char *one, size_t n)
{
	struct buf text;
	buf_init(&text, arena, 4096);
	for (size_t i = 0; i < n; i++)
		buf_c(&text, one);
	return buf_view(&text);
}

static void test_texts(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	struct ca_person person = person_right();
	assert_int_equal(check(&person), OK);
	struct str *const places[] = {
		&person.name, &person.address, &person.prefecture, &person.municipality};
	static const size_t most[] = {200, 200, 64, 58};
	static const char *const bad[] = {
		"", "\xff", "A\xe3\x81", "a\nb", "a\tb", "\xe2\x80\xaez", "\xe2\x80\x8b"};
	for (size_t i = 0; i < 4; i++) {
		struct str right = *places[i];
		for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
			*places[i] = str_of(bad[k]);
			assert_int_equal(check(&person), ERR_INVALID);
		}
		*places[i] = times(&arena, "\xe9\xb5\x9c", most[i]);
		assert_int_equal(check(&person), OK);
		*places[i] = times(&arena, "\xe9\xb5\x9c", most[i] + 1);
		assert_int_equal(check(&person), ERR_INVALID);
		*places[i] = right;
	}
}

static void test_birth(void **state)
{
	(void)state;
	static const struct {
		char era;
		unsigned year, month, day;
		enum err_code code;
	} cases[] = {
		{'0', 2000, 2, 29, OK},
		{'9', 1, 1, 1, OK},
		{'4', 9999, 12, 31, OK},
		{'0', 1999, 0, 0, OK},
		{'0', 1999, 12, 0, OK},
		{'0', 1999, 0, 31, OK},
		{'0', 1900, 2, 29, ERR_INVALID},
		{'0', 2001, 2, 29, ERR_INVALID},
		{'0', 2001, 4, 31, ERR_INVALID},
		{'0', 0, 1, 1, ERR_INVALID},
		{'0', 10000, 1, 1, ERR_INVALID},
		{'0', 2000, 13, 1, ERR_INVALID},
		{'0', 2000, 1, 32, ERR_INVALID},
		{'0', 2000, 13, 0, ERR_INVALID},
		{'0', 2000, 0, 32, ERR_INVALID},
		{'/', 2000, 1, 1, ERR_INVALID},
		{':', 2000, 1, 1, ERR_INVALID},
		{'\0', 2000, 1, 1, ERR_INVALID},
	};
	struct ca_person person = person_right();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		person.era = cases[i].era;
		person.year = cases[i].year;
		person.month = cases[i].month;
		person.day = cases[i].day;
		assert_int_equal(check(&person), cases[i].code);
	}
}

static void test_sex_and_office(void **state)
{
	(void)state;
	struct ca_person person = person_right();
	for (unsigned sex = 0; sex < 6; sex++) {
		person.sex = sex;
		assert_int_equal(check(&person), sex >= 1 && sex <= 3 ? OK : ERR_INVALID);
	}
	person.sex = 3;
	static const struct {
		const char *office;
		enum err_code code;
	} cases[] = {
		{"13221003A", OK},
		{"000000000", OK},
		{"13221003", ERR_INVALID},
		{"13221003AA", ERR_INVALID},
		{"13221003a", ERR_INVALID},
		{"1322100-A", ERR_INVALID},
		{"[3221003A", ERR_INVALID},
		{"1322/003A", ERR_INVALID},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		person.office = str_of(cases[i].office);
		assert_int_equal(check(&person), cases[i].code);
	}
}

static void test_subst(void **state)
{
	(void)state;
	struct ca_person person = person_right();
	person.name = STR("あ　ｂ");
	static const struct {
		const char *subst;
		enum err_code code;
	} cases[] = {
		{"000", OK},
		{"101", OK},
		{"10", ERR_INVALID},
		{"1010", ERR_INVALID},
		{"102", ERR_INVALID},
		{"1 0", ERR_INVALID},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		person.name_subst = str_of(cases[i].subst);
		assert_int_equal(check(&person), cases[i].code);
	}
	person.name_subst = (struct str){0};
	person.address = person.name;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		person.address_subst = str_of(cases[i].subst);
		assert_int_equal(check(&person), cases[i].code);
	}
}

static void assert_items(const struct ca_person *person, const char *const want[PERSON_ITEMS])
{
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 16);
	struct str items[PERSON_ITEMS];
	person_items(&arena, person, items);
	for (size_t i = 0; i < PERSON_ITEMS; i++)
		assert_true(str_eq(items[i], str_of(want[i])));
}

static void test_items(void **state)
{
	(void)state;
	struct ca_person person = {
		.name = STR("黒桐　幹也"),
		.era = '3',
		.year = 1980,
		.month = 2,
		.day = 17,
		.sex = 1,
		.address = STR("東京都"),
	};
	assert_items(&person,
		(const char *const[]){"黒桐　幹也", "319800217", "1", "東京都", "00000", "000"});
	person.era = '1';
	person.year = 899;
	person.month = 0;
	person.day = 0;
	person.sex = 3;
	person.name_subst = STR("10010");
	person.address_subst = STR("111");
	assert_items(&person,
		(const char *const[]){"黒桐　幹也", "108990000", "3", "東京都", "10010", "111"});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_birth),
		cmocka_unit_test(test_sex_and_office),
		cmocka_unit_test(test_subst),
		cmocka_unit_test(test_items),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
