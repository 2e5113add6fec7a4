#include "domain_support.h"

#include "base/time.h"
#include "domain/account/registration.h"

/* From an e-mail address to an account, on both engines. */

static struct str lines(struct world *world, const char *sql)
{
	return str_of(db_dump(world->db, sql));
}

static err ask(struct world *world, const char *email, struct issues *issues)
{
	return registration_request(
		cx_fresh(world), str_of(email), str_of(email), STR("192.0.2.7"), issues);
}

/* Asks, and takes the token out of the mail. */
static struct str link_for(struct world *world, const char *email)
{
	struct issues issues = {0};

	assert_ok(ask(world, email, &issues));
	assert_int_equal(issues.n, 0);
	struct outbox_mail mail = mail_take(world, MAIL_REGISTRATION);

	assert_str(mail.recipient, str_of(email));
	return outbox_value(&mail, STR("token"));
}

static struct registration_form good_form(void)
{
	return (struct registration_form){
		.user_type = STR("foreign_national"),
		.password = STR("Kitsune-2026"),
		.password_again = STR("Kitsune-2026"),
		.name = STR("Ｎｇｕｙｅｎ  thi Mai"),
		.phone = STR("090-0000-0001"),
		.postal_code = STR("〒874-0000"),
		.address = STR("大分県別府市1-2-3"),
		.sex = STR("female"),
		.birth_year = STR("2003"),
		.birth_month = STR("４"),
		.birth_day = STR("09"),
	};
}

static void save_good(struct world *world, struct str token)
{
	struct registration_form form = good_form();
	struct issues issues = {0};

	assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
	for (size_t i = 0; i < issues.n; i++)
		fail_msg("issue at %.*s", STR_ARG(issues.v[i].path));
}

static void wrong_addresses_store_nothing(void **state)
{
	static const char *const wrong[] = {
		"",
		" ",
		"a",
		"a@",
		"@b.jp",
		"a@b",
		"a b@c.jp",
		"a@b..jp",
		".a@b.jp",
		"a.@b.jp",
		"a..b@c.jp",
		"a@-b.jp",
		"a@b-.jp",
		"a@b.jp\r\nBcc: x@y.jp",
		"a@b.jp,c@d.jp",
		"a@192.0.2.1",
		"<a@b.jp>",
		"\"a b\"@c.jp",
		"a@b.jp.",
		"ü@b.jp",
		"a@ü.jp",
		"a@b.jp\xff",
		"a@b_c.jp",
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct issues issues = {0};

		assert_ok(ask(world, wrong[i], &issues));
		if (issues.refusals == 0)
			fail_msg("accepted: %s", wrong[i]);
	}
	struct issues issues = {0};
	struct str long_address = str_fmt(world->cx.arena, "a@%0250d.jp", 1);

	assert_ok(registration_request(&world->cx, long_address, long_address, STR("x"), &issues));
	assert_issue(&issues, "email", MSG_input_too_long);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM registration"), 0);
	assert_int_equal(mails_waiting(world), 0);
}

static void the_two_addresses_must_be_equal(void **state)
{
	struct world *world = *state;
	struct issues issues = {0};

	assert_ok(registration_request(
		cx_fresh(world), STR("a@b.jp"), STR("a@c.jp"), STR("x"), &issues));
	assert_int_equal(issues.n, 1);
	assert_issue(&issues, "email_again", MSG_input_email_differs);
	issues = (struct issues){0};
	assert_ok(registration_request(
		cx_fresh(world), STR(" Ａ@B.jp "), STR("a@b.JP"), STR("x"), &issues));
	assert_int_equal(issues.n, 0);
	assert_str(mail_take(world, MAIL_REGISTRATION).recipient, STR("a@b.jp"));
}

static void nothing_tells_a_registered_address(void **state)
{
	struct world *world = *state;
	struct issues issues = {0};

	account_add(world, "known@example.jp", NULL);
	uint64_t start = queries_so_far(world);

	assert_ok(ask(world, "unknown@example.jp", &issues));
	uint64_t unknown = queries_so_far(world) - start;

	world->now += 1; /* mails of one instant have no order */
	assert_ok(ask(world, "known@example.jp", &issues));
	uint64_t known = queries_so_far(world) - start - unknown;

	assert_int_equal(issues.n, 0);
	assert_int_equal(known, unknown);
	mail_take(world, MAIL_REGISTRATION);
	struct outbox_mail mail = mail_take(world, MAIL_REGISTRATION_KNOWN);

	assert_str(mail.recipient, STR("known@example.jp"));
	assert_true(str_absent(outbox_value(&mail, STR("token"))));
	/* and the row made for it is a link to nowhere */
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM registration WHERE email = "
					      "'known@example.jp' AND expires_at = created_at"),
		1);
}

static void asking_is_limited(void **state)
{
	struct world *world = *state;
	struct issues issues = {0};

	for (int i = 0; i < 4; i++)
		assert_ok(ask(world, "often@example.jp", &issues));
	assert_err(ask(world, "often@example.jp", &issues), ERR_LIMIT);
	assert_err(ask(world, "OFTEN@example.jp", &issues), ERR_LIMIT);
	assert_int_equal(mails_waiting(world), 4);
	assert_ok(ask(world, "other@example.jp", &issues));
	world->now += 15 * TIME_MINUTE - 1;
	assert_err(ask(world, "often@example.jp", &issues), ERR_LIMIT);
	world->now += 1;
	assert_ok(ask(world, "often@example.jp", &issues));
	assert_err(ask(world, "often@example.jp", &issues), ERR_LIMIT);
}

static void a_source_is_limited(void **state)
{
	struct world *world = *state;
	struct issues issues = {0};
	int accepted = 0;

	for (int i = 0; i < 80; i++) {
		struct str email = str_fmt(world->cx.arena, "person%d@example.jp", i);
		/* of one network of IPv6 all are one */
		struct str source = str_fmt(world->cx.arena, "2001:db8:1:2::%x", i + 1);
		err result = registration_request(cx_fresh(world), email, email, source, &issues);

		accepted += !failed(result);
		assert_true(!failed(result) || result.code == ERR_LIMIT);
	}
	assert_int_equal(accepted, 60);
	assert_ok(registration_request(cx_fresh(world), STR("x@example.jp"), STR("x@example.jp"),
		STR("2001:db8:1:3::1"), &issues));
}

static void only_the_link_of_the_mail_opens(void **state)
{
	static const char *const wrong[] = {
		"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --"};
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration registration;
	struct str rows = lines(world, "SELECT token_digest, email FROM registration");

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_err(registration_find(cx_fresh(world), str_of(wrong[i]), &registration),
			ERR_NOT_FOUND);
	/* what is stored opens nothing */
	assert_true(str_find(rows, token) < 0);
	assert_err(registration_find(cx_fresh(world), str_sub(rows, 0, 43), &registration),
		ERR_NOT_FOUND);
	assert_err(registration_find(cx_fresh(world), str_sub(rows, 0, 64), &registration),
		ERR_NOT_FOUND);
	assert_ok(registration_find(cx_fresh(world), token, &registration));
	assert_str(registration.email, STR("a@example.jp"));
	assert_int_equal(registration.state, REGISTRATION_OPEN);
}

static void looking_does_not_consume(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration registration;
	struct cx *cx = cx_fresh(world);

	cx->read_only = true;
	for (int i = 0; i < 5; i++)
		assert_ok(registration_find(cx, token, &registration));
	save_good(world, token);
}

static void the_link_ends_after_a_day(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration registration;
	struct registration_form form = good_form();
	struct issues issues = {0};

	save_good(world, token);
	world->now += 24 * TIME_HOUR - 1;
	assert_ok(registration_find(cx_fresh(world), token, &registration));
	world->now += 1;
	assert_err(registration_find(cx_fresh(world), token, &registration), ERR_CONFLICT);
	assert_err(registration_save(cx_fresh(world), token, &form, &issues), ERR_CONFLICT);
	assert_err(registration_complete(cx_fresh(world), token, &registration), ERR_CONFLICT);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM account"), 0);
}

struct fault {
	size_t offset;
	const char *value;
	const char *path;
	enum msg msg;
};

#define AT(member, v, p, m)                                               \
	{                                                                 \
		offsetof(struct registration_form, member), (v), (p), (m) \
	}

static void each_wrong_field_is_named(void **state)
{
	static const struct fault faults[] = {
		AT(user_type, "", "user_type", MSG_input_choose),
		AT(user_type, "officer", "user_type", MSG_input_choose),
		AT(password, "", "password", MSG_input_required),
		AT(password, "Short-1", "password", MSG_account_password_length),
		AT(password, "Kitsune-2026-Kitsune1", "password", MSG_account_password_length),
		AT(password, "kitsune-2026", "password", MSG_account_password_kinds),
		AT(password, "Kitsune-20 26", "password", MSG_account_password_char),
		AT(password, "Nguyen-20261", "password", MSG_account_password_personal),
		AT(password, "Kitsune-2027", "password_again", MSG_account_password_differs),
		AT(name, "", "name", MSG_input_required),
		AT(name, "グエン", "name", MSG_input_name_latin),
		AT(name, "MAI2", "name", MSG_input_name_latin),
		AT(name, "- '.", "name", MSG_input_name_latin),
		AT(name, "<script>", "name", MSG_input_name_latin),
		AT(phone, "", "phone", MSG_input_required),
		AT(phone, "+84 90 0000 0001", "phone", MSG_input_phone),
		AT(phone, "1234567890123", "phone", MSG_input_too_long),
		AT(postal_code, "", "postal_code", MSG_input_required),
		AT(postal_code, "123456", "postal_code", MSG_input_postal),
		AT(postal_code, "12345678", "postal_code", MSG_input_postal),
		AT(postal_code, "874000O", "postal_code", MSG_input_postal),
		AT(address, "", "address", MSG_input_required),
		AT(address, "　 ", "address", MSG_input_required),
		AT(address, "東京\u202Eevil", "address", MSG_input_hidden),
		AT(address, "\xff\xfe", "address", MSG_input_hidden),
		AT(sex, "", "sex", MSG_input_choose),
		AT(sex, "x", "sex", MSG_input_choose),
		AT(birth_day, "", "birth_on", MSG_input_date_part),
		AT(birth_day, "31", "birth_on", MSG_input_date),
		AT(birth_month, "13", "birth_on", MSG_input_date),
		AT(birth_year, "20o3", "birth_on", MSG_input_date),
		AT(birth_year, "2099", "birth_on", MSG_input_date_future),
		AT(birth_year, "99999999999999999999", "birth_on", MSG_input_date),
	};
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct registration_form form = good_form();
		struct str value = str_of(faults[i].value);
		struct issues issues = {0};

		memcpy((char *)&form + faults[i].offset, &value, sizeof value);
		assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
		if (issues.n != 1 || !str_eq(issues.v[0].path, str_of(faults[i].path)) ||
			issues.v[0].msg != faults[i].msg)
			fail_msg("row %zu: %zu issues, first at %.*s", i, issues.n,
				STR_ARG(issues.n ? issues.v[0].path : STR("")));
	}
	assert_int_equal(
		db_number(world->db, "SELECT count(*) FROM registration WHERE state = 0"), 1);
}

static void an_organization_has_a_name(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration_form form = good_form();
	struct issues issues = {0};

	form.user_type = STR("organization");
	assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
	assert_int_equal(issues.n, 1);
	assert_issue(&issues, "org_name", MSG_input_required);
	form.org_name = STR("あおぞら大学");
	issues = (struct issues){0};
	assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
	assert_int_equal(issues.n, 0);
}

static void limits_at_and_above(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration_form form = good_form();
	struct buf name, address;
	struct issues issues = {0};

	buf_init(&name, world->cx.arena, 1000);
	buf_init(&address, world->cx.arena, 1000);
	for (int i = 0; i < 150; i++)
		buf_byte(&name, (char)('A' + i % 26));
	for (int i = 0; i < 85; i++)
		buf_str(&address, STR("大"));
	form.name = buf_view(&name);
	form.address = buf_view(&address);
	form.phone = STR("123456789012");
	assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
	assert_int_equal(issues.n, 0);
	buf_byte(&name, 'A');
	buf_str(&address, STR("大"));
	form.name = buf_view(&name);
	form.address = buf_view(&address);
	assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
	assert_int_equal(issues.n, 2);
	assert_issue(&issues, "name", MSG_input_too_long);
	assert_issue(&issues, "address", MSG_input_too_long);
}

static void what_was_typed_is_kept_but_the_password(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration registration;
	struct registration_form form = good_form();
	struct issues issues = {0};

	save_good(world, token);
	assert_ok(registration_find(cx_fresh(world), token, &registration));
	assert_int_equal(registration.state, REGISTRATION_FILLED);
	assert_true(registration.has_password);
	assert_true(str_absent(registration.form.password));
	assert_str(registration.form.name, STR("NGUYEN THI MAI"));
	assert_str(registration.form.phone, STR("09000000001"));
	assert_str(registration.form.postal_code, STR("8740000"));
	assert_str(registration.form.address, STR("大分県別府市１－２－３"));
	assert_int_equal(registration.birth_on, 20030409);
	/* going back: the password may stay empty, and may be replaced */
	form.password = form.password_again = (struct str){0};
	form.name = STR("Trần Văn An");
	form.phone = STR("+81 90.1234.5678");
	assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
	assert_int_equal(issues.n, 0);
	form.password_again = STR("Kitsune-2026");
	assert_ok(registration_save(cx_fresh(world), token, &form, &issues));
	assert_issue(&issues, "password", MSG_input_required);
	assert_ok(registration_find(cx_fresh(world), token, &registration));
	assert_str(registration.form.name, STR("TRAN VAN AN"));
	assert_str(registration.form.phone, STR("09012345678"));
}

static void the_store_can_read_nothing_of_it(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct str row;

	save_good(world, token);
	row = lines(world,
		world->db->is_pg ? "SELECT encode(form, 'escape'), password_hash FROM registration"
				 : "SELECT CAST(form AS TEXT), password_hash FROM registration");
	assert_true(str_find(row, STR("NGUYEN")) < 0);
	assert_true(str_find(row, STR("Kitsune")) < 0);
	assert_true(str_find(row, STR("$argon2id$")) >= 0);
}

static void the_form_comes_before_the_account(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration registration;

	assert_err(registration_complete(cx_fresh(world), token, &registration), ERR_INVALID);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM account"), 0);
}

static void completing_makes_account_mail_and_audit(void **state)
{
	struct world *world = *state;
	struct str token = link_for(world, "a@example.jp");
	struct registration registration, again;
	struct account account;

	save_good(world, token);
	assert_ok(registration_complete(cx_fresh(world), token, &registration));
	assert_int_equal(registration.state, REGISTRATION_DONE);
	assert_int_equal(registration.user_id.n, USER_ID_LENGTH);
	struct outbox_mail mail = mail_take(world, MAIL_REGISTERED);

	assert_str(mail.recipient, STR("a@example.jp"));
	assert_str(outbox_value(&mail, STR("user_id")), registration.user_id);
	assert_int_equal(
		db_number(world->db,
			"SELECT count(*) FROM audit_entry WHERE event = 'account_registered'"),
		1);
	assert_ok(account_get(cx_fresh(world), mail.account_id, &account));
	assert_str(account.name, STR("NGUYEN THI MAI"));
	assert_str(account.user_id, registration.user_id);
	assert_int_equal(account.birth_on, 20030409);
	/* a second press, a reload of the last page, the link from the mail */
	assert_ok(registration_complete(cx_fresh(world), token, &again));
	assert_str(again.user_id, registration.user_id);
	assert_ok(registration_find(cx_fresh(world), token, &again));
	assert_str(again.user_id, registration.user_id);
	assert_str(again.form.name, STR("NGUYEN THI MAI"));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM account"), 1);
	assert_int_equal(mails_waiting(world), 0);
	/* the form and the hash are not kept twice */
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM registration WHERE "
					      "length(form) = 0 AND password_hash = ''"),
		1);
	/* and the form cannot be sent again */
	struct registration_form form = good_form();
	struct issues issues = {0};

	assert_err(registration_save(cx_fresh(world), token, &form, &issues), ERR_CONFLICT);
}

static void the_second_link_ends_with_the_first(void **state)
{
	struct world *world = *state;
	struct str first = link_for(world, "a@example.jp");
	struct str second = link_for(world, "a@example.jp");
	struct registration registration;
	struct registration_form form = good_form();
	struct issues issues = {0};

	save_good(world, first);
	save_good(world, second);
	assert_ok(registration_complete(cx_fresh(world), second, &registration));
	assert_err(registration_find(cx_fresh(world), first, &registration), ERR_CONFLICT);
	assert_err(registration_save(cx_fresh(world), first, &form, &issues), ERR_CONFLICT);
	assert_err(registration_complete(cx_fresh(world), first, &registration), ERR_CONFLICT);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM account"), 1);
}

struct press {
	struct str token;
	char user_ids[32][USER_ID_LENGTH + 1];
	bool failed[32];
};

static void press_complete(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct press *press = arg;
	struct registration registration;

	(void)world;
	press->failed[number] = failed(registration_complete(cx, press->token, &registration));
	if (!press->failed[number])
		memcpy(press->user_ids[number], registration.user_id.p, USER_ID_LENGTH);
}

static void many_presses_make_one_account(void **state)
{
	struct world *world = *state;
	struct press press = {.token = link_for(world, "a@example.jp")};

	save_good(world, press.token);
	in_threads(world, 32, press_complete, &press);
	for (unsigned i = 0; i < 32; i++) {
		assert_false(press.failed[i]);
		assert_string_equal(press.user_ids[i], press.user_ids[0]);
	}
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM account"), 1);
	assert_int_equal(mails_waiting(world), 1);
	assert_int_equal(
		db_number(world->db,
			"SELECT count(*) FROM audit_entry WHERE event = 'account_registered'"),
		1);
}

static void a_page_view_writes_nothing(void **state)
{
	struct world *world = *state;
	struct issues issues = {0};
	struct cx *cx = cx_fresh(world);

	cx->read_only = true;
	assert_err(registration_request(cx, STR("a@b.jp"), STR("a@b.jp"), STR("x"), &issues),
		ERR_INTERNAL);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM registration"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(wrong_addresses_store_nothing),
		IN_BOTH(the_two_addresses_must_be_equal),
		IN_BOTH(nothing_tells_a_registered_address),
		IN_BOTH(asking_is_limited),
		IN_BOTH(a_source_is_limited),
		IN_BOTH(only_the_link_of_the_mail_opens),
		IN_BOTH(looking_does_not_consume),
		IN_BOTH(the_link_ends_after_a_day),
		IN_BOTH(each_wrong_field_is_named),
		IN_BOTH(an_organization_has_a_name),
		IN_BOTH(limits_at_and_above),
		IN_BOTH(what_was_typed_is_kept_but_the_password),
		IN_BOTH(the_store_can_read_nothing_of_it),
		IN_BOTH(the_form_comes_before_the_account),
		IN_BOTH(completing_makes_account_mail_and_audit),
		IN_BOTH(the_second_link_ends_with_the_first),
		IN_BOTH(many_presses_make_one_account),
		IN_BOTH(a_page_view_writes_nothing),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
