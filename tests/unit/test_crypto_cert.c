/* crypto/cert: certificates of cards as an authority makes them, and as it should not have. */
#include "crypto/cert.h"

#include "base/encode.h"
#include "card_fixture.h"
#include "crypto/der.h"

static struct str hex(struct str bytes)
{
	struct buf out;
	buf_init(&out, &fixture.arena, 2 * bytes.n);
	hex_write(&out, bytes);
	return buf_view(&out);
}

static void refused(struct str der, const char *what)
{
	AUTO_CERT struct cert cert = {0};
	err e = cert_read(&fixture.arena, der, &cert);
	if (e.code != ERR_INVALID)
		fail_msg("%s: %s", what, err_name(e.code));
	assert_null(cert.x509);
}

static void test_reads(void **state)
{
	(void)state;
	for (int kind = 0; kind < CA_KIND_COUNT; kind++)
		for (int root = 0; root < CA_ROOT_COUNT; root++) {
			AUTO_CERT struct cert cert = {0};
			struct ca_issued card = issue((enum ca_kind)kind, (enum ca_root)root, NULL);
			bool p384 = root == CA_ROOT_P384;
			err e = cert_read(&fixture.arena, card.cert, &cert);
			if (failed(e))
				fail_msg("%s", err_detail());
			assert_true(str_eq(cert.der, card.cert));
			assert_true(cert.der.p != card.cert.p);
			assert_true(
				str_eq(hex(cert.serial), str_lower(&fixture.arena, card.serial)));
			assert_true(cert.not_before == NOW - YEAR && cert.not_after == NOW + YEAR);
			assert_int_equal(cert.usage,
				kind == CA_SIGN ? CERT_DIGITAL_SIGNATURE | CERT_NON_REPUDIATION
						: CERT_DIGITAL_SIGNATURE);
			assert_int_equal(cert.policy_count, 1);
			assert_true(str_eq(hex(cert.policies[0]),
				kind == CA_SIGN ? STR("2a83088c9b550805010014")
						: STR("2a83088c9b55080501001e")));
			assert_int_equal(str_absent(cert.alt_names), kind == CA_AUTH);
			assert_false(cert.ca);
			assert_int_equal(cert_key_check(&cert, true).code, OK);
			assert_int_equal(
				cert_key_check(&cert, false).code, p384 ? ERR_INVALID : OK);
		}
}

/* The hashes are over the bytes that stand in the certificate. */
static void test_hashes(void **state)
{
	(void)state;
	AUTO_CERT struct cert cert = {0};
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	const unsigned char *at = (const unsigned char *)card.cert.p;
	unsigned char *spki = NULL, *name = NULL;
	X509 *x509 = d2i_X509(NULL, &at, (long)card.cert.n);
	int spki_n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &spki);
	int name_n = i2d_X509_NAME(X509_get_issuer_name(x509), &name);
	assert_int_equal(cert_read(&fixture.arena, card.cert, &cert).code, OK);
	assert_true(str_eq(cert.spki, str_make((char *)spki, (size_t)spki_n)));
	assert_true(str_eq(cert.issuer, str_make((char *)name, (size_t)name_n)));
	uint8_t digest[SHA256_BYTES];
	sha256(card.cert, digest);
	assert_memory_equal(digest, cert.sha256, SHA256_BYTES);
	sha256(cert.spki, digest);
	assert_memory_equal(digest, cert.spki_sha256, SHA256_BYTES);
	sha256(cert.issuer, digest);
	assert_memory_equal(digest, cert.issuer_sha256, SHA256_BYTES);
	OPENSSL_free(spki);
	OPENSSL_free(name);
	X509_free(x509);
}

static void test_wrong_profiles(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		struct ca_wrong wrong;
	} rows[] = {
		{"version 1", {.version1 = true}},
		{"an authority's", {.ca = true}},
		{"keyCertSign", {.key_usage = 0x84}},
		{"cRLSign", {.key_usage = 0x82}},
		{"unknown critical extension", {.unknown_critical = true}},
		{"no keyUsage", {.no_key_usage = true}},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int kind = 0; kind < CA_KIND_COUNT; kind++)
			refused(issue((enum ca_kind)kind, CA_ROOT_1, &rows[i].wrong).cert,
				rows[i].what);
	struct str root;
	assert_int_equal(
		ca_root_cert(&fixture.ca, &fixture.arena, CA_AUTH, CA_ROOT_1, &root).code, OK);
	refused(root, "the root itself");
}

static void test_keys(void **state)
{
	(void)state;
	static const struct {
		struct ca_wrong wrong;
		enum err_code code;
	} rows[] = {
		{{.rsa_bits = 1024}, ERR_INVALID},
		{{.rsa_bits = 2047}, ERR_INVALID},
		{{.rsa_exponent = 3}, ERR_INVALID},
		{{.rsa_exponent = 17}, ERR_INVALID},
		{{.rsa_bits = 3072}, OK},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		AUTO_CERT struct cert cert = {0};
		struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, &rows[i].wrong);
		assert_int_equal(cert_read(&fixture.arena, card.cert, &cert).code, OK);
		assert_int_equal(cert_key_check(&cert, true).code, rows[i].code);
	}
}

static void test_ends(void **state)
{
	(void)state;
	struct str der = issue(CA_SIGN, CA_ROOT_1, NULL).cert;
	refused(STR(""), "nothing");
	refused(joined(der, STR("\0")), "a byte behind it");
	refused(joined(der, der), "twice");
	refused(joined(STR("\0"), der), "a byte before it");
	for (size_t n = 0; n < der.n; n++)
		refused(str_sub(der, 0, n), "cut off");
}

/* A certificate of exactly n bytes, by the length of an item. */
static struct str of_size(size_t n)
{
	struct ca_wrong wrong = {0};
	char *text = arena_alloc(&fixture.arena, CERT_BYTES_MAX);
	memset(text, 'a', CERT_BYTES_MAX);
	wrong.item_text[0] = str_make(text, 6000);
	size_t with_6000 = issue(CA_SIGN, CA_ROOT_1, &wrong).cert.n;
	wrong.item_text[0] = str_make(text, 6000 + n - with_6000);
	struct str der = issue(CA_SIGN, CA_ROOT_1, &wrong).cert;
	assert_int_equal(der.n, n);
	return der;
}

static void test_size(void **state)
{
	(void)state;
	for (size_t n = CERT_BYTES_MAX - 1; n <= CERT_BYTES_MAX; n++) {
		AUTO_CERT struct cert cert = {0};
		assert_int_equal(cert_read(&fixture.arena, of_size(n), &cert).code, OK);
	}
	refused(of_size(CERT_BYTES_MAX + 1), "too long");
}

/* ---- the same content in another encoding, and other contents ---- */

struct parts {
	struct str tbs, algorithm, signature; /* whole */
};

static struct parts parts_of(struct str der)
{
	struct str rest;
	struct der tbs, algorithm, signature;
	assert_int_equal(der_only(der, DER_SEQUENCE, &rest).code, OK);
	assert_int_equal(der_next(&rest, &tbs).code, OK);
	assert_int_equal(der_next(&rest, &algorithm).code, OK);
	assert_int_equal(der_next(&rest, &signature).code, OK);
	return (struct parts){tbs.whole, algorithm.whole, signature.whole};
}

static struct str whole_of(struct parts parts)
{
	return der_made(DER_SEQUENCE, joined(joined(parts.tbs, parts.algorithm), parts.signature));
}

static struct str tbs_changed(struct str der, struct str from, struct str to)
{
	struct parts parts = parts_of(der);
	struct str content;
	assert_int_equal(der_only(parts.tbs, DER_SEQUENCE, &content).code, OK);
	parts.tbs = der_made(DER_SEQUENCE, replaced(content, from, to));
	return whole_of(parts);
}

static void test_encodings(void **state)
{
	(void)state;
	struct str der = issue(CA_SIGN, CA_ROOT_1, NULL).cert, content;
	struct parts parts = parts_of(der);
	assert_true(str_eq(whole_of(parts), der)); /* these helpers add nothing */
	assert_int_equal(der_only(der, DER_SEQUENCE, &content).code, OK);

	/* Outside of what is signed. */
	struct str length = str_sub(der, 2, 2);
	refused(joined(joined(STR("\x30\x83\x00"), length), content), "a longer length");
	refused(joined(joined(STR("\x30\x80"), content), STR("\0\0")), "no length");
	refused(der_made(DER_SET, content), "a set");
	refused(der_made(DER_SEQUENCE, joined(content, STR("\x05\x00"))), "a fourth part");
	struct parts other = parts;
	other.algorithm = STR("\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B");
	refused(whole_of(other), "another algorithm outside");
	other = parts;
	other.signature = der_made(DER_OCTET_STRING, str_skip(parts.signature, 5));
	refused(whole_of(other), "no bits");
	other.signature = der_made(DER_BIT_STRING, STR("\0"));
	refused(whole_of(other), "no signature");
	other.signature = replaced(parts.signature, STR("\x01\x01\x00"), STR("\x01\x01\x04"));
	refused(whole_of(other), "bits that are not used");

	/* Inside. */
	refused(tbs_changed(der, STR("\x01\x01\xFF"), STR("\x01\x01\x01")), "another TRUE");
	refused(tbs_changed(der, STR("\x02\x01\x02"), STR("\x02\x01\x01")), "version 2");
	refused(tbs_changed(der, STR("\xA0\x03\x02\x01\x02"), STR("")), "no version");
	refused(tbs_changed(der, STR("\xA0\x03\x02\x01\x02"), STR("\xA0\x04\x02\x02\x00\x02")),
		"a longer version");
	refused(tbs_changed(der, STR("\x02\x08"), STR("\x02\x09\x00")), "a longer serial");
	refused(tbs_changed(der, STR("\x03\x02\x06\xC0"), STR("\x03\x02\x05\xC0")),
		"keyUsage with a zero bit behind it");
}

/* Extension by extension, in place of the critical policies. */
static void with_extension(struct str extension, const char *what)
{
	static struct str card; /* one for all: a key takes a while */
	if (!card.n)
		card = issue(CA_AUTH, CA_ROOT_1, NULL).cert;
	struct str der = card, rest;
	struct parts parts = parts_of(der);
	struct der value, all, list, one;
	struct str before, kept = STR("");
	assert_int_equal(der_only(parts.tbs, DER_SEQUENCE, &rest).code, OK);
	before = rest;
	do
		assert_int_equal(der_next(&rest, &value).code, OK);
	while (value.tag != DER_IN(3));
	all = value;
	before = str_sub(before, 0, before.n - all.whole.n);
	assert_int_equal(der_next(&all.content, &list).code, OK);
	while (list.content.n) {
		assert_int_equal(der_next(&list.content, &one).code, OK);
		kept = joined(kept, one.whole);
	}
	kept = joined(kept, extension);
	parts.tbs = der_made(
		DER_SEQUENCE, joined(before, der_made(DER_IN(3), der_made(DER_SEQUENCE, kept))));
	der = whole_of(parts);
	if (what) {
		refused(der, what);
	} else {
		AUTO_CERT struct cert cert = {0};
		err e = cert_read(&fixture.arena, der, &cert);
		if (failed(e))
			fail_msg("%s", err_detail());
	}
}

static struct str extension(const char *oid, const char *critical, struct str value)
{
	struct str flag = critical ? der_made(DER_BOOLEAN, str_of(critical)) : STR("");
	return der_made(DER_SEQUENCE, joined(joined(der_made(DER_OID, str_of(oid)), flag),
					      der_made(DER_OCTET_STRING, value)));
}

#define CONSTRAINTS "\x55\x1D\x13"
#define PURPOSES "\x55\x1D\x25"
#define USAGE "\x55\x1D\x0F"
#define ALT "\x55\x1D\x11"
#define UNKNOWN "\x2B\x06\x01\x04\x01\x86\x8D\x1F\x01"

static void test_extensions(void **state)
{
	(void)state;
	with_extension(STR(""), NULL);
	with_extension(extension(UNKNOWN, NULL, STR("\x05\x00")), NULL);
	with_extension(extension(CONSTRAINTS, "\xFF", STR("\x30\x00")), NULL);
	with_extension(extension(PURPOSES, NULL, STR("\x30\x04\x06\x02\x55\x1D")), NULL);

	with_extension(extension(UNKNOWN, "\xFF", STR("\x05\x00")), "unknown and critical");
	with_extension(der_made(DER_SEQUENCE,
			       joined(joined(der_made(DER_OID, STR(UNKNOWN)), STR("\x01\x01\x00")),
				       STR("\x04\x02\x05\x00"))),
		"a default that is written out");
	with_extension(extension(UNKNOWN, NULL, STR("")), "an empty value");
	with_extension(extension(UNKNOWN, NULL, STR("\x05\x00\x00")), "something behind a value");
	with_extension(extension(UNKNOWN, NULL, STR("\x05\x01\x00")), "a value that is not DER");
	with_extension(extension(USAGE, "\xFF", STR("\x03\x02\x07\x80")), "keyUsage twice");
	with_extension(joined(extension(UNKNOWN, NULL, STR("\x05\x00")),
			       extension(UNKNOWN, NULL, STR("\x05\x00"))),
		"an unknown one twice");
	with_extension(extension(CONSTRAINTS, NULL, STR("\x30\x03\x01\x01\x00")),
		"CA FALSE is the default");
	with_extension(extension(CONSTRAINTS, NULL, STR("\x30\x03\x01\x01\xFF")), "CA");
	with_extension(
		extension(CONSTRAINTS, NULL, STR("\x30\x03\x02\x01\x00")), "a path and no CA");
	with_extension(
		extension(CONSTRAINTS, NULL, STR("\x05\x00")), "basicConstraints of another type");
	with_extension(
		extension(PURPOSES, "\xFF", STR("\x30\x04\x06\x02\x55\x1D")), "for other purposes");
	with_extension(extension(PURPOSES, NULL, STR("\x30\x00")), "no purposes");
	with_extension(extension(ALT, NULL, STR("\x30\x00")), "no names");
	with_extension(extension(ALT, NULL, STR("\x31\x00")), "names of another type");
	with_extension(der_made(DER_SEQUENCE, der_made(DER_OID, STR(UNKNOWN))), "no value");
	with_extension(STR("\x05\x00"), "no extension");
	struct str many = STR("");
	for (int i = 0; i < 40; i++) {
		char oid[] = UNKNOWN;
		oid[8] = (char)(i + 1);
		many = joined(many, extension(oid, NULL, STR("\x05\x00")));
	}
	with_extension(many, "too many");
}

/* Found inside the certificate, so that the test is of the certificate's own keyUsage. */
static void test_usage(void **state)
{
	(void)state;
	struct str der = issue(CA_SIGN, CA_ROOT_1, NULL).cert;
	struct str usage = STR("\x04\x04\x03\x02\x06\xC0");
	static const struct str bad[] = {
		STR_INIT("\x04\x03\x03\x01\x00"),
		STR_INIT("\x04\x02\x05\x00"),
		STR_INIT("\x04\x00"),
		STR_INIT("\x04\x06\x03\x04\x00\x80\x80\x01"),
		STR_INIT("\x04\x05\x03\x02\x06\xC0\x00"),
		STR_INIT("\x04\x04\x03\x02\x06\x80"),
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct str changed = tbs_changed(der, usage, bad[i]);
		refused(changed, "keyUsage");
	}
}

/* Whatever byte is changed: it is not read, or the root does not stand behind it. */
static void test_every_byte_counts(void **state)
{
	(void)state;
	struct str der = issue(CA_SIGN, CA_ROOT_1, NULL).cert;
	char *bytes = arena_alloc(&fixture.arena, der.n);
	memcpy(bytes, der.p, der.n);
	for (size_t i = 0; i < der.n; i++)
		for (unsigned way = 0; way < 2; way++) {
			unsigned mask = way ? 0xFF : 1u << i % 8;
			AUTO_CERT struct cert cert = {0};
			AUTO_ARENA arena;
			arena_init(&arena, 64u << 10);
			const struct anchor *anchor;
			enum card_kind kind;
			bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
			if (!failed(cert_read(&arena, str_make(bytes, der.n), &cert)) &&
				!failed(anchors_issuer(fixture.anchors, &cert, &anchor, &kind)))
				fail_msg("byte %zu ^ %02x does not count", i, mask);
			bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_wrong_profiles),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_every_byte_counts),
	};
	return cmocka_run_group_tests(tests, card_setup, card_teardown);
}
