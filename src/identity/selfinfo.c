#include "identity/selfinfo.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/limits.h"
#include "domain/application/draft.h"
#include "domain/identity/identity_adapter.h"
#include "json/json.h"
#include "net/fetch.h"

#include <stdlib.h>

/* Of local taxes, in the information link system of municipalities. */
#define ITEM "TM00000000000002"

struct selfinfo {
	struct arena arena;
	struct selfinfo_conf conf;
};

err selfinfo_new(const struct selfinfo_conf *conf, struct selfinfo **out)
{
	struct selfinfo *selfinfo = calloc(1, sizeof *selfinfo);

	if (!selfinfo)
		return fail(ERR_UNAVAILABLE, "no memory");
	struct selfinfo_conf *own = &selfinfo->conf;
	struct str *const texts[] = {
		&own->auth_url,
		&own->token_url,
		&own->request_url,
		&own->result_url,
		&own->client_id,
		&own->secret,
		&own->redirect_uri,
		&own->ca_file,
	};

	arena_init(&selfinfo->arena, LIMIT_REQUEST_ARENA);
	*own = *conf;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = str_dup(&selfinfo->arena, *texts[i]);
	*out = selfinfo;
	return ok();
}

void selfinfo_free(struct selfinfo *selfinfo)
{
	if (!selfinfo)
		return;
	arena_release(&selfinfo->arena);
	free(selfinfo);
}

/* What is attached must be taken away first, so that nothing changes behind what was agreed to. */
static err may_begin(struct cx *cx, int64_t draft_id)
{
	struct tax_info info;
	struct draft draft;

	TRY(draft_require(cx, draft_id, &draft));
	if (!draft.procedure->tax_information)
		return fail(ERR_CONFLICT, "a procedure that wants no tax information");
	err e = tax_of_draft(cx, draft_id, &info);

	if (e.code == ERR_NOT_FOUND)
		return ok();
	TRY(e);
	return info.state == TAX_ATTACHED ? fail(ERR_CONFLICT, "tax information is attached already") : ok();
}

err selfinfo_begin(struct cx *cx, const struct selfinfo *selfinfo, int64_t draft_id, struct str next, struct str agent, struct idv_tx *out,
	struct str *url)
{
	const struct selfinfo_conf *conf = &selfinfo->conf;
	struct held held;
	struct buf way;

	TRY(may_begin(cx, draft_id));
	held_new(cx->arena, &held);
	TRY(idv_begin(cx,
		&(struct idv_begin){
			.adapter = IDV_SELFINFO,
			.op = IDV_TAX,
			.purpose = IDV_TAX_INFO,
			.draft_id = draft_id,
			.next = next,
			.agent = agent,
			.held = held_write(cx->arena, &held),
		},
		out));
	buf_init(&way, cx->arena, LIMIT_FETCH_URL);
	way_there(&way, conf->auth_url, conf->client_id, conf->redirect_uri, out->id, &held);
	parameter_write(&way, "scope", STR("tax"));
	*url = buf_view(&way);
	return ok();
}

static err ask(const struct selfinfo *selfinfo, struct arena *arena, struct fetch *request, const struct json **out)
{
	struct fetched answer;

	request->ca_file = selfinfo->conf.ca_file;
	request->max_bytes = LIMIT_JSON;
	TRY(fetch(request, arena, &answer));
	if (answer.status != 200)
		return fail(ERR_UNAVAILABLE, "status %u of the self-information service", answer.status);
	if (!str_eq(fetched_type(arena, &answer), STR("application/json")))
		return fail(ERR_INVALID, "the self-information service's answer is not JSON");
	return json_read(arena, answer.body, NULL, out);
}

/* It goes into a header, and stands between blanks when it is kept. */
static err word_of(const struct json *json, struct str name, struct str *out)
{
	struct str word;

	if (failed(json_str(json, name, &word)) || word.n < 1 || word.n > 2048)
		return fail(ERR_INVALID, "the self-information service's answer lacks " STR_FMT, STR_ARG(name));
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] <= ' ' || word.p[i] > '~')
			return fail(ERR_INVALID, "the self-information service's " STR_FMT, STR_ARG(name));
	*out = word;
	return ok();
}

static struct str basic_of(struct arena *arena, const struct selfinfo_conf *conf)
{
	struct buf pair, out;

	buf_init(&pair, arena, LIMIT_FETCH_HEAD);
	percent_write(&pair, conf->client_id);
	buf_byte(&pair, ':');
	percent_write(&pair, conf->secret);
	buf_init(&out, arena, LIMIT_FETCH_HEAD);
	buf_lit(&out, "Basic ");
	base64_write(&out, buf_view(&pair), 0);
	return buf_view(&out);
}

static err token_get(struct cx *cx, const struct selfinfo *selfinfo, struct str code, struct str verifier, struct str *out)
{
	const struct selfinfo_conf *conf = &selfinfo->conf;
	struct fetch_header headers[] = {
		{STR("Content-Type"), STR("application/x-www-form-urlencoded")},
		{STR("Authorization"), basic_of(cx->arena, conf)},
	};
	const struct json *json;
	struct buf form;

	buf_init(&form, cx->arena, LIMIT_JSON);
	buf_lit(&form, "grant_type=authorization_code");
	parameter_write(&form, "code", code);
	parameter_write(&form, "redirect_uri", conf->redirect_uri);
	parameter_write(&form, "code_verifier", verifier);
	TRY(buf_error(&form));
	TRY(ask(selfinfo, cx->arena,
		&(struct fetch){
			.method = STR("POST"), .url = conf->token_url, .headers = headers, .header_count = 2, .body = buf_view(&form)},
		&json));
	return word_of(json, STR("access_token"), out);
}

static err process_begin(struct cx *cx, const struct selfinfo *selfinfo, struct str token, struct str *out)
{
	struct fetch_header headers[] = {
		{STR("Content-Type"), STR("application/json")},
		{STR("Authorization"), str_fmt(cx->arena, "Bearer " STR_FMT, STR_ARG(token))},
	};
	const struct json *json;

	TRY(ask(selfinfo, cx->arena,
		&(struct fetch){
			.method = STR("POST"),
			.url = selfinfo->conf.request_url,
			.headers = headers,
			.header_count = 2,
			.body = STR("{\"item\":\"" ITEM "\"}"),
		},
		&json));
	return word_of(json, STR("process_id"), out);
}

/* Begun: the job takes it from here. */
static err carry_on(struct cx *cx, const struct selfinfo *selfinfo, const struct idv_tx *tx, struct str code, struct idv_tx *out)
{
	struct idv_result result = {.assurance = IDV_OIDC_AAL3};
	struct str token, process, none;
	enum idv_error refused;
	struct held held;

	TRY(idv_verifying(cx, tx->id, (struct str){0}, out, &refused));
	if (refused != IDV_ERROR_NONE)
		return idv_require(cx, tx->id, out);
	TRY(held_read(out->held, &held));
	cx_end(cx); /* no transaction stays open while the service is asked */
	err e = token_get(cx, selfinfo, code, held.verifier, &token);

	if (!failed(e))
		e = process_begin(cx, selfinfo, token, &process);
	if (failed(e)) {
		struct str why = str_fmt(cx->arena, "%s", err_detail());

		TRY(idv_fail(cx, tx->id, IDV_ERROR_op_unavailable, why, out));
		return tax_failed(cx, tx->draft_id, TAX_UNAVAILABLE);
	}
	TRY(tax_begin(cx, tx->draft_id, str_fmt(cx->arena, STR_FMT " " STR_FMT, STR_ARG(token), STR_ARG(process))));
	e = idv_finish(cx, tx->id, &result, out, &none);
	return e.code == ERR_CONFLICT ? ok() : e; /* late: it is fetched all the same */
}

err selfinfo_return(struct cx *cx, const struct selfinfo *selfinfo, const struct returned *answer, struct idv_tx *out)
{
	struct held held;
	struct idv_tx tx;
	const char *why;

	TRY(returned_find(cx, IDV_SELFINFO, answer->state, &tx));
	*out = tx;
	if (tx.state != IDV_SHOWN)
		return ok();
	TRY(held_read(tx.held, &held));
	enum idv_error error = returned_check(answer, &held, (struct str){0}, &why);

	cx_end(cx);
	if (error == IDV_ERROR_NONE)
		return carry_on(cx, selfinfo, &tx, answer->code, out);
	TRY(idv_fail(cx, tx.id, error, str_of(why), out));
	return tax_failed(cx, tx.draft_id, error == IDV_ERROR_declined ? TAX_CONSENT_REFUSED : TAX_UNAVAILABLE);
}

/* *done false: not there yet. */
static err result_read(const struct json *json, bool *done, enum tax_answer *answer, struct tax_info *info)
{
	const struct json *map;
	struct str word;

	*done = false;
	TRY(json_str(json, STR("state"), &word));
	if (str_eq(word, STR("waiting")))
		return ok();
	if (!str_eq(word, STR("done")))
		return fail(ERR_INVALID, "state of a result");
	TRY(json_str(json, STR("answer"), &word));
	if (!tax_answer_of(word, answer))
		return fail(ERR_INVALID, "answer of a result");
	*done = true;
	if (*answer != TAX_OK)
		return ok();
	TRY(json_map(json, STR("info"), &map));
	return tax_read_map(map, info);
}

static err result_get(struct cx *cx, const struct selfinfo *selfinfo, struct str work, bool *done, enum tax_answer *answer, struct tax_info *info)
{
	struct str rest = work, token, process;
	const struct json *json;
	struct buf url;

	if (!str_next(&rest, ' ', &token) || !str_next(&rest, ' ', &process))
		return fail(ERR_INTERNAL, "kept work cannot be read");
	struct fetch_header header = {STR("Authorization"), str_fmt(cx->arena, "Bearer " STR_FMT, STR_ARG(token))};

	buf_init(&url, cx->arena, LIMIT_FETCH_URL);
	buf_str(&url, selfinfo->conf.result_url);
	buf_lit(&url, "?process_id=");
	percent_write(&url, process);
	TRY(buf_error(&url));
	TRY(ask(selfinfo, cx->arena, &(struct fetch){.url = buf_view(&url), .headers = &header, .header_count = 1}, &json));
	return result_read(json, done, answer, info);
}

err selfinfo_ask(struct cx *cx, const struct selfinfo *selfinfo)
{
	enum tax_answer answer = TAX_UNAVAILABLE;
	struct tax_info info = {0};
	struct tax_due due;
	bool done;

	TRY(tax_claim(cx, &due));
	if (due.until_at <= cx->now)
		return tax_answered(cx, &due, TAX_UNAVAILABLE, NULL);
	err e = result_get(cx, selfinfo, due.work, &done, &answer, &info);

	if (failed(e))
		return tax_answered(cx, &due, TAX_UNAVAILABLE, NULL);
	if (!done)
		return tax_later(cx, &due);
	info.fetched_at = cx->now;
	return tax_answered(cx, &due, answer, &info);
}
