#include "sim/ca/commands.h"

#include "base/time.h"
#include "sim/ca/options.h"

/* init, revoke, crl, show: what an authority has and what becomes of it. */

/* Words only: at least `least`, at most `most`. */
static bool plain(int argc, char **argv, size_t least, size_t most, struct words *out)
{
	if (failed(options_read(argc, argv, NULL, 0, out)))
		return false;
	if (out->n >= least && out->n <= most)
		return true;
	IGNORE(fail(ERR_INVALID, "too few or too many words")); /* kept for complain_usage */
	return false;
}

int command_init(struct arena *arena, int argc, char **argv)
{
	(void)arena;
	struct words words;
	if (!plain(argc, argv, 1, 1, &words))
		return complain_usage(err_detail());
	err made = ca_init(words.v[0], time_now());
	if (failed(made))
		return complain(made);
	printf("%s\n", words.v[0]);
	return EX_OK;
}

static err revoke_one(struct arena *arena, const struct words *words)
{
	struct ca ca;
	enum ca_reason reason;
	TRY(ca_reason_of(str_of(words->v[2]), &reason));
	TRY(ca_open(arena, words->v[0], &ca));
	return ca_revoke(&ca, str_upper(arena, str_of(words->v[1])), reason, time_now());
}

int command_revoke(struct arena *arena, int argc, char **argv)
{
	struct words words;
	if (!plain(argc, argv, 3, 3, &words))
		return complain_usage(err_detail());
	err done = revoke_one(arena, &words);
	return failed(done) ? complain(done) : EX_OK;
}

static err make_lists(struct arena *arena, const char *dir)
{
	struct ca ca;
	TRY(ca_open(arena, dir, &ca));
	for (int i = 0; i < CA_KIND_COUNT * CA_ROOT_COUNT; i++) {
		enum ca_kind kind = (enum ca_kind)(i / CA_ROOT_COUNT);
		enum ca_root root = (enum ca_root)(i % CA_ROOT_COUNT);
		TRY(ca_crl(&ca, arena, kind, root, time_now(), NULL));
		printf("%s/anchors/crl-%s-%s.der\n", dir, ca_kind_name(kind), ca_root_name(root));
	}
	return ok();
}

int command_crl(struct arena *arena, int argc, char **argv)
{
	struct words words;
	if (!plain(argc, argv, 1, 1, &words))
		return complain_usage(err_detail());
	err done = make_lists(arena, words.v[0]);
	return failed(done) ? complain(done) : EX_OK;
}

static void print_time(struct arena *arena, int64_t at)
{
	struct buf text;
	buf_init(&text, arena, 64);
	if (at)
		time_write_iso(&text, at);
	else
		buf_lit(&text, "-");
	printf("\t" STR_FMT, STR_ARG(buf_view(&text)));
}

static void print_entry(struct arena *arena, const struct ca_entry *entry)
{
	printf(STR_FMT "\t%s\t%s\t%s", STR_ARG(entry->serial), ca_kind_name(entry->kind),
		ca_root_name(entry->root), entry->revoked ? ca_reason_name(entry->reason) : "good");
	print_time(arena, entry->revoked_at);
	print_time(arena, entry->issued_at);
	print_time(arena, entry->not_after);
	printf("\t" STR_FMT "\n", STR_ARG(entry->cn));
}

static err show(struct arena *arena, const struct words *words)
{
	struct ca ca;
	TRY(ca_open(arena, words->v[0], &ca));
	if (words->n == 2) {
		struct ca_entry entry;
		TRY(ca_find(&ca, arena, str_upper(arena, str_of(words->v[1])), &entry));
		print_entry(arena, &entry);
		return ok();
	}
	const struct ca_entry *entries;
	size_t n;
	TRY(ca_list(&ca, arena, &entries, &n));
	for (size_t i = 0; i < n; i++)
		print_entry(arena, &entries[i]);
	return ok();
}

int command_show(struct arena *arena, int argc, char **argv)
{
	struct words words;
	if (!plain(argc, argv, 1, 2, &words))
		return complain_usage(err_detail());
	err done = show(arena, &words);
	return failed(done) ? complain(done) : EX_OK;
}
