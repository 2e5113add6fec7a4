/* One's own applications, searched as the manual's 5.1 has it. */
#include "ways.h"

/* How many rows a page has. */
static size_t rows(const struct reply *reply)
{
	struct str rest = reply->body;
	size_t n = 0;

	for (ptrdiff_t at; (at = str_find(rest, STR("<a class=\"button second\" href=\"/applications/"))) >= 0; n++)
		rest = str_skip(rest, (size_t)at + 1);
	return n;
}

static void it_is_searched_by_the_name_of_a_procedure(void **state)
{
	static const struct {
		const char *words;
		size_t n;
	} cases[] = {
		{"", 3}, {"extension", 3}, {"EXTENSION%20period", 3}, {"%E6%9B%B4%E6%96%B0", 3}, {"%EF%BD%85xtension", 3}, {"re-entry", 0},
		{"certificate%20of%20eligibility", 0}, {"extension&q=NGUYEN", 3}, {"extension&q=nobody", 0}, {"extension&to=20200101", 0}, {"%25", 0},
	};
	struct site *site = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str path = str_fmt(&site->arena, "/applications?procedure=%s", cases[i].words);
		struct reply reply = ASK(site, .who = MAI, .path = str_c(&site->arena, path));

		assert_status(&reply, 200);
		if (rows(&reply) != cases[i].n)
			fail_msg("\"%s\": %zu rows instead of %zu", cases[i].words, rows(&reply), cases[i].n);
		if ((str_find(reply.body, STR("No applications were found.")) >= 0) != (cases[i].n == 0))
			fail_msg("\"%s\": what is told", cases[i].words);
	}
	struct reply reply = ASK(site, .who = MAI, .path = "/applications");

	assert_holds(reply.body, STR("<label for=\"procedure\">Procedure name</label>"));
	reply = ASK(site, .who = MAI, .path = "/applications", .lang = "ja");
	assert_holds(reply.body, STR("<label for=\"procedure\">手続名</label>"));
}

static void what_was_typed_stays(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/applications?procedure=stay%20%22%3Cb%3E&size=10&page=2");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("name=\"procedure\" type=\"text\" value=\"stay &quot;&lt;b&gt;\""));
	assert_true(str_find(reply.body, STR("<b>")) < 0);
	/* and leads from page to page */
	reply = ASK(site, .who = MAI, .path = "/applications?procedure=stay&size=10&page=2");
	assert_holds(reply.body, STR("/applications?page=1&amp;procedure=stay&amp;size=10"));
}

static void words_of_too_many_procedures_are_told(void **state)
{
	struct site *site = *state;
	struct catalogue *catalogue = &site->world->catalogue;
	const struct procedure *list[14];

	for (size_t i = 0; i < 13; i++)
		list[i] = catalogue_find(catalogue, STR("extension"));
	list[13] = catalogue_find(catalogue, STR("coe"));
	catalogue->v = list;
	catalogue->n = 14;
	struct reply reply = ASK(site, .who = MAI, .path = "/applications?procedure=extension");

	assert_status(&reply, 400);
	assert_int_equal(rows(&reply), 0);
	assert_holds(reply.body, STR("These words fit more than 12 procedures. Add another word of the procedure’s name."));
	assert_holds(reply.body, STR("value=\"extension\" autocomplete=\"off\" aria-invalid=\"true\" aria-describedby=\"search-error\""));
	assert_true(str_find(reply.body, STR("No applications were found.")) < 0);
	reply = ASK(site, .who = MAI, .path = "/applications?procedure=extension", .lang = "ja");
	assert_holds(reply.body, STR("12件"));
	reply = ASK(site, .who = MAI, .path = "/applications?procedure=eligibility");
	assert_status(&reply, 200);
}

static void the_date_that_is_wrong_is_named(void **state)
{
	static const char wrong[] = "aria-invalid=\"true\" aria-describedby=\"date-hint search-error\"";
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/applications?from=2026&to=20261231");
	ptrdiff_t first = str_find(reply.body, str_of(wrong));

	assert_status(&reply, 400);
	assert_holds(reply.body, STR("value=\"2026\" autocomplete=\"off\" aria-invalid=\"true\""));
	assert_true(first >= 0 && str_find(str_skip(reply.body, (size_t)first + 1), str_of(wrong)) < 0);
	reply = ASK(site, .who = MAI, .path = "/applications?from=20260101&to=20260229");
	assert_status(&reply, 400);
	assert_holds(reply.body, STR("value=\"20260229\" autocomplete=\"off\" aria-invalid=\"true\""));
	/* Days of the calendar that nobody lives to see are open. */
	reply = ASK(site, .who = MAI, .path = "/applications?to=99991231");
	assert_status(&reply, 200);
	assert_int_equal(rows(&reply), 3);
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(it_is_searched_by_the_name_of_a_procedure),
		AT_BOTH(what_was_typed_stays),
		AT_SQLITE(words_of_too_many_procedures_are_told),
		AT_SQLITE(the_date_that_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
