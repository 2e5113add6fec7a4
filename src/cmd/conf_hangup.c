#include "cmd/conf.h"

#include "base/limits.h"

void conf_hangup(struct arena *arena, const struct conf_input *input, struct conf *live)
{
	struct conf_problems problems;
	struct conf fresh;
	struct buf restart;
	struct str rest, line;

	conf_problems_init(&problems, arena);
	err result = conf_read(arena, input, &problems, &fresh);
	if (failed(result)) {
		rest = buf_view(&problems.text);
		while (str_next(&rest, '\n', &line))
			log_event(LOG_ERROR, "config_fault", LOG_STR("fault", line));
		log_event(LOG_ERROR, "config_kept", LOG_C("detail", err_detail()));
		return;
	}
	buf_init(&restart, arena, LIMIT_CONF_LINE);
	size_t taken = conf_reload(live, &fresh, &restart);
	log_set_level(live->log_level);
	log_event(LOG_INFO, "config_reloaded", LOG_I64("changed", (int64_t)taken));
	rest = buf_view(&restart);
	while (str_next(&rest, '\n', &line))
		log_event(LOG_WARN, "config_needs_restart", LOG_STR("key", line));
}
