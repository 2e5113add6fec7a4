#include "crypto/anchors.h"

#include "base/auto.h"
#include "base/buf.h"
#include "crypto/anchors_inside.h"
#include "crypto/crl.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#define PEM_MAX (64u << 10)
#define ARENA_MAX (16u << 20)

static err file_error(const char *path)
{
	char words[128];
	const char *why = strerror_r(errno, words, sizeof words);
	return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%s: %s", path, why);
}

err anchors_file(struct arena *arena, const char *path, size_t most, struct str *out)
{
	AUTO_FILE FILE *file = fopen(path, "re");
	if (!file)
		return file_error(path);
	struct buf buf;
	buf_init(&buf, arena, most);
	for (;;) {
		char part[4096];
		size_t n = fread(part, 1, sizeof part, file);
		buf_bytes(&buf, part, n);
		if (buf.over)
			return fail(ERR_LIMIT, "%s: more than %zu bytes", path, most);
		if (n < sizeof part)
			break;
	}
	if (ferror(file))
		return file_error(path);
	*out = buf_view(&buf);
	return ok();
}

/* ---- one file ---- */

static err is_root(const struct cert *cert)
{
	X509 *x509 = cert->x509;
	if (!cert->ca || !(cert->usage & CERT_KEY_CERT_SIGN))
		return fail(ERR_INVALID, "not an authority's certificate");
	if (!str_eq(cert->issuer, cert->subject) || X509_verify(x509, X509_get0_pubkey(x509)) != 1)
		return fail(ERR_INVALID, "does not sign itself");
	/* Fills what OpenSSL keeps of its extensions, before threads share it. */
	if (X509_check_ca(x509) != 1)
		return fail(ERR_INVALID, "OpenSSL does not take it for an authority's");
	return cert_key_check(cert, true);
}

static bool known_key(const struct anchors *anchors, const struct cert *cert)
{
	for (int kind = 0; kind < CARD_KIND_COUNT; kind++)
		for (size_t i = 0; i < anchors->roots[kind].n; i++)
			if (memcmp(anchors->roots[kind].v[i].cert.spki_sha256, cert->spki_sha256,
				    SHA256_BYTES) == 0)
				return true;
	return false;
}

static err add_root(struct anchors *anchors, struct str text, enum card_kind kind)
{
	AUTO_CERT struct cert cert = {0};
	struct str der;
	TRY(cert_from_pem(&anchors->arena, text, &der));
	TRY(cert_parse(&anchors->arena, der, &cert));
	err sound = is_root(&cert);
	ERR_clear_error();
	TRY(sound);
	if (known_key(anchors, &cert))
		return fail(ERR_INVALID, "its key is there already");
	EVP_PKEY *key = X509_get0_pubkey(cert.x509);
	if (EVP_PKEY_is_a(key, "EC") && !anchors->conf.p384)
		return ok();
	vec_push(&anchors->arena, &anchors->roots[kind],
		((struct anchor){.cert = cert_take(&cert), .key = key}));
	return ok();
}

static err add_auth(struct anchors *anchors, struct str text)
{
	return add_root(anchors, text, CARD_AUTH);
}

static err add_sign(struct anchors *anchors, struct str text)
{
	return add_root(anchors, text, CARD_SIGN);
}

static err add_cv(struct anchors *anchors, struct str bytes)
{
	struct cv_key *key;
	struct str id = str_sub(bytes, 0, CV_ID_BYTES);
	TRY(cv_key_read(str_skip(bytes, CV_ID_BYTES), &key));
	if (anchors_cv_key(anchors, id)) {
		cv_key_free(key);
		return fail(ERR_INVALID, "its name is there already");
	}
	vec_push(&anchors->arena, &anchors->cv, ((struct cv_anchor){id, key}));
	return ok();
}

/* ---- the folder ---- */

static const struct {
	struct str begins, ends;
	err (*add)(struct anchors *anchors, struct str bytes);
} kinds[] = {
	{STR_INIT("auth-"), STR_INIT(".pem"), add_auth},
	{STR_INIT("sign-"), STR_INIT(".pem"), add_sign},
	{STR_INIT("cv-"), STR_INIT(".bin"), add_cv},
};

static err add_file(struct anchors *anchors, struct str name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (!str_starts(name, kinds[i].begins) || !str_ends(name, kinds[i].ends))
			continue;
		struct str bytes, path = str_fmt(&anchors->arena, "%s/" STR_FMT,
					  anchors->conf.folder, STR_ARG(name));
		TRY(anchors_file(&anchors->arena, str_c(&anchors->arena, path), PEM_MAX, &bytes));
		err added = kinds[i].add(anchors, bytes);
		return failed(added) ? fail(added.code, STR_FMT ": %s", STR_ARG(name), err_detail())
				     : ok();
	}
	return ok();
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

static err add_folder(struct anchors *anchors)
{
	const char *path = anchors->conf.folder;
	__attribute__((cleanup(close_folder))) DIR *folder = opendir(path);
	if (!folder)
		return file_error(path);
	for (struct dirent *entry; (entry = readdir(folder));)
		TRY(add_file(anchors, str_of(entry->d_name)));
	for (int kind = 0; kind < CARD_KIND_COUNT; kind++)
		if (!anchors->roots[kind].n)
			return fail(ERR_NOT_FOUND,
				"%s: no file " STR_FMT "*" STR_FMT " that counts", path,
				STR_ARG(kinds[kind].begins), STR_ARG(kinds[kind].ends));
	return ok();
}

err anchors_load(const struct anchors_conf *conf, struct anchors **out)
{
	struct anchors *anchors = calloc(1, sizeof *anchors);
	if (!anchors)
		return fail(ERR_UNAVAILABLE, "no memory");
	arena_init(&anchors->arena, ARENA_MAX);
	anchors->conf = *conf;
	anchors->conf.folder = str_c(&anchors->arena, str_of(conf->folder));
	err loaded = add_folder(anchors);
	if (!failed(loaded))
		loaded = crl_store_new(anchors->conf.folder, &anchors->lists);
	if (failed(loaded)) {
		anchors_free(anchors);
		return loaded;
	}
	*out = anchors;
	return ok();
}

void anchors_free(struct anchors *anchors)
{
	if (!anchors)
		return;
	for (int kind = 0; kind < CARD_KIND_COUNT; kind++)
		for (size_t i = 0; i < anchors->roots[kind].n; i++)
			cert_release(&anchors->roots[kind].v[i].cert);
	for (size_t i = 0; i < anchors->cv.n; i++)
		cv_key_free(anchors->cv.v[i].key);
	crl_store_free(anchors->lists);
	arena_release(&anchors->arena);
	free(anchors);
}

bool anchors_p384(const struct anchors *anchors)
{
	return anchors->conf.p384;
}

size_t anchors_count(const struct anchors *anchors, enum card_kind kind)
{
	return anchors->roots[kind].n;
}

const uint8_t *anchor_spki_sha256(const struct anchor *anchor)
{
	return anchor->cert.spki_sha256;
}

const struct cv_key *anchors_cv_key(const struct anchors *anchors, struct str id)
{
	for (size_t i = 0; i < anchors->cv.n; i++)
		if (str_eq(anchors->cv.v[i].id, id))
			return anchors->cv.v[i].key;
	return NULL;
}
