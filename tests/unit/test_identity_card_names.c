/* identity/card_names: the four items in a signing certificate, and what only looks like them. */
#include "identity/card_names.h"

#include "card_fixture.h"
#include "crypto/der.h"

#define OTHER STR("\x2B\x06\x01\x04\x01\x86\x8D\x1F\x01")

static struct str named(struct str oid, unsigned type, struct str text)
{
	return der_made(DER_IN(0),
		joined(der_made(DER_OID, oid), der_made(DER_IN(0), der_made(type, text))));
}

static struct str item(unsigned last, struct str text)
{
	char arc[] = "\x2A\x83\x08\x8C\x9B\x55\x08\x05\x05?";
	arc[9] = (char)last;
	return named(str_dup(&fixture.arena, str_make(arc, 10)), DER_UTF8_STRING, text);
}

/* Items in the order of real certificates; absent ones are left out. */
struct plan {
	struct str name, birth, sex, address, name_subst, address_subst;
	struct str more; /* whole names, behind the others */
};

static const struct plan right = {
	.name = STR_INIT("NGUYEN　THI HOA"),
	.birth = STR_INIT("520010229"),
	.sex = STR_INIT("2"),
	.address = STR_INIT("東京都清瀬市中清戸１－２３"),
};

static struct str names_of(struct plan plan)
{
	struct str all = STR("");
	if (!str_absent(plan.name))
		all = joined(all, item(1, plan.name));
	if (!str_absent(plan.birth))
		all = joined(all, item(4, plan.birth));
	if (!str_absent(plan.sex))
		all = joined(all, item(3, plan.sex));
	if (!str_absent(plan.address))
		all = joined(all, item(5, plan.address));
	if (!str_absent(plan.name_subst))
		all = joined(all, item(2, plan.name_subst));
	if (!str_absent(plan.address_subst))
		all = joined(all, item(6, plan.address_subst));
	return der_made(DER_SEQUENCE, joined(all, plan.more));
}

static void refused(struct str names, const char *what)
{
	struct basic4 out = {.year = 7};
	if (card_names_basic4(names, &out).code != ERR_INVALID)
		fail_msg("%s was taken", what);
	assert_int_equal(out.year, 7);
}

static void taken(struct str names, struct basic4 *out, const char *what)
{
	if (failed(card_names_basic4(names, out)))
		fail_msg("%s: %s", what, err_detail());
}

static void test_right(void **state)
{
	(void)state;
	struct basic4 out;
	struct plan plan = right;
	plan.birth = STR("520000229"); /* a leap day */
	plan.name_subst = STR("00000000000001");
	plan.address_subst = STR("0000000010000");
	taken(names_of(plan), &out, "all six");
	assert_true(str_eq(out.name, right.name) && str_eq(out.address, right.address));
	assert_true(out.year == 2000 && out.month == 2 && out.day == 29 && out.sex == 2);
	assert_true(str_eq(out.name_subst, plan.name_subst));
	assert_true(str_eq(out.address_subst, plan.address_subst));
	assert_int_equal(out.source, IDV_JPKI_SIGN);
	plan.name_subst = plan.address_subst = (struct str){0};
	taken(names_of(plan), &out, "without substitutes");
	assert_true(str_empty(out.name_subst) && str_empty(out.address_subst));
	/* In another order. */
	struct str other = joined(joined(item(5, plan.address), item(3, plan.sex)),
		joined(item(4, plan.birth), item(1, plan.name)));
	taken(der_made(DER_SEQUENCE, other), &out, "in another order");
	assert_true(str_eq(out.name, plan.name) && out.sex == 2);
}

static void test_missing_and_double(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct plan plan = right;
		plan.birth = STR("420010228");
		struct str *items[] = {&plan.name, &plan.birth, &plan.sex, &plan.address};
		static const unsigned arcs[] = {1, 4, 3, 5};
		struct str kept = *items[i];
		*items[i] = (struct str){0};
		refused(names_of(plan), "a missing item");
		*items[i] = kept;
		plan.more = item(arcs[i], kept);
		refused(names_of(plan), "an item twice");
		plan.more = item(arcs[i], STR(""));
		refused(names_of(plan), "an item twice, once empty");
	}
	struct plan plan = right;
	plan.birth = STR("420010228");
	plan.name_subst = STR("00000000000000");
	plan.more = item(2, plan.name_subst);
	refused(names_of(plan), "substitutes twice");
	refused(STR(""), "nothing");
	refused((struct str){0}, "no names at all");
	refused(STR("\x30\x00"), "an empty list");
}

static void test_unknown_names(void **state)
{
	(void)state;
	struct basic4 out;
	struct plan plan = right;
	plan.birth = STR("420010228");
	const struct str ignored[] = {
		named(OTHER, DER_UTF8_STRING, STR("カナ")),
		named(STR("\x2A\x83\x08\x8C\x9B\x55\x08\x05\x05\x07"), DER_UTF8_STRING, STR("x")),
		named(STR("\x2A\x83\x08\x8C\x9B\x55\x08\x05\x05\x63"), 0x1E, STR("\0x")),
		named(STR("\x2A\x83\x08\x8C\x9B\x55\x08\x05\x05"), DER_UTF8_STRING, STR("x")),
		named(STR("\x2A\x83\x08\x8C\x9B\x55\x08\x05\x05\x01\x01"), DER_UTF8_STRING,
			STR("x")),
		der_made(0x81, STR("a@b.example")),
		der_made(DER_IN(4), der_made(DER_SEQUENCE, STR(""))),
	};
	for (size_t i = 0; i < COUNT(ignored); i++) {
		plan.more = ignored[i];
		taken(names_of(plan), &out, "an unknown name");
	}
}

/* Another type of text, or another shape around it. */
static void test_types(void **state)
{
	(void)state;
	static const unsigned types[] = {0x13, 0x16, 0x1E, DER_OCTET_STRING, DER_INTEGER, 0x12};
	struct str name_oid = STR("\x2A\x83\x08\x8C\x9B\x55\x08\x05\x05\x01");
	struct plan plan = right;
	plan.birth = STR("420010228");
	plan.name = (struct str){0};
	for (size_t i = 0; i < COUNT(types); i++) {
		plan.more = named(name_oid, types[i], STR("AB"));
		refused(names_of(plan), "another type");
	}
	struct str text = der_made(DER_UTF8_STRING, STR("AB")), oid = der_made(DER_OID, name_oid);
	const struct str shapes[] = {
		der_made(DER_IN(0), oid),
		der_made(DER_IN(0), joined(oid, text)),
		der_made(DER_IN(0), joined(oid, der_made(DER_IN(1), text))),
		der_made(DER_IN(0), joined(oid, der_made(DER_IN(0), STR("")))),
		der_made(DER_IN(0), joined(oid, der_made(DER_IN(0), joined(text, text)))),
		der_made(DER_IN(0), joined(joined(oid, der_made(DER_IN(0), text)), text)),
		der_made(DER_IN(0), joined(der_made(DER_IN(0), text), oid)),
		der_made(DER_IN(0), STR("")),
		STR("\xA0\x05"),
	};
	for (size_t i = 0; i < COUNT(shapes); i++) {
		plan.more = shapes[i];
		refused(names_of(plan), "another shape");
	}
}

static struct str repeated(const char *text, size_t count)
{
	struct str all = STR("");
	for (size_t i = 0; i < count; i++)
		all = joined(all, str_of(text));
	return all;
}

static void test_texts(void **state)
{
	(void)state;
	struct basic4 out;
	struct plan plan = right;
	plan.birth = STR("420010228");
	static const struct str bad[] = {
		STR_INIT(""),
		STR_INIT("a\0b"),
		STR_INIT("a\nb"),
		STR_INIT("a\x1f"),
		STR_INIT("a\x7f"),
		STR_INIT("a\xC2\x85"),
		STR_INIT("a\xE2\x80\xAE"),
		STR_INIT("a\xE2\x80\x8B"),
		STR_INIT("\x80"),
		STR_INIT("\xED\xA0\x80"),
		STR_INIT("\xC0\xAF"),
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		plan.name = bad[i];
		refused(names_of(plan), "a name");
		plan.name = right.name;
		plan.address = joined(STR("東京都"), bad[i]);
		if (bad[i].n)
			refused(names_of(plan), "an address");
		plan.address = right.address;
	}
	for (size_t n = 199; n <= 201; n++) {
		plan.name = repeated("窓", n);
		plan.address = right.address;
		if (n <= 200)
			taken(names_of(plan), &out, "a long name");
		else
			refused(names_of(plan), "a name of 201 characters");
		plan.name = right.name;
		plan.address = repeated("𠮷", n);
		if (n <= 200)
			taken(names_of(plan), &out, "a long address");
		else
			refused(names_of(plan), "an address of 201 characters");
	}
}

static void test_substitutes(void **state)
{
	(void)state;
	struct basic4 out;
	struct plan plan = right;
	plan.birth = STR("420010228");
	plan.name = STR("窓口　花子");
	static const char *const bad[] = {"0", "0000", "000000", "0000x", "00002", "00 00"};
	for (size_t i = 0; i < COUNT(bad); i++) {
		plan.name_subst = str_of(bad[i]);
		refused(names_of(plan), bad[i]);
		plan.name_subst = (struct str){0};
		plan.address_subst = str_of(bad[i]);
		refused(names_of(plan), bad[i]);
		plan.address_subst = (struct str){0};
	}
	plan.name_subst = STR("01010");
	taken(names_of(plan), &out, "five for five");
}

static void test_births(void **state)
{
	(void)state;
	static const char *const good[] = {"118991201", "319261225", "419990101", "520191231",
		"020000000", "919990101", "019990100", "019990000", "000000000", "020000229",
		"000000229"};
	static const char *const bad[] = {"", "20010228", "4200102281", "X20010228", "42001022X",
		"420011301", "420010230", "420010229", "420010431", "420010132", "+20010228",
		"4 0010228", "42001-228", "４２００１０２２８", "419000229"};
	struct plan plan = right;
	struct basic4 out;
	for (size_t i = 0; i < COUNT(good); i++) {
		plan.birth = str_of(good[i]);
		taken(names_of(plan), &out, good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		plan.birth = str_of(bad[i]);
		refused(names_of(plan), bad[i]);
	}
	plan.birth = STR("118991201");
	taken(names_of(plan), &out, "1899");
	assert_true(out.year == 1899 && out.month == 12 && out.day == 1);
}

static void test_sexes(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "0", "4", "9", "12", "x", "１", " "};
	struct plan plan = right;
	struct basic4 out;
	plan.birth = STR("420010228");
	for (unsigned i = 1; i <= 3; i++) {
		char digit = (char)('0' + i);
		plan.sex = str_make(&digit, 1);
		taken(names_of(plan), &out, "a sex");
		assert_int_equal(out.sex, i);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		plan.sex = str_of(bad[i]);
		refused(names_of(plan), bad[i]);
	}
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&fixture.arena, 64u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&fixture.arena);
	return 0;
}

int main(void)
{
	/* This program needs no authority. */
	(void)card_setup;
	(void)card_teardown;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_missing_and_double),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_substitutes),
		cmocka_unit_test(test_births),
		cmocka_unit_test(test_sexes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
