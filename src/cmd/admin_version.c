#include "cmd/admin_version.h"

#include "base/limits.h"
#include "base/time.h"

static void write_version(struct buf *out, const struct start *start, const struct archived *version)
{
	const struct procedure *present = catalogue_find(&start->catalogue, version->procedure);

	buf_fmt(out, STR_FMT "\t" STR_FMT "\t", STR_ARG(version->procedure), STR_ARG(version->version));
	time_write_iso(out, version->published_at);
	buf_c(out, present && str_eq(present->version, version->version) ? "\tpresent\n" : "\tearlier\n");
}

enum exit_code admin_versions(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	struct archived *versions;
	struct buf out;
	size_t count = 0;

	buf_init(&out, start->program->arena, LIMIT_PAGE);
	err e = archive_list(&cx, &versions, &count);

	for (size_t i = 0; !failed(e) && i < count; i++)
		write_version(&out, start, &versions[i]);
	cx_end(&cx);
	if (!failed(e))
		e = buf_error(&out);
	if (failed(e)) {
		program_complain("versions", e);
		return program_exit_of(e);
	}
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_DONE;
}
