#include "identity/cardlink_check.h"
#include "identity/cardlink_message.h"
#include "identity/cardlink_request.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "domain/identity/identity_words.h"
#include "domain/portal.h"

/* From a message to its answer. */

#define ANSWER_MAX LIMIT_JSON

static const char *const retry_words[] = {
	[IDV_RETRY_NO] = "no",
	[IDV_RETRY_YES] = "yes",
	[IDV_RETRY_NEW_CODE] = "new_code",
	[IDV_RETRY_LATER] = "later",
	[IDV_RETRY_RELINK] = "relink",
};

struct str cardlink_problem(struct arena *arena, enum idv_error error, int status)
{
	struct buf out;

	buf_init(&out, arena, 1024);
	buf_fmt(&out, "{\"type\":\"about:blank\",\"status\":%d,\"code\":\"" STR_FMT "\",\"retry\":\"%s\"}\n", status, STR_ARG(idv_errors[error].name),
		retry_words[idv_errors[error].retry]);
	return buf_view(&out);
}

/* How a report ends has no status of its own; whoever asks later is told of a conflict. */
static void refuse(struct cx *cx, struct cardlink_out *out, enum idv_error error)
{
	int status = idv_errors[error].status == 200 ? 409 : idv_errors[error].status;

	out->status = status;
	out->error = error;
	out->body = cardlink_problem(cx->arena, error, status);
	if (error == IDV_ERROR_slow_down || error == IDV_ERROR_too_many_codes)
		out->retry_after = 2;
	if (error == IDV_ERROR_revocation_unavailable)
		out->retry_after = 60;
}

static void answer(struct cardlink_out *out, int status, struct str body)
{
	out->status = status;
	out->error = IDV_ERROR_NONE;
	out->body = body;
}

/* ---- claim ---- */

static bool word_fits(struct str text)
{
	struct str rest = text;

	if (text.n == 0 || !utf8_valid(text) || utf8_count(text) > 40)
		return false;
	while (rest.n > 0)
		if (utf8_is_hidden(utf8_next(&rest)))
			return false;
	return true;
}

/* "Myna App 1.0, android"; absent: the app does not say what it is. */
static struct str label_of(struct arena *arena, const struct json *payload)
{
	static const struct str names[] = {STR_INIT("name"), STR_INIT("ver"), STR_INIT("os")};
	const struct json *app;
	struct str words[3];

	if (failed(json_map(payload, STR("app"), &app)) || failed(json_only(app, names, 3)))
		return (struct str){0};
	for (size_t i = 0; i < 3; i++)
		if (failed(json_str(app, names[i], &words[i])) || !word_fits(words[i]))
			return (struct str){0};
	return str_fmt(arena, STR_FMT " " STR_FMT ", " STR_FMT, STR_ARG(words[0]), STR_ARG(words[1]), STR_ARG(words[2]));
}

static err claim(struct cx *cx, const struct cardlink *link, const struct cardlink_message *m, const struct cardlink_in *in, struct cardlink_out *out)
{
	struct idv_claim claim = {
		.id = m->tx,
		.app = m->app,
		.app_key = m->app_key,
		.label = label_of(cx->arena, m->payload),
		.network = idv_network(cx->arena, in->address),
	};
	enum idv_error refused;
	struct str request;
	struct idv_tx tx;

	if (str_absent(claim.label) || failed(json_str(m->payload, STR("claim"), &claim.secret))) {
		refuse(cx, out, IDV_ERROR_bad_member);
		return ok();
	}
	int64_t until = cx->now + IDV_CLAIMED_MS;

	claim.held = cardlink_statement(cx, &m->at, m->app, until < m->at.total_until ? until : m->at.total_until);
	TRY(idv_claim(cx, &claim, &tx, &refused));
	if (refused != IDV_ERROR_NONE) {
		refuse(cx, out, refused);
		return ok();
	}
	TRY(cardlink_request(cx, link, &tx, &request));
	answer(out, 200, str_fmt(cx->arena, "{\"request\":\"" STR_FMT "\",\"state\":\"claimed\"}\n", STR_ARG(request)));
	return ok();
}

/* ---- submit ---- */

static const char *screen_of(const struct idv_tx *tx)
{
	return tx->op == IDV_AUTH ? "login_completed" : "signature_completed";
}

static void completed(struct cx *cx, const struct idv_tx *tx, struct str code, struct cardlink_out *out)
{
	struct buf body;

	buf_init(&body, cx->arena, ANSWER_MAX);
	buf_fmt(&body, "{\"state\":\"" STR_FMT "\",\"screen\":\"%s\"", STR_ARG(idv_state_names[tx->state]), screen_of(tx));
	if (code.n > 0)
		buf_fmt(&body, ",\"code\":\"" STR_FMT "\"", STR_ARG(code));
	if (tx->state == IDV_AWAIT_CODE)
		buf_fmt(&body, ",\"code_expires_in\":%lld", (long long)((tx->expires_at - cx->now + 999) / 1000));
	buf_lit(&body, "}\n");
	answer(out, 200, buf_view(&body));
}

/* The end of a verification in words for the phone: the code of the table, and nothing of the reason behind it. */
static err judged(struct cx *cx, const struct cardlink *link, const struct idv_tx *tx, const struct evidence *said, struct cardlink_out *out)
{
	struct idv_result result = {0};
	enum idv_error fault = IDV_ERROR_internal;
	struct str why = {0}, code = {0};
	struct idv_tx end;

	TRY(cardlink_check(cx, link, tx, said, &result, &fault, &why));
	err e = fault == IDV_ERROR_NONE ? idv_finish(cx, tx->id, &result, &end, &code) : idv_fail(cx, tx->id, fault, why, &end);

	if (e.code != ERR_CONFLICT)
		TRY(e);
	if (end.state == IDV_DONE || end.state == IDV_AWAIT_CODE)
		completed(cx, &end, code, out);
	else
		refuse(cx, out, end.error == IDV_ERROR_NONE ? IDV_ERROR_internal : end.error);
	return ok();
}

static err submit(struct cx *cx, const struct cardlink *link, const struct cardlink_message *m, struct cardlink_out *out)
{
	struct evidence said;
	struct idv_tx tx;
	enum idv_error refused = cardlink_said_read(cx, m, &said);

	if (refused == IDV_ERROR_NONE)
		TRY(idv_verifying(cx, m->tx, m->app, &tx, &refused));
	if (refused != IDV_ERROR_NONE) {
		refuse(cx, out, refused);
		return ok();
	}
	said.statement = tx.held;
	err e = judged(cx, link, &tx, &said, out);

	if (!failed(e))
		return ok();
	/* The statement is spent, so the person must not wait for nothing. */
	struct str words = str_fmt(cx->arena, "%s", err_detail());

	if (failed(idv_fail(cx, tx.id, IDV_ERROR_internal, str_of(err_name(e.code)), &tx)))
		log_event(LOG_ERROR, "identity_unfinished", LOG_STR("id", cx->request_id), LOG_C("detail", err_detail()));
	return fail(e.code, STR_FMT, STR_ARG(words));
}

/* ---- report ---- */

static const struct {
	struct str name;
	enum idv_error ends;
	enum idv_phone event;
} events[] = {
	{STR_INIT("declined"), IDV_ERROR_declined, IDV_PHONE_NONE},
	{STR_INIT("pin_blocked"), IDV_ERROR_pin_blocked, IDV_PHONE_NONE},
	{STR_INIT("pin_wrong"), IDV_ERROR_NONE, IDV_PHONE_PIN_WRONG},
	{STR_INIT("card_unreadable"), IDV_ERROR_NONE, IDV_PHONE_CARD_UNREADABLE},
	{STR_INIT("wrong_card"), IDV_ERROR_NONE, IDV_PHONE_WRONG_CARD},
	{STR_INIT("no_sign_cert"), IDV_ERROR_NONE, IDV_PHONE_NO_SIGN_CERT},
};

#define TRIES_MOST 9 /* cards have 3 and 5 */

static err report(struct cx *cx, const struct cardlink_message *m, struct cardlink_out *out)
{
	struct idv_report report = {.id = m->tx, .app = m->app};
	enum idv_error refused = IDV_ERROR_bad_member;
	struct str event;
	int64_t tries = 0;
	size_t i = 0;
	err counted = json_int(m->payload, STR("tries_left"), &tries);
	bool good = !failed(json_str(m->payload, STR("event"), &event)) && (!failed(counted) || counted.code == ERR_NOT_FOUND) && tries >= 0 &&
		    tries <= TRIES_MOST;

	while (good && i < sizeof events / sizeof *events && !str_eq(events[i].name, event))
		i++;
	if (good && i < sizeof events / sizeof *events) {
		report.ends = events[i].ends;
		report.event = events[i].event;
		report.tries = (unsigned)tries;
		TRY(idv_report(cx, &report, &(struct idv_tx){0}, &refused));
	}
	if (refused == IDV_ERROR_NONE)
		answer(out, 204, STR(""));
	else
		refuse(cx, out, refused);
	return ok();
}

/* ---- wait ---- */

static void wait(struct cx *cx, const struct cardlink_message *m, const struct cardlink_in *in, struct cardlink_out *out)
{
	const struct idv_tx *tx = &m->at;

	out->hold = in->may_wait && tx->state == IDV_AWAIT_CODE;
	if (out->hold)
		return;
	if (tx->state >= IDV_FAILED)
		refuse(cx, out, tx->error == IDV_ERROR_NONE ? IDV_ERROR_internal : tx->error);
	else
		completed(cx, tx, (struct str){0}, out);
}

/* ---- all of them ---- */

static err make(struct cx *cx, const struct cardlink *link, const struct cardlink_message *m, const struct cardlink_in *in, struct cardlink_out *out)
{
	switch (in->kind) {
	case CARDLINK_CLAIM:
		return claim(cx, link, m, in, out);
	case CARDLINK_SUBMIT:
		return submit(cx, link, m, out);
	case CARDLINK_REPORT:
		return report(cx, m, out);
	default:
		wait(cx, m, in, out);
		return ok();
	}
}

/* As it is kept for a repetition: "200 NAME\nbody". */
static struct str keep(struct arena *arena, const struct cardlink_out *out)
{
	return str_fmt(arena, "%d " STR_FMT "\n" STR_FMT, out->status, STR_ARG(idv_errors[out->error].name), STR_ARG(out->body));
}

static err kept(struct cx *cx, struct str text, struct cardlink_out *out)
{
	struct str rest = text, head, status, name;
	int64_t number;

	if (!str_next(&rest, '\n', &head) || !str_next(&head, ' ', &status) || !str_to_i64(status, &number))
		return fail(ERR_INTERNAL, "a kept answer cannot be read");
	name = head;
	out->error = IDV_ERROR_NONE;
	if (name.n > 0 && !idv_error_of(name, &out->error))
		return fail(ERR_INTERNAL, "a kept answer has an unknown code");
	out->status = (int)number;
	out->body = str_dup(cx->arena, rest);
	return ok();
}

/* Once for each message: whoever sends it again, because the answer was lost, gets the same. */
static err make_once(struct cx *cx, const struct cardlink *link, const struct cardlink_message *m, const struct cardlink_in *in, struct cardlink_out *out)
{
	struct idv_jti jti = {.app = m->app, .jti = m->jti, .body = in->body};
	enum idv_error refused;
	struct str before;
	bool first;

	TRY(idv_jti_take(cx, &jti, &first, &before, &refused));
	if (refused != IDV_ERROR_NONE) {
		refuse(cx, out, refused);
		return ok();
	}
	if (!first && before.n > 0)
		return kept(cx, before, out);
	if (!first) {
		refuse(cx, out, IDV_ERROR_slow_down);
		return ok();
	}
	TRY(make(cx, link, m, in, out));
	return idv_jti_answered(cx, &jti, keep(cx->arena, out));
}

/* Unread and unkept: not even its digest goes into the store. */
static err number_refused(struct cx *cx, const struct cardlink_message *m, struct cardlink_out *out)
{
	struct idv_tx tx;

	if (m->kind != CARDLINK_CLAIM)
		TRY(idv_fail(cx, m->tx, IDV_ERROR_my_number_present, STR(""), &tx));
	refuse(cx, out, IDV_ERROR_my_number_present);
	return ok();
}

err cardlink_message(struct cx *cx, const struct cardlink *link, const struct cardlink_in *in, struct cardlink_out *out)
{
	struct cardlink_message m;
	enum idv_error refused;

	*out = (struct cardlink_out){0};
	TRY(cardlink_read(cx, in, &m, &refused));
	if (refused == IDV_ERROR_my_number_present)
		return number_refused(cx, &m, out);
	if (refused != IDV_ERROR_NONE) {
		refuse(cx, out, refused);
		return ok();
	}
	out->tx = m.tx;
	/* A question that changes nothing may be asked by the same message for as long as its answer is awaited. */
	return in->kind == CARDLINK_WAIT ? make(cx, link, &m, in, out) : make_once(cx, link, &m, in, out);
}
