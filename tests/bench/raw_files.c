/*
 * What files cost the counter, one after the other, without a server: checks, pictures, keeping.
 *
 *   bench_raw_files CHECKER FOLDER PDF JPEG ROUNDS
 *
 * Prints a line for each: WHAT median=US p99=US. FOLDER is empty and on the disk to be measured.
 */

#include "base/auto.h"
#include "base/time.h"
#include "blob/blob.h"
#include "crypto/init.h"
#include "sandbox/check.h"
#include "sandbox/spawn.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define ROUNDS_MAX 2000

struct bench {
	struct arena arena;
	const char *check; /* path */
	struct checker *checker;
	struct blob_store *store;
	struct blob_key key;
	int pdf, jpeg, out;
};

/* The least that a process can do: start, confine itself, say so. */
static err start_only(struct bench *bench)
{
	struct spawn_answer answer;
	const char *const argv[] = {"madoguchi-check", "status", NULL};
	return spawn_ask(bench->check, argv, NULL, 0, 5000, &answer);
}

static err verdict_pdf(struct bench *bench)
{
	struct check_pdf said;
	TRY(check_pdf(bench->checker, bench->pdf, &said));
	return said.reason == CHECK_OK
		       ? ok()
		       : fail(ERR_INVALID, "pdf: %s", check_reason_word(said.reason));
}

/* A question for one's own hands: the counter makes something of each picture, and so has the verdict. */
static err verdict_jpeg(struct bench *bench)
{
	struct spawn_answer answer;
	struct verdict verdict;
	const struct spawn_file files[] = {{.fd = bench->jpeg, .as = 3}};
	const char *const argv[] = {"madoguchi-check", "jpeg", NULL};
	TRY(spawn_ask(bench->check, argv, files, 1, 5000, &answer));
	if (answer.end != SPAWN_ANSWERED || !verdict_read(str_make(answer.line, answer.n), &verdict))
		return fail(ERR_INVALID, "jpeg: no verdict");
	return verdict.reason == CHECK_OK ? ok() : fail(ERR_INVALID, "jpeg: %s", check_reason_word(verdict.reason));
}

static err make_photo(struct bench *bench)
{
	struct photo photo;
	TRY(photo_make(bench->checker, bench->jpeg, NULL, bench->out, &photo));
	return photo.reason == CHECK_OK ? ok() : fail(ERR_INVALID, "photo");
}

static err make_thumbnail(struct bench *bench)
{
	struct thumbnail made;
	TRY(thumbnail_make(bench->checker, bench->pdf, THUMBNAIL_PDF, bench->out, &made));
	return made.reason == CHECK_OK ? ok() : fail(ERR_INVALID, "thumbnail");
}

static err make_pages(struct bench *bench)
{
	struct pages made;
	const int inputs[] = {bench->jpeg};
	TRY(pages_make(bench->checker, inputs, 1, bench->out, &made));
	return made.reason == CHECK_OK ? ok() : fail(ERR_INVALID, "pages");
}

static err put(struct bench *bench)
{
	struct blob_ref ref;
	return blob_put(bench->store, &bench->key, bench->pdf, NULL, &ref);
}

static err get(struct bench *bench)
{
	static struct blob_ref ref;
	if (ref.bytes == 0)
		TRY(blob_put(bench->store, &bench->key, bench->pdf, NULL, &ref));
	if (lseek(bench->out, 0, SEEK_SET) != 0)
		return fail(ERR_INTERNAL, "lseek");
	return blob_read_to(bench->store, &bench->key, &ref, bench->out);
}

static const struct {
	const char *name;
	err (*run)(struct bench *bench);
} works[] = {
	{"start", start_only},
	{"pdf", verdict_pdf},
	{"jpeg", verdict_jpeg},
	{"photo", make_photo},
	{"thumbnail", make_thumbnail},
	{"pages", make_pages},
	{"put", put},
	{"get", get},
};

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static err measure(struct bench *bench, size_t work, size_t rounds)
{
	static int64_t took[ROUNDS_MAX];
	/* Once before, so that programs and files are in the machine's memory. */
	TRY(works[work].run(bench));
	for (size_t i = 0; i < rounds; i++) {
		int64_t from = time_monotonic_us();
		TRY(works[work].run(bench));
		took[i] = time_monotonic_us() - from;
	}
	qsort(took, rounds, sizeof took[0], by_size);
	printf("%s median=%lld p99=%lld\n", works[work].name, (long long)took[rounds / 2],
		(long long)took[rounds * 99 / 100]);
	return ok();
}

static err prepare(struct bench *bench, char **argv)
{
	struct str wrapped;
	bench->check = argv[1];
	bench->pdf = open(argv[3], O_RDONLY | O_CLOEXEC);
	bench->jpeg = open(argv[4], O_RDONLY | O_CLOEXEC);
	bench->out = memfd_create("out", MFD_CLOEXEC);
	if (bench->pdf < 0 || bench->jpeg < 0 || bench->out < 0)
		return fail(ERR_UNAVAILABLE, "a file cannot be opened");
	TRY(crypto_init());
	TRY(checker_new(&bench->arena, str_of(argv[1]), &bench->checker));
	const char *folder = str_c(&bench->arena, str_fmt(&bench->arena, "%s/blobs", argv[2]));
	const uint8_t master[BLOB_MASTER_BYTES] = {7};
	TRY(blob_store_open(&bench->arena, folder, master, &bench->store));
	blob_key_new(bench->store, &bench->arena, STR("bench"), &bench->key, &wrapped);
	return ok();
}

int main(int argc, char **argv)
{
	static struct bench bench;
	uint64_t rounds;
	if (argc != 6 || !str_to_u64(str_of(argv[5]), &rounds) || rounds < 1 ||
		rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench_raw_files CHECKER FOLDER PDF JPEG ROUNDS\n");
		return 64;
	}
	arena_init(&bench.arena, 1u << 20);
	err e = prepare(&bench, argv);
	for (size_t i = 0; i < sizeof works / sizeof works[0] && !failed(e); i++)
		e = measure(&bench, i, (size_t)rounds);
	if (failed(e))
		fprintf(stderr, "bench_raw_files: %s\n", err_detail());
	return failed(e) ? 1 : 0;
}
