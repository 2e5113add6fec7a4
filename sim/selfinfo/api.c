#include "sim/selfinfo/selfinfo.h"

#include "base/encode.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "crypto/token.h"
#include "json/json.h"

#include <stdio.h>

/* What programs ask: a token, a process, its result. */

static void keep(char to[44], struct str text)
{
	snprintf(to, 44, STR_FMT, STR_ARG(text));
}

struct str grant_begin(struct selfinfo_sim *sim, struct arena *arena, const struct municipality *home, struct str challenge, int64_t now)
{
	struct str code = token_new(arena);

	pthread_mutex_lock(&sim->lock);
	struct grant *grant = &sim->grants[sim->next++ % SELFINFO_GRANTS];

	*grant = (struct grant){.home = home, .at = now};
	keep(grant->code, code);
	keep(grant->challenge, challenge);
	pthread_mutex_unlock(&sim->lock);
	return code;
}

static bool is(const char *kept, struct str given)
{
	return kept[0] && str_eq(str_of(kept), given);
}

void answer_json(struct response *res, int status, struct str body)
{
	res->status = status;
	response_header(res, STR("Content-Type"), STR("application/json"));
	response_header(res, STR("Cache-Control"), STR("no-store"));
	buf_str(&res->body, body);
}

void answer_error(struct response *res, int status, const char *error)
{
	answer_json(res, status, str_fmt(res->arena, "{\"error\":\"%s\"}", error));
}

static bool is_client(struct selfinfo_sim *sim, const struct request *req)
{
	struct buf pair, word;

	buf_init(&pair, req->arena, LIMIT_HTTP_HEAD);
	percent_write(&pair, sim->client_id);
	buf_byte(&pair, ':');
	percent_write(&pair, sim->secret);
	buf_init(&word, req->arena, LIMIT_HTTP_HEAD);
	buf_lit(&word, "Basic ");
	base64_write(&word, buf_view(&pair), 0);
	return str_eq_secret(request_header(req, STR("Authorization")), buf_view(&word));
}

static struct str challenge_of(struct arena *arena, struct str verifier)
{
	uint8_t digest[SHA256_BYTES];
	struct buf out;

	sha256(verifier, digest);
	buf_init(&out, arena, 64);
	base64url_write(&out, str_make((const char *)digest, sizeof digest));
	return buf_view(&out);
}

void token_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res)
{
	struct str token = token_new(req->arena);
	struct params form;
	bool done = false;

	if (!is_client(sim, req)) {
		answer_error(res, 401, "invalid_client");
		return;
	}
	if (failed(params_read(req->arena, req->body, &form)) || !str_eq(params_get(&form, STR("grant_type")), STR("authorization_code"))) {
		answer_error(res, 400, "unsupported_grant_type");
		return;
	}
	struct str code = params_get(&form, STR("code")), challenge = challenge_of(req->arena, params_get(&form, STR("code_verifier")));

	pthread_mutex_lock(&sim->lock);
	for (size_t i = 0; i < SELFINFO_GRANTS; i++) {
		struct grant *grant = &sim->grants[i];

		if (!is(grant->code, code))
			continue;
		grant->code[0] = '\0'; /* used up, whatever comes of it */
		done = is(grant->challenge, challenge) && str_eq(params_get(&form, STR("redirect_uri")), sim->redirect) &&
		       req->received_at < grant->at + SELFINFO_CODE_MS;
		if (done)
			keep(grant->token, token);
		grant->at = req->received_at;
	}
	pthread_mutex_unlock(&sim->lock);
	if (done)
		answer_json(res, 200, str_fmt(req->arena, "{\"access_token\":\"" STR_FMT "\",\"token_type\":\"Bearer\",\"expires_in\":300}", STR_ARG(token)));
	else
		answer_error(res, 400, "invalid_grant");
}

/* Under the lock. NULL: no such token. */
static struct grant *grant_of(struct selfinfo_sim *sim, const struct request *req)
{
	struct str given = request_header(req, STR("Authorization"));

	if (!str_starts(given, STR("Bearer ")))
		return NULL;
	for (size_t i = 0; i < SELFINFO_GRANTS; i++)
		if (is(sim->grants[i].token, str_skip(given, 7)) && req->received_at < sim->grants[i].at + SELFINFO_TOKEN_MS)
			return &sim->grants[i];
	return NULL;
}

void request_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res)
{
	struct str process = token_new(req->arena), item;
	const struct json *json;

	pthread_mutex_lock(&sim->lock);
	struct grant *grant = grant_of(sim, req);
	bool wanted = !failed(json_read(req->arena, req->body, NULL, &json)) && !failed(json_str(json, STR("item"), &item)) &&
		      str_eq(item, STR("TM00000000000002"));

	if (grant && wanted) {
		keep(grant->process, process);
		grant->ready_at = req->received_at + sim->delay_ms;
	}
	pthread_mutex_unlock(&sim->lock);
	if (!grant)
		answer_error(res, 401, "invalid_token");
	else if (!wanted)
		answer_error(res, 400, "invalid_request");
	else
		answer_json(res, 200, str_fmt(req->arena, "{\"process_id\":\"" STR_FMT "\"}", STR_ARG(process)));
}

static void result_write(const struct municipality *home, const struct request *req, struct response *res)
{
	if (strcmp(home->answer, "broken") == 0)
		answer_error(res, 503, "temporarily_unavailable");
	else if (strcmp(home->answer, "never") == 0)
		answer_json(res, 200, STR("{\"state\":\"waiting\"}"));
	else if (strcmp(home->answer, "ok") == 0)
		answer_json(res, 200,
			str_fmt(req->arena,
				"{\"state\":\"done\",\"answer\":\"ok\",\"info\":{\"v\":1,\"fetched\":%lld,\"source\":\"selfinfo-sim\",\"years\":%s}}",
				(long long)(req->received_at / 1000), home->years));
	else
		answer_json(res, 200, str_fmt(req->arena, "{\"state\":\"done\",\"answer\":\"%s\"}", home->answer));
}

void result_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res)
{
	const struct municipality *home = NULL;
	struct params query;
	bool known = false, ready = false;

	if (failed(params_read(req->arena, req->query, &query))) {
		answer_error(res, 400, "invalid_request");
		return;
	}
	pthread_mutex_lock(&sim->lock);
	struct grant *grant = grant_of(sim, req);

	if (grant && is(grant->process, params_get(&query, STR("process_id")))) {
		known = true;
		home = grant->home;
		ready = req->received_at >= grant->ready_at;
	}
	pthread_mutex_unlock(&sim->lock);
	if (!grant)
		answer_error(res, 401, "invalid_token");
	else if (!known)
		answer_error(res, 404, "no_such_process");
	else if (!ready)
		answer_json(res, 200, STR("{\"state\":\"waiting\"}"));
	else
		result_write(home, req, res);
}

void selfinfo_refuse(void *arg, int status, struct response *res)
{
	(void)arg;
	answer_error(res, status, "invalid_request");
}

void selfinfo_handle(void *arg, const struct request *req, struct response *res)
{
	static const struct {
		struct str path;
		enum http_method method;
		void (*fn)(struct selfinfo_sim *sim, const struct request *req, struct response *res);
	} places[] = {
		{STR_INIT("/oauth/authorize"), HTTP_GET, consent_page},
		{STR_INIT("/oauth/authorize"), HTTP_POST, consent_answer},
		{STR_INIT("/oauth/token"), HTTP_POST, token_answer},
		{STR_INIT("/request"), HTTP_POST, request_answer},
		{STR_INIT("/result"), HTTP_GET, result_answer},
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (req->method != places[i].method || !str_eq(req->path, places[i].path))
			continue;
		places[i].fn(arg, req, res);
		return;
	}
	answer_error(res, 404, "not_found");
}
