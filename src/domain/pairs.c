#include "domain/pairs.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/vec.h"

struct str pairs_write(struct arena *arena, const struct msg_arg *pairs, size_t count)
{
	struct buf out;

	buf_init(&out, arena, LIMIT_PAIRS);
	for (size_t i = 0; i < count; i++) {
		buf_str(&out, pairs[i].name);
		buf_byte(&out, '=');
		percent_write(&out, pairs[i].value);
		buf_byte(&out, '\n');
	}
	return buf_view(&out);
}

err pairs_read(struct arena *arena, struct str text, struct msg_arg **out, size_t *count)
{
	VEC(struct msg_arg) pairs = {0};
	struct str line;

	while (str_next(&text, '\n', &line)) {
		if (line.n == 0)
			continue;
		ptrdiff_t sign = str_find_byte(line, '=');

		if (sign <= 0)
			return fail(ERR_INVALID, "a line without a name");
		struct msg_arg *pair = vec_add(arena, &pairs);

		pair->name = str_sub(line, 0, (size_t)sign);
		TRY(percent_read(arena, str_skip(line, (size_t)sign + 1), false, &pair->value));
	}
	*out = pairs.v;
	*count = pairs.n;
	return ok();
}

struct str pairs_get(const struct msg_arg *pairs, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(pairs[i].name, name))
			return pairs[i].value;
	return (struct str){0};
}
