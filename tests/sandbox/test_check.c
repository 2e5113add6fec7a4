/* sandbox/check.h as the counter uses it: real programs, real files. */

#include "base/auto.h"
#include "base/limits.h"
#include "sandbox/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
/* After those that it wants. */
#include <cmocka.h>

static struct arena arena;
static struct checker *checker;

static int file(const char *name)
{
	int fd = open(str_c(&arena, str_fmt(&arena, "%s/tests/data/pdf/%s", SOURCE_ROOT, name)),
		O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static int empty_file(void)
{
	int fd = memfd_create("output", MFD_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

/* A picture from pages that were made of a picture: without another library a JPEG is cut out of
 * the test's own small one. */
static int picture(void)
{
	int fd = open(SOURCE_ROOT "/tests/data/portrait.jpg", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

#define MUST(call)                                    \
	do {                                          \
		if (failed(call))                     \
			fail_msg("%s", err_detail()); \
	} while (0)

static void pdfs(void **state)
{
	(void)state;
	struct check_pdf said;
	AUTO_FD int good = file("qpdf-good2.pdf");
	assert_int_equal(lseek(good, 100, SEEK_SET), 100);
	MUST(check_pdf(checker, good, &said));
	assert_int_equal(said.reason, CHECK_OK);
	assert_int_equal(said.version, 13);
	assert_int_equal(said.pages, 1);
	assert_false(said.active);
	assert_int_equal(lseek(good, 0, SEEK_CUR), 100);
	AUTO_FD int locked = file("qpdf-c-r6-in.pdf");
	MUST(check_pdf(checker, locked, &said));
	assert_int_equal(said.reason, CHECK_PASSWORD_OPEN);
	AUTO_FD int broken = file("qpdf-bad15.pdf");
	MUST(check_pdf(checker, broken, &said));
	assert_int_equal(said.reason, CHECK_DAMAGED);
	assert_true(said.at > 0);
	AUTO_FD int nothing = empty_file();
	MUST(check_pdf(checker, nothing, &said));
	assert_int_equal(said.reason, CHECK_EMPTY);
}

static void too_large_a_file(void **state)
{
	(void)state;
	struct check_pdf said;
	struct pages pages;
	AUTO_FD int large = empty_file();
	assert_int_equal(ftruncate(large, LIMIT_CHECK_FILE + 1), 0);
	MUST(check_pdf(checker, large, &said));
	assert_int_equal(said.reason, CHECK_TOO_BIG_DECOMPRESSED);
	assert_int_equal(ftruncate(large, LIMIT_CHECK_FILE), 0);
	MUST(check_pdf(checker, large, &said));
	assert_int_equal(said.reason, CHECK_NOT_PDF);
	AUTO_FD int good = picture();
	AUTO_FD int out = empty_file();
	assert_int_equal(ftruncate(large, LIMIT_CHECK_FILE + 1), 0);
	const int inputs[] = {good, large};
	MUST(pages_make(checker, inputs, 2, out, &pages));
	assert_int_equal(pages.reason, CHECK_TOO_BIG_DECOMPRESSED);
	assert_int_equal(pages.refused, 1);
}

static void photos(void **state)
{
	(void)state;
	struct photo photo;
	struct picture_copy whole, again;
	AUTO_FD int in = picture();
	AUTO_FD int out = empty_file();
	AUTO_FD int other = empty_file();
	assert_int_equal(write(out, "what was there before", 21), 21);
	MUST(picture_copy_make(checker, in, LIMIT_PICTURE_SIDE, other, &whole));
	assert_int_equal(whole.reason, CHECK_OK);
	MUST(photo_make(checker, in, NULL, out, &photo));
	assert_int_equal(photo.reason, CHECK_OK);
	assert_int_equal(photo.source_width, whole.width);
	assert_int_equal(photo.width * 4, photo.height * 3);
	struct stat st;
	assert_int_equal(fstat(out, &st), 0);
	assert_int_equal(photo.bytes, st.st_size);
	MUST(picture_copy_make(checker, out, LIMIT_PICTURE_SIDE, other, &again));
	assert_int_equal(again.reason, CHECK_OK);
	assert_int_equal(again.width, photo.width);
	const struct photo_crop crop = {10, 20, 300, 400}, wrong = {0, 0, 300, 300};
	MUST(photo_make(checker, in, &crop, out, &photo));
	assert_int_equal(photo.reason, CHECK_OK);
	assert_memory_equal(&photo.crop, &crop, sizeof crop);
	assert_int_equal(photo.width, 300);
	assert_int_equal(photo_make(checker, in, &wrong, out, &photo).code, ERR_UNAVAILABLE);
}

static void advice(void **state)
{
	(void)state;
	struct photo photo = {.width = 600,
		.height = 800,
		.facts = {.brightness = 600,
			.contrast = 150,
			.sharpness = 200,
			.background_light = 850,
			.background_uneven = 20,
			.head_found = true,
			.head_top = 110,
			.head_width = 500,
			.head_centre = 500}};
	assert_int_equal(photo_advise(&photo), 0);
	const struct {
		size_t fact;
		unsigned value;
		enum photo_advice advice;
	} all[] = {
#define FACT(member) offsetof(struct photo, facts) + offsetof(struct photo_facts, member)
		{FACT(brightness), 249, PHOTO_DARK},
		{FACT(brightness), 881, PHOTO_BRIGHT},
		{FACT(contrast), 59, PHOTO_FLAT},
		{FACT(sharpness), 29, PHOTO_BLURRED},
		{FACT(background_uneven), 71, PHOTO_BACKGROUND},
		{FACT(head_centre), 419, PHOTO_OFF_CENTRE},
		{FACT(head_centre), 581, PHOTO_OFF_CENTRE},
		{FACT(head_top), 29, PHOTO_HEAD_HIGH},
		{FACT(head_top), 281, PHOTO_HEAD_LOW},
		{FACT(head_width), 329, PHOTO_HEAD_SMALL},
		{FACT(head_width), 801, PHOTO_HEAD_LARGE},
		{offsetof(struct photo, width), 353, PHOTO_COARSE},
	};
	unsigned seen = 0;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct photo other = photo;
		memcpy((char *)&other + all[i].fact, &all[i].value, sizeof(unsigned));
		assert_int_equal(photo_advise(&other), 1u << all[i].advice);
		assert_true(photo_advice_word(all[i].advice)[0] != '\0');
		seen |= 1u << all[i].advice;
	}
	assert_int_equal(seen, (1u << PHOTO_ADVICE_COUNT) - 1);
	/* Without a head nothing is said about it. */
	photo.facts.head_found = false;
	photo.facts.head_top = 0;
	assert_int_equal(photo_advise(&photo), 0);
}

static void small_pictures(void **state)
{
	(void)state;
	struct thumbnail thumbnail;
	AUTO_FD int pdf = file("qpdf-good2.pdf");
	AUTO_FD int jpeg = picture();
	AUTO_FD int out = empty_file();
	MUST(thumbnail_make(checker, pdf, THUMBNAIL_PDF, out, &thumbnail));
	assert_int_equal(thumbnail.reason, CHECK_OK);
	assert_int_equal(thumbnail.pages, 1);
	assert_int_equal(thumbnail.height, 240);
	assert_true(thumbnail.bytes > 100);
	MUST(thumbnail_make(checker, jpeg, THUMBNAIL_JPEG, out, &thumbnail));
	assert_int_equal(thumbnail.reason, CHECK_OK);
	assert_int_equal(thumbnail.width, 180);
	MUST(thumbnail_make(checker, jpeg, THUMBNAIL_PDF, out, &thumbnail));
	assert_int_equal(thumbnail.reason, CHECK_DAMAGED);
}

static void photographed_pages(void **state)
{
	(void)state;
	struct pages pages;
	struct check_pdf said;
	int inputs[LIMIT_PAGES_IN + 1];
	AUTO_FD int in = picture();
	AUTO_FD int pdf = file("qpdf-good2.pdf");
	AUTO_FD int out = empty_file();
	for (size_t i = 0; i <= LIMIT_PAGES_IN; i++)
		inputs[i] = in;
	MUST(pages_make(checker, inputs, LIMIT_PAGES_IN, out, &pages));
	assert_int_equal(pages.reason, CHECK_OK);
	assert_int_equal(pages.pages, LIMIT_PAGES_IN);
	MUST(check_pdf(checker, out, &said));
	assert_int_equal(said.reason, CHECK_OK);
	assert_int_equal(said.pages, LIMIT_PAGES_IN);
	MUST(pages_make(checker, inputs, LIMIT_PAGES_IN + 1, out, &pages));
	assert_int_equal(pages.reason, CHECK_TOO_MANY_PAGES);
	MUST(pages_make(checker, inputs, 0, out, &pages));
	assert_int_equal(pages.reason, CHECK_EMPTY);
	inputs[7] = pdf;
	MUST(pages_make(checker, inputs, 9, out, &pages));
	assert_int_equal(pages.reason, CHECK_NOT_JPEG);
	assert_int_equal(pages.refused, 7);
}

static void *check_often(void *arg)
{
	(void)arg;
	uintptr_t faults = 0;
	for (int i = 0; i < 10; i++) {
		struct check_pdf said;
		AUTO_FD int good =
			open(SOURCE_ROOT "/tests/data/pdf/qpdf-good2.pdf", O_RDONLY | O_CLOEXEC);
		err e = check_pdf(checker, good, &said);
		/* On a machine that is busy a turn may be long in coming. */
		for (int tries = 0; tries < 10 && (e.code == ERR_UNAVAILABLE || e.code == ERR_RETRY); tries++)
			e = check_pdf(checker, good, &said);
		faults += failed(e) || said.reason != CHECK_OK || said.pages != 1;
	}
	return (void *)faults; /* NOLINT(performance-no-int-to-ptr): a count, not an address */
}

/* More threads than may check at once: all get their turn. */
static void many_at_once(void **state)
{
	(void)state;
	pthread_t threads[2 * LIMIT_CHECK_AT_ONCE];
	for (size_t i = 0; i < 2 * LIMIT_CHECK_AT_ONCE; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, check_often, NULL), 0);
	for (size_t i = 0; i < 2 * LIMIT_CHECK_AT_ONCE; i++) {
		void *faults;
		pthread_join(threads[i], &faults);
		assert_null(faults);
	}
}

/* ---- on one processor: in a process of its own, as they are counted once ---- */

/*
 * In the checker's place: notes that it is at work, and when another is already. Where there is a file "hold" it works until that has gone.
 */
static const char alone[] = "#!/bin/sh\n"
	"here=${0%/*}\n"
	"mkdir \"$here/at-work\" || echo two >>\"$here/together\"\n"
	"while [ -e \"$here/hold\" ]; do sleep 0.1; done\n"
	CHECKER " \"$@\"\n"
	"status=$?\n"
	"rmdir \"$here/at-work\"\n"
	"exit $status\n";

struct place {
	char folder[32];
	const char *program, *thumbnailer, *hold, *at_work;
};

static void put_program(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, alone, sizeof alone - 1), sizeof alone - 1);
	close(fd);
}

static const char *in_place(const struct place *place, const char *name)
{
	return str_c(&arena, str_fmt(&arena, "%s/%s", place->folder, name));
}

static void place_begin(struct place *place)
{
	*place = (struct place){.folder = "/tmp/check-alone.XXXXXX"};
	assert_non_null(mkdtemp(place->folder));
	place->program = in_place(place, "madoguchi-check");
	place->thumbnailer = in_place(place, "madoguchi-thumbnail");
	place->hold = in_place(place, "hold");
	place->at_work = in_place(place, "at-work");
	put_program(place->program);
	put_program(place->thumbnailer);
}

static void place_end(const struct place *place)
{
	unlink(place->program);
	unlink(place->thumbnailer);
	/* With a note that two were at work the folder is not empty. */
	assert_int_equal(rmdir(place->folder), 0);
}

/* How many faults there were. */
static int on_one_processor(int (*work)(const struct place *place), const struct place *place)
{
	cpu_set_t mine, one;
	size_t first = 0;
	int status;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (sched_getaffinity(0, sizeof mine, &mine) != 0)
			_exit(99);
		while (!CPU_ISSET(first, &mine))
			first++;
		CPU_ZERO(&one);
		CPU_SET(first, &one);
		if (sched_setaffinity(0, sizeof one, &one) != 0 || failed(checker_new(&arena, str_of(place->program), &checker)))
			_exit(98);
		_exit(work(place));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int from_four_threads(const struct place *place)
{
	pthread_t threads[4];
	int faults = 0;
	(void)place;
	for (size_t i = 0; i < 4; i++)
		faults += pthread_create(&threads[i], NULL, check_often, NULL) != 0;
	for (size_t i = 0; i < 4; i++) {
		void *some;
		pthread_join(threads[i], &some);
		faults += some != NULL;
	}
	return faults;
}

static void no_more_at_once_than_processors(void **state)
{
	(void)state;
	struct place place;
	place_begin(&place);
	assert_int_equal(on_one_processor(from_four_threads, &place), 0);
	place_end(&place);
}

/* 0: it had its verdict, or the clock has ended it. */
static void *check_once(void *arg)
{
	(void)arg;
	struct check_pdf said;
	AUTO_FD int good = open(SOURCE_ROOT "/tests/data/pdf/qpdf-good2.pdf", O_RDONLY | O_CLOEXEC);
	err e = check_pdf(checker, good, &said);
	return (void *)(uintptr_t)(e.code != OK && e.code != ERR_RETRY); /* NOLINT(performance-no-int-to-ptr): a count, not an address */
}

/* One has the only place and keeps it; another waits for its turn, and not for ever. */
static int while_one_is_held(const struct place *place)
{
	struct check_pdf said;
	pthread_t first;
	void *faults = NULL;
	AUTO_FD int good = open(SOURCE_ROOT "/tests/data/pdf/qpdf-good2.pdf", O_RDONLY | O_CLOEXEC);
	if (pthread_create(&first, NULL, check_once, NULL) != 0)
		return 97;
	while (access(place->at_work, F_OK) != 0)
		usleep(10000);
	bool waited = check_pdf(checker, good, &said).code == ERR_UNAVAILABLE;
	unlink(place->hold);
	pthread_join(first, &faults);
	/* Then it is its turn. */
	bool taken = check_once(NULL) == NULL;
	return !waited + (faults != NULL) + !taken;
}

static void a_turn_is_not_waited_for_for_ever(void **state)
{
	(void)state;
	struct place place;
	place_begin(&place);
	put_program(place.hold);
	assert_int_equal(on_one_processor(while_one_is_held, &place), 0);
	place_end(&place);
}

static void programs_that_are_not_there(void **state)
{
	(void)state;
	struct checker *other;
	assert_int_equal(
		checker_new(&arena, STR("/nowhere/madoguchi-check"), &other).code, ERR_UNAVAILABLE);
	/* The one without the other. */
	assert_int_equal(checker_new(&arena, STR("/bin/true"), &other).code, ERR_UNAVAILABLE);
	/* Neither beside this test nor where the build lays them. */
	assert_int_equal(checker_new(&arena, STR(""), &other).code, ERR_UNAVAILABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_at_once_than_processors), /* these two first: they fork */
		cmocka_unit_test(a_turn_is_not_waited_for_for_ever),
		cmocka_unit_test(pdfs),
		cmocka_unit_test(too_large_a_file),
		cmocka_unit_test(photos),
		cmocka_unit_test(advice),
		cmocka_unit_test(small_pictures),
		cmocka_unit_test(photographed_pages),
		cmocka_unit_test(many_at_once),
		cmocka_unit_test(programs_that_are_not_there),
	};
	arena_init(&arena, 1u << 20);
	/* As at the counter's start: what is made there is read-only afterwards. */
	static struct arena frozen;
	arena_init(&frozen, 1u << 20);
	if (failed(checker_new(&frozen, str_of(CHECKER), &checker))) {
		fprintf(stderr, "%s\n", err_detail());
		return 1;
	}
	arena_freeze(&frozen);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
