/* http/multipart: bodies that are broken, ambiguous or too much, then those that browsers send. */
#include "http/http.h"

#include "../fuzz/multipart_same.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TYPE "multipart/form-data; boundary=XX"
#define NAME(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"
#define FIELD(name, value) "--XX\r\n" NAME(name) "\r\n" value "\r\n"
#define END "--XX--\r\n"

static struct arena arena;

static enum err_code code_of(const char *type, struct str body)
{
	struct part *parts = NULL;
	size_t count = 12345;
	enum err_code code = multipart_read(&arena, str_of(type), body, &parts, &count).code;
	static const size_t steps[] = {1, 2, 3, 7, 64, 1000, 1u << 20};
	for (size_t i = body.n > 100000 ? 4 : 0; i < sizeof steps / sizeof *steps; i++) {
		AUTO_ARENA own;
		arena_init(&own, 64u << 20);
		const char *differs = multipart_same(&own, str_of(type), body, steps[i]);
		if (differs)
			fail_msg("in pieces of %zu: %s: %.*s", steps[i], differs, (int)(body.n < 200 ? body.n : 200), body.p);
	}
	if (code != OK)
		assert_true(parts == NULL && count == 12345); /* untouched */
	return code;
}

static void test_bad_types(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"multipart/form-data",
		"multipart/form-data;",
		"multipart/form-data; charset=utf-8",
		"multipart/mixed; boundary=XX",
		"multipart/form-datax; boundary=XX",
		"multipart/form-data boundary=XX",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"XX",
		"multipart/form-data; boundary=\"XX\"x",
		"multipart/form-data; boundary=XX; boundary=YY",
		"multipart/form-data; boundary=XX; boundary=XX",
		"multipart/form-data; boundary=\"X\\\"X\"",
		"multipart/form-data; boundary=\"XX \"",
		"multipart/form-data; boundary=\"X\tX\"",
		"multipart/form-data; boundary=\"X;X\"",
		"multipart/form-data; boundary=\xe3\x81\x82",
		"multipart/form-data; boundary=X X",
		"application/x-www-form-urlencoded; boundary=XX",
		("multipart/form-data; boundary="
		 "12345678901234567890123456789012345678901234567890123456789012345678901"),
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (code_of(bad[i], STR(FIELD("a", "b") END)) != ERR_INVALID)
			fail_msg("%s was taken", bad[i]);
	}
	static const char *const good[] = {
		TYPE,
		"Multipart/Form-Data;BOUNDARY=XX",
		"multipart/form-data ; charset=utf-8 ; boundary=\"XX\" ; a=b",
	};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_int_equal(code_of(good[i], STR(FIELD("a", "b") END)), OK);
}

static void test_bad_bodies(void **state)
{
	(void)state;
	static const struct str bad[] = {
		/* Boundaries. */
		STR_INIT(""),
		STR_INIT("--XX"),
		STR_INIT("--XX-"),
		STR_INIT("-- XX--"),
		STR_INIT("--YY--"),
		STR_INIT(FIELD("a", "b")),
		STR_INIT(FIELD("a", "b") "--XX"),
		STR_INIT(FIELD("a", "b") "--XX-"),
		STR_INIT(FIELD("a", "b") "--XX\r\n"),
		STR_INIT(FIELD("a", "b") "--YY--\r\n"),
		STR_INIT("--XX\r\n" NAME("a") "\r\nb"),
		STR_INIT("before\r\n" FIELD("a", "b") END),
		STR_INIT("\r\n" FIELD("a", "b") END),
		STR_INIT(FIELD("a", "b") END "behind"),
		STR_INIT(FIELD("a", "b") END FIELD("c", "d") END),
		STR_INIT(FIELD("a", "b") "--XX--\n"),
		STR_INIT(FIELD("a", "b") "--XX --\r\n"),
		STR_INIT("--XX \r\n" NAME("a") "\r\nb\r\n" END),
		STR_INIT("--XX\n" NAME("a") "\r\nb\r\n" END),
		STR_INIT(FIELD("a", "b") "--XXY\r\n" NAME(
			"c") "\r\nd\r\n" END), /* only begins like ours */
		STR_INIT(FIELD("a", "\r\n--XX-") END),
		/* Header lines of a part. */
		STR_INIT("--XX\r\n" END),
		STR_INIT("--XX\r\n\r\n" END),
		STR_INIT("--XX\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") "b\r\n" END),
		STR_INIT("--XX\r\nContent-Type: text/plain\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") NAME("c") "\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME(
			"a") "Content-Type: a/b\r\nContent-Type: a/b\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") "X\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") ": x\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") "X : y\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") " folded\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") "X: \0\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") "X: a\rb\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") "X: a\nb\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\n" NAME(
			"a") "Content-Transfer-Encoding: base64\r\n\r\nYg==\r\n" END),
		STR_INIT("--XX\r\n" NAME("a") "Content-Type: multipart/mixed; boundary=YY\r\n\r\n"
					      "--YY\r\n\r\nb\r\n--YY--\r\n" END),
		STR_INIT("--XX\r\n" NAME(
			"a") "Content-Type: Multipart/Form-Data; boundary=XX\r\n\r\nb\r\n" END),
		/* The disposition. */
		STR_INIT("--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-datax; name=\"a\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data;\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\"b\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data name=\"a\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\"; "
			 "name=\"b\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"; "
			 "filename=\"c\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\"; "
			 "filename*=UTF-8''b\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\\\"; "
			 "x=\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\"; "
			 "filename=\"\xc0\xaf\"\r\n\r\nb\r\n" END),
		STR_INIT("--XX\r\nContent-Disposition: form-data; name=\"a\"; "
			 "filename=\"b\0.pdf\"\r\n\r\nb\r\n" END),
		/* Fields are text. */
		STR_INIT(FIELD("a", "\0") END),
		STR_INIT(FIELD("a", "\xff") END),
		STR_INIT(FIELD("a", "\xc0\x80") END),
		STR_INIT(FIELD("a", "\xed\xa0\x80") END),
		STR_INIT(FIELD("a", "\xe3\x81") END),
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (code_of(TYPE, bad[i]) != ERR_INVALID)
			fail_msg("case %zu was taken: %s", i, bad[i].p);
	}
}

/* count times "--XX", name, value of size bytes, with `more` in the header lines. */
static struct str made(size_t count, size_t name, const char *more, size_t size)
{
	struct buf out;
	buf_init(&out, &arena, 8u << 20);
	for (size_t i = 0; i < count; i++) {
		buf_lit(&out, "--XX\r\nContent-Disposition: form-data; name=\"");
		memset(buf_room(&out, name), 'n', name);
		out.n += name;
		buf_lit(&out, "\"");
		buf_c(&out, more);
		buf_lit(&out, "\r\n\r\n");
		memset(buf_room(&out, size), 'v', size);
		out.n += size;
		buf_lit(&out, "\r\n");
	}
	buf_lit(&out, END);
	return buf_view(&out);
}

static void test_limits(void **state)
{
	(void)state;
	assert_int_equal(code_of(TYPE, made(LIMIT_MULTIPART_PARTS - 1, 1, "", 1)), OK);
	assert_int_equal(code_of(TYPE, made(LIMIT_MULTIPART_PARTS, 1, "", 1)), OK);
	assert_int_equal(code_of(TYPE, made(LIMIT_MULTIPART_PARTS + 1, 1, "", 1)), ERR_LIMIT);
	assert_int_equal(code_of(TYPE, made(20000, 1, "", 0)), ERR_LIMIT);
	assert_int_equal(code_of(TYPE, made(1, LIMIT_FORM_NAME, "", 1)), OK);
	assert_int_equal(code_of(TYPE, made(1, LIMIT_FORM_NAME + 1, "", 1)), ERR_LIMIT);
	assert_int_equal(code_of(TYPE, made(1, 1, "", LIMIT_FORM_VALUE)), OK);
	assert_int_equal(code_of(TYPE, made(1, 1, "", LIMIT_FORM_VALUE + 1)), ERR_LIMIT);
	assert_int_equal(code_of(TYPE, made(1, 1, "; filename=\"f\"", LIMIT_FORM_VALUE + 1)),
		OK); /* a file */
	char more[LIMIT_MULTIPART_HEAD + 200] = "\r\nX: ";
	size_t fixed =
		sizeof "Content-Disposition: form-data; name=\"n\"" - 1 + sizeof "\r\n\r\n" - 1;
	memset(more + 5, 'x', LIMIT_MULTIPART_HEAD - fixed - 5);
	assert_int_equal(code_of(TYPE, made(1, 1, more, 9000)), OK);
	more[strlen(more)] = 'x';
	assert_int_equal(code_of(TYPE, made(1, 1, more, 9000)), ERR_LIMIT);
}

/* What each of several long files may have, with pieces as they come from the network: the window has no room for the whole of the second piece. */
static void test_long_files(void **state)
{
	static const size_t steps[] = {LIMIT_HTTP_PIECE, LIMIT_HTTP_PIECE + 1000, 1u << 20, 777};
	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct str body = made(3, 1, "; filename=\"f\"", 300000);
		const char *differs = multipart_same(&arena, STR(TYPE), body, steps[i]);
		if (!differs) /* and without the line end behind the last boundary */
			differs = multipart_same(&arena, STR(TYPE), str_sub(body, 0, body.n - 2), steps[i]);
		if (differs)
			fail_msg("in pieces of %zu: %s", steps[i], differs);
	}
}

static void test_read(void **state)
{
	(void)state;
	static const char body[] = FIELD("a", "") FIELD("a",
		"\xe7\xaa\x93\xe5\x8f\xa3 \r\n--X\r\n--") "--XX\r\ncontent-disposition:form-data "
							  ";filename=\"C:"
							  "\\x\\\xe5\x86\x99\xe7\x9c\x9f;1.jpg\" ; "
							  "name=photo\r\n"
							  "CONTENT-TYPE: "
							  "image/"
							  "jpeg\r\nContent-Transfer-Encoding: "
							  "binary\r\nContent-Length: 99\r\n\r\n"
							  "\xff\xd8\0\r\n-\r\n--\r\n--X\xff\r\n"
							  "--XX\r\nContent-Disposition: form-data; "
							  "name=\"none\"; filename=\"\"\r\n"
							  "Content-Type: "
							  "application/octet-stream\r\n\r\n\r\n"
							  "--XX--";
	struct part *parts;
	size_t count;
	assert_int_equal(multipart_read(&arena, STR(TYPE), (struct str){body, sizeof body - 1},
				 &parts, &count)
				 .code,
		OK);
	assert_int_equal(count, 4);
	assert_true(str_eq(parts[0].name, STR("a")) && str_empty(parts[0].body) &&
		    str_absent(parts[0].filename));
	assert_true(str_eq(parts[0].type, STR("text/plain")));
	assert_true(str_eq(parts[1].name, STR("a")));
	assert_true(str_eq(parts[1].body, STR("\xe7\xaa\x93\xe5\x8f\xa3 \r\n--X\r\n--")));
	assert_true(str_eq(parts[2].name, STR("photo")));
	assert_true(str_eq(parts[2].filename, STR("C:\\x\\\xe5\x86\x99\xe7\x9c\x9f;1.jpg")));
	assert_true(str_eq(parts[2].type, STR("image/jpeg")));
	assert_true(str_eq(parts[2].body, STR("\xff\xd8\0\r\n-\r\n--\r\n--X\xff")));
	assert_false(str_absent(parts[3].filename)); /* no file chosen */
	assert_true(str_empty(parts[3].filename) && str_empty(parts[3].body));

	assert_int_equal(
		multipart_read(&arena, STR(TYPE), STR("--XX--\r\n"), &parts, &count).code, OK);
	assert_int_equal(count, 0);
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 256u << 20);
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
		cmocka_unit_test(test_bad_types),
		cmocka_unit_test(test_bad_bodies),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_long_files),
		cmocka_unit_test(test_read),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
