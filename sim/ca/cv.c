#include "sim/ca/cv.h"

#include "base/buf.h"
#include "sim/ca/folder.h"
#include "sim/ca/keys.h"

#include <openssl/core_names.h>

#define CVC_BODY (2 * CA_CV_KEY_ID + CA_CV_KEY)
#define RSA_BYTES 256

/* The office's id is made of the code of a municipality, 44202, and a number of its key. */
static const char root_id[CA_CV_KEY_ID + 1] = "9000033\x08\x05"
					      "001\0\0\0\0";
static const char office_id[CA_CV_KEY_ID + 1] = "4420221\x08\x05"
						"000\0\0\0\0";

/* 90 03 <exponent> 91 82 01 00 <modulus> */
static err write_public(struct buf *out, EVP_PKEY *key)
{
	unsigned char modulus[RSA_BYTES], exponent[3];
	AUTO_SSL(bn) BIGNUM *n = NULL;
	AUTO_SSL(bn) BIGNUM *e = NULL;
	NEED(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
		EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
		BN_bn2binpad(n, modulus, sizeof modulus) == sizeof modulus &&
		BN_bn2binpad(e, exponent, sizeof exponent) == sizeof exponent);
	buf_lit(out, "\x90\x03");
	buf_bytes(out, exponent, sizeof exponent);
	buf_lit(out, "\x91\x82\x01\x00");
	buf_bytes(out, modulus, sizeof modulus);
	return ok();
}

static err sign(struct arena *arena, EVP_PKEY *key, struct str bytes, struct str *out)
{
	AUTO_SSL(md_ctx) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char signature[RSA_BYTES];
	size_t n = sizeof signature;
	/* PKCS 1 v1.5 is what OpenSSL does for RSA unless told otherwise. */
	NEED(ctx && EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, key, NULL) == 1);
	NEED(EVP_DigestSign(ctx, signature, &n, (const unsigned char *)(bytes.n ? bytes.p : ""),
		     bytes.n) == 1 &&
		n == RSA_BYTES);
	*out = str_dup(arena, str_make((const char *)signature, n));
	return ok();
}

static err make_cvc(struct arena *arena, EVP_PKEY *root, EVP_PKEY *office, struct str *out)
{
	struct buf body, cvc;
	struct str signature;
	buf_init_room(&body, arena, CVC_BODY, CVC_BODY);
	buf_bytes(&body, root_id, CA_CV_KEY_ID);
	buf_bytes(&body, office_id, CA_CV_KEY_ID);
	TRY(write_public(&body, office));
	TRY(buf_error(&body));
	TRY(sign(arena, root, buf_view(&body), &signature));
	buf_init(&cvc, arena, 1024);
	buf_lit(&cvc, "\x7F\x21\x82\x02\x33");
	buf_lit(&cvc, "\x5F\x4E\x82\x01\x29");
	buf_str(&cvc, buf_view(&body));
	buf_lit(&cvc, "\x5F\x37\x82\x01\x00");
	buf_str(&cvc, signature);
	*out = buf_view(&cvc);
	return buf_error(&cvc);
}

err cv_init(const char *dir)
{
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	AUTO_PKEY *root = NULL;
	AUTO_PKEY *office = NULL;
	TRY(keys_rsa(2048, 65537, &root));
	TRY(keys_rsa(2048, 65537, &office));
	struct buf anchor;
	struct str cvc;
	buf_init(&anchor, &arena, CA_CV_KEY_ID + CA_CV_KEY);
	buf_bytes(&anchor, root_id, CA_CV_KEY_ID);
	TRY(write_public(&anchor, root));
	TRY(buf_error(&anchor));
	TRY(make_cvc(&arena, root, office, &cvc));
	TRY(keys_save(&arena, folder_path(&arena, dir, "cv/root.key.pem"), root));
	TRY(keys_save(&arena, folder_path(&arena, dir, "cv/office.key.pem"), office));
	TRY(folder_write(folder_path(&arena, dir, "cv/office.bin"), cvc, 0644));
	return folder_write(folder_path(&arena, dir, "anchors/cv-1.bin"), buf_view(&anchor), 0644);
}

err ca_cvc(const struct ca *ca, struct arena *arena, struct str *out)
{
	err read = folder_read(arena, folder_path(arena, ca->dir, "cv/office.bin"), out);
	if (read.code == ERR_NOT_FOUND)
		return fail(ERR_INVALID, "%s", err_detail());
	return read;
}

err ca_text_sign(const struct ca *ca, struct arena *arena, struct str bytes, struct str *out)
{
	AUTO_PKEY *key = NULL;
	TRY(keys_load(arena, folder_path(arena, ca->dir, "cv/office.key.pem"), &key));
	return sign(arena, key, bytes, out);
}

err ca_text_key(struct arena *arena, struct str *out_key, struct str *out_public)
{
	AUTO_PKEY *key = NULL;
	struct str pkcs8;
	struct buf public;
	TRY(keys_rsa(2048, 65537, &key));
	TRY(keys_pkcs8(arena, key, &pkcs8));
	buf_init_room(&public, arena, CA_CV_KEY, CA_CV_KEY);
	TRY(write_public(&public, key));
	TRY(buf_error(&public));
	*out_key = pkcs8;
	*out_public = buf_view(&public);
	return ok();
}
