#include "sim/ca/cert.h"

#include "base/random.h"
#include "sim/ca/extension.h"

/* The policies of the test environment; its second one is our own guess of the twin. */
static const char *const policies[CA_KIND_COUNT] = {
	[CA_AUTH] = "1.2.392.200149.8.5.1.0.30",
	[CA_SIGN] = "1.2.392.200149.8.5.1.0.20",
};

#define DIGITAL_SIGNATURE 0x80u
#define NON_REPUDIATION 0x40u
#define KEY_CERT_SIGN 0x04u
#define CRL_SIGN 0x02u

static const unsigned usages[CA_KIND_COUNT] = {
	[CA_AUTH] = DIGITAL_SIGNATURE,
	[CA_SIGN] = DIGITAL_SIGNATURE | NON_REPUDIATION,
};

uint64_t cert_serial(void)
{
	uint64_t serial;
	random_bytes(&serial, sizeof serial);
	/* Positive, and of the same length for all. */
	return (serial & 0x7fffffffffffffff) | 0x1000000000000000;
}

static err begin(
	uint64_t serial, struct term term, const X509_NAME *subject, EVP_PKEY *key, X509 **out)
{
	AUTO_X509 *cert = X509_new();
	AUTO_SSL(integer) ASN1_INTEGER *number = ASN1_INTEGER_new();
	AUTO_SSL(time) ASN1_TIME *before = NULL;
	AUTO_SSL(time) ASN1_TIME *after = NULL;
	NEED(cert && number && ASN1_INTEGER_set_uint64(number, serial) == 1);
	TRY(ssl_time(term.not_before, &before));
	TRY(ssl_time(term.not_after, &after));
	NEED(X509_set_version(cert, X509_VERSION_3) == 1 &&
		X509_set_serialNumber(cert, number) == 1 &&
		X509_set1_notBefore(cert, before) == 1 && X509_set1_notAfter(cert, after) == 1 &&
		X509_set_subject_name(cert, subject) == 1 && X509_set_pubkey(cert, key) == 1);
	*out = cert;
	cert = NULL;
	return ok();
}

static err end(X509 *cert, const X509_NAME *issuer, EVP_PKEY *key, const EVP_MD *digest)
{
	NEED(X509_set_issuer_name(cert, issuer) == 1 && X509_sign(cert, key, digest) > 0);
	return ok();
}

err cert_root(
	enum ca_kind kind, enum ca_root root, uint64_t serial, struct term term, struct signer *out)
{
	AUTO_SIGNER made = {0};
	AUTO_SSL(name) X509_NAME *name = NULL;
	AUTO_SSL(name) X509_NAME *service = NULL;
	AUTO_SSL(name) X509_NAME *list = NULL;
	TRY(names_root(kind, &name));
	TRY(names_service(&service));
	TRY(names_list(kind, NULL, &list));
	TRY(keys_new(root, &made.key));
	TRY(begin(serial, term, name, made.key, &made.cert));
	TRY(extension_usage(made.cert, KEY_CERT_SIGN | CRL_SIGN));
	TRY(extension_directory(made.cert, NID_subject_alt_name, service));
	TRY(extension_ca(made.cert));
	TRY(extension_list(made.cert, list));
	TRY(extension_subject(made.cert));
	TRY(end(made.cert, name, made.key, keys_digest(made.key)));
	*out = made;
	made = (struct signer){0};
	return ok();
}

err cert_responder(enum ca_kind kind, const struct signer *root, EVP_PKEY *key, uint64_t serial,
	struct term term, bool may_answer, X509 **out)
{
	AUTO_X509 *cert = NULL;
	AUTO_SSL(name) X509_NAME *name = NULL;
	TRY(names_responder(kind, &name));
	TRY(begin(serial, term, name, key, &cert));
	TRY(extension_authority(cert, root->cert));
	TRY(extension_usage(cert, DIGITAL_SIGNATURE));
	if (may_answer)
		TRY(extension_responder(cert));
	TRY(extension_subject(cert));
	TRY(end(cert, X509_get_subject_name(root->cert), root->key, keys_digest(root->key)));
	*out = cert;
	cert = NULL;
	return ok();
}

/* In the order of the real ones. */
static err leaf_extensions(const struct leaf *leaf, const struct signer *root, X509 *cert)
{
	const struct ca_request *request = leaf->request;
	const struct ca_wrong *wrong = leaf->wrong;
	AUTO_SSL(name) X509_NAME *service = NULL;
	AUTO_SSL(name) X509_NAME *list = NULL;
	TRY(names_service(&service));
	TRY(names_list(request->kind, request->person, &list));
	TRY(extension_authority(cert, root->cert));
	if (!wrong->no_key_usage)
		TRY(extension_usage(
			cert, wrong->key_usage ? wrong->key_usage : usages[request->kind]));
	if (request->kind == CA_SIGN)
		TRY(extension_items(cert, request->person, wrong));
	TRY(extension_directory(cert, NID_issuer_alt_name, service));
	TRY(extension_list(cert, list));
	if (!wrong->no_policy)
		TRY(extension_policy(
			cert, wrong->policy ? wrong->policy : policies[request->kind]));
	TRY(extension_subject(cert));
	if (wrong->ca)
		TRY(extension_ca(cert));
	if (wrong->unknown_critical)
		TRY(extension_unknown(cert));
	return ok();
}

err cert_leaf(const struct leaf *leaf, const struct signer *root, EVP_PKEY *key, X509 **out)
{
	const struct ca_request *request = leaf->request;
	const struct ca_wrong *wrong = leaf->wrong;
	AUTO_X509 *cert = NULL;
	AUTO_SSL(name) X509_NAME *subject = NULL;
	TRY(names_subject(request->kind, request->person, leaf->cn, &subject));
	TRY(begin(leaf->serial, (struct term){request->not_before, request->not_after}, subject,
		key, &cert));
	TRY(leaf_extensions(leaf, root, cert));
	if (wrong->version1)
		NEED(X509_set_version(cert, X509_VERSION_1) == 1);
	EVP_PKEY *by = wrong->self_signed ? key : root->key;
	TRY(end(cert, X509_get_subject_name(root->cert), by,
		wrong->sha1 ? EVP_sha1() : keys_digest(by)));
	*out = cert;
	cert = NULL;
	return ok();
}
