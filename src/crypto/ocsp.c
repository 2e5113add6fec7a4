#include "crypto/ocsp.h"

#include "crypto/anchors_inside.h"
#include "crypto/der.h"
#include "crypto/revocation_inside.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

static void end_basic(OCSP_BASICRESP **basic)
{
	OCSP_BASICRESP_free(*basic);
}

static void end_id(OCSP_CERTID **id)
{
	OCSP_CERTID_free(*id);
}

#define AUTO_BASIC __attribute__((cleanup(end_basic)))
#define AUTO_ID __attribute__((cleanup(end_id)))

static err broken(const char *what)
{
	ERR_clear_error();
	return fail(ERR_INVALID, "OCSP answer: %s", what);
}

/* SHA-1 names the issuer, as every responder understands it; nothing rests on its strength. */
static OCSP_CERTID *make_id(const struct anchor *anchor, const struct cert *cert)
{
	return OCSP_cert_to_id(EVP_sha1(), cert->x509, anchor->cert.x509);
}

err ocsp_request(struct arena *arena, const struct anchor *anchor, const struct cert *cert,
	struct str nonce, struct str *out)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	OCSP_CERTID *id = make_id(anchor, cert);
	unsigned char value[OCSP_NONCE_BYTES], *der = NULL;
	int n = -1;
	if (nonce.n == sizeof value) {
		memcpy(value, nonce.p, sizeof value);
		if (request && id && OCSP_request_add0_id(request, id)) {
			id = NULL;
			if (OCSP_request_add1_nonce(request, value, sizeof value) == 1)
				n = i2d_OCSP_REQUEST(request, &der);
		}
	}
	if (n > 0)
		*out = str_dup(arena, str_make((const char *)der, (size_t)n));
	OPENSSL_free(der);
	OCSP_CERTID_free(id);
	OCSP_REQUEST_free(request);
	ERR_clear_error();
	return n > 0 ? ok() : fail(ERR_INTERNAL, "OCSP request cannot be made");
}

/* ---- who answers ---- */

/* id-kp-OCSPSigning among the purposes; anyExtendedKeyUsage is not enough (RFC 6960 4.2.2.2). */
static bool may_sign_answers(const struct cert *cert)
{
	struct str rest;
	struct der purpose;
	if (str_absent(cert->purposes) || failed(der_only(cert->purposes, DER_SEQUENCE, &rest)))
		return false;
	while (!failed(der_take(&rest, DER_OID, &purpose)))
		if (str_eq(purpose.content, STR("\x2B\x06\x01\x05\x05\x07\x03\x09")))
			return true;
	return false;
}

/* That this root has issued it, for this, and its time is now. */
static bool is_delegate(const struct anchor *anchor, X509 *x509, int64_t at)
{
	AUTO_ARENA arena;
	AUTO_CERT struct cert cert = {0};
	unsigned char *der = NULL;
	arena_init(&arena, 256u << 10);
	int n = i2d_X509(x509, &der);
	bool whole =
		n > 0 && !failed(cert_parse(&arena, str_make((const char *)der, (size_t)n), &cert));
	OPENSSL_free(der);
	return whole && !cert.ca && may_sign_answers(&cert) &&
	       (!cert.has_usage || cert.usage & CERT_DIGITAL_SIGNATURE) && cert.not_before <= at &&
	       at < cert.not_after && !failed(cert_key_check(&cert, true)) &&
	       anchor_signed(anchor, &cert);
}

static err check_signer(
	const struct anchor *anchor, OCSP_BASICRESP *basic, int64_t at, EVP_PKEY **key)
{
	X509 *signer = NULL;
	STACK_OF(X509) *root = sk_X509_new_null();
	/* By the name or the key that the answer tells, among the root and what came with it. */
	bool found = root && sk_X509_push(root, anchor->cert.x509) > 0 &&
		     OCSP_resp_get0_signer(basic, &signer, root) == 1;
	sk_X509_free(root);
	if (!found)
		return broken("nobody known has signed it");
	if (signer != anchor->cert.x509 && !is_delegate(anchor, signer, at))
		return broken("signed by somebody who may not");
	*key = X509_get0_pubkey(signer);
	return ok();
}

static err check_signature(const struct anchor *anchor, OCSP_BASICRESP *basic, int64_t at)
{
	EVP_PKEY *key = NULL;
	const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg(basic);
	TRY(check_signer(anchor, basic, at, &key));
	if (!revocation_algorithm_counts(algorithm) ||
		ASN1_item_verify(ASN1_ITEM_rptr(OCSP_RESPDATA), algorithm,
			OCSP_resp_get0_signature(basic), OCSP_resp_get0_respdata(basic), key) != 1)
		return broken("the signature is not genuine");
	return ok();
}

/* ---- what is answered ---- */

static err check_nonce(OCSP_BASICRESP *basic, struct str nonce)
{
	int at = OCSP_BASICRESP_get_ext_by_NID(basic, NID_id_pkix_OCSP_Nonce, -1);
	struct str sent;
	if (at < 0)
		return broken("no nonce");
	if (OCSP_BASICRESP_get_ext_by_NID(basic, NID_id_pkix_OCSP_Nonce, at) >= 0)
		return broken("two nonces");
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(OCSP_BASICRESP_get_ext(basic, at));
	struct str bytes = str_make(
		(const char *)ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
	if (failed(der_only(bytes, DER_OCTET_STRING, &sent)) || !str_eq(sent, nonce))
		return broken("another nonce");
	return ok();
}

static bool is_now(const ASN1_TIME *made, int64_t at)
{
	int64_t time;
	return revocation_time(made, &time) && time <= at + REVOCATION_SKEW_MS &&
	       at - time <= OCSP_AGE_MS;
}

static err read_single(OCSP_SINGLERESP *single, int64_t at, struct revocation *out)
{
	ASN1_GENERALIZEDTIME *revoked = NULL, *this = NULL, *next = NULL;
	int64_t until;
	struct revocation read = {.reason = -1};
	int status = OCSP_single_get0_status(single, &read.reason, &revoked, &this, &next);
	if (!is_now(this, at))
		return broken("too old, or of the future");
	if (!revocation_time(next, &until) || until < at)
		return broken("over, or without an end");
	switch (status) {
	case V_OCSP_CERTSTATUS_GOOD:
		read.status = REVOCATION_GOOD;
		break;
	case V_OCSP_CERTSTATUS_REVOKED:
		read.status = REVOCATION_REVOKED;
		if (!revocation_time(revoked, &read.revoked_at))
			return broken("revoked, and not when");
		break;
	case V_OCSP_CERTSTATUS_UNKNOWN:
		read.status = REVOCATION_UNKNOWN;
		break;
	default:
		return broken("no status");
	}
	*out = read;
	return ok();
}

/* Exactly one, and about this certificate. */
static err find_single(const struct anchor *anchor, const struct cert *cert, OCSP_BASICRESP *basic,
	OCSP_SINGLERESP **out)
{
	AUTO_ID OCSP_CERTID *id = make_id(anchor, cert);
	OCSP_SINGLERESP *single = OCSP_resp_get0(basic, 0);
	if (!id)
		return fail(ERR_INTERNAL, "OCSP request cannot be made");
	if (OCSP_resp_count(basic) != 1 || !single)
		return broken("not about one certificate");
	if (OCSP_id_cmp(id, OCSP_SINGLERESP_get0_id(single)) != 0)
		return broken("about another certificate");
	if (OCSP_SINGLERESP_get_ext_by_critical(single, 1, -1) >= 0)
		return broken("a critical extension");
	*out = single;
	return ok();
}

static err read_basic(struct str answer, OCSP_BASICRESP **out)
{
	const unsigned char *at = (const unsigned char *)answer.p;
	TRY(der_check(answer));
	OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, (long)answer.n);
	bool whole = response && at == (const unsigned char *)answer.p + answer.n;
	int status = whole ? OCSP_response_status(response) : -1;
	OCSP_BASICRESP *basic = status == OCSP_RESPONSE_STATUS_SUCCESSFUL
					? OCSP_response_get1_basic(response)
					: NULL;
	OCSP_RESPONSE_free(response);
	if (whole && status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		return fail(ERR_UNAVAILABLE, "OCSP answer: %s", OCSP_response_status_str(status));
	if (!basic)
		return broken("none");
	*out = basic;
	return ok();
}

err ocsp_judge(const struct anchor *anchor, const struct cert *cert, struct str nonce,
	struct str answer, int64_t at, struct revocation *out)
{
	AUTO_BASIC OCSP_BASICRESP *basic = NULL;
	OCSP_SINGLERESP *single = NULL;
	TRY(read_basic(answer, &basic));
	TRY(find_single(anchor, cert, basic, &single));
	TRY(check_signature(anchor, basic, at));
	TRY(check_nonce(basic, nonce));
	if (OCSP_BASICRESP_get_ext_by_critical(basic, 1, -1) >= 0)
		return broken("a critical extension");
	if (!is_now(OCSP_resp_get0_produced_at(basic), at))
		return broken("made too long ago, or in the future");
	return read_single(single, at, out);
}
