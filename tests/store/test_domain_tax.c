#include "identity_support.h"

#include "base/time.h"
#include "domain/application/draft.h"
#include "domain/attachment/attachment_want.h"
#include "domain/identity/tax.h"

/* Tax information: its form and its class, where it stands, who may attach it, and that nothing of it is left over. On both engines. */

static struct tax_info good(void)
{
	return (struct tax_info){
		.fetched_at = START,
		.source = STR("selfinfo-sim"),
		.years = {{
			.fiscal_year = 2026,
			.income_year = 2025,
			.municipality = STR("990019"),
			.declared = true,
			.salary_income = 1980000,
			.total_income = 1310000,
			.levy_income_based = 42000,
			.levy_per_capita = 5000,
			.class = TAX_TAXED,
		}},
		.year_count = 1,
	};
}

static void classes(void **state)
{
	static const struct {
		bool declared;
		int64_t income_based, per_capita;
		int wanted; /* -1: cannot be */
	} rows[] = {
		{true, 0, 0, TAX_NOT_TAXED},
		{true, 0, 5000, TAX_PER_CAPITA_ONLY},
		{true, 1, 1, TAX_TAXED},
		{true, 42000, 5000, TAX_TAXED},
		{true, 42000, 0, -1},
		{true, -1, 5000, -1},
		{true, 0, -1, -1},
		{false, 0, 0, TAX_NOT_DECLARED},
		{false, 0, 5000, -1},
		{false, 1, 5000, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum tax_class class = TAX_CLASS_COUNT;
		err e = tax_classify(rows[i].declared, rows[i].income_based, rows[i].per_capita, &class);

		if (rows[i].wanted < 0)
			assert_int_equal(e.code, ERR_INVALID);
		else
			assert_int_equal(class, rows[i].wanted);
	}
}

static void form_comes_back(void **state)
{
	struct world *world = *state;
	struct tax_info info = good(), read;

	info.years[1] = (struct tax_year){.fiscal_year = 2027, .income_year = 2026, .municipality = STR("990043"), .class = TAX_NOT_DECLARED};
	info.year_count = 2;
	assert_ok(tax_check(&info));
	struct str text = tax_write(&world->arena, &info);

	assert_true(str_eq(text, STR("{\"v\":1,\"fetched\":1795000000,\"source\":\"selfinfo-sim\",\"years\":[{\"fiscal_year\":2026,\"income_year\":2025,"
				     "\"municipality\":\"990019\",\"salary_income\":1980000,\"total_income\":1310000,\"dependents\":0,"
				     "\"levy_income_based\":42000,\"levy_per_capita\":5000,\"class\":\"taxed\"},{\"fiscal_year\":2027,"
				     "\"income_year\":2026,\"municipality\":\"990043\",\"class\":\"not_declared\"}]}")));
	assert_ok(tax_read(&world->arena, text, &read));
	assert_int_equal(read.year_count, 2);
	assert_int_equal(read.years[0].levy_income_based, 42000);
	assert_int_equal(read.years[1].class, TAX_NOT_DECLARED);
	assert_false(read.years[1].declared);
	assert_int_equal(read.fetched_at, START / 1000 * 1000);
}

static void form_refused(void **state)
{
	struct world *world = *state;
	static const char *const bad[] = {
		"", "[]", "{}", "{\"v\":2,\"fetched\":1,\"source\":\"x\",\"years\":[]}", "{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":{}}",
		"{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":[]}", "{\"v\":1,\"fetched\":-1,\"source\":\"x\",\"years\":[1]}",
		"{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":[1]}",
		"{\"v\":1,\"fetched\":1,\"source\":\"\",\"years\":[{\"fiscal_year\":2026,\"income_year\":2025,\"municipality\":\"990043\",\"class\":\"not_declared\"}]}",
		"{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":[{\"fiscal_year\":2026,\"income_year\":2025,\"municipality\":\"990043\",\"class\":\"taxed\"}]}",
		"{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":[{\"fiscal_year\":2026,\"income_year\":2025,\"municipality\":\"990043\",\"class\":\"rich\"}]}",
		"{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":[{\"fiscal_year\":2026,\"income_year\":2025,\"municipality\":\"99004\",\"class\":\"not_declared\"}]}",
		"{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":[{\"fiscal_year\":1999,\"income_year\":1998,\"municipality\":\"990043\",\"class\":\"not_declared\"}]}",
		"{\"v\":1,\"fetched\":1,\"source\":\"x\",\"years\":[1,2,3,4,5,6]}",
	};
	struct tax_info read;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(tax_read(&world->arena, str_of(bad[i]), &read), ERR_INVALID);
	struct tax_info most = good();

	most.years[0].total_income = INT64_C(1000000000000);
	assert_ok(tax_check(&most));
	most.years[0].total_income++;
	assert_err(tax_check(&most), ERR_INVALID);
	most = good();
	most.years[0].dependents = 99;
	assert_ok(tax_check(&most));
	most.years[0].dependents = 100;
	assert_err(tax_check(&most), ERR_INVALID);
}

/* Where no cards are read, so that a draft opens at once. */
static struct person somebody(struct world *world, const char *email)
{
	struct person person = person_new(world, email);

	world->portal.settings.card_on = false;
	return person;
}

static int64_t begin_draft(struct cx *cx)
{
	int64_t id;

	assert_ok(draft_create(cx, STR("extension"), &id));
	return id;
}

/* As the job does it. */
static void answer_it(struct world *world, enum tax_answer answer)
{
	struct tax_info info = good();
	struct tax_due due;
	struct cx cx;

	cx_make(world, &cx);
	cx.actor.kind = ACTOR_JOB;
	assert_ok(tax_claim(&cx, &due));
	assert_true(str_eq(due.work, STR("token process")));
	info.fetched_at = cx.now;
	assert_ok(tax_answered(&cx, &due, answer, answer == TAX_OK ? &info : NULL));
	cx_release(&cx);
}

static struct tax_info state_of(struct world *world, const struct person *person, int64_t draft)
{
	struct tax_info info;

	assert_ok(tax_of_draft(as(world, person), draft, &info));
	return info;
}

static void whole_way(void **state)
{
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp"), lee = somebody(world, "lee@example.jp");
	int64_t draft = begin_draft(as(world, &mai));
	struct tax_info info;

	assert_err(tax_of_draft(as(world, &mai), draft, &info), ERR_NOT_FOUND);
	assert_err(tax_begin(as(world, &lee), draft, STR("x")), ERR_NOT_FOUND);
	assert_ok(tax_begin(as(world, &mai), draft, STR("token process")));
	assert_int_equal(state_of(world, &mai, draft).state, TAX_FETCHING);
	assert_err(tax_of_draft(as(world, &lee), draft, &info), ERR_NOT_FOUND);
	answer_it(world, TAX_OK);
	info = state_of(world, &mai, draft);
	assert_int_equal(info.state, TAX_ANSWERED);
	assert_int_equal(info.years[0].total_income, 1310000);
	assert_int_equal(count_of(world, "tax_info", "length(work) > 0"), 0);
	/* Not another's, not another one, and then once. */
	assert_err(tax_attach(as(world, &lee), draft, info.id), ERR_NOT_FOUND);
	assert_err(tax_attach(as(world, &mai), draft, info.id + 1), ERR_CONFLICT);
	assert_ok(tax_attach(as(world, &mai), draft, info.id));
	assert_err(tax_attach(as(world, &mai), draft, info.id), ERR_CONFLICT);
	assert_int_equal(state_of(world, &mai, draft).state, TAX_ATTACHED);
	/* What is attached is not replaced. */
	assert_err(tax_begin(as(world, &mai), draft, STR("again")), ERR_CONFLICT);
	assert_err(tax_failed(as(world, &mai), draft, TAX_UNAVAILABLE), ERR_CONFLICT);
	assert_ok(tax_remove(as(world, &mai), draft));
	assert_err(tax_of_draft(as(world, &mai), draft, &info), ERR_NOT_FOUND);
	assert_int_equal(count_of(world, "audit_entry", "event = 'tax_attached'"), 1);
	assert_int_equal(count_of(world, "audit_entry", "event = 'tax_removed'"), 1);
}

static void municipalities(void **state)
{
	static const struct {
		const char *code, *ja, *en; /* NULL: no name */
	} table[] = {
		{"442020", "別府市", "Beppu-shi"},
		{"131016", "千代田区", "Chiyoda-ku"},
		{"011011", "札幌市中央区", "Chuo-ku, Sapporo-shi"},
		{"011002", "札幌市", "Sapporo-shi"},
		{"401307", "福岡市", "Fukuoka-shi"},
		{"442021", NULL, NULL}, /* wrong check digit */
		{"990019", NULL, NULL}, /* none of this code */
		{"44202", NULL, NULL},
		{"4420200", NULL, NULL},
		{"44202x", NULL, NULL},
		{"", NULL, NULL},
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct text *name = tax_municipality(&world->catalogue, str_of(table[i].code));

		if (!name != !table[i].ja)
			fail_msg("%s: %s", table[i].code, name ? "a name" : "no name");
		if (!name)
			continue;
		assert_str(text_plain(name, locale_get(LANG_JA, false)), str_of(table[i].ja));
		assert_str(text_plain(name, locale_get(LANG_EN, false)), str_of(table[i].en));
	}
}

/* What the list of documents and its warnings say of a paper, for these answers. */
static void expect_paper(struct world *world, const struct person *person, int64_t draft, const char *status, const char *paper, bool expected)
{
	struct attachments list;
	struct attachment_wants wants;
	struct issues issues = {0};
	struct answers answers;
	struct draft row;
	struct cx *cx = as(world, person);
	bool asked = false, told = false;

	answers_init(&answers, cx->arena);
	answers_set(&answers, STR("status_group"), str_of(status));
	answers_set(&answers, STR("t_fund"), STR("self"));
	answers_set(&answers, STR("t_position_japanese"), STR("spouse_of_japanese"));
	const struct form_scope scope = {.procedure = catalogue_find(&world->catalogue, STR("extension")), .answers = &answers,
		.user_type = USER_FOREIGN_NATIONAL, .today = time_date(cx->now)};

	assert_ok(attachment_list(cx, draft, &list));
	assert_ok(draft_require(cx, draft, &row));
	assert_ok(tax_is_attached(cx, &row, &list.tax));
	attachment_wants(cx->arena, &scope, &list, &wants);
	attachment_check(cx->arena, cx->locale, &wants, &issues);
	for (size_t i = 0; i < wants.n; i++) {
		if (!str_eq(wants.v[i].id, str_of(paper)))
			continue;
		asked = true;
		assert_true(wants.v[i].expected == expected && wants.v[i].by_tax == !expected);
	}
	assert_true(asked);
	for (size_t i = 0; i < issues.n; i++)
		told |= str_eq(issues.v[i].document, str_of(paper));
	assert_true(told == expected);
}

/* Who has attached the information is not asked for the papers any more, and is again when it is taken away or too old. */
static void papers_follow(void **state)
{
	static const char *const papers[][2] = {{"engineer_humanities_da46", "n_tax_cert"}, {"spouse_child_japanese", "t_tax_payment"}};
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp"), lee = somebody(world, "lee@example.jp");
	int64_t draft = begin_draft(as(world, &mai)), other = begin_draft(as(world, &mai)), of_lee = begin_draft(as(world, &lee));

	assert_ok(tax_begin(as(world, &mai), draft, STR("token process")));
	answer_it(world, TAX_OK);
	for (size_t i = 0; i < 2; i++)
		expect_paper(world, &mai, draft, papers[i][0], papers[i][1], true);
	assert_ok(tax_attach(as(world, &mai), draft, state_of(world, &mai, draft).id));
	for (size_t i = 0; i < 2; i++) {
		expect_paper(world, &mai, draft, papers[i][0], papers[i][1], false);
		expect_paper(world, &mai, other, papers[i][0], papers[i][1], true);
		expect_paper(world, &lee, of_lee, papers[i][0], papers[i][1], true);
	}
	world->now += TAX_DRAFT_MS - 1;
	expect_paper(world, &mai, draft, papers[0][0], papers[0][1], false);
	world->now += 1;
	expect_paper(world, &mai, draft, papers[0][0], papers[0][1], true);
	world->now -= TAX_DRAFT_MS;
	assert_ok(tax_remove(as(world, &mai), draft));
	expect_paper(world, &mai, draft, papers[0][0], papers[0][1], true);
}

static void failures_cannot_be_attached(void **state)
{
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp");
	int64_t draft = begin_draft(as(world, &mai));

	for (enum tax_answer answer = TAX_NO_RECORD; answer < TAX_ANSWER_COUNT; answer++) {
		assert_ok(tax_failed(as(world, &mai), draft, answer));
		struct tax_info info = state_of(world, &mai, draft);

		assert_int_equal(info.state, TAX_ANSWERED);
		assert_int_equal(info.answer, answer);
		assert_err(tax_attach(as(world, &mai), draft, info.id), ERR_CONFLICT);
	}
}

static void one_worker_asks_at_a_time(void **state)
{
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp");
	int64_t draft = begin_draft(as(world, &mai));
	struct tax_due first, second;
	struct cx *cx;

	assert_ok(tax_begin(as(world, &mai), draft, STR("token process")));
	cx = cx_fresh(world);
	assert_ok(tax_claim(cx, &first));
	assert_err(tax_claim(cx_fresh(world), &second), ERR_NOT_FOUND);
	/* Not there yet: again in three seconds. */
	assert_ok(tax_later(cx_fresh(world), &first));
	world->now += TAX_EVERY_MS - 1;
	assert_err(tax_claim(cx_fresh(world), &second), ERR_NOT_FOUND);
	world->now += 1;
	assert_ok(tax_claim(cx_fresh(world), &first));
	/* Its worker dies: another one takes it, and the first has no say in when it is asked again. */
	world->now += TAX_ASK_MS;
	assert_ok(tax_claim(cx_fresh(world), &second));
	assert_ok(tax_later(cx_fresh(world), &first));
	world->now += TAX_EVERY_MS;
	assert_err(tax_claim(cx_fresh(world), &first), ERR_NOT_FOUND);
	assert_ok(tax_answered(cx_fresh(world), &second, TAX_NOT_YET, NULL));
	assert_ok(tax_answered(cx_fresh(world), &first, TAX_NO_RECORD, NULL));
	assert_int_equal(state_of(world, &mai, draft).answer, TAX_NOT_YET);
}

/* What was sealed otherwise than it says can never be asked for: it is answered, and stands in nobody's way. */
static void what_does_not_open_is_no_hindrance(void **state)
{
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp");
	int64_t broken = begin_draft(as(world, &mai)), whole;
	struct tax_due due;

	assert_ok(tax_begin(as(world, &mai), broken, STR("token process")));
	world->now += 1;
	whole = begin_draft(as(world, &mai));
	assert_ok(tax_begin(as(world, &mai), whole, STR("token process")));
	db_exec(world->db, "UPDATE tax_info SET work = (SELECT work FROM tax_info ORDER BY id DESC LIMIT 1)");
	assert_err(tax_claim(cx_fresh(world), &due), ERR_SHUT);
	assert_int_equal(state_of(world, &mai, broken).answer, TAX_UNAVAILABLE);
	answer_it(world, TAX_OK);
	assert_int_equal(state_of(world, &mai, whole).answer, TAX_OK);
	assert_err(tax_claim(cx_fresh(world), &due), ERR_NOT_FOUND);
}

static void waits_a_minute(void **state)
{
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp");
	int64_t draft = begin_draft(as(world, &mai));

	assert_ok(tax_begin(as(world, &mai), draft, STR("token process")));
	world->now += TAX_WAIT_MS - 1;
	assert_int_equal(state_of(world, &mai, draft).state, TAX_FETCHING);
	world->now += 1;
	assert_int_equal(state_of(world, &mai, draft).state, TAX_ANSWERED);
	assert_int_equal(state_of(world, &mai, draft).answer, TAX_UNAVAILABLE);
}

static void forgotten_with_its_draft(void **state)
{
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp");
	int64_t draft = begin_draft(as(world, &mai));
	struct tax_info info;

	assert_ok(tax_begin(as(world, &mai), draft, STR("token process")));
	assert_ok(draft_delete(as(world, &mai), draft, &(struct attachment_gone){0}));
	assert_int_equal(count_of(world, "tax_info", "1 = 1"), 0);
	/* And after a month, when it was not submitted. */
	draft = begin_draft(as(world, &mai));
	assert_ok(tax_begin(as(world, &mai), draft, STR("token process")));
	answer_it(world, TAX_OK);
	struct cx *cx = as(world, &mai);

	cx->now = world->now + TAX_DRAFT_MS - 1;
	assert_ok(tax_of_draft(cx, draft, &info));
	cx->now++;
	assert_err(tax_of_draft(cx, draft, &info), ERR_NOT_FOUND);
	world->now += TAX_DRAFT_MS + 1;
	cx = cx_fresh(world);
	cx->actor.kind = ACTOR_JOB;
	assert_ok(idv_sweep(cx));
	assert_int_equal(count_of(world, "tax_info", "1 = 1"), 0);
}

static void goes_with_the_application(void **state)
{
	struct world *world = *state;

	for (int attach = 0; attach < 2; attach++) {
		struct person mai = somebody(world, attach ? "a@example.jp" : "b@example.jp");
		struct draft draft;
		int64_t id = draft_fill(world, as(world, &mai), &draft);
		struct issues issues = {0};
		struct receipt receipt;
		struct tax_info info;
		struct str token = str_dup(&world->arena, draft.submission_token);

		assert_ok(tax_begin(as(world, &mai), id, STR("token process")));
		answer_it(world, TAX_OK);
		if (attach)
			assert_ok(tax_attach(as(world, &mai), id, state_of(world, &mai, id).id));
		assert_ok(application_submit(as(world, &mai), id, token, &issues, &receipt));
		assert_int_equal(issues.refusals, 0);
		err e = tax_of_application(as(world, &mai), mai.account, receipt.application_id, &info);

		assert_int_equal(e.code, attach ? OK : ERR_NOT_FOUND);
		assert_int_equal(count_of(world, "tax_info", "application_id = 0"), 0);
		if (attach)
			assert_int_equal(info.years[0].class, TAX_TAXED);
	}
}

static void other_procedures_want_none(void **state)
{
	struct world *world = *state;
	struct person mai = somebody(world, "mai@example.jp");
	int64_t id;

	assert_ok(draft_create(as(world, &mai), STR("usage"), &id));
	assert_err(tax_begin(as(world, &mai), id, STR("x")), ERR_CONFLICT);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes),
		IN_SQLITE(form_comes_back),
		IN_SQLITE(form_refused),
		IN_BOTH(whole_way),
		IN_SQLITE(municipalities),
		IN_BOTH(papers_follow),
		IN_BOTH(failures_cannot_be_attached),
		IN_BOTH(one_worker_asks_at_a_time),
		IN_BOTH(what_does_not_open_is_no_hindrance),
		IN_BOTH(waits_a_minute),
		IN_BOTH(forgotten_with_its_draft),
		IN_BOTH(goes_with_the_application),
		IN_BOTH(other_procedures_want_none),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
