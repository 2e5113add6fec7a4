/* Answers of responders about the kept card: only the two that the kept authority has given count,
 * and each says what it said. */

#include "card_kept.h"

#include "crypto/ocsp.h"

#define NONCE STR("0123456789abcdef0123456789abcde\0")

static const struct cert *kept_card(const struct anchor **anchor)
{
	static struct arena arena;
	static struct cert cert;
	static char memory[CERT_BYTES_MAX + 1];
	enum card_kind kind;
	if (!cert.x509) {
		arena_init(&arena, 1u << 20);
		struct str der = kept_file(KEPT "/card-auth.der", memory, sizeof memory);
		MUST(!failed(cert_read(&arena, der, &cert)));
	}
	MUST(!failed(anchors_issuer(kept_anchors(), &cert, anchor, &kind)));
	return &cert;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[2][16384];
	static const struct anchor *anchor;
	static const struct cert *cert;
	static struct str good, revoked;
	struct str answer = str_make((const char *)data, size);
	struct revocation out;
	if (!cert) {
		cert = kept_card(&anchor);
		good = kept_file(KEPT "/ocsp-good.der", memory[0], sizeof memory[0]);
		revoked = kept_file(KEPT "/ocsp-revoked.der", memory[1], sizeof memory[1]);
	}
	if (failed(ocsp_judge(anchor, cert, NONCE, answer, KEPT_NOW, &out)))
		return 0;
	MUST(out.status == REVOCATION_GOOD || out.status == REVOCATION_REVOKED);
	MUST(str_eq(answer, out.status == REVOCATION_GOOD ? good : revoked));
	return 0;
}
