#include "sim/selfinfo/selfinfo.h"

#include "base/encode.h"
#include "base/limits.h"

/* The page on which a person consents. It says on top that nothing here is real. */

struct asked {
	struct str client_id, redirect, state, challenge, method, type;
};

static bool asked_read(struct selfinfo_sim *sim, const struct params *from, struct asked *out)
{
	*out = (struct asked){
		.client_id = params_get(from, STR("client_id")),
		.redirect = params_get(from, STR("redirect_uri")),
		.state = params_get(from, STR("state")),
		.challenge = params_get(from, STR("code_challenge")),
		.method = params_get(from, STR("code_challenge_method")),
		.type = params_get(from, STR("response_type")),
	};
	return str_eq(out->client_id, sim->client_id) && str_eq(out->redirect, sim->redirect) && str_eq(out->type, STR("code")) &&
	       str_eq(out->method, STR("S256")) && out->challenge.n == 43 && out->state.n > 0;
}

static void html_write(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
			buf_fmt(out, "&#%d;", c);
		else
			buf_byte(out, c);
	}
}

static void hidden(struct buf *out, const char *name, struct str value)
{
	buf_fmt(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	html_write(out, value);
	buf_lit(out, "\">\n");
}

static void page_begin(struct response *res)
{
	response_header(res, STR("Content-Type"), STR("text/html; charset=utf-8"));
	response_header(res, STR("Cache-Control"), STR("no-store"));
	buf_lit(&res->body,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>Self-information (simulated)</title>\n"
		"<style>body{font:1.1rem/1.7 sans-serif;max-width:38rem;margin:0 auto;padding:1rem;color:#1a1a1a;background:#fff}"
		".top{background:#fff3c4;border-left:.4rem solid #8a6100;padding:.5rem 1rem}label{display:block;padding:.5rem 0}"
		"fieldset{border:1px solid #767676;margin:1rem 0}button{font:inherit;padding:.6rem 1.4rem;margin:.3rem .6rem .3rem 0;"
		"border:2px solid #00418a;border-radius:.4rem;background:#fff;color:#00418a}button.first{background:#00418a;color:#fff}</style>\n"
		"</head>\n<body>\n<main>\n<p class=\"top\"><span lang=\"ja\">これは練習用の模擬サービスです。</span> This is a simulated service. "
		"Nobody's real information is here.</p>\n");
}

static void page_end(struct response *res)
{
	buf_lit(&res->body, "</main>\n</body>\n</html>\n");
}

static void bad_request(struct response *res)
{
	res->status = 400;
	page_begin(res);
	buf_lit(&res->body, "<h1><span lang=\"ja\">この依頼は受け付けられません</span> / This request cannot be taken</h1>\n"
			    "<p><span lang=\"ja\">元のサービスに戻ってください。</span> Please return to the service you came from.</p>\n");
	page_end(res);
}

static void places_write(struct buf *out)
{
	for (size_t i = 0; i < municipality_count; i++) {
		const struct municipality *m = &municipalities[i];

		buf_fmt(out,
			"<label><input type=\"radio\" name=\"home\" value=\"%s\"%s> <span lang=\"ja\">%s（%s）</span><br>%s (%s)</label>\n",
			m->code, i == 0 ? " checked" : "", m->ja, m->answer_ja, m->en, m->answer_en);
	}
}

void consent_page(struct selfinfo_sim *sim, const struct request *req, struct response *res)
{
	struct params query;
	struct asked asked;

	if (failed(params_read(req->arena, req->query, &query)) || !asked_read(sim, &query, &asked)) {
		bad_request(res);
		return;
	}
	struct buf *out = &res->body;

	res->status = 200;
	page_begin(res);
	buf_lit(out, "<h1><span lang=\"ja\">自己情報の提供に同意しますか</span><br>Do you agree that your information is given?</h1>\n"
		     "<p><span lang=\"ja\">所得と住民税の情報を、次のサービスに提供します。</span> Income and inhabitants tax are told to: <strong>");
	html_write(out, asked.client_id);
	buf_lit(out, "</strong></p>\n<form method=\"post\" action=\"/oauth/authorize\">\n");
	hidden(out, "response_type", asked.type);
	hidden(out, "client_id", asked.client_id);
	hidden(out, "redirect_uri", asked.redirect);
	hidden(out, "state", asked.state);
	hidden(out, "code_challenge", asked.challenge);
	hidden(out, "code_challenge_method", asked.method);
	buf_lit(out, "<fieldset><legend><span lang=\"ja\">1月1日に住んでいた所</span> / Where you lived on January 1</legend>\n");
	places_write(out);
	buf_lit(out, "</fieldset>\n<button class=\"first\" name=\"answer\" value=\"agree\">同意する / Agree</button>\n"
		     "<button name=\"answer\" value=\"decline\">同意しない / Decline</button>\n</form>\n");
	page_end(res);
}

static const struct municipality *home_of(struct str code)
{
	for (size_t i = 0; i < municipality_count; i++)
		if (str_eq(code, str_of(municipalities[i].code)))
			return &municipalities[i];
	return NULL;
}

void consent_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res)
{
	struct params form;
	struct asked asked;
	struct buf to;

	if (failed(params_read(req->arena, req->body, &form)) || !asked_read(sim, &form, &asked)) {
		bad_request(res);
		return;
	}
	bool agreed = str_eq(params_get(&form, STR("answer")), STR("agree"));
	const struct municipality *home = home_of(params_get(&form, STR("home")));

	if (agreed && !home) {
		bad_request(res);
		return;
	}
	buf_init(&to, req->arena, LIMIT_HTTP_TARGET);
	buf_str(&to, asked.redirect);
	buf_lit(&to, "?state=");
	percent_write(&to, asked.state);
	if (agreed) {
		buf_lit(&to, "&code=");
		percent_write(&to, grant_begin(sim, req->arena, home, asked.challenge, req->received_at));
	} else {
		buf_lit(&to, "&error=access_denied");
	}
	res->status = 303;
	response_header(res, STR("Location"), buf_view(&to));
}
