#include "sim/phone/options.h"

#include "sim/phone/exits.h"

#include <getopt.h>

enum {
	O_HOME = 1,
	O_CARDS,
	O_CARD,
	O_PCSC,
	O_PIN,
	O_PIN_FILE,
	O_PASSWORD,
	O_PASSWORD_FILE,
	O_METHOD,
	O_DECLINE,
	O_WRONG_PIN,
	O_TAMPER,
	O_OTHER_CARD,
	O_OTHER_SECRET,
	O_PORCELAIN,
	O_NO_WAIT,
	O_LANG,
	O_CA_FILE,
	O_LISTEN,
	O_ID,
	O_THUMBPRINT,
};

static const struct option table[] = {
	{"home", required_argument, NULL, O_HOME},
	{"cards", required_argument, NULL, O_CARDS},
	{"card", required_argument, NULL, O_CARD},
	{"pcsc", optional_argument, NULL, O_PCSC},
	{"pin", required_argument, NULL, O_PIN},
	{"pin-file", required_argument, NULL, O_PIN_FILE},
	{"password", required_argument, NULL, O_PASSWORD},
	{"password-file", required_argument, NULL, O_PASSWORD_FILE},
	{"method", required_argument, NULL, O_METHOD},
	{"decline", no_argument, NULL, O_DECLINE},
	{"wrong-pin", required_argument, NULL, O_WRONG_PIN},
	{"tamper", required_argument, NULL, O_TAMPER},
	{"other-card", required_argument, NULL, O_OTHER_CARD},
	{"other-secret", required_argument, NULL, O_OTHER_SECRET},
	{"porcelain", no_argument, NULL, O_PORCELAIN},
	{"no-wait", no_argument, NULL, O_NO_WAIT},
	{"lang", required_argument, NULL, O_LANG},
	{"ca-file", required_argument, NULL, O_CA_FILE},
	{"listen", required_argument, NULL, O_LISTEN},
	{"id", required_argument, NULL, O_ID},
	{"thumbprint", required_argument, NULL, O_THUMBPRINT},
	{0},
};

static int wrong(const char *option, const char *words)
{
	fprintf(stderr, "simphone: --%s: %s\n", option, words);
	return EXIT_USAGE;
}

/* Other programs of this machine may read a command line: the secret does not stay in it. */
static int take_secret(struct secret *secret, char *value)
{
	err e = secret_set(secret, str_of(value));
	explicit_bzero(value, strlen(value));
	return failed(e) ? wrong("pin, --password", err_detail()) : EXIT_DONE;
}

static int take_file(struct secret *secret, const char *path)
{
	err e = secret_from(secret, path);
	if (!failed(e))
		return EXIT_DONE;
	fprintf(stderr, "simphone: %s\n", err_detail());
	return e.code == ERR_INVALID ? EXIT_DATA : EXIT_NO_INPUT;
}

static int take_method(struct options *o, const char *value)
{
	o->card_text = strcmp(value, "card_text") == 0;
	return o->card_text || strcmp(value, "jpki") == 0 ? EXIT_DONE
							  : wrong("method", "jpki or card_text");
}

static int take_lang(struct options *o, const char *value)
{
	o->tongue = strcmp(value, "ja") == 0 ? TONGUE_JA : TONGUE_EN;
	return strcmp(value, tongue_tags[o->tongue]) == 0 ? EXIT_DONE : wrong("lang", "en or ja");
}

static int take_wrong_pins(struct options *o, const char *value)
{
	uint64_t n;
	if (!str_to_u64(str_of(value), &n) || n < 1 || n > 10)
		return wrong("wrong-pin", "1 to 10");
	o->wrong_pins = (unsigned)n;
	return EXIT_DONE;
}

static int take_tamper(struct arena *arena, struct options *o, const char *value)
{
	struct tamper before = o->tamper;
	tamper_release(&before);
	if (failed(tamper_init(arena, str_of(value), &o->tamper))) {
		o->tamper = (struct tamper){0};
		return wrong("tamper", "no such way; simphone tampers lists them");
	}
	o->tamper.other_card = before.other_card;
	o->tamper.second_secret = before.second_secret;
	return EXIT_DONE;
}

static int take_other_secret(struct arena *arena, struct options *o, char *value)
{
	o->tamper.second_secret = str_dup(arena, str_of(value));
	explicit_bzero(value, strlen(value));
	return EXIT_DONE;
}

/* Where a text is kept as it is; NULL: it is no such option. */
static const char **text_of(struct options *o, int option)
{
	switch (option) {
	case O_HOME:
		return &o->home;
	case O_CARDS:
		return &o->cards;
	case O_CARD:
		return &o->card;
	case O_OTHER_CARD:
		return &o->tamper.other_card;
	case O_CA_FILE:
		return &o->ca_file;
	case O_LISTEN:
		return &o->listen;
	case O_ID:
		return &o->id;
	case O_THUMBPRINT:
		return &o->thumbprint;
	default:
		return NULL;
	}
}

/* Secrets and choices, each with a rule of its own. */
static int take_value(struct arena *arena, struct options *o, int option, char *value)
{
	switch (option) {
	case O_PIN:
		return take_secret(&o->pin, value);
	case O_PIN_FILE:
		return take_file(&o->pin, value);
	case O_PASSWORD:
		return take_secret(&o->password, value);
	case O_PASSWORD_FILE:
		return take_file(&o->password, value);
	case O_METHOD:
		return take_method(o, value);
	case O_WRONG_PIN:
		return take_wrong_pins(o, value);
	case O_TAMPER:
		return take_tamper(arena, o, value);
	case O_OTHER_SECRET:
		return take_other_secret(arena, o, value);
	case O_LANG:
		return take_lang(o, value);
	default:
		return EXIT_USAGE; /* getopt has said why */
	}
}

static int take(struct arena *arena, struct options *o, int option, char *value)
{
	const char **text = text_of(o, option);
	if (text) {
		*text = value;
		return EXIT_DONE;
	}
	switch (option) {
	case O_PCSC:
		o->pcsc = true;
		o->reader = value ? value : "";
		return EXIT_DONE;
	case O_DECLINE:
		o->decline = true;
		return EXIT_DONE;
	case O_PORCELAIN:
		o->porcelain = true;
		return EXIT_DONE;
	case O_NO_WAIT:
		o->no_wait = true;
		return EXIT_DONE;
	default:
		return take_value(arena, o, option, value);
	}
}

int options_read(struct arena *arena, int argc, char **argv, struct options *out)
{
	const char *home = getenv("SIMPHONE_HOME");
	*out = (struct options){
		.home = home && *home ? home : "./simphone", .listen = "127.0.0.1:8090"};
	for (int option; (option = getopt_long(argc, argv, "", table, NULL)) != -1;) {
		int code = take(arena, out, option, optarg);
		if (code != EXIT_DONE)
			return code;
	}
	if (optind < argc)
		out->target = argv[optind++];
	if (optind < argc) {
		fprintf(stderr, "simphone: one too many: %s\n", argv[optind]);
		return EXIT_USAGE;
	}
	if (out->card && out->pcsc)
		return wrong("card", "not with --pcsc");
	return EXIT_DONE;
}

void options_release(struct options *options)
{
	secret_wipe(&options->pin);
	secret_wipe(&options->password);
	tamper_release(&options->tamper);
}
