#include "sim/phone/ending.h"

#include "sim/phone/exits.h"

static const struct {
	const char *name;
	int exit;
	struct str title[TONGUE_COUNT], advice[TONGUE_COUNT];
} endings[ENDING_COUNT] = {
	[ENDING_NONE] = {"none", EXIT_DONE, {STR_INIT(""), STR_INIT("")},
		{STR_INIT(""), STR_INIT("")}},
#define X(name, exit, en, ja, do_en, do_ja)                                                       \
	[ENDING_##name] = {#name, exit, {[TONGUE_EN] = STR_INIT(en), [TONGUE_JA] = STR_INIT(ja)}, \
		{[TONGUE_EN] = STR_INIT(do_en), [TONGUE_JA] = STR_INIT(do_ja)}},
#include "sim/phone/endings.def"
#undef X
};

const char *ending_name(enum ending ending)
{
	return endings[ending].name;
}

int ending_exit(enum ending ending)
{
	return endings[ending].exit;
}

struct str ending_title(enum ending ending, enum tongue tongue)
{
	return endings[ending].title[tongue];
}

struct str ending_advice(enum ending ending, enum tongue tongue)
{
	return endings[ending].advice[tongue];
}

enum ending ending_of_code(struct str code)
{
	/* What only the app itself may say stands before the portal's codes. */
	for (enum ending e = ENDING_declined; e < ENDING_COUNT; e++) {
		if (str_eq(code, str_of(endings[e].name)))
			return e;
	}
	return ENDING_internal;
}
