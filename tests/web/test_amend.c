/* The way of an application that was sent back, when something comes between the page and the press: the person reads what has not happened, and what to do. */
#include "site.h"

#include "domain/application/amend.h"

static void send_back(struct site *site)
{
	struct str item = STR("field:mobile");
	struct cx *cx = cx_fresh(site->world);

	cx->actor.kind = ACTOR_OPERATOR;
	assert_ok(amend_return(cx, site_value(site, "reference"), &(struct amend_items){&item, 1}, STR("Your phone number, please.")));
}

/* The value of a hidden field of the page. */
static struct str hidden(const struct reply *reply, const char *name)
{
	char sign[64];

	snprintf(sign, sizeof sign, "name=\"%s\" value=\"", name);
	ptrdiff_t at = str_find(reply->body, str_of(sign));

	if (at < 0)
		fail_msg("no field %s in " STR_FMT, name, STR_ARG(reply->body));
	struct str rest = str_skip(reply->body, (size_t)at + strlen(sign));

	return str_sub(rest, 0, (size_t)str_find_byte(rest, '"'));
}

/* From the details to the page that asks once more. */
static void to_the_press(struct site *site)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{reference}/modify", .form = "");

	assert_status(&reply, 303);
	site_name(site, "amend", str_skip(reply_location(&reply), strlen("/drafts/")));
	reply = ASK(site, .who = MAI, .path = "/drafts/{amend}");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Your phone number, please."));
	reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/apply");
	assert_status(&reply, 200);
	site_name(site, "amend_token", hidden(&reply, "token"));
}

static struct reply press(struct site *site)
{
	return ASK(site, .who = MAI, .path = "/drafts/{amend}/apply", .form = "token={amend_token}");
}

static void assert_returned(struct site *site)
{
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{reference}");

	assert_status(&reply, 200);
	assert_holds(reply.body, site_fill(site, "action=\"/applications/{reference}/modify\""));
}

static void modified_and_submitted_again(void **state)
{
	struct site *site = *state;

	send_back(site);
	to_the_press(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/sections/about", .form = "mobile=09000000002&_shown=mobile&_leave=1");

	assert_status(&reply, 303);
	for (int i = 0; i < 2; i++) {
		reply = press(site);
		assert_status(&reply, 303);
		assert_str(reply_location(&reply), site_fill(site, "/applications/{reference}/receipt"));
	}
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}");
	assert_status(&reply, 200);
	assert_true(str_find(reply.body, STR("/modify\"")) < 0);
	assert_holds(reply.body, STR("09000000002"));
	assert_true(str_find(reply.body, STR("09000000001")) < 0);
	/* What was is behind the entry that sent it back. */
	assert_holds(reply.body, site_fill(site, "<a href=\"/applications/{reference}/before/2\">Answers until then</a>"));
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}/before/2");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("09000000001"));
	assert_true(str_find(reply.body, STR("09000000002")) < 0);
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}/before/1");
	assert_status(&reply, 404);
	reply = ASK(site, .who = MAI, .path = "/applications/{their_reference}/before/2");
	assert_status(&reply, 404);
}

static void the_draft_was_deleted_in_another_tab(void **state)
{
	struct site *site = *state;

	send_back(site);
	to_the_press(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/delete", .form = "");

	assert_status(&reply, 303);
	reply = press(site);
	assert_status(&reply, 404);
	assert_holds(reply.body, STR("This draft is no longer here"));
	assert_holds(reply.body, STR("Nothing was submitted."));
	assert_holds(reply.body, STR("press “Modify” again"));
	assert_holds(reply.body, STR("<a class=\"button\" href=\"/applications\">"));
	assert_returned(site);
	/* Who has no such draft reads the same, whether there is one or not. */
	to_the_press(site);
	reply = ASK(site, .who = LEE, .path = "/drafts/{amend}/apply", .form = "token={amend_token}");
	assert_status(&reply, 404);
	assert_holds(reply.body, STR("This draft is no longer here"));
	reply = press(site);
	assert_status(&reply, 303);
}

static void the_form_has_changed_meanwhile(void **state)
{
	struct site *site = *state;

	send_back(site);
	to_the_press(site);
	db_exec(site->world->db, "UPDATE draft SET version = 'earlier' WHERE application_id <> 0");
	struct reply reply = press(site);

	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, "/drafts/{amend}/changes"));
	reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/changes");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("The form has changed"));
	assert_holds(reply.body, STR("The application is not yet complete."));
	assert_returned(site);
	reply = ASK(site, .who = MAI, .path = "/drafts/{amend}/changes", .form = "");
	assert_status(&reply, 303);
	reply = press(site);
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), site_fill(site, "/applications/{reference}/receipt"));
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(modified_and_submitted_again),
		AT_BOTH(the_draft_was_deleted_in_another_tab),
		AT_BOTH(the_form_has_changed_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
