#include "sim/card/jpki.h"

#include "sim/card/apdu.h"
#include "sim/card/terminal.h"

#define EF_SIGN_CERT 0x0001u
#define EF_SIGN_CA 0x0002u
#define EF_TOKEN 0x0006u
#define EF_AVAILABLE 0x0008u
#define EF_AUTH_CERT 0x000Au
#define EF_AUTH_CA 0x000Bu
#define EF_MY_NUMBER 0x0001u

#define TOKEN_LABEL 32
#define IS_THERE '\x8F'

static const unsigned secret_files[SECRET_COUNT] = {
	[SECRET_AUTH] = 0x0018,
	[SECRET_SIGN] = 0x001B,
	[SECRET_TEXT] = 0x0011,
	[SECRET_CODE_A] = 0x0014,
	[SECRET_CODE_B] = 0x0015,
};

err jpki_select(const struct card_port *port, enum card_applet applet)
{
	const struct apdu apdu = {.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = applet_aid(applet)};

	return terminal_command(port, NULL, &apdu, NULL);
}

/* VERIFY of the selected secret; data absent asks for the tries. */
static err verify(
	const struct card_port *port, enum card_secret secret, struct str text, unsigned *status)
{
	const struct apdu apdu = {.ins = 0x20, .p2 = 0x80, .data = text};
	AUTO_ARENA arena;
	struct str nothing;

	arena_init(&arena, TERMINAL_ARENA);
	TRY(terminal_select(port, secret_files[secret]));
	return terminal_exchange(port, &arena, &apdu, status, &nothing);
}

err jpki_tries(const struct card_port *port, enum card_secret secret, unsigned *left)
{
	unsigned status;

	TRY(verify(port, secret, (struct str){0}, &status));
	if (status == SW_BLOCKED)
		*left = 0;
	else if ((status & 0xFFF0) == SW_WRONG)
		*left = status & 0xF;
	else
		return terminal_error(status);
	return ok();
}

err jpki_verify(const struct card_port *port, enum card_secret secret, struct str text,
	enum jpki_verdict *verdict, unsigned *left)
{
	unsigned status;

	if (!secret_valid(secret, text))
		return fail(ERR_INVALID, "this is no %s", secret_rules[secret].words);
	TRY(verify(port, secret, text, &status));
	if (status == SW_OK) {
		*verdict = JPKI_RIGHT;
		*left = secret_rules[secret].most;
	} else if (status == SW_BLOCKED) {
		*verdict = JPKI_LOCKED;
		*left = 0;
	} else if ((status & 0xFFF0) == SW_WRONG) {
		*verdict = JPKI_WRONG;
		*left = status & 0xF;
	} else {
		return terminal_error(status);
	}
	return ok();
}

err jpki_change(const struct card_port *port, enum card_secret secret, struct str text)
{
	const struct apdu apdu = {.ins = 0x24, .p1 = 0x01, .p2 = 0x80, .data = text};

	if (!secret_valid(secret, text))
		return fail(ERR_INVALID, "this is no %s", secret_rules[secret].words);
	TRY(terminal_select(port, secret_files[secret]));
	return terminal_command(port, NULL, &apdu, NULL);
}

err jpki_token(const struct card_port *port, struct arena *arena, struct str *label)
{
	struct str whole;

	TRY(terminal_select(port, EF_TOKEN));
	TRY(terminal_read(port, arena, 0, TOKEN_LABEL, &whole));
	if (whole.n != TOKEN_LABEL)
		return fail(ERR_INVALID, "the card's token label is too short");
	*label = str_trim(whole);
	return ok();
}

err jpki_available(const struct card_port *port, bool *auth, bool *sign)
{
	AUTO_ARENA arena;
	struct str bytes;

	arena_init(&arena, TERMINAL_ARENA);
	TRY(terminal_select(port, EF_AVAILABLE));
	TRY(terminal_read(port, &arena, 0, 3, &bytes));
	if (bytes.n != 3)
		return fail(ERR_INVALID, "the card's list of certificates is too short");
	*sign = bytes.p[0] == IS_THERE;
	*auth = bytes.p[1] == IS_THERE;
	return ok();
}

err jpki_cert(const struct card_port *port, struct arena *arena, enum card_key key, bool ca,
	struct str *der)
{
	static const unsigned ids[KEY_COUNT][2] = {
		[KEY_AUTH] = {EF_AUTH_CERT, EF_AUTH_CA}, [KEY_SIGN] = {EF_SIGN_CERT, EF_SIGN_CA}};

	TRY(terminal_select(port, ids[key][ca]));
	return terminal_read_tlv(port, arena, der);
}

err jpki_text_file(
	const struct card_port *port, struct arena *arena, unsigned id, struct str *bytes)
{
	if (id == EF_MY_NUMBER)
		return fail(ERR_DENIED, "the My Number is not read");
	TRY(terminal_select(port, id));
	return terminal_read_tlv(port, arena, bytes);
}
