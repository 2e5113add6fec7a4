/* Address Search: the address of a postal code comes into its field, and nothing that a person typed there is lost. */
#include "ways.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "domain/postal.h"

#define CHIYODA "東京都千代田区千代田"
#define NO_CODE "0000000"

static const struct {
	const char *code, *had, *has;
} cases[] = {
	/* empty, or there already */
	{"1000001", "", CHIYODA},
	{"1000001", CHIYODA, CHIYODA},
	{"1000001", CHIYODA "１－１", CHIYODA "１－１"},
	{"100-0001", CHIYODA "１－１", CHIYODA "１－１"},
	/* the number and the building were typed first */
	{"1000001", "１－１　Ｆｏｏ　Ｂｕｉｌｄｉｎｇ　３０２", CHIYODA "１－１　Ｆｏｏ　Ｂｕｉｌｄｉｎｇ　３０２"},
	{"1000001", "皇居ビル", CHIYODA "皇居ビル"},
	/* so was a part of it */
	{"1000001", "東京都", CHIYODA},
	{"1000001", "東京都千代田区", CHIYODA},
	{"1000001", "東京都千代田区１－１", CHIYODA "１－１"},
	{"1000001", "千代田区千代田１－１", CHIYODA "１－１"},
	{"1000001", "千代田区１－１", CHIYODA "１－１"},
	/* the code was corrected: the address of the one before goes, what stands behind it stays */
	{"1000001", "東京都港区芝浦３－１　Ｆｏｏ", CHIYODA "３－１　Ｆｏｏ"},
	{"1000001", "大分県別府市１－１", CHIYODA "１－１"},
	{"8740000", CHIYODA "１－１", "大分県別府市１－１"},
	{"4520961", CHIYODA "１－１", "愛知県清須市１－１"},
	/* several towns have this code: the one that was chosen stays */
	{"4520961", "愛知県清須市春日明河原１－１", "愛知県清須市春日明河原１－１"},
	/* no such code */
	{NO_CODE, "１－１", "１－１"},
	{"12", CHIYODA, CHIYODA},
};

/* The field's value on the page. */
static struct str value_of(struct site *site, const struct reply *reply, const char *name)
{
	struct str sign = str_fmt(&site->arena, "name=\"%s\"", name);
	ptrdiff_t at = str_find(reply->body, sign);

	if (at < 0)
		fail_msg("no field %s", name);
	struct str rest = str_skip(reply->body, (size_t)at);

	rest = str_skip(rest, (size_t)str_find(rest, STR("value=\"")) + 7);
	return str_sub(rest, 0, (size_t)str_find_byte(rest, '"'));
}

static const char *form_of(struct site *site, const char *code, struct str had, const char *more)
{
	struct buf out;

	buf_init(&out, &site->arena, 8192);
	buf_fmt(&out, "postal_code=%s&address=", code);
	percent_write(&out, had);
	buf_fmt(&out, "&_search=postal_code%s", more);
	return str_c(&site->arena, buf_view(&out));
}

static void open_table(struct site *site)
{
	struct postal *postal = NULL;

	assert_ok(postal_open(POSTAL_FILE, &postal));
	site->world->portal.postal = postal;
}

static void close_table(struct site *site)
{
	postal_close((struct postal *)(uintptr_t)site->world->portal.postal);
	site->world->portal.postal = NULL;
}

static bool is_known(const char *code)
{
	return strlen(code) > 6 && strcmp(code, NO_CODE) != 0;
}

static void when_registering(void **state)
{
	struct site *site = *state;

	open_table(site);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reply reply = ASK(site, .path = "/register/link/{open}",
			.form = form_of(site, cases[i].code, str_of(cases[i].had), "&name=PARK"));

		assert_status(&reply, 200);
		assert_str(value_of(site, &reply, "address"), str_of(cases[i].has));
		assert_str(value_of(site, &reply, "name"), STR("PARK"));
		assert_int_equal(str_find(reply.body, STR("We found no address")) < 0, is_known(cases[i].code));
	}
	/* As typed: nothing of it is changed on the way. */
	struct reply reply = ASK(site, .path = "/register/link/{open}", .form = form_of(site, "1000001", STR("1-1 Foo Building 302"), ""));

	assert_str(value_of(site, &reply, "address"), STR(CHIYODA "1-1 Foo Building 302"));
	close_table(site);
}

static void in_a_form(void **state)
{
	struct site *site = *state;

	open_table(site);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/about",
			.form = form_of(site, cases[i].code, str_of(cases[i].had), ""));

		assert_status(&reply, 200);
		assert_str(value_of(site, &reply, "address"), str_of(cases[i].has));
		assert_int_equal(str_find(reply.body, STR("We found no address")) < 0, is_known(cases[i].code));
	}
	close_table(site);
}

static struct str repeated(struct site *site, size_t n)
{
	struct buf out;

	buf_init(&out, &site->arena, 8192);
	while (n-- > 0)
		buf_lit(&out, "あ");
	return buf_view(&out);
}

/* Where both do not fit, what was typed stays, and the person is told what was found. */
static void within_the_length(void **state)
{
	struct site *site = *state;
	size_t room = LIMIT_ADDRESS - utf8_count(STR(CHIYODA));
	static const struct {
		enum who who;
		const char *path;
	} places[] = {{NOBODY, "/register/link/{open}"}, {MAI, "/drafts/{draft}/sections/about"}};

	open_table(site);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct str fits = repeated(site, room), over = repeated(site, room + 1);
		struct reply reply = ASK(site, .who = places[i].who, .path = places[i].path, .form = form_of(site, "1000001", fits, ""));

		assert_str(value_of(site, &reply, "address"), str_fmt(&site->arena, CHIYODA STR_FMT, STR_ARG(fits)));
		reply = ASK(site, .who = places[i].who, .path = places[i].path, .form = form_of(site, "1000001", over, ""));
		assert_str(value_of(site, &reply, "address"), over);
		assert_holds(reply.body, STR("id=\"address-error\""));
		assert_holds(reply.body, STR(CHIYODA));
		assert_holds(reply.body, STR("takes 85 characters"));
	}
	close_table(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_SQLITE(when_registering),
		AT_SQLITE(in_a_form),
		AT_SQLITE(within_the_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
