#include "domain_support.h"

#include "base/limits.h"
#include "base/time.h"

/* Drafts, on both engines. */

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);

	cx_become(cx, account);
	return cx;
}

static int64_t make(struct world *world, int64_t account)
{
	int64_t id;

	assert_ok(draft_create(as(world, account), STR("extension"), &id));
	return id;
}

/* Saves one answer to a field; a path in a group speaks for the whole group. */
static err save_one(struct cx *cx, const struct draft *draft, int64_t revision, const char *section,
	const char *path, const char *value, bool overwrite, struct draft_saved *out)
{
	struct str head = str_of(path);
	struct answers answers;
	ptrdiff_t dot = str_find_byte(head, '.');
	const struct field *field =
		procedure_field(draft->procedure, dot < 0 ? head : str_sub(head, 0, (size_t)dot));

	assert_non_null(field);
	answers_init(&answers, cx->arena);
	answers_set(&answers, str_of(path), str_of(value));
	return draft_save(cx,
		&(struct draft_save){
			.id = draft->id,
			.revision = revision,
			.overwrite = overwrite,
			.section = str_of(section),
			.visited = true,
			.fields = &field,
			.field_count = 1,
			.answers = &answers,
		},
		out);
}

static void what_is_of_another_is_not_there(void **state)
{
	struct world *world = *state;
	int64_t mine = account_add(world, "a@example.jp", NULL);
	int64_t theirs = account_add(world, "b@example.jp", NULL);
	int64_t id = make(world, mine);
	struct draft draft, *list;
	struct draft_saved saved;
	size_t count;

	assert_ok(draft_require(as(world, mine), id, &draft));
	struct cx *cx = as(world, theirs);
	struct draft other;

	assert_err(draft_require(cx, id, &other), ERR_NOT_FOUND);
	assert_err(save_one(cx, &draft, 1, "you", "name", "EVE", true, &saved), ERR_NOT_FOUND);
	assert_err(draft_renew(cx, id), ERR_NOT_FOUND);
	assert_err(draft_delete(cx, id, &(struct attachment_gone){0}), ERR_NOT_FOUND);
	assert_ok(draft_list(cx, &list, &count));
	assert_int_equal(count, 0);
	assert_err(draft_require(cx_fresh(world), id, &other), ERR_DENIED);
	assert_err(draft_list(&world->cx, &list, &count), ERR_DENIED);
	assert_err(draft_create(&world->cx, STR("extension"), &id), ERR_DENIED);
	assert_ok(draft_require(as(world, mine), draft.id, &other));
	assert_int_equal(other.revision, 1);
	assert_false(str_eq(answers_get(&other.answers, STR("name")), STR("EVE")));
}

/* A copy of the procedure that the test may change. */
static struct procedure *procedure_copy(struct world *world)
{
	struct procedure *copy = arena_new(&world->arena, struct procedure);
	const struct procedure **v = arena_array(&world->arena, const struct procedure *, 1);

	*copy = *catalogue_find(&world->catalogue, STR("extension"));
	v[0] = copy;
	world->catalogue.v = v;
	world->catalogue.n = 1;
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, copy->id, copy);
	return copy;
}

static void who_may_not_begin(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct procedure *procedure = procedure_copy(world);
	int64_t id = 0;

	assert_err(draft_create(as(world, account), STR("nothing"), &id), ERR_NOT_FOUND);
	assert_err(draft_create(as(world, account), STR("../etc"), &id), ERR_NOT_FOUND);
	procedure->user_types[USER_FOREIGN_NATIONAL] = false;
	assert_err(draft_create(as(world, account), STR("extension"), &id), ERR_DENIED);
	procedure->user_types[USER_FOREIGN_NATIONAL] = true;
	procedure->open_from = date_add_days(time_date(world->now), 1);
	assert_err(draft_create(as(world, account), STR("extension"), &id), ERR_DENIED);
	procedure->open_from = time_date(world->now);
	assert_ok(draft_create(as(world, account), STR("extension"), &id));
}

static void not_more_than_the_limit(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct draft *list;
	size_t count;
	int64_t id = 0;

	for (int i = 0; i < LIMIT_DRAFTS_PER_ACCOUNT; i++)
		id = make(world, account);
	assert_err(draft_create(as(world, account), STR("extension"), &id), ERR_LIMIT);
	assert_ok(draft_delete(as(world, account), id, &(struct attachment_gone){0}));
	make(world, account);
	assert_ok(draft_list(as(world, account), &list, &count));
	assert_int_equal(count, LIMIT_DRAFTS_PER_ACCOUNT);
}

static void two_tabs_lose_nothing(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	int64_t id = make(world, account);
	struct draft draft;
	struct draft_saved saved;

	assert_ok(draft_require(as(world, account), id, &draft));
	world->now += 1000;
	assert_ok(save_one(as(world, account), &draft, 1, "you", "name", "NGUYEN", false, &saved));
	assert_int_equal(saved.revision, 2);
	assert_int_equal(saved.saved_at, world->now);
	assert_false(saved.merged);
	/* the other tab still has revision 1, and another section */
	assert_ok(save_one(
		as(world, account), &draft, 1, "stay", "card_no", "AB12345678CD", false, &saved));
	assert_int_equal(saved.revision, 3);
	assert_true(saved.merged);
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_str(answers_get(&draft.answers, STR("name")), STR("NGUYEN"));
	assert_str(answers_get(&draft.answers, STR("card_no")), STR("AB12345678CD"));
	assert_true(draft_visited(&draft, STR("you")));
	assert_true(draft_visited(&draft, STR("stay")));
	assert_false(draft_visited(&draft, STR("sta")));
	assert_false(draft_visited(&draft, STR("family")));
}

static void the_same_section_twice_is_told(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	int64_t id = make(world, account);
	struct draft draft;
	struct draft_saved saved;

	assert_ok(draft_require(as(world, account), id, &draft));
	assert_ok(save_one(as(world, account), &draft, 1, "you", "name", "NGUYEN", false, &saved));
	assert_err(save_one(as(world, account), &draft, 1, "you", "name", "TRAN", false, &saved),
		ERR_CONFLICT);
	/* the same values are no conflict: the answer to the first press was lost */
	assert_ok(save_one(as(world, account), &draft, 1, "you", "name", "NGUYEN", false, &saved));
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_str(answers_get(&draft.answers, STR("name")), STR("NGUYEN"));
	/* the person says so */
	assert_ok(save_one(as(world, account), &draft, 1, "you", "name", "TRAN", true, &saved));
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_str(answers_get(&draft.answers, STR("name")), STR("TRAN"));
}

static void a_save_speaks_for_its_fields_only(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct cx *cx = as(world, account);
	struct answers all;
	struct draft draft;
	struct draft_saved saved;

	draft_fill(world, cx, &draft);
	/* an absent answer removes the stored one */
	assert_ok(save_one(cx, &draft, draft.revision, "you", "name", "", true, &saved));
	assert_ok(draft_require(cx, draft.id, &draft));
	assert_int_equal(answers_get(&draft.answers, STR("name")).n, 0);
	answers_load(cx, "extension_student_min.json", &all);
	for (size_t i = 0; answers_at(&all, i); i++) {
		const struct answer *answer = answers_at(&all, i);

		if (!str_eq(answer->path, STR("name")))
			assert_str(answers_get(&draft.answers, answer->path), answer->value);
	}
	/* answers to fields that the save does not speak for are not taken */
	struct answers sly;
	const struct field *field = procedure_field(draft.procedure, STR("occupation"));

	answers_init(&sly, cx->arena);
	answers_set(&sly, STR("occupation"), STR("会社員"));
	answers_set(&sly, STR("sex"), STR("male"));
	answers_set(&sly, STR("nothing.0.such"), STR("x"));
	assert_ok(draft_save(cx,
		&(struct draft_save){.id = draft.id,
			.revision = draft.revision,
			.section = STR("you"),
			.fields = &field,
			.field_count = 1,
			.answers = &sly},
		&saved));
	assert_ok(draft_require(cx, draft.id, &draft));
	assert_str(answers_get(&draft.answers, STR("occupation")), STR("会社員"));
	assert_str(answers_get(&draft.answers, STR("sex")), STR("female"));
	assert_int_equal(answers_get(&draft.answers, STR("nothing.0.such")).n, 0);
}

static void a_group_is_saved_as_a_whole(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct cx *cx = as(world, account);
	int64_t id = make(world, account);
	struct draft draft;
	struct draft_saved saved;

	assert_ok(draft_require(cx, id, &draft));
	assert_ok(save_one(cx, &draft, 1, "family", "family.1.name", "AN", true, &saved));
	assert_ok(save_one(cx, &draft, 2, "family", "family.0.name", "BINH", true, &saved));
	assert_ok(draft_require(cx, id, &draft));
	assert_str(answers_get(&draft.answers, STR("family.0.name")), STR("BINH"));
	assert_int_equal(answers_get(&draft.answers, STR("family.1.name")).n, 0);
}

static void answers_are_sealed_to_their_draft(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct cx *cx = as(world, account);
	struct draft a, b;

	draft_fill(world, cx, &a);
	draft_fill(world, cx, &b);
	struct str stored = str_of(
		db_dump(world->db, world->db->is_pg ? "SELECT encode(answers, 'escape') FROM draft"
						    : "SELECT CAST(answers AS TEXT) FROM draft"));

	assert_true(str_find(stored, STR("NGUYEN")) < 0);
	assert_true(str_find(stored, STR("status_group")) < 0);
	/* one draft's answers in another's row do not open */
	struct str sql = str_fmt(cx->arena,
		"UPDATE draft SET answers = (SELECT answers FROM draft WHERE id = %lld) WHERE id = "
		"%lld",
		(long long)a.id, (long long)b.id);

	db_exec(world->db, str_c(cx->arena, sql));
	assert_err(draft_require(as(world, account), b.id, &b), ERR_SHUT);
	/* nor under another key */
	world->key.bytes[0] ^= 1;
	assert_err(draft_require(as(world, account), a.id, &a), ERR_SHUT);
	/* what can be told without opening it is told to its owner alone */
	assert_ok(draft_head(as(world, account), a.id, &a));
	assert_str(a.procedure->id, STR("extension"));
	assert_int_equal(a.answers.map.n, 0);
	assert_err(draft_head(as(world, account + 1), a.id, &a), ERR_NOT_FOUND);
}

static void answers_have_a_limit(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	int64_t id = make(world, account);
	struct cx *cx = as(world, account);
	struct answers none;
	struct draft draft;
	struct draft_saved saved;
	/* {"reason":"…"} */
	size_t most = LIMIT_ANSWERS - 13;
	char *text = arena_alloc(cx->arena, most + 2);

	memset(text, 'a', most + 1);
	assert_ok(draft_require(cx, id, &draft));
	answers_init(&none, cx->arena);
	draft_put(cx, &draft, &none); /* what the account knew */
	assert_err(save_one(cx, &draft, 1, "stay", "reason", text, true, &saved), ERR_LIMIT);
	text[most] = '\0';
	assert_ok(save_one(cx, &draft, 1, "stay", "reason", text, true, &saved));
	assert_ok(draft_require(cx, id, &draft));
	assert_int_equal(answers_get(&draft.answers, STR("reason")).n, most);
}

/* When the request's memory is used up some text is missing somewhere, and what was made of it must not stay. */
static void what_may_not_be_whole_is_not_written(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	int64_t id = make(world, account);
	struct cx cx = *as(world, account);
	struct draft draft;
	struct draft_saved saved;
	AUTO_ARENA arena;

	arena_init_text(&arena, 1u << 20, 2u << 20);
	cx.arena = &arena;
	assert_ok(draft_require(&cx, id, &draft));
	assert_false(arena_takes(&arena, 1u << 20));
	assert_err(save_one(&cx, &draft, 1, "stay", "reason", "I study", true, &saved), ERR_LIMIT);
	cx_end(&cx);
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_int_equal(draft.revision, 1);
	arena_allow(&arena, 1u << 20);
	assert_ok(save_one(&cx, &draft, 1, "stay", "reason", "I study", true, &saved));
	cx_end(&cx);
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_str(answers_get(&draft.answers, STR("reason")), STR("I study"));
}

static void a_newer_version_is_told_and_taken_over(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct draft draft;
	int64_t id = draft_fill(world, as(world, account), &draft);
	struct procedure *procedure = procedure_copy(world);
	const struct field **fields =
		arena_array(&world->arena, const struct field *, procedure->field_count);
	size_t kept = 0;

	assert_false(draft.outdated);
	procedure->version = STR("newer");
	for (size_t i = 0; i < procedure->field_count; i++)
		if (!str_eq(procedure->fields[i]->id, STR("occupation")))
			fields[kept++] = procedure->fields[i];
	procedure->fields = fields;
	procedure->field_count = kept;
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_true(draft.outdated);
	assert_str(answers_get(&draft.answers, STR("occupation")), STR("学生"));
	assert_ok(draft_renew(as(world, account), id));
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_false(draft.outdated);
	assert_false(draft_visited(&draft, STR("all")));
	assert_int_equal(answers_get(&draft.answers, STR("occupation")).n, 0);
	assert_str(answers_get(&draft.answers, STR("sex")), STR("female"));
	int64_t revision = draft.revision;

	assert_ok(draft_renew(as(world, account), id));
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_int_equal(draft.revision, revision);
}

static void a_procedure_that_is_gone(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	int64_t id = make(world, account);
	struct draft draft, *list;
	size_t count;

	map_init(&world->catalogue.by_id, &world->arena);
	world->catalogue.n = 0;
	assert_err(draft_require(as(world, account), id, &draft), ERR_NOT_FOUND);
	assert_ok(draft_list(as(world, account), &list, &count));
	assert_int_equal(count, 0);
	assert_ok(draft_delete(as(world, account), id, &(struct attachment_gone){0}));
}

static void the_last_saved_stands_first(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	int64_t first = make(world, account), second;
	struct draft *list, draft;
	struct draft_saved saved;
	size_t count;

	world->now += 1000;
	second = make(world, account);
	world->now += 1000;
	assert_ok(draft_require(as(world, account), first, &draft));
	assert_ok(save_one(&world->cx, &draft, 1, "you", "name", "AN", false, &saved));
	assert_ok(draft_list(as(world, account), &list, &count));
	assert_int_equal(count, 2);
	assert_int_equal(list[0].id, first);
	assert_int_equal(list[0].saved_at, world->now);
	assert_int_equal(list[0].expires_at, world->now + 90 * TIME_DAY);
	assert_int_equal(list[1].id, second);
	assert_false(str_eq(list[0].submission_token, list[1].submission_token));
}

#define SAVERS 8

static void save_in_thread(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	static const char *const paths[SAVERS] = {"name", "sex", "occupation", "card_no", "reason",
		"p_school_name", "address", "mobile"};
	const struct draft *draft = arg;
	struct str section = str_fmt(cx->arena, "section%u", number);
	const struct field *field = procedure_field(draft->procedure, str_of(paths[number]));
	struct answers answers;
	struct draft_saved saved;

	(void)world;
	cx_become(cx, draft->account_id);
	answers_init(&answers, cx->arena);
	answers_set(&answers, field->id, section);
	IGNORE(draft_save(cx,
		&(struct draft_save){.id = draft->id,
			.revision = 1,
			.section = section,
			.visited = true,
			.fields = &field,
			.field_count = 1,
			.answers = &answers},
		&saved));
}

static void saved_at_once_from_many_pages(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	int64_t id = make(world, account);
	struct draft draft;
	size_t given = 0;

	assert_ok(draft_require(as(world, account), id, &draft));
	in_threads(world, SAVERS, save_in_thread, &draft);
	assert_ok(draft_require(as(world, account), id, &draft));
	assert_int_equal(draft.revision, 1 + SAVERS);
	for (size_t i = 0; answers_at(&draft.answers, i); i++)
		given += str_starts(answers_at(&draft.answers, i)->value, STR("section"));
	assert_int_equal(given, SAVERS);
	for (unsigned i = 0; i < SAVERS; i++)
		assert_true(draft_visited(&draft, str_fmt(world->cx.arena, "section%u", i)));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(what_is_of_another_is_not_there),
		IN_BOTH(who_may_not_begin),
		IN_BOTH(not_more_than_the_limit),
		IN_BOTH(two_tabs_lose_nothing),
		IN_BOTH(the_same_section_twice_is_told),
		IN_BOTH(a_save_speaks_for_its_fields_only),
		IN_BOTH(a_group_is_saved_as_a_whole),
		IN_BOTH(answers_are_sealed_to_their_draft),
		IN_BOTH(answers_have_a_limit),
		IN_BOTH(what_may_not_be_whole_is_not_written),
		IN_BOTH(a_newer_version_is_told_and_taken_over),
		IN_BOTH(a_procedure_that_is_gone),
		IN_BOTH(the_last_saved_stands_first),
		IN_BOTH(saved_at_once_from_many_pages),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
