#include "base/time.h"
#include "sim/phone/commands.h"
#include "sim/phone/exits.h"
#include "sim/phone/file.h"
#include "sim/phone/flow.h"
#include "sim/phone/holder.h"
#include "sim/phone/picture.h"
#include "sim/phone/screen.h"

#define WAIT_MS 30000

struct scan {
	struct options *options;
	struct screen screen;
	struct flow flow;
	struct holder holder, other;
	enum ask_method method;
	unsigned left; /* tries */
};

/* The code: as text, or in a picture. */
static err read_target(struct arena *arena, const char *target, struct str *text)
{
	struct str bytes;
	if (str_starts(str_of(target), STR("http://")) ||
		str_starts(str_of(target), STR("https://"))) {
		*text = str_of(target);
		return ok();
	}
	TRY(file_read(arena, target, LIMIT_PHONE_PICTURE, &bytes));
	if (picture_is_one(bytes))
		return picture_read(arena, bytes, text);
	*text = bytes;
	return ok();
}

static int end(struct scan *scan, enum ending ending)
{
	screen_end(&scan->screen, ending);
	return ending_exit(ending);
}

/* Tells the portal, then the person. */
static int end_report(struct scan *scan, enum ending ending)
{
	flow_report(&scan->flow, ending, scan->left, time_now());
	return end(scan, ending);
}

static err open_card(struct arena *arena, struct scan *scan)
{
	struct options *options = scan->options;
	if (options->tamper.kind == TAMPER_other_card && options->tamper.other_card)
		TRY(holder_open_folder(arena, options->tamper.other_card, &scan->other));
	return options->pcsc ? holder_open_reader(options->reader, &scan->holder)
			     : holder_open_folder(arena, options->card, &scan->holder);
}

/* Which of the ways that are asked for. */
static bool choose_method(struct scan *scan)
{
	const struct ask *ask = &scan->flow.ask;
	if (scan->options->card_text && ask->op == ASK_BASIC4)
		scan->method = ASK_CARD_TEXT;
	else if (ask->op == ASK_AUTH)
		scan->method = ASK_JPKI_AUTH;
	else
		scan->method = ask->methods[ASK_JPKI_SIGN] ? ASK_JPKI_SIGN : ASK_CARD_TEXT;
	return ask->methods[scan->method];
}

static struct secret *secret_of(struct scan *scan)
{
	return scan->method == ASK_JPKI_SIGN ? &scan->options->password : &scan->options->pin;
}

/* One of the right form that is not the right one. */
static struct str wrong_secret(const struct scan *scan, struct str right)
{
	if (scan->method == ASK_JPKI_SIGN)
		return str_eq(right, STR("WRONG0")) ? STR("WRONG1") : STR("WRONG0");
	return str_eq(right, STR("0000")) ? STR("0001") : STR("0000");
}

/* One try: pin_wrong and pin_blocked are reported. */
static enum ending take(
	struct arena *arena, struct scan *scan, struct str secret, struct reading *reading)
{
	struct tamper *tamper = scan->flow.tamper;
	struct reading_order order = flow_order(&scan->flow, scan->method);
	order.secret = secret;
	if (tamper)
		tamper_twist(tamper, &order.twist);
	if (tamper && tamper->kind == TAMPER_other_card)
		order.twist.signer = &scan->other.port;
	if (!secret_valid(reading_secret(scan->method), secret))
		return ENDING_pin_wrong;
	screen_hold(&scan->screen);
	enum ending ending = reading_take(arena, &scan->holder.port, &order, reading, &scan->left);
	if (ending == ENDING_pin_wrong) {
		flow_report(&scan->flow, ending, scan->left, time_now());
		screen_fact(&scan->screen, "tries", str_fmt(arena, "%u", scan->left));
	}
	return ending;
}

/* The tries that are to be wrong, then the real one. */
static enum ending take_all(struct arena *arena, struct scan *scan, struct reading *reading)
{
	struct secret *secret = secret_of(scan);
	for (unsigned i = 0; i < scan->options->wrong_pins; i++) {
		enum ending ending =
			take(arena, scan, wrong_secret(scan, secret_str(secret)), reading);
		if (ending != ENDING_pin_wrong)
			return ending;
	}
	if (secret->n == 0 &&
		failed(secret_prompt(secret, scan->method == ASK_JPKI_SIGN ? "Password" : "PIN")))
		return ENDING_pin_wrong;
	return take(arena, scan, secret_str(secret), reading);
}

/* Until the number was typed on the computer, or its time is over. */
static int wait_for_code(struct scan *scan)
{
	screen_code(&scan->screen, &scan->flow, time_now());
	(void)fflush(stdout);
	if (scan->options->no_wait)
		return EXIT_DONE;
	while (scan->flow.stage == FLOW_CODE) {
		int64_t began = time_monotonic();
		enum ending ending = flow_wait(&scan->flow, WAIT_MS, time_now());
		if (ending == ENDING_NONE && time_monotonic() - began < TIME_SECOND)
			(void)usleep(500000);
	}
	return end(scan, scan->flow.ending);
}

static int answer(struct arena *arena, struct scan *scan)
{
	struct reading reading;
	enum ending ending = reading_tries(&scan->holder.port, scan->method, &scan->left);
	if (ending == ENDING_NONE) {
		screen_secret(&scan->screen, scan->method, scan->left);
		ending = take_all(arena, scan, &reading);
	}
	if (ending == ENDING_pin_wrong) /* reported where it happened */
		return end(scan, ending);
	if (ending == ENDING_card_unsuited)
		return end(scan, ending);
	if (ending != ENDING_NONE)
		return end_report(scan, ending);
	ending = flow_submit(&scan->flow, &reading, time_now());
	if (scan->flow.tamper && scan->flow.tamper->kind == TAMPER_race)
		screen_fact(&scan->screen, "race",
			str_fmt(arena, "%u %u", scan->flow.tamper->good,
				scan->flow.tamper->answers));
	return scan->flow.stage == FLOW_CODE ? wait_for_code(scan) : end(scan, ending);
}

static int scan_all(struct arena *arena, struct scan *scan, struct str text)
{
	enum ending ending = flow_scan(&scan->flow, text, time_now());
	if (ending != ENDING_NONE)
		return end(scan, ending);
	screen_ask(&scan->screen, &scan->flow, time_now());
	(void)fflush(stdout);
	if (scan->options->decline)
		return end_report(scan, ENDING_declined);
	if (!choose_method(scan))
		return end(scan, ENDING_card_unsuited);
	err e = open_card(arena, scan);
	if (failed(e)) {
		flow_report(&scan->flow, ENDING_card_unreadable, 0, time_now());
		return complain(e);
	}
	int code = answer(arena, scan);
	holder_close(&scan->holder);
	return code;
}

int command_scan(struct arena *arena, struct options *options)
{
	AUTO_HOME home = {0};
	struct str text;
	struct scan scan = {
		.options = options,
		.screen = {arena, options->tongue, options->porcelain},
		.flow = {.arena = arena, .home = &home, .ca_file = str_of(options->ca_file)},
	};
	if (!options->target || (!options->card && !options->pcsc && !options->decline)) {
		fprintf(stderr,
			"simphone: scan URL|IMAGE|- with --card DIR, --pcsc or --decline\n");
		return EXIT_USAGE;
	}
	if (options->tamper.kind != TAMPER_NONE)
		scan.flow.tamper = &options->tamper;
	err e = home_open(arena, options->home, &home);
	if (failed(e))
		return complain(e);
	e = read_target(arena, options->target, &text);
	if (failed(e) && options->target && e.code == ERR_NOT_FOUND &&
		access(options->target, F_OK) == 0)
		return end(&scan, ENDING_no_code_found);
	return failed(e) ? complain(e) : scan_all(arena, &scan, text);
}
