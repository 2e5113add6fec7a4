#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

#include <stdint.h>

/*
 * One JSON object a line on standard error: time (UTC), level, event (a stable word), then the
 * fields given. Values are escaped, so nothing a person sent can forge a line. No personal data, no
 * secrets: account ids and request ids only. Safe from many threads: whole lines leave in one write.
 *
 *   log_event(LOG_WARN, "mail_refused", LOG_STR("host", host), LOG_I64("code", 550));
 */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_LEVEL_COUNT };

struct log_field {
	const char *name;
	bool is_number;
	struct str text;
	int64_t number;
};

#define LOG_STR(n, s) ((struct log_field){.name = (n), .text = (s)})
#define LOG_C(n, c) ((struct log_field){.name = (n), .text = str_of(c)})
#define LOG_I64(n, i) ((struct log_field){.name = (n), .is_number = true, .number = (i)})

#define log_event(level, event, ...)                                          \
	log_write((level), (event), (struct log_field[]){{0}, ##__VA_ARGS__}, \
		sizeof((struct log_field[]){{0}, ##__VA_ARGS__}) / sizeof(struct log_field))

/* fields[0] is unused, so that an event without fields is written the same way. */
void log_write(
	enum log_level level, const char *event, const struct log_field *fields, size_t count);
void log_set_level(enum log_level least);
void log_set_fd(int fd); /* default 2 */

/*
 * For a loop that serves many and then waits: between the two calls this thread's lines below `warn` are gathered, and
 * leave together when 4 KB are full, before a line that is not gathered, and at log_let_go. A process that is killed
 * loses what it has gathered in this round (docs/decisions/0013).
 */
void log_gather(void);
void log_let_go(void);

#endif
