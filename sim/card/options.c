#include "sim/card/options.h"

static const struct {
	const char *name;
	bool is_switch;
} known[OPT_COUNT] = {
	[OPT_CA] = {"ca", false},
	[OPT_NAME] = {"name", false},
	[OPT_ADDRESS] = {"address", false},
	[OPT_BIRTH] = {"birth", false},
	[OPT_SEX] = {"sex", false},
	[OPT_PREFECTURE] = {"prefecture", false},
	[OPT_MUNICIPALITY] = {"municipality", false},
	[OPT_EXPIRES] = {"expires", false},
	[OPT_ISSUED] = {"issued", false},
	[OPT_PIN] = {"pin", false},
	[OPT_PASSWORD] = {"password", false},
	[OPT_TEXT_PIN] = {"text-pin", false},
	[OPT_LABEL] = {"label", false},
	[OPT_TOKEN] = {"token", false},
	[OPT_ROOT] = {"root", false},
	[OPT_SECURITY_CODE] = {"security-code", false},
	[OPT_NO_SIGN] = {"no-sign", true},
	[OPT_NO_TEXT] = {"no-text", true},
	[OPT_HOST] = {"host", false},
	[OPT_PORT] = {"port", false},
	[OPT_WAIT] = {"wait", false},
	[OPT_ONLY] = {"only", false},
};

static bool complain(const char *words, const char *about)
{
	fprintf(stderr, "softcard: %s%s\n", words, about);
	return false;
}

static enum option find(struct str name)
{
	for (enum option i = 0; i < OPT_COUNT; i++) {
		if (str_eq(name, str_of(known[i].name)))
			return i;
	}
	return OPT_COUNT;
}

/* The option at argv[*i]; moves *i on when its value is the next word. */
static bool take(int argc, char **argv, int *i, unsigned allowed, struct options *out)
{
	struct str rest = str_of(argv[*i] + 2), name = {0};
	bool has_value = str_find_byte(rest, '=') >= 0;

	str_next(&rest, '=', &name);
	enum option option = find(name);

	if (option == OPT_COUNT || !(allowed & OPTION(option)))
		return complain("there is no option here of the name ", argv[*i]);
	if (!str_absent(out->v[option]))
		return complain("given twice: ", argv[*i]);
	if (known[option].is_switch) {
		out->v[option] = STR("");
		return !has_value || complain("takes no value: ", argv[*i]);
	}
	if (!has_value && *i + 1 == argc)
		return complain("wants a value: ", argv[*i]);
	out->v[option] = has_value ? str_of(argv[*i] + 2 + name.n + 1) : str_of(argv[++*i]);
	return true;
}

bool options_read(int argc, char **argv, unsigned needed, unsigned allowed, struct options *out)
{
	struct options options = {0};

	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) == 0) {
			if (!take(argc, argv, &i, needed | allowed, &options))
				return false;
		} else if (options.word) {
			return complain("one folder is enough: ", argv[i]);
		} else {
			options.word = argv[i];
		}
	}
	if (!options.word)
		return complain("which folder?", "");
	for (enum option i = 0; i < OPT_COUNT; i++) {
		if ((needed & OPTION(i)) && str_absent(options.v[i]))
			return complain("missing: --", known[i].name);
	}
	*out = options;
	return true;
}
