/*
 * Fills a database for the benchmark, and writes what the load client needs.
 *
 *   prepare --data DIR --procedures DIR [--database URL] ANSWERS.json OUT APPLICATIONS DRAFTS EACH
 *
 * One reader with 50 applications and a draft; APPLICATIONS more of other people; DRAFTS complete
 * drafts, ready to be sent, EACH of them of one person. OUT gets
 *   reader.cookie            the Cookie header of the reader, with a base_url of https://
 *   section.path, list.path  pages of the reader
 *   submit.requests          a line a draft: path TAB cookie TAB body
 *
 * Drafts and applications come into being through the domain, as they do for everybody. People are
 * rows with one password's hash for all, and so are their sessions: Argon2id for each of them would
 * take longer than the benchmark.
 */

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "cmd/start.h"
#include "crypto/mac.h"
#include "crypto/password.h"
#include "crypto/token.h"
#include "domain/account/account.h"
#include "domain/application/application.h"
#include "../data/photo_row.h"
#include "domain/application/draft.h"
#include "domain/portal.h"
#include "domain/account/session.h"
#include "store/query.h"

#include <pthread.h>
#include <stdatomic.h>

#define PASSWORD "Ame-no-Hi#24"
#define THREADS 16
#define READER_APPLICATIONS 50

static struct start start;
static struct answers answers;
static struct str hash; /* of PASSWORD */
static const char *out_folder;
static int64_t applications, drafts, drafts_each;
static _Atomic int64_t next_application, next_draft, next_account;
static FILE *requests;
static pthread_mutex_t requests_lock = PTHREAD_MUTEX_INITIALIZER;

static void must(err e, const char *what)
{
	if (!failed(e))
		return;
	fprintf(stderr, "prepare: %s: %s\n", what, err_detail());
	exit(1);
}

struct person {
	int64_t number;
	struct session session;
};

static struct str email_of(struct cx *cx, int64_t number)
{
	return str_fmt(cx->arena, "bench%lld@example.jp", (long long)number);
}

static err person_in_tx(struct cx *cx, void *arg)
{
	struct person *person = arg;
	int64_t changed = 0;

	person->session.id = id_new(cx->now);
	person->session.account_id = id_new(cx->now);
	TRY(q_account_insert(cx_tx(cx),
		&(struct q_account_insert_in){
			.id = person->session.account_id,
			.user_id = str_fmt(cx->arena, "BENCH%07lld", (long long)person->number),
			.email = email_of(cx, person->number),
			.user_type = user_type_names[USER_FOREIGN_NATIONAL],
			.name = STR("BENCH PERSON"),
			.phone = STR("09012345678"),
			.postal_code = STR("1000001"),
			.address = STR("東京都千代田区千代田１－１"),
			.sex = STR("female"),
			.birth_on = 20010203,
			.lang = STR("ja"),
			.password_hash = hash,
			.at = cx->now,
		},
		&changed));
	if (changed != 1)
		return fail(ERR_CONFLICT, "the database is not a fresh one");
	return q_session_insert(cx_tx(cx),
		&(struct q_session_insert_in){
			.id = person->session.id,
			.token_digest = token_digest(cx->arena, person->session.token),
			.account_id = person->session.account_id,
			.created_at = cx->now,
			.source = STR("127.0.0.1"),
			.agent = STR("bench"),
		},
		NULL);
}

/* A new person, logged in; cx->actor is that person. */
static struct session person_make(struct cx *cx)
{
	struct person person = {.number = atomic_fetch_add(&next_account, 1)};

	person.session.token = token_new(cx->arena);
	must(cx_write(cx, person_in_tx, &person), "person");
	cx->actor = (struct actor){
		.kind = ACTOR_ACCOUNT,
		.account_id = person.session.account_id,
		.session_id = person.session.id,
		.user_type = USER_FOREIGN_NATIONAL,
		.name = STR("BENCH PERSON"),
	};
	return person.session;
}

/*
 * Everybody gives the same answers, but an address of their own: mails to one address wait for each
 * other.
 */
static void own_answers(struct cx *cx, struct answers *out)
{
	const struct procedure *procedure = catalogue_find(&start.catalogue, STR("extension"));

	struct str address = answers_get(&answers, procedure->email_field);
	struct str own = str_fmt(cx->arena, "%lld@example.jp", (long long)cx->actor.account_id);

	answers_init(out, cx->arena);
	for (size_t i = 0; answers_at(&answers, i); i++) {
		const struct answer *answer = answers_at(&answers, i);

		/* It is asked twice. */
		answers_set(
			out, answer->path, str_eq(answer->value, address) ? own : answer->value);
	}
}

static struct draft whole_draft(struct cx *cx)
{
	const struct procedure *procedure = catalogue_find(&start.catalogue, STR("extension"));
	struct answers own;
	struct draft_saved saved;
	struct draft draft;
	int64_t id;

	own_answers(cx, &own);
	must(draft_create(cx, procedure->id, &id), "draft");
	struct draft_save save = {
		.id = id,
		.overwrite = true,
		.section = procedure->sections[0]->id,
		.visited = true,
		.fields = procedure->fields,
		.field_count = procedure->field_count,
		.answers = &own,
	};
	must(draft_save(cx, &save, &saved), "save");
	must(photo_row(cx, id), "photo");
	must(draft_require(cx, id, &draft), "require");
	return draft;
}

static void submit(struct cx *cx)
{
	struct issues issues = {0};
	struct receipt receipt;
	struct draft draft = whole_draft(cx);

	must(application_submit(cx, draft.id, draft.submission_token, &issues, &receipt), "submit");
	if (issues.refusals > 0) {
		fprintf(stderr,
			"prepare: the answers are refused: %zu problems, the first at " STR_FMT
			"\n",
			issues.refusals, STR_ARG(issues.v[0].path));
		exit(1);
	}
}

static struct str csrf(struct cx *cx, struct str session_token)
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

static void write_request(
	const struct draft *draft, struct str session_token, struct str form_token)
{
	pthread_mutex_lock(&requests_lock);
	fprintf(requests,
		"/drafts/%lld/apply\t__Host-session=" STR_FMT "\t_csrf=" STR_FMT "&token=" STR_FMT "\n",
		(long long)draft->id, STR_ARG(session_token), STR_ARG(form_token),
		STR_ARG(draft->submission_token));
	pthread_mutex_unlock(&requests_lock);
}

/* What one step needs is forgotten after it; the person stays. */
static struct cx step_begin(struct arena *arena, const struct actor *actor)
{
	arena_reset(arena);
	struct cx cx = start_cx(&start, arena, ACTOR_NOBODY);

	cx.actor = *actor;
	return cx;
}

static void make_applications(struct cx *cx, struct arena *scratch)
{
	while (atomic_fetch_add(&next_application, 1) < applications) {
		struct cx step = step_begin(scratch, &cx->actor);

		submit(&step);
		cx_end(&step);
	}
}

static void make_drafts(struct cx *cx, struct arena *scratch)
{
	int64_t first;

	while ((first = atomic_fetch_add(&next_draft, drafts_each)) < drafts) {
		struct session session = person_make(cx);
		struct str form_token = csrf(cx, session.token);

		for (int64_t i = first; i < first + drafts_each && i < drafts; i++) {
			struct cx step = step_begin(scratch, &cx->actor);
			struct draft draft = whole_draft(&step);

			write_request(&draft, session.token, form_token);
			cx_end(&step);
		}
	}
}

static void *work(void *unused)
{
	struct arena arena, scratch;

	(void)unused;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	arena_init(&scratch, LIMIT_REQUEST_ARENA);
	struct cx cx = start_cx(&start, &arena, ACTOR_NOBODY);

	(void)person_make(&cx);
	make_applications(&cx, &scratch);
	make_drafts(&cx, &scratch);
	cx_end(&cx);
	arena_release(&scratch);
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

static void make_reader(struct arena *arena)
{
	AUTO_ARENA scratch;
	struct cx cx = start_cx(&start, arena, ACTOR_NOBODY);
	struct session session = person_make(&cx);

	arena_init(&scratch, LIMIT_REQUEST_ARENA);
	for (int i = 0; i < READER_APPLICATIONS; i++) {
		struct cx step = step_begin(&scratch, &cx.actor);

		submit(&step);
		cx_end(&step);
	}
	struct draft draft = whole_draft(&cx);

	cx_end(&cx);
	write_file("reader.cookie", str_fmt(arena, "__Host-session=" STR_FMT, STR_ARG(session.token)));
	write_file("list.path", STR("/applications?size=50"));
	write_file(
		"section.path", str_fmt(arena, "/drafts/%lld/sections/money", (long long)draft.id));
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
	if (program_begin(&arena, argc - 1, argv + 1, NULL, &program) != EXIT_DONE ||
		program.word_count != 5 || !str_to_i64(str_of(program.words[2]), &applications) ||
		!str_to_i64(str_of(program.words[3]), &drafts) ||
		!str_to_i64(str_of(program.words[4]), &drafts_each) || drafts_each < 1 ||
		drafts_each > LIMIT_DRAFTS_PER_ACCOUNT) {
		fprintf(stderr, "usage: prepare OPTIONS ANSWERS.json OUT APPLICATIONS DRAFTS EACH\n");
		return EXIT_USAGE;
	}
	enum exit_code code = start_portal(&program, START_MIGRATE, &start);

	if (code != EXIT_DONE)
		return (int)code;
	out_folder = program.words[1];
	read_answers(&arena, program.words[0]);
	must(password_hash(&arena, STR(PASSWORD), &hash), "hash");
	make_reader(&arena);
	requests = fopen(str_c(&arena, str_fmt(&arena, "%s/submit.requests", out_folder)), "we");
	if (!requests)
		return EXIT_CANNOT_CREATE;
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	fclose(requests);
	start_release(&start);
	return 0;
}
