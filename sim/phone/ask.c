#include "sim/phone/ask.h"

#include "base/utf8.h"

const struct str ask_purpose_names[ASK_PURPOSE_COUNT] = {
	[ASK_USAGE] = STR_INIT("usage_request"),
	[ASK_APPLY] = STR_INIT("apply"),
	[ASK_RELINK] = STR_INIT("relink"),
};

const struct str ask_method_names[ASK_METHOD_COUNT] = {
	[ASK_JPKI_AUTH] = STR_INIT("jpki_auth"),
	[ASK_JPKI_SIGN] = STR_INIT("jpki_sign"),
	[ASK_CARD_TEXT] = STR_INIT("card_text"),
};

/* The number of the name among the known ones; count: none of them. */
static unsigned known(struct str name, const struct str *names, unsigned count)
{
	unsigned i = 0;
	while (i < count && !str_eq(name, names[i]))
		i++;
	return i;
}

/* Signed by a key that is pinned, which the portal's set of keys spells out. */
static bool is_signed(struct arena *arena, const struct jws *jws, const struct ask_check *check)
{
	AUTO_JWS_KEY struct jws_key *key = NULL;
	if (!str_eq(jws->typ, STR("clp-req+jwt")) || !party_has_key(check->party, jws->kid) ||
		failed(jws_key_of_set(check->keys, jws->kid, &key)))
		return false;
	/* The kid is only what the set calls it. */
	return str_eq(jws_thumbprint(arena, key), jws->kid) && !failed(jws_verify(jws, key));
}

static bool showable(struct str text)
{
	struct str rest = text;
	if (text.n == 0 || !utf8_valid(text) || utf8_count(text) > ASK_TEXT_MOST)
		return false;
	while (rest.n > 0) {
		if (utf8_is_hidden(utf8_next(&rest)))
			return false;
	}
	return true;
}

/* A text that need not be there. */
static err read_text(const struct json *map, struct str name, struct str *out)
{
	err e = json_str(map, name, out);
	if (e.code == ERR_NOT_FOUND || (!failed(e) && str_empty(*out))) {
		*out = (struct str){0};
		return ok();
	}
	TRY(e);
	return showable(*out) ? ok() : fail(ERR_INVALID, "a text that cannot be shown");
}

static err read_display(const struct json *json, struct ask *ask)
{
	static const struct str names[] = {STR_INIT("title"), STR_INIT("account"),
		STR_INIT("browser"), STR_INIT("started"), STR_INIT("place")};
	const struct json *display, *title;
	TRY(json_map(json, STR("display"), &display));
	TRY(json_only(display, names, sizeof names / sizeof *names));
	TRY(json_map(display, STR("title"), &title));
	for (enum tongue t = 0; t < TONGUE_COUNT; t++) {
		TRY(read_text(title, str_of(tongue_tags[t]), &ask->title[t]));
		if (str_absent(ask->title[t]))
			ask->title[t] = ask->title[TONGUE_EN];
	}
	if (str_absent(ask->title[TONGUE_EN]))
		return fail(ERR_INVALID, "no title");
	TRY(read_text(display, STR("account"), &ask->account));
	TRY(read_text(display, STR("browser"), &ask->browser));
	TRY(read_text(display, STR("place"), &ask->place));
	err e = json_int(display, STR("started"), &ask->started);
	return e.code == ERR_NOT_FOUND ? ok() : e;
}

static err read_methods(const struct json *json, struct ask *ask)
{
	const struct json *list;
	TRY(json_list(json, STR("cert"), &list));
	if (list->items.n == 0)
		return fail(ERR_INVALID, "no certificate is asked for");
	for (size_t i = 0; i < list->items.n; i++) {
		unsigned method = known(
			list->items.v[i].kind == JSON_KIND_STR ? list->items.v[i].text : STR(""),
			ask_method_names, ASK_METHOD_COUNT);
		if (method == ASK_METHOD_COUNT ||
			(method == ASK_JPKI_AUTH) != (ask->op == ASK_AUTH))
			return fail(
				ERR_INVALID, "a certificate that does not go with the operation");
		ask->methods[method] = true;
	}
	TRY(json_list(json, STR("algs"), &list));
	for (size_t i = 0; i < list->items.n; i++) {
		struct str alg =
			list->items.v[i].kind == JSON_KIND_STR ? list->items.v[i].text : STR("");
		/* Another algorithm is one that no card of ours has: it does not concern us. */
		ask->rs256 |= str_eq(alg, STR("RS256"));
		ask->es384 |= str_eq(alg, STR("ES384"));
	}
	return ok();
}

/* Everything but the statement: known, and for us. */
static err read_members(const struct json *json, const struct ask_check *check, struct ask *ask)
{
	static const struct str names[] = {STR_INIT("v"), STR_INIT("iss"), STR_INIT("origin"),
		STR_INIT("tx"), STR_INIT("jkt"), STR_INIT("iat"), STR_INIT("exp"), STR_INIT("op"),
		STR_INIT("purpose"), STR_INIT("cert"), STR_INIT("algs"), STR_INIT("display"),
		STR_INIT("statement"), STR_INIT("bindback")};
	const struct {
		struct str name, must;
	} same[] = {{STR("iss"), check->party->id}, {STR("origin"), check->party->origin},
		{STR("tx"), check->tx}, {STR("jkt"), check->thumbprint}};
	struct str text;
	int64_t version;
	TRY(json_only(json, names, sizeof names / sizeof *names));
	TRY(json_int(json, STR("v"), &version));
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		TRY(json_str(json, same[i].name, &text));
		if (!str_eq(text, same[i].must))
			return fail(ERR_INVALID, "a request for somebody else");
	}
	TRY(json_str(json, STR("op"), &text));
	ask->op = (enum ask_op)known(text, ask_op_names, ASK_OP_COUNT);
	TRY(json_str(json, STR("purpose"), &text));
	ask->purpose = (enum ask_purpose)known(text, ask_purpose_names, ASK_PURPOSE_COUNT);
	if (version != 1 || ask->op == ASK_OP_COUNT || ask->purpose == ASK_PURPOSE_COUNT)
		return fail(ERR_INVALID, "a request of an unknown kind");
	TRY(json_bool(json, STR("bindback"), &ask->bindback));
	TRY(read_methods(json, ask));
	return read_display(json, ask);
}

static enum ending check_time(const struct json *json, int64_t now, struct ask *ask)
{
	int64_t iat;
	if (failed(json_int(json, STR("iat"), &iat)) ||
		failed(json_int(json, STR("exp"), &ask->exp)) || iat < 0 || iat > INT64_MAX / 2 ||
		ask->exp <= iat || ask->exp - iat > ASK_LONGEST_S)
		return ENDING_request_unclear;
	if (iat > now + ASK_SKEW_S || ask->exp <= now)
		return ENDING_request_late;
	if (ask->started < 0 || ask->started > now + ASK_SKEW_S)
		return ENDING_request_unclear;
	return ENDING_NONE;
}

/* The text to sign says what the request says, and nothing else. */
static enum ending check_statement(struct arena *arena, const struct json *json,
	const struct ask_check *check, struct ask *ask)
{
	struct statement s;
	if (failed(json_str(json, STR("statement"), &ask->statement)) ||
		failed(statement_read(ask->statement, &s)))
		return ENDING_request_unclear;
	if (s.op == ASK_BASIC4 &&
		!statement_asks_items(s.text, check->party->id, ask_purpose_names[ask->purpose]))
		return ENDING_request_unclear;
	struct statement ours = {
		.op = ask->op,
		.rp = check->party->id,
		.origin = check->party->origin,
		.tx = check->tx,
		.purpose = ask_purpose_names[ask->purpose],
		.text = s.text,
		.nonce = s.nonce,
		.app = check->thumbprint,
		.exp = ask->exp,
	};
	if (!str_eq(statement_write(arena, &ours), ask->statement))
		return ENDING_request_differs;
	ask->text = s.text;
	return ENDING_NONE;
}

enum ending ask_read(
	struct arena *arena, struct str text, const struct ask_check *check, struct ask *out)
{
	struct jws jws;
	const struct json *json;
	struct ask ask = {0};
	if (failed(jws_read(arena, text, &jws)) || !is_signed(arena, &jws, check))
		return ENDING_request_unsigned;
	if (failed(json_read(arena, jws.payload, NULL, &json)) ||
		failed(read_members(json, check, &ask)))
		return ENDING_request_unclear;
	enum ending ending = check_time(json, check->now, &ask);
	if (ending == ENDING_NONE)
		ending = check_statement(arena, json, check, &ask);
	if (ending == ENDING_NONE)
		*out = ask;
	return ending;
}
