/* evidence_has_my_number: found wherever a message could hold one, and not seen in what is none. */
#include "identity/evidence.h"

#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;

static bool found(struct str text)
{
	const struct json *message = NULL;
	if (failed(json_read(&arena, text, NULL, &message)))
		fail_msg("%s: " STR_FMT, err_detail(), STR_ARG(text));
	return evidence_has_my_number(&arena, message);
}

static void test_present(void **state)
{
	(void)state;
	static const struct str rows[] = {
		STR_INIT("{\"ef0001\":\"\"}"), STR_INIT("{\"EF0001\":null}"),
		STR_INIT("{\"my_number\":1}"), STR_INIT("{\"MyNumber\":\"x\"}"),
		STR_INIT("{\"a\":[{\"individual_number\":\"\"}]}"),
		STR_INIT("{\"individualNumber\":\"\"}"), STR_INIT("{\"a\":\"123456789012\"}"),
		STR_INIT("{\"a\":\"1234 5678 9012\"}"), STR_INIT("{\"a\":\"1234-5678-9012\"}"),
		STR_INIT("{\"a\":[[\"000000000000\"]]}"), STR_INIT("{\"a\":123456789012}"),
		STR_INIT("{\"a\":[99999999999]}"), STR_INIT("{\"a\":10000000000}"),
		STR_INIT("{\"a\":\"MTIzNDU2Nzg5MDEy\"}"), /* base64url of twelve digits */
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!found(rows[i]))
			fail_msg("row %zu", i);
}

static void test_absent(void **state)
{
	(void)state;
	static const struct str rows[] = {
		STR_INIT("{}"),
		STR_INIT("{\"iat\":1795392040,\"exp\":1795392181}"),
		STR_INIT("{\"at\":1795392040000}"),
		STR_INIT("{\"a\":-123456789012,\"b\":1234567890123,\"c\":9999999999}"),
		STR_INIT("{\"a\":\"12345678901\",\"b\":\"1234567890123\",\"c\":\"12345678901x\"}"),
		STR_INIT("{\"a\":\"\",\"b\":\"-\",\"c\":null,\"d\":true,\"e\":[]}"),
		STR_INIT("{\"number\":\"1\",\"ef0002\":\"_yBl\"}"),
		STR_INIT("{\"tx\":\"4J8K2M0R7T5V9X1Z3B6D8F0H2J\"}"),
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (found(rows[i]))
			fail_msg("row %zu", i);
	assert_false(evidence_has_my_number(&arena, NULL));
}

/* The applet's file, alone, in the middle of another, and in base64url at any shift. */
static void test_file(void **state)
{
	(void)state;
	static const struct str file = STR_INIT("\xFF\x10\x0C"
						"000000000000\xFF\xFF");
	for (size_t before = 0; before < 7; before++) {
		struct buf bytes, text;
		buf_init(&bytes, &arena, 100);
		for (size_t i = 0; i < before; i++)
			buf_lit(&bytes, "\xFF");
		buf_str(&bytes, file);
		buf_init(&text, &arena, 300);
		buf_lit(&text, "{\"ef0002\":\"");
		base64url_write(&text, buf_view(&bytes));
		buf_lit(&text, "\"}");
		assert_true(found(buf_view(&text)));
	}
	/* A digit less, and another file. */
	struct buf text;
	buf_init(&text, &arena, 300);
	buf_lit(&text, "{\"ef0002\":\"");
	base64url_write(&text, STR("\xFF\x10\x0C"
				   "00000000000x\xFF\xFF"));
	buf_lit(&text, "\"}");
	assert_false(found(buf_view(&text)));
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_present),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_file),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
