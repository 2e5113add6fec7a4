#include "crypto/cert.h"

#include "crypto/cert_inside.h"
#include "crypto/der.h"
#include "crypto/signature.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define SERIAL_MAX 20
#define P384_BYTES 48

static err broken(const char *what)
{
	return fail(ERR_INVALID, "certificate: %s", what);
}

/* ---- the fields, as RFC 5280 section 4.1 has them in their order ---- */

static err read_version(struct str *rest)
{
	struct der version;
	TRY(der_take(rest, DER_IN(0), &version));
	return str_eq(version.content, STR("\x02\x01\x02")) ? ok() : broken("not version 3");
}

static err read_serial(struct str *rest, struct cert *out)
{
	struct der serial;
	TRY(der_take(rest, DER_INTEGER, &serial));
	struct str number = serial.content;
	if (number.n > 1 && number.p[0] == 0)
		number = str_skip(number, 1);
	else if (number.n && (unsigned char)number.p[0] >= 0x80)
		return broken("a serial number below 0");
	if (number.n == 0 || number.n > SERIAL_MAX || (number.n == 1 && number.p[0] == 0))
		return broken("no serial number");
	out->serial = number;
	return ok();
}

static err read_validity(struct str *rest, struct cert *out)
{
	struct der validity, before, after;
	TRY(der_take(rest, DER_SEQUENCE, &validity));
	TRY(der_next(&validity.content, &before));
	TRY(der_next(&validity.content, &after));
	TRY(der_time(&before, &out->not_before));
	TRY(der_time(&after, &out->not_after));
	return validity.content.n ? broken("more than two times") : ok();
}

static err read_tbs(struct str rest, struct cert *out, struct str *extensions)
{
	struct der value;
	TRY(read_version(&rest));
	TRY(read_serial(&rest, out));
	TRY(der_take(&rest, DER_SEQUENCE, &value));
	out->algorithm = value.whole;
	TRY(der_take(&rest, DER_SEQUENCE, &value));
	out->issuer = value.whole;
	TRY(read_validity(&rest, out));
	TRY(der_take(&rest, DER_SEQUENCE, &value));
	out->subject = value.whole;
	TRY(der_take(&rest, DER_SEQUENCE, &value));
	out->spki = value.whole;
	/* The unique identifiers of version 2, [1] and [2], are refused here with all else. */
	TRY(der_take(&rest, DER_IN(3), &value));
	*extensions = value.content;
	return rest.n ? broken("something behind the extensions") : ok();
}

static err read_fields(struct cert *out, struct str *extensions)
{
	struct str rest;
	struct der tbs, algorithm, signature;
	TRY(der_only(out->der, DER_SEQUENCE, &rest));
	TRY(der_take(&rest, DER_SEQUENCE, &tbs));
	TRY(der_take(&rest, DER_SEQUENCE, &algorithm));
	TRY(der_take(&rest, DER_BIT_STRING, &signature));
	if (rest.n || signature.content.n < 2 || signature.content.p[0] != 0)
		return broken("no signature");
	TRY(read_tbs(tbs.content, out, extensions));
	return str_eq(algorithm.whole, out->algorithm) ? ok() : broken("two algorithms");
}

/* ---- what OpenSSL makes of it ---- */

/* i2d_X509 would give back the bytes that were read; the second half has to be made anew. */
static bool writes_back(X509 *cert, struct str der)
{
	struct str rest;
	struct der tbs;
	unsigned char *made = NULL, *whole = NULL;
	int n = i2d_X509(cert, &whole);
	bool same = n >= 0 && str_eq(str_make((const char *)whole, (size_t)n), der);
	n = i2d_re_X509_tbs(cert, &made);
	same = same && n >= 0 && !failed(der_only(der, DER_SEQUENCE, &rest)) &&
	       !failed(der_next(&rest, &tbs)) &&
	       str_eq(str_make((const char *)made, (size_t)n), tbs.whole);
	OPENSSL_free(whole);
	OPENSSL_free(made);
	return same;
}

static err read_openssl(struct cert *out)
{
	const unsigned char *at = (const unsigned char *)out->der.p;
	X509 *cert = d2i_X509(NULL, &at, (long)out->der.n);
	bool whole = cert && at == (const unsigned char *)out->der.p + out->der.n &&
		     X509_get0_pubkey(cert) && writes_back(cert, out->der);
	ERR_clear_error();
	if (!whole) {
		X509_free(cert);
		return broken("not as OpenSSL writes it");
	}
	out->x509 = cert;
	return ok();
}

err cert_parse(struct arena *arena, struct str der, struct cert *out)
{
	AUTO_CERT struct cert cert = {0};
	struct str extensions = {0};
	if (der.n > CERT_BYTES_MAX)
		return broken("too long");
	TRY(der_check(der));
	cert.der = str_dup(arena, der);
	TRY(read_fields(&cert, &extensions));
	TRY(cert_extensions(extensions, &cert));
	TRY(read_openssl(&cert));
	sha256(cert.der, cert.sha256);
	sha256(cert.spki, cert.spki_sha256);
	sha256(cert.issuer, cert.issuer_sha256);
	*out = cert_take(&cert);
	return ok();
}

err cert_read(struct arena *arena, struct str der, struct cert *out)
{
	AUTO_CERT struct cert cert = {0};
	TRY(cert_parse(arena, der, &cert));
	if (cert.ca || (cert.usage & (CERT_KEY_CERT_SIGN | CERT_CRL_SIGN)))
		return broken("an authority's");
	if (str_eq(cert.issuer, cert.subject))
		return broken("issued by itself");
	if (!cert.has_usage)
		return broken("no keyUsage");
	if (cert.purposes_only)
		return broken("for other purposes");
	*out = cert_take(&cert);
	return ok();
}

void cert_release(struct cert *cert)
{
	X509_free(cert->x509);
	cert->x509 = NULL;
}

struct cert cert_take(struct cert *from)
{
	struct cert cert = *from;
	from->x509 = NULL;
	return cert;
}

err cert_from_pem(struct arena *arena, struct str text, struct str *der)
{
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	long n = 0;
	BIO *bio = BIO_new_mem_buf(text.n ? text.p : "", (int)text.n);
	bool fine = bio && PEM_read_bio(bio, &name, &header, &data, &n) == 1 &&
		    str_eq(str_of(name), STR("CERTIFICATE")) && !*header && n > 0;
	char behind[256];
	for (int got = 1; fine && got > 0;) {
		got = BIO_read(bio, behind, sizeof behind);
		fine = got <= 0 || str_empty(str_trim(str_make(behind, (size_t)got)));
	}
	if (fine)
		*der = str_dup(arena, str_make((const char *)data, (size_t)n));
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(bio);
	ERR_clear_error();
	return fine ? ok() : broken("not one certificate in PEM");
}

/* ---- keys ---- */

static bool rsa_fits(const EVP_PKEY *key)
{
	BIGNUM *exponent = NULL;
	int bits = EVP_PKEY_get_bits(key);
	bool fits = bits >= 2048 && bits <= 4096 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1 &&
		    BN_is_word(exponent, 65537);
	BN_free(exponent);
	return fits;
}

/* Named: not by the numbers of a curve, which could be those of another one. */
static bool is_p384(const EVP_PKEY *key)
{
	char group[32], encoding[32];
	size_t n;
	return EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1 &&
	       str_eq(str_of(group), STR("secp384r1")) &&
	       EVP_PKEY_get_utf8_string_param(
		       key, OSSL_PKEY_PARAM_EC_ENCODING, encoding, sizeof encoding, &n) == 1 &&
	       str_eq(str_of(encoding), STR("named_curve"));
}

err cert_key_check(const struct cert *cert, bool p384)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert->x509);
	/* "RSA-PSS" is another type. */
	if (EVP_PKEY_is_a(key, "RSA") && rsa_fits(key))
		return ok();
	if (p384 && EVP_PKEY_is_a(key, "EC") && is_p384(key))
		return ok();
	return broken("a key that no card has");
}

/* ---- signatures ---- */

err card_alg_of(struct str name, enum card_alg *out)
{
	static const struct str names[CARD_ALG_COUNT] = {
		[CARD_RS256] = STR_INIT("RS256"),
		[CARD_ES384] = STR_INIT("ES384"),
	};
	for (int i = 0; i < CARD_ALG_COUNT; i++)
		if (str_eq(name, names[i])) {
			*out = (enum card_alg)i;
			return ok();
		}
	return fail(ERR_INVALID, "not an algorithm of cards");
}

err cert_signed(const struct cert *cert, enum card_alg alg, struct str bytes, struct str signature)
{
	EVP_PKEY *key = X509_get0_pubkey(cert->x509);
	bool genuine = false;
	switch (alg) {
	case CARD_RS256:
		genuine = signature_rs256(key, bytes, signature);
		break;
	case CARD_ES384:
		genuine = is_p384(key) &&
			  signature_ecdsa(key, "SHA384", P384_BYTES, bytes, signature);
		break;
	case CARD_ALG_COUNT:
		break;
	}
	return genuine ? ok() : fail(ERR_INVALID, "not signed by this card");
}
