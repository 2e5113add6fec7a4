#include "sim/ca/asked.h"

#include "base/encode.h"
#include "sim/ca/keys.h"
#include "sim/ca/ocsp.h"

#define NONCE_MAX 128 /* RFC 9654 2.1 */

void asked_release(struct asked *asked)
{
	OCSP_REQUEST_free(asked->request);
	*asked = (struct asked){0};
}

static err parse(struct str bytes, OCSP_REQUEST **out)
{
	if (bytes.n > OCSP_REQUEST_MAX)
		return fail(ERR_LIMIT, "an OCSP request of %zu bytes", bytes.n);
	const unsigned char *at = (const unsigned char *)bytes.p;
	AUTO_SSL(request)
	OCSP_REQUEST *request = bytes.n ? d2i_OCSP_REQUEST(NULL, &at, (long)bytes.n) : NULL;
	if (!request) {
		ssl_forget();
		return fail(ERR_INVALID, "not an OCSP request");
	}
	if (at != (const unsigned char *)bytes.p + bytes.n)
		return fail(ERR_INVALID, "something stands behind the OCSP request");
	*out = request;
	request = NULL;
	return ok();
}

/* The nonce is an OCTET STRING in the extension's OCTET STRING; up to 128 bytes have a length of
 * one or two bytes. */
static err check_nonce(OCSP_REQUEST *request, bool *out)
{
	int at = OCSP_REQUEST_get_ext_by_NID(request, NID_id_pkix_OCSP_Nonce, -1);
	*out = at >= 0;
	if (at < 0)
		return ok();
	X509_EXTENSION *extension = OCSP_REQUEST_get_ext(request, at);
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
	const unsigned char *bytes = ASN1_STRING_get0_data(value);
	long n = ASN1_STRING_length(value);
	AUTO_SSL(octets) ASN1_OCTET_STRING *nonce = d2i_ASN1_OCTET_STRING(NULL, &bytes, n);
	if (!nonce || ASN1_STRING_length(nonce) < 1 || ASN1_STRING_length(nonce) > NONCE_MAX) {
		ssl_forget();
		return fail(ERR_INVALID, "a nonce that is not 1 to %d bytes", NONCE_MAX);
	}
	return ok();
}

/* Whether the name and the key in the id are those of that certificate, by the id's own digest. */
static err is_issuer(X509 *cert, OCSP_CERTID *id, bool *out)
{
	ASN1_OBJECT *algorithm = NULL;
	ASN1_INTEGER *serial = NULL;
	NEED(OCSP_id_get0_info(NULL, &algorithm, NULL, &serial, id) == 1);
	const EVP_MD *digest = EVP_get_digestbyobj(algorithm);
	*out = false;
	if (!digest)
		return ok();
	OCSP_CERTID *own = OCSP_cert_id_new(
		digest, X509_get_subject_name(cert), X509_get0_pubkey_bitstr(cert), serial);
	NEED(own);
	*out = OCSP_id_issuer_cmp(own, id) == 0;
	OCSP_CERTID_free(own);
	return ok();
}

/* DENIED: none of our roots. */
static err find_root(const struct ca *ca, struct arena *arena, OCSP_CERTID *id, struct asked *out)
{
	for (int i = 0; i < CA_KIND_COUNT * CA_ROOT_COUNT; i++) {
		enum ca_kind kind = (enum ca_kind)(i / CA_ROOT_COUNT);
		enum ca_root root = (enum ca_root)(i % CA_ROOT_COUNT);
		AUTO_SIGNER signer = {0};
		bool found;
		TRY(root_load(ca, arena, kind, root, &signer));
		TRY(is_issuer(signer.cert, id, &found));
		if (found) {
			out->kind = kind;
			out->root = root;
			return ok();
		}
	}
	return fail(ERR_DENIED, "no root of ours has issued the certificate");
}

static err read_serial(struct arena *arena, OCSP_CERTID *id, struct str *out)
{
	ASN1_INTEGER *serial = NULL;
	NEED(OCSP_id_get0_info(NULL, NULL, NULL, &serial, id) == 1);
	struct buf hex;
	size_t n = (size_t)ASN1_STRING_length(serial);
	buf_init_room(&hex, arena, 2 * n + 1, 2 * n + 1);
	hex_write(&hex, str_make((const char *)ASN1_STRING_get0_data(serial), n));
	*out = str_upper(arena, buf_view(&hex));
	return ok();
}

static err read_all(const struct ca *ca, struct arena *arena, struct asked *asked)
{
	for (size_t i = 0; i < asked->n; i++) {
		struct asked_cert *cert = &asked->v[i];
		struct asked found = {0};
		cert->id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked->request, (int)i));
		TRY(find_root(ca, arena, cert->id, &found));
		if (i == 0) {
			asked->kind = found.kind;
			asked->root = found.root;
		} else if (asked->kind != found.kind || asked->root != found.root) {
			return fail(ERR_DENIED, "certificates of two roots in one request");
		}
		TRY(read_serial(arena, cert->id, &cert->serial));
	}
	return ok();
}

err asked_read(const struct ca *ca, struct arena *arena, struct str request, struct asked *out)
{
	AUTO_ASKED asked = {0};
	TRY(parse(request, &asked.request));
	TRY(check_nonce(asked.request, &asked.has_nonce));
	int n = OCSP_request_onereq_count(asked.request);
	if (n < 1)
		return fail(ERR_INVALID, "an OCSP request without a certificate");
	if (n > OCSP_ASKED_MAX)
		return fail(ERR_LIMIT, "an OCSP request for %d certificates", n);
	asked.n = (size_t)n;
	asked.v = arena_array(arena, struct asked_cert, asked.n);
	TRY(read_all(ca, arena, &asked));
	*out = asked;
	asked = (struct asked){0};
	return ok();
}
