#ifndef SIM_PHONE_ENDING_H
#define SIM_PHONE_ENDING_H

#include "base/str.h"
#include "sim/phone/words.h"

/* How a scan ends: the table endings.def, as an enum and its texts. */

enum ending {
	ENDING_NONE, /* it goes on */
#define X(name, exit, en, ja, do_en, do_ja) ENDING_##name,
#include "sim/phone/endings.def"
#undef X
	ENDING_COUNT
};

const char *ending_name(enum ending ending); /* "not_pinned" */
int ending_exit(enum ending ending);
struct str ending_title(enum ending ending, enum tongue tongue);
struct str ending_advice(enum ending ending, enum tongue tongue);

/* Of a code that a portal answered. `internal` for one that no portal should answer. */
enum ending ending_of_code(struct str code);

static inline bool ending_good(enum ending ending)
{
	return ending == ENDING_login_completed || ending == ENDING_signature_completed;
}

#endif
