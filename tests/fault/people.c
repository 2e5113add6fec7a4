/*
 * Makes people with drafts that can be sent, through the domain's own doors, and writes what a test needs to press for them:
 *
 *   people [options as of the program] ANSWERS.json OUT.json PEOPLE DRAFTS_EACH
 *
 * OUT.json: [{"account":"…","email":"…","session":"…","csrf":"…","drafts":[{"id":"…","token":"…"}]}]. Ids are texts, because they
 * are greater than a number of JavaScript holds. The form token is for a base_url of http://.
 */

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "cmd/start.h"
#include "crypto/mac.h"
#include "crypto/token.h"
#include "../data/photo_row.h"
#include "domain/application/draft.h"
#include "domain/outbox.h"
#include "domain/account/registration.h"
#include "domain/account/session.h"

#include <pthread.h>
#include <stdatomic.h>

#define PASSWORD "Ame-no-Hi#24"
#define THREADS 8 /* their commits are made together */

static struct start start;
static struct str answers_text;
static int64_t people, drafts_each;
static _Atomic int64_t next_person;
static FILE *out;
static pthread_mutex_t out_lock = PTHREAD_MUTEX_INITIALIZER;
static bool first = true;
/* A person's link is in the next mail of the outbox: one at a time. */
static pthread_mutex_t registration_lock = PTHREAD_MUTEX_INITIALIZER;

static void must(err e, const char *what)
{
	if (!failed(e))
		return;
	fprintf(stderr, "people: %s: %s\n", what, err_detail());
	exit(1);
}

static struct outbox_mail next_mail(struct cx *cx, enum mail_template template, struct str email)
{
	struct outbox_mail mail;

	do {
		must(outbox_claim(cx, STR("people"), TIME_MINUTE, &mail), "claim");
		must(outbox_sent(cx, mail.id, STR("people")), "sent");
	} while (mail.template != template || !str_eq(mail.recipient, email));
	return mail;
}

static void register_person(struct cx *cx, struct str email)
{
	struct registration_form form = {
		.user_type = STR("foreign_national"), .password = STR(PASSWORD), .password_again = STR(PASSWORD),
		.name = STR("NGUYEN THI MAI"), .phone = STR("09012345678"), .postal_code = STR("1000001"),
		.address = STR("東京都千代田区千代田１－１"), .sex = STR("female"),
		.birth_year = STR("2003"), .birth_month = STR("4"), .birth_day = STR("9"),
	};
	struct registration registration;
	struct issues issues = {0};

	pthread_mutex_lock(&registration_lock);
	must(registration_request(cx, email, email, email, &issues), "request");
	struct outbox_mail mail = next_mail(cx, MAIL_REGISTRATION, email);
	struct str token = outbox_value(&mail, STR("token"));

	must(registration_save(cx, token, &form, &issues), "save");
	must(registration_complete(cx, token, &registration), "complete");
	next_mail(cx, MAIL_REGISTERED, email);
	pthread_mutex_unlock(&registration_lock);
}

/* Their mails go to the person alone: one of each application. */
static int64_t whole_draft(struct cx *cx, struct str email)
{
	const struct procedure *procedure = catalogue_find(&start.catalogue, STR("extension"));
	struct answers answers;
	struct draft_saved saved;
	int64_t id;

	must(answers_read(cx->arena, answers_text, &answers), "answers");
	answers_set(&answers, STR("notify_email"), email);
	answers_set(&answers, STR("notify_email_confirm"), email);
	must(draft_create(cx, procedure->id, &id), "draft");
	must(draft_save(cx, &(struct draft_save){.id = id, .overwrite = true, .section = procedure->sections[0]->id,
		.fields = procedure->fields, .field_count = procedure->field_count, .answers = &answers}, &saved), "save");
	must(photo_row(cx, id), "photo");
	return id;
}

static struct str form_token(struct cx *cx, struct str session_token)
{
	uint8_t mac[MAC_BYTES];
	struct str masked = {0};
	struct buf token;

	mac_make(start.web_key, session_token, mac);
	buf_init(&token, cx->arena, 64);
	base64url_write(&token, str_make((const char *)mac, sizeof mac));
	must(token_mask(cx->arena, buf_view(&token), &masked), "mask");
	return masked;
}

static void drafts_of(struct cx *cx, struct str email, struct buf *json)
{
	struct actor actor = cx->actor;

	for (int64_t i = 0; i < drafts_each; i++) {
		AUTO_ARENA arena;
		struct draft draft;

		arena_init(&arena, LIMIT_REQUEST_ARENA);
		struct cx one = start_cx(&start, &arena, ACTOR_NOBODY);

		one.actor = actor;
		must(draft_require(&one, whole_draft(&one, email), &draft), "require");
		buf_fmt(json, "%s{\"id\":\"%lld\",\"token\":\"" STR_FMT "\"}", i == 0 ? "" : ",", (long long)draft.id,
			STR_ARG(draft.submission_token));
		cx_end(&one);
	}
}

static void person(struct arena *arena, int64_t number)
{
	struct cx cx = start_cx(&start, arena, ACTOR_NOBODY);
	struct str email = str_fmt(arena, "person%lld@example.jp", (long long)number);
	struct session session;
	struct buf json;

	register_person(&cx, email);
	must(session_login(&cx, email, STR(PASSWORD), email, STR("people"), &session), "login");
	buf_init(&json, arena, 1u << 20);
	buf_fmt(&json, "{\"account\":\"%lld\",\"email\":\"" STR_FMT "\",\"session\":\"" STR_FMT "\",\"csrf\":\"" STR_FMT "\",\"drafts\":[",
		(long long)session.account_id, STR_ARG(email), STR_ARG(session.token), STR_ARG(form_token(&cx, session.token)));
	drafts_of(&cx, email, &json);
	buf_lit(&json, "]}");
	must(buf_error(&json), "json");
	cx_end(&cx);
	pthread_mutex_lock(&out_lock);
	fprintf(out, "%s" STR_FMT, first ? "[" : ",\n", STR_ARG(buf_view(&json)));
	first = false;
	pthread_mutex_unlock(&out_lock);
}

static void *work(void *unused)
{
	int64_t number;

	(void)unused;
	while ((number = atomic_fetch_add(&next_person, 1)) < people) {
		AUTO_ARENA arena;

		arena_init(&arena, LIMIT_STARTUP_ARENA);
		person(&arena, number);
	}
	return NULL;
}

static struct str read_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(arena, LIMIT_ANSWERS);
	size_t n = file ? fread(text, 1, LIMIT_ANSWERS, file) : 0;

	if (file)
		fclose(file);
	return str_make(text, n);
}

int main(int argc, char **argv)
{
	struct program program;
	pthread_t threads[THREADS];
	struct arena arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	if (program_begin(&arena, argc - 1, argv + 1, NULL, &program) != EXIT_DONE || program.word_count != 4 ||
		!str_to_i64(str_of(program.words[2]), &people) || !str_to_i64(str_of(program.words[3]), &drafts_each)) {
		fprintf(stderr, "usage: people OPTIONS ANSWERS.json OUT.json PEOPLE DRAFTS_EACH\n");
		return EXIT_USAGE;
	}
	enum exit_code code = start_portal(&program, START_MIGRATE, &start);

	if (code != EXIT_DONE)
		return (int)code;
	answers_text = read_file(&arena, program.words[0]);
	out = fopen(program.words[1], "we");
	if (!out)
		return EXIT_CANNOT_CREATE;
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	fprintf(out, "]\n");
	fclose(out);
	start_release(&start);
	return 0;
}
