#include "domain/definition/fault.h"

/* Above the longest line: a path, two numbers and words that quote at most a few cut values. */
#define FAULT_LINE 4096

void faults_init(struct faults *faults, struct arena *arena, struct definition_problems *problems)
{
	*faults = (struct faults){.arena = arena, .problems = problems};
	map_init(&faults->seen, arena);
	*problems = (struct definition_problems){0};
	buf_init(&problems->text, arena, (size_t)LIMIT_DEFINITION_FAULTS * FAULT_LINE);
}

void fault_at(struct faults *faults, struct place place, const char *fmt, ...)
{
	struct definition_problems *problems = faults->problems;
	if (problems->n == LIMIT_DEFINITION_FAULTS)
		return;
	char words[FAULT_LINE / 2];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	if (n < 0)
		words[0] = '\0';
	/* A value that is quoted may hold a line end: one fault stays one line. */
	for (char *c = words; *c; c++)
		if ((unsigned char)*c < 0x20)
			*c = '?';
	struct str line = str_fmt(faults->arena, "%s:%u:%u: %s\n", place.file, place.line, place.column, words);
	if (map_get(&faults->seen, line))
		return;
	map_put(&faults->seen, line, faults);
	buf_str(&problems->text, line);
	problems->n++;
}
