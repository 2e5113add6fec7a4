#include "check_text.h"

#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#define KEY_BYTES 265
#define ID_BYTES 16

static unsigned at(struct str s, size_t i)
{
	return (uint8_t)s.p[i];
}

bool text_next(struct str *rest, unsigned tag, struct str *value)
{
	size_t head = tag > 0xFF ? 2 : 1, width = 0;

	if (rest->n < head + 1)
		return false;
	unsigned found = head == 2 ? at(*rest, 0) << 8 | at(*rest, 1) : at(*rest, 0);
	size_t n = at(*rest, head);

	if (n == 0x81 || n == 0x82)
		width = n - 0x80;
	else if (n > 0x7F)
		return false;
	if (found != tag || rest->n < head + 1 + width)
		return false;
	if (width > 0) {
		n = width == 1 ? at(*rest, head + 1)
			       : at(*rest, head + 1) << 8 | at(*rest, head + 2);
		/* The shortest form only. */
		if (n <= (width == 1 ? 0x7F : 0xFF))
			return false;
	}
	if (rest->n < head + 1 + width + n)
		return false;
	*value = str_sub(*rest, head + 1 + width, n);
	*rest = str_skip(*rest, head + 1 + width + n);
	return true;
}

struct str text_value(struct str bytes, unsigned tag)
{
	struct str value = {0};

	return text_next(&bytes, tag, &value) && bytes.n == 0 ? value : (struct str){0};
}

static EVP_PKEY *key_of(struct str written)
{
	struct str exponent, modulus;
	EVP_PKEY *key = NULL;

	if (written.n != KEY_BYTES || !text_next(&written, 0x90, &exponent) ||
		!text_next(&written, 0x91, &modulus) || written.n != 0)
		return NULL;
	BIGNUM *e = BN_bin2bn((const unsigned char *)exponent.p, (int)exponent.n, NULL);
	BIGNUM *n = BN_bin2bn((const unsigned char *)modulus.p, (int)modulus.n, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);

	if (OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		params = OSSL_PARAM_BLD_to_param(build);
	if (!params || EVP_PKEY_fromdata_init(ctx) <= 0 ||
		EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(e);
	BN_free(n);
	return key;
}

static bool signed_by(struct str written_key, struct str bytes, struct str signature)
{
	EVP_PKEY *key = key_of(written_key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = key && signature.n == 256 &&
		    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
			    (const unsigned char *)bytes.p, bytes.n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return good;
}

/* The office's key out of EF 0004, when the root certified it. */
static bool office_key(const struct text_files *files, struct str *key)
{
	struct str inside = text_value(files->certificate, 0x7F21), body, signature;

	if (!text_next(&inside, 0x5F4E, &body) || !text_next(&inside, 0x5F37, &signature) ||
		inside.n != 0 || body.n != 2 * ID_BYTES + KEY_BYTES ||
		files->root.n != ID_BYTES + KEY_BYTES)
		return false;
	*key = str_skip(body, (size_t)2 * ID_BYTES);
	return str_eq(str_sub(body, 0, ID_BYTES), str_sub(files->root, 0, ID_BYTES)) &&
	       signed_by(str_skip(files->root, ID_BYTES), body, signature);
}

/* The table of EF 0002 agrees with where its fields are. *fields: all behind the table. */
static bool fields_agree(struct str file, struct str *fields)
{
	struct str inside = text_value(file, 0xFF20), table, value;

	if (!text_next(&inside, 0xDF21, &table) || table.n != 8)
		return false;
	*fields = inside;
	for (unsigned i = 0; i < 4; i++) {
		size_t begin = (size_t)(inside.p - file.p);

		if ((at(table, (size_t)2 * i) << 8 | at(table, (size_t)2 * i + 1)) != begin ||
			!text_next(&inside, 0xDF22 + i, &value))
			return false;
	}
	return inside.n == 0;
}

static bool integrity_holds(const struct text_files *files, struct str office)
{
	struct str inside = text_value(files->integrity, 0xFF30), all = inside, number, basic4,
		   signature, fields;
	uint8_t digest[SHA256_BYTES];

	if (!text_next(&inside, 0xDF31, &number) || !text_next(&inside, 0xDF32, &basic4))
		return false;
	struct str covered = str_sub(all, 0, all.n - inside.n);

	if (!text_next(&inside, 0xDF33, &signature) || inside.n != 0 || number.n != SHA256_BYTES ||
		!fields_agree(files->basic4, &fields))
		return false;
	sha256(fields, digest);
	return str_eq(basic4, str_make((const char *)digest, sizeof digest)) &&
	       signed_by(office, covered, signature);
}

static bool card_is_there(const struct text_files *files, struct str office)
{
	struct str inside = text_value(files->signed_key, 0xFF50), all = inside, key, signature;

	if (!text_next(&inside, 0xDF51, &key))
		return false;
	struct str covered = str_sub(all, 0, all.n - inside.n);

	return text_next(&inside, 0xDF52, &signature) && inside.n == 0 &&
	       signed_by(office, covered, signature) &&
	       signed_by(key, files->challenge, files->answer);
}

bool text_files_hold(const struct text_files *files)
{
	struct str office = {0};

	return office_key(files, &office) && integrity_holds(files, office) &&
	       card_is_there(files, office);
}
