#include "support.h"

#include "base/auto.h"
#include "base/random.h"
#include "crypto/init.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
/* After those that it wants. */
#include <cmocka.h>

int place_begin(void **state)
{
	static struct place place;
	place = (struct place){0};
	assert_int_equal(crypto_init().code, OK);
	arena_init(&place.arena, 64u << 20);
	(void)snprintf(place.folder, sizeof place.folder, "/var/tmp/test_blob.XXXXXX");
	assert_non_null(mkdtemp(place.folder));
	(void)snprintf(place.blobs, sizeof place.blobs, "%s/blobs", place.folder);
	random_bytes(place.master, sizeof place.master);
	err e = blob_store_open(&place.arena, place.blobs, place.master, &place.store);
	if (failed(e))
		fail_msg("%s", err_detail());
	blob_key_new(place.store, &place.arena, STR("files of application 1"), &place.key,
		&place.wrapped);
	*state = &place;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int place_end(void **state)
{
	struct place *place = *state;
	nftw(place->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_release(&place->arena);
	return 0;
}

static uint8_t byte_of(size_t i, unsigned seed)
{
	return (uint8_t)((i * 2654435761u + seed * 40503u + (i >> 8)) >> 13);
}

int file_of(size_t n, unsigned seed)
{
	static uint8_t piece[1 << 16];
	int fd = memfd_create("file", MFD_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t done = 0; done < n;) {
		size_t now = n - done < sizeof piece ? n - done : sizeof piece;
		for (size_t i = 0; i < now; i++)
			piece[i] = byte_of(done + i, seed);
		assert_int_equal(pwrite(fd, piece, now, (off_t)done), now);
		done += now;
	}
	return fd;
}

struct blob_ref put_of(struct place *place, size_t n, unsigned seed)
{
	struct blob_ref ref;
	AUTO_FD int fd = file_of(n, seed);
	if (failed(blob_put(place->store, &place->key, fd, NULL, &ref)))
		fail_msg("%s", err_detail());
	assert_int_equal(ref.bytes, n);
	return ref;
}

void path_of(const struct place *place, const struct blob_key *key, const struct blob_ref *ref,
	char out[200])
{
	char name[BLOB_NAME_BYTES + 1];
	blob_name(key, ref, name);
	(void)snprintf(out, 200, "%s/%.2s/%s", place->blobs, name, name);
}

err read_and_compare(struct place *place, const struct blob_ref *ref, size_t n, unsigned seed)
{
	size_t done = 0;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	AUTO_BLOB struct blob_reader *reader = NULL;
	TRY(blob_open(place->store, &arena, &place->key, ref, &reader));
	for (;;) {
		struct str piece;
		TRY(blob_next(reader, &piece));
		if (piece.n == 0)
			break;
		for (size_t i = 0; i < piece.n; i++, done++) {
			if ((uint8_t)piece.p[i] != byte_of(done, seed))
				fail_msg("byte %zu differs", done);
		}
	}
	assert_int_equal(done, n);
	return ok();
}

unsigned attempts_left(const struct place *place)
{
	char path[100];
	unsigned n = 0;
	(void)snprintf(path, sizeof path, "%s/tmp", place->blobs);
	DIR *folder = opendir(path);
	assert_non_null(folder);
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
		n += entry->d_name[0] != '.';
	closedir(folder);
	return n;
}
