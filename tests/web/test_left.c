/* What is left when somebody dies in the midst: files that no row names. */
#include "site.h"

#include "base/time.h"

#include <fcntl.h>

static int64_t kept_files(struct site *site)
{
	return db_number(site->world->db, "SELECT count(*) FROM attachment WHERE kept <> ''");
}

static void leave(struct site *site, const char *name)
{
	int fd = open(str_c(&site->arena, str_fmt(&site->arena, "%s/%s", site->files_folder, name)), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "left", 4), 4);
	close(fd);
}

#define LEFT 600

/* It asks about everything that is kept, and no question may leave anything behind: with the ceiling of a job it once ended at 157,286 of them. */
static void a_sweep_asks_about_everything(void **state)
{
	struct site *site = *state;
	struct files_swept swept;
	struct arena own;
	char name[160];

	for (int i = 0; i < LEFT; i++) {
		snprintf(name, sizeof name, "files/%02x/%02x%062d", i % 256, i % 256, i);
		leave(site, name);
		snprintf(name, sizeof name, "spool/upload-1-%d", i + 1);
		leave(site, name);
	}
	int64_t kept = kept_files(site);

	arena_init(&own, 32u << 10);
	struct cx cx = {
		.arena = &own,
		.store = site->world->db->store,
		.portal = &site->world->portal,
		.actor = {.kind = ACTOR_JOB},
		.now = time_now() + 2 * TIME_DAY,
	};

	assert_ok(files_sweep(&site->files, &cx, &swept));
	assert_in_range(swept.blobs, LEFT, LEFT + (uint64_t)kept); /* a whole photo stayed behind when it was submitted */
	assert_int_equal(swept.spool, LEFT);
	assert_ok(files_sweep(&site->files, &cx, &swept));
	assert_int_equal(swept.blobs + swept.spool, 0);
	cx_end(&cx);
	arena_release(&own);
	assert_int_equal(kept_files(site), kept);
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/files/{file}/content");

	assert_status(&reply, 200);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_sweep_asks_about_everything),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
