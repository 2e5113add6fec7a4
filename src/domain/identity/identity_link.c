#include "domain/identity/identity_row.h"

#include "crypto/seal.h"
#include "domain/account/account.h"
#include "domain/audit.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

/* Links between accounts and cards. */

static err list_sealed(struct cx *cx, int64_t account_id, struct card_link **out, size_t *count)
{
	struct q_card_link_list_row *rows;
	size_t n;

	TRY(q_card_link_list(cx_tx(cx), account_id, &rows, &n));
	struct card_link *links = arena_array(cx->arena, struct card_link, n + 1);

	for (size_t i = 0; i < n; i++) {
		links[i] = (struct card_link){
			.id = rows[i].id,
			.account_id = account_id,
			.subject = rows[i].subject,
			.issuer = rows[i].issuer,
			.issuer_key = rows[i].issuer_key,
			.serial = rows[i].cert_serial,
			.spki = rows[i].spki,
			.cert = rows[i].cert,
			.certificate = rows[i].certificate,
			.not_after = rows[i].not_after,
			.linked_at = rows[i].linked_at,
			.unlinked_at = rows[i].unlinked_at,
			.unlinked_why = rows[i].unlinked_why,
		};
		while (links[i].adapter < IDV_ADAPTER_COUNT && !str_eq(idv_adapter_names[links[i].adapter], rows[i].adapter))
			links[i].adapter++;
		if (links[i].adapter == IDV_ADAPTER_COUNT)
			return fail(ERR_INTERNAL, "a link of an unknown kind");
	}
	*out = links;
	*count = n;
	return ok();
}

err card_link_list(struct cx *cx, int64_t account_id, struct card_link **out, size_t *count)
{
	struct card_link *links;
	size_t n;

	TRY(list_sealed(cx, account_id, &links, &n));
	for (size_t i = 0; i < n; i++)
		links[i].certificate = (struct str){0};
	*out = links;
	*count = n;
	return ok();
}

static struct str purpose(struct cx *cx, int64_t id)
{
	return str_fmt(cx->arena, "card link %lld", (long long)id);
}

/* IDV_ADAPTER_COUNT: any. */
static err in_force(struct cx *cx, int64_t account_id, enum idv_adapter adapter, struct card_link *out)
{
	struct card_link *links;
	size_t count;

	TRY(list_sealed(cx, account_id, &links, &count));
	for (size_t i = 0; i < count; i++)
		if (links[i].unlinked_at == 0 && (adapter == IDV_ADAPTER_COUNT || links[i].adapter == adapter)) {
			struct str sealed = links[i].certificate;

			/* Without it the card is the same still; only whether its forerunner was revoked cannot be asked. */
			links[i].certificate = (struct str){0};
			if (sealed.n > 0)
				IGNORE(sealed_open(cx, purpose(cx, links[i].id), sealed, &links[i].certificate));
			*out = links[i];
			return ok();
		}
	return (err){ERR_NOT_FOUND};
}

err card_link_find(struct cx *cx, int64_t account_id, struct card_link *out)
{
	return in_force(cx, account_id, IDV_ADAPTER_COUNT, out);
}

err card_link_find_of(struct cx *cx, int64_t account_id, enum idv_adapter adapter, struct card_link *out)
{
	return in_force(cx, account_id, adapter, out);
}

static err tell(struct cx *cx, int64_t account_id, enum mail_template template, const char *event, int64_t link_id, struct str detail)
{
	struct account account;

	TRY(account_get(cx, account_id, &account));
	struct msg_arg values[] = {
		{STR("name"), account.name},
		{STR("changed_at"), str_fmt(cx->arena, "%lld", (long long)cx->now)},
	};

	TRY(outbox_add(cx, template, account_id, account.email, account.lang, values, sizeof values / sizeof *values));
	return audit_add(cx, str_of(event), account_id, STR("card_link"), link_id, detail);
}

static err link_over(struct cx *cx, const struct card_link *link, struct str why)
{
	int64_t changed = 0;

	TRY(q_card_link_end(cx_tx(cx), link->id, why, cx->now, &changed));
	return changed == 0 ? cx_again(cx, "the link has ended at the same moment") : ok();
}

err card_link_make(struct cx *cx, const struct idv_tx *tx, const struct idv_result *result)
{
	struct card_link old;
	int64_t changed = 0, id = id_new(cx->now);
	err e = card_link_find_of(cx, tx->account_id, tx->adapter, &old);
	bool replaces = !failed(e);

	if (e.code != ERR_NOT_FOUND)
		TRY(e);
	if (replaces && str_eq(old.subject, result->subject))
		return ok();
	if (replaces)
		TRY(link_over(cx, &old, STR("replaced")));
	TRY(q_card_link_insert(cx_tx(cx),
		&(struct q_card_link_insert_in){
			.id = id,
			.account_id = tx->account_id,
			.adapter = idv_adapter_names[tx->adapter],
			.subject = result->subject,
			.issuer = result->issuer,
			.issuer_key = result->issuer_key,
			.cert_serial = result->serial,
			.spki = result->spki,
			.cert = result->cert,
			.certificate = result->certificate.n > 0 ? seal(cx->arena, cx->portal->key, purpose(cx, id), result->certificate)
								 : (struct str){0},
			.not_after = result->not_after,
			.now = cx->now,
		},
		&changed));
	if (changed == 0)
		return cx_again(cx, "linked at the same moment");
	return tell(cx, tx->account_id, replaces ? MAIL_CARD_REPLACED : MAIL_CARD_LINKED, replaces ? "card_replaced" : "card_linked", id,
		str_fmt(cx->arena, "tx=" STR_FMT, STR_ARG(tx->id)));
}

struct end_call {
	int64_t account_id;
	enum idv_adapter adapter;
	struct str why;
};

static err end_in_tx(struct cx *cx, void *arg)
{
	const struct end_call *call = arg;
	struct card_link link;

	TRY(card_link_find_of(cx, call->account_id, call->adapter, &link));
	TRY(link_over(cx, &link, call->why));
	return tell(cx, call->account_id, MAIL_CARD_UNLINKED, "card_unlinked", link.id, call->why);
}

err card_link_end(struct cx *cx, int64_t account_id, enum idv_adapter adapter, struct str why)
{
	struct end_call call = {.account_id = account_id, .adapter = adapter, .why = why};

	return cx_write(cx, end_in_tx, &call);
}
