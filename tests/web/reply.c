#include "site.h"

/* What a test asks of an answer. */

struct str reply_header(const struct reply *answer, const char *name, size_t n)
{
	struct str rest = answer->headers, line;

	while (str_next(&rest, '\n', &line)) {
		ptrdiff_t colon = str_find_byte(line, ':');

		if (colon > 0 && str_eq_nocase(str_sub(line, 0, (size_t)colon), str_of(name)) && n-- == 0)
			return str_trim(str_skip(line, (size_t)colon + 1));
	}
	return (struct str){0};
}

struct str reply_hidden(const struct reply *reply, const char *name)
{
	char sign[64];

	snprintf(sign, sizeof sign, "name=\"%s\" value=\"", name);
	ptrdiff_t at = str_find(reply->body, str_of(sign));

	if (at < 0)
		fail_msg("no field %s in " STR_FMT, name, STR_ARG(reply->body));
	struct str rest = str_skip(reply->body, (size_t)at + strlen(sign));

	return str_sub(rest, 0, (size_t)str_find_byte(rest, '"'));
}

struct str reply_location(const struct reply *answer)
{
	return reply_header(answer, "Location", 0);
}

void reply_expect(const struct reply *answer, int wanted, const char *file, int line)
{
	if (answer->status == wanted)
		return;
	print_error("status %d instead of %d\n" STR_FMT STR_FMT "\n" STR_FMT "\n", answer->status, wanted, STR_ARG(answer->headers),
		STR_ARG(answer->log), STR_ARG(str_sub(answer->body, 0, 4000)));
	_fail(file, line);
}
