#include "fixture.h"

#include "crypto/init.h"
#include "crypto/password.h"
#include "sim/card/apdu.h"
#include "sim/card/disk.h"

#include <dirent.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define MUST(condition) assert_true(condition)

static void put(struct fixture *f, const char *name, struct str bytes)
{
	MUST(!failed(disk_write(f->dir, name, bytes)));
}

/* What a process made once: keys take long. */
struct pair {
	struct str key, cert;
};

static struct str take(struct arena *arena, unsigned char *der, int n)
{
	MUST(n > 0);
	struct str out = str_dup(arena, str_make((const char *)der, (size_t)n));

	OPENSSL_free(der);
	return out;
}

/* A key, and a certificate that it signed itself. */
static struct pair make_pair(struct arena *arena, bool p384, const char *name)
{
	EVP_PKEY *key = p384 ? EVP_EC_gen("P-384") : EVP_RSA_gen(2048);
	X509 *cert = X509_new();
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *der = NULL;
	struct pair pair;

	MUST(key && cert && info);
	MUST(ASN1_INTEGER_set(X509_get_serialNumber(cert), 7) && X509_set_version(cert, 2));
	MUST(X509_gmtime_adj(X509_getm_notBefore(cert), 0) &&
		X509_gmtime_adj(X509_getm_notAfter(cert), 86400));
	MUST(X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
		(const unsigned char *)name, -1, -1, 0));
	MUST(X509_set_issuer_name(cert, X509_get_subject_name(cert)));
	MUST(X509_set_pubkey(cert, key) &&
		X509_sign(cert, key, p384 ? EVP_sha384() : EVP_sha256()));
	int n = i2d_PKCS8_PRIV_KEY_INFO(info, &der);

	pair.key = take(arena, der, n);
	der = NULL;
	n = i2d_X509(cert, &der);
	pair.cert = take(arena, der, n);
	PKCS8_PRIV_KEY_INFO_free(info);
	X509_free(cert);
	EVP_PKEY_free(key);
	return pair;
}

static void put_pair(struct fixture *f, bool p384, const char *key_name, const char *cert_name)
{
	static struct {
		const char *name;
		bool p384;
		struct pair pair;
	} kept[8];
	static struct arena arena;
	size_t i = 0;

	if (!kept[0].name)
		arena_init(&arena, 1u << 20);
	while (kept[i].name && (kept[i].p384 != p384 || strcmp(kept[i].name, cert_name) != 0))
		i++;
	if (!kept[i].name) {
		kept[i].name = cert_name;
		kept[i].p384 = p384;
		kept[i].pair = make_pair(&arena, p384, cert_name);
	}
	put(f, key_name, kept[i].pair.key);
	put(f, cert_name, kept[i].pair.cert);
}

static void put_state(struct fixture *f)
{
	static const char *const secrets[SECRET_COUNT] = {
		AUTH_PIN, SIGN_PASSWORD, TEXT_PIN, CODE_A, CODE_B};
	struct card_state state = {.label = STR("test"),
		.token = STR("JPKIAPICCTOKEN2"),
		.root = STR("1"),
		.expires_on = 20300409,
		.security_code = STR("2285"),
		.holder = {.name = STR("黒桐　幹也"),
			.address = STR("東京都清瀬市"),
			.birth = STR("19800217"),
			.era = 3,
			.sex = 1,
			.name_subst = STR("00000"),
			.address_subst = STR("000000"),
			.prefecture = STR("Tokyo-to"),
			.municipality = STR("Kiyose-shi")}};

	for (size_t i = 0; i < SECRET_COUNT; i++) {
		MUST(!failed(password_hash(&f->arena, str_of(secrets[i]), &state.secrets[i].hash)));
		state.secrets[i].tries = secret_rules[i].most;
	}
	MUST(!failed(card_state_write(f->dir, &state)));
}

void fixture_make(struct fixture *f, bool p384)
{
	char filler[300];

	MUST(!failed(crypto_init()));
	*f = (struct fixture){0};
	arena_init(&f->arena, 8u << 20);
	(void)snprintf(f->dir, sizeof f->dir, "/tmp/softcard-test-XXXXXX");
	MUST(mkdtemp(f->dir));
	put_state(f);
	put_pair(f, p384, CARD_AUTH_KEY, CARD_AUTH_CERT);
	put_pair(f, p384, CARD_SIGN_KEY, CARD_SIGN_CERT);
	put_pair(f, false, CARD_TEXT_KEY, "text-cert.der");
	memset(filler, 'x', sizeof filler);
	put(f, CARD_TEXT("0001"),
		STR("\xFF\x10\x0C"
		    "123456789012\xFF\xFF"));
	put(f, CARD_TEXT("0002"), STR("\xFF\x20\x01x"));
	put(f, CARD_TEXT("0004"), str_make(filler, sizeof filler));
	put(f, CARD_TOKEN, STR("JPKIAPICCTOKEN2                 "));
	put(f, CARD_AVAILABLE, STR("\x8F\x8F\0"));
	MUST(!failed(card_open(&f->arena, f->dir, &f->card)));
}

void fixture_remove(struct fixture *f)
{
	DIR *dir = opendir(f->dir);
	char path[512];

	MUST(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		(void)snprintf(path, sizeof path, "%s/%s", f->dir, entry->d_name);
		if (entry->d_name[0] != '.')
			MUST(unlink(path) == 0);
	}
	closedir(dir);
	MUST(rmdir(f->dir) == 0);
	arena_release(&f->arena);
}

static struct str bytes_of(struct fixture *f, const char *hex)
{
	struct buf out;
	int half = -1;

	buf_init(&out, &f->arena, 70000);
	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		int digit = *hex <= '9' ? *hex - '0' : (*hex | 0x20) - 'a' + 10;

		MUST(digit >= 0 && digit < 16);
		if (half < 0) {
			half = digit;
		} else {
			buf_byte(&out, (char)(half << 4 | digit));
			half = -1;
		}
	}
	MUST(half < 0);
	return buf_view(&out);
}

unsigned fixture_ask(struct fixture *f, const char *hex, struct str *data)
{
	struct buf answer;
	unsigned status;

	buf_init(&answer, &f->arena, APDU_ANSWER_MAX);
	card_transmit(&f->card, bytes_of(f, hex), &answer);
	MUST(!failed(buf_error(&answer)));
	MUST(!failed(apdu_answer(buf_view(&answer), &status, data)));
	MUST(status == SW_OK || data->n == 0);
	return status;
}

unsigned fixture_send(struct fixture *f, const char *hex)
{
	struct str data;

	return fixture_ask(f, hex, &data);
}

unsigned fixture_verify(struct fixture *f, unsigned id, const char *secret)
{
	char hex[128];
	size_t at = (size_t)snprintf(hex, sizeof hex, "00A4020C02%04X", id);

	assert_int_equal(fixture_send(f, hex), SW_OK);
	at = (size_t)snprintf(hex, sizeof hex, "00200080%02zX", strlen(secret));
	for (const char *p = secret; *p; p++)
		at += (size_t)snprintf(hex + at, sizeof hex - at, "%02X", (unsigned)*p);
	return fixture_send(f, hex);
}

/* r and s to what OpenSSL reads. */
static struct str ecdsa_der(struct fixture *f, struct str plain)
{
	const unsigned char *p = (const unsigned char *)plain.p;
	ECDSA_SIG *parts = ECDSA_SIG_new();
	unsigned char *der = NULL;

	MUST(plain.n == 96 && parts);
	MUST(ECDSA_SIG_set0(parts, BN_bin2bn(p, 48, NULL), BN_bin2bn(p + 48, 48, NULL)));
	int n = i2d_ECDSA_SIG(parts, &der);

	MUST(n > 0);
	struct str out = str_dup(&f->arena, str_make((const char *)der, (size_t)n));

	OPENSSL_free(der);
	ECDSA_SIG_free(parts);
	return out;
}

bool fixture_verifies(
	struct fixture *f, const char *cert_name, struct str message, struct str signature)
{
	struct str der;
	MUST(!failed(disk_read(&f->arena, f->dir, cert_name, &der)));
	const unsigned char *at = (const unsigned char *)der.p;
	X509 *cert = d2i_X509(NULL, &at, (long)der.n);
	EVP_PKEY *key = X509_get0_pubkey(cert);
	bool ec = EVP_PKEY_is_a(key, "EC");
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	MUST(key && ctx);
	if (ec)
		signature = ecdsa_der(f, signature);
	MUST(EVP_DigestVerifyInit(ctx, NULL, ec ? EVP_sha384() : EVP_sha256(), NULL, key) == 1);
	int good = EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
		(const unsigned char *)message.p, message.n);

	EVP_MD_CTX_free(ctx);
	X509_free(cert);
	return good == 1;
}
