#include "domain/audit.h"

#include "base/encode.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "store/query.h"

#include <assert.h>

/* The ids are random in their low bits. What belongs to no account goes anywhere, lest it all queue
 * on one lane. */
static unsigned lane_of(int64_t account_id)
{
	return account_id == 0 ? random_below(AUDIT_LANES) : (unsigned)(account_id % AUDIT_LANES);
}

/* Eight bytes, the highest first. */
static void add_number(struct buf *out, int64_t value)
{
	char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(unsigned char)((uint64_t)value >> (56 - 8 * i));
	buf_bytes(out, bytes, sizeof bytes);
}

/* With its length before it, so that no two entries have the same bytes. */
static void add_text(struct buf *out, struct str text)
{
	add_number(out, (int64_t)text.n);
	buf_str(out, text);
}

#define CANONICAL_MAX 4096

/* Everything that the row holds but the hash itself. */
static err entry_hash(struct arena *arena, struct str before,
	const struct q_audit_entry_add_in *entry, uint8_t out[SHA256_BYTES])
{
	struct buf bytes;

	buf_init(&bytes, arena, CANONICAL_MAX);
	buf_str(&bytes, before);
	add_number(&bytes, entry->lane);
	add_number(&bytes, entry->number);
	add_number(&bytes, entry->at);
	add_number(&bytes, entry->account_id);
	add_number(&bytes, entry->actor_kind);
	add_number(&bytes, entry->actor_id);
	add_number(&bytes, entry->object_id);
	add_text(&bytes, entry->event);
	add_text(&bytes, entry->object);
	add_text(&bytes, entry->detail);
	TRY(buf_error(&bytes));
	sha256(buf_view(&bytes), out);
	return ok();
}

static err add_all(struct cx *cx, enum actor_kind by, int64_t account_id, const struct audit_note *notes, size_t count)
{
	struct tx *tx = cx_tx(cx);
	struct q_audit_head_lock_row head;
	uint8_t hash[SHA256_BYTES];
	unsigned lane = lane_of(account_id);

	assert(cx->tx_is_write);
	if (count == 0)
		return ok();
	TRY(q_audit_head_lock(tx, lane, (int64_t)count, &head));
	struct str before = head.hash;

	for (size_t i = 0; i < count; i++) {
		struct q_audit_entry_add_in entry = {
			.lane = lane,
			.number = head.number - (int64_t)(count - 1 - i),
			.at = cx->now,
			.account_id = account_id,
			.actor_kind = by,
			.actor_id = by == cx->actor.kind ? cx->actor.account_id : 0,
			.event = notes[i].event,
			.object = notes[i].object,
			.object_id = notes[i].object_id,
			.detail = notes[i].detail,
		};

		TRY(entry_hash(cx->arena, before, &entry, hash));
		entry.hash = before = str_dup(cx->arena, str_make((const char *)hash, sizeof hash));
		TRY(q_audit_entry_add(tx, &entry, NULL));
	}
	return q_audit_head_set(tx, lane, before, NULL);
}

err audit_add_all(struct cx *cx, int64_t account_id, const struct audit_note *notes, size_t count)
{
	return add_all(cx, cx->actor.kind, account_id, notes, count);
}

err audit_add(struct cx *cx, struct str event, int64_t account_id, struct str object,
	int64_t object_id, struct str detail)
{
	return audit_add_by(cx, cx->actor.kind, event, account_id, object, object_id, detail);
}

err audit_add_by(struct cx *cx, enum actor_kind by, struct str event, int64_t account_id, struct str object,
	int64_t object_id, struct str detail)
{
	return add_all(cx, by, account_id, &(struct audit_note){event, object, object_id, detail}, 1);
}

/* Where the verification of a lane stands. */
struct walk {
	unsigned lane;
	int64_t number; /* of the last entry seen */
	uint8_t hash[SHA256_BYTES];
};

#define PIECE 500

static struct str walk_hash(const struct walk *walk)
{
	return walk->number == 0 ? (struct str){0}
				 : str_make((const char *)walk->hash, SHA256_BYTES);
}

static void fault(
	struct audit_report *report, const struct walk *walk, int64_t number, const char *what)
{
	report->good = false;
	report->lane = walk->lane;
	report->number = number;
	report->what = what;
}

static err check_entry(struct arena *arena, struct walk *walk,
	const struct q_audit_entry_list_row *row, struct audit_report *report)
{
	struct q_audit_entry_add_in entry = {
		.lane = walk->lane,
		.number = row->number,
		.at = row->at,
		.account_id = row->account_id,
		.actor_kind = row->actor_kind,
		.actor_id = row->actor_id,
		.event = row->event,
		.object = row->object,
		.object_id = row->object_id,
		.detail = row->detail,
	};
	uint8_t hash[SHA256_BYTES];

	if (row->number != walk->number + 1) {
		fault(report, walk, walk->number + 1, "an entry is missing");
		return ok();
	}
	TRY(entry_hash(arena, walk_hash(walk), &entry, hash));
	if (!str_eq(row->hash, str_make((const char *)hash, sizeof hash))) {
		fault(report, walk, row->number, "the hash differs");
		return ok();
	}
	memcpy(walk->hash, hash, sizeof hash);
	walk->number = row->number;
	report->entries++;
	return ok();
}

/* The end of a lane, read in the snapshot in which nothing came after the last entry. */
static err check_head(struct tx *tx, const struct walk *walk, struct audit_report *report)
{
	struct q_audit_head_list_row *heads;
	size_t count;

	TRY(q_audit_head_list(tx, &heads, &count));
	for (size_t i = 0; i < count; i++) {
		if (heads[i].lane != walk->lane)
			continue;
		if (heads[i].number != walk->number)
			fault(report, walk, heads[i].number,
				"the lane ends elsewhere than its head says");
		else if (!str_eq(heads[i].hash, walk_hash(walk)))
			fault(report, walk, heads[i].number, "the head's hash differs");
		return ok();
	}
	fault(report, walk, 0, "the head is missing");
	return ok();
}

static err check_piece(struct tx *tx, struct arena *arena, struct walk *walk,
	struct audit_report *report, bool *at_end)
{
	struct q_audit_entry_list_row *rows;
	size_t count;

	TRY(q_audit_entry_list(tx, walk->lane, walk->number, PIECE, &rows, &count));
	for (size_t i = 0; i < count && report->good; i++)
		TRY(check_entry(arena, walk, &rows[i], report));
	*at_end = count < PIECE;
	return *at_end && report->good ? check_head(tx, walk, report) : ok();
}

/* Each piece has memory and a snapshot of its own: the chains are longer than both should be. */
static err check_lane(struct store *store, unsigned lane, struct audit_report *report)
{
	struct walk walk = {.lane = lane};
	bool at_end = false;

	while (!at_end && report->good) {
		AUTO_ARENA arena;
		struct tx *tx;

		arena_init(&arena, 16u << 20);
		TRY(store_begin_read(store, &arena, &tx));
		err result = check_piece(tx, &arena, &walk, report, &at_end);

		store_end_read(tx);
		TRY(result);
	}
	return ok();
}

err audit_verify(struct cx *cx, struct audit_report *out)
{
	struct audit_report report = {.good = true};

	for (unsigned lane = 0; lane < AUDIT_LANES && report.good; lane++)
		TRY(check_lane(cx->store, lane, &report));
	*out = report;
	return ok();
}

err audit_heads(struct cx *cx, struct buf *out)
{
	struct q_audit_head_list_row *heads;
	size_t count;

	TRY(q_audit_head_list(cx_tx(cx), &heads, &count));
	for (size_t i = 0; i < count; i++) {
		buf_fmt(out, "%d %lld ", (int)heads[i].lane, (long long)heads[i].number);
		hex_write(out, heads[i].hash);
		buf_byte(out, '\n');
	}
	return ok();
}
