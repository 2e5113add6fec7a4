#include "identity/cardlink_message.h"

#include "base/encode.h"
#include "base/limits.h"
#include "domain/portal.h"

const struct str cardlink_paths[CARDLINK_KIND_COUNT] = {
	[CARDLINK_CLAIM] = STR_INIT("/m/v1/claim"),
	[CARDLINK_SUBMIT] = STR_INIT("/m/v1/submit"),
	[CARDLINK_REPORT] = STR_INIT("/m/v1/report"),
	[CARDLINK_WAIT] = STR_INIT("/m/v1/wait"),
};

#define COMMON STR_INIT("aud"), STR_INIT("htu"), STR_INIT("iat"), STR_INIT("jti"), STR_INIT("tx")

static const struct str claim_members[] = {COMMON, STR_INIT("claim"), STR_INIT("app")};
static const struct str submit_members[] = {COMMON, STR_INIT("op"), STR_INIT("method"), STR_INIT("token"), STR_INIT("alg"), STR_INIT("cert"),
	STR_INIT("sig"), STR_INIT("ef0002"), STR_INIT("ef0003"), STR_INIT("ef0004"), STR_INIT("ef0007")};
static const struct str report_members[] = {COMMON, STR_INIT("event"), STR_INIT("tries_left")};
static const struct str wait_members[] = {COMMON};

static const struct {
	const struct str *names;
	size_t count;
} members[CARDLINK_KIND_COUNT] = {
#define MEMBERS(list) {list, sizeof list / sizeof *list}
	[CARDLINK_CLAIM] = MEMBERS(claim_members),
	[CARDLINK_SUBMIT] = MEMBERS(submit_members),
	[CARDLINK_REPORT] = MEMBERS(report_members),
	[CARDLINK_WAIT] = MEMBERS(wait_members),
};

bool cardlink_bytes(struct arena *arena, const struct json *payload, struct str name, size_t most, struct str *out)
{
	struct str text, bytes;

	if (failed(json_str(payload, name, &text)) || text.n == 0 || text.n / 4 * 3 > most + 3)
		return false;
	if (failed(base64url_read(arena, text, &bytes)) || bytes.n > most)
		return false;
	*out = bytes;
	return true;
}

static bool tx_id_possible(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (str_find_byte(STR("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), id.p[i]) < 0)
			return false;
	return id.n == IDV_ID_CHARS;
}

/* By whom: on claim the key in the header, of which nothing is known yet; later the key that claimed. */
static err find_key(struct cx *cx, const struct jws *jws, struct cardlink_message *m, struct jws_key **key, enum idv_error *refused)
{
	const struct json *jwk = jws->jwk;
	err e = idv_get(cx, m->tx, &m->at);

	*refused = e.code == ERR_NOT_FOUND ? IDV_ERROR_not_found : IDV_ERROR_bad_proof;
	if (e.code == ERR_NOT_FOUND)
		return ok();
	TRY(e);
	if (m->kind == CARDLINK_CLAIM) {
		if (!jwk || failed(jws_key_public(jwk, key)))
			return ok();
		m->app_key = jws_public_json(cx->arena, *key);
	} else {
		if (m->at.app.n == 0 || str_absent(jws->kid) || !str_eq(jws->kid, m->at.app))
			return ok();
		m->app_key = m->at.app_key;
		if (failed(json_read(cx->arena, m->app_key, NULL, &jwk)) || failed(jws_key_public(jwk, key)))
			return fail(ERR_INTERNAL, "a stored key of an app cannot be read");
	}
	m->app = jws_thumbprint(cx->arena, *key);
	*refused = IDV_ERROR_NONE;
	return ok();
}

/* What every message says, once it is known who says it. */
static enum idv_error read_common(struct cx *cx, const struct json *payload, struct cardlink_message *m)
{
	struct str aud, htu, jti;
	int64_t iat, now = cx->now / 1000;

	/* Before anything of the message is kept, even its digest. */
	if (evidence_has_my_number(cx->arena, payload))
		return IDV_ERROR_my_number_present;
	if (failed(json_only(payload, members[m->kind].names, members[m->kind].count)) || failed(json_str(payload, STR("aud"), &aud)) ||
		failed(json_str(payload, STR("htu"), &htu)) || failed(json_int(payload, STR("iat"), &iat)) ||
		failed(json_str(payload, STR("jti"), &m->jti)) || !cardlink_bytes(cx->arena, payload, STR("jti"), 16, &jti) || jti.n != 16)
		return IDV_ERROR_bad_member;
	if (!str_eq(aud, cx->portal->settings.base_url) || !str_eq(htu, cardlink_paths[m->kind]))
		return IDV_ERROR_bad_proof;
	if (iat < now - CARDLINK_SKEW_S || iat > now + CARDLINK_SKEW_S)
		return IDV_ERROR_bad_time;
	m->payload = payload;
	return IDV_ERROR_NONE;
}

/* Two dots: it means to be a JWS. */
static enum idv_error unread(struct str body, err e)
{
	ptrdiff_t first = str_find_byte(body, '.');

	if (e.code == ERR_LIMIT)
		return IDV_ERROR_too_large;
	return first > 0 && str_find_byte(str_skip(body, (size_t)first + 1), '.') > 0 ? IDV_ERROR_bad_proof : IDV_ERROR_bad_request;
}

err cardlink_read(struct cx *cx, const struct cardlink_in *in, struct cardlink_message *out, enum idv_error *refused)
{
	AUTO_JWS_KEY struct jws_key *key = NULL;
	struct cardlink_message m = {.kind = in->kind};
	const struct json *payload;
	struct jws jws;

	*refused = IDV_ERROR_too_large;
	if (in->body.n > CARDLINK_BODY)
		return ok();
	err e = jws_read(cx->arena, in->body, &jws);

	*refused = failed(e) ? unread(in->body, e) : IDV_ERROR_bad_request;
	if (failed(e) || !str_eq(jws.typ, STR("clp+jwt")))
		return ok();
	if (failed(json_read(cx->arena, jws.payload, NULL, &payload)))
		return ok();
	*refused = IDV_ERROR_bad_member;
	if (failed(json_str(payload, STR("tx"), &m.tx)))
		return ok();
	*refused = IDV_ERROR_not_found;
	if (!tx_id_possible(m.tx))
		return ok();
	TRY(find_key(cx, &jws, &m, &key, refused));
	if (*refused != IDV_ERROR_NONE)
		return ok();
	*refused = failed(jws_verify(&jws, key)) ? IDV_ERROR_bad_proof : read_common(cx, payload, &m);
	*out = m;
	return ok();
}
