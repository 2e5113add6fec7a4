#ifndef SIM_CARD_COMMANDS_H
#define SIM_CARD_COMMANDS_H

#include "sim/card/options.h"

#include "base/err.h"

/* The commands of softcard; man/softcard.1 says what each does. The arena is the program's. */

err command_make(struct arena *arena, const struct options *options);
err command_cast(struct arena *arena, const struct options *options);
err command_list(struct arena *arena, const struct options *options);
err command_show(struct arena *arena, const struct options *options);
err command_unlock(struct arena *arena, const struct options *options);
err command_renew(struct arena *arena, const struct options *options);
err command_move(struct arena *arena, const struct options *options);
err command_reader(struct arena *arena, const struct options *options);

/* YYYYMMDD; INVALID names the option. Absent: `otherwise`. */
err option_date(const struct options *options, enum option option, int32_t otherwise, int32_t *out);

#endif
