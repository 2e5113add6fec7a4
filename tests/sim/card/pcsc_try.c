/*
 * pcsc_try PIN PASSWORD TEXT-PIN PREFIX: reads a card on a PC/SC reader as an app does, and puts
 * what it saw into files that begin with PREFIX. Ends with 1 and the words of the error, or with 2
 * and "locked".
 */

#include "base/auto.h"
#include "crypto/init.h"
#include "sim/card/files.h"
#include "sim/card/pcsc.h"

static const char *prefix;

static err keep(const char *name, struct str bytes)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s-%s", prefix, name);
	AUTO_FILE FILE *file = fopen(path, "we");
	if (!file || fwrite(bytes.p, 1, bytes.n, file) != bytes.n)
		return fail(ERR_UNAVAILABLE, "cannot write");
	return ok();
}

static err open_with(const struct card_port *port, enum card_secret secret, const char *text)
{
	enum jpki_verdict verdict;
	unsigned left;

	TRY(jpki_verify(port, secret, str_of(text), &verdict, &left));
	if (verdict == JPKI_LOCKED) {
		puts("locked");
		exit(2);
	}
	return verdict == JPKI_RIGHT ? ok() : fail(ERR_DENIED, "wrong, %u left", left);
}

static err read_certificates(const struct card_port *port, struct arena *arena, char **argv)
{
	struct str bytes;

	TRY(jpki_select(port, APPLET_JPKI));
	TRY(jpki_token(port, arena, &bytes));
	printf("token " STR_FMT "\n", STR_ARG(bytes));
	TRY(open_with(port, SECRET_AUTH, argv[1]));
	TRY(jpki_cert(port, arena, KEY_AUTH, false, &bytes));
	TRY(keep(CARD_AUTH_CERT, bytes));
	TRY(jpki_sign(port, arena, KEY_AUTH, JPKI_RS256, STR("a message"), &bytes));
	TRY(keep("signature", bytes));
	TRY(open_with(port, SECRET_SIGN, argv[2]));
	TRY(jpki_cert(port, arena, KEY_SIGN, false, &bytes));
	return keep(CARD_SIGN_CERT, bytes);
}

static err read_text(const struct card_port *port, struct arena *arena, const char *pin)
{
	static const struct {
		unsigned id;
		const char *name;
	} files[] = {{2, CARD_TEXT("0002")}, {3, CARD_TEXT("0003")}, {7, CARD_TEXT("0007")}};

	TRY(jpki_select(port, APPLET_TEXT));
	TRY(open_with(port, SECRET_TEXT, pin));
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct str bytes;

		TRY(jpki_text_file(port, arena, files[i].id, &bytes));
		TRY(keep(files[i].name, bytes));
	}
	return ok();
}

static err read_all(struct arena *arena, char **argv)
{
	AUTO_PCSC pcsc = {0};
	struct str names;

	TRY(crypto_init());
	TRY(pcsc_readers(arena, &names));
	printf(STR_FMT, STR_ARG(names));
	TRY(pcsc_open(STR("Virtual PCD"), &pcsc));
	struct card_port port = pcsc_port(&pcsc);

	TRY(read_certificates(&port, arena, argv));
	return read_text(&port, arena, argv[3]);
}

int main(int argc, char **argv)
{
	AUTO_ARENA arena;

	arena_init(&arena, 1u << 20);
	if (argc != 5)
		return 64;
	prefix = argv[4];
	if (!failed(read_all(&arena, argv)))
		return 0;
	puts(err_detail());
	return 1;
}
