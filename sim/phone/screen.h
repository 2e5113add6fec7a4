#ifndef SIM_PHONE_SCREEN_H
#define SIM_PHONE_SCREEN_H

#include "sim/phone/flow.h"

/*
 * The screens as lines of text on standard output, for people (in their language, without readings)
 * or, with `porcelain`, for programs: one line a fact, a word, a tab, and its value; nothing that
 * came from others can begin a line, because it holds no control characters.
 *
 *   asked      op purpose       then who, origin, account, browser, place, title, text as they are
 * told card       name of its folder tries      a number code       the digits, and seconds ended
 * a name of endings.def race       taken, sent      (--tamper race)
 */

struct screen {
	struct arena *arena;
	enum tongue tongue;
	bool porcelain;
};

void screen_ask(const struct screen *screen, const struct flow *flow, int64_t now);
void screen_secret(const struct screen *screen, enum ask_method method, unsigned tries);
void screen_hold(const struct screen *screen);
void screen_code(const struct screen *screen, const struct flow *flow, int64_t now);
void screen_end(const struct screen *screen, enum ending ending);
/* name, tab, value; porcelain only. */
void screen_fact(const struct screen *screen, const char *name, struct str value);

/* "3 min ago". */
struct str screen_started(struct arena *arena, enum tongue tongue, int64_t started, int64_t now);
enum word screen_purpose(enum ask_purpose purpose);
enum word screen_secret_title(enum ask_method method);
enum word screen_secret_lead(enum ask_method method);

#endif
