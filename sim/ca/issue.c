#include "sim/ca/ca.h"

#include "base/auto.h"
#include "base/vec.h"
#include "sim/ca/cert.h"
#include "sim/ca/folder.h"
#include "sim/ca/index.h"
#include "sim/ca/names.h"

/* Issuing certificates for cards. */

static err check(const struct ca_request *request)
{
	if (request->kind >= CA_KIND_COUNT || request->root >= CA_ROOT_COUNT)
		return fail(ERR_INVALID, "no such root");
	if (request->not_before >= request->not_after)
		return fail(ERR_INVALID, "not_after is not later than not_before");
	return person_check(request->person);
}

static err new_key(const struct ca_request *request, const struct ca_wrong *wrong, EVP_PKEY **out)
{
	if (!wrong->rsa_bits && !wrong->rsa_exponent)
		return keys_new(request->root, out);
	return keys_rsa(wrong->rsa_bits ? wrong->rsa_bits : 2048,
		wrong->rsa_exponent ? wrong->rsa_exponent : 65537, out);
}

static uint64_t new_serial(struct arena *arena, const struct index *index, struct str *text)
{
	uint64_t serial;
	do {
		serial = cert_serial();
		*text = str_fmt(arena, "%016llX", (unsigned long long)serial);
	} while (index_find(index, *text));
	return serial;
}

static void add(struct arena *arena, struct index *index, const struct ca_request *request,
	struct str serial, struct str cn)
{
	*vec_add(arena, index) = (struct ca_entry){
		.serial = serial,
		.kind = request->kind,
		.root = request->root,
		.issued_at = request->now,
		.not_after = request->not_after,
		.cn = cn,
	};
}

err ca_issue_wrong(const struct ca *ca, struct arena *arena, const struct ca_request *request,
	const struct ca_wrong *wrong, struct ca_issued *out)
{
	TRY(check(request));
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	AUTO_SIGNER root = {0};
	AUTO_PKEY *key = NULL;
	AUTO_X509 *cert = NULL;
	TRY(root_load(ca, &work, request->kind, request->root, &root));
	TRY(new_key(request, wrong, &key)); /* before the lock: it takes long */
	AUTO_FD int lock = -1;
	struct index index;
	TRY(folder_lock(&work, ca->dir, &lock));
	TRY(index_read(ca, &work, &index));
	struct leaf leaf = {.request = request, .wrong = wrong};
	struct ca_issued issued;
	leaf.serial = new_serial(&work, &index, &issued.serial);
	leaf.cn = names_cn(&work, request, index.n + 1);
	TRY(cert_leaf(&leaf, &root, key, &cert));
	add(&work, &index, request, issued.serial, leaf.cn);
	TRY(index_write(ca, &work, &index));
	TRY(cert_der(arena, cert, &issued.cert));
	TRY(keys_pkcs8(arena, key, &issued.key));
	issued.serial = str_dup(arena, issued.serial);
	*out = issued;
	return ok();
}

err ca_issue(const struct ca *ca, struct arena *arena, const struct ca_request *request,
	struct ca_issued *out)
{
	return ca_issue_wrong(ca, arena, request, &(struct ca_wrong){0}, out);
}

err ca_root_cert(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	struct str *out)
{
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	AUTO_SIGNER signer = {0};
	TRY(root_load(ca, &work, kind, root, &signer));
	return cert_der(arena, signer.cert, out);
}
