/*
 * What a stranger hands to the simulated phone: the text of a code, a statement, and a request
 * object. The request is signed by the pinned key here, so that the search gets behind the
 * signature. Whatever is taken, the text to sign is one that the phone writes itself.
 */

#include "fuzz.h"

#include "base/limits.h"
#include "sim/phone/ask.h"
#include "sim/phone/qr.h"

#define NOW 1795392040

static void try_code(struct str text)
{
	struct qr qr;
	if (failed(qr_read(text, &qr)))
		return;
	MUST(text.n <= QR_TEXT_MOST && qr_is_origin(qr.origin) && qr.tx.n == 26 &&
		qr.claim.n == 22);
	MUST(qr.origin.n + 5 + qr.tx.n + 1 + qr.claim.n == text.n);
}

static void try_statement(struct arena *arena, struct str text)
{
	struct statement s, again;
	if (failed(statement_read(text, &s)))
		return;
	struct str written = statement_write(arena, &s);
	MUST(!failed(statement_read(written, &again)));
	MUST(again.op == s.op && again.exp == s.exp && str_eq(again.nonce, s.nonce));
	MUST(str_eq(statement_write(arena, &again), written));
}

static struct str request_of(struct arena *arena, const struct jws_key *key, struct str payload)
{
	struct str jws;
	return failed(jws_sign(
		       arena, key, STR("clp-req+jwt"), jws_thumbprint(arena, key), payload, &jws))
		       ? STR("")
		       : jws;
}

static void try_request(struct arena *arena, struct str payload)
{
	static struct jws_key *key;
	struct ask ask;
	const struct json *keys;
	struct statement s;
	if (!key)
		MUST(!failed(jws_key_new(&key)));
	const struct jws_key *const list[] = {key};
	MUST(!failed(json_read(arena, jws_set_json(arena, list, 1), NULL, &keys)));
	const struct party party = {STR("rp:immi-demo"), STR("https://portal.example"),
		{jws_thumbprint(arena, key)}, 1};
	const struct ask_check check = {&party, STR("00000000000000000000000000"),
		STR("mBoQVuQe8htOqaYTLYEuDLvNNSSIrrWWjwyzxwJiLvE"), keys, NOW};
	if (ask_read(arena, request_of(arena, key, payload), &check, &ask) != ENDING_NONE)
		return;
	MUST(ask.exp > NOW && !str_absent(ask.title[TONGUE_JA]));
	MUST(!failed(statement_read(ask.statement, &s)) && s.op == ask.op && s.exp == ask.exp);
	MUST(str_eq(s.origin, party.origin) && str_eq(s.rp, party.id) && str_eq(s.tx, check.tx));
	MUST(str_eq(s.app, check.thumbprint) && str_eq(statement_write(arena, &s), ask.statement));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > LIMIT_JSON)
		return 0;
	AUTO_ARENA arena;
	struct str all = {(const char *)data, size};
	arena_init(&arena, 16u << 20);
	try_code(all);
	try_statement(&arena, all);
	try_request(&arena, all);
	return 0;
}
