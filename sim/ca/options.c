#include "sim/ca/options.h"

#include "base/time.h"

static struct option *find(struct option *options, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(str_of(options[i].name), name))
			return &options[i];
	}
	return NULL;
}

/* The option in argv[*i]; *i then stands on the last word of it. */
static err read_option(int argc, char **argv, int *i, struct option *options, size_t count)
{
	struct str name = str_skip(str_of(argv[*i]), 2), value = {0};
	ptrdiff_t equals = str_find_byte(name, '=');
	if (equals >= 0) {
		value = str_skip(name, (size_t)equals + 1);
		name = str_sub(name, 0, (size_t)equals);
	}
	struct option *option = find(options, count, name);
	if (!option)
		return fail(ERR_INVALID, "there is no option --" STR_FMT " here", STR_ARG(name));
	if (!str_absent(option->value))
		return fail(ERR_INVALID, "--%s stands there twice", option->name);
	if (equals < 0) {
		if (*i + 1 >= argc)
			return fail(ERR_INVALID, "--%s wants a value", option->name);
		value = str_of(argv[++*i]);
	}
	option->value = value;
	return ok();
}

err options_read(int argc, char **argv, struct option *options, size_t count, struct words *out)
{
	struct words words = {.n = 0};
	bool ended = false;
	for (int i = 0; i < argc; i++) {
		struct str word = str_of(argv[i]);
		if (!ended && str_eq(word, STR("--"))) {
			ended = true;
		} else if (!ended && str_starts(word, STR("--"))) {
			TRY(read_option(argc, argv, &i, options, count));
		} else if (words.n == OPTIONS_WORDS_MAX) {
			return fail(ERR_INVALID, "too many words");
		} else {
			words.v[words.n++] = argv[i];
		}
	}
	*out = words;
	return ok();
}

static bool digits(struct str text, size_t from, size_t n, uint64_t *out)
{
	return str_to_u64(str_sub(text, from, n), out);
}

err options_date(const struct option *option, int64_t *out)
{
	struct str text = option->value;
	uint64_t year, month, day;
	bool formed = text.n == 10 && text.p[4] == '-' && text.p[7] == '-' &&
		      digits(text, 0, 4, &year) && digits(text, 5, 2, &month) &&
		      digits(text, 8, 2, &day);
	int32_t date = formed ? (int32_t)(year * 10000 + month * 100 + day) : 0;
	if (!date_valid(date))
		return fail(ERR_INVALID, "--%s: not a day YYYY-MM-DD", option->name);
	*out = date_start(date);
	return ok();
}

err options_number(const struct option *option, unsigned most, unsigned *out)
{
	uint64_t number;
	if (!str_to_u64(option->value, &number) || number > most)
		return fail(ERR_INVALID, "--%s: not a number up to %u", option->name, most);
	*out = (unsigned)number;
	return ok();
}
