#include "site.h"

#include "base/encode.h"
#include "base/log.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/mac.h"
#include "crypto/token.h"
#include "domain/account/registration.h"
#include "domain/account/reset.h"
#include "domain/account/session.h"
#include "domain/application/draft.h"
#include "domain/notice.h"
#include "http/exchange.h"
#include "mail/file.h"
#include "mail/mailbox.h"
#include "render/static_files.h"

#include <sys/mman.h>

#define BASE_HOST "portal.example"

static const struct {
	const char *email;
} accounts[WHO_COUNT] = {[MAI] = {"mai@example.jp"}, [LEE] = {"lee@example.jp"}};

void site_name(struct site *site, const char *name, struct str value)
{
	struct buf copy;
	size_t at = 0;

	while (at < site->name_count && strcmp(site->names[at].name, name) != 0)
		at++;
	assert_true(at < SITE_NAMES);
	buf_init(&copy, &site->arena, 4096);
	buf_str(&copy, value);
	site->names[at].name = name;
	site->names[at].value = buf_view(&copy);
	if (at == site->name_count)
		site->name_count++;
}

struct str site_value(struct site *site, const char *name)
{
	for (size_t i = 0; i < site->name_count; i++) {
		if (strcmp(site->names[i].name, name) == 0)
			return site->names[i].value;
	}
	fail_msg("nothing has the name %s", name);
	return (struct str){0};
}

struct str site_fill(struct site *site, const char *text)
{
	struct buf out;
	struct str rest = str_of(text);

	buf_init(&out, &site->arena, 4u << 20);
	for (;;) {
		ptrdiff_t open = str_find_byte(rest, '{');
		ptrdiff_t close = open < 0 ? -1 : str_find_byte(rest, '}');

		if (close < open || open < 0)
			break;
		buf_str(&out, str_sub(rest, 0, (size_t)open));
		struct str name = str_sub(rest, (size_t)open + 1, (size_t)(close - open) - 1);

		buf_str(&out, site_value(site, str_c(&site->arena, name)));
		rest = str_skip(rest, (size_t)close + 1);
	}
	buf_str(&out, rest);
	return buf_view(&out);
}

struct str site_token(struct site *site, struct str secret)
{
	uint8_t mac[MAC_BYTES];
	struct str masked;
	struct buf token;

	mac_make(site->web.conf.key, secret, mac);
	buf_init(&token, &site->arena, 64);
	base64url_write(&token, str_make((const char *)mac, sizeof mac));
	assert_ok(token_mask(&site->arena, buf_view(&token), &masked));
	return masked;
}

/* ---- asking ---- */

struct str site_form_token(struct site *site, const struct ask *ask)
{
	const struct person *own = &site->people[ask->who];
	const struct person *other = &site->people[ask->who == LEE ? MAI : LEE];
	struct str good = site_token(site, str_absent(own->session) ? own->visitor : own->session);
	struct str broken;

	switch (ask->token) {
	case TOKEN_EMPTY:
		return STR("");
	case TOKEN_OTHER:
		return site_token(site, other->session);
	case TOKEN_VISITOR: /* what the browser held before the login */
		return site_token(site, ask->who == NOBODY ? other->visitor : own->visitor);
	case TOKEN_BROKEN:
		broken = str_fmt(&site->arena, "%c" STR_FMT, good.p[0] == 'A' ? 'B' : 'A', STR_ARG(str_skip(good, 1)));
		return broken;
	default:
		return good;
	}
}

struct str site_cookies(struct site *site, const struct ask *ask)
{
	const struct person *person = &site->people[ask->who];

	if (ask->cookies)
		return site_fill(site, ask->cookies);
	if (str_absent(person->session))
		return str_fmt(&site->arena, "__Host-visitor=" STR_FMT, STR_ARG(person->visitor));
	return str_fmt(&site->arena, "__Host-visitor=" STR_FMT "; __Host-session=" STR_FMT, STR_ARG(person->visitor),
		STR_ARG(person->session));
}

static struct str body_of(struct site *site, const struct ask *ask)
{
	struct buf out;

	buf_init(&out, &site->arena, 4u << 20);
	if (ask->tus) {
		buf_str(&out, str_absent(ask->bytes) ? site_fill(site, ask->form ? ask->form : "") : ask->bytes);
		return buf_view(&out);
	}
	if (ask->file || !str_absent(ask->bytes))
		return site_multipart(site, ask, site_form_token(site, ask));
	if (ask->token != TOKEN_NONE && ask->token != TOKEN_RAW) {
		buf_lit(&out, "_csrf=");
		buf_str(&out, site_form_token(site, ask));
	}
	if (ask->form && ask->form[0]) {
		if (out.n > 0)
			buf_lit(&out, "&");
		buf_str(&out, site_fill(site, ask->form));
	}
	return buf_view(&out);
}

static struct reply carry(struct site *site, struct str request, const struct ask *ask);

struct reply site_ask(struct site *site, const struct ask *ask)
{
	struct str target = site_fill(site, ask->path);
	struct buf out;
	bool multipart = !ask->tus && (ask->file || !str_absent(ask->bytes));
	bool post = ask->form || multipart || (ask->method && (strcmp(ask->method, "POST") == 0 || strcmp(ask->method, "PATCH") == 0));

	buf_init(&out, &site->arena, 40u << 20);
	buf_fmt(&out, "%s " STR_FMT " HTTP/1.1\r\nHost: %s\r\n", ask->method ? ask->method : post ? "POST" : "GET", STR_ARG(target),
		ask->host ? ask->host : BASE_HOST);
	buf_fmt(&out, "Accept-Language: %s\r\n", ask->lang ? ask->lang : "en");
	struct str cookies = site_cookies(site, ask);

	if (!str_empty(cookies))
		buf_fmt(&out, "Cookie: " STR_FMT "\r\n", STR_ARG(cookies));
	if (ask->tus && ask->token != TOKEN_NONE && ask->token != TOKEN_RAW)
		buf_fmt(&out, "X-Form-Token: " STR_FMT "\r\n", STR_ARG(site_form_token(site, ask)));
	if (ask->tus && (!ask->headers || !strstr(ask->headers, "Tus-Resumable")))
		buf_lit(&out, "Tus-Resumable: 1.0.0\r\n");
	if (ask->headers)
		buf_fmt(&out, "%s", ask->headers);
	if (post) {
		struct str body = body_of(site, ask);

		buf_fmt(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
			ask->type   ? ask->type
			: multipart ? "multipart/form-data; boundary=" SITE_BOUNDARY
			: ask->tus  ? "application/offset+octet-stream"
				    : "application/x-www-form-urlencoded",
			body.n);
		buf_str(&out, body);
	} else {
		buf_lit(&out, "\r\n");
	}
	assert_ok(buf_error(&out));
	return carry(site, buf_view(&out), ask);
}

struct reply site_bytes(struct site *site, struct str request, const char *peer)
{
	return carry(site, request, &(struct ask){.peer = peer});
}

/* What the server does between a socket and the handler (http/conn.c, http/dispatch.c). */
static void serve(struct site *site, struct exchange *exchange, struct str request, const struct ask *ask)
{
	static uint64_t id;
	struct http_limits limits = http_limits_filled(&(struct http_limits){0});
	struct str bytes;
	char *copy = arena_alloc(&exchange->home, request.n); /* of just this size: reading further is seen */

	memcpy(copy, request.p, request.n);
	bytes = str_make(copy, request.n);
	exchange->in = copy;
	parse_init(&exchange->parse);
	enum parse_result result = parse_head(&exchange->parse, &limits, bytes.p, bytes.n);

	assert_int_not_equal(result, PARSE_MORE);
	exchange_answer(exchange, 200);
	if (result == PARSE_REFUSED || failed(exchange_request(exchange))) {
		int status = result == PARSE_REFUSED ? exchange->parse.status : 400;

		exchange_answer(exchange, status);
		web_refuse(&site->web, status, &exchange->res);
		return;
	}
	exchange->req.body = str_skip(bytes, exchange->parse.head_size);
	assert_int_equal(exchange->req.body.n, exchange->parse.length);
	exchange->req.peer = ask->peer ? str_of(ask->peer) : STR("192.0.2.1");
	exchange->req.again = ask->again;
	exchange->req.final = ask->final;
	exchange->req.received_at = site->world->now;
	exchange->req.id = ++id;
	if (ask->text > 0)
		exchange->arena.text = exchange->arena.used + ask->text;
	if (ask->busy) {
		exchange_answer(exchange, 503);
		web_busy(&site->web, &exchange->req, &exchange->res);
		return;
	}
	site_take_body(site, exchange);
}

static struct str copied(struct site *site, struct str text)
{
	char *copy = arena_alloc(&site->arena, text.n + 1);

	memcpy(copy, text.p ? text.p : "", text.n);
	return str_make(copy, text.n);
}

static struct str take_log(struct site *site)
{
	off_t n = lseek(site->log_fd, 0, SEEK_CUR);
	char *text = arena_alloc(&site->arena, (size_t)n + 1);

	assert_int_equal(pread(site->log_fd, text, (size_t)n, 0), n);
	assert_int_equal(ftruncate(site->log_fd, 0), 0);
	lseek(site->log_fd, 0, SEEK_SET);
	return str_make(text, (size_t)n);
}

static struct reply carry(struct site *site, struct str request, const struct ask *ask)
{
	struct exchange *exchange = exchange_new();
	struct store_stats before, after;

	bool *cards = &site->world->portal.settings.card_on, had = *cards;

	take_log(site);
	store_stats(site->world->db->store, &before);
	*cards = had || ask->cards;
	serve(site, exchange, request, ask);
	*cards = had;
	store_stats(site->world->db->store, &after);
	struct response *res = &exchange->res;

	assert_false(res->broken);
	struct reply answer = {
		.status = res->status,
		.headers = copied(site, buf_view(&res->headers)),
		.body = res->giver.next ? site_given(site, res) : copied(site, str_absent(res->body_static) ? buf_view(&res->body) : res->body_static),
		.held = res->hold_ms > 0 ? copied(site, res->hold_key) : (struct str){NULL, 0},
		.held_ms = res->hold_ms,
		.log = take_log(site),
		.queries = after.queries - before.queries,
		.writes = after.writes - before.writes,
		.memory = exchange->arena.used,
	};

	exchange_free(exchange);
	return answer;
}

/* ---- what is there ---- */

struct cx *site_cx_of(struct site *site, enum who who)
{
	struct cx *cx = cx_fresh(site->world);

	if (who != NOBODY)
		cx_become(cx, site->people[who].id);
	return cx;
}

int64_t site_draft(struct site *site, enum who who, struct str *token)
{
	struct draft draft;
	int64_t id = draft_fill(site->world, site_cx_of(site, who), &draft);

	if (token)
		*token = copied(site, draft.submission_token);
	return id;
}

void site_name_id(struct site *site, const char *name, int64_t id)
{
	site_name(site, name, str_fmt(&site->arena, "%lld", (long long)id));
}

void site_add_draft(struct site *site, enum who who, const char *name, const char *token_name)
{
	struct str token;

	site_name_id(site, name, site_draft(site, who, &token));
	site_name(site, token_name, token);
}

/* The next mail of that kind; those before it are done with on the way. */
static struct outbox_mail next_mail(struct site *site, enum mail_template template)
{
	struct cx *cx = cx_fresh(site->world);
	struct outbox_mail mail;

	do {
		assert_ok(outbox_claim(cx, STR("test"), TIME_MINUTE, &mail));
		assert_ok(outbox_sent(cx, mail.id, STR("test")));
	} while (mail.template != template);
	return mail;
}

static void add_application(struct site *site, enum who who, const char *name)
{
	struct issues issues = {0};
	struct receipt receipt;
	struct str token;
	int64_t id = site_draft(site, who, &token);

	assert_ok(application_submit(site_cx_of(site, who), id, token, &issues, &receipt));
	assert_int_equal(issues.refusals, 0);
	site_name(site, name, receipt.reference);
}

static void add_person(struct site *site, enum who who)
{
	struct session session;

	site->people[who].id = account_add(site->world, accounts[who].email, NULL);
	assert_ok(session_login(cx_fresh(site->world), str_of(accounts[who].email), STR(PASSWORD), STR("192.0.2.1"), STR("test"),
		&session));
	site->people[who].session = copied(site, session.token);
}

static struct registration_form a_form(void)
{
	return (struct registration_form){
		.user_type = STR("foreign_national"), .password = STR("Ame-no-Hi#24"), .password_again = STR("Ame-no-Hi#24"),
		.name = STR("PARK JIHO"), .phone = STR("09012345678"), .postal_code = STR("1000001"),
		.address = STR("東京都千代田区千代田１－１"), .sex = STR("male"),
		.birth_year = STR("2001"), .birth_month = STR("2"), .birth_day = STR("3"),
	};
}

static void add_link(struct site *site, const char *name, enum registration_state state)
{
	struct registration_form form = a_form();
	struct registration registration;
	struct issues issues = {0};
	struct str email = str_fmt(&site->arena, "%s@example.jp", name);
	struct cx *cx = cx_fresh(site->world);

	assert_ok(registration_request(cx, email, email, email, &issues));
	struct outbox_mail mail = next_mail(site, MAIL_REGISTRATION);

	site_name(site, name, outbox_value(&mail, STR("token")));
	cx = cx_fresh(site->world);
	if (state >= REGISTRATION_FILLED)
		assert_ok(registration_save(cx, site_value(site, name), &form, &issues));
	if (state >= REGISTRATION_DONE)
		assert_ok(registration_complete(cx, site_value(site, name), &registration));
	assert_int_equal(issues.n, 0);
}

static void add_reset(struct site *site, const char *name)
{
	struct str email = str_fmt(&site->arena, "%s@example.jp", name);
	struct issues issues = {0};

	account_add(site->world, str_c(&site->arena, email), NULL);
	assert_ok(forgot_password_request(cx_fresh(site->world), email, email, &issues));
	struct outbox_mail mail = next_mail(site, MAIL_RESET);

	site_name(site, name, outbox_value(&mail, STR("token")));
}

static void add_unlock(struct site *site, const char *name)
{
	struct str email = str_fmt(&site->arena, "%s@example.jp", name);
	struct session session;

	account_add(site->world, str_c(&site->arena, email), NULL);
	for (int64_t i = 0; i < site->world->portal.settings.login.free_tries; i++)
		assert_err(session_login(cx_fresh(site->world), email, STR("wrong"), email, STR("test"), &session), ERR_DENIED);
	struct outbox_mail mail = next_mail(site, MAIL_LOCKED);

	site_name(site, name, outbox_value(&mail, STR("token")));
}

static void add_notice(struct site *site)
{
	struct cx *cx = cx_fresh(site->world);
	struct notice notice = {
		.published_at = site->world->now - TIME_DAY,
		.title = {[LANG_JA] = STR("窓口が開きました"), [LANG_EN] = STR("The counter is open")},
		.body = {[LANG_JA] = STR("申請できます。"), [LANG_EN] = STR("You can apply.")},
	};
	int64_t id;

	cx->actor.kind = ACTOR_OPERATOR;
	assert_ok(notice_add(cx, &notice, &id));
	site_name_id(site, "notice", id);
}

struct str site_begin(struct site *site, enum who who, const char *form)
{
	struct reply reply = ASK(site, .who = who, .path = "/id/tx", .form = form, .cards = true);
	struct str to = reply_location(&reply);

	assert_status(&reply, 303);
	assert_true(str_starts(to, STR("/id/tx/")));
	return str_skip(to, 7);
}

/* Cards of nobody: what is signed, and by whom, is tested elsewhere. */
static const struct cardlink *link_of(void)
{
	static struct jws_key *key;
	static struct cardlink link;

	if (!key)
		assert_ok(jws_key_new(&key));
	link.key = key;
	return &link;
}

static void add_mail(struct site *site)
{
	struct mailbox_mail *mails;
	size_t count;

	assert_ok(mail_file_write(&site->arena, str_of(site->mail_folder), site->world->now, 7,
		STR("To: <mai@example.jp>\r\nSubject: test\r\nContent-Type: text/plain; charset=utf-8\r\n"
		    "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8K\r\n")));
	assert_ok(mailbox_list(&site->arena, str_of(site->mail_folder), 10, &mails, &count));
	assert_int_equal(count, 1);
	site_name(site, "mail", mails[0].name);
}

static void fill(struct site *site)
{
	add_person(site, MAI);
	add_person(site, LEE);
	for (enum who who = NOBODY; who < WHO_COUNT; who++)
		site->people[who].visitor = token_new(&site->arena);
	site_name(site, "session", site->people[MAI].session);
	site_name(site, "visitor", site->people[NOBODY].visitor);
	add_application(site, MAI, "reference");
	add_application(site, LEE, "their_reference");
	site_add_draft(site, MAI, "draft", "token");
	site_add_draft(site, MAI, "press_draft", "press_token");
	site_add_draft(site, MAI, "drop_draft", "drop_token");
	site_add_draft(site, LEE, "their_draft", "their_token");
	add_link(site, "open", REGISTRATION_OPEN);
	add_link(site, "open2", REGISTRATION_OPEN);
	add_link(site, "filled", REGISTRATION_FILLED);
	add_link(site, "filled2", REGISTRATION_FILLED);
	add_link(site, "done", REGISTRATION_DONE);
	add_reset(site, "reset");
	add_reset(site, "reset2");
	add_unlock(site, "unlock");
	add_unlock(site, "unlock2");
	add_notice(site);
	add_mail(site);
	site->web.conf.cardlink = link_of();
	site_name(site, "tx", site_begin(site, MAI, "op=auth&purpose=usage_request"));
	site_files_add(site);
	site_name(site, "css", str_fmt(&site->arena, STR_FMT "/css/main.css", STR_ARG(static_version)));
}

/* ---- cmocka ---- */

static void make(void **state)
{
	struct site *site = calloc(1, sizeof *site);

	assert_non_null(site);
	site->world = *state;
	arena_init(&site->arena, 512u << 20);
	site->log_fd = memfd_create("log", MFD_CLOEXEC);
	assert_true(site->log_fd >= 0);
	log_set_fd(site->log_fd);
	log_set_level(LOG_INFO);
	snprintf(site->mail_folder, sizeof site->mail_folder, "/tmp/web-test.XXXXXX");
	assert_non_null(mkdtemp(site->mail_folder));
	struct settings *settings = &site->world->portal.settings;

	settings->base_url = STR("https://" BASE_HOST);
	settings->service_name[LANG_JA] = STR("在留申請の窓口");
	settings->service_name[LANG_EN] = STR("Residence Application Counter");
	settings->mail_from = STR("no-reply@portal.example");
	settings->selfinfo_on = true;
	assert_ok(selfinfo_new(
		&(struct selfinfo_conf){
			.auth_url = STR("https://selfinfo.test/authorize"),
			.token_url = STR("https://selfinfo.test/token"),
			.request_url = STR("https://selfinfo.test/request"),
			.result_url = STR("https://selfinfo.test/result"),
			.client_id = STR("portal"),
			.secret = STR("secret"),
			.redirect_uri = STR("https://" BASE_HOST "/tax/cb"),
		},
		&site->selfinfo));
	site_files_make(site);
	struct web_conf conf = {
		.files = &site->files,
		.selfinfo = site->selfinfo,
		.store = site->world->db->store,
		.local_reads = store_is_local(site->world->db->store),
		.portal = &site->world->portal,
		.help_phone = STR("0570-000-000"),
		.help_hours = {[LANG_JA] = STR("平日《へいじつ》 10時《じ》から15時《じ》まで"), [LANG_EN] = STR("weekdays 10:00–15:00")},
		.secure = true,
		.mailbox = true,
		.mail_folder = str_of(site->mail_folder),
	};

	memset(conf.key, 9, sizeof conf.key);
	web_init(&site->web, &conf);
	site->web.banner.every_ms = 0; /* what a page costs shall not depend on when it is asked */
	fill(site);
	*state = site;
}

int site_setup_sqlite(void **state)
{
	world_setup_sqlite(state);
	make(state);
	return 0;
}

int site_setup_pg(void **state)
{
	world_setup_pg(state);
	make(state);
	return 0;
}

int site_teardown(void **state)
{
	struct site *site = *state;
	char path[128];

	log_set_fd(2);
	close(site->log_fd);
	snprintf(path, sizeof path, "%s/" STR_FMT ".eml", site->mail_folder, STR_ARG(site_value(site, "mail")));
	unlink(path);
	assert_int_equal(rmdir(site->mail_folder), 0);
	site_files_remove(site);
	web_release(&site->web);
	selfinfo_free(site->selfinfo);
	*state = site->world;
	arena_release(&site->arena);
	free(site);
	return world_teardown(state);
}
