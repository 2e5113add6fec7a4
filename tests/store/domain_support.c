#include "domain_support.h"

#include "base/time.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "crypto/init.h"
#include "crypto/password.h"
#include "domain/account/account.h"
#include "domain/attachment/attachment.h"
#include "domain/search/search.h"
#include "store/query.h"

#include <pthread.h>
#include <stdio.h>

/* Read once; tests work on copies of the tables. */
static const struct catalogue *the_catalogue(void)
{
	static struct arena arena;
	static struct catalogue catalogue;
	static bool done;
	struct definition_problems problems = {0};

	if (done)
		return &catalogue;
	arena_init(&arena, 64u << 20);
	buf_init(&problems.text, &arena, 1u << 20);
	if (failed(catalogue_read(&arena, PROCEDURES, &problems, &catalogue)))
		fail_msg("%.*s", STR_ARG(buf_view(&problems.text)));
	done = true;
	return &catalogue;
}

static const struct search_index *the_search(void)
{
	static struct arena arena;
	static const struct search_index *index;
	struct definition_problems problems = {0};

	if (index)
		return index;
	arena_init(&arena, 64u << 20);
	buf_init(&problems.text, &arena, 1u << 20);
	if (failed(search_index_make(&arena, the_catalogue(), PROCEDURES, &problems, &index)))
		fail_msg("%.*s", STR_ARG(buf_view(&problems.text)));
	return index;
}

static void world_make(void **state)
{
	struct world *world = calloc(1, sizeof *world);

	assert_non_null(world);
	assert_ok(crypto_init());
	arena_init(&world->arena, 16u << 20);
	world->db = *state;
	world->now = START;
	world->catalogue = *the_catalogue();
	memset(world->key.bytes, 7, sizeof world->key.bytes);
	numbers_init(&world->numbers);
	settings_init(&world->portal.settings);
	world->portal.settings.base_url = STR("https://portal.example");
	world->portal.catalogue = &world->catalogue;
	world->portal.search = the_search();
	world->portal.key = &world->key;
	world->portal.numbers = &world->numbers;
	cx_make(world, &world->cx);
	*state = world;
}

int world_setup_sqlite(void **state)
{
	db_empty_sqlite(state);
	struct db *db = *state;
	db->conf.rehearse = true; /* whatever the domain writes must bear to be run twice */
	db_open(db);
	world_make(state);
	return 0;
}

int world_setup_pg(void **state)
{
	db_setup_pg(state);
	world_make(state);
	return 0;
}

int world_teardown(void **state)
{
	struct world *world = *state;

	cx_release(&world->cx);
	numbers_release(&world->numbers);
	*state = world->db;
	db_teardown(state);
	arena_release(&world->arena);
	free(world);
	return 0;
}

void cx_make(struct world *world, struct cx *cx)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (!arena)
		abort();
	arena_init(arena, 64u << 20);
	*cx = (struct cx){
		.arena = arena,
		.store = world->db->store,
		.portal = &world->portal,
		.locale = locale_get(LANG_EN, false),
		.now = world->now,
	};
}

void cx_release(struct cx *cx)
{
	cx_end(cx);
	arena_release(cx->arena);
	free(cx->arena);
}

struct cx *cx_fresh(struct world *world)
{
	cx_end(&world->cx);
	world->cx.actor = (struct actor){0};
	world->cx.now = world->now;
	world->cx.read_only = false;
	return &world->cx;
}

void cx_become(struct cx *cx, int64_t account_id)
{
	cx->actor = (struct actor){.kind = ACTOR_ACCOUNT,
		.account_id = account_id,
		.user_type = USER_FOREIGN_NATIONAL};
}

/* Hashing takes long, and all have the same password. */
static struct str stored_password(void)
{
	static char text[128];

	if (!text[0]) {
		AUTO_ARENA arena;
		struct str hash;

		arena_init(&arena, 1u << 20);
		assert_ok(password_hash(&arena, STR(PASSWORD), &hash));
		snprintf(text, sizeof text, "%.*s", STR_ARG(hash));
	}
	return str_of(text);
}

struct new_account {
	int64_t id;
	struct str user_id, email;
};

static err account_in_tx(struct cx *cx, void *arg)
{
	const struct new_account *account = arg;

	return q_account_insert(cx_tx(cx),
		&(struct q_account_insert_in){
			.id = account->id,
			.user_id = account->user_id,
			.email = account->email,
			.user_type = STR("foreign_national"),
			.name = STR("NGUYEN THI MAI"),
			.phone = STR("09000000001"),
			.postal_code = STR("8740000"),
			.address = STR("大分県別府市"),
			.sex = STR("female"),
			.birth_on = 20030409,
			.lang = STR("en"),
			.password_hash = stored_password(),
			.at = cx->now,
		},
		NULL);
}

int64_t account_add(struct world *world, const char *email, struct str *user_id)
{
	struct cx *cx = cx_fresh(world);
	struct new_account account = {
		.id = id_new(cx->now), .user_id = user_id_new(cx->arena), .email = str_of(email)};

	assert_ok(cx_write(cx, account_in_tx, &account));
	if (user_id)
		*user_id = account.user_id;
	return account.id;
}

struct outbox_mail mail_take(struct world *world, enum mail_template template)
{
	struct cx *cx = cx_fresh(world);
	struct outbox_mail mail;

	assert_ok(outbox_claim(cx, STR("test"), TIME_MINUTE, &mail));
	assert_string_equal(mail_template_names[mail.template].p, mail_template_names[template].p);
	assert_ok(outbox_sent(cx, mail.id, STR("test")));
	return mail;
}

int64_t mails_waiting(struct world *world)
{
	return db_number(world->db, "SELECT count(*) FROM outbox WHERE state = 0");
}

uint64_t queries_so_far(struct world *world)
{
	struct store_stats stats;

	store_stats(world->db->store, &stats);
	return stats.queries;
}

static struct str file_read(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(arena, 256u << 10);

	if (!file)
		fail_msg("cannot read %s", path);
	size_t n = fread(text, 1, 256u << 10, file);

	fclose(file);
	return str_make(text, n);
}

void answers_load(struct cx *cx, const char *name, struct answers *out)
{
	struct str path = str_fmt(cx->arena, "%s/../tests/data/%s", PROCEDURES, name);

	assert_ok(answers_read(cx->arena, file_read(cx->arena, str_c(cx->arena, path)), out));
}

void draft_put(struct cx *cx, const struct draft *draft, const struct answers *answers)
{
	struct draft_saved saved;

	assert_ok(draft_save(cx,
		&(struct draft_save){
			.id = draft->id,
			.revision = draft->revision,
			.overwrite = true,
			.section = STR("all"),
			.fields = draft->procedure->fields,
			.field_count = draft->procedure->field_count,
			.answers = answers,
		},
		&saved));
}

int64_t file_add(struct cx *cx, int64_t draft_id, const char *document, const char *bytes)
{
	struct attachment_begun begun;
	struct attachment there;
	struct str all = str_of(bytes), digest = sha256_hex(cx->arena, all);

	assert_ok(attachment_begin(cx,
		&(struct attachment_begin){.draft_id = draft_id, .document = str_of(document), .name = STR("a.pdf"), .size = (int64_t)all.n}, &begun));
	assert_int_equal(begun.refusal, ATTACHMENT_TAKEN);
	assert_ok(attachment_complete(cx, &begun.attachment, (int64_t)all.n, digest, &there));
	assert_int_equal(there.state, ATTACHMENT_CHECKING);
	assert_ok(attachment_verdict(cx, &there,
		&(struct attachment_verdict){.blob = digest, .kept_size = (int64_t)all.n, .kept_digest = digest, .pages = 1}));
	return begun.attachment.id;
}

int64_t draft_fill(struct world *world, struct cx *cx, struct draft *out)
{
	struct answers answers;
	int64_t id;

	(void)world;
	assert_ok(draft_create(cx, STR("extension"), &id));
	assert_ok(draft_require(cx, id, out));
	answers_load(cx, "extension_student_min.json", &answers);
	draft_put(cx, out, &answers);
	file_add(cx, id, PHOTO_DOCUMENT, "a photo");
	assert_ok(draft_require(cx, id, out));
	return id;
}

struct thread {
	struct world *world;
	thread_fn *fn;
	void *arg;
	unsigned number;
	pthread_barrier_t *start;
	pthread_t id;
};

static void *thread_run(void *arg)
{
	struct thread *thread = arg;
	struct cx cx;

	cx_make(thread->world, &cx);
	pthread_barrier_wait(thread->start);
	thread->fn(thread->world, &cx, thread->number, thread->arg);
	cx_release(&cx);
	return NULL;
}

void in_threads(struct world *world, unsigned count, thread_fn *fn, void *arg)
{
	struct thread *threads = calloc(count, sizeof *threads);
	pthread_barrier_t start;

	assert_non_null(threads);
	cx_fresh(world);
	pthread_barrier_init(&start, NULL, count);
	for (unsigned i = 0; i < count; i++) {
		threads[i] = (struct thread){
			.world = world, .fn = fn, .arg = arg, .number = i, .start = &start};
		assert_int_equal(pthread_create(&threads[i].id, NULL, thread_run, &threads[i]), 0);
	}
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i].id, NULL);
	pthread_barrier_destroy(&start);
	free(threads);
}
