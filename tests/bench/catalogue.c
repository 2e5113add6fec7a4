/*
 * bench_catalogue PROCEDURES: what the definitions cost: reading them, the memory they stay in, checking all answers of the longest form,
 * and its largest page. Prints lines of name, value, unit: processor time, the least of several rounds.
 */
#include "base/limits.h"
#include "domain/definition/paths.h"
#include "domain/form/form.h"
#include "web/preview.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define READS 10
#define ROUNDS 500

/* Of this thread: waiting for a processor that others use is not the program's. Nanoseconds are cut, not counted. */
static int64_t cpu_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void say(const char *name, double value, const char *unit)
{
	printf("%s\t%.1f\t%s\n", name, value, unit);
}

static int64_t read_once(struct arena *arena, const char *folder, struct catalogue *catalogue)
{
	struct definition_problems problems;
	int64_t from = cpu_us();
	err e = catalogue_read(arena, folder, &problems, catalogue);
	if (failed(e)) {
		fprintf(stderr, "bench_catalogue: " STR_FMT, STR_ARG(buf_view(&problems.text)));
		exit(1);
	}
	return cpu_us() - from;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void bench_reading(const char *folder)
{
	int64_t best = INT64_MAX;
	for (int i = 0; i < READS; i++) {
		struct arena arena;
		struct catalogue catalogue;
		arena_init(&arena, LIMIT_STARTUP_ARENA);
		best = least(best, read_once(&arena, folder, &catalogue));
		if (i == 0)
			say("memory of all definitions", (double)arena.used / 1024, "kb");
		arena_release(&arena);
	}
	say("reading all definitions", (double)best, "us");
}

/* Something in each box of the longest way, right or wrong: each is looked at. */
static void fill(const struct procedure *procedure, const struct path *path, struct answers *answers)
{
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		if (field_is_answered(field) && field->choices && field->choices->n)
			form_apply(answers, field, 0, field->choices->v[0].value);
		else if (field_is_answered(field))
			form_apply(answers, field, 0, STR("20000123"));
	}
	for (size_t i = 0; i < path->choice_count; i++)
		form_apply(answers, path->choices[i].field, 0, path->choices[i].value);
}

static void bench_check(const struct procedure *procedure)
{
	struct path shortest, longest;
	struct arena arena, scratch;
	struct answers answers;
	struct issues issues;
	int64_t best = INT64_MAX, calc = INT64_MAX;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	arena_init(&scratch, LIMIT_REQUEST_ARENA);
	paths_find(&arena, procedure, 20261129, &shortest, &longest);
	answers_init(&answers, &arena);
	fill(procedure, &longest, &answers);
	struct form_scope scope = {.procedure = procedure, .answers = &answers, .user_type = longest.user_type, .today = 20261129};
	for (int i = 0; i < ROUNDS; i++) {
		int64_t from = cpu_us();
		form_check(&scope, &scratch, NULL, &issues);
		best = least(best, cpu_us() - from);
		from = cpu_us();
		form_calculate(&scope, &answers);
		calc = least(calc, cpu_us() - from);
		arena_reset(&scratch);
	}
	printf("questions of the longest way\t%zu\tcount\n", longest.questions);
	say("checking all its answers", (double)best, "us");
	say("computing what is computed", (double)calc, "us");
	arena_release(&arena);
	arena_release(&scratch);
}

static int64_t render_once(struct arena *arena, const struct procedure *procedure, const struct section *section)
{
	struct buf out;
	arena_reset(arena);
	buf_init(&out, arena, LIMIT_PAGE);
	int64_t from = cpu_us();
	preview_section(arena, procedure, section, locale_get(LANG_EN, false), 20261129, &out);
	return cpu_us() - from;
}

/* The page that takes longest, with all its questions shown and every group at one row. */
static void bench_pages(const struct procedure *procedure)
{
	struct arena arena;
	int64_t worst = 0;
	arena_init(&arena, LIMIT_REQUEST_ARENA);
	for (size_t s = 0; s < procedure->section_count; s++) {
		int64_t best = INT64_MAX;
		for (int i = 0; i < 10; i++)
			best = least(best, render_once(&arena, procedure, procedure->sections[s]));
		if (best > worst) {
			worst = best;
			fprintf(stderr, "%lld us: " STR_FMT "\n", (long long)best, STR_ARG(procedure->sections[s]->id));
		}
	}
	say("the page that takes longest", (double)worst, "us");
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct catalogue catalogue;
	if (argc != 2) {
		fprintf(stderr, "usage: bench_catalogue PROCEDURES\n");
		return 64;
	}
	bench_reading(argv[1]);
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	(void)read_once(&arena, argv[1], &catalogue);
	const struct procedure *largest = catalogue.v[0];
	for (size_t i = 0; i < catalogue.n; i++)
		if (catalogue.v[i]->field_count > largest->field_count)
			largest = catalogue.v[i];
	printf("fields of the largest procedure\t%zu\tcount\n", largest->field_count);
	bench_check(largest);
	bench_pages(largest);
	arena_release(&arena);
	return 0;
}
