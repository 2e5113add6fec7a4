/*
 * Fills a database for the benchmark, through the domain's own doors, and writes what the load client needs.
 *
 *   prepare --data DIR --procedures DIR [--database URL] -- ANSWERS.json OUT APPLICATIONS DRAFTS
 *
 * One reader with 50 applications and a draft; APPLICATIONS more of other people; DRAFTS complete drafts, ready to be sent. OUT gets
 *   reader.cookie            the Cookie header of the reader
 *   section.path, list.path  pages of the reader
 *   submit.requests          a line a draft: path TAB cookie TAB body
 */

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/vec.h"
#include "cmd/start.h"
#include "crypto/digest.h"
#include "crypto/token.h"
#include "domain/application.h"
#include "domain/draft.h"
#include "domain/outbox.h"
#include "domain/registration.h"
#include "domain/session.h"

#include <pthread.h>
#include <stdatomic.h>

#define PASSWORD "Ame-no-Hi#24"
#define THREADS 16
#define DRAFTS_EACH 40

static struct start start;
static struct answers answers;
static const char *out_folder;
static int64_t applications, drafts;
static _Atomic int64_t next_application, next_account;
static FILE *requests;
static pthread_mutex_t requests_lock = PTHREAD_MUTEX_INITIALIZER;
/* A person's link is in the next mail of the outbox: one at a time. */
static pthread_mutex_t registration_lock = PTHREAD_MUTEX_INITIALIZER;

static void must(err e, const char *what)
{
	if (!failed(e))
		return;
	fprintf(stderr, "prepare: %s: %s\n", what, err_detail());
	exit(1);
}

/* The next mail of that kind to that person; others are taken off the queue on the way. */
static struct outbox_mail next_mail(struct cx *cx, enum mail_template template, struct str email)
{
	struct outbox_mail mail;

	do {
		must(outbox_claim(cx, STR("bench"), TIME_MINUTE, &mail), "claim");
		must(outbox_sent(cx, mail.id, STR("bench")), "sent");
	} while (mail.template != template || !str_eq(mail.recipient, email));
	return mail;
}

static void register_person(struct cx *cx, struct str email)
{
	struct registration_form form = {
		.user_type = STR("foreign_national"), .password = STR(PASSWORD), .password_again = STR(PASSWORD),
		.name = STR("BENCH PERSON"), .phone = STR("09012345678"), .postal_code = STR("1000001"),
		.address = STR("東京都千代田区千代田１－１"), .sex = STR("female"),
		.birth_year = STR("2001"), .birth_month = STR("2"), .birth_day = STR("3"),
	};
	struct registration registration;
	struct issues issues = {0};

	pthread_mutex_lock(&registration_lock);
	must(registration_request(cx, email, email, email, &issues), "request");
	struct outbox_mail mail = next_mail(cx, MAIL_REGISTRATION, email);
	struct str token = outbox_value(&mail, STR("token"));

	must(registration_save(cx, token, &form, &issues), "save");
	must(registration_complete(cx, token, &registration), "complete");
	pthread_mutex_unlock(&registration_lock);
}

/* A new person, logged in; cx->actor is that person. */
static struct session person(struct cx *cx)
{
	struct str email = str_fmt(cx->arena, "bench%lld@example.jp", (long long)atomic_fetch_add(&next_account, 1));
	struct session session;

	register_person(cx, email);
	must(session_login(cx, email, STR(PASSWORD), email, STR("bench"), &session), "login");
	return session;
}

static int64_t whole_draft(struct cx *cx)
{
	const struct procedure *procedure = start.catalogue.v[0];
	struct draft_saved saved;
	int64_t id;

	must(draft_create(cx, procedure->id, &id), "draft");
	for (size_t s = 0; s < procedure->section_count; s++) {
		struct draft_save save = {
			.id = id,
			.overwrite = true,
			.section = procedure->sections[s]->id,
			.visited = true,
			.fields = procedure->sections[s]->fields,
			.field_count = procedure->sections[s]->field_count,
			.answers = &answers,
		};

		must(draft_save(cx, &save, &saved), "save");
	}
	return id;
}

static void submit(struct cx *cx)
{
	struct issues issues = {0};
	struct receipt receipt;
	struct draft draft;

	must(draft_require(cx, whole_draft(cx), &draft), "require");
	must(application_submit(cx, draft.id, draft.submission_token, &issues, &receipt), "submit");
}

static struct str csrf(struct cx *cx, struct str session_token)
{
	uint8_t mac[SHA256_BYTES];
	struct str masked = {0};
	struct buf token;

	hmac_sha256(str_make((const char *)start.web_key, sizeof start.web_key), session_token, mac);
	buf_init(&token, cx->arena, 64);
	base64url_write(&token, str_make((const char *)mac, sizeof mac));
	must(token_mask(cx->arena, buf_view(&token), &masked), "mask");
	return masked;
}

static struct cx thread_cx(struct arena *arena)
{
	struct cx cx = start_cx(&start, arena, ACTOR_NOBODY);

	return cx;
}

static void drafts_of_a_person(struct arena *arena, int64_t count)
{
	struct cx cx = thread_cx(arena);
	struct session session = person(&cx);
	struct str token = csrf(&cx, session.token);

	for (int64_t i = 0; i < count; i++) {
		struct draft draft;

		must(draft_require(&cx, whole_draft(&cx), &draft), "require");
		pthread_mutex_lock(&requests_lock);
		fprintf(requests, "/drafts/%lld/apply\tsession=" STR_FMT "\t_csrf=" STR_FMT "&token=" STR_FMT "\n", (long long)draft.id,
			STR_ARG(session.token), STR_ARG(token), STR_ARG(draft.submission_token));
		pthread_mutex_unlock(&requests_lock);
	}
	cx_end(&cx);
}

static void *work(void *unused)
{
	struct arena arena;

	(void)unused;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	struct cx cx = thread_cx(&arena);
	struct session session = person(&cx);
	struct actor actor = cx.actor;

	actor.name = STR("BENCH PERSON");
	actor.user_id = STR("");
	(void)session;
	while (atomic_fetch_add(&next_application, 1) < applications) {
		AUTO_ARENA one;

		arena_init(&one, LIMIT_REQUEST_ARENA);
		struct cx step = thread_cx(&one);

		step.actor = actor;
		submit(&step);
		cx_end(&step);
	}
	cx_end(&cx);
	arena_release(&arena);
	return NULL;
}

static void write_file(const char *name, struct str text)
{
	char path[1024];

	snprintf(path, sizeof path, "%s/%s", out_folder, name);
	FILE *file = fopen(path, "we");

	if (!file || fwrite(text.p, 1, text.n, file) != text.n || fclose(file) != 0) {
		fprintf(stderr, "prepare: cannot write %s\n", path);
		exit(1);
	}
}

static void reader(struct arena *arena)
{
	struct cx cx = thread_cx(arena);
	struct session session = person(&cx);

	for (int i = 0; i < 50; i++)
		submit(&cx);
	int64_t id = whole_draft(&cx);

	cx_end(&cx);
	write_file("reader.cookie", str_fmt(arena, "session=" STR_FMT "; language=en", STR_ARG(session.token)));
	write_file("list.path", STR("/applications?size=50"));
	write_file("section.path", str_fmt(arena, "/drafts/%lld/sections/money", (long long)id));
}

static void read_answers(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(arena, LIMIT_ANSWERS);
	size_t n = file ? fread(text, 1, LIMIT_ANSWERS, file) : 0;

	if (file)
		fclose(file);
	must(answers_read(arena, str_make(text, n), &answers), path);
}

int main(int argc, char **argv)
{
	struct program program;
	pthread_t threads[THREADS];
	struct arena arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	if (program_begin(&arena, argc - 1, argv + 1, NULL, &program) != EXIT_DONE || program.word_count != 4 ||
		!str_to_i64(str_of(program.words[2]), &applications) || !str_to_i64(str_of(program.words[3]), &drafts)) {
		fprintf(stderr, "usage: prepare OPTIONS ANSWERS.json OUT APPLICATIONS DRAFTS\n");
		return EXIT_USAGE;
	}
	enum exit_code code = start_portal(&program, true, true, &start);

	if (code != EXIT_DONE)
		return (int)code;
	out_folder = program.words[1];
	read_answers(&arena, program.words[0]);
	reader(&arena);
	requests = fopen(str_c(&arena, str_fmt(&arena, "%s/submit.requests", out_folder)), "we");
	if (!requests)
		return EXIT_CANNOT_CREATE;
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int64_t made = 0; made < drafts; made += DRAFTS_EACH) {
		AUTO_ARENA one;

		arena_init(&one, LIMIT_STARTUP_ARENA);
		drafts_of_a_person(&one, drafts - made < DRAFTS_EACH ? drafts - made : DRAFTS_EACH);
	}
	fclose(requests);
	start_release(&start);
	return 0;
}
