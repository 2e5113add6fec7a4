#include "cmd/admin_files.h"

#include "base/limits.h"
#include "domain/attachment/attachment_job.h"

static void print_bad(const struct attachment_blob *blob, const char *why)
{
	const struct str reference = blob->reference.n > 0 ? blob->reference : STR("draft");

	printf("%s\t" STR_FMT "\t%lld\t%lld\t" STR_FMT "\n", why, STR_ARG(reference), (long long)blob->account_id, (long long)blob->attachment_id,
		STR_ARG(blob->blob));
}

enum exit_code admin_files(struct start *start)
{
	struct files_verified verified;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_REQUEST_ARENA);
	struct cx cx = start_cx(start, &arena, ACTOR_OPERATOR);
	err e = files_verify(&start->files, &cx, print_bad, &verified);

	cx_end(&cx);
	if (failed(e)) {
		program_complain("files", e);
		return program_exit_of(e);
	}
	if (verified.bad > 0) {
		printf("%llu of %llu files cannot be read\n", (unsigned long long)verified.bad, (unsigned long long)verified.blobs);
		return EXIT_REFUSED;
	}
	printf("%llu files, %lld bytes, every one is whole\n", (unsigned long long)verified.blobs, (long long)verified.bytes);
	return EXIT_DONE;
}
