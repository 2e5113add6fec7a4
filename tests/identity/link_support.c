#include "link_support.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "sim/ca/ca.h"
#include "sim/ca/ocsp.h"

#include <ftw.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
	struct arena arena;
	char folder[64];
	struct ca ca;
	char anchors[80];
} authority;

int authority_setup(void **state)
{
	(void)state;
	arena_init(&authority.arena, 256u << 20);
	snprintf(authority.folder, sizeof authority.folder, "/tmp/cardlink-XXXXXX");
	if (!mkdtemp(authority.folder))
		return -1;
	const char *dir = str_c(&authority.arena, str_fmt(&authority.arena, "%s/ca", authority.folder));

	snprintf(authority.anchors, sizeof authority.anchors, "%s/anchors", dir);
	return failed(ca_init(dir, START - 5 * 365 * TIME_DAY)) || failed(ca_open(&authority.arena, dir, &authority.ca)) ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

int authority_teardown(void **state)
{
	(void)state;
	nftw(authority.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	arena_release(&authority.arena);
	return 0;
}

static err ask(void *arg, struct arena *arena, struct str url, struct str request, struct str *answer)
{
	struct stage *stage = arg;

	assert_str(url, STR("http://127.0.0.1:9/ocsp"));
	stage->ocsp_calls++;
	if (stage->ocsp_mode < 0)
		return (err){ERR_UNAVAILABLE};
	return ocsp_answer(&authority.ca, arena, request, (enum ocsp_mode)stage->ocsp_mode, stage->world->now, answer);
}

static void app_make(struct stage *stage, struct app *app)
{
	assert_ok(jws_key_new(&app->key));
	app->thumbprint = jws_thumbprint(&stage->world->arena, app->key);
}

static void stage_make(void **state)
{
	struct stage *stage = calloc(1, sizeof *stage);
	struct jws_key *key;
	struct anchors *anchors;
	struct anchors_conf conf = {.folder = authority.anchors, .policy = ANCHORS_SIMULATION};

	assert_non_null(stage);
	stage->world = *state;
	assert_ok(jws_key_new(&key));
	assert_ok(anchors_load(&conf, &anchors));
	stage->link = (struct cardlink){
		.key = key,
		.anchors = anchors,
		.responder = {.url = STR("http://127.0.0.1:9/ocsp"), .ask = ask, .arg = stage},
	};
	app_make(stage, &stage->app);
	app_make(stage, &stage->other);
	stage->mai = person_new(stage->world, "mai@example.jp");
	*state = stage;
}

int stage_setup_sqlite(void **state)
{
	world_setup_sqlite(state);
	stage_make(state);
	return 0;
}

int stage_setup_pg(void **state)
{
	world_setup_pg(state);
	stage_make(state);
	return 0;
}

int stage_teardown(void **state)
{
	struct stage *stage = *state;
	struct jws_key *key;

	memcpy(&key, &stage->link.key, sizeof key); /* it was made here */
	jws_key_free(key);
	jws_key_free(stage->app.key);
	jws_key_free(stage->other.key);
	struct anchors *anchors;

	memcpy(&anchors, &stage->link.anchors, sizeof anchors);
	anchors_free(anchors);
	*state = stage->world;
	world_teardown(state);
	free(stage);
	return 0;
}

/* ---- cards ---- */

static struct ca_issued issue(struct stage *stage, enum ca_kind kind, const struct ca_person *person)
{
	struct ca_request request = {kind, CA_ROOT_1, person, START - 365 * TIME_DAY, START + 365 * TIME_DAY, START - 365 * TIME_DAY};
	struct ca_issued issued;

	assert_ok(ca_issue(&authority.ca, &stage->world->arena, &request, &issued));
	return issued;
}

struct card card_of(struct stage *stage, const char *name, unsigned year, unsigned sex)
{
	const struct ca_person person = {
		.name = str_of(name),
		.era = '4',
		.year = year,
		.month = 4,
		.day = 9,
		.sex = sex,
		.address = STR("大分県別府市亀川１－２－３"),
		.prefecture = STR("Oita-ken"),
		.municipality = STR("Beppu-shi"),
	};
	struct ca_issued auth = issue(stage, CA_AUTH, &person), sign = issue(stage, CA_SIGN, &person);

	return (struct card){auth.cert, auth.key, auth.serial, sign.cert, sign.key, sign.serial};
}

struct card card_new(struct stage *stage)
{
	return card_of(stage, "NGUYEN　THI　MAI", 2003, 2);
}

void card_revoke(struct str serial)
{
	assert_ok(ca_revoke(&authority.ca, serial, CA_CESSATION, START - TIME_DAY));
}

void lists_write(void)
{
	assert_ok(ca_crl(&authority.ca, &authority.arena, CA_AUTH, CA_ROOT_1, START, NULL));
	assert_ok(ca_crl(&authority.ca, &authority.arena, CA_SIGN, CA_ROOT_1, START, NULL));
}

void lists_remove(void)
{
	static const char *const names[] = {"crl-auth-1.der", "crl-sign-1.der"};
	char path[120];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", authority.anchors, names[i]);
		unlink(path);
	}
}

static struct str sign_with(struct arena *arena, struct str key, struct str bytes)
{
	const unsigned char *at = (const unsigned char *)key.p;
	EVP_PKEY *pkey = d2i_AutoPrivateKey(NULL, &at, (long)key.n);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char *out = arena_alloc(arena, 1024);
	size_t n = 1024;

	assert_non_null(pkey);
	assert_int_equal(EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, pkey, NULL), 1);
	assert_int_equal(EVP_DigestSign(ctx, out, &n, (const unsigned char *)bytes.p, bytes.n), 1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return str_make((const char *)out, n);
}

/* ---- messages ---- */

struct str letter_make(struct stage *stage, const struct app *app, const struct letter *letter)
{
	struct arena *arena = &stage->world->arena;
	struct str jti = letter->jti, out;
	struct buf payload;
	char bytes[16];

	if (str_absent(jti)) {
		struct buf text;

		random_bytes(bytes, sizeof bytes);
		buf_init(&text, arena, 64);
		base64url_write(&text, str_make(bytes, sizeof bytes));
		jti = buf_view(&text);
	}
	buf_init(&payload, arena, 2u << 20);
	buf_fmt(&payload, "{\"aud\":\"" STR_FMT "\",\"htu\":\"" STR_FMT "\",\"iat\":%lld,\"jti\":\"" STR_FMT "\",\"tx\":\"" STR_FMT "\"" STR_FMT "}",
		STR_ARG(str_absent(letter->aud) ? STR("https://portal.example") : letter->aud),
		STR_ARG(str_absent(letter->htu) ? cardlink_paths[letter->kind] : letter->htu), (long long)(stage->world->now / 1000 + letter->iat),
		STR_ARG(jti), STR_ARG(letter->tx), STR_ARG(letter->members));
	bool claim = letter->kind == CARDLINK_CLAIM || letter->as_claim;

	assert_ok(jws_sign(arena, app->key, str_absent(letter->typ) ? STR("clp+jwt") : letter->typ,
		claim ? (struct str){0} : (str_absent(letter->kid) ? app->thumbprint : letter->kid),
		str_absent(letter->raw) ? buf_view(&payload) : letter->raw, &out));
	return out;
}

struct cardlink_out send_text(struct stage *stage, enum cardlink_kind kind, struct str body)
{
	struct cardlink_out out;

	assert_ok(cardlink_message(cx_fresh(stage->world), &stage->link,
		&(struct cardlink_in){.kind = kind, .body = body, .address = STR("198.51.100.7"), .may_wait = true}, &out));
	out.body = str_dup(&stage->world->arena, out.body);
	return out;
}

struct cardlink_out send_letter(struct stage *stage, const struct app *app, const struct letter *letter)
{
	return send_text(stage, letter->kind, letter_make(stage, app, letter));
}

struct str answer_str(struct stage *stage, const struct cardlink_out *out, const char *name)
{
	const struct json *json;
	struct str text;

	assert_ok(json_read(&stage->world->arena, out->body, NULL, &json));
	assert_ok(json_str(json, str_of(name), &text));
	return text;
}

struct cardlink_out claim_it(struct stage *stage, const struct app *app, struct str id, struct str *statement)
{
	struct arena *arena = &stage->world->arena;
	struct str secret = idv_claim_secret(cx_fresh(stage->world), id);
	struct str members = str_fmt(arena, ",\"claim\":\"" STR_FMT "\",\"app\":{\"name\":\"Myna App (simulated)\",\"ver\":\"1.0\",\"os\":\"Android\"}",
		STR_ARG(secret));
	struct cardlink_out out = send_letter(stage, app, &(struct letter){.kind = CARDLINK_CLAIM, .tx = id, .members = members});
	const struct json *json;
	struct jws jws;

	if (out.error == IDV_ERROR_NONE && statement) {
		assert_ok(jws_read(arena, answer_str(stage, &out, "request"), &jws));
		assert_ok(jws_verify(&jws, stage->link.key));
		assert_str(jws.typ, STR("clp-req+jwt"));
		assert_ok(json_read(arena, jws.payload, NULL, &json));
		assert_ok(json_str(json, STR("statement"), statement));
	}
	return out;
}

struct str begin_it(struct stage *stage, enum idv_op op, enum idv_purpose purpose, struct str chain)
{
	return begin(stage->world, &stage->mai, op, purpose, chain);
}

struct str said(struct stage *stage, const char *op, const char *method, struct str cert, struct str key, struct str statement)
{
	struct buf out;

	buf_init(&out, &stage->world->arena, 1u << 20);
	buf_fmt(&out, ",\"op\":\"%s\",\"method\":\"%s\",\"token\":\"JPKIAPICCTOKEN2\",\"alg\":\"RS256\",\"cert\":\"", op, method);
	base64url_write(&out, cert);
	buf_lit(&out, "\",\"sig\":\"");
	base64url_write(&out, sign_with(&stage->world->arena, key, statement));
	buf_lit(&out, "\"");
	return buf_view(&out);
}

struct cardlink_out submit_said(struct stage *stage, struct str id, struct str members)
{
	return send_letter(stage, &stage->app, &(struct letter){.kind = CARDLINK_SUBMIT, .tx = id, .members = members});
}

struct cardlink_out submit_it(struct stage *stage, struct str id, const struct card *card)
{
	struct idv_tx tx = look(stage->world, &stage->mai, id);
	bool auth = tx.op == IDV_AUTH;
	struct str statement;
	struct cardlink_out out = claim_it(stage, &stage->app, id, &statement);

	if (out.error != IDV_ERROR_NONE)
		return out;
	return submit_said(stage, id,
		said(stage, auth ? "auth" : "basic4", auth ? "jpki_auth" : "jpki_sign", auth ? card->auth_cert : card->sign_cert,
			auth ? card->auth_key : card->sign_key, statement));
}
