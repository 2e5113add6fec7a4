#include "crypto/anchors.h"

#include "base/time.h"
#include "crypto/anchors_inside.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

/* AlgorithmIdentifiers: sha256WithRSAEncryption with NULL, ecdsa-with-SHA384. */
static const struct str rs256 =
	STR_INIT("\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B\x05\x00");
static const struct str es384 = STR_INIT("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x03");

/* Under 1.2.392.200149.8.5.1: dotted, and as the content of an OID. */
#define ARC "1.2.392.200149.8.5.1."
#define ARC_BYTES "\x2A\x83\x08\x8C\x9B\x55\x08\x05\x01"

static const struct {
	const char *dotted;
	struct str bytes;
} policies[ANCHORS_POLICY_COUNT][CARD_KIND_COUNT] = {
	[ANCHORS_SIMULATION] =
		{
			[CARD_AUTH] = {ARC "0.30", STR_INIT(ARC_BYTES "\x00\x1E")},
			[CARD_SIGN] = {ARC "0.20", STR_INIT(ARC_BYTES "\x00\x14")},
		},
	[ANCHORS_PRODUCTION] =
		{
			[CARD_AUTH] = {ARC "3.30", STR_INIT(ARC_BYTES "\x03\x1E")},
			[CARD_SIGN] = {ARC "1.20", STR_INIT(ARC_BYTES "\x01\x14")},
		},
};

const char *anchors_policy_of(enum anchors_policy policy, enum card_kind kind)
{
	return policies[policy][kind].dotted;
}

static bool has(const struct cert *cert, struct str policy)
{
	for (size_t i = 0; i < cert->policy_count; i++)
		if (str_eq(cert->policies[i], policy))
			return true;
	return false;
}

bool anchors_policy_fits(
	const struct anchors *anchors, const struct cert *cert, enum card_kind kind)
{
	for (int other = 0; other < CARD_KIND_COUNT; other++)
		if (has(cert, policies[anchors->conf.policy][other].bytes) != (other == (int)kind))
			return false;
	return true;
}

bool anchor_signed(const struct anchor *anchor, const struct cert *cert)
{
	struct str algorithm = EVP_PKEY_is_a(anchor->key, "RSA") ? rs256 : es384;
	bool genuine = str_eq(cert->issuer, anchor->cert.subject) &&
		       str_eq(cert->algorithm, algorithm) &&
		       X509_verify(cert->x509, anchor->key) == 1;
	ERR_clear_error();
	return genuine;
}

err anchors_issuer(const struct anchors *anchors, const struct cert *cert,
	const struct anchor **out, enum card_kind *kind)
{
	const struct anchor *found = NULL;
	for (int i = 0; i < CARD_KIND_COUNT && !found; i++)
		for (size_t j = 0; j < anchors->roots[i].n && !found; j++)
			if (anchor_signed(&anchors->roots[i].v[j], cert)) {
				found = &anchors->roots[i].v[j];
				*kind = (enum card_kind)i;
			}
	if (!found)
		return fail(ERR_NOT_FOUND, "no root has signed this certificate");
	*out = found;
	return ok();
}

/* ---- by OpenSSL ---- */

static bool set_rules(X509_VERIFY_PARAM *rules, const char *policy, int64_t at)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(policy, 1);
	if (!oid || X509_VERIFY_PARAM_add0_policy(rules, oid) != 1) {
		ASN1_OBJECT_free(oid);
		return false;
	}
	X509_VERIFY_PARAM_set_time(rules, (time_t)(at / TIME_SECOND));
	X509_VERIFY_PARAM_set_depth(rules, 0);      /* nothing between root and card */
	X509_VERIFY_PARAM_set_auth_level(rules, 2); /* 112 bits: no SHA-1, no RSA below 2048 */
	return X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT |
							  X509_V_FLAG_POLICY_CHECK |
							  X509_V_FLAG_EXPLICIT_POLICY) == 1;
}

/* X509_V_OK, or why not. */
static int verify(X509 *root, X509 *cert, const char *policy, int64_t at)
{
	int why = X509_V_ERR_UNSPECIFIED;
	STACK_OF(X509) *roots = sk_X509_new_null();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	if (roots && ctx && sk_X509_push(roots, root) > 0 &&
		X509_STORE_CTX_init(ctx, NULL, cert, NULL) == 1 &&
		set_rules(X509_STORE_CTX_get0_param(ctx), policy, at)) {
		X509_STORE_CTX_set0_trusted_stack(ctx, roots);
		int result = X509_verify_cert(ctx);
		int error = X509_STORE_CTX_get_error(ctx);
		why = result == 1 && error == X509_V_OK ? X509_V_OK
		      : error == X509_V_OK              ? X509_V_ERR_UNSPECIFIED
							: error;
	}
	X509_STORE_CTX_free(ctx);
	sk_X509_free(roots);
	ERR_clear_error();
	return why;
}

err anchors_path(const struct anchors *anchors, const struct anchor *anchor,
	const struct cert *cert, enum card_kind kind, int64_t at)
{
	int why = verify(
		anchor->cert.x509, cert->x509, anchors_policy_of(anchors->conf.policy, kind), at);
	if (why == X509_V_ERR_CERT_HAS_EXPIRED || why == X509_V_ERR_CERT_NOT_YET_VALID)
		return fail(ERR_DENIED, "certificate: %s", X509_verify_cert_error_string(why));
	if (why != X509_V_OK)
		return fail(ERR_INVALID, "certificate: %s", X509_verify_cert_error_string(why));
	return ok();
}
