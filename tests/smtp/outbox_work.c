#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "crypto/init.h"
#include "crypto/seal.h"
#include "domain/application/number.h"
#include "domain/definition/procedure.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "jobs/jobs.h"

#include <signal.h>

/*
 * For the tests in this folder: a portal that knows nothing but mail.
 *
 *   outbox_work URL migrate
 *
 *   outbox_work URL add COUNT RECIPIENT [sealed|late]
 *
 * makes mails whose user ID is "N<i>"; "%" in RECIPIENT becomes <i>. "sealed": with another key;
 * "late": each with a link that has expired.
 *
 *   outbox_work URL list
 *
 * prints "waits|failed attempts reason" for what has not been sent, the oldest first.
 *
 *   outbox_work URL work [key=value …]
 *
 * prints "ready", sends until standard input ends (a byte there wakes), stops, prints its figures.
 *
 *   relay=URL
 *   folder=PATH   for mails without a relay
 *   threads=N
 *   lease=MS
 *   mail=MS       the first wait of a mail
 *   pause=MS      the first wait after a fault of the relay
 *   step=MS       the limit of every step
 */

struct setup {
	struct arena arena;
	struct catalogue catalogue;
	struct numbers numbers;
	struct seal_key key;
	struct portal portal;
	struct store_conf store_conf;
	struct store *store;
	struct cx cx;
};

static void must(err e, const char *what)
{
	if (!failed(e))
		return;
	fprintf(stderr, "%s: %s: %s\n", what, err_name(e.code), err_detail());
	exit(70);
}

static void begin(struct setup *s, const char *url)
{
	must(crypto_init(), "crypto");
	arena_init(&s->arena, 256u << 20);
	memset(s->key.bytes, 7, sizeof(s->key.bytes));
	settings_init(&s->portal.settings);
	s->portal.settings.base_url = STR("https://counter.example");
	s->portal.settings.service_name[LANG_JA] = STR("窓口");
	s->portal.settings.service_name[LANG_EN] = STR("Counter");
	s->portal.settings.mail_from = STR("no-reply@counter.example");
	s->portal.catalogue = &s->catalogue;
	s->portal.key = &s->key;
	numbers_init(&s->numbers);
	s->portal.numbers = &s->numbers;
	s->store_conf = (struct store_conf){
		.url = str_of(url), .readers = 4, .writers = 4, .cache_kib = 1024};
}

static void open_store(struct setup *s)
{
	must(store_open(&s->store_conf, &s->store), "store");
	s->cx = (struct cx){.arena = &s->arena,
		.store = s->store,
		.portal = &s->portal,
		.locale = locale_get(LANG_JA, false),
		.actor = {.kind = ACTOR_JOB},
		.now = time_now(),
		.request_id = STR("test")};
}

static void migrate(struct setup *s)
{
	int version;

	must(store_migrate(&s->store_conf, &version), "migrate");
}

struct addition {
	int64_t from, count;
	struct str recipient;
	bool late;
};

static err add_in_tx(struct cx *cx, void *arg)
{
	const struct addition *a = arg;

	for (int64_t i = a->from; i < a->from + a->count; i++) {
		const struct msg_arg values[] = {
			{STR("user_id"), str_fmt(cx->arena, "N%lld", (long long)i)},
			{STR("token"), STR("t")},
			{STR("expires_at"), str_fmt(cx->arena, "%lld", (long long)cx->now)}};
		ptrdiff_t at = str_find_byte(a->recipient, '%');
		struct str to = at < 0 ? a->recipient
				       : str_fmt(cx->arena, STR_FMT "%lld" STR_FMT, (int)at,
						 a->recipient.p, (long long)i,
						 STR_ARG(str_skip(a->recipient, (size_t)at + 1)));
		TRY(outbox_add(cx, a->late ? MAIL_RESET : MAIL_REGISTERED, 0, to, STR("en"), values, a->late ? 3 : 1));
		cx->now++; /* ids rise with time: the order of making is the order of sending */
	}
	return ok();
}

static void add(struct setup *s, int64_t count, const char *recipient, bool late)
{
	open_store(s);
	for (int64_t from = 0; from < count; from += 1000) {
		struct addition addition = {
			from, count - from < 1000 ? count - from : 1000, str_of(recipient), late};
		must(cx_write(&s->cx, add_in_tx, &addition), "add");
	}
}

static void list(struct setup *s)
{
	struct outbox_row *rows;
	size_t n;

	open_store(s);
	must(outbox_list(&s->cx, 100000, &rows, &n), "list");
	for (size_t i = 0; i < n; i++)
		printf("%s %lld %.*s\n", rows[i].failed ? "failed" : "waits",
			(long long)rows[i].attempts, STR_ARG(rows[i].last_error));
	cx_end(&s->cx);
}

static int64_t number(struct str text)
{
	int64_t value;

	if (!str_to_i64(text, &value))
		exit(64);
	return value;
}

static void read_option(struct jobs_conf *conf, int64_t steps[SMTP_STEP_COUNT], struct str option)
{
	struct str name, value = option;

	if (!str_next(&value, '=', &name))
		exit(64);
	if (str_eq(name, STR("relay")))
		conf->relay.relay = value;
	else if (str_eq(name, STR("folder")))
		conf->mail_folder = value;
	else if (str_eq(name, STR("threads")))
		conf->mail_threads = (unsigned)number(value);
	else if (str_eq(name, STR("lease")))
		conf->lease_ms = number(value);
	else if (str_eq(name, STR("mail")))
		conf->mail_first_ms = number(value);
	else if (str_eq(name, STR("pause")))
		conf->relay_first_ms = number(value);
	else if (str_eq(name, STR("step")))
		for (size_t i = 0; i < SMTP_STEP_COUNT; i++)
			steps[i] = number(value);
	else
		exit(64);
}

static void work(struct setup *s, int argc, char **argv)
{
	int64_t steps[SMTP_STEP_COUNT];
	struct jobs_conf conf = {
		.portal = &s->portal, .relay = {.tls = SMTP_TLS_NONE, .step_ms = steps}};
	struct jobs_stats stats;
	struct store_stats store;
	struct jobs *jobs;
	char byte;

	memcpy(steps, smtp_step_ms, sizeof(steps));
	for (int i = 0; i < argc; i++)
		read_option(&conf, steps, str_of(argv[i]));
	open_store(s);
	conf.store = s->store;
	must(jobs_start(&conf, &jobs), "jobs");
	printf("ready\n");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		jobs_wake(jobs);
	jobs_stats(jobs, &stats);
	jobs_stop(jobs);
	store_stats(s->store, &store);
	printf("sent=%llu later=%llu failed=%llu lost=%llu done=%llu broken=%llu writes=%llu\n",
		(unsigned long long)stats.sent, (unsigned long long)stats.later,
		(unsigned long long)stats.failed, (unsigned long long)stats.lost,
		(unsigned long long)stats.done, (unsigned long long)stats.broken,
		(unsigned long long)store.writes);
}

int main(int argc, char **argv)
{
	static struct setup setup;

	if (argc < 3)
		return 64;
	signal(SIGPIPE, SIG_IGN);
	begin(&setup, argv[1]);
	if (strcmp(argv[2], "migrate") == 0) {
		migrate(&setup);
	} else if (strcmp(argv[2], "add") == 0 && argc >= 5) {
		const char *how = argc > 5 ? argv[5] : "";

		if (strcmp(how, "sealed") == 0)
			memset(setup.key.bytes, 8, sizeof(setup.key.bytes));
		add(&setup, number(str_of(argv[3])), argv[4], strcmp(how, "late") == 0);
	} else if (strcmp(argv[2], "list") == 0) {
		list(&setup);
	} else if (strcmp(argv[2], "work") == 0) {
		work(&setup, argc - 3, argv + 3);
	} else {
		return 64;
	}
	store_close(setup.store);
	numbers_release(&setup.numbers);
	arena_release(&setup.arena);
	return 0;
}
