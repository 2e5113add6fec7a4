#ifndef TESTS_UNIT_OCSP_FIXTURE_H
#define TESTS_UNIT_OCSP_FIXTURE_H

#include "base/buf.h"
#include "card_fixture.h"
#include "crypto/der.h"
#include "crypto/ocsp.h"

#include <openssl/ocsp.h>

/* OCSP answers made by hand, part by part, so that each part can be wrong by itself. */

struct plan {
	int64_t produced, this, next; /* 0: NOW, NOW, NOW + 15 minutes */
	bool no_next;
	struct str nonce; /* absent: the one that was asked with */
	bool no_nonce, two_nonces, bare_nonce;
	struct str id;     /* CertID; absent: the one that was asked for */
	size_t singles;    /* 0: 1 */
	struct str status; /* absent: good */
	bool single_critical, critical;
	bool root_signs; /* instead of the responder */
	struct str key;  /* another key, PKCS 8 */
	struct str cert; /* another certificate comes along */
	bool no_cert;
	bool by_key;        /* names its signer by the key's digest */
	const char *digest; /* NULL: SHA256 */
	bool pss;
};

static const char nonce_bytes[OCSP_NONCE_BYTES] = "0123456789abcdef0123456789abcde";
#define NONCE str_make(nonce_bytes, OCSP_NONCE_BYTES)

static EVP_PKEY *key_of(struct str pem_or_der)
{
	const unsigned char *at = (const unsigned char *)pem_or_der.p;
	EVP_PKEY *key = NULL;
	if (str_starts(pem_or_der, STR("-----"))) {
		BIO *bio = BIO_new_mem_buf(pem_or_der.p, (int)pem_or_der.n);
		key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
		BIO_free(bio);
	} else {
		key = d2i_AutoPrivateKey(NULL, &at, (long)pem_or_der.n);
	}
	assert_non_null(key);
	return key;
}

static struct str time_der(int64_t at)
{
	struct civil c = time_in_japan(at - 9 * TIME_HOUR);
	return der_made(
		DER_GENERALIZED_TIME, str_fmt(&fixture.arena, "%04d%02d%02d%02d%02d%02dZ", c.year,
					      c.month, c.day, c.hour, c.minute, c.second));
}

static struct str extension_der(struct str oid, bool critical, struct str value)
{
	return der_made(DER_SEQUENCE,
		joined(der_made(DER_OID, oid), joined(critical ? STR("\x01\x01\xFF") : STR(""),
						       der_made(DER_OCTET_STRING, value))));
}

#define NONCE_OID STR("\x2B\x06\x01\x05\x05\x07\x30\x01\x02")
#define BASIC_OID STR("\x2B\x06\x01\x05\x05\x07\x30\x01\x01")
#define OTHER_OID STR("\x2B\x06\x01\x04\x01\x86\x8D\x1F\x01")

static struct str id_of(struct str cert_der, struct str root_der)
{
	const unsigned char *at = (const unsigned char *)cert_der.p;
	X509 *cert = d2i_X509(NULL, &at, (long)cert_der.n);
	at = (const unsigned char *)root_der.p;
	X509 *root = d2i_X509(NULL, &at, (long)root_der.n);
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), cert, root);
	unsigned char *der = NULL;
	int n = i2d_OCSP_CERTID(id, &der);
	struct str out = str_dup(&fixture.arena, str_make((const char *)der, (size_t)n));
	OPENSSL_free(der);
	OCSP_CERTID_free(id);
	X509_free(cert);
	X509_free(root);
	return out;
}

static struct str single_der(const struct plan *plan, struct str id)
{
	struct str next = time_der(plan->next ? plan->next : NOW + 15 * TIME_MINUTE);
	struct str s = str_absent(plan->id) ? id : plan->id;
	s = joined(s, str_absent(plan->status) ? STR("\x80\x00") : plan->status);
	s = joined(s, time_der(plan->this ? plan->this : NOW));
	if (!plan->no_next)
		s = joined(s, der_made(DER_IN(0), next));
	if (plan->single_critical)
		s = joined(
			s, der_made(DER_IN(1), der_made(DER_SEQUENCE, extension_der(OTHER_OID, true,
									      STR("\x05\x00")))));
	return der_made(DER_SEQUENCE, s);
}

static struct str extensions_der(const struct plan *plan)
{
	struct str nonce = str_absent(plan->nonce) ? NONCE : plan->nonce;
	struct str one = extension_der(
		NONCE_OID, false, plan->bare_nonce ? nonce : der_made(DER_OCTET_STRING, nonce));
	struct str all = plan->no_nonce ? STR("") : one;
	if (plan->two_nonces)
		all = joined(all, one);
	if (plan->critical)
		all = joined(all, extension_der(OTHER_OID, true, STR("\x05\x00")));
	return all.n ? der_made(DER_IN(1), der_made(DER_SEQUENCE, all)) : all;
}

static struct str responder_der(const struct plan *plan, struct str cert_der)
{
	struct cert cert = {0};
	struct str bits;
	assert_int_equal(cert_parse(&fixture.arena, cert_der, &cert).code, OK);
	struct str subject = cert.subject, spki = cert.spki;
	cert_release(&cert);
	if (!plan->by_key)
		return der_made(DER_IN(1), subject);
	struct der part;
	assert_int_equal(der_only(spki, DER_SEQUENCE, &bits).code, OK);
	assert_int_equal(der_next(&bits, &part).code, OK);
	assert_int_equal(der_next(&bits, &part).code, OK);
	unsigned char digest[20];
	bits = str_skip(part.content, 1);
	assert_int_equal(EVP_Digest(bits.p, bits.n, digest, NULL, EVP_sha1(), NULL), 1);
	return der_made(DER_IN(2),
		der_made(DER_OCTET_STRING, str_make((const char *)digest, sizeof digest)));
}

/* tbs with its signature and certificates. */
static struct str signed_der(
	const struct plan *plan, struct str tbs, struct str key_text, struct str cert)
{
	EVP_PKEY *key = key_of(key_text);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how;
	unsigned char signature[1024], *algorithm_der = NULL;
	size_t n = sizeof signature;
	const char *digest = plan->digest ? plan->digest : "SHA256";
	assert_int_equal(EVP_DigestSignInit_ex(ctx, &how, digest, NULL, NULL, key, NULL), 1);
	if (plan->pss)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING), 1);
	int nid = NID_undef;
	assert_int_equal(OBJ_find_sigid_by_algs(&nid, OBJ_sn2nid(digest),
				 plan->pss ? NID_rsassaPss : EVP_PKEY_get_base_id(key)) == 1 ||
				 plan->pss,
		1);
	X509_ALGOR *algorithm = X509_ALGOR_new();
	X509_ALGOR_set0(algorithm, OBJ_nid2obj(plan->pss ? NID_rsassaPss : nid),
		EVP_PKEY_is_a(key, "RSA") && !plan->pss ? V_ASN1_NULL : V_ASN1_UNDEF, NULL);
	int algorithm_n = i2d_X509_ALGOR(algorithm, &algorithm_der);
	assert_int_equal(
		EVP_DigestSign(ctx, signature, &n, (const unsigned char *)tbs.p, tbs.n), 1);
	struct str out = joined(tbs, str_dup(&fixture.arena, str_make((const char *)algorithm_der,
								     (size_t)algorithm_n)));
	out = joined(out,
		der_made(DER_BIT_STRING, joined(STR("\0"), str_make((const char *)signature, n))));
	if (!plan->no_cert)
		out = joined(out, der_made(DER_IN(0), der_made(DER_SEQUENCE, cert)));
	OPENSSL_free(algorithm_der);
	X509_ALGOR_free(algorithm);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return der_made(DER_SEQUENCE, out);
}

static struct str pem_to_der(struct str pem)
{
	struct str der;
	assert_int_equal(cert_from_pem(&fixture.arena, pem, &der).code, OK);
	return der;
}

/* About a card of root 1 of the authentication hierarchy. */
static struct str ocsp_made(const struct plan *plan, struct str card)
{
	struct str root = pem_to_der(ca_file("auth/1/cert.pem"));
	struct str cert = !str_absent(plan->cert) ? plan->cert
			  : plan->root_signs      ? root
						  : pem_to_der(ca_file("auth/1/ocsp.cert.pem"));
	struct str key = !str_absent(plan->key) ? plan->key
			 : plan->root_signs     ? ca_file("auth/1/key.pem")
						: ca_file("auth/ocsp.key.pem");
	struct str singles = STR(""), id = id_of(card, root);
	for (size_t i = 0; i < (plan->singles ? plan->singles : 1); i++)
		singles = joined(singles, single_der(plan, id));
	struct str tbs = responder_der(plan, cert);
	tbs = joined(tbs, time_der(plan->produced ? plan->produced : NOW));
	tbs = joined(tbs, der_made(DER_SEQUENCE, singles));
	tbs = joined(tbs, extensions_der(plan));
	struct str basic = signed_der(plan, der_made(DER_SEQUENCE, tbs), key, cert);
	struct str bytes = der_made(DER_SEQUENCE,
		joined(der_made(DER_OID, BASIC_OID), der_made(DER_OCTET_STRING, basic)));
	return der_made(DER_SEQUENCE, joined(STR("\x0A\x01\x00"), der_made(DER_IN(0), bytes)));
}

#endif
