#include "sandbox/check.h"

#include "base/limits.h"
#include "base/time.h"
#include "sandbox/spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/stat.h>

struct checker {
	const char *check;
	const char *thumbnail;
};

/* Not in the struct: that may lie in memory that is read-only by now, and the machine's memory is
 * shared by all there are. */
static sem_t turns;
static pthread_once_t turns_made = PTHREAD_ONCE_INIT;

/* A checker does nothing but compute: two that share a processor both take twice as long, and come nearer to their limits. */
static unsigned count_places(void)
{
	cpu_set_t mine;
	int processors = sched_getaffinity(0, sizeof mine, &mine) == 0 ? CPU_COUNT(&mine) : 1;
	return processors < 1                     ? 1
	       : processors > LIMIT_CHECK_AT_ONCE ? LIMIT_CHECK_AT_ONCE
						  : (unsigned)processors;
}

static void make_turns(void)
{
	int e = sem_init(&turns, 0, count_places());
	assert(e == 0);
	(void)e;
}

/* Not for ever: who waits is a thread that other people need. */
static err take_turn(void)
{
	pthread_once(&turns_made, make_turns);
	int64_t until = time_monotonic() + LIMIT_CHECK_TURN_MS;
	const struct timespec at = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
	while (sem_clockwait(&turns, CLOCK_MONOTONIC, &at) != 0) {
		if (errno == ETIMEDOUT)
			return fail(ERR_UNAVAILABLE, "checker: all are at work");
		assert(errno == EINTR);
	}
	return ok();
}

/* Beside the running program when installed; as the folders of the build lie otherwise. */
static const char *const places[] = {"", "../check/", NULL};

static const char *beside(struct arena *arena, const char *name)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	if (n <= 0 || (size_t)n >= sizeof self)
		return NULL;
	size_t folder = (size_t)n;
	while (folder > 0 && self[folder - 1] != '/')
		folder--;
	for (const char *const *place = places; *place; place++) {
		const char *path =
			str_c(arena, str_fmt(arena, "%.*s%s%s", (int)folder, self, *place, name));
		if (access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

#define CHECK_NAME "madoguchi-check"
#define THUMBNAIL_NAME "madoguchi-thumbnail"

err checker_new(struct arena *arena, struct str path, struct checker **out)
{
	const char *check = path.n ? str_c(arena, path) : beside(arena, CHECK_NAME);
	if (!check || access(check, X_OK) != 0)
		return fail(ERR_UNAVAILABLE, "no program %s that may be run",
			check ? check : CHECK_NAME " beside this one");
	const char *slash = strrchr(check, '/');
	size_t folder = slash ? (size_t)(slash - check) + 1 : 0;
	struct checker *checker = arena_new(arena, struct checker);
	checker->check = check;
	checker->thumbnail =
		str_c(arena, str_fmt(arena, "%.*s%s", (int)folder, check, THUMBNAIL_NAME));
	if (access(checker->thumbnail, X_OK) != 0)
		return fail(ERR_UNAVAILABLE, "no program %s that may be run", checker->thumbnail);
	*out = checker;
	return ok();
}

/* A line with its verdict; the one points into the other. */
struct said {
	struct spawn_answer answer;
	struct verdict verdict;
};

static err understand(struct said *said)
{
	static const enum check_reason of_end[] = {
		[SPAWN_TIME] = CHECK_TIME,
		[SPAWN_OUTPUT] = CHECK_TOO_BIG_DECOMPRESSED,
		[SPAWN_DIED] = CHECK_DIED,
	};
	if (said->answer.end == SPAWN_UNFINISHED)
		return fail(ERR_RETRY, "checker: %s after %lld ms of the processor",
			said->answer.signal ? "killed" : "out of time", (long long)said->answer.cpu_ms);
	said->verdict = (struct verdict){.reason = CHECK_DIED};
	if (said->answer.end != SPAWN_ANSWERED)
		said->verdict.reason = of_end[said->answer.end];
	else if (!verdict_read(str_make(said->answer.line, said->answer.n), &said->verdict))
		said->verdict = (struct verdict){.reason = CHECK_DIED};
	return ok();
}

static bool too_large(const struct spawn_file *files, size_t count)
{
	struct stat st;
	for (size_t i = 0; i < count; i++) {
		if (!files[i].write && fstat(files[i].fd, &st) == 0 &&
			st.st_size > LIMIT_CHECK_FILE)
			return true;
	}
	return false;
}

static err ask(const char *path, const char *const *argv, const struct spawn_file *files,
	size_t count, struct said *said)
{
	if (too_large(files, count)) {
		*said = (struct said){.verdict.reason = CHECK_TOO_BIG_DECOMPRESSED};
		return ok();
	}
	TRY(take_turn());
	err e = spawn_ask(path, argv, files, count, LIMIT_CHECK_MS, &said->answer);
	sem_post(&turns);
	TRY(e);
	return understand(said);
}

/* A number that is not there, or larger than any of ours, is 0 or the largest: it is only shown. */
static unsigned number(const struct said *said, const char *name)
{
	uint64_t value = 0;
	verdict_number_find(&said->verdict, name, &value);
	return value > INT_MAX ? INT_MAX : (unsigned)value;
}

static uint64_t size_of(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

err check_pdf(const struct checker *checker, int fd, struct check_pdf *out)
{
	struct said said;
	const struct spawn_file files[] = {{.fd = fd, .as = 3}};
	const char *const argv[] = {CHECK_NAME, "pdf", NULL};
	TRY(ask(checker->check, argv, files, 1, &said));
	uint64_t at = 0;
	verdict_number_find(&said.verdict, "at", &at);
	*out = (struct check_pdf){
		.reason = said.verdict.reason,
		.signal = said.answer.signal,
		.version = number(&said, "version"),
		.pages = number(&said, "pages"),
		.active = number(&said, "active") != 0,
		.at = at,
	};
	return ok();
}

static struct photo_facts facts_of(const struct said *said)
{
	return (struct photo_facts){
		.brightness = number(said, "light"),
		.contrast = number(said, "contrast"),
		.sharpness = number(said, "sharp"),
		.background_light = number(said, "back"),
		.background_uneven = number(said, "uneven"),
		.head_found = number(said, "head") != 0,
		.head_top = number(said, "top"),
		.head_width = number(said, "wide"),
		.head_centre = number(said, "centre"),
	};
}

err photo_make(const struct checker *checker, int in, const struct photo_crop *crop, int out,
	struct photo *photo)
{
	struct said said;
	char x[12], y[12], width[12], height[12];
	const struct photo_crop wanted = crop ? *crop : (struct photo_crop){0};
	(void)snprintf(x, sizeof x, "%u", wanted.x);
	(void)snprintf(y, sizeof y, "%u", wanted.y);
	(void)snprintf(width, sizeof width, "%u", wanted.width);
	(void)snprintf(height, sizeof height, "%u", wanted.height);
	const struct spawn_file files[] = {
		{.fd = in, .as = 3}, {.fd = out, .as = 4, .write = true}};
	const char *const argv[] = {CHECK_NAME, "photo", x, y, width, height, NULL};
	TRY(ask(checker->check, argv, files, 2, &said));
	*photo = (struct photo){
		.reason = said.verdict.reason,
		.signal = said.answer.signal,
		.source_width = number(&said, "source_w"),
		.source_height = number(&said, "source_h"),
		.crop = {number(&said, "x"), number(&said, "y"), number(&said, "w"),
			number(&said, "h")},
		.width = number(&said, "width"),
		.height = number(&said, "height"),
		.bytes = size_of(out),
		.facts = facts_of(&said),
	};
	return ok();
}

err thumbnail_make(const struct checker *checker, int in, enum thumbnail_of of, int out,
	struct thumbnail *thumbnail)
{
	struct said said;
	const struct spawn_file files[] = {
		{.fd = in, .as = 3}, {.fd = out, .as = 4, .write = true}};
	bool pdf = of == THUMBNAIL_PDF;
	const char *const argv[] = {
		pdf ? THUMBNAIL_NAME : CHECK_NAME, pdf ? NULL : "thumbnail", NULL};
	TRY(ask(pdf ? checker->thumbnail : checker->check, argv, files, 2, &said));
	*thumbnail = (struct thumbnail){
		.reason = said.verdict.reason,
		.signal = said.answer.signal,
		.width = number(&said, "width"),
		.height = number(&said, "height"),
		.pages = number(&said, "pages"),
		.bytes = size_of(out),
	};
	return ok();
}

err picture_copy_make(
	const struct checker *checker, int in, unsigned side, int out, struct picture_copy *copy)
{
	struct said said;
	char longest[12];
	(void)snprintf(longest, sizeof longest, "%u", side);
	const struct spawn_file files[] = {
		{.fd = in, .as = 3}, {.fd = out, .as = 4, .write = true}};
	const char *const argv[] = {CHECK_NAME, "picture", longest, NULL};
	TRY(ask(checker->check, argv, files, 2, &said));
	*copy = (struct picture_copy){
		.reason = said.verdict.reason,
		.signal = said.answer.signal,
		.width = number(&said, "width"),
		.height = number(&said, "height"),
		.bytes = size_of(out),
	};
	return ok();
}

static_assert(LIMIT_PAGES_IN + 1 <= SPAWN_FILES_MAX, "descriptors of one child");

err pages_make(
	const struct checker *checker, const int *in, size_t count, int out, struct pages *pages)
{
	struct said said;
	char how_many[12];
	struct spawn_file files[LIMIT_PAGES_IN + 1];
	if (count == 0 || count > LIMIT_PAGES_IN) {
		*pages = (struct pages){.reason = count ? CHECK_TOO_MANY_PAGES : CHECK_EMPTY};
		return ok();
	}
	/* 4 is the output, so the inputs are 3, 5, 6, … */
	for (size_t i = 0; i < count; i++)
		files[i] = (struct spawn_file){.fd = in[i], .as = i == 0 ? 3 : (int)i + 4};
	for (size_t i = 0; i < count; i++) {
		if (too_large(&files[i], 1)) {
			*pages = (struct pages){
				.reason = CHECK_TOO_BIG_DECOMPRESSED, .refused = (unsigned)i};
			return ok();
		}
	}
	files[count] = (struct spawn_file){.fd = out, .as = 4, .write = true};
	(void)snprintf(how_many, sizeof how_many, "%zu", count);
	const char *const argv[] = {CHECK_NAME, "pages", how_many, NULL};
	TRY(ask(checker->check, argv, files, count + 1, &said));
	*pages = (struct pages){
		.reason = said.verdict.reason,
		.signal = said.answer.signal,
		.refused = number(&said, "file"),
		.pages = number(&said, "pages"),
		.bytes = size_of(out),
	};
	return ok();
}
