#include "sim/card/jpki.h"

#include "crypto/digest.h"
#include "sim/card/signer.h"
#include "sim/card/terminal.h"

#include <openssl/evp.h>

#define KEY_OF_TEXT 0x00
#define RSA_BYTES 256
#define P384_BYTES 48

/* DigestInfo of SHA-256 (RFC 8017 section 9.2), before the digest. */
static const struct str digest_info_sha256 =
	STR_INIT("\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20");

err jpki_alg_of(struct str cert_der, enum jpki_alg *out)
{
	bool ec;

	TRY(signer_cert_is_ec(cert_der, &ec));
	*out = ec ? JPKI_ES384 : JPKI_RS256;
	return ok();
}

const char *jpki_alg_name(enum jpki_alg alg)
{
	return alg == JPKI_ES384 ? "ES384" : "RS256";
}

static err sign(const struct card_port *port, struct arena *arena, unsigned p2, struct str input,
	size_t size, struct str *signature)
{
	const struct apdu apdu = {.cla = 0x80,
		.ins = 0x2A,
		.p2 = (uint8_t)p2,
		.data = input,
		.has_le = true,
		.le = 256};
	struct str bytes;

	TRY(terminal_command(port, arena, &apdu, &bytes));
	if (bytes.n != size)
		return fail(ERR_INVALID, "a signature of %zu bytes, not %zu", bytes.n, size);
	*signature = bytes;
	return ok();
}

static err sign_rs256(const struct card_port *port, struct arena *arena, unsigned p2,
	struct str message, struct str *signature)
{
	uint8_t digest[SHA256_BYTES];
	struct buf info;

	sha256(message, digest);
	buf_init(&info, arena, 64);
	buf_str(&info, digest_info_sha256);
	buf_bytes(&info, digest, sizeof digest);
	return sign(port, arena, p2, buf_view(&info), RSA_BYTES, signature);
}

static err sign_es384(const struct card_port *port, struct arena *arena, unsigned p2,
	struct str message, struct str *signature)
{
	uint8_t digest[P384_BYTES];

	if (!EVP_Digest(message.p, message.n, digest, NULL, EVP_sha384(), NULL))
		return fail(ERR_INTERNAL, "OpenSSL: SHA-384");
	/* A card with RSA keys would pad these bytes and sign them; the length of its answer tells.
	 */
	return sign(port, arena, p2, str_make((const char *)digest, sizeof digest), 2 * P384_BYTES,
		signature);
}

err jpki_sign(const struct card_port *port, struct arena *arena, enum card_key key,
	enum jpki_alg alg, struct str message, struct str *signature)
{
	unsigned p2 = 0x80 | (key == KEY_AUTH ? 0x17u : 0x1Au);

	return alg == JPKI_ES384 ? sign_es384(port, arena, p2, message, signature)
				 : sign_rs256(port, arena, p2, message, signature);
}

err jpki_text_sign(const struct card_port *port, struct arena *arena, struct str challenge,
	struct str *signature)
{
	return sign_rs256(port, arena, KEY_OF_TEXT, challenge, signature);
}
