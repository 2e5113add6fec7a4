#include "net/smtp.h"

#include "base/time.h"
#include "net/mail_address.h"

#include <curl/curl.h>
#include <sys/socket.h>

const int64_t smtp_step_ms[SMTP_STEP_COUNT] = {
	[SMTP_CONNECT] = 30 * TIME_SECOND,
	[SMTP_HELLO] = 60 * TIME_SECOND,
	[SMTP_MAIL] = 60 * TIME_SECOND,
	[SMTP_RCPT] = 2 * TIME_MINUTE, /* some ask the recipient's own server first */
	[SMTP_DATA] = 2 * TIME_MINUTE,
	[SMTP_BODY] = 3 * TIME_MINUTE,
	[SMTP_DOT] = 10 * TIME_MINUTE, /* giving up early would send it twice */
	[SMTP_QUIT] = 5 * TIME_SECOND,
};

static const char *const step_names[SMTP_STEP_COUNT] = {
	[SMTP_CONNECT] = "CONNECT",
	[SMTP_HELLO] = "HELLO",
	[SMTP_MAIL] = "MAIL",
	[SMTP_RCPT] = "RCPT",
	[SMTP_DATA] = "DATA",
	[SMTP_BODY] = "BODY",
	[SMTP_DOT] = "DOT",
	[SMTP_QUIT] = "QUIT",
};

struct smtp {
	struct arena arena; /* of the settings */
	struct smtp_conf conf;
	char *password; /* where conf.password points, to be wiped */
	const int64_t *step_ms;
	CURL *easy; /* NULL: to be made; it holds the kept connection */

	/* The message under way. */
	struct str message;
	size_t given; /* bytes of it handed to libcurl */
	enum smtp_step step;
	int64_t since;     /* monotonic: when the step began */
	int code;          /* last reply within the step; 0: none yet */
	char enhanced[12]; /* its RFC 3463 code, "5.1.1"; "" */
	bool quitting;     /* the verdict stands; only the good-bye is left */
	bool expired;      /* the step's time is over */
	bool stopped;      /* `going` said no */
	smtp_going_fn *going;
	void *arg;
};

/* ---- what libcurl tells while it works ---- */

static void enter(struct smtp *smtp, enum smtp_step step)
{
	smtp->step = step;
	smtp->since = time_monotonic();
	smtp->code = 0;
	smtp->enhanced[0] = '\0';
}

/* Commands tell the step. In HELLO a line may be a secret of AUTH, so only whole commands count, in
 * their order. */
static void see_command(struct smtp *smtp, struct str line)
{
	static const struct {
		struct str begins;
		enum smtp_step after, step;
	} commands[] = {
		{STR_INIT("EHLO "), SMTP_CONNECT, SMTP_HELLO},
		{STR_INIT("MAIL FROM:"), SMTP_HELLO, SMTP_MAIL},
		{STR_INIT("MAIL FROM:"), SMTP_CONNECT, SMTP_MAIL}, /* over a kept connection */
		{STR_INIT("RCPT TO:"), SMTP_MAIL, SMTP_RCPT},
		{STR_INIT("DATA\r\n"), SMTP_RCPT, SMTP_DATA},
	};

	if (str_eq(line, STR("QUIT\r\n"))) {
		smtp->quitting = true;
		smtp->since = time_monotonic();
		return;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (smtp->step == commands[i].after && str_starts(line, commands[i].begins)) {
			enter(smtp, commands[i].step);
			return;
		}
	if (smtp->step == SMTP_HELLO) {
		/* Each command of the hello, STARTTLS and AUTH too, has its own time. */
		enter(smtp, SMTP_HELLO);
	}
}

/* "550 5.1.1 words", "250-SIZE": the last line of a reply has a blank behind its code. */
static void see_reply(struct smtp *smtp, struct str line)
{
	size_t n = 0;

	if (smtp->quitting || line.n < 3)
		return;
	for (size_t i = 0; i < 3; i++)
		if (!isdigit((unsigned char)line.p[i]))
			return;
	smtp->code = (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 + (line.p[2] - '0');
	struct str rest = str_skip(line, 4);
	while (n < rest.n && n + 1 < sizeof(smtp->enhanced) &&
		(isdigit((unsigned char)rest.p[n]) || rest.p[n] == '.'))
		n++;
	bool whole = n >= 5 && rest.p[1] == '.' && rest.p[0] == line.p[0];
	memcpy(smtp->enhanced, rest.p, whole ? n : 0);
	smtp->enhanced[whole ? n : 0] = '\0';
}

static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *arg)
{
	struct smtp *smtp = arg;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		see_command(smtp, str_make(data, size));
	else if (type == CURLINFO_HEADER_IN)
		see_reply(smtp, str_make(data, size));
	return 0;
}

/* The first call means that DATA was accepted; the call after the last byte, that all of it is sent
 * and the dot comes next. */
static size_t on_read(char *to, size_t size, size_t count, void *arg)
{
	struct smtp *smtp = arg;
	struct str part = str_sub(smtp->message, smtp->given, size * count);

	enter(smtp, part.n ? SMTP_BODY : SMTP_DOT);
	if (part.n)
		memcpy(to, part.p, part.n);
	smtp->given += part.n;
	return part.n;
}

/* About once a second, and after each event. Not 0: libcurl ends the transfer. */
static int on_progress(
	void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	struct smtp *smtp = arg;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	if (smtp->quitting)
		return time_monotonic() - smtp->since > smtp->step_ms[SMTP_QUIT];
	if (time_monotonic() - smtp->since > smtp->step_ms[smtp->step])
		smtp->expired = true;
	if (!smtp->stopped && smtp->step < SMTP_DOT && smtp->going && !smtp->going(smtp->arg))
		smtp->stopped = true;
	return smtp->expired || smtp->stopped;
}

/* ---- life ---- */

static bool is_host_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!isalnum((unsigned char)name.p[i]) && name.p[i] != '.' && name.p[i] != '-')
			return false;
	return name.n > 0;
}

err smtp_new(const struct smtp_conf *conf, struct smtp **out)
{
	if (conf->user.n && conf->tls == SMTP_TLS_NONE && !str_starts(conf->relay, STR("smtps://")))
		return fail(ERR_INVALID, "a password is not sent without TLS");
	struct smtp *smtp = calloc(1, sizeof(*smtp));
	if (!smtp)
		return fail(ERR_UNAVAILABLE, "no memory");
	arena_init(&smtp->arena, 64u << 10);
	smtp->conf = (struct smtp_conf){
		.relay = str_dup(&smtp->arena, conf->relay),
		.tls = conf->tls,
		.ca_file = str_dup(&smtp->arena, conf->ca_file),
		.user = str_dup(&smtp->arena, conf->user),
		.hello = is_host_name(conf->hello) ? str_dup(&smtp->arena, conf->hello) : STR(""),
	};
	smtp->password = arena_alloc(&smtp->arena, conf->password.n + 1);
	if (conf->password.n)
		memcpy(smtp->password, conf->password.p, conf->password.n);
	smtp->conf.password = str_make(smtp->password, conf->password.n);
	smtp->step_ms = conf->step_ms ? conf->step_ms : smtp_step_ms;
	*out = smtp;
	return ok();
}

void smtp_free(struct smtp *smtp)
{
	if (!smtp)
		return;
	smtp_close(smtp);
	explicit_bzero(smtp->password, smtp->conf.password.n);
	arena_release(&smtp->arena);
	free(smtp);
}

void smtp_close(struct smtp *smtp)
{
	curl_socket_t socket = CURL_SOCKET_BAD;

	if (!smtp->easy)
		return;
	/* libcurl says QUIT and would wait two minutes for the reply, which nobody needs: without a
	 * reading side it does not. */
	if (curl_easy_getinfo(smtp->easy, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
		socket != CURL_SOCKET_BAD)
		shutdown(socket, SHUT_RD);
	curl_easy_cleanup(smtp->easy);
	smtp->easy = NULL;
}

#define SET(option, value)                                                     \
	do {                                                                   \
		if (curl_easy_setopt(easy, (option), (value)) != CURLE_OK)     \
			return fail(ERR_INTERNAL, "libcurl refuses " #option); \
	} while (0)

static err set_security(const struct smtp *smtp, CURL *easy, struct arena *arena)
{
	SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, ""); /* not even when the environment names one */
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_USE_SSL,
		smtp->conf.tls == SMTP_TLS_NONE ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	if (smtp->conf.ca_file.n)
		SET(CURLOPT_CAINFO, str_c(arena, smtp->conf.ca_file));
	if (smtp->conf.user.n) {
		SET(CURLOPT_USERNAME, str_c(arena, smtp->conf.user));
		SET(CURLOPT_PASSWORD, smtp->password);
	}
	return ok();
}

static err set_times(const struct smtp *smtp, CURL *easy)
{
	int64_t longest = 0;

	for (size_t i = 0; i < SMTP_STEP_COUNT; i++)
		if (smtp->step_ms[i] > longest)
			longest = smtp->step_ms[i];
	/* on_progress keeps the times; these stand behind it and must not come before it. */
	SET(CURLOPT_CONNECTTIMEOUT_MS,
		(long)(smtp->step_ms[SMTP_CONNECT] + 6 * smtp->step_ms[SMTP_HELLO]));
	SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(longest / TIME_SECOND + 2));
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	return ok();
}

static err set_up(struct smtp *smtp, CURL *easy)
{
	AUTO_ARENA arena;

	arena_init(&arena, 64u << 10);
	struct str url = str_fmt(
		&arena, STR_FMT "/" STR_FMT, STR_ARG(smtp->conf.relay), STR_ARG(smtp->conf.hello));
	SET(CURLOPT_URL, str_c(&arena, url));
	TRY(set_security(smtp, easy, &arena));
	TRY(set_times(smtp, easy));
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_READFUNCTION, on_read);
	SET(CURLOPT_READDATA, smtp);
	SET(CURLOPT_XFERINFODATA, smtp);
	/* Verbose only so that on_debug is called; nothing is printed. */
	SET(CURLOPT_VERBOSE, 1L);
	SET(CURLOPT_DEBUGFUNCTION, on_debug);
	SET(CURLOPT_DEBUGDATA, smtp);
	return ok();
}

/* ---- sending ---- */

static const char *reason_words(const struct smtp *smtp, CURLcode result)
{
	if (smtp->expired)
		return "timeout";
	if (smtp->stopped)
		return "stopped";
	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "no such host";
	case CURLE_COULDNT_CONNECT:
		return "no connection";
	case CURLE_OPERATION_TIMEDOUT:
		return "timeout";
	case CURLE_USE_SSL_FAILED:
		return "no STARTTLS";
	case CURLE_PEER_FAILED_VERIFICATION:
		return "certificate not valid";
	case CURLE_SSL_CACERT_BADFILE:
		return "certificate file not readable";
	case CURLE_SSL_CONNECT_ERROR:
		return "no TLS";
	case CURLE_LOGIN_DENIED:
		return "login refused";
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
		return "broken off";
	default:
		return "failed";
	}
}

/* 5xx that speaks of our settings and not of the message: RFC 4954 section 6. */
static bool speaks_of_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static void judge(const struct smtp *smtp, CURLcode result, struct smtp_answer *out)
{
	bool of_message = smtp->step >= SMTP_MAIL && smtp->step <= SMTP_DOT;
	struct smtp_answer answer = {.verdict = MAIL_TRY_LATER, .step = smtp->step};

	/* What the reply to the final dot said counts, whatever happened afterwards. */
	if (smtp->step == SMTP_DOT && smtp->code / 100 == 2)
		answer.verdict = MAIL_SENT;
	else if (of_message && smtp->code / 100 == 5 && !speaks_of_login(smtp->code))
		answer.verdict = MAIL_REFUSED;
	answer.unsure = smtp->step == SMTP_DOT && smtp->code == 0;
	bool by_reply = smtp->code >= 400 && !smtp->expired && !smtp->stopped;
	if (by_reply || answer.verdict == MAIL_SENT)
		answer.code = smtp->code;
	if (by_reply)
		snprintf(answer.reason, sizeof(answer.reason), "%s %d%s%s", step_names[smtp->step],
			smtp->code, smtp->enhanced[0] ? " " : "", smtp->enhanced);
	else if (answer.verdict != MAIL_SENT)
		snprintf(answer.reason, sizeof(answer.reason), "%s %s", step_names[smtp->step],
			reason_words(smtp, result));
	*out = answer;
}

static err prepare(
	struct smtp *smtp, struct str from, struct str to, struct curl_slist **recipients)
{
	AUTO_ARENA arena;

	arena_init(&arena, 64u << 10);
	if (!mail_address_valid(from) || !mail_address_valid(to))
		return fail(ERR_INVALID, "an address is not valid");
	if (!smtp->easy) {
		smtp->easy = curl_easy_init();
		if (!smtp->easy)
			return fail(ERR_UNAVAILABLE, "no memory for libcurl");
		TRY(set_up(smtp, smtp->easy));
	}
	*recipients = curl_slist_append(NULL,
		str_c(&arena,
			str_fmt(&arena, "<" STR_FMT ">", STR_ARG(mail_address_path(&arena, to)))));
	if (!*recipients)
		return fail(ERR_UNAVAILABLE, "no memory for libcurl");
	CURL *easy = smtp->easy;
	SET(CURLOPT_MAIL_FROM, str_c(&arena, str_fmt(&arena, "<" STR_FMT ">",
						     STR_ARG(mail_address_path(&arena, from)))));
	SET(CURLOPT_MAIL_RCPT, *recipients);
	return ok();
}

static CURLcode perform(struct smtp *smtp)
{
	smtp->given = 0;
	smtp->quitting = false;
	enter(smtp, SMTP_CONNECT);
	return curl_easy_perform(smtp->easy);
}

/* A kept connection that had died unseen: no reply, or only the relay's good-bye (421), and nothing
 * of the message sent. */
static bool kept_connection_was_dead(const struct smtp *smtp)
{
	long connects = 0;

	return curl_easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK &&
	       connects == 0 && smtp->step <= SMTP_MAIL && (smtp->code == 0 || smtp->code == 421) &&
	       !smtp->expired && !smtp->stopped;
}

void smtp_send(struct smtp *smtp, struct str from, struct str to, struct str message,
	smtp_going_fn *going, void *arg, struct smtp_answer *out)
{
	struct curl_slist *recipients = NULL;

	smtp->message = message;
	smtp->going = going;
	smtp->arg = arg;
	smtp->expired = smtp->stopped = false;
	if (failed(prepare(smtp, from, to, &recipients))) {
		smtp_close(smtp);
		bool bad_address = !mail_address_valid(from) || !mail_address_valid(to);
		*out = (struct smtp_answer){.verdict = bad_address ? MAIL_REFUSED : MAIL_TRY_LATER};
		snprintf(out->reason, sizeof(out->reason), "%s",
			bad_address ? "address not valid" : "not prepared");
	} else {
		CURLcode result = perform(smtp);
		if (result != CURLE_OK && kept_connection_was_dead(smtp)) {
			smtp_close(smtp);
			curl_slist_free_all(recipients);
			recipients = NULL;
			if (!failed(prepare(smtp, from, to, &recipients)))
				result = perform(smtp);
		}
		judge(smtp, result, out);
		if (result != CURLE_OK)
			smtp_close(smtp);
	}
	curl_slist_free_all(recipients);
	smtp->message = STR("");
	smtp->going = NULL;
}
