#include "domain/identity/identity_row.h"

#include "crypto/seal.h"
#include "domain/pairs.h"
#include "domain/portal.h"
#include "domain/sealed.h"

/* A result between the steps, as named values. Numbers are decimal. */

static struct str purpose(struct cx *cx, struct str id)
{
	return str_fmt(cx->arena, "id result " STR_FMT, STR_ARG(id));
}

static struct str number(struct arena *arena, int64_t value)
{
	return str_fmt(arena, "%lld", (long long)value);
}

struct str idv_result_seal(struct cx *cx, struct str id, const struct idv_result *result)
{
	struct arena *arena = cx->arena;
	struct msg_arg pairs[] = {
		{STR("assurance"), idv_assurance_names[result->assurance]},
		{STR("subject"), result->has_subject ? result->subject : (struct str){0}},
		{STR("issuer"), result->issuer},
		{STR("issuer_key"), result->issuer_key},
		{STR("serial"), result->serial},
		{STR("spki"), result->spki},
		{STR("cert"), result->cert},
		{STR("certificate"), result->certificate},
		{STR("not_after"), number(arena, result->not_after)},
		{STR("old_card_revoked"), number(arena, result->old_card_revoked)},
		{STR("evidence"), result->evidence},
		{STR("basic_four"), result->has_basic4 ? basic4_write(arena, &result->basic4) : (struct str){0}},
	};

	return seal(arena, cx->portal->key, purpose(cx, id), pairs_write(arena, pairs, sizeof pairs / sizeof *pairs));
}

err idv_result_open(struct cx *cx, struct str id, struct str sealed, struct idv_result *out)
{
	struct str text;
	struct msg_arg *pairs;
	size_t n;
	int64_t revoked = 0;
	struct idv_result result = {0};

	TRY(sealed_open(cx, purpose(cx, id), sealed, &text));
	TRY(pairs_read(cx->arena, text, &pairs, &n));
	struct str assurance = pairs_get(pairs, n, STR("assurance"));

	while (result.assurance < IDV_ASSURANCE_COUNT && !str_eq(idv_assurance_names[result.assurance], assurance))
		result.assurance++;
	result.subject = pairs_get(pairs, n, STR("subject"));
	result.has_subject = result.subject.n > 0;
	result.issuer = pairs_get(pairs, n, STR("issuer"));
	result.issuer_key = pairs_get(pairs, n, STR("issuer_key"));
	result.serial = pairs_get(pairs, n, STR("serial"));
	result.spki = pairs_get(pairs, n, STR("spki"));
	result.cert = pairs_get(pairs, n, STR("cert"));
	result.certificate = pairs_get(pairs, n, STR("certificate"));
	result.evidence = pairs_get(pairs, n, STR("evidence"));
	if (result.assurance == IDV_ASSURANCE_COUNT || !str_to_i64(pairs_get(pairs, n, STR("not_after")), &result.not_after) ||
		!str_to_i64(pairs_get(pairs, n, STR("old_card_revoked")), &revoked))
		return fail(ERR_INTERNAL, "a kept result cannot be read");
	result.old_card_revoked = revoked != 0;
	struct str items = pairs_get(pairs, n, STR("basic_four"));

	result.has_basic4 = items.n > 0;
	if (result.has_basic4)
		TRY(basic4_read(cx->arena, items, &result.basic4));
	*out = result;
	return ok();
}
