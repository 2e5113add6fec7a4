#include "base/time.h"
#include "sim/phone/web_assets.h"
#include "sim/phone/web_page.h"

/*
 * Which request does what. A page is shown where the phone is, and nowhere else; a button works
 * only in its step.
 */

const struct str web_paths[WEB_STEP_COUNT] = {
	[WEB_START] = STR_INIT("/"),
	[WEB_ASK] = STR_INIT("/ask"),
	[WEB_CARD] = STR_INIT("/card"),
	[WEB_SECRET] = STR_INIT("/secret"),
	[WEB_HOLD] = STR_INIT("/hold"),
	[WEB_CODE] = STR_INIT("/code"),
	[WEB_END] = STR_INIT("/end"),
};

#define STEP(name) (1u << (name))
#define ANY ((1u << WEB_STEP_COUNT) - 1)

enum button {
	PRESS_SCAN,
	PRESS_IMAGE,
	PRESS_FRAME,
	PRESS_ASK,
	PRESS_CARD,
	PRESS_METHOD,
	PRESS_SECRET,
	PRESS_HOLD,
	PRESS_BACK,
	PRESS_CANCEL,
	PRESS_CLOSE,
	PRESS_LANG,
	PRESS_COUNT
};

static const struct {
	struct str path;
	unsigned steps; /* in which it works */
} buttons[PRESS_COUNT] = {
	[PRESS_SCAN] = {STR_INIT("/scan"), STEP(WEB_START)},
	[PRESS_IMAGE] = {STR_INIT("/image"), STEP(WEB_START)},
	[PRESS_FRAME] = {STR_INIT("/frame"), STEP(WEB_START)},
	[PRESS_ASK] = {STR_INIT("/ask"), STEP(WEB_ASK)},
	[PRESS_CARD] = {STR_INIT("/card"), STEP(WEB_CARD)},
	[PRESS_METHOD] = {STR_INIT("/method"), STEP(WEB_SECRET)},
	[PRESS_SECRET] = {STR_INIT("/secret"), STEP(WEB_SECRET)},
	[PRESS_HOLD] = {STR_INIT("/hold"), STEP(WEB_HOLD)},
	[PRESS_BACK] = {STR_INIT("/back"), STEP(WEB_CARD) | STEP(WEB_SECRET) | STEP(WEB_HOLD)},
	[PRESS_CANCEL] = {STR_INIT("/cancel"),
		STEP(WEB_ASK) | STEP(WEB_CARD) | STEP(WEB_SECRET) | STEP(WEB_HOLD)},
	[PRESS_CLOSE] = {STR_INIT("/close"), STEP(WEB_END)},
	[PRESS_LANG] = {STR_INIT("/lang"), ANY},
};

struct form {
	struct params params;
	struct part *parts; /* multipart */
	size_t part_count;
};

static struct str field(const struct form *form, struct str name)
{
	for (size_t i = 0; i < form->part_count; i++) {
		if (str_eq(form->parts[i].name, name))
			return form->parts[i].body;
	}
	return params_get(&form->params, name);
}

static bool read_form(const struct request *req, struct form *out)
{
	struct str type = request_header(req, STR("Content-Type"));
	*out = (struct form){0};
	if (str_starts(type, STR("multipart/form-data")))
		return !failed(
			multipart_read(req->arena, type, req->body, &out->parts, &out->part_count));
	return !failed(params_read(req->arena, req->body, &out->params));
}

static void press(struct web *web, enum button button, const struct form *form, struct arena *arena)
{
	switch (button) {
	case PRESS_SCAN:
		web_scan(web, field(form, STR("text")));
		break;
	case PRESS_IMAGE:
		web_scan_picture(web, arena, field(form, STR("image")));
		break;
	case PRESS_FRAME:
		web_scan_frame(web, arena, field(form, STR("image")));
		break;
	case PRESS_ASK:
		/* Whatever is not Continue declines. */
		if (str_eq(field(form, STR("go")), STR("continue")))
			web_continue(web);
		else
			web_decline(web);
		break;
	case PRESS_CARD:
		web_choose(web, arena, field(form, STR("card")));
		break;
	case PRESS_METHOD:
		web_method(web, field(form, STR("method")));
		break;
	case PRESS_SECRET:
		web_type(web, field(form, STR("secret")));
		break;
	case PRESS_HOLD:
		web_hold(web);
		break;
	case PRESS_BACK:
		web_back(web);
		break;
	case PRESS_CANCEL:
		web_decline(web);
		break;
	case PRESS_CLOSE:
		web_close(web);
		break;
	default:
		web->tongue = str_eq(field(form, STR("lang")), STR("ja")) ? TONGUE_JA : TONGUE_EN;
	}
}

static void header(struct response *res, const char *name, const char *value)
{
	response_header(res, str_of(name), str_of(value));
}

static void common_headers(struct response *res)
{
	header(res, "Content-Type", "text/html; charset=utf-8");
	header(res, "Cache-Control", "no-store");
	header(res, "X-Content-Type-Options", "nosniff");
	header(res, "Referrer-Policy", "no-referrer");
	header(res, "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
		"connect-src 'self'; form-action 'self'; "
		"base-uri 'none'; frame-ancestors 'none'");
}

static void refusal(struct response *res, int status, enum tongue tongue, enum word why)
{
	res->status = status;
	common_headers(res);
	sheet_refusal(&res->body, tongue, why);
}

void web_refuse(void *arg, int status, struct response *res)
{
	/* No mutex: this runs where nothing may block, and reads one word. */
	const struct web *web = arg;
	refusal(res, status, web->tongue, status == 413 ? W_refused_large : W_refused);
}

/* Only this machine's names: a page of another site whose name leads here is refused. */
static bool is_here(struct str host)
{
	static const struct str names[] = {
		STR_INIT("127.0.0.1"), STR_INIT("localhost"), STR_INIT("[::1]")};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct str rest = str_skip(host, names[i].n);
		if (str_starts(host, names[i]) && (str_empty(rest) || rest.p[0] == ':'))
			return true;
	}
	return false;
}

static bool send_asset(const struct request *req, struct response *res)
{
	for (size_t i = 0; i < WEB_ASSETS; i++) {
		if (!str_eq(req->path, web_assets[i].path))
			continue;
		response_header(res, STR("Content-Type"), web_assets[i].type);
		header(res, "Cache-Control", "no-cache");
		header(res, "X-Content-Type-Options", "nosniff");
		res->body_static = web_assets[i].bytes;
		return true;
	}
	return false;
}

static void go(struct response *res, struct str path)
{
	res->status = 303;
	common_headers(res);
	response_header(res, STR("Location"), path);
}

/* Where the phone is, for the script. */
static void tell_step(const struct web *web, struct response *res)
{
	header(res, "Content-Type", "text/plain; charset=utf-8");
	header(res, "Cache-Control", "no-store");
	header(res, "X-Content-Type-Options", "nosniff");
	buf_str(&res->body, web_paths[web->step]);
}

static void post(struct web *web, const struct request *req, struct response *res)
{
	struct form form;
	unsigned button = 0;
	while (button < PRESS_COUNT && !str_eq(req->path, buttons[button].path))
		button++;
	if (button == PRESS_COUNT) {
		refusal(res, 404, web->tongue, W_refused);
		return;
	}
	if (!read_form(req, &form) ||
		!str_eq_secret(field(&form, STR("token")), str_of(web->token))) {
		refusal(res, 400, web->tongue, W_refused);
		return;
	}
	if (buttons[button].steps & STEP(web->step))
		press(web, (enum button)button, &form, req->arena);
	if (button == PRESS_FRAME)
		tell_step(web, res);
	else
		go(res, web_paths[web->step]);
}

static void get(struct web *web, const struct request *req, struct response *res)
{
	if (str_eq(req->path, STR("/step"))) {
		tell_step(web, res);
		return;
	}
	for (unsigned step = 0; step < WEB_STEP_COUNT; step++) {
		if (!str_eq(req->path, web_paths[step]))
			continue;
		if (step != web->step) {
			go(res, web_paths[web->step]);
			return;
		}
		common_headers(res);
		web_page(web, &res->body, req->arena, time_now());
		return;
	}
	refusal(res, 404, web->tongue, W_refused);
}

void web_handle(void *arg, const struct request *req, struct response *res)
{
	struct web *web = arg;
	if (!is_here(req->host)) {
		refusal(res, 400, web->tongue, W_refused);
		return;
	}
	if (req->method != HTTP_POST && send_asset(req, res))
		return;
	(void)pthread_mutex_lock(&web->mutex);
	if (req->method == HTTP_POST)
		post(web, req, res);
	else
		get(web, req, res);
	(void)pthread_mutex_unlock(&web->mutex);
}
