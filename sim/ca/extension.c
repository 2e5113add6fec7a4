#include "sim/ca/extension.h"

#define CPS "http://www.jpki.go.jp/cps.html"
#define UNKNOWN "1.3.6.1.4.1.99999.1" /* an enterprise number that is not assigned */

static err add(X509 *cert, int nid, void *value, bool critical)
{
	NEED(X509_add1_ext_i2d(cert, nid, value, critical, X509V3_ADD_APPEND) == 1);
	return ok();
}

/* Takes the name's copy into a list of one directoryName. */
static err directory_of(const X509_NAME *name, GENERAL_NAMES **out)
{
	AUTO_SSL(generals) GENERAL_NAMES *names = GENERAL_NAMES_new();
	AUTO_SSL(general) GENERAL_NAME *one = GENERAL_NAME_new();
	X509_NAME *copy = X509_NAME_dup(name);
	NEED(names && one && copy);
	GENERAL_NAME_set0_value(one, GEN_DIRNAME, copy);
	NEED(sk_GENERAL_NAME_push(names, one) > 0);
	one = NULL;
	*out = names;
	names = NULL;
	return ok();
}

err extension_authority(X509 *cert, X509 *issuer)
{
	AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();
	NEED(id);
	const ASN1_OCTET_STRING *key = X509_get0_subject_key_id(issuer);
	id->keyid = key ? ASN1_OCTET_STRING_dup(key) : NULL;
	id->serial = ASN1_INTEGER_dup(X509_get0_serialNumber(issuer));
	err made = directory_of(X509_get_issuer_name(issuer), &id->issuer);
	if (!failed(made))
		made = id->keyid && id->serial ? add(cert, NID_authority_key_identifier, id, false)
					       : ssl_error(__func__);
	AUTHORITY_KEYID_free(id);
	return made;
}

err extension_usage(X509 *cert, unsigned bits)
{
	ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
	NEED(usage);
	err made = ok();
	for (int i = 0; i < 8 && !failed(made); i++) {
		if ((bits & (0x80u >> i)) && ASN1_BIT_STRING_set_bit(usage, i, 1) != 1)
			made = ssl_error(__func__);
	}
	if (!failed(made))
		made = add(cert, NID_key_usage, usage, true);
	ASN1_BIT_STRING_free(usage);
	return made;
}

err extension_directory(X509 *cert, int nid, X509_NAME *name)
{
	AUTO_SSL(generals) GENERAL_NAMES *names = NULL;
	TRY(directory_of(name, &names));
	return add(cert, nid, names, false);
}

err extension_list(X509 *cert, X509_NAME *name)
{
	AUTO_SSL(points) CRL_DIST_POINTS *points = CRL_DIST_POINTS_new();
	DIST_POINT *point = DIST_POINT_new();
	if (!points || !point || sk_DIST_POINT_push(points, point) <= 0) {
		DIST_POINT_free(point);
		return ssl_error(__func__);
	}
	point->distpoint = DIST_POINT_NAME_new();
	NEED(point->distpoint);
	point->distpoint->type = 0; /* fullName */
	TRY(directory_of(name, &point->distpoint->name.fullname));
	return add(cert, NID_crl_distribution_points, points, false);
}

static err qualifier_of(POLICYINFO *policy)
{
	policy->qualifiers = sk_POLICYQUALINFO_new_null();
	POLICYQUALINFO *one = POLICYQUALINFO_new();
	if (!policy->qualifiers || !one || sk_POLICYQUALINFO_push(policy->qualifiers, one) <= 0) {
		POLICYQUALINFO_free(one);
		return ssl_error(__func__);
	}
	one->pqualid = OBJ_nid2obj(NID_id_qt_cps);
	one->d.cpsuri = ASN1_IA5STRING_new();
	NEED(one->d.cpsuri && ASN1_STRING_set(one->d.cpsuri, CPS, -1) == 1);
	return ok();
}

err extension_policy(X509 *cert, const char *oid)
{
	AUTO_SSL(policies) CERTIFICATEPOLICIES *policies = CERTIFICATEPOLICIES_new();
	POLICYINFO *policy = POLICYINFO_new();
	if (!policies || !policy || sk_POLICYINFO_push(policies, policy) <= 0) {
		POLICYINFO_free(policy);
		return ssl_error(__func__);
	}
	ASN1_OBJECT_free(policy->policyid);
	policy->policyid = OBJ_txt2obj(oid, 1);
	if (!policy->policyid) {
		ssl_forget();
		return fail(ERR_INVALID, "policy %s: not an OID", oid);
	}
	TRY(qualifier_of(policy));
	return add(cert, NID_certificate_policies, policies, true);
}

err extension_subject(X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	AUTO_SSL(octets) ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
	/* RFC 5280 4.2.1.2 (1): SHA-1 of the key's bits. */
	NEED(id && X509_pubkey_digest(cert, EVP_sha1(), digest, &n) == 1 &&
		ASN1_OCTET_STRING_set(id, digest, (int)n) == 1);
	return add(cert, NID_subject_key_identifier, id, false);
}

err extension_ca(X509 *cert)
{
	BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
	NEED(constraints);
	constraints->ca = 0xff; /* TRUE in DER; OpenSSL writes the number as it is */
	err made = add(cert, NID_basic_constraints, constraints, true);
	BASIC_CONSTRAINTS_free(constraints);
	return made;
}

err extension_responder(X509 *cert)
{
	EXTENDED_KEY_USAGE *usage = EXTENDED_KEY_USAGE_new();
	ASN1_NULL *nothing = ASN1_NULL_new();
	err made = ok();
	if (!usage || !nothing || sk_ASN1_OBJECT_push(usage, OBJ_nid2obj(NID_OCSP_sign)) <= 0)
		made = ssl_error(__func__);
	if (!failed(made))
		made = add(cert, NID_ext_key_usage, usage, false);
	if (!failed(made))
		made = add(cert, NID_id_pkix_OCSP_noCheck, nothing, false);
	ASN1_NULL_free(nothing);
	EXTENDED_KEY_USAGE_free(usage);
	return made;
}

err extension_unknown(X509 *cert)
{
	AUTO_SSL(octets) ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj(UNKNOWN, 1);
	/* NULL, in DER: 05 00 */
	static const unsigned char null[] = {5, 0};
	X509_EXTENSION *one = NULL;
	if (value && oid && ASN1_OCTET_STRING_set(value, null, sizeof null) == 1)
		one = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
	bool added = one && X509_add_ext(cert, one, -1) == 1;
	X509_EXTENSION_free(one);
	ASN1_OBJECT_free(oid);
	NEED(added);
	return ok();
}
