#include "domain_support.h"

#include "domain/definition/archive.h"

/* Versions of procedures in the store. On both engines. */

#define SAMPLE "tests/unit/data/good"

/* The world with the small definitions of the unit tests, whose sources are there to be published. */
static void sample_world(struct world *world)
{
	struct definition_problems problems = {0};

	buf_init(&problems.text, &world->arena, 1u << 20);
	assert_ok(catalogue_read(&world->arena, SAMPLE, &problems, &world->catalogue));
	world->portal.archive = archive_new();
}

static struct cx *operator(struct world *world)
{
	struct cx *cx = cx_fresh(world);

	cx->actor.kind = ACTOR_OPERATOR;
	return cx;
}

/* As after the next release: there is no procedure of that version among the present ones. */
static void forget(struct world *world)
{
	map_init(&world->catalogue.by_id, &world->arena);
	world->catalogue.n = 0;
}

static void what_was_published_is_read_again(void **state)
{
	struct world *world = *state;
	const struct procedure *now, *then, *again;
	int64_t since;

	sample_world(world);
	now = catalogue_find(&world->catalogue, STR("sample"));
	assert_err(archive_published_at(operator(world), now->id, now->version, &since), ERR_NOT_FOUND);
	assert_ok(archive_publish(operator(world), SAMPLE));
	assert_ok(archive_published_at(operator(world), now->id, now->version, &since));
	assert_int_equal(since, world->now);
	assert_ok(archive_find(operator(world), now->id, now->version, &then));
	assert_ptr_equal(then, now);
	forget(world);
	assert_ok(archive_find(operator(world), now->id, now->version, &then));
	assert_ptr_not_equal(then, now);
	assert_true(str_eq(then->version, now->version));
	assert_int_equal(then->field_count, now->field_count);
	assert_true(str_eq(text_form(&then->title, LANG_JA, TEXT_WORDS), text_form(&now->title, LANG_JA, TEXT_WORDS)));
	assert_ok(archive_find(operator(world), now->id, now->version, &again));
	assert_ptr_equal(again, then);
	archive_free(world->portal.archive);
}

static void it_is_published_once(void **state)
{
	struct world *world = *state;
	struct archived *list;
	size_t count;
	int64_t first, since;

	sample_world(world);
	assert_ok(archive_publish(operator(world), SAMPLE));
	first = world->now;
	world->now += 1000;
	assert_ok(archive_publish(operator(world), SAMPLE));
	assert_ok(archive_list(operator(world), &list, &count));
	assert_int_equal(count, world->catalogue.n);
	for (size_t i = 0; i < count; i++) {
		assert_ok(archive_published_at(operator(world), list[i].procedure, list[i].version, &since));
		assert_int_equal(since, first);
	}
	/* A folder that is not the one that was read is not published. */
	((struct procedure *)(uintptr_t)world->catalogue.v[0])->version = STR("0000000000000000");
	assert_err(archive_publish(operator(world), SAMPLE), ERR_CONFLICT);
	archive_free(world->portal.archive);
}

static void what_is_damaged_is_not_taken(void **state)
{
	struct world *world = *state;
	const struct procedure *now, *then;

	sample_world(world);
	now = catalogue_find(&world->catalogue, STR("sample"));
	assert_ok(archive_publish(operator(world), SAMPLE));
	forget(world);
	assert_err(archive_find(operator(world), now->id, STR("0123456789abcdef"), &then), ERR_NOT_FOUND);
	assert_false(archive_failed((err){ERR_CONFLICT}));
	assert_true(archive_failed((err){ERR_UNAVAILABLE}));
	assert_err(archive_find(operator(world), STR("nothing"), now->version, &then), ERR_NOT_FOUND);
	db_exec(world->db, "UPDATE procedure_version SET manifest = 'sample/procedure.yaml ' || (SELECT min(digest) FROM definition_file) || '\n'");
	assert_err(archive_find(operator(world), now->id, now->version, &then), ERR_CONFLICT);
	db_exec(world->db, "UPDATE procedure_version SET manifest = 'nonsense'");
	assert_err(archive_find(operator(world), now->id, now->version, &then), ERR_NOT_FOUND);
	db_exec(world->db, "UPDATE procedure_version SET manifest = ''");
	assert_err(archive_find(operator(world), now->id, now->version, &then), ERR_CONFLICT);
	archive_free(world->portal.archive);
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		IN_BOTH(what_was_published_is_read_again),
		IN_BOTH(it_is_published_once),
		IN_BOTH(what_is_damaged_is_not_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
