#include "net/smtp.h"

#include "base/limits.h"
#include "base/time.h"
#include "mail/message.h"
#include "net/init.h"

#include <signal.h>
#include <stdatomic.h>

/*
 * For the tests in this folder: sends mails through src/net/smtp.c and prints one line for each
 * answer.
 *
 *   smtp_try RELAY TO [key=value …]
 *
 *   tls=none
 *   ca=FILE
 *   user=NAME
 *   password=WORD
 *   hello=NAME
 *   text=TEXT
 *   step=MS    the limit of every step
 *   stop=MS    then `going` says no
 *   count=N    so many mails over one struct smtp
 *   pause=MS   between them
 */

struct run {
	struct smtp_conf conf;
	int64_t steps[SMTP_STEP_COUNT];
	int64_t count, pause, stop_at;
	struct str text;
};

static bool going(void *arg)
{
	const struct run *run = arg;

	return !run->stop_at || time_monotonic() < run->stop_at;
}

static int64_t number(struct str text)
{
	int64_t value = 0;

	if (!str_to_i64(text, &value))
		exit(64);
	return value;
}

static void read_option(struct run *run, struct str option)
{
	struct str name, value = option;

	if (!str_next(&value, '=', &name))
		exit(64);
	if (str_eq(name, STR("tls")))
		run->conf.tls = str_eq(value, STR("none")) ? SMTP_TLS_NONE : SMTP_TLS_REQUIRED;
	else if (str_eq(name, STR("ca")))
		run->conf.ca_file = value;
	else if (str_eq(name, STR("user")))
		run->conf.user = value;
	else if (str_eq(name, STR("password")))
		run->conf.password = value;
	else if (str_eq(name, STR("hello")))
		run->conf.hello = value;
	else if (str_eq(name, STR("count")))
		run->count = number(value);
	else if (str_eq(name, STR("pause")))
		run->pause = number(value);
	else if (str_eq(name, STR("stop")))
		run->stop_at = time_monotonic() + number(value);
	else if (str_eq(name, STR("text")))
		run->text = value;
	else if (str_eq(name, STR("step")))
		for (size_t i = 0; i < SMTP_STEP_COUNT; i++)
			run->steps[i] = number(value);
	else
		exit(64);
}

int main(int argc, char **argv)
{
	static const char *const verdicts[] = {
		[MAIL_SENT] = "SENT", [MAIL_TRY_LATER] = "TRY_LATER", [MAIL_REFUSED] = "REFUSED"};
	struct run run = {.count = 1, .text = STR("Hello\n.\n..x\n窓口\n")};
	struct smtp *smtp;
	struct arena arena;
	struct buf message;

	if (argc < 3)
		return 64;
	memcpy(run.steps, smtp_step_ms, sizeof(run.steps));
	run.conf.relay = str_of(argv[1]);
	for (int i = 3; i < argc; i++)
		read_option(&run, str_of(argv[i]));
	run.conf.step_ms = run.steps;
	signal(SIGPIPE, SIG_IGN);
	arena_init(&arena, 1u << 20);
	if (failed(net_init()) || failed(smtp_new(&run.conf, &smtp))) {
		fprintf(stderr, "%s\n", err_detail());
		return 70;
	}
	for (int64_t i = 0; i < run.count; i++) {
		struct smtp_answer answer;
		buf_init(&message, &arena, LIMIT_MAIL);
		if (failed(mail_write(&message,
			    &(struct mail){.from = STR("no-reply@counter.example"),
				    .to = STR("a@b.example"),
				    .subject = STR("試験"),
				    .text = run.text,
				    .message_id = str_fmt(&arena, "try.%lld", (long long)i),
				    .at = 0})))
			return 70;
		smtp_send(smtp, STR("no-reply@counter.example"), str_of(argv[2]),
			buf_view(&message), going, &run, &answer);
		printf("%s unsure=%d code=%d reason=%s\n", verdicts[answer.verdict], answer.unsure,
			answer.code, answer.reason);
		fflush(stdout);
		if (run.pause && i + 1 < run.count)
			usleep((useconds_t)(run.pause * 1000));
	}
	smtp_free(smtp);
	arena_release(&arena);
	return 0;
}
