/* What a permission costs, how long it takes and what follows from a late decision: told before, while and after applying. */
#include "ways.h"

#include "base/time.h"

static void a_procedure_tells_its_fees(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/procedures/extension");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("<dt>If you apply online</dt><dd>¥5,500</dd>"));
	assert_holds(reply.body, STR("<dt>If you apply at the counter</dt><dd>¥6,000</dd>"));
	assert_holds(reply.body, STR("<dt>Re-entry permit – Multiple</dt><dd>¥6,500</dd>"));
	assert_holds(reply.body, STR("<dt>Certificate of authorized employment</dt><dd>¥1,600</dd>"));
	assert_holds(reply.body, STR("2 weeks to 1 month"));
	reply = ASK(site, .who = MAI, .path = "/procedures/coe");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("There is no fee."));
	assert_true(str_find(reply.body, STR("¥")) < 0);
	/* Nothing is said of what the table does not know. */
	reply = ASK(site, .who = MAI, .path = "/procedures/usage");
	assert_status(&reply, 200);
	assert_true(str_find(reply.body, STR("There is no fee.")) < 0);
}

static void the_list_tells_the_online_fee(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/procedures?size=50");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Fee ¥5,500"));
	assert_holds(reply.body, STR("Fee none"));
	assert_holds(reply.body, STR("Usual time until the result 1 to 3 months"));
}

static void confirmation_and_receipt_tell_what_is_due(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/confirm");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("<dd>¥5,500</dd>"));
	assert_true(str_find(reply.body, STR("¥6,000")) < 0);
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}/receipt");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("<dd>¥5,500</dd>"));
	assert_holds(reply.body, STR("You only pay if your application is granted."));
	assert_holds(reply.body, STR("If the result comes late"));
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_SQLITE(a_procedure_tells_its_fees),
		AT_SQLITE(the_list_tells_the_online_fee),
		AT_SQLITE(confirmation_and_receipt_tell_what_is_due),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
