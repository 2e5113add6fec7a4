/* src/blob: what goes in comes out, only for its owner, and only undamaged. */

#include "base/auto.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
/* After those that it wants. */
#include <cmocka.h>

#define PIECE ((size_t)64 << 10)

static void every_size(void **state)
{
	struct place *place = *state;
	static const size_t sizes[] = {
		0, 1, 100, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17, (size_t)5 << 20};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct blob_ref ref = put_of(place, sizes[i], 7);
		assert_int_equal(read_and_compare(place, &ref, sizes[i], 7).code, OK);
		AUTO_FD int out = memfd_create("out", MFD_CLOEXEC);
		assert_int_equal(blob_read_to(place->store, &place->key, &ref, out).code, OK);
		assert_int_equal(lseek(out, 0, SEEK_END), sizes[i]);
	}
	assert_int_equal(attempts_left(place), 0);
}

static void the_limit(void **state)
{
	struct place *place = *state;
	struct blob_ref ref = {.bytes = 77};
	AUTO_FD int fd = memfd_create("large", MFD_CLOEXEC);
	assert_int_equal(ftruncate(fd, LIMIT_BLOB + 1), 0);
	assert_int_equal(blob_put(place->store, &place->key, fd, NULL, &ref).code, ERR_LIMIT);
	assert_int_equal(ref.bytes, 77);
	assert_int_equal(attempts_left(place), 0);
	assert_int_equal(ftruncate(fd, LIMIT_BLOB), 0);
	assert_int_equal(blob_put(place->store, &place->key, fd, NULL, &ref).code, OK);
	assert_int_equal(blob_verify(place->store, &place->key, &ref).code, OK);
}

static void the_position_is_not_asked(void **state)
{
	struct place *place = *state;
	struct blob_ref ref;
	AUTO_FD int fd = file_of(1000, 1);
	assert_int_equal(lseek(fd, 500, SEEK_SET), 500);
	assert_int_equal(blob_put(place->store, &place->key, fd, NULL, &ref).code, OK);
	assert_int_equal(ref.bytes, 1000);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 500);
}

static void what_was_received_is_expected(void **state)
{
	struct place *place = *state;
	struct blob_ref ref = put_of(place, 1000, 1), out;
	AUTO_FD int same = file_of(1000, 1);
	AUTO_FD int other = file_of(1000, 2);
	assert_int_equal(blob_put(place->store, &place->key, same, &ref, &out).code, OK);
	assert_int_equal(blob_put(place->store, &place->key, other, &ref, &out).code, ERR_INVALID);
	struct blob_ref shorter = ref;
	shorter.bytes--;
	assert_int_equal(
		blob_put(place->store, &place->key, same, &shorter, &out).code, ERR_INVALID);
	assert_int_equal(attempts_left(place), 0);
}

static void the_digest_is_sha256(void **state)
{
	struct place *place = *state;
	uint8_t digest[SHA256_BYTES];
	struct blob_ref ref;
	AUTO_FD int fd = memfd_create("abc", MFD_CLOEXEC);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_int_equal(blob_put(place->store, &place->key, fd, NULL, &ref).code, OK);
	sha256(STR("abc"), digest);
	assert_memory_equal(digest, ref.digest, sizeof digest);
}

static size_t whole_file(const char *path, uint8_t *out, size_t room)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	ssize_t n = read(fd, out, room);
	assert_true(n >= 0);
	return (size_t)n;
}

static void write_file(const char *path, const uint8_t *p, size_t n)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
}

static void owners_have_nothing_in_common(void **state)
{
	struct place *place = *state;
	static uint8_t a[4096], b[4096];
	char first[200], second[200];
	struct blob_key other;
	struct str wrapped;
	struct blob_ref ref = put_of(place, 1000, 1), theirs;
	blob_key_new(place->store, &place->arena, STR("files of application 2"), &other, &wrapped);
	AUTO_FD int fd = file_of(1000, 1);
	assert_int_equal(blob_put(place->store, &other, fd, NULL, &theirs).code, OK);
	path_of(place, &place->key, &ref, first);
	path_of(place, &other, &theirs, second);
	assert_string_not_equal(first, second);
	size_t n = whole_file(first, a, sizeof a), m = whole_file(second, b, sizeof b);
	assert_int_equal(n, m);
	assert_memory_not_equal(a + 8, b + 8, 24);
	/* Not a byte of the plain file stands there. */
	AUTO_FD int plain = file_of(1000, 1);
	uint8_t some[16];
	assert_int_equal(pread(plain, some, sizeof some, 100), 16);
	assert_null(memmem(a, n, some, sizeof some));
	/* One's blob under the other's name. */
	write_file(second, a, n);
	assert_int_equal(blob_verify(place->store, &other, &ref).code, ERR_INVALID);
	/* With the wrong key there is no such name. */
	struct blob_key wrong = place->key;
	wrong.bytes[0] ^= 1;
	assert_int_equal(blob_verify(place->store, &wrong, &ref).code, ERR_NOT_FOUND);
}

static void keys_are_wrapped_for_their_owner(void **state)
{
	struct place *place = *state;
	struct blob_key key = {{0}};
	struct str owner = STR("files of application 1"), other = STR("files of application 2");
	assert_int_equal(place->wrapped.n, BLOB_WRAPPED_BYTES);
	assert_int_equal(
		blob_key_open(place->store, &place->arena, owner, place->wrapped, &key).code, OK);
	assert_memory_equal(&key, &place->key, sizeof key);
	assert_int_equal(
		blob_key_open(place->store, &place->arena, other, place->wrapped, &key).code,
		ERR_INVALID);
	struct blob_key second;
	struct str moved;
	blob_key_new(place->store, &place->arena, other, &second, &moved);
	assert_int_equal(blob_key_open(place->store, &place->arena, other, moved, &key).code, OK);
	assert_memory_equal(&key, &second, sizeof key);
	assert_int_equal(blob_key_open(place->store, &place->arena, owner, moved, &key).code, ERR_INVALID);
	for (size_t i = 0; i < place->wrapped.n; i++) {
		char *changed = (char *)(uintptr_t)str_dup(&place->arena, place->wrapped).p;
		changed[i] = (char)(changed[i] ^ 4);
		assert_int_equal(blob_key_open(place->store, &place->arena, owner,
					 str_make(changed, BLOB_WRAPPED_BYTES), &key)
					 .code,
			ERR_INVALID);
	}
	/* Another installation. */
	struct blob_store *elsewhere;
	uint8_t master[BLOB_MASTER_BYTES];
	memcpy(master, place->master, sizeof master);
	master[0] ^= 1;
	assert_int_equal(blob_store_open(&place->arena, place->blobs, master, &elsewhere).code, OK);
	assert_int_equal(blob_key_open(elsewhere, &place->arena, owner, place->wrapped, &key).code,
		ERR_INVALID);
}

#define DAMAGED_BYTES (3 * PIECE + 100)

/* Every byte of the head and of the ends of pieces, and one of each 61 of the rest. */
static bool region(size_t i, size_t n)
{
	size_t in_piece = i < 32 ? 0 : (i - 32) % (PIECE + 17);
	return i < 64 || i + 40 > n || in_piece < 2 || in_piece > PIECE || i % 61 == 0;
}

static void any_damage_is_seen(void **state)
{
	struct place *place = *state;
	static uint8_t bytes[4 * PIECE];
	char path[200];
	struct blob_ref ref = put_of(place, DAMAGED_BYTES, 3);
	path_of(place, &place->key, &ref, path);
	size_t n = whole_file(path, bytes, sizeof bytes);
	assert_int_equal(n, 32 + DAMAGED_BYTES + 4 * 17);
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
	for (size_t i = 0; i < n; i++) {
		if (!region(i, n))
			continue;
		uint8_t changed = bytes[i] ^ (uint8_t)(1u << i % 8);
		assert_int_equal(pwrite(fd, &changed, 1, (off_t)i), 1);
		if (blob_verify(place->store, &place->key, &ref).code != ERR_INVALID)
			fail_msg("byte %zu: not seen", i);
		assert_int_equal(pwrite(fd, &bytes[i], 1, (off_t)i), 1);
	}
	assert_int_equal(blob_verify(place->store, &place->key, &ref).code, OK);
}

static void cut_and_lengthened(void **state)
{
	struct place *place = *state;
	static uint8_t bytes[4 * PIECE];
	char path[200];
	struct blob_ref ref = put_of(place, DAMAGED_BYTES, 3);
	path_of(place, &place->key, &ref, path);
	size_t n = whole_file(path, bytes, sizeof bytes);
	for (size_t keep = 0; keep < n; keep += keep < 200 || keep + 300 > n ? 1 : 4099) {
		write_file(path, bytes, keep);
		assert_int_equal(blob_verify(place->store, &place->key, &ref).code, ERR_INVALID);
	}
	/* At the end of each piece: all that is there is right, only the last is missing. */
	for (size_t pieces = 0; pieces < 4; pieces++) {
		write_file(path, bytes, 32 + pieces * (PIECE + 17));
		assert_int_equal(blob_verify(place->store, &place->key, &ref).code, ERR_INVALID);
	}
	bytes[n] = 0;
	write_file(path, bytes, n + 1);
	assert_int_equal(blob_verify(place->store, &place->key, &ref).code, ERR_INVALID);
}

static void pieces_keep_their_places(void **state)
{
	struct place *place = *state;
	static uint8_t bytes[4 * PIECE], moved[4 * PIECE];
	char path[200];
	size_t piece = PIECE + 17;
	struct blob_ref ref = put_of(place, DAMAGED_BYTES, 3);
	path_of(place, &place->key, &ref, path);
	size_t n = whole_file(path, bytes, sizeof bytes);
	memcpy(moved, bytes, n);
	memcpy(moved + 32, bytes + 32 + piece, piece);
	memcpy(moved + 32 + piece, bytes + 32, piece);
	write_file(path, moved, n);
	assert_int_equal(blob_verify(place->store, &place->key, &ref).code, ERR_INVALID);
	/* One left out. */
	memcpy(moved, bytes, 32 + piece);
	memcpy(moved + 32 + piece, bytes + 32 + 2 * piece, n - 32 - 2 * piece);
	write_file(path, moved, n - piece);
	assert_int_equal(blob_verify(place->store, &place->key, &ref).code, ERR_INVALID);
}

/* The disk changes between the check and the giving. */
static void damage_while_it_is_given(void **state)
{
	struct place *place = *state;
	char path[200];
	struct str piece;
	struct blob_ref ref = put_of(place, DAMAGED_BYTES, 3);
	path_of(place, &place->key, &ref, path);
	AUTO_BLOB struct blob_reader *reader = NULL;
	assert_int_equal(
		blob_open(place->store, &place->arena, &place->key, &ref, &reader).code, OK);
	assert_int_equal(blob_next(reader, &piece).code, OK);
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "xxxx", 4, (off_t)(32 + 2 * (PIECE + 17) + 9)), 4);
	assert_int_equal(blob_next(reader, &piece).code, OK);
	assert_int_equal(blob_next(reader, &piece).code, ERR_INVALID);
}

static void gone_is_gone(void **state)
{
	struct place *place = *state;
	char name[BLOB_NAME_BYTES + 1];
	struct blob_ref ref = put_of(place, 100, 1);
	blob_name(&place->key, &ref, name);
	assert_int_equal(blob_delete(place->store, name).code, OK);
	assert_int_equal(blob_verify(place->store, &place->key, &ref).code, ERR_NOT_FOUND);
	assert_int_equal(blob_delete(place->store, name).code, OK);
	ref.digest[0] ^= 1;
	assert_int_equal(blob_verify(place->store, &place->key, &ref).code, ERR_NOT_FOUND);
}

struct seen {
	unsigned n;
	const char *keep;
	bool fail_now;
};

static err count_one(void *arg, const struct blob_entry *entry)
{
	struct seen *seen = arg;
	assert_int_equal(strlen(entry->name), BLOB_NAME_BYTES);
	assert_true(entry->stored_bytes >= 32 + 17);
	assert_true(entry->changed_ms <= time_now() && entry->changed_ms > time_now() - 600000);
	seen->n++;
	return seen->n == 3 && seen->fail_now ? err_make(ERR_RETRY) : ok();
}

static err is_wanted(void *arg, const char *name, bool *yes)
{
	struct seen *seen = arg;
	seen->n++;
	if (seen->fail_now)
		return err_make(ERR_RETRY);
	*yes = strcmp(name, seen->keep) == 0;
	return ok();
}

static void listed_and_swept(void **state)
{
	struct place *place = *state;
	char name[BLOB_NAME_BYTES + 1], stray[200];
	struct blob_ref refs[4];
	struct seen seen = {0};
	uint64_t deleted = 99;
	for (unsigned i = 0; i < 4; i++)
		refs[i] = put_of(place, 100 + i, i);
	blob_name(&place->key, &refs[2], name);
	(void)snprintf(
		stray, sizeof stray, "%s/tmp/0123456789abcdef0123456789abcdef", place->blobs);
	write_file(stray, (const uint8_t *)"half", 4);
	assert_int_equal(blob_list(place->store, count_one, &seen).code, OK);
	assert_int_equal(seen.n, 4);
	seen = (struct seen){.fail_now = true};
	assert_int_equal(blob_list(place->store, count_one, &seen).code, ERR_RETRY);
	/* All are too young. */
	seen = (struct seen){.keep = name};
	assert_int_equal(
		blob_sweep(place->store, time_now() - 60000, is_wanted, &seen, &deleted).code, OK);
	assert_int_equal(seen.n, 0);
	assert_int_equal(deleted, 0);
	assert_int_equal(attempts_left(place), 1);
	/* Who does not know what is wanted deletes nothing. */
	seen = (struct seen){.keep = name, .fail_now = true};
	assert_int_equal(
		blob_sweep(place->store, time_now() + 1000, is_wanted, &seen, &deleted).code,
		ERR_RETRY);
	seen = (struct seen){.keep = name};
	assert_int_equal(
		blob_sweep(place->store, time_now() + 1000, is_wanted, &seen, &deleted).code, OK);
	assert_int_equal(deleted, 4);
	assert_int_equal(attempts_left(place), 0);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(blob_verify(place->store, &place->key, &refs[i]).code,
			i == 2 ? OK : ERR_NOT_FOUND);
}

static void *put_often(void *arg)
{
	struct place *place = arg;
	uintptr_t faults = 0;
	for (unsigned i = 0; i < 40; i++) {
		struct blob_ref ref;
		AUTO_FD int fd = file_of(PIECE + 5, 9);
		faults += failed(blob_put(place->store, &place->key, fd, NULL, &ref));
		faults += failed(blob_verify(place->store, &place->key, &ref));
	}
	return (void *)faults; /* NOLINT(performance-no-int-to-ptr): a count, not an address */
}

static void the_same_by_many_at_once(void **state)
{
	struct place *place = *state;
	pthread_t threads[4];
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_often, place), 0);
	for (size_t i = 0; i < 4; i++) {
		void *faults;
		pthread_join(threads[i], &faults);
		assert_null(faults);
	}
	assert_int_equal(attempts_left(place), 0);
}

#define EACH(name) cmocka_unit_test_setup_teardown(name, place_begin, place_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(every_size),
		EACH(the_limit),
		EACH(the_position_is_not_asked),
		EACH(what_was_received_is_expected),
		EACH(the_digest_is_sha256),
		EACH(owners_have_nothing_in_common),
		EACH(keys_are_wrapped_for_their_owner),
		EACH(any_damage_is_seen),
		EACH(cut_and_lengthened),
		EACH(pieces_keep_their_places),
		EACH(damage_while_it_is_given),
		EACH(gone_is_gone),
		EACH(listed_and_swept),
		EACH(the_same_by_many_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
