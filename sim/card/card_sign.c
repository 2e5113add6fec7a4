#include "sim/card/inside.h"

#include "sim/card/disk.h"
#include "sim/card/signer.h"

/* COMPUTE DIGITAL SIGNATURE: which key, whether it is open, which lengths it takes. */

#define RSA_DATA_MAX 245 /* what PKCS 1 v1.5 leaves of 2048 bits */
#define SHORT_DATA_MAX 255

enum input { INPUT_NONE, INPUT_GIVEN, INPUT_DIGEST, INPUT_MESSAGE };

static const struct scheme {
	enum input input;
	enum signer_way way;
} rsa_schemes[] = {
	[0x00] = {INPUT_GIVEN, SIGNER_PKCS1_BARE},
	[0x01] = {INPUT_MESSAGE, SIGNER_PKCS1_BARE},
	[0x02] = {INPUT_DIGEST, SIGNER_PKCS1},
	[0x03] = {INPUT_MESSAGE, SIGNER_PKCS1},
	[0x04] = {INPUT_DIGEST, SIGNER_PSS},
	[0x05] = {INPUT_MESSAGE, SIGNER_PSS},
};

static const struct scheme ec_schemes[] = {
	[0x00] = {INPUT_DIGEST, SIGNER_ECDSA},
	[0x02] = {INPUT_DIGEST, SIGNER_ECDSA},
	[0x03] = {INPUT_MESSAGE, SIGNER_ECDSA},
};

static const struct scheme *scheme_of(bool ec, unsigned p1)
{
	const struct scheme *table = ec ? ec_schemes : rsa_schemes;
	size_t n = ec ? sizeof ec_schemes / sizeof *ec_schemes
		      : sizeof rsa_schemes / sizeof *rsa_schemes;

	return p1 < n && table[p1].input != INPUT_NONE ? &table[p1] : NULL;
}

static bool fits(const struct signer *signer, enum input input, size_t n)
{
	switch (input) {
	case INPUT_GIVEN:
		return n >= 1 && n <= RSA_DATA_MAX;
	case INPUT_DIGEST:
		return n == signer_digest_bytes(signer);
	case INPUT_MESSAGE:
		return n >= 1 && n <= SHORT_DATA_MAX;
	case INPUT_NONE:
		break;
	}
	return false;
}

static unsigned sign_with(const struct signer *signer, const struct apdu *apdu, struct buf *out)
{
	const struct scheme *scheme = scheme_of(signer_is_ec(signer), apdu->p1);
	unsigned size = (unsigned)signer_signature_bytes(signer);

	if (!scheme)
		return SW_P1P2;
	if (!apdu->has_le || !fits(signer, scheme->input, apdu->data.n))
		return SW_LENGTH;
	if (apdu->le < size)
		return SW_LE | (size & 0xFF);
	if (failed(signer_sign(
		    signer, scheme->way, scheme->input == INPUT_MESSAGE, apdu->data, out)))
		return SW_MEMORY;
	return SW_OK;
}

static const struct ef *key_of(struct card *card, unsigned p2, unsigned *status)
{
	if (p2 == 0x00 && card->applet == APPLET_TEXT) {
		*status = SW_NOT_FOUND;
		return ef_find(APPLET_TEXT, 0x0013);
	}
	return card_ef_of_p2(card, p2, status);
}

unsigned card_sign(struct card *card, const struct apdu *apdu, struct buf *out)
{
	AUTO_ARENA arena;
	AUTO_SIGNER signer = {0};
	unsigned status = SW_OK;
	const struct ef *ef = key_of(card, apdu->p2, &status);
	struct str key;

	arena_init(&arena, 4u * CARD_FILE_MAX);
	if (!ef)
		return status;
	if (ef->kind != EF_KEY)
		return SW_CONDITIONS;
	if (!card_opened(card, ef))
		return SW_SECURITY;
	if (failed(disk_read(&arena, card->dir, ef->file, &key)) ||
		failed(signer_open(key, &signer)))
		return SW_MEMORY;
	return sign_with(&signer, apdu, out);
}
