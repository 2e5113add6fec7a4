/* Where cards are read: the way to the form, what is read only in it, who may apply, and what my page says. */
#include "ways.h"

#include "../store/card_support.h"

#include "base/limits.h"
#include "base/time.h"

static struct basic4 card;

static void here_cards_are_read(struct site *site)
{
	cards_on(site->world);
	card = card_of("NGUYEN　THI　MAI");
}

static struct str copied(struct site *site, struct str text)
{
	return str_dup(&site->arena, text);
}

/* The last segment of where it leads. */
static void name_last(struct site *site, const char *name, const struct reply *reply)
{
	struct str rest = reply_location(reply), part = {0}, last = {0};

	while (str_next(&rest, '/', &part))
		last = part;
	site_name(site, name, copied(site, last));
}

static void begin(struct site *site, enum who who, const char *name)
{
	struct reply reply = ASK(site, .who = who, .path = "/procedures/usage", .form = "");

	assert_status(&reply, 303);
	name_last(site, name, &reply);
}

/* The hidden fields of the page's form, as a browser sends them. */
static const char *hidden_of(struct site *site, const struct reply *page)
{
	static const char *const names[] = {"op", "purpose", "draft", "chain"};
	struct buf form;

	buf_init(&form, &site->arena, 4096);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct str mark = str_fmt(&site->arena, "name=\"%s\" value=\"", names[i]);
		ptrdiff_t at = str_find(page->body, mark);

		assert_true(at > 0);
		struct str value = str_skip(page->body, (size_t)at + mark.n);

		buf_fmt(&form, "%s%s=" STR_FMT, i ? "&" : "", names[i], STR_ARG(str_sub(value, 0, (size_t)str_find_byte(value, '"'))));
	}
	return str_c(&site->arena, buf_view(&form));
}

/* Presses Proceed to Next on that page, lets the phone finish, and goes on to where the page leads: `next`. */
static void read_next(struct site *site, const char *page, const char *subject, const char *next)
{
	struct reply reply = ASK(site, .who = MAI, .path = page);

	assert_status(&reply, 200);
	reply = ASK(site, .who = MAI, .path = "/id/tx", .form = hidden_of(site, &reply));
	assert_status(&reply, 303);
	assert_true(str_starts(reply_location(&reply), STR("/id/tx/")));
	name_last(site, "tx", &reply);
	assert_int_equal(phone_ends(site->world, site_value(site, "tx"), subject, &card), IDV_DONE);
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "");
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, next));
	/* The session has a new token. */
	struct str cookie = reply_header(&reply, "Set-Cookie", 0);

	assert_true(str_starts(cookie, STR("__Host-session=")));
	cookie = str_skip(cookie, sizeof "__Host-session=" - 1);
	site->people[MAI].session = copied(site, str_sub(cookie, 0, (size_t)str_find_byte(cookie, ';')));
}

static void read_both(struct site *site)
{
	read_next(site, "/drafts/{usage}/card", "card of mai", "/drafts/{usage}/card");
	read_next(site, "/drafts/{usage}/card", "card of mai", "/drafts/{usage}");
}

static void fill(struct site *site)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/sections/user", .form = "card_no=AB12345678CD&_shown=card_no");

	assert_status(&reply, 303);
}

static struct str submit(struct site *site)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/apply");
	ptrdiff_t at = str_find(reply.body, STR("name=\"token\" value=\""));

	assert_status(&reply, 200);
	assert_true(at > 0);
	struct str token = str_skip(reply.body, (size_t)at + 20);

	site_name(site, "usage_token", copied(site, str_sub(token, 0, (size_t)str_find_byte(token, '"'))));
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/apply", .form = "token={usage_token}");
	assert_status(&reply, 303);
	return copied(site, reply_location(&reply));
}

static struct str apply_with_card(struct site *site)
{
	begin(site, MAI, "usage");
	read_both(site);
	fill(site);
	return submit(site);
}

/* ---- refused ---- */

static void the_form_opens_behind_the_card_only(void **state)
{
	static const char *const closed[] = {"/drafts/{usage}", "/drafts/{usage}/confirm", "/drafts/{usage}/apply", "/drafts/{usage}/sections/user"};
	struct site *site = *state;

	here_cards_are_read(site);
	begin(site, MAI, "usage");
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = closed[i]);

		assert_status(&reply, 303);
		assert_str(reply_location(&reply), site_fill(site, "/drafts/{usage}/card"));
	}
	/* What is typed is kept, and the form stays closed. */
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/sections/user", .form = "phone=0312345678&_shown=phone");

	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, "/drafts/{usage}/card"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/apply", .form = "token={token}");
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, "/drafts/{usage}/confirm"));
	/* Deleting needs no card. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/delete");
	assert_status(&reply, 200);
}

static void nobody_reads_for_the_draft_of_another(void **state)
{
	static const struct ask asks[] = {
		{.who = LEE, .path = "/drafts/{usage}/card"},
		{.who = LEE, .path = "/id/tx", .form = "op=auth&purpose=usage_request&draft={usage}&chain="},
		{.who = MAI, .path = "/drafts/999/card"},
		{.who = MAI, .path = "/id/tx", .form = "op=auth&purpose=usage_request&draft=999&chain="},
	};
	struct site *site = *state;

	here_cards_are_read(site);
	begin(site, MAI, "usage");
	int64_t before = db_number(site->world->db, "SELECT count(*) FROM id_tx");

	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		struct reply reply = site_ask(site, &asks[i]);

		assert_status(&reply, 404);
	}
	/* Not the four items without the certificate, and not by the way of those who are linked. */
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx", .form = "op=basic4&purpose=usage_request&draft={usage}&chain=");

	assert_status(&reply, 409);
	reply = ASK(site, .who = MAI, .path = "/id/tx", .form = "op=basic4&purpose=apply&draft={usage}&chain=");
	assert_status(&reply, 409);
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM id_tx"), before);
}

static void what_is_sent_for_a_read_field_is_left_aside(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	begin(site, MAI, "usage");
	read_both(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/sections/user",
		.form = "card_no=AB12345678CD&sex=male&birth_date=1999&birth_date=1&birth_date=1&basic_name=EVE&address=%E6%9D%B1%E4%BA%AC"
			"&_shown=sex+birth_date+basic_name+address+card_no");

	assert_status(&reply, 303);
	/* The postal code's search does not write over it, and Deselect does not empty it. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/sections/user", .form = "postal_code=1000013&_search=postal_code");
	assert_status(&reply, 200);
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/sections/user", .form = "_clear=sex&_shown=sex");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("value=\"Female\" readonly"));
	assert_holds(reply.body, card.address);
	assert_true(str_find(reply.body, STR("EVE")) < 0);
	submit(site);
	reply = ASK(site, .who = MAI, .path = "/my-page");
	assert_holds(reply.body, STR("has been accepted"));
}

/* ---- the way ---- */

static void two_readings_and_the_form_is_filled(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/procedures/usage");

	assert_status(&reply, 200);
	begin(site, MAI, "usage");
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/card");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("<h1>About Electronic Certificate Reading</h1>"));
	assert_holds(reply.body, STR("Proceed to Next"));
	assert_holds(reply.body, STR("Myna App"));
	assert_holds(reply.body, STR("J-LIS"));
	assert_holds(reply.body, STR("4-digit PIN"));
	assert_holds(reply.body, STR("If you have no My Number Card"));
	read_next(site, "/drafts/{usage}/card", "card of mai", "/drafts/{usage}/card");
	/* The first is done: the second is next, at once where there is a script. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/card");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR(" data-go>"));
	read_next(site, "/drafts/{usage}/card", "card of mai", "/drafts/{usage}");
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/card");
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, "/drafts/{usage}"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/sections/user");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Basic 4 Info Read"));
	assert_holds(reply.body, STR("value=\"Female\" readonly"));
	assert_holds(reply.body, STR("value=\"9 April 2003\" readonly"));
	assert_holds(reply.body, card.name);
	assert_true(str_find(reply.body, STR("name=\"sex\"")) < 0);
	assert_true(str_find(reply.body, STR("name=\"birth_date\"")) < 0);
	assert_true(str_find(reply.body, STR("name=\"address\"")) < 0);
	assert_true(str_find(reply.body, STR("value=\"postal_code\" formnovalidate")) < 0);
	fill(site);
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/confirm");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Basic 4 Info Read"));
	assert_true(str_find(reply.body, STR("#sex\"")) < 0);
	assert_holds(reply.body, STR("#phone\""));
	site_name(site, "receipt", submit(site));
	reply = ASK(site, .who = MAI, .path = "{receipt}");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("has been accepted"));
	struct str details = site_value(site, "receipt");

	site_name(site, "details", str_sub(details, 0, details.n - sizeof "/receipt" + 1));
	reply = ASK(site, .who = MAI, .path = "{details}");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Basic 4 Info Read"));
	reply = ASK(site, .who = MAI, .path = "{details}/copy.pdf");
	assert_status(&reply, 200);
	reply = ASK(site, .who = LEE, .path = "{details}");
	assert_status(&reply, 404);
}

/* Of whom nothing is wanted is not sent to a page of files, nor told of a photo. */
static void nothing_to_attach_is_no_task(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	begin(site, MAI, "usage");
	read_both(site);
	static const char *const paths[] = {"/drafts/{usage}", "/drafts/{usage}/confirm"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = paths[i]);

		assert_status(&reply, 200);
		assert_true(str_find(reply.body, site_fill(site, "/drafts/{usage}/files")) < 0);
		assert_true(str_find(reply.body, STR("photo")) < 0);
	}
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/files");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("With your present answers, there is nothing to attach."));
	assert_true(str_find(reply.body, STR("Choose a file for each document")) < 0);
}

static void residence_waits_for_the_request(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/procedures/extension");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("href=\"/procedures/extension/use\""));
	assert_true(str_find(reply.body, STR("action=\"/procedures/extension\"")) < 0);
	reply = ASK(site, .who = MAI, .path = "/procedures/extension", .form = "");
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), STR("/procedures/extension/use"));
	reply = ASK(site, .who = MAI, .path = "/procedures/extension/use");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("First, make a usage application"));
	assert_holds(reply.body, STR("href=\"/procedures/usage\""));
	assert_holds(reply.body, STR("Your draft is kept"));
	/* A draft from before: first the card, which is not linked. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/card");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("not linked to a card"));
	assert_true(str_find(reply.body, STR("Proceed to Next")) < 0);
	apply_with_card(site);
	reply = ASK(site, .who = MAI, .path = "/procedures/extension");
	assert_holds(reply.body, STR("action=\"/procedures/extension\""));
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/card");
	assert_holds(reply.body, STR("Proceed to Next"));
	assert_true(str_find(reply.body, STR("4-digit PIN")) < 0);
	read_next(site, "/drafts/{draft}/card", "", "/drafts/{draft}");
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/about");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Basic 4 Info Read"));
	/* The passport's spelling is the person's to type. */
	assert_holds(reply.body, STR("name=\"name\""));
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/apply", .form = "token={token}");
	assert_status(&reply, 303);
	assert_true(str_starts(reply_location(&reply), STR("/applications/")));
}

static void what_differs_is_told(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	card.name = STR("阮氏梅");
	site_name(site, "receipt", apply_with_card(site));
	struct reply reply = ASK(site, .who = MAI, .path = "{receipt}");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("The name on your card is written differently"));
	reply = ASK(site, .who = MAI, .path = "/procedures/extension/use");
	assert_holds(reply.body, STR("An officer will check it"));
	assert_true(str_find(reply.body, STR("Make a usage application")) < 0);
	reply = ASK(site, .who = MAI, .path = "/my-page", .lang = "ja");
	assert_holds(reply.body, STR("カードの氏名"));
}

/* ---- my page ---- */

static void set_end(struct site *site, int64_t at)
{
	char sql[100];

	snprintf(sql, sizeof sql, "UPDATE card_link SET not_after = %lld", (long long)at);
	db_exec(site->world->db, sql);
}

static void my_page_warns_before_the_card_ends(void **state)
{
	static const struct {
		int days;
		const char *words; /* NULL: none */
	} ends[] = {
		{300, NULL}, {61, NULL}, {60, "days left: 60)"}, {30, "days left: 30)"}, {7, "days left: 7)"}, {1, "days left: 1)"}, {-1, "expired on"},
	};
	struct site *site = *state;

	here_cards_are_read(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/my-page");

	assert_holds(reply.body, STR("No card is linked"));
	assert_true(str_find(reply.body, STR("Read the card again")) < 0);
	apply_with_card(site);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		set_end(site, date_start(date_add_days(time_date(site->world->now), ends[i].days)) + (ends[i].days > 0 ? TIME_HOUR : 0));
		reply = ASK(site, .who = MAI, .path = "/my-page");
		assert_status(&reply, 200);
		assert_holds(reply.body, STR("Read the card again"));
		if (ends[i].words)
			assert_holds(reply.body, str_of(ends[i].words));
		else
			assert_true(str_find(reply.body, STR("The certificate on your card")) < 0);
	}
}

static void a_renewed_card_is_read_again(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	/* Without a link there is nothing to renew. */
	struct reply reply = ASK(site, .who = MAI, .path = "/my-page/card");

	assert_status(&reply, 303);
	assert_str(reply_location(&reply), STR("/my-page"));
	reply = ASK(site, .who = MAI, .path = "/id/tx", .form = "op=auth&purpose=relink&draft=&chain=");
	assert_status(&reply, 409);
	apply_with_card(site);
	set_end(site, site->world->now - TIME_DAY);
	reply = ASK(site, .who = MAI, .path = "/my-page/card");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("About Electronic Certificate Reading"));
	assert_holds(reply.body, STR("Proceed to Next"));
	/* Nothing was read for the link alone yet, so no address is offered. */
	reply = ASK(site, .who = MAI, .path = "/my-page/card/address", .form = "");
	assert_status(&reply, 404);
	card.address = STR("東京都千代田区霞が関一丁目１番１号");
	read_next(site, "/my-page/card", "renewed card", "/my-page/card");
	reply = ASK(site, .who = MAI, .path = "/my-page/card");
	assert_holds(reply.body, STR(" data-go>"));
	read_next(site, "/my-page/card", "renewed card", "/my-page");
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM card_link"), 2);
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM card_link WHERE unlinked_at = 0"), 1);
	reply = ASK(site, .who = MAI, .path = "/my-page");
	assert_true(str_find(reply.body, STR("expired on")) < 0);
	/* The address of the new card is offered, and taken over by one press; what the form says counts for nothing. */
	assert_holds(reply.body, STR("Register this address"));
	assert_holds(reply.body, card.address);
	reply = ASK(site, .who = MAI, .path = "/my-page/card/address", .form = "address=evil", .token = TOKEN_NONE);
	assert_status(&reply, 403);
	reply = ASK(site, .who = LEE, .path = "/my-page/card/address", .form = "");
	assert_status(&reply, 404);
	reply = ASK(site, .who = MAI, .path = "/my-page/card/address", .form = "address=evil");
	assert_status(&reply, 303);
	reply = ASK(site, .who = MAI, .path = "/my-page");
	assert_true(str_find(reply.body, STR("Register this address")) < 0);
	assert_holds(reply.body, card.address);
	assert_holds(reply.body, STR("0000000"));
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM audit_entry WHERE event = 'address_from_card'"), 1);
	reply = ASK(site, .who = MAI, .path = "/my-page/card/address", .form = "");
	assert_status(&reply, 404);
}

static void an_address_too_long_for_an_account_is_not_offered(void **state)
{
	struct site *site = *state;
	struct buf address;

	here_cards_are_read(site);
	apply_with_card(site);
	set_end(site, site->world->now - TIME_DAY);
	buf_init(&address, &site->arena, 1024);
	for (int i = 0; i < LIMIT_ADDRESS + 1; i++)
		buf_lit(&address, "東");
	card.address = buf_view(&address);
	read_next(site, "/my-page/card", "renewed card", "/my-page/card");
	read_next(site, "/my-page/card", "renewed card", "/my-page");
	struct reply reply = ASK(site, .who = MAI, .path = "/my-page");

	assert_true(str_find(reply.body, STR("Register this address")) < 0);
	reply = ASK(site, .who = MAI, .path = "/my-page/card/address", .form = "");
	assert_status(&reply, 404);
}

/* ---- off ---- */

static void without_cards_all_is_typed(void **state)
{
	struct site *site = *state;

	begin(site, MAI, "usage");
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/sections/user");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("name=\"sex\""));
	assert_holds(reply.body, STR("name=\"address\""));
	assert_true(str_find(reply.body, STR("id=\"basic_name\"")) < 0 || str_find(reply.body, STR("data-field=\"basic_name\" hidden")) > 0);
	assert_true(str_find(reply.body, STR("class=\"tag card\"")) < 0);
	fill(site);
	site_name(site, "receipt", submit(site));
	reply = ASK(site, .who = MAI, .path = "{receipt}");
	assert_holds(reply.body, STR("No card was read"));
	/* Nobody needs it here. */
	reply = ASK(site, .who = MAI, .path = "/procedures/extension");
	assert_holds(reply.body, STR("action=\"/procedures/extension\""));
	reply = ASK(site, .who = MAI, .path = "/my-page");
	assert_true(str_find(reply.body, STR("Read the card again")) < 0);
}

/* A way that the account is not linked by leads to nothing but a refusal: it is not offered. */
static void only_ways_that_lead_on(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	site->world->portal.settings.oidc_on = true;
	begin(site, MAI, "usage");
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/card");

	assert_holds(reply.body, STR("value=\"oidc\""));
	assert_holds(reply.body, STR(">Proceed to Next</button>"));
	site->world->portal.settings.oidc_on = false;
	read_both(site);
	fill(site);
	submit(site);
	site->world->portal.settings.oidc_on = true;
	static const char *const pages[] = {"/drafts/{draft}/card", "/my-page/card"};

	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		reply = ASK(site, .who = MAI, .path = pages[i]);
		assert_status(&reply, 200);
		assert_true(str_find(reply.body, STR("value=\"oidc\"")) < 0);
		assert_holds(reply.body, STR(">Proceed to Next</button>"));
	}
	/* Where only the other way is open it begins with the request for use. */
	site->world->portal.settings.card_on = false;
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/card");
	assert_true(str_find(reply.body, STR("action=\"/id/tx\"")) < 0);
	assert_holds(reply.body, STR("href=\"/procedures/usage\""));
}

/* Whoever looks for the password for too long begins with the first reading anew, and is led there. */
static void the_first_reading_is_too_old(void **state)
{
	struct site *site = *state;

	here_cards_are_read(site);
	begin(site, MAI, "usage");
	read_next(site, "/drafts/{usage}/card", "card of mai", "/drafts/{usage}/card");
	struct reply second = ASK(site, .who = MAI, .path = "/drafts/{usage}/card");
	const char *form = hidden_of(site, &second);
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx", .form = form);

	assert_status(&reply, 303);
	name_last(site, "tx", &reply);
	site->world->now += IDV_CHAIN_MS;
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}");
	assert_holds(reply.body, site_fill(site, "action=\"/id/tx/{tx}/renew\""));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/renew", .form = "");
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, "/drafts/{usage}/card"));
	reply = ASK(site, .who = MAI, .path = "/id/tx", .form = form);
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, "/drafts/{usage}/card"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{usage}/card");
	assert_holds(reply.body, STR("name=\"op\" value=\"auth\""));
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(the_form_opens_behind_the_card_only),
		AT_SQLITE(nobody_reads_for_the_draft_of_another),
		AT_SQLITE(what_is_sent_for_a_read_field_is_left_aside),
		AT_BOTH(two_readings_and_the_form_is_filled),
		AT_SQLITE(nothing_to_attach_is_no_task),
		AT_BOTH(residence_waits_for_the_request),
		AT_SQLITE(what_differs_is_told),
		AT_SQLITE(my_page_warns_before_the_card_ends),
		AT_BOTH(a_renewed_card_is_read_again),
		AT_BOTH(only_ways_that_lead_on),
		AT_BOTH(the_first_reading_is_too_old),
		AT_SQLITE(an_address_too_long_for_an_account_is_not_offered),
		AT_SQLITE(without_cards_all_is_typed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
