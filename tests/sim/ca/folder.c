#include "folder.h"

#include "base/time.h"

#include <ftw.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

struct ca authority;
struct arena test_arena;

static char *folder;

const char *authority_path(const char *name)
{
	return str_c(&test_arena, str_fmt(&test_arena, "%s/%s", folder, name));
}

int authority_make(void **state)
{
	(void)state;
	arena_init(&test_arena, 16u << 20);
	const char *tmp = getenv("TMPDIR");
	struct str form = str_fmt(&test_arena, "%s/simca-XXXXXX", tmp ? tmp : "/tmp");
	folder = arena_alloc(&test_arena, form.n + 1);
	memcpy(folder, form.p, form.n);
	assert_non_null(mkdtemp(folder));
	const char *dir = authority_path("ca");
	assert_int_equal(ca_init(dir, NOW).code, OK);
	assert_int_equal(ca_open(&test_arena, dir, &authority).code, OK);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

int authority_remove(void **state)
{
	(void)state;
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&test_arena);
	return 0;
}

struct ca_person person_right(void)
{
	return (struct ca_person){
		.name = STR("グエン　ＴＨＩ"),
		.era = '0',
		.year = 2001,
		.month = 2,
		.day = 3,
		.sex = 2,
		.address = STR("大分県別府市十文字原１丁目１番"),
		.prefecture = STR("Oita-ken"),
		.municipality = STR("Beppu-shi"),
	};
}

struct ca_request request_right(
	enum ca_kind kind, enum ca_root root, const struct ca_person *person)
{
	return (struct ca_request){kind, root, person, NOW - TIME_DAY, NOW + 365 * TIME_DAY, NOW};
}
