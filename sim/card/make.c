#include "sim/card/make.h"

#include "base/time.h"
#include "sim/card/disk.h"
#include "sim/card/text.h"

#define MAKE_ARENA (4u << 20)
#define TOKEN_LABEL 32
#define MODEL 16

/* EF 0006: the token's description of PKCS 11 (CK_TOKEN_INFO), 160 bytes, numbers of 4 bytes. */
static err put_token(struct arena *arena, const char *dir, struct str label)
{
	struct buf out;

	buf_init(&out, arena, 256);
	buf_fmt(&out, "%-*.*s%-*s%-*s%-*s", TOKEN_LABEL, STR_ARG(label), TOKEN_LABEL, "JPKI-SIM",
		MODEL, "SOFTCARD", MODEL, "0000000000000000");
	buf_lit(&out, "\0\0\x04\x0C"); /* log-in required, PIN and token are initialised */
	buf_lit(&out, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"); /* sessions */
	buf_lit(&out, "\0\0\0\x10\0\0\0\x04");             /* longest and shortest PIN */
	buf_lit(&out, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"); /* memory: not told */
	buf_lit(&out, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
	buf_lit(&out, "03"
		      "01"
		      "                "); /* versions, no clock */
	TRY(buf_error(&out));
	return disk_write(dir, CARD_TOKEN, buf_view(&out));
}

static err put_certificates(const struct ca *ca, struct arena *arena, const char *dir,
	const struct card_order *order, struct card_state *state)
{
	bool sign = !str_absent(order->secrets[SECRET_SIGN]);
	int32_t issued_on = order->issued_on != 0 ? order->issued_on : time_date(order->now);

	TRY(card_put_certificate(ca, arena, dir, state, KEY_AUTH, issued_on, order->now));
	if (sign)
		TRY(card_put_certificate(ca, arena, dir, state, KEY_SIGN, issued_on, order->now));
	return disk_write(dir, CARD_AVAILABLE, sign ? STR("\x8F\x8F\0") : STR("\0\x8F\0"));
}

static err put_text_applet(const struct ca *ca, struct arena *arena, const char *dir,
	struct card_state *state, struct str pin)
{
	char number[12];
	struct str key, public_key, file, unused_key, session_key;

	text_false_number(number);
	TRY(disk_write(dir, CARD_TEXT("0001"), text_my_number(arena, number)));
	TRY(card_put_basic4(ca, arena, dir, state));
	TRY(ca_cvc(ca, arena, &file));
	TRY(disk_write(dir, CARD_TEXT("0004"), file));
	TRY(disk_write(dir, CARD_TEXT("0005"), text_about(arena)));
	/* Secure messaging is not simulated, so nobody needs the private half of this one. */
	TRY(ca_text_key(arena, &unused_key, &session_key));
	TRY(disk_write(dir, CARD_TEXT("0006"), text_session_key(arena, session_key)));
	TRY(ca_text_key(arena, &key, &public_key));
	TRY(disk_write(dir, CARD_TEXT_KEY, key));
	TRY(text_signed_key(ca, arena, public_key, &file));
	TRY(disk_write(dir, CARD_TEXT("0007"), file));
	TRY(card_put_secret(arena, state, SECRET_TEXT, pin));
	TRY(card_put_secret(arena, state, SECRET_CODE_A, str_make(number, sizeof number)));
	return card_put_secret(arena, state, SECRET_CODE_B, card_code_b(arena, state));
}

static err check(const struct card_order *order)
{
	enum ca_root root;

	TRY(card_state_check(&order->about));
	TRY(ca_root_of(order->about.root, &root));
	if (order->issued_on != 0 && !date_valid(order->issued_on))
		return fail(ERR_INVALID, "the day of issue must be a date YYYYMMDD");
	return ok();
}

err card_make(const struct ca *ca, const char *dir, const struct card_order *order)
{
	AUTO_ARENA arena;
	struct card_state state = order->about;

	arena_init(&arena, MAKE_ARENA);
	TRY(check(order));
	TRY(card_put_secret(&arena, &state, SECRET_AUTH, order->secrets[SECRET_AUTH]));
	if (!str_absent(order->secrets[SECRET_SIGN]))
		TRY(card_put_secret(&arena, &state, SECRET_SIGN, order->secrets[SECRET_SIGN]));
	TRY(disk_make_folder(dir));
	TRY(put_token(&arena, dir, state.token));
	TRY(put_certificates(ca, &arena, dir, order, &state));
	if (!str_absent(order->secrets[SECRET_TEXT]))
		TRY(put_text_applet(ca, &arena, dir, &state, order->secrets[SECRET_TEXT]));
	/* Last: a folder without it is no card. */
	return card_state_write(dir, &state);
}
