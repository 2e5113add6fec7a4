#include "sim/ca/primes.h"

#include "base/auto.h"
#include "sim/ca/folder.h"

#include <openssl/core_names.h>

#include <unistd.h>

#define PRIME_BITS 1024
#define EXPONENT 65537
#define TAKEN_DIGITS 8

/* Two bits are set at the top, so that the product of any two has all its bits; and the exponent
 * has an inverse. */
static err make_prime(struct arena *arena, const char *path, BIGNUM *prime)
{
	do
		NEED(BN_generate_prime_ex(prime, PRIME_BITS, 0, NULL, NULL, NULL) == 1);
	while (BN_mod_word(prime, EXPONENT) == 1);
	char *digits = BN_bn2hex(prime);
	NEED(digits);
	struct str text = str_dup(arena, str_of(digits));
	OPENSSL_free(digits);
	return folder_write(path, text, 0600);
}

static err prime_take(struct arena *arena, const char *dir, unsigned number, BIGNUM *out)
{
	const char *path = str_c(arena, str_fmt(arena, "%s/%u", dir, number));
	struct str text;
	err read = folder_read(arena, path, &text);
	if (read.code == ERR_NOT_FOUND)
		return make_prime(arena, path, out);
	TRY(read);
	if ((size_t)BN_hex2bn(&out, str_c(arena, text)) != text.n || BN_num_bits(out) != PRIME_BITS)
		return fail(ERR_INVALID, "%s: not a prime", path);
	return ok();
}

/* Each pair once: 1 and 0, 2 and 0, 2 and 1, 3 and 0 … */
static err pair_take(struct arena *arena, const char *dir, BIGNUM *p, BIGNUM *q)
{
	const char *path = folder_path(arena, dir, "taken");
	AUTO_FD int fd = -1;
	TRY(folder_lock_file(path, &fd));
	char digits[TAKEN_DIGITS + 1] = "";
	ssize_t n = pread(fd, digits, TAKEN_DIGITS, 0);
	if (n < 0)
		return folder_error("read", path);
	/* Empty: it was made just now. */
	if (n != 0 && (n != TAKEN_DIGITS || strspn(digits, "0123456789abcdef") != TAKEN_DIGITS))
		return fail(ERR_INVALID, "%s: not a number", path);
	unsigned long taken = strtoul(digits, NULL, 16);
	unsigned long smaller = taken;
	unsigned larger = 1;
	while (smaller >= larger)
		smaller -= larger++;
	TRY(prime_take(arena, dir, larger, p));
	TRY(prime_take(arena, dir, (unsigned)smaller, q));
	struct str next = str_fmt(arena, "%0*lx", TAKEN_DIGITS, taken + 1);
	if (pwrite(fd, next.p, next.n, 0) != (ssize_t)next.n)
		return folder_error("write", path);
	return ok();
}

/* The parts of a key as PKCS 1 names them; all but the first three end with the context. */
struct parts {
	BIGNUM *p, *q, *e, *n, *d, *dp, *dq, *qi;
};

static err compute(BN_CTX *bn, struct parts *out)
{
	struct parts x = *out;
	BIGNUM *p1 = BN_CTX_get(bn), *q1 = BN_CTX_get(bn), *phi = BN_CTX_get(bn);
	x.n = BN_CTX_get(bn);
	x.d = BN_CTX_get(bn);
	x.dp = BN_CTX_get(bn);
	x.dq = BN_CTX_get(bn);
	x.qi = BN_CTX_get(bn);
	NEED(x.qi); /* the last is there only when all are */
	NEED(BN_set_word(x.e, EXPONENT) == 1 && BN_mul(x.n, x.p, x.q, bn) == 1 &&
		BN_sub(p1, x.p, BN_value_one()) == 1 && BN_sub(q1, x.q, BN_value_one()) == 1 &&
		BN_mul(phi, p1, q1, bn) == 1);
	NEED(BN_mod_inverse(x.d, x.e, phi, bn) && BN_mod(x.dp, x.d, p1, bn) == 1 &&
		BN_mod(x.dq, x.d, q1, bn) == 1 && BN_mod_inverse(x.qi, x.q, x.p, bn));
	*out = x;
	return ok();
}

static err assemble(const struct parts *x, EVP_PKEY **out)
{
	const struct {
		const char *name;
		const BIGNUM *value;
	} list[] = {
		{OSSL_PKEY_PARAM_RSA_N, x->n},
		{OSSL_PKEY_PARAM_RSA_E, x->e},
		{OSSL_PKEY_PARAM_RSA_D, x->d},
		{OSSL_PKEY_PARAM_RSA_FACTOR1, x->p},
		{OSSL_PKEY_PARAM_RSA_FACTOR2, x->q},
		{OSSL_PKEY_PARAM_RSA_EXPONENT1, x->dp},
		{OSSL_PKEY_PARAM_RSA_EXPONENT2, x->dq},
		{OSSL_PKEY_PARAM_RSA_COEFFICIENT1, x->qi},
	};
	AUTO_SSL(builder) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	NEED(builder);
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		NEED(OSSL_PARAM_BLD_push_BN(builder, list[i].name, list[i].value) == 1);
	AUTO_SSL(params) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	AUTO_SSL(pkey_ctx) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;
	NEED(params && ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
		EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) == 1);
	*out = key;
	return ok();
}

err primes_key(const char *dir, EVP_PKEY **out)
{
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	AUTO_SSL(bn) BIGNUM *p = BN_new();
	AUTO_SSL(bn) BIGNUM *q = BN_new();
	AUTO_SSL(bn) BIGNUM *e = BN_new();
	AUTO_SSL(bn_ctx) BN_CTX *bn = BN_CTX_new();
	NEED(p && q && e && bn);
	TRY(pair_take(&arena, dir, p, q));
	struct parts parts = {.p = p, .q = q, .e = e};
	BN_CTX_start(bn);
	err made = compute(bn, &parts);
	if (!failed(made))
		made = assemble(&parts, out);
	BN_CTX_end(bn);
	return made;
}
