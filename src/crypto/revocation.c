#include "crypto/revocation.h"

#include "base/time.h"
#include "crypto/revocation_inside.h"

bool revocation_time(const ASN1_TIME *time, int64_t *out)
{
	struct tm parts;
	if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
		return false;
	*out = (int64_t)timegm(&parts) * TIME_SECOND;
	return true;
}

bool revocation_algorithm_counts(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *oid;
	int parameters, digest = NID_undef, key = NID_undef;
	X509_ALGOR_get0(&oid, &parameters, NULL, algorithm);
	if (OBJ_find_sigid_algs(OBJ_obj2nid(oid), &digest, &key) != 1)
		return false;
	bool rsa = key == NID_rsaEncryption && parameters == V_ASN1_NULL;
	bool ec = key == NID_X9_62_id_ecPublicKey && parameters == V_ASN1_UNDEF;
	return (rsa || ec) &&
	       (digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512);
}

const char *revocation_reason_name(int reason)
{
	static const char *const names[] = {
		[0] = "unspecified",
		[1] = "keyCompromise",
		[2] = "cACompromise",
		[3] = "affiliationChanged",
		[4] = "superseded",
		[5] = "cessationOfOperation",
		[6] = "certificateHold",
		[8] = "removeFromCRL",
		[9] = "privilegeWithdrawn",
		[10] = "aACompromise",
	};
	if (reason < 0 || reason >= (int)(sizeof names / sizeof names[0]) || !names[reason])
		return "";
	return names[reason];
}
