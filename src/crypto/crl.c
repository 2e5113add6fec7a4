#include "crypto/crl.h"

#include "base/limits.h"
#include "crypto/anchors_inside.h"
#include "crypto/revocation_inside.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <sys/stat.h>

#define NAME_MAX_BYTES 256

struct list {
	char name[NAME_MAX_BYTES];
	struct stat seen;
	bool there;                     /* at the last look into the folder */
	X509_CRL *crl;                  /* NULL: no list */
	const struct anchor *signed_by; /* NULL: not known yet, or by none */
};

struct crl_store {
	pthread_mutex_t lock;
	const char *folder;
	size_t n;
	struct list lists[LIMIT_CRL_LISTS]; /* the first n, in no order */
};

err crl_store_new(const char *folder, struct crl_store **out)
{
	struct crl_store *store = calloc(1, sizeof *store);
	if (!store)
		return fail(ERR_UNAVAILABLE, "no memory");
	pthread_mutex_init(&store->lock, NULL);
	store->folder = folder;
	*out = store;
	return ok();
}

void crl_store_free(struct crl_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->n; i++)
		X509_CRL_free(store->lists[i].crl);
	pthread_mutex_destroy(&store->lock);
	free(store);
}

/* ---- files ---- */

static X509_CRL *read_list(const char *path)
{
	AUTO_ARENA arena;
	struct str bytes;
	arena_init(&arena, (size_t)4 * LIMIT_CRL);
	if (failed(anchors_file(&arena, path, LIMIT_CRL, &bytes)))
		return NULL;
	const unsigned char *at = (const unsigned char *)bytes.p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)bytes.n);
	if (crl && at != (const unsigned char *)bytes.p + bytes.n) {
		X509_CRL_free(crl);
		crl = NULL;
	}
	ERR_clear_error();
	return crl;
}

static bool changed(const struct stat *a, const struct stat *b)
{
	return a->st_ino != b->st_ino || a->st_size != b->st_size || a->st_dev != b->st_dev ||
	       a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

/* NULL: there is no room for one more. One that was not seen yet, and may be gone, gives way: it is read anew if it comes. */
static struct list *list_named(struct crl_store *store, const char *name)
{
	struct list *list = NULL;
	for (size_t i = 0; i < store->n; i++) {
		if (strcmp(store->lists[i].name, name) == 0)
			return &store->lists[i];
		if (!store->lists[i].there)
			list = &store->lists[i];
	}
	if (store->n < LIMIT_CRL_LISTS)
		list = &store->lists[store->n++];
	if (!list)
		return NULL;
	X509_CRL_free(list->crl);
	*list = (struct list){0};
	memcpy(list->name, name, strlen(name) + 1);
	return list;
}

static err look_at(struct crl_store *store, const char *name)
{
	char path[4096];
	struct stat now;
	int n = snprintf(path, sizeof path, "%s/%s", store->folder, name);
	if (n < 0 || (size_t)n >= sizeof path || strlen(name) >= NAME_MAX_BYTES ||
		stat(path, &now) != 0 || !S_ISREG(now.st_mode))
		return ok();
	struct list *list = list_named(store, name);
	if (!list)
		return fail(ERR_UNAVAILABLE, "%s: more than %d lists", store->folder, LIMIT_CRL_LISTS);
	list->there = true;
	if (!changed(&list->seen, &now))
		return ok();
	X509_CRL_free(list->crl);
	list->seen = now;
	list->crl = read_list(path);
	list->signed_by = NULL;
	return ok();
}

static void forget_gone(struct crl_store *store)
{
	for (size_t i = store->n; i-- > 0;) {
		if (store->lists[i].there)
			continue;
		X509_CRL_free(store->lists[i].crl);
		store->lists[i] = store->lists[--store->n];
		store->lists[store->n] = (struct list){0};
	}
}

static err look(struct crl_store *store)
{
	DIR *folder = opendir(store->folder);
	if (!folder)
		return fail(ERR_UNAVAILABLE, "%s: cannot be read", store->folder);
	for (size_t i = 0; i < store->n; i++)
		store->lists[i].there = false;
	err looked = ok();
	for (struct dirent *entry; !failed(looked) && (entry = readdir(folder));)
		if (str_starts(str_of(entry->d_name), STR("crl-")) &&
			str_ends(str_of(entry->d_name), STR(".der")))
			looked = look_at(store, entry->d_name);
	closedir(folder);
	forget_gone(store);
	return looked;
}

/* ---- lists ---- */

static bool is_of(struct list *list, const struct anchor *anchor)
{
	const X509_ALGOR *algorithm;
	if (list->signed_by)
		return list->signed_by == anchor;
	X509_CRL_get0_signature(list->crl, NULL, &algorithm);
	if (!(anchor->cert.usage & CERT_CRL_SIGN) || !revocation_algorithm_counts(algorithm) ||
		X509_NAME_cmp(X509_CRL_get_issuer(list->crl),
			X509_get_subject_name(anchor->cert.x509)) != 0 ||
		X509_CRL_verify(list->crl, anchor->key) != 1)
		return false;
	list->signed_by = anchor;
	return true;
}

static bool is_now(const X509_CRL *crl, int64_t at)
{
	int64_t this, next;
	return revocation_time(X509_CRL_get0_lastUpdate(crl), &this) &&
	       revocation_time(X509_CRL_get0_nextUpdate(crl), &next) &&
	       this <= at + REVOCATION_SKEW_MS && at - this <= CRL_AGE_MS && next >= at;
}

static bool is_plain(const X509_CRL *crl)
{
	return X509_CRL_get_version(crl) == X509_CRL_VERSION_2 &&
	       X509_CRL_get_ext_by_critical(crl, 1, -1) < 0;
}

static void read_entry(const X509_REVOKED *entry, struct revocation *out)
{
	*out = (struct revocation){.status = REVOCATION_REVOKED, .reason = -1};
	ASN1_ENUMERATED *reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	if (reason)
		out->reason = (int)ASN1_ENUMERATED_get(reason);
	ASN1_ENUMERATED_free(reason);
	if (!revocation_time(X509_REVOKED_get0_revocationDate(entry), &out->revoked_at))
		out->revoked_at = 0;
}

static bool counts(struct list *list, const struct anchor *anchor, int64_t at)
{
	return list->crl && is_plain(list->crl) && is_now(list->crl, at) && is_of(list, anchor);
}

static err check(struct crl_store *store, const struct anchor *anchor, const struct cert *cert,
	int64_t at, struct revocation *out)
{
	struct revocation found = {.status = REVOCATION_GOOD, .reason = -1};
	bool any = false;
	TRY(look(store));
	for (size_t i = 0; i < store->n; i++) {
		struct list *list = &store->lists[i];
		X509_REVOKED *entry;
		if (!counts(list, anchor, at))
			continue;
		any = true;
		/* 2 says "taken from the list", which only lists of changes may; it stands there.
		 */
		if (X509_CRL_get0_by_serial(
			    list->crl, &entry, X509_get0_serialNumber(cert->x509)) != 0)
			read_entry(entry, &found);
	}
	ERR_clear_error();
	if (!any)
		return fail(ERR_NOT_FOUND, "no list of revoked certificates counts");
	*out = found;
	return ok();
}

err crl_check(const struct anchors *anchors, const struct anchor *anchor, const struct cert *cert,
	int64_t at, struct revocation *out)
{
	struct crl_store *store = anchors->lists;
	pthread_mutex_lock(&store->lock);
	err checked = check(store, anchor, cert, at, out);
	pthread_mutex_unlock(&store->lock);
	return checked;
}
