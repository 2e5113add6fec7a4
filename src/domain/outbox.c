#include "domain/outbox.h"

#include "base/encode.h"
#include "base/random.h"
#include "base/time.h"
#include "crypto/seal.h"
#include "domain/pairs.h"
#include "domain/portal.h"
#include "store/query.h"

enum { STATE_READY, STATE_SENT, STATE_FAILED, STATE_NEVER, STATE_SHUT };

const struct str mail_template_names[MAIL_TEMPLATE_COUNT] = {
	[MAIL_REGISTRATION] = STR_INIT("registration"),
	[MAIL_REGISTRATION_KNOWN] = STR_INIT("registration_known"),
	[MAIL_REGISTERED] = STR_INIT("registered"),
	[MAIL_LOCKED] = STR_INIT("locked"),
	[MAIL_FORGOT_ID] = STR_INIT("forgot_id"),
	[MAIL_FORGOT_UNKNOWN] = STR_INIT("forgot_unknown"),
	[MAIL_RESET] = STR_INIT("reset"),
	[MAIL_PASSWORD_CHANGED] = STR_INIT("password_changed"),
	[MAIL_APPLICATION_RECEIVED] = STR_INIT("application_received"),
	[MAIL_DRAFT_EXPIRING] = STR_INIT("draft_expiring"),
	[MAIL_CARD_LINKED] = STR_INIT("card_linked"),
	[MAIL_CARD_REPLACED] = STR_INIT("card_replaced"),
	[MAIL_CARD_UNLINKED] = STR_INIT("card_unlinked"),
	[MAIL_APPLICATION_RETURNED] = STR_INIT("application_returned"),
	[MAIL_APPLICATION_AGAIN] = STR_INIT("application_again"),
	[MAIL_USAGE_ACCEPTED] = STR_INIT("usage_accepted"),
	[MAIL_USAGE_REFUSED] = STR_INIT("usage_refused"),
	[MAIL_USAGE_EXPIRING] = STR_INIT("usage_expiring"),
	[MAIL_CARD_ENDING] = STR_INIT("card_ending"),
};

bool mail_template_of(struct str name, enum mail_template *out)
{
	for (size_t i = 0; i < MAIL_TEMPLATE_COUNT; i++)
		if (str_eq(mail_template_names[i], name)) {
			*out = (enum mail_template)i;
			return true;
		}
	return false;
}

struct str outbox_purpose(struct arena *arena, int64_t id)
{
	return str_fmt(arena, "outbox %lld", (long long)id);
}

/* Random, so that a mail tells nothing of the rows behind it. */
static struct str message_id_new(struct arena *arena)
{
	char bytes[16];
	struct buf text;

	random_bytes(bytes, sizeof bytes);
	buf_init(&text, arena, 64);
	hex_write(&text, str_make(bytes, sizeof bytes));
	return buf_view(&text);
}

err outbox_add(struct cx *cx, enum mail_template template, int64_t account_id, struct str recipient, struct str lang,
	const struct msg_arg *values, size_t count)
{
	int64_t id = id_new(cx->now);
	struct str plain = pairs_write(cx->arena, values, count);

	TRY(q_outbox_hasten(cx_tx(cx), recipient, cx->now, NULL));
	return q_outbox_insert(cx_tx(cx), &(struct q_outbox_insert_in){
		.id = id,
		.account_id = account_id,
		.recipient = recipient,
		.template = mail_template_names[template],
		.locale = lang,
		.payload = seal(cx->arena, cx->portal->key, outbox_purpose(cx->arena, id), plain),
		.state = str_empty(recipient) ? STATE_NEVER : STATE_READY,
		.message_id = message_id_new(cx->arena),
		.at = cx->now,
		.ended_at = str_empty(recipient) ? cx->now : 0,
	}, NULL);
}

struct str outbox_value(const struct outbox_mail *mail, struct str name)
{
	return pairs_get(mail->values, mail->value_count, name);
}

/* ---- how it ended ---- */

struct end {
	int64_t id;
	struct str owner, reason;
	int64_t state;
	int64_t next_at; /* READY, SHUT */
};

/* What it said is not needed any more when it has ended, and holds links. */
static err end_row(struct cx *cx, const struct end *end, int64_t *changed)
{
	switch (end->state) {
	case STATE_READY:
		return q_outbox_later(cx_tx(cx), end->id, end->owner, end->next_at, end->reason, changed);
	case STATE_SHUT:
		return q_outbox_shut(cx_tx(cx), end->id, end->owner, end->next_at, end->reason, changed);
	default:
		return q_outbox_end(cx_tx(cx), &(struct q_outbox_end_in){
			.id = end->id, .owner = end->owner, .state = end->state, .reason = end->reason, .at = cx->now}, changed);
	}
}

static err end_in_tx(struct cx *cx, void *arg)
{
	const struct end *end = arg;
	int64_t changed = 0;

	TRY(end_row(cx, end, &changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "lease of a mail lost");
	return end->state == STATE_READY ? q_outbox_behind(cx_tx(cx), end->id, end->next_at, NULL)
					 : q_outbox_next(cx_tx(cx), end->id, cx->now, NULL);
}

err outbox_sent(struct cx *cx, int64_t id, struct str owner)
{
	return cx_write(cx, end_in_tx, &(struct end){.id = id, .owner = owner, .state = STATE_SENT});
}

err outbox_later(struct cx *cx, int64_t id, struct str owner, int64_t next_at, struct str reason)
{
	return cx_write(cx, end_in_tx, &(struct end){.id = id, .owner = owner, .state = STATE_READY, .next_at = next_at, .reason = reason});
}

err outbox_failed(struct cx *cx, int64_t id, struct str owner, struct str reason)
{
	return cx_write(cx, end_in_tx, &(struct end){.id = id, .owner = owner, .state = STATE_FAILED, .reason = reason});
}

/* ---- claiming ---- */

struct claim {
	struct str owner;
	int64_t lease_ms;
	struct q_outbox_claim_row row;
	bool found;
	bool beaten; /* something is due, but another worker took it first */
};

err outbox_due(struct cx *cx, bool *out)
{
	struct q_outbox_due_row row;
	err result = q_outbox_due(cx_tx(cx), cx->now, &row);

	if (result.code != ERR_NOT_FOUND)
		TRY(result);
	*out = !failed(result);
	return ok();
}

static err claim_in_tx(struct cx *cx, void *arg)
{
	struct claim *claim = arg;
	err result = q_outbox_claim(cx_tx(cx), claim->owner, cx->now, cx->now + claim->lease_ms, &claim->row);

	claim->found = !failed(result);
	claim->beaten = false;
	if (result.code != ERR_NOT_FOUND)
		return result;
	return outbox_due(cx, &claim->beaten);
}

#define CLAIM_TRIES 8
/* Until the newer program that wrote the mail may have looked; until outbox_reopen. */
#define ASIDE_MS TIME_HOUR

static err mail_open(struct cx *cx, const struct q_outbox_claim_row *row, struct outbox_mail *out)
{
	struct outbox_mail mail = {
		.id = row->id,
		.account_id = row->account_id,
		.recipient = row->recipient,
		.lang = row->locale,
		.attempts = row->attempts - 1,
		.last_error = row->last_error,
		.created_at = row->created_at,
		.message_id = row->message_id,
	};
	struct str plain;

	if (!mail_template_of(row->template, &mail.template))
		return fail(ERR_NOT_FOUND, "outbox row of an unknown template");
	TRY(unseal(cx->arena, cx->portal->key, outbox_purpose(cx->arena, row->id), row->payload, &plain));
	TRY(pairs_read(cx->arena, plain, &mail.values, &mail.value_count));
	*out = mail;
	return ok();
}

/* What cannot be opened here and now would come back at the end of each lease, for ever. */
static err put_aside(struct cx *cx, const struct q_outbox_claim_row *row, struct str owner, bool unknown)
{
	struct end end = {.id = row->id, .owner = owner, .next_at = cx->now + ASIDE_MS};

	if (unknown)
		end.reason = STR("unknown template");
	else
		end.reason = STR("does not open with this key");
	if (!unknown)
		end.state = cx->now - row->created_at < OUTBOX_SHUT_MS ? STATE_SHUT : STATE_FAILED;
	TRY(cx_write(cx, end_in_tx, &end));
	return fail(ERR_INVALID, "a mail is put aside: " STR_FMT, STR_ARG(end.reason));
}

err outbox_claim(struct cx *cx, struct str owner, int64_t lease_ms, struct outbox_mail *out)
{
	struct claim claim = {.owner = owner, .lease_ms = lease_ms};

	for (int i = 0; i < CLAIM_TRIES; i++) {
		TRY(cx_write(cx, claim_in_tx, &claim));
		if (!claim.found && !claim.beaten)
			break;
		if (!claim.found)
			continue;
		err opened = mail_open(cx, &claim.row, out);
		return failed(opened) ? put_aside(cx, &claim.row, owner, opened.code == ERR_NOT_FOUND) : opened;
	}
	return (err){ERR_NOT_FOUND};
}

static err reopen_in_tx(struct cx *cx, void *arg)
{
	(void)arg;
	TRY(q_outbox_recall(cx_tx(cx), cx->now, cx->now + OUTBOX_WAIT_MS * 3 / 2, NULL));
	return q_outbox_reopen(cx_tx(cx), cx->now, NULL);
}

err outbox_reopen(struct cx *cx)
{
	return cx_write(cx, reopen_in_tx, NULL);
}

struct renewal {
	int64_t id;
	struct str owner;
	int64_t lease_ms;
};

static err renew_in_tx(struct cx *cx, void *arg)
{
	const struct renewal *renewal = arg;
	int64_t changed = 0;

	TRY(q_outbox_renew(cx_tx(cx), renewal->id, renewal->owner, cx->now + renewal->lease_ms, &changed));
	return changed == 0 ? fail(ERR_CONFLICT, "lease of a mail lost") : ok();
}

err outbox_renew(struct cx *cx, int64_t id, struct str owner, int64_t lease_ms)
{
	return cx_write(cx, renew_in_tx, &(struct renewal){id, owner, lease_ms});
}

err outbox_list(struct cx *cx, size_t most, struct outbox_row **out, size_t *count)
{
	struct q_outbox_list_row *rows;
	size_t n;

	TRY(q_outbox_list(cx_tx(cx), (int64_t)most, &rows, &n));
	struct outbox_row *list = arena_array(cx->arena, struct outbox_row, n);

	for (size_t i = 0; i < n; i++)
		list[i] = (struct outbox_row){
			.id = rows[i].id,
			.recipient = rows[i].recipient,
			.template = rows[i].template,
			.failed = rows[i].state == STATE_FAILED,
			.attempts = rows[i].attempts,
			.next_at = rows[i].next_at,
			.last_error = rows[i].last_error,
			.created_at = rows[i].created_at,
		};
	*out = list;
	*count = n;
	return ok();
}
