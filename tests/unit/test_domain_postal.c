#include "domain/postal.h"

#include <fcntl.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/* The table of postal codes as built (POSTAL_FILE), and what is no such table. */

static bool has(const struct postal_place *places, size_t n, const char *prefecture,
	const char *city, const char *town)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(places[i].prefecture, str_of(prefecture)) &&
			str_eq(places[i].city, str_of(city)) &&
			str_eq(places[i].town, str_of(town)))
			return true;
	return false;
}

static struct postal *table(void)
{
	struct postal *postal = NULL;
	err e = postal_open(POSTAL_FILE, &postal);

	if (failed(e))
		fail_msg("%s", err_detail());
	return postal;
}

static void known_codes(void **state)
{
	struct postal_place places[POSTAL_PLACES_MAX];
	struct postal *postal = table();

	(void)state;
	assert_int_equal(postal_find(postal, STR("1000001"), places), 1);
	assert_true(has(places, 1, "東京都", "千代田区", "千代田"));
	assert_int_equal(postal_find(postal, STR("8740000"), places), 1);
	assert_true(has(places, 1, "大分県", "別府市", ""));
	assert_int_equal(postal_find(postal, STR("0600000"), places), 1);
	assert_true(has(places, 1, "北海道", "札幌市中央区", ""));
	assert_int_equal(postal_find(postal, STR("9071801"), places), 1);
	assert_true(has(places, 1, "沖縄県", "八重山郡与那国町", "与那国"));
	/* a floor of a tower, that the data tell by five digits */
	assert_int_equal(postal_find(postal, STR("1006036"), places), 1);
	assert_true(has(places, 1, "東京都", "千代田区", "霞が関霞が関ビル"));
	postal_close(postal);
}

static void codes_with_several_places(void **state)
{
	struct postal_place places[POSTAL_PLACES_MAX];
	struct postal *postal = table();
	size_t n = postal_find(postal, STR("4520961"), places);

	(void)state;
	assert_int_equal(n, 66); /* the most of all */
	assert_true(has(places, n, "愛知県", "清須市", "春日明河原"));
	assert_true(has(places, n, "愛知県", "清須市", "春日蓮花寺前"));
	postal_close(postal);
}

static void what_an_address_begins_with(void **state)
{
	static const struct {
		const char *text, *place;
	} cases[] = {
		{"", ""},
		{"1-1", ""},
		{"東京", ""},
		{"千代田区千代田", ""}, /* without the prefecture many are the same */
		{"東京都", "東京都"},
		{"東京都1-1", "東京都"},
		{"東京都千代田区", "東京都千代田区"},
		{"東京都千代田区千代田１－１", "東京都千代田区千代田"},
		{"東京都港区芝５", "東京都港区芝"},
		{"東京都港区芝浦３", "東京都港区芝浦"}, /* the longest */
		{"東京都港区芝公園", "東京都港区芝公園"},
		{"大分県別府市Foo", "大分県別府市"},
		{" 東京都", ""},
	};
	struct postal *postal = table();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(postal_beginning(postal, str_of(cases[i].text)), strlen(cases[i].place));
	assert_int_equal(postal_beginning(NULL, STR("東京都")), 0);
	postal_close(postal);
}

static void what_is_no_code(void **state)
{
	static const char *const wrong[] = {"", "1", "100001", "10000010", "100-001", "100000a",
		"１００００", "0000000", "9999999", "-000001"};
	struct postal_place places[POSTAL_PLACES_MAX];
	struct postal *postal = table();

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(postal_find(postal, str_of(wrong[i]), places), 0);
	assert_int_equal(postal_find(NULL, STR("1000001"), places), 0);
	postal_close(postal);
	postal_close(NULL);
}

/* Every code can be asked; answers stay inside the table (ASan sees it). */
static void all_codes(void **state)
{
	struct postal_place places[POSTAL_PLACES_MAX];
	struct postal *postal = table();
	size_t codes = 0, all = 0;
	char code[8];

	(void)state;
	for (unsigned i = 0; i < 10000000; i += 1) {
		snprintf(code, sizeof code, "%07u", i);
		size_t n = postal_find(postal, str_make(code, 7), places);

		codes += n > 0;
		all += n;
		for (size_t k = 0; k < n; k++)
			assert_true(places[k].prefecture.n >= 9 && places[k].city.n > 0);
	}
	assert_true(codes > 117000);
	assert_true(all > codes);
	postal_close(postal);
}

static char *copy_read(size_t *n)
{
	int fd = open(POSTAL_FILE, O_RDONLY | O_CLOEXEC);
	char *text = malloc(8u << 20);
	ssize_t got = read(fd, text, 8u << 20);

	close(fd);
	assert_true(got > 0);
	*n = (size_t)got;
	return text;
}

static enum err_code open_bytes(const char *text, size_t n)
{
	char path[] = "/tmp/postal-test.XXXXXX";
	struct postal *postal = NULL;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), (ssize_t)n);
	close(fd);
	err e = postal_open(path, &postal);

	unlink(path);
	postal_close(postal);
	return e.code;
}

static void damaged_tables(void **state)
{
	struct postal *postal;
	size_t n;
	char *text = copy_read(&n);
	uint32_t codes;

	(void)state;
	memcpy(&codes, text + 8, 4);
	assert_int_equal(open_bytes(text, n), OK);
	assert_int_equal(open_bytes(text, n - 1), ERR_INVALID);
	assert_int_equal(open_bytes(text, 23), ERR_INVALID);
	assert_int_equal(open_bytes(text, 0), ERR_INVALID);
	/* the mark, each count, an index that runs backwards, a place outside the text, a city that
	 * is not there */
	static const struct {
		size_t offset, tables; /* + tables * 4 * codes */
	} spots[] = {{0, 0}, {8, 0}, {12, 0}, {16, 0}, {20, 0}, {24 + 400, 0}, {24 + 400, 1},
		{28 + 3, 2}, {28 + 7, 2}};

	for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
		size_t at = spots[i].offset + spots[i].tables * 4 * codes;
		char kept = text[at];

		text[at] = (char)(kept ^ 0x7f);
		if (open_bytes(text, n) != ERR_INVALID)
			fail_msg("spot %zu was not noticed", i);
		text[at] = kept;
	}
	free(text);
	assert_int_equal(postal_open("/nowhere/postal.bin", &postal).code, ERR_NOT_FOUND);
	assert_int_equal(postal_open("/tmp", &postal).code, ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_codes),
		cmocka_unit_test(codes_with_several_places),
		cmocka_unit_test(what_an_address_begins_with),
		cmocka_unit_test(what_is_no_code),
		cmocka_unit_test(all_codes),
		cmocka_unit_test(damaged_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
