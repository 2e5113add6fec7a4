#include "jobs/queue.h"

#include "store/query.h"

struct addition {
	struct str kind, name, payload;
	int64_t next_at;
};

static err add_in_tx(struct cx *cx, void *arg)
{
	const struct addition *a = arg;

	return q_job_add(cx_tx(cx),
		&(struct q_job_add_in){
			.id = id_new(cx->now),
			.kind = a->kind,
			.name = a->name,
			.payload = a->payload,
			.next_at = a->next_at,
			.at = cx->now,
		},
		NULL);
}

err queue_add(struct cx *cx, struct str kind, struct str name, struct str payload, int64_t next_at)
{
	struct addition addition = {kind, name, payload, next_at};

	return cx_write(cx, add_in_tx, &addition);
}

struct recall {
	struct str kind, name;
	int64_t latest;
};

static err recall_in_tx(struct cx *cx, void *arg)
{
	const struct recall *recall = arg;

	return q_job_recall(cx_tx(cx), recall->kind, recall->name, cx->now, recall->latest, NULL);
}

err queue_recall(struct cx *cx, struct str kind, struct str name, int64_t latest)
{
	return cx_write(cx, recall_in_tx, &(struct recall){kind, name, latest});
}

struct claim {
	struct str owner;
	int64_t lease_until;
	struct q_job_claim_row row;
};

static err claim_in_tx(struct cx *cx, void *arg)
{
	struct claim *claim = arg;

	return q_job_claim(cx_tx(cx), claim->owner, cx->now, claim->lease_until, &claim->row);
}

err queue_claim(struct cx *cx, struct str owner, int64_t lease_ms, struct job *out)
{
	struct claim claim = {.owner = owner, .lease_until = cx->now + lease_ms};
	struct q_job_due_row due;

	err looked = q_job_due(cx_tx(cx), &due);
	cx_end(cx);
	TRY(looked);
	*out = (struct job){.next_at = due.next_at};
	if (!due.next_at || due.next_at > cx->now)
		return (err){ERR_NOT_FOUND};
	TRY(cx_write(cx, claim_in_tx, &claim));
	*out = (struct job){
		.id = claim.row.id,
		.kind = claim.row.kind,
		.name = claim.row.name,
		.payload = claim.row.payload,
		.attempts = claim.row.attempts - 1,
	};
	return ok();
}

struct ending {
	int64_t id;
	struct str owner;
	bool again; /* else later */
	int64_t next_at;
	struct str reason;
};

static err end_in_tx(struct cx *cx, void *arg)
{
	const struct ending *e = arg;
	int64_t changed = 0;

	if (e->again)
		TRY(q_job_again(cx_tx(cx), e->id, e->owner, e->next_at, &changed));
	else
		TRY(q_job_later(cx_tx(cx), e->id, e->owner, e->next_at, e->reason, &changed));
	return changed ? ok() : fail(ERR_CONFLICT, "lease of a job lost");
}

err queue_again(struct cx *cx, int64_t id, struct str owner, int64_t next_at)
{
	return cx_write(cx, end_in_tx, &(struct ending){.id = id, .owner = owner, .again = true, .next_at = next_at});
}

err queue_later(struct cx *cx, int64_t id, struct str owner, int64_t next_at, struct str reason)
{
	return cx_write(cx, end_in_tx, &(struct ending){.id = id, .owner = owner, .next_at = next_at, .reason = reason});
}

err queue_list(struct cx *cx, size_t most, struct queue_row **out, size_t *count)
{
	struct q_job_list_row *rows;
	size_t n;

	TRY(q_job_list(cx_tx(cx), (int64_t)most, &rows, &n));
	struct queue_row *list = arena_array(cx->arena, struct queue_row, n);
	for (size_t i = 0; i < n; i++)
		list[i] = (struct queue_row){
			.id = rows[i].id,
			.kind = rows[i].kind,
			.name = rows[i].name,
			.attempts = rows[i].attempts,
			.next_at = rows[i].next_at,
			.last_error = rows[i].last_error,
		};
	*out = list;
	*count = n;
	return ok();
}
