/*
 * Certificates of strangers. What is read is DER and comes back byte for byte; what the kept roots
 * are said to have signed is one of the kept certificates. The same bytes are read as the names of
 * a certificate, where the four items stand.
 */

#include "card_kept.h"

#include "crypto/der.h"
#include "identity/card_names.h"

static void check_issuer(const struct cert *cert)
{
	static const char *const names[] = {"auth", "sign", "p384", "responder", "root"};
	static char memory[5][CERT_BYTES_MAX + 1];
	static struct str genuine[5];
	const struct anchor *anchor;
	enum card_kind kind;
	bool known = false;
	if (failed(anchors_issuer(kept_anchors(), cert, &anchor, &kind)))
		return;
	for (size_t i = 0; i < 5; i++) {
		char path[4096];
		if (!genuine[i].n) {
			(void)snprintf(path, sizeof path, KEPT "/card-%s.der", names[i]);
			genuine[i] = kept_file(path, memory[i], sizeof memory[i]);
		}
		known = known || str_eq(cert->der, genuine[i]);
	}
	MUST(known);
}

static void check_names(struct str names)
{
	struct basic4 items;
	if (failed(card_names_basic4(names, &items)))
		return;
	MUST(!failed(basic4_check(&items)));
	MUST(items.name.n && items.sex >= 1 && items.sex <= 3 && items.month <= 12 &&
		items.day <= 31);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA arena;
	AUTO_CERT struct cert cert = {0}, leaf = {0};
	struct str bytes = str_make((const char *)data, size);
	arena_init(&arena, 1u << 20);
	if (!failed(der_check(bytes)))
		check_names(bytes);
	bool parsed = !failed(cert_parse(&arena, bytes, &cert));
	bool read = !failed(cert_read(&arena, bytes, &leaf));
	MUST(parsed || !read);
	if (!parsed)
		return 0;
	MUST(size <= CERT_BYTES_MAX && str_eq(cert.der, bytes) && !failed(der_check(bytes)));
	MUST(cert.serial.n >= 1 && cert.serial.n <= 20 && cert.policy_count <= CERT_POLICIES);
	MUST(!read || (!leaf.ca && leaf.has_usage && !str_eq(leaf.issuer, leaf.subject)));
	if (!str_absent(cert.alt_names))
		check_names(cert.alt_names);
	check_issuer(&cert);
	return 0;
}
