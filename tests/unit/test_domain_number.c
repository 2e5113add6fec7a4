#include "domain/account/account.h"
#include "domain/account/throttle.h"
#include "domain/application/authz.h"
#include "domain/application/number.h"
#include "domain/cx.h"
#include "domain/pairs.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/* What needs no store: check digits, ids, the table of transitions, sources, pairs. */

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void references_check_themselves(void **state)
{
	char no[NUMBER_REFERENCE_DIGITS + 1];

	(void)state;
	for (int round = 0; round < 200; round++) {
		number_reference(no);
		assert_int_equal(strlen(no), NUMBER_REFERENCE_DIGITS);
		assert_true(no[0] != '0');
		assert_true(number_reference_valid(str_of(no)));
		/* every wrong digit */
		for (size_t i = 0; i < NUMBER_REFERENCE_DIGITS; i++)
			for (char digit = '0'; digit <= '9'; digit++) {
				char kept = no[i];

				no[i] = digit;
				assert_int_equal(number_reference_valid(str_of(no)), digit == kept);
				no[i] = kept;
			}
		/* every swap of neighbours */
		for (size_t i = 0; i + 1 < NUMBER_REFERENCE_DIGITS; i++) {
			char swapped[NUMBER_REFERENCE_DIGITS + 1];

			memcpy(swapped, no, sizeof no);
			swapped[i] = no[i + 1];
			swapped[i + 1] = no[i];
			assert_int_equal(
				number_reference_valid(str_of(swapped)), no[i] == no[i + 1]);
		}
	}
}

static void references_as_people_type_them(void **state)
{
	static const char *const wrong[] = {
		"", "1", "-", "0123456789012", "12345678901a", "\xff", "1234567890123"};
	char no[NUMBER_REFERENCE_DIGITS + 1];
	struct str read;

	(void)state;
	number_reference(no);
	struct str typed = str_fmt(&arena, "　%.4s－%.4s %.4s", no, no + 4, no + 8);

	assert_false(failed(number_reference_read(&arena, typed, &read)));
	assert_true(str_eq(read, str_of(no)));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(
			number_reference_read(&arena, str_of(wrong[i]), &read).code, ERR_INVALID);
	assert_false(number_reference_valid(str_make(no, 11)));
}

static void ids_rise_with_time(void **state)
{
	int64_t now = INT64_C(1795000000000);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t id = id_new(now + i);

		assert_true(id >= id_first(now + i) && id < id_first(now + i + 1));
	}
	assert_true(id_new(0) > 0);
	assert_true(id_new(-1) > 0);
	const int64_t end = INT64_C(1577836800000) + (INT64_C(1) << 41); /* of the range, in 2089 */

	assert_true(id_new(end - 1) > 0);
	assert_true(id_new(end) > 0);
	for (int64_t at = end; at < INT64_MAX / 2; at += at - end + 1)
		assert_true(id_first(at) == id_first(end - 1)); /* and not that of 2020 */
	assert_true(id_first(INT64_MAX) == id_first(end - 1));
	assert_true(id_first(INT64_MIN) == id_first(0));
}

static void user_ids_have_no_lookalikes(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct str id = user_id_new(&arena);

		assert_int_equal(id.n, USER_ID_LENGTH);
		for (size_t c = 0; c < id.n; c++)
			assert_null(strchr("0OQDU1ILV2Z5S8B@", id.p[c]));
	}
}

static void transitions_are_sound(void **state)
{
	bool reached[STATUS_COUNT] = {[STATUS_PENDING] = true};

	(void)state;
	for (size_t i = 0; i < transition_count; i++) {
		enum status to;

		assert_true(transitions[i].who != 0);
		assert_true(transitions[i].event != EVENT_SUBMIT);
		assert_true(transitions[i].event != EVENT_RETURN || status_amends[transitions[i].to]);
		assert_true(transitions[i].event != EVENT_RESUBMIT || status_amends[transitions[i].from]);
		reached[transitions[i].to] = true;
		/* one way for each status and event */
		for (size_t k = 0; k < i; k++)
			assert_false(transitions[k].from == transitions[i].from &&
				     transitions[k].event == transitions[i].event);
		assert_false(failed(transition_require(
			transitions[i].from, transitions[i].event, transitions[i].who, &to)));
		assert_int_equal(to, transitions[i].to);
		assert_int_equal(
			transition_require(transitions[i].from, transitions[i].event, 0, &to).code,
			ERR_DENIED);
		assert_int_equal(transition_require(transitions[i].from, transitions[i].event,
					 ~transitions[i].who, &to)
					 .code,
			ERR_DENIED);
	}
	for (int i = 0; i < STATUS_COUNT; i++) {
		enum status status;

		assert_true(reached[i]);
		assert_true(status_of(status_names[i], &status));
		assert_int_equal(status, i);
		assert_true(
			status_msg(status) != MSG_NONE && status_meaning_msg(status) != MSG_NONE);
	}
	/* from the end there is no way on */
	for (size_t i = 0; i < transition_count; i++)
		assert_false(transitions[i].from == STATUS_COMPLETED ||
			     transitions[i].from == STATUS_REFUSED ||
			     transitions[i].from == STATUS_WITHDRAWN);
	enum event event;

	assert_false(event_of(STR("delete"), &event));
	assert_false(event_of(STR(""), &event));
}

static void parties(void **state)
{
	struct actor actor = {.kind = ACTOR_ACCOUNT, .account_id = 7};

	(void)state;
	assert_int_equal(authz_party(&actor, 7), PARTY_OWNER);
	assert_int_equal(authz_party(&actor, 8), 0);
	actor = (struct actor){0};
	assert_int_equal(
		authz_party(&actor, 0), 0); /* nobody is not the owner of what belongs to nobody */
	assert_int_equal(authz_require(&actor, 0, RIGHT_VIEW).code, ERR_NOT_FOUND);
	actor.kind = ACTOR_OPERATOR;
	assert_int_equal(authz_party(&actor, 7), PARTY_OFFICE);
	actor.kind = ACTOR_JOB;
	assert_int_equal(authz_party(&actor, 7), PARTY_JOB);
}

static void sources(void **state)
{
	static const struct {
		const char *address, *subject;
	} rows[] = {
		{"192.0.2.7", "192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"2001:db8:1:2::1", "2001:db8:1:2::/64"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"::1", "::/64"},
		{"unix", "unix"},
		{"", ""},
		{"fe80::1%eth0", "fe80::1%eth0"},
		{"not an address, and rather long for one, in case somebody forges it: 2001:db8::1",
			"not an address, and rather long for one, in case somebody forges it: "
			"2001:db8::1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str got = throttle_source(&arena, str_of(rows[i].address));

		if (!str_eq(got, str_of(rows[i].subject)))
			fail_msg("%s: %.*s", rows[i].address, STR_ARG(got));
	}
}

static void pairs_come_back(void **state)
{
	const struct msg_arg pairs[] = {
		{STR("name"), STR("A=B\nC%41")},
		{STR("empty"), STR("")},
		{STR("text"), STR("在留")},
		{STR("bytes"), STR("\x01\xff")},
	};
	struct msg_arg *read;
	size_t count;
	struct str text = pairs_write(&arena, pairs, 4);

	(void)state;
	assert_false(failed(pairs_read(&arena, text, &read, &count)));
	assert_int_equal(count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(str_eq(pairs_get(read, count, pairs[i].name), pairs[i].value));
	assert_true(str_absent(pairs_get(read, count, STR("nam"))));
	assert_false(failed(pairs_read(&arena, STR(""), &read, &count)));
	assert_int_equal(count, 0);
	assert_int_equal(pairs_read(&arena, STR("name"), &read, &count).code, ERR_INVALID);
	assert_int_equal(pairs_read(&arena, STR("=x"), &read, &count).code, ERR_INVALID);
	assert_int_equal(pairs_read(&arena, STR("name=%4"), &read, &count).code, ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(references_check_themselves, setup, teardown),
		cmocka_unit_test_setup_teardown(references_as_people_type_them, setup, teardown),
		cmocka_unit_test_setup_teardown(ids_rise_with_time, setup, teardown),
		cmocka_unit_test_setup_teardown(user_ids_have_no_lookalikes, setup, teardown),
		cmocka_unit_test_setup_teardown(transitions_are_sound, setup, teardown),
		cmocka_unit_test_setup_teardown(parties, setup, teardown),
		cmocka_unit_test_setup_teardown(sources, setup, teardown),
		cmocka_unit_test_setup_teardown(pairs_come_back, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
