#include "sim/phone/flow.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "sim/phone/letter.h"
#include "sim/phone/link.h"

#define CODE_DIGITS 4
#define CODE_SECONDS_MOST 600

static enum ending over(struct flow *flow, enum ending ending)
{
	flow->stage = FLOW_OVER;
	flow->ending = ending;
	return ending;
}

static struct link line_of(const struct flow *flow)
{
	return (struct link){.origin = flow->qr.origin, .ca_file = flow->ca_file};
}

static struct letter letter_of(const struct flow *flow, struct str path, int64_t now)
{
	return (struct letter){
		.key = flow->home->key,
		.claim = str_eq(path, STR("/m/v1/claim")),
		.kid = flow->home->thumbprint,
		.aud = flow->qr.origin,
		.htu = path,
		.iat = now / 1000,
		.jti = letter_jti(flow->arena),
		.tx = flow->qr.tx,
	};
}

/* Signs and sends; a hostile phone has its say before each. */
static enum ending post(struct flow *flow, const struct link *link, struct letter *letter,
	const struct buf *members, struct reply *reply)
{
	struct str body;
	letter->members = buf_view(members);
	if (flow->tamper)
		tamper_letter(flow->tamper, flow->arena, letter);
	if (failed(buf_error(members)) || failed(letter_write(flow->arena, letter, &body)))
		return ENDING_internal;
	if (flow->tamper)
		return tamper_send(flow->tamper, flow->arena, link, letter, body, reply);
	return link_post(flow->arena, link, letter->htu, body, reply);
}

static void members_init(const struct flow *flow, struct buf *members)
{
	buf_init(members, flow->arena, 2 * LIMIT_JWS);
}

static enum ending claim(struct flow *flow, int64_t now, struct str *request)
{
	struct link link = line_of(flow);
	struct letter letter = letter_of(flow, STR("/m/v1/claim"), now);
	struct buf members;
	struct reply reply;
	members_init(flow, &members);
	letter_str(&members, "claim",
		flow->tamper ? tamper_claim(flow->tamper, flow->qr.claim) : flow->qr.claim);
	buf_lit(&members, ",\"app\":{\"name\":\"simphone\",\"ver\":\"" MADOGUCHI_VERSION
			  "\",\"os\":\"linux\"}");
	enum ending ending = post(flow, &link, &letter, &members, &reply);
	if (ending != ENDING_NONE)
		return ending;
	struct str state;
	if (failed(json_str(reply.json, STR("request"), request)) ||
		failed(json_str(reply.json, STR("state"), &state)) ||
		!str_eq(state, STR("claimed")))
		return ENDING_answer_unclear;
	return ENDING_NONE;
}

enum ending flow_scan(struct flow *flow, struct str text, int64_t now)
{
	struct link link;
	struct reply keys;
	struct str request;
	if (failed(qr_read(str_dup(flow->arena, str_trim(text)), &flow->qr)))
		return over(flow, ENDING_not_a_code);
	flow->party = parties_find(&flow->home->parties, flow->qr.origin);
	if (!flow->party)
		return over(flow, ENDING_not_pinned);
	link = line_of(flow);
	enum ending ending =
		link_get(flow->arena, &link, STR("/.well-known/cardlink-jwks.json"), &keys);
	if (ending == ENDING_NONE)
		ending = claim(flow, now, &request);
	if (ending != ENDING_NONE)
		return over(flow, ending);
	const struct ask_check check = {
		flow->party, flow->qr.tx, flow->home->thumbprint, keys.json, now / 1000};
	ending = ask_read(flow->arena, request, &check, &flow->ask);
	if (ending != ENDING_NONE)
		return over(flow, ending);
	flow->stage = FLOW_ASKED;
	return ENDING_NONE;
}

struct reading_order flow_order(const struct flow *flow, enum ask_method method)
{
	struct reading_order order = {
		.method = method,
		.statement = flow->ask.statement,
		.rs256 = flow->ask.rs256,
		.es384 = flow->ask.es384,
	};
	if (flow->tamper)
		order.statement = tamper_statement(flow->tamper, flow->arena, order.statement);
	return order;
}

static void write_reading(struct buf *members, const struct reading *reading)
{
	letter_str(members, "method", ask_method_names[reading->method]);
	if (reading->method != ASK_CARD_TEXT) {
		letter_str(members, "token", reading->token);
		letter_str(members, "alg", reading->alg);
		letter_bytes(members, "cert", reading->cert);
	}
	for (size_t i = 0; reading->method == ASK_CARD_TEXT && i < READING_FILES; i++) {
		char name[8];
		(void)snprintf(name, sizeof name, "ef%04x", reading_files[i]);
		letter_bytes(members, name, reading->files[i]);
	}
	letter_bytes(members, "sig", reading->signature);
}

static bool is_code(struct str code)
{
	bool good = code.n == CODE_DIGITS;
	for (size_t i = 0; good && i < code.n; i++)
		good = code.p[i] >= '0' && code.p[i] <= '9';
	return good;
}

/* done, or a code to show. The screen must be the one that belongs to what was asked. */
static enum ending read_submitted(struct flow *flow, const struct json *json, int64_t now)
{
	struct str state, screen;
	int64_t seconds;
	enum ending good =
		flow->ask.op == ASK_AUTH ? ENDING_login_completed : ENDING_signature_completed;
	if (failed(json_str(json, STR("state"), &state)) ||
		failed(json_str(json, STR("screen"), &screen)) ||
		!str_eq(screen, str_of(ending_name(good))))
		return over(flow, ENDING_answer_unclear);
	if (str_eq(state, STR("done")))
		return over(flow, good);
	if (!str_eq(state, STR("await_code")) || failed(json_str(json, STR("code"), &flow->code)) ||
		failed(json_int(json, STR("code_expires_in"), &seconds)) || !is_code(flow->code) ||
		seconds < 1 || seconds > CODE_SECONDS_MOST)
		return over(flow, ENDING_answer_unclear);
	flow->stage = FLOW_CODE;
	flow->code_until = now + seconds * TIME_SECOND;
	flow->code_after = good;
	return ENDING_NONE;
}

enum ending flow_submit(struct flow *flow, const struct reading *reading, int64_t now)
{
	struct link link = line_of(flow);
	struct letter letter = letter_of(flow, STR("/m/v1/submit"), now);
	struct reading sent = *reading;
	struct buf members;
	struct reply reply;
	if (now / 1000 >= flow->ask.exp && !flow->tamper)
		return over(flow, ENDING_expired);
	if (flow->tamper)
		tamper_reading(flow->tamper, flow->arena, &sent);
	members_init(flow, &members);
	letter_str(&members, "op", ask_op_names[flow->ask.op]);
	write_reading(&members, &sent);
	enum ending ending = post(flow, &link, &letter, &members, &reply);
	return ending != ENDING_NONE ? over(flow, ending) : read_submitted(flow, reply.json, now);
}

void flow_report(struct flow *flow, enum ending event, unsigned tries_left, int64_t now)
{
	struct link link = line_of(flow);
	struct letter letter = letter_of(flow, STR("/m/v1/report"), now);
	struct buf members;
	struct reply reply;
	link.total_ms = 5000;
	link.tries = 1;
	members_init(flow, &members);
	letter_str(&members, "event", str_of(ending_name(event)));
	if (event == ENDING_pin_wrong)
		letter_int(&members, "tries_left", tries_left);
	(void)post(flow, &link, &letter, &members, &reply);
	if (event == ENDING_declined || event == ENDING_pin_blocked)
		(void)over(flow, event);
}

enum ending flow_wait(struct flow *flow, int64_t total_ms, int64_t now)
{
	struct link link = line_of(flow);
	struct letter letter = letter_of(flow, STR("/m/v1/wait"), now);
	struct buf members;
	struct reply reply;
	struct str state;
	link.total_ms = total_ms;
	link.tries = 1;
	members_init(flow, &members);
	enum ending ending = post(flow, &link, &letter, &members, &reply);
	if (ending == ENDING_no_connection || ending == ENDING_slow_down)
		return now >= flow->code_until ? over(flow, ENDING_expired) : ENDING_NONE;
	if (ending != ENDING_NONE)
		return over(flow, ending);
	if (failed(json_str(reply.json, STR("state"), &state)))
		return over(flow, ENDING_answer_unclear);
	if (str_eq(state, STR("done")))
		return over(flow, flow->code_after);
	return str_eq(state, STR("await_code")) ? ENDING_NONE : over(flow, ENDING_answer_unclear);
}
