#include "sim/phone/party.h"

#include "base/auto.h"
#include "base/encode.h"
#include "crypto/jws_key.h"
#include "sim/phone/file.h"
#include "sim/phone/qr.h"

#define ID_MOST 60

static bool is_id(struct str id)
{
	if (!str_starts(id, STR("rp:")) || id.n < 4 || id.n > ID_MOST)
		return false;
	for (size_t i = 3; i < id.n; i++) {
		char c = id.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return true;
}

static bool is_thumbprint(struct str s)
{
	AUTO_ARENA arena;
	struct str bytes;
	arena_init(&arena, 4096);
	return s.n == JWS_THUMBPRINT_CHARS && !failed(base64url_read(&arena, s, &bytes));
}

static err check(const struct party *party)
{
	bool good = is_id(party->id) && qr_is_origin(party->origin) && party->key_count > 0;
	for (size_t i = 0; good && i < party->key_count; i++)
		good = is_thumbprint(party->keys[i]);
	return good ? ok() : fail(ERR_INVALID, "%s: a party that is none", PARTIES_FILE);
}

err parties_put(struct parties *parties, const struct party *party)
{
	TRY(check(party));
	size_t at = 0;
	while (at < parties->n && !str_eq(parties->v[at].origin, party->origin))
		at++;
	if (at == PARTIES_MOST)
		return fail(ERR_LIMIT, "%s: more than %d parties", PARTIES_FILE, PARTIES_MOST);
	parties->v[at] = *party;
	if (at == parties->n)
		parties->n++;
	return ok();
}

static err read_party(const struct json *from, struct party *out)
{
	static const struct str names[] = {STR_INIT("id"), STR_INIT("origin"), STR_INIT("keys")};
	const struct json *keys;
	struct party party = {0};
	TRY(json_only(from, names, 3));
	TRY(json_str(from, STR("id"), &party.id));
	TRY(json_str(from, STR("origin"), &party.origin));
	TRY(json_list(from, STR("keys"), &keys));
	if (keys->items.n > PARTY_KEYS_MOST)
		return fail(ERR_INVALID, "%s: too many keys", PARTIES_FILE);
	for (size_t i = 0; i < keys->items.n; i++) {
		if (keys->items.v[i].kind != JSON_KIND_STR)
			return fail(ERR_INVALID, "%s: a key that is no text", PARTIES_FILE);
		party.keys[party.key_count++] = keys->items.v[i].text;
	}
	*out = party;
	return ok();
}

err parties_read(struct arena *arena, const char *dir, struct parties *out)
{
	struct str text;
	const struct json *json, *list;
	out->n = 0;
	err e = file_read(arena, file_path(arena, dir, PARTIES_FILE), LIMIT_PHONE_LIST, &text);
	if (e.code == ERR_NOT_FOUND)
		return ok();
	TRY(e);
	if (failed(json_read(arena, text, NULL, &json)) ||
		failed(json_list(json, STR("parties"), &list)))
		return fail(ERR_INVALID, "%s: damaged", PARTIES_FILE);
	for (size_t i = 0; i < list->items.n; i++) {
		struct party party;
		if (failed(read_party(&list->items.v[i], &party)))
			return fail(ERR_INVALID, "%s: a party that is none", PARTIES_FILE);
		TRY(parties_put(out, &party));
	}
	return ok();
}

err parties_write(struct arena *arena, const char *dir, const struct parties *parties)
{
	struct buf out;
	buf_init(&out, arena, LIMIT_PHONE_LIST);
	buf_lit(&out, "{\"parties\":[");
	for (size_t i = 0; i < parties->n; i++) {
		const struct party *party = &parties->v[i];
		buf_c(&out, i > 0 ? ",\n{\"id\":" : "\n{\"id\":");
		json_write_str(&out, party->id);
		buf_lit(&out, ",\"origin\":");
		json_write_str(&out, party->origin);
		buf_lit(&out, ",\"keys\":[");
		for (size_t k = 0; k < party->key_count; k++) {
			if (k > 0)
				buf_byte(&out, ',');
			json_write_str(&out, party->keys[k]);
		}
		buf_lit(&out, "]}");
	}
	buf_lit(&out, "\n]}\n");
	TRY(buf_error(&out));
	return file_write(arena, file_path(arena, dir, PARTIES_FILE), buf_view(&out));
}

const struct party *parties_find(const struct parties *parties, struct str origin)
{
	for (size_t i = 0; i < parties->n; i++) {
		if (str_eq(parties->v[i].origin, origin))
			return &parties->v[i];
	}
	return NULL;
}

bool party_has_key(const struct party *party, struct str thumbprint)
{
	for (size_t i = 0; i < party->key_count; i++) {
		if (str_eq(party->keys[i], thumbprint))
			return true;
	}
	return false;
}
