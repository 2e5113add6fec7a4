#include "identity/cardlink_check.h"

static const struct str method_names[EVIDENCE_METHOD_COUNT] = {
	[EVIDENCE_JPKI_AUTH] = STR_INIT("jpki_auth"),
	[EVIDENCE_JPKI_SIGN] = STR_INIT("jpki_sign"),
	[EVIDENCE_CARD_TEXT] = STR_INIT("card_text"),
};

#define SIGNATURE_MAX 512 /* RSA-4096 */
#define FILE_MAX 2048     /* of the text applet; the largest has 700 bytes */
#define TOKEN_MAX 32      /* the card's label: "JPKIAPICCTOKEN2" */

static bool token_fits(const struct json *payload)
{
	struct str token;

	if (failed(json_str(payload, STR("token"), &token)))
		return false;
	for (size_t i = 0; i < token.n; i++)
		if (token.p[i] <= ' ' || token.p[i] > '~')
			return false;
	return token.n > 0 && token.n <= TOKEN_MAX;
}

/* The members of one method are not those of another. */
static bool none_of(const struct json *payload, const struct str *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (json_get(payload, names[i]))
			return false;
	return true;
}

static bool certificate_read(struct arena *arena, const struct json *payload, struct evidence *said)
{
	static const struct str others[] = {STR_INIT("ef0002"), STR_INIT("ef0003"), STR_INIT("ef0004"), STR_INIT("ef0007")};
	struct str alg;

	return none_of(payload, others, sizeof others / sizeof *others) && token_fits(payload) && !failed(json_str(payload, STR("alg"), &alg)) &&
	       !failed(card_alg_of(alg, &said->alg)) && cardlink_bytes(arena, payload, STR("cert"), CERT_BYTES_MAX, &said->cert);
}

static bool text_read(struct arena *arena, const struct json *payload, struct evidence *said)
{
	static const struct str others[] = {STR_INIT("token"), STR_INIT("alg"), STR_INIT("cert")};

	return none_of(payload, others, sizeof others / sizeof *others) && cardlink_bytes(arena, payload, STR("ef0002"), FILE_MAX, &said->ef0002) &&
	       cardlink_bytes(arena, payload, STR("ef0003"), FILE_MAX, &said->ef0003) &&
	       cardlink_bytes(arena, payload, STR("ef0004"), FILE_MAX, &said->ef0004) &&
	       cardlink_bytes(arena, payload, STR("ef0007"), FILE_MAX, &said->ef0007);
}

enum idv_error cardlink_said_read(struct cx *cx, const struct cardlink_message *message, struct evidence *out)
{
	const struct json *payload = message->payload;
	struct evidence said = {0};
	unsigned method = 0;
	struct str op, name;

	if (failed(json_str(payload, STR("op"), &op)) || !str_eq(op, idv_op_names[message->at.op]) ||
		failed(json_str(payload, STR("method"), &name)))
		return IDV_ERROR_bad_member;
	while (method < EVIDENCE_METHOD_COUNT && !str_eq(name, method_names[method]))
		method++;
	if (method == EVIDENCE_METHOD_COUNT || (method == EVIDENCE_JPKI_AUTH) != (message->at.op == IDV_AUTH))
		return IDV_ERROR_bad_member;
	said.method = (enum evidence_method)method;
	if (!cardlink_bytes(cx->arena, payload, STR("sig"), SIGNATURE_MAX, &said.signature))
		return IDV_ERROR_bad_member;
	if (!(method == EVIDENCE_CARD_TEXT ? text_read(cx->arena, payload, &said) : certificate_read(cx->arena, payload, &said)))
		return IDV_ERROR_bad_member;
	*out = said;
	return IDV_ERROR_NONE;
}
