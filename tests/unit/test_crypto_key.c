/* crypto/key: files that others may read, files that are no key, two processes at once. */
#include "crypto/key.h"

#include "base/auto.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char folder[PATH_MAX];
static char path[PATH_MAX + 16];

static void put(const char *name, size_t n, mode_t mode)
{
	AUTO_FD int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(write(fd, "k", 1), 1);
	assert_int_equal(fchmod(fd, mode), 0);
}

/* The code, and that out is untouched by a refusal. */
static enum err_code load(void)
{
	uint8_t key[KEY_BYTES], want[KEY_BYTES];
	memset(key, 0x5a, sizeof key);
	memset(want, 0x5a, sizeof want);
	err loaded = key_file_make(path, key);
	if (failed(loaded))
		assert_memory_equal(key, want, sizeof key);
	else
		assert_memory_not_equal(key, want, sizeof key);
	return loaded.code;
}

static size_t files(void)
{
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	size_t n = 0;
	for (struct dirent *entry; (entry = readdir(dir));)
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void test_modes(void **state)
{
	(void)state;
	static const mode_t refused[] = {0644, 0640, 0604, 0660, 0606, 0610, 0601, 0700, 0500, 0602,
		0620, 0666, 0777, 04600, 02600, 01600, 0200};
	put(path, KEY_BYTES, 0600);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		assert_int_equal(chmod(path, refused[i]), 0);
		enum err_code code = load();
		/* Whoever is not root cannot even open the last one. */
		if (code != ERR_DENIED && !(refused[i] == 0200 && code == ERR_UNAVAILABLE))
			fail_msg("mode %04o: %s", refused[i], err_name(code));
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(load(), OK);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(load(), OK);
}

static void test_owner(void **state)
{
	(void)state;
	put(path, KEY_BYTES, 0600);
	if (geteuid() != 0)
		skip(); /* only root can give a file away */
	assert_int_equal(chown(path, 1, 1), 0);
	assert_int_equal(load(), ERR_DENIED);
}

static void test_sizes(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 1, KEY_BYTES - 1, KEY_BYTES + 1, 4096};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		put(path, sizes[i], 0600);
		assert_int_equal(load(), ERR_INVALID);
		assert_int_equal(unlink(path), 0);
	}
}

static void test_no_regular_file(void **state)
{
	(void)state;
	char other[PATH_MAX + 32];
	(void)snprintf(other, sizeof other, "%s.other", path);
	put(other, KEY_BYTES, 0600);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(load(), ERR_INVALID);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("nowhere", path), 0);
	assert_int_equal(load(), ERR_INVALID);
	assert_int_equal(files(), 2); /* nothing was made behind the link */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(load(), ERR_INVALID); /* and it did not wait for a writer */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(load(), ERR_INVALID);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(unlink(other), 0);
}

static void test_no_folder(void **state)
{
	(void)state;
	uint8_t key[KEY_BYTES];
	char missing[PATH_MAX + 32];
	(void)snprintf(missing, sizeof missing, "%s/missing/key", folder);
	assert_int_equal(key_file_make(missing, key).code, ERR_UNAVAILABLE);
	assert_int_equal(key_file_make("", key).code, ERR_UNAVAILABLE);
	static char long_path[PATH_MAX + 100];
	memset(long_path, 'a', sizeof long_path - 1);
	assert_int_equal(key_file_make(long_path, key).code, ERR_UNAVAILABLE);
}

static void test_made(void **state)
{
	(void)state;
	uint8_t first[KEY_BYTES], second[KEY_BYTES];
	assert_int_equal(key_file_load(path, first).code, ERR_NOT_FOUND);
	assert_int_equal(files(), 0);
	mode_t before = umask(0277); /* takes away even the owner's right to write */
	assert_int_equal(key_file_make(path, first).code, OK);
	umask(before);
	assert_int_equal(key_file_load(path, second).code, OK);
	assert_memory_equal(first, second, KEY_BYTES);
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, KEY_BYTES);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(files(), 1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(key_file_make(path, second).code, OK);
	assert_memory_not_equal(first, second, KEY_BYTES);
}

static void test_without_slash(void **state)
{
	(void)state;
	char before[PATH_MAX];
	uint8_t key[KEY_BYTES];
	assert_non_null(getcwd(before, sizeof before));
	assert_int_equal(chdir(folder), 0);
	err loaded = key_file_make("key", key);
	assert_int_equal(chdir(before), 0);
	assert_int_equal(loaded.code, OK);
	assert_int_equal(files(), 1);
}

/* Whoever comes first, all have the key that is in the file. */
static void test_at_once(void **state)
{
	(void)state;
	enum { PROCESSES = 8 };
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			uint8_t key[KEY_BYTES];
			bool done = !failed(key_file_make(path, key)) &&
				    write(ends[1], key, sizeof key) == sizeof key;
			_exit(done ? 0 : 1);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	uint8_t key[KEY_BYTES], theirs[KEY_BYTES];
	assert_int_equal(key_file_make(path, key).code, OK);
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(read(ends[0], theirs, sizeof theirs), sizeof theirs);
		assert_memory_equal(key, theirs, KEY_BYTES);
	}
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(files(), 1);
}

static int set_up(void **state)
{
	(void)state;
	const char *base = getenv("TMPDIR");
	(void)snprintf(folder, sizeof folder, "%s/madoguchi-key-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof path, "%s/key", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_modes),
		TEST(test_owner),
		TEST(test_sizes),
		TEST(test_no_regular_file),
		TEST(test_no_folder),
		TEST(test_made),
		TEST(test_without_slash),
		TEST(test_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
