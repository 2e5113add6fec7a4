#include "sim/ca/ca.h"

#include "base/random.h"
#include "base/time.h"
#include "sim/ca/cert.h"
#include "sim/ca/cv.h"
#include "sim/ca/folder.h"
#include "sim/ca/index.h"
#include "sim/ca/ocsp.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>

/* Making and opening an authority's folder. */

#define YEARS(n) ((n)*365 * TIME_DAY)

/* Years that a root has existed and will exist: so far that a card of the longest term can have
 * expired, and can be issued now. */
static const struct {
	int past, future;
} terms[CA_ROOT_COUNT] = {
	[CA_ROOT_1] = {12, 6},
	[CA_ROOT_2] = {11, 11},
	[CA_ROOT_P384] = {11, 12},
};

static err make_root(struct arena *arena, const char *dir, enum ca_kind kind, enum ca_root root,
	EVP_PKEY *responder, int64_t now)
{
	const char *k = ca_kind_name(kind), *r = ca_root_name(root);
	const char *folder = str_c(arena, str_fmt(arena, "%s/%s/%s", dir, k, r));
	const char *anchor = str_c(arena, str_fmt(arena, "%s/anchors/%s-%s.pem", dir, k, r));
	struct term term = {now - YEARS(terms[root].past), now + YEARS(terms[root].future)};
	AUTO_SIGNER made = {0};
	AUTO_X509 *answers = NULL;
	TRY(cert_root(kind, root, (uint64_t)root + 1, term, &made));
	TRY(cert_responder(kind, &made, responder, cert_serial(), term, true, &answers));
	TRY(folder_make(folder));
	TRY(keys_save(arena, folder_path(arena, folder, "key.pem"), made.key));
	TRY(cert_save(arena, folder_path(arena, folder, "cert.pem"), made.cert));
	TRY(cert_save(arena, folder_path(arena, folder, "ocsp.cert.pem"), answers));
	return cert_save(arena, anchor, made.cert);
}

static err make_kind(struct arena *arena, const char *dir, enum ca_kind kind, int64_t now)
{
	const char *folder = folder_path(arena, dir, ca_kind_name(kind));
	AUTO_PKEY *responder = NULL;
	TRY(folder_make(folder));
	TRY(keys_rsa(2048, 65537, &responder));
	TRY(keys_save(arena, folder_path(arena, folder, "ocsp.key.pem"), responder));
	for (int root = 0; root < CA_ROOT_COUNT; root++)
		TRY(make_root(arena, dir, kind, (enum ca_root)root, responder, now));
	return ok();
}

static err fill(struct arena *arena, const char *dir, int64_t now)
{
	TRY(folder_make(dir));
	TRY(folder_make(folder_path(arena, dir, "anchors")));
	TRY(folder_make(folder_path(arena, dir, "cv")));
	for (int kind = 0; kind < CA_KIND_COUNT; kind++)
		TRY(make_kind(arena, dir, (enum ca_kind)kind, now));
	TRY(cv_init(dir));
	const struct ca ca = {dir};
	TRY(ocsp_mode_write(&ca, OCSP_GOOD));
	return index_write(&ca, arena, &(struct index){0});
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

/* Puts what is complete in its place. An empty folder there is replaced. */
static err place(const char *made, const char *dir)
{
	if (rename(made, dir) == 0)
		return ok();
	if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return fail(ERR_CONFLICT, "%s: exists already and is not an empty folder", dir);
	return folder_error("rename", dir);
}

err ca_init(const char *dir, int64_t now)
{
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	if (strlen(dir) == 0 || strlen(dir) > PATH_MAX / 2)
		return fail(ERR_INVALID, "the path of the folder is empty or too long");
	/* Before the seconds that keys take; place() decides. */
	if (access(folder_path(&arena, dir, "index.tsv"), F_OK) == 0)
		return fail(ERR_CONFLICT, "%s: an authority is there already", dir);
	struct str path = str_of(dir);
	while (path.n > 1 && str_ends(path, STR("/")))
		path.n--;
	uint64_t draw;
	random_bytes(&draw, sizeof draw);
	const char *made = str_c(&arena,
		str_fmt(&arena, STR_FMT ".%016llx", STR_ARG(path), (unsigned long long)draw));
	err done = fill(&arena, made, now);
	if (!failed(done))
		done = place(made, str_c(&arena, path));
	if (failed(done))
		nftw(made, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return done;
}

err ca_open(struct arena *arena, const char *dir, struct ca *out)
{
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	struct ca ca = {str_c(arena, str_of(dir))};
	struct index index;
	TRY(index_read(&ca, &work, &index));
	*out = ca;
	return ok();
}
