#include "net/mail_address.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define A10 "aaaaaaaaaa"
#define A60 A10 A10 A10 A10 A10 A10
#define LABEL63 A60 "aaa"

static const struct str refused[] = {
	STR_INIT(""),
	STR_INIT("@"),
	STR_INIT("a"),
	STR_INIT("a@"),
	STR_INIT("@b.example"),
	STR_INIT("a@b@c.example"),
	/* More than an address */
	STR_INIT("a@b.example\r\nBcc: c@d.example"),
	STR_INIT("a@b.example\n"),
	STR_INIT("a\r@b.example"),
	STR_INIT("a@b.example\0"),
	STR_INIT("a\0@b.example"),
	STR_INIT("a@b.example, c@d.example"),
	STR_INIT("a@b.example c@d.example"),
	STR_INIT("<a@b.example>"),
	STR_INIT("Name <a@b.example>"),
	STR_INIT("a@b.example> SIZE=1"),
	STR_INIT("a b@c.example"),
	STR_INIT("a@b.example;"),
	STR_INIT("a(x)@b.example"),
	STR_INIT("a@b.example\\"),
	STR_INIT("\"a\"@b.example"),
	STR_INIT("\"a b\"@c.example"),
	STR_INIT("a:b@c.example"),
	STR_INIT(" a@b.example"),
	STR_INIT("a@b.example "),
	STR_INIT("a\t@b.example"),
	STR_INIT("a@[192.0.2.1]"),
	/* Domains */
	STR_INIT("a@.example"),
	STR_INIT("a@b..example"),
	STR_INIT("a@b.example."),
	STR_INIT("a@-b.example"),
	STR_INIT("a@b-.example"),
	STR_INIT("a@b_c.example"),
	STR_INIT("a@窓口.example"),
	STR_INIT("a@b.example/x"),
	STR_INIT("a@b.example?x"),
	STR_INIT("a@" LABEL63 "a.example"),
	/* Other scripts and bad bytes */
	STR_INIT("窓口@b.example"),
	STR_INIT("a\xff@b.example"),
	STR_INIT("a@b.ex\xc3\xa4mple"),
	STR_INIT("\x7f@b.example"),
	/* One too long */
	STR_INIT(A60 "aaaaa@b.example"),
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (mail_address_valid(refused[i]))
			fail_msg("taken: %.*s", (int)refused[i].n, refused[i].p);
}

static void length_is_limited(void **state)
{
	/* 64 + 1 + 189 = 254 */
	static const char most[] = A60 "aaaa@" LABEL63 "." LABEL63 "." A60 "a";

	(void)state;
	assert_int_equal(sizeof(most) - 1, LIMIT_EMAIL);
	assert_true(mail_address_valid(STR(A60 "aaaa@" LABEL63 "." LABEL63 "." A60)));
	assert_true(mail_address_valid(str_of(most)));
	assert_false(mail_address_valid(STR(A60 "aaaa@" LABEL63 "." LABEL63 "." A60 "aa")));
}

static void takes_and_writes(void **state)
{
	static const struct {
		const char *address, *path, *domain;
	} taken[] = {
		{"a@b.example", "a@b.example", "b.example"},
		{"no-reply@localhost", "no-reply@localhost", "localhost"},
		{"first.last+tag@xn--4gq6t.example", "first.last+tag@xn--4gq6t.example",
			"xn--4gq6t.example"},
		{"!#$%&'*+-/=?^_`{|}~@b.example", "!#$%&'*+-/=?^_`{|}~@b.example", "b.example"},
		/* Japanese carriers gave these out. */
		{"a..b@example.ne.jp", "\"a..b\"@example.ne.jp", "example.ne.jp"},
		{"a.@example.ne.jp", "\"a.\"@example.ne.jp", "example.ne.jp"},
		{".a@example.ne.jp", "\".a\"@example.ne.jp", "example.ne.jp"},
	};
	AUTO_ARENA arena;

	(void)state;
	arena_init(&arena, 1u << 20);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		struct str address = str_of(taken[i].address);
		assert_true(mail_address_valid(address));
		assert_string_equal(
			str_c(&arena, mail_address_path(&arena, address)), taken[i].path);
		assert_string_equal(str_c(&arena, mail_address_domain(address)), taken[i].domain);
	}
	assert_int_equal(mail_address_domain(STR("a")).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses),
		cmocka_unit_test(length_is_limited),
		cmocka_unit_test(takes_and_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
