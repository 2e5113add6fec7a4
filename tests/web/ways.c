#include "ways.h"

/*
 * `queries` is what a page costs the store: the session, its own, the banner of maintenance. A page whose number of
 * queries grows with what it shows fails here.
 */

#define GET_OF(path_) {.path = path_}
#define POST_TO(path_) {.path = path_, .form = ""}
#define LOGIN "/login?why="

const struct way ways[ROUTE_COUNT] = {
	/* Pages for everybody: not to be posted to. */
	[ROUTE_top_show] = {{.path = "/", .who = MAI}, 200, NULL, 7, POST_TO("/"), 405},
	[ROUTE_notice_list] = {GET_OF("/notices"), 200, NULL, 3, POST_TO("/notices"), 405},
	[ROUTE_notice_show] = {GET_OF("/notices/{notice}"), 200, NULL, 2, GET_OF("/notices/99999"), 404},
	[ROUTE_language_set] = {{.path = "/language", .form = "set=ja&back=/help"}, 303, "/help", 0,
		{.path = "/language", .form = "set=ja", .token = TOKEN_NONE}, 403},
	[ROUTE_help_show] = {GET_OF("/help"), 200, NULL, 1, POST_TO("/help"), 405},
	[ROUTE_terms_show] = {GET_OF("/terms"), 200, NULL, 1, POST_TO("/terms"), 405},
	[ROUTE_accessibility_show] = {GET_OF("/accessibility"), 200, NULL, 1, POST_TO("/accessibility"), 405},

	[ROUTE_registration_start] = {GET_OF("/register"), 200, NULL, 1, POST_TO("/register"), 405},
	[ROUTE_registration_email] = {GET_OF("/register/email"), 200, NULL, 1, {.method = "PUT", .path = "/register/email"}, 501},
	[ROUTE_registration_send] = {{.path = "/register/email", .form = "email=a%40example.jp&email_again=a%40example.jp"}, 303,
		"/register/sent", 9, {.path = "/register/email", .form = "email=b%40example.jp&email_again=c%40example.jp"}, 400},
	[ROUTE_registration_sent] = {GET_OF("/register/sent"), 200, NULL, 1, POST_TO("/register/sent"), 405},
	[ROUTE_registration_form] = {GET_OF("/register/link/{open}"), 200, NULL, 3, GET_OF("/register/link/{reset}"), 410},
	[ROUTE_registration_save] = {{.path = "/register/link/{open2}",
			.form = "user_type=foreign_national&password=Ame-no-Hi%2324&password_again=Ame-no-Hi%2324&name=PARK+JIHO&phone=09012345678"
				"&postal_code=1000001&address=%E6%9D%B1%E4%BA%AC%E9%83%BD&sex=male&birth_on=2001&birth_on=2&birth_on=3"},
		303, "/register/link/{open2}/confirm", 5, {.path = "/register/link/unknown", .form = "name=X"}, 410},
	[ROUTE_registration_confirm] = {GET_OF("/register/link/{filled}/confirm"), 200, NULL, 3,
		GET_OF("/register/link/unknown/confirm"), 410},
	[ROUTE_registration_complete] = {POST_TO("/register/link/{filled2}/confirm"), 303, "/register/link/{filled2}/done", 10,
		POST_TO("/register/link/unknown/confirm"), 410},
	[ROUTE_registration_done] = {GET_OF("/register/link/{done}/done"), 200, NULL, 3, GET_OF("/register/link/unknown/done"), 410},

	[ROUTE_login_show] = {GET_OF("/login"), 200, NULL, 1, {.method = "HEAD", .path = "/login/x"}, 404},
	[ROUTE_login_send] = {{.path = "/login", .form = "login=mai%40example.jp&password=" PASSWORD "&next=/my-page"}, 303, "/my-page", 8,
		{.path = "/login", .form = "login=mai%40example.jp&password=wrong"}, 403},
	[ROUTE_logout] = {{.path = "/logout", .form = ""}, 303, "/logout/done", 0, {.path = "/logout", .form = "", .who = MAI, .token = TOKEN_OTHER},
		403},
	[ROUTE_logout_done] = {GET_OF("/logout/done"), 200, NULL, 1, POST_TO("/logout/done"), 405},
	[ROUTE_session_extend] = {{.path = "/session/extend", .form = "", .who = MAI}, 200, NULL, 1, POST_TO("/session/extend"), 401},
	[ROUTE_forgot_id_show] = {GET_OF("/forgot-id"), 200, NULL, 1, GET_OF("/forgot-id/x"), 404},
	[ROUTE_forgot_id_send] = {{.path = "/forgot-id", .form = "email=mai%40example.jp"}, 303, "/forgot/sent", 8,
		{.path = "/forgot-id", .form = "email=nothing"}, 400},
	[ROUTE_forgot_password_show] = {GET_OF("/forgot-password"), 200, NULL, 1, GET_OF("/forgot-password/x"), 404},
	[ROUTE_forgot_password_send] = {{.path = "/forgot-password", .form = "login=mai%40example.jp"}, 303, "/forgot/sent", 9,
		{.path = "/forgot-password", .form = "login="}, 400},
	[ROUTE_forgot_sent] = {GET_OF("/forgot/sent"), 200, NULL, 1, POST_TO("/forgot/sent"), 405},
	[ROUTE_reset_show] = {GET_OF("/reset/{reset}"), 200, NULL, 2, GET_OF("/reset/{unlock}"), 410},
	[ROUTE_reset_save] = {{.path = "/reset/{reset2}", .form = "password=Yuki-ga-Furu%237&password_again=Yuki-ga-Furu%237"}, 303,
		LOGIN "password", 13, {.path = "/reset/{reset}", .form = "password=short&password_again=short"}, 400},
	[ROUTE_unlock_show] = {GET_OF("/unlock/{unlock}"), 200, NULL, 2, GET_OF("/unlock/{reset}"), 410},
	[ROUTE_unlock_save] = {POST_TO("/unlock/{unlock2}"), 303, LOGIN "unlocked", 6, POST_TO("/unlock/unknown"), 410},

	[ROUTE_account_show] = {{.path = "/my-page", .who = MAI}, 200, NULL, 5, GET_OF("/my-page"), 303, LOGIN "needed&next=%2Fmy-page"},

	[ROUTE_procedure_list] = {GET_OF("/procedures"), 200, NULL, 1, POST_TO("/procedures"), 405},
	[ROUTE_procedure_show] = {{.path = "/procedures/extension", .who = MAI}, 200, NULL, 3, GET_OF("/procedures/nothing"), 404},
	[ROUTE_draft_create] = {{.path = "/procedures/extension", .form = "", .who = MAI}, 303, "/drafts/", 6,
		POST_TO("/procedures/extension"), 401},
	[ROUTE_usage_needed] = {{.path = "/procedures/extension/use", .who = MAI}, 200, NULL, 4,
		{.path = "/procedures/usage/use", .who = MAI}, 404},

	/* Where no cards are read these lead on; test_card.c has them where they are. */
	[ROUTE_card_about] = {{.path = "/drafts/{draft}/card", .who = MAI}, 303, "/drafts/{draft}", 2,
		{.path = "/drafts/{draft}/card", .who = LEE}, 404},
	[ROUTE_card_address_take] = {{.path = "/my-page/card/address", .form = "", .who = MAI}, 404, NULL, 3,
		POST_TO("/my-page/card/address"), 401},
	[ROUTE_card_again] = {{.path = "/my-page/card", .who = MAI}, 303, "/my-page", 2, GET_OF("/my-page/card"), 303, LOGIN "needed"},

	[ROUTE_draft_show] = {{.path = "/drafts/{draft}", .who = MAI}, 200, NULL, 4, GET_OF("/drafts/{draft}"), 303,
		LOGIN "needed&next=%2Fdrafts%2F{draft}"},
	[ROUTE_draft_confirm] = {{.path = "/drafts/{draft}/confirm", .who = MAI}, 200, NULL, 4, {.path = "/drafts/{draft}/confirm", .who = LEE}, 404},
	[ROUTE_draft_apply] = {{.path = "/drafts/{draft}/apply", .who = MAI}, 200, NULL, 3, {.path = "/drafts/{draft}/apply", .who = LEE}, 404},
	/* Nothing has changed: both lead back. tests/story/version.test.mjs has a form that does. */
	[ROUTE_draft_changes] = {{.path = "/drafts/{draft}/changes", .who = MAI}, 303, "/drafts/{draft}", 3, {.path = "/drafts/{draft}/changes", .who = LEE}, 404},
	[ROUTE_draft_renew] = {{.path = "/drafts/{draft}/changes", .form = "", .who = MAI}, 303, "/drafts/{draft}", 3,
		{.path = "/drafts/{draft}/changes", .form = "", .who = LEE}, 404},
	[ROUTE_application_submit] = {{.path = "/drafts/{press_draft}/apply", .form = "token={press_token}", .who = MAI}, 303, "/applications/", 17,
		{.path = "/drafts/{draft}/apply", .form = "token={token}", .who = LEE}, 404},
	[ROUTE_draft_delete_ask] = {{.path = "/drafts/{draft}/delete", .who = MAI}, 200, NULL, 3, {.path = "/drafts/{draft}/delete", .who = LEE},
		404},
	[ROUTE_draft_delete] = {{.path = "/drafts/{drop_draft}/delete", .form = "", .who = MAI}, 303, "/my-page", 7,
		{.path = "/drafts/{draft}/delete", .form = "", .who = LEE}, 404},
	[ROUTE_section_show] = {{.path = "/drafts/{draft}/sections/money", .who = MAI}, 200, NULL, 3,
		{.path = "/drafts/{draft}/sections/money", .who = LEE}, 404},
	[ROUTE_section_save] = {{.path = "/drafts/{draft}/sections/money", .form = "_leave=1", .who = MAI}, 303, "/drafts/{draft}", 4,
		{.path = "/drafts/{draft}/sections/money", .form = "_leave=1", .who = LEE}, 404},
	[ROUTE_section_autosave] = {{.path = "/drafts/{draft}/sections/money/saved", .form = "", .who = MAI}, 200, NULL, 4,
		POST_TO("/drafts/{draft}/sections/money/saved"), 401},

	[ROUTE_id_tx_begin] = {{.path = "/id/tx", .form = "op=auth&purpose=usage_request", .who = MAI, .cards = true}, 303, "/id/tx/", 17,
		{.path = "/id/tx", .form = "op=tax&purpose=tax", .who = MAI}, 400},
	[ROUTE_id_tx_show] = {{.path = "/id/tx/{tx}", .who = MAI}, 200, NULL, 4, {.path = "/id/tx/{tx}", .who = LEE}, 404},
	[ROUTE_id_tx_status] = {{.path = "/id/tx/{tx}/status", .who = MAI}, 200, NULL, 3, {.path = "/id/tx/{tx}/status", .who = LEE}, 404},
	[ROUTE_id_tx_code] = {{.path = "/id/tx/{tx}/code", .form = "code=1234", .who = MAI}, 409, NULL, 6, /* a newer one was begun */
		{.path = "/id/tx/{tx}/code", .form = "code=1234", .who = LEE}, 404},
	[ROUTE_id_tx_cancel] = {{.path = "/id/tx/{tx}/cancel", .form = "", .who = MAI}, 303, "/id/tx/{tx}", 6,
		{.path = "/id/tx/{tx}/cancel", .form = "", .who = LEE}, 404},
	[ROUTE_id_tx_renew] = {{.path = "/id/tx/{tx}/renew", .form = "", .who = MAI, .cards = true}, 303, "/id/tx/", 19,
		{.path = "/id/tx/{tx}/renew", .form = "", .who = LEE}, 404},
	[ROUTE_id_tx_proceed] = {{.path = "/id/tx/{tx}/next", .form = "", .who = MAI}, 303, "/id/tx/{tx}", 4,
		{.path = "/id/tx/{tx}/next", .form = "", .who = LEE}, 404},
	/* There is no provider here; tests/oidc has the ways where there is one. */
	[ROUTE_oidc_back] = {{.path = "/oidc/cb?code=a&state=b", .who = MAI}, 200, NULL, 2, GET_OF("/oidc/cb"), 303, LOGIN "needed"},
	[ROUTE_oidc_finish] = {{.path = "/oidc/cb", .form = "code=a&state=b", .who = MAI}, 404, NULL, 2, POST_TO("/oidc/cb"), 401},
	[ROUTE_tax_back] = {{.path = "/tax/cb?code=a&state=b", .who = MAI}, 200, NULL, 2, GET_OF("/tax/cb"), 303, LOGIN "needed"},
	[ROUTE_tax_finish] = {{.path = "/tax/cb", .form = "code=a&state=b", .who = MAI}, 404, NULL, 2, POST_TO("/tax/cb"), 401},
	[ROUTE_tax_show] = {{.path = "/drafts/{draft}/tax", .who = MAI}, 200, NULL, 4, {.path = "/drafts/{draft}/tax", .who = LEE}, 404},
	[ROUTE_tax_begin] = {{.path = "/drafts/{draft}/tax", .form = "", .who = MAI}, 303, "https://selfinfo.test/authorize?", 20,
		{.path = "/drafts/{draft}/tax", .form = "", .who = LEE}, 404},
	[ROUTE_tax_decide] = {{.path = "/drafts/{draft}/tax/decide", .form = "choice=remove", .who = MAI}, 303, "/drafts/{draft}", 4,
		{.path = "/drafts/{draft}/tax/decide", .form = "choice=keep", .who = MAI}, 400},
	/* What messages say is tested in tests/identity; here, that the handler reads them. */
#define MESSAGE(path_) {{.path = path_, .type = "application/jose", .form = "x", .token = TOKEN_RAW}, 400, NULL, 0, {.path = path_, .form = "x"}, 415}
	[ROUTE_m_claim] = MESSAGE("/m/v1/claim"),
	[ROUTE_m_submit] = MESSAGE("/m/v1/submit"),
	[ROUTE_m_report] = MESSAGE("/m/v1/report"),
	[ROUTE_m_wait] = MESSAGE("/m/v1/wait"),
	[ROUTE_cardlink_jwks] = {GET_OF("/.well-known/cardlink-jwks.json"), 200, NULL, 0, POST_TO("/.well-known/cardlink-jwks.json"), 405},
	[ROUTE_q_show] = {GET_OF("/q"), 200, NULL, 1, POST_TO("/q"), 405},

	[ROUTE_application_list] = {{.path = "/applications?q=NGUYEN&size=50", .who = MAI}, 200, NULL, 4, GET_OF("/applications"), 303,
		LOGIN "needed&next=%2Fapplications"},
	[ROUTE_application_show] = {{.path = "/applications/{reference}", .who = MAI}, 200, NULL, 6, {.path = "/applications/{reference}", .who = LEE},
		404},
	[ROUTE_application_receipt] = {{.path = "/applications/{reference}/receipt", .who = MAI}, 200, NULL, 4,
		{.path = "/applications/{reference}/receipt", .who = LEE}, 404},
	[ROUTE_application_pdf] = {{.path = "/applications/{reference}/copy.pdf", .who = MAI}, 200, NULL, 4,
		{.path = "/applications/{reference}/copy.pdf", .who = LEE}, 404},

	[ROUTE_mailbox_list] = {GET_OF("/development/mail"), 200, NULL, 1, POST_TO("/development/mail"), 405},
	[ROUTE_mailbox_show] = {GET_OF("/development/mail/{mail}"), 200, NULL, 1, GET_OF("/development/mail/..%5C..%5Cetc"), 400},
	[ROUTE_static_show] = {GET_OF("/static/{css}"), 200, NULL, 0, GET_OF("/static/0/css/main.css"), 404},
	[ROUTE_health_show] = {GET_OF("/healthz"), 200, NULL, 0, POST_TO("/healthz"), 405},
};
