#include "domain/identity/identity_row.h"

#include "base/time.h"
#include "base/utf8.h"
#include "crypto/seal.h"
#include "domain/pairs.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

/* The four items: what may be in them, and how they are kept. */

static bool text_fits(struct str text, size_t most, bool may_be_empty)
{
	struct str rest = text;

	if (!utf8_valid(text) || utf8_count(text) > most || (text.n == 0 && !may_be_empty))
		return false;
	while (rest.n > 0)
		if (utf8_is_hidden(utf8_next(&rest)))
			return false;
	return true;
}

static bool bits_fit(struct str bits, struct str text)
{
	if (bits.n == 0)
		return true;
	for (size_t i = 0; i < bits.n; i++)
		if (bits.p[i] != '0' && bits.p[i] != '1')
			return false;
	return bits.n == utf8_count(text);
}

static bool birth_possible(const struct basic4 *basic4)
{
	if (basic4->month > 12 || basic4->day > 31 || basic4->year < 0 || basic4->year > 9999)
		return false;
	if (basic4->month == 0 || basic4->day == 0)
		return true;
	/* Without the year, one that has a 29 February. */
	int32_t year = basic4->year == 0 ? 2000 : basic4->year;

	return date_valid(year * 10000 + (int32_t)basic4->month * 100 + (int32_t)basic4->day);
}

err basic4_check(const struct basic4 *basic4)
{
	if (!text_fits(basic4->name, BASIC4_NAME_MAX, false) || !text_fits(basic4->address, BASIC4_ADDRESS_MAX, true))
		return fail(ERR_INVALID, "name or address of a card");
	if (!bits_fit(basic4->name_subst, basic4->name) || !bits_fit(basic4->address_subst, basic4->address))
		return fail(ERR_INVALID, "substitute signs of a card");
	if (!birth_possible(basic4) || basic4->sex < 1 || basic4->sex > 3)
		return fail(ERR_INVALID, "birth or sex of a card");
	return ok();
}

int32_t basic4_birth_on(const struct basic4 *basic4)
{
	if (basic4->year == 0)
		return 0;
	if (basic4->month == 0)
		return basic4->year * 10000;
	return basic4->year * 10000 + (int32_t)basic4->month * 100 + (int32_t)basic4->day;
}

struct str basic4_write(struct arena *arena, const struct basic4 *basic4)
{
	struct msg_arg pairs[] = {
		{STR("name"), basic4->name},
		{STR("address"), basic4->address},
		{STR("birth"), str_fmt(arena, "%04d%02u%02u", basic4->year, basic4->month, basic4->day)},
		{STR("sex"), str_fmt(arena, "%u", basic4->sex)},
		{STR("name_subst"), basic4->name_subst},
		{STR("address_subst"), basic4->address_subst},
		{STR("source"), idv_source_names[basic4->source]},
		{STR("name_differs"), basic4->name_differs ? STR("1") : STR("0")},
	};

	return pairs_write(arena, pairs, sizeof pairs / sizeof *pairs);
}

err basic4_read(struct arena *arena, struct str text, struct basic4 *out)
{
	struct msg_arg *pairs;
	size_t n;
	int64_t birth, sex;
	struct basic4 basic4 = {0};

	TRY(pairs_read(arena, text, &pairs, &n));
	struct str source = pairs_get(pairs, n, STR("source"));

	while (basic4.source < IDV_SOURCE_COUNT && !str_eq(idv_source_names[basic4.source], source))
		basic4.source++;
	if (!str_to_i64(pairs_get(pairs, n, STR("birth")), &birth) || !str_to_i64(pairs_get(pairs, n, STR("sex")), &sex) ||
		basic4.source == IDV_SOURCE_COUNT)
		return fail(ERR_INTERNAL, "kept items cannot be read");
	basic4.name = pairs_get(pairs, n, STR("name"));
	basic4.address = pairs_get(pairs, n, STR("address"));
	basic4.year = (int32_t)(birth / 10000);
	basic4.month = (unsigned)(birth / 100 % 100);
	basic4.day = (unsigned)(birth % 100);
	basic4.sex = (unsigned)sex;
	basic4.name_subst = pairs_get(pairs, n, STR("name_subst"));
	basic4.address_subst = pairs_get(pairs, n, STR("address_subst"));
	basic4.name_differs = str_eq(pairs_get(pairs, n, STR("name_differs")), STR("1"));
	*out = basic4;
	return ok();
}

static struct str purpose(struct cx *cx, int64_t account_id, int64_t draft_id)
{
	return str_fmt(cx->arena, "basic4 of account %lld draft %lld", (long long)account_id, (long long)draft_id);
}

err basic4_put(struct cx *cx, const struct idv_tx *tx, const struct basic4 *basic4, struct str serial)
{
	return q_basic4_put(cx_tx(cx),
		&(struct q_basic4_put_in){
			.id = id_new(cx->now),
			.account_id = tx->account_id,
			.draft_id = tx->draft_id,
			.items = seal(cx->arena, cx->portal->key, purpose(cx, tx->account_id, tx->draft_id), basic4_write(cx->arena, basic4)),
			.source = idv_source_names[basic4->source],
			.serial_hash = serial.n > 0 ? sha256_hex(cx->arena, serial) : (struct str){0},
			.read_at = cx->now,
		},
		NULL);
}

static err items_open(struct cx *cx, int64_t account_id, int64_t draft_id, struct str items, int64_t read_at, struct basic4 *out)
{
	struct str text;
	struct basic4 basic4;

	/* A card that nobody can read any more has not been read. */
	if (failed(sealed_open(cx, purpose(cx, account_id, draft_id), items, &text)))
		return (err){ERR_NOT_FOUND};
	TRY(basic4_read(cx->arena, text, &basic4));
	basic4.read_at = read_at;
	*out = basic4;
	return ok();
}

err basic4_of_draft(struct cx *cx, int64_t draft_id, struct basic4 *out)
{
	struct q_basic4_find_row row;

	if (cx->actor.kind != ACTOR_ACCOUNT)
		return (err){ERR_NOT_FOUND};
	TRY(q_basic4_find(cx_tx(cx), cx->actor.account_id, draft_id, &row));
	return items_open(cx, cx->actor.account_id, row.draft_id, row.items, row.read_at, out);
}

err basic4_of_application(struct cx *cx, int64_t account_id, int64_t application_id, struct basic4 *out)
{
	struct q_basic4_find_row row;

	TRY(q_basic4_find_application(cx_tx(cx), account_id, application_id, &row));
	return items_open(cx, account_id, row.draft_id, row.items, row.read_at, out);
}

err basic4_keep(struct cx *cx, int64_t account_id, int64_t draft_id, int64_t application_id)
{
	return q_basic4_keep(cx_tx(cx), account_id, draft_id, application_id, NULL);
}

err basic4_drop(struct cx *cx, int64_t account_id, int64_t draft_id)
{
	return q_basic4_drop(cx_tx(cx), account_id, draft_id, NULL);
}
