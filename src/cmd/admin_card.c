#include "cmd/admin_card.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/account/account.h"
#include "domain/identity/identity_card.h"

static void write_time(struct buf *out, int64_t at)
{
	buf_byte(out, '\t');
	if (at == 0)
		buf_byte(out, '-');
	else
		time_write_iso(out, at);
}

static err list(struct cx *cx, const struct account *account, struct buf *out)
{
	struct card_link *links;
	size_t count;

	TRY(card_link_list(cx, account->id, &links, &count));
	for (size_t i = 0; i < count; i++) {
		buf_str(out, idv_adapter_names[links[i].adapter]);
		write_time(out, links[i].linked_at);
		write_time(out, links[i].unlinked_at);
		buf_byte(out, '\t');
		buf_str(out, links[i].unlinked_why.n > 0 ? links[i].unlinked_why : STR("-"));
		buf_byte(out, '\n');
	}
	return buf_error(out);
}

/* An account may be linked in several ways; the help desk has seen the person, and ends them all. */
static err end(struct cx *cx, const struct account *account, struct buf *out)
{
	size_t ended = 0;

	for (enum idv_adapter adapter = 0; adapter < IDV_ADAPTER_COUNT; adapter++) {
		err e = card_link_end(cx, account->id, adapter, STR("help_desk"));

		if (e.code == ERR_NOT_FOUND)
			continue;
		TRY(e);
		buf_str(out, idv_adapter_names[adapter]);
		buf_byte(out, '\n');
		ended++;
	}
	return ended > 0 ? ok() : fail(ERR_NOT_FOUND, "the account is not linked to a card");
}

static err carry_out(struct cx *cx, const struct program *program, struct buf *out)
{
	struct account account;
	err e = account_find(cx, str_of(program->words[2]), &account);

	if (e.code == ERR_NOT_FOUND)
		return fail(ERR_NOT_FOUND, "there is no such account");
	TRY(e);
	return strcmp(program->words[1], "list") == 0 ? list(cx, &account, out) : end(cx, &account, out);
}

enum exit_code admin_card(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	struct buf out;

	buf_init(&out, start->program->arena, LIMIT_PAGE);
	err e = carry_out(&cx, start->program, &out);
	cx_end(&cx);
	fwrite(out.p, 1, out.n, stdout);
	if (!failed(e))
		return EXIT_DONE;
	program_complain("card", e);
	return program_exit_of(e);
}
