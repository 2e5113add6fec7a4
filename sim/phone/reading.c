#include "sim/phone/reading.h"

#include "crypto/digest.h"
#include "sim/card/apdu.h"

const unsigned reading_files[READING_FILES] = {0x0002, 0x0003, 0x0004, 0x0007};

enum card_secret reading_secret(enum ask_method method)
{
	static const enum card_secret secrets[ASK_METHOD_COUNT] = {[ASK_JPKI_AUTH] = SECRET_AUTH,
		[ASK_JPKI_SIGN] = SECRET_SIGN,
		[ASK_CARD_TEXT] = SECRET_TEXT};
	return secrets[method];
}

static enum card_applet applet_of(enum ask_method method)
{
	return method == ASK_CARD_TEXT ? APPLET_TEXT : APPLET_JPKI;
}

static enum card_key key_of(enum ask_method method)
{
	return method == ASK_JPKI_SIGN ? KEY_SIGN : KEY_AUTH;
}

/* What an error of the card means here. */
static enum ending ending_of(err e)
{
	if (!failed(e))
		return ENDING_NONE;
	return e.code == ERR_NOT_FOUND ? ENDING_card_unsuited : ENDING_card_unreadable;
}

#define CARD(call)                                   \
	do {                                         \
		enum ending card_ = ending_of(call); \
		if (card_ != ENDING_NONE)            \
			return card_;                \
	} while (0)
#define STEP(call)                          \
	do {                                \
		enum ending step_ = (call); \
		if (step_ != ENDING_NONE)   \
			return step_;       \
	} while (0)

static enum ending select_for(const struct card_port *port, enum ask_method method)
{
	bool auth, sign;
	CARD(jpki_select(port, applet_of(method)));
	if (method == ASK_CARD_TEXT)
		return ENDING_NONE;
	CARD(jpki_available(port, &auth, &sign));
	return (method == ASK_JPKI_SIGN ? sign : auth) ? ENDING_NONE : ENDING_no_sign_cert;
}

enum ending reading_tries(const struct card_port *port, enum ask_method method, unsigned *left)
{
	STEP(select_for(port, method));
	CARD(jpki_tries(port, reading_secret(method), left));
	return *left == 0 ? ENDING_pin_blocked : ENDING_NONE;
}

static enum ending open_secret(
	const struct card_port *port, enum card_secret secret, struct str text, unsigned *left)
{
	enum jpki_verdict verdict;
	CARD(jpki_verify(port, secret, text, &verdict, left));
	if (verdict == JPKI_RIGHT)
		return ENDING_NONE;
	return verdict == JPKI_LOCKED || *left == 0 ? ENDING_pin_blocked : ENDING_pin_wrong;
}

/* SHA-256 given to the card as it is, padded by PSS (P1 04). */
static err sign_pss(const struct card_port *port, struct arena *arena, enum card_key key,
	struct str message, struct str *signature)
{
	uint8_t digest[SHA256_BYTES];
	unsigned status;
	struct buf command, answer;
	struct str data;
	sha256(message, digest);
	const struct apdu apdu = {.cla = 0x80,
		.ins = 0x2A,
		.p1 = 0x04,
		.p2 = (uint8_t)(0x80 | (key == KEY_AUTH ? 0x17 : 0x1A)),
		.data = str_make((const char *)digest, sizeof digest),
		.has_le = true,
		.le = 256};
	buf_init(&command, arena, 512);
	buf_init(&answer, arena, APDU_ANSWER_MAX);
	apdu_write(&command, &apdu);
	TRY(port->transmit(port->arg, buf_view(&command), &answer));
	TRY(apdu_answer(buf_view(&answer), &status, &data));
	if (status != SW_OK)
		return fail(ERR_UNAVAILABLE, "PSS: %04x", status);
	*signature = data;
	return ok();
}

/* The other card has its own secret, which it must have got before. */
static enum ending open_signer(const struct reading_order *order, unsigned *left)
{
	const struct card_port *port = order->twist.signer;
	STEP(select_for(port, order->method));
	return open_secret(port, reading_secret(order->method), order->twist.second_secret, left);
}

static enum ending take_pki(struct arena *arena, const struct card_port *port,
	const struct reading_order *order, struct reading *out, unsigned *left)
{
	const struct reading_twist *twist = &order->twist;
	const struct card_port *signer = twist->signer ? twist->signer : port;
	enum card_key key = key_of(order->method);
	enum jpki_alg alg;
	if (twist->other_key) {
		key = key == KEY_AUTH ? KEY_SIGN : KEY_AUTH;
		STEP(open_secret(port, key == KEY_AUTH ? SECRET_AUTH : SECRET_SIGN,
			twist->second_secret, left));
	}
	CARD(jpki_token(port, arena, &out->token));
	CARD(jpki_cert(port, arena, key, twist->ca_cert, &out->cert));
	CARD(jpki_alg_of(out->cert, &alg));
	if (!(alg == JPKI_ES384 ? order->es384 : order->rs256))
		return ENDING_card_unsuited;
	out->alg = str_of(jpki_alg_name(alg));
	if (twist->signer)
		STEP(open_signer(order, left));
	if (twist->pss)
		return ending_of(sign_pss(signer, arena, key, order->statement, &out->signature));
	return ending_of(jpki_sign(signer, arena, key, alg, order->statement, &out->signature));
}

static enum ending take_text(struct arena *arena, const struct card_port *port,
	const struct reading_order *order, struct reading *out, unsigned *left)
{
	const struct card_port *signer = port;
	for (size_t i = 0; i < READING_FILES; i++)
		CARD(jpki_text_file(port, arena, reading_files[i], &out->files[i]));
	if (order->twist.signer) {
		signer = order->twist.signer;
		STEP(open_signer(order, left));
	}
	return ending_of(jpki_text_sign(signer, arena, order->statement, &out->signature));
}

enum ending reading_take(struct arena *arena, const struct card_port *port,
	const struct reading_order *order, struct reading *out, unsigned *left)
{
	struct reading reading = {.method = order->method};
	STEP(reading_tries(port, order->method, left));
	STEP(open_secret(port, reading_secret(order->method), order->secret, left));
	STEP(order->method == ASK_CARD_TEXT ? take_text(arena, port, order, &reading, left)
					    : take_pki(arena, port, order, &reading, left));
	*out = reading;
	return ENDING_NONE;
}
