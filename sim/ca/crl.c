#include "sim/ca/ca.h"

#include "base/auto.h"
#include "base/time.h"
#include "sim/ca/folder.h"
#include "sim/ca/index.h"
#include "sim/ca/keys.h"

/* Lists of revoked certificates, RFC 5280 section 5. The real service makes one a day; two hours
 * more let the next one come late. */

#define VALID (26 * TIME_HOUR)

static err set_serial(ASN1_INTEGER *number, struct str hex)
{
	AUTO_SSL(bn) BIGNUM *value = NULL;
	AUTO_ARENA arena;
	arena_init(&arena, 1024);
	NEED(BN_hex2bn(&value, str_c(&arena, hex)) > 0 && BN_to_ASN1_INTEGER(value, number));
	return ok();
}

static err add_reason(X509_REVOKED *revoked, enum ca_reason reason)
{
	/* RFC 5280 5.3.1: absent rather than unspecified. */
	if (reason == CA_UNSPECIFIED)
		return ok();
	ASN1_ENUMERATED *code = ASN1_ENUMERATED_new();
	bool added =
		code && ASN1_ENUMERATED_set(code, (long)reason) == 1 &&
		X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, code, 0, X509V3_ADD_APPEND) == 1;
	ASN1_ENUMERATED_free(code);
	NEED(added);
	return ok();
}

static err add_entry(X509_CRL *crl, const struct ca_entry *entry)
{
	AUTO_SSL(revoked) X509_REVOKED *revoked = X509_REVOKED_new();
	AUTO_SSL(integer) ASN1_INTEGER *serial = ASN1_INTEGER_new();
	AUTO_SSL(time) ASN1_TIME *at = NULL;
	NEED(revoked && serial);
	TRY(set_serial(serial, entry->serial));
	TRY(ssl_time(entry->revoked_at, &at));
	NEED(X509_REVOKED_set_serialNumber(revoked, serial) == 1 &&
		X509_REVOKED_set_revocationDate(revoked, at) == 1);
	TRY(add_reason(revoked, entry->reason));
	NEED(X509_CRL_add0_revoked(crl, revoked) == 1);
	revoked = NULL;
	return ok();
}

static err add_head(X509_CRL *crl, const struct signer *root, int64_t now, int64_t number)
{
	AUTO_SSL(time) ASN1_TIME *this = NULL;
	AUTO_SSL(time) ASN1_TIME *next = NULL;
	TRY(ssl_time(now, &this));
	TRY(ssl_time(now + VALID, &next));
	NEED(X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
		X509_CRL_set_issuer_name(crl, X509_get_subject_name(root->cert)) == 1 &&
		X509_CRL_set1_lastUpdate(crl, this) == 1 &&
		X509_CRL_set1_nextUpdate(crl, next) == 1);
	AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();
	AUTO_SSL(integer) ASN1_INTEGER *serial = ASN1_INTEGER_new();
	const ASN1_OCTET_STRING *key = X509_get0_subject_key_id(root->cert);
	if (id && key)
		id->keyid = ASN1_OCTET_STRING_dup(key);
	bool added = id && id->keyid && serial && ASN1_INTEGER_set_int64(serial, number) == 1 &&
		     X509_CRL_add1_ext_i2d(
			     crl, NID_authority_key_identifier, id, 0, X509V3_ADD_APPEND) == 1 &&
		     X509_CRL_add1_ext_i2d(crl, NID_crl_number, serial, 0, X509V3_ADD_APPEND) == 1;
	AUTHORITY_KEYID_free(id);
	NEED(added);
	return ok();
}

static err make(const struct index *index, const struct signer *root, enum ca_kind kind,
	enum ca_root number, int64_t now, X509_CRL **out)
{
	AUTO_SSL(crl) X509_CRL *crl = X509_CRL_new();
	NEED(crl);
	TRY(add_head(crl, root, now, index->crl_number));
	for (size_t i = 0; i < index->n; i++) {
		const struct ca_entry *entry = &index->v[i];
		if (entry->revoked && entry->kind == kind && entry->root == number)
			TRY(add_entry(crl, entry));
	}
	NEED(X509_CRL_sort(crl) == 1 && X509_CRL_sign(crl, root->key, keys_digest(root->key)) > 0);
	*out = crl;
	crl = NULL;
	return ok();
}

err ca_crl(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	int64_t now, struct str *out)
{
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	AUTO_FD int lock = -1;
	AUTO_SIGNER signer = {0};
	AUTO_SSL(crl) X509_CRL *crl = NULL;
	struct index index;
	struct str der;
	TRY(root_load(ca, &work, kind, root, &signer));
	TRY(folder_lock(&work, ca->dir, &lock));
	TRY(index_read(ca, &work, &index));
	index.crl_number++;
	TRY(make(&index, &signer, kind, root, now, &crl));
	unsigned char *bytes = NULL;
	int n = i2d_X509_CRL(crl, &bytes);
	TRY(ssl_der(&work, bytes, n, &der));
	/* The number first: one that is used up for nothing does no harm, the same one twice would.
	 */
	TRY(index_write(ca, &work, &index));
	const char *path = str_c(&work, str_fmt(&work, "%s/anchors/crl-%s-%s.der", ca->dir,
						ca_kind_name(kind), ca_root_name(root)));
	TRY(folder_write(path, der, 0644));
	if (out)
		*out = str_dup(arena, der);
	return ok();
}
