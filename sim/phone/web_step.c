#include "base/time.h"
#include "http/server.h"
#include "sim/phone/file.h"
#include "sim/phone/holder.h"
#include "sim/phone/picture.h"
#include "sim/phone/web.h"

#define WAIT_MS 3000

void web_init(struct web *web, const char *home, const char *cards, struct str ca_file,
	enum tongue tongue)
{
	unsigned char bytes[16];
	*web = (struct web){.home_dir = home,
		.cards = cards,
		.ca_file = ca_file,
		.tongue = tongue,
		.notice = W_COUNT};
	(void)pthread_mutex_init(&web->mutex, NULL);
	(void)pthread_cond_init(&web->asked, NULL);
	random_bytes(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		(void)snprintf(web->token + 2 * i, 3, "%02x", bytes[i]);
	arena_init(&web->arena, WEB_ARENA);
}

void web_release(struct web *web)
{
	secret_wipe(&web->secret);
	if (web->opened)
		home_release(&web->home);
	arena_release(&web->arena);
	(void)pthread_cond_destroy(&web->asked);
	(void)pthread_mutex_destroy(&web->mutex);
}

static void step(struct web *web, enum web_step next)
{
	if (next != WEB_HOLD)
		secret_wipe(&web->secret);
	web->step = next;
	web->notice = W_COUNT;
}

static void finish(struct web *web, enum ending ending)
{
	web->flow.stage = FLOW_OVER;
	web->flow.ending = ending;
	step(web, WEB_END);
}

/* A new scan. The folder is read anew each time: a portal may have been pinned in between. */
static bool begin(struct web *web)
{
	while (web->asking)
		(void)pthread_cond_wait(&web->asked, &web->mutex);
	if (web->opened)
		home_release(&web->home);
	web->opened = false;
	arena_reset(&web->arena);
	web->scan++;
	web->flow =
		(struct flow){.arena = &web->arena, .home = &web->home, .ca_file = web->ca_file};
	web->opened = !failed(home_open(&web->arena, web->home_dir, &web->home));
	return web->opened;
}

void web_scan(struct web *web, struct str text)
{
	if (!begin(web)) {
		finish(web, ENDING_internal);
		return;
	}
	enum ending ending = flow_scan(&web->flow, text, time_now());
	if (ending != ENDING_NONE)
		finish(web, ending);
	else
		step(web, WEB_ASK);
}

void web_scan_picture(struct web *web, struct arena *arena, struct str bytes)
{
	struct str text;
	err e = picture_read(arena, bytes, &text);
	if (!failed(e))
		web_scan(web, text);
	else
		finish(web, e.code == ERR_UNAVAILABLE ? ENDING_internal : ENDING_no_code_found);
}

void web_scan_frame(struct web *web, struct arena *arena, struct str bytes)
{
	struct str text;
	if (!failed(picture_read(arena, bytes, &text)))
		web_scan(web, text);
}

/* What is asked for has a time; when it is over, nothing more is done, and nothing has been agreed
 * to. */
static bool in_time(struct web *web)
{
	if (time_now() / TIME_SECOND < web->flow.ask.exp)
		return true;
	finish(web, ENDING_expired);
	return false;
}

void web_continue(struct web *web)
{
	web->method = web->flow.ask.op == ASK_AUTH           ? ASK_JPKI_AUTH
		      : web->flow.ask.methods[ASK_JPKI_SIGN] ? ASK_JPKI_SIGN
							     : ASK_CARD_TEXT;
	if (in_time(web))
		step(web, WEB_CARD);
}

void web_decline(struct web *web)
{
	flow_report(&web->flow, ENDING_declined, 0, time_now());
	finish(web, ENDING_declined);
}

/* The card on the phone; NULL when it is not there. */
static struct card_port *open_card(struct web *web, struct arena *arena, struct holder *holder)
{
	const char *dir = file_path(arena, web->cards, str_c(arena, web->card.dir));
	return failed(holder_open_folder(arena, dir, holder)) ? NULL : &holder->port;
}

/* Looks how many tries there are before anything is typed. */
static void look(struct web *web, struct arena *arena)
{
	AUTO_HOLDER holder = {0};
	struct card_port *port = open_card(web, arena, &holder);
	enum ending ending =
		port ? reading_tries(port, web->method, &web->tries) : ENDING_card_unreadable;
	if (ending == ENDING_NONE) {
		step(web, WEB_SECRET);
		return;
	}
	if (ending != ENDING_card_unsuited)
		flow_report(&web->flow, ending, 0, time_now());
	if (ending == ENDING_no_sign_cert && web->flow.ask.methods[ASK_CARD_TEXT]) {
		web->method = ASK_CARD_TEXT;
		if (reading_tries(port, web->method, &web->tries) == ENDING_NONE) {
			step(web, WEB_SECRET);
			web->notice = W_secret_no_sign;
			return;
		}
	}
	finish(web, ending);
}

void web_choose(struct web *web, struct arena *arena, struct str card)
{
	struct home_card *cards = arena_array(arena, struct home_card, HOME_CARDS_MOST);
	size_t count;
	if (!in_time(web) || failed(home_cards(arena, web->cards, cards, &count)))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(cards[i].dir, card))
			continue;
		web->card = (struct home_card){str_dup(&web->arena, cards[i].dir),
			str_dup(&web->arena, cards[i].label), str_dup(&web->arena, cards[i].holder),
			cards[i].expires_on};
		look(web, arena);
		return;
	}
}

void web_method(struct web *web, struct str name)
{
	AUTO_ARENA arena;
	for (enum ask_method method = 0; method < ASK_METHOD_COUNT; method++) {
		if (str_eq(name, ask_method_names[method]) && web->flow.ask.methods[method]) {
			arena_init(&arena, WEB_ARENA);
			web->method = method;
			look(web, &arena);
			return;
		}
	}
}

void web_type(struct web *web, struct str secret)
{
	if (!in_time(web))
		return;
	if (!secret_valid(reading_secret(web->method), secret) ||
		failed(secret_set(&web->secret, secret)))
		web->notice =
			web->method == ASK_JPKI_SIGN ? W_secret_form_password : W_secret_form_pin;
	else
		step(web, WEB_HOLD);
}

/* What the card said, when it is no answer to hand in. */
static void refused(struct web *web, enum ending ending)
{
	if (ending != ENDING_card_unsuited)
		flow_report(&web->flow, ending, web->tries, time_now());
	switch (ending) {
	case ENDING_pin_wrong:
		step(web, WEB_SECRET);
		web->notice = W_secret_wrong;
		break;
	case ENDING_card_unreadable:
		/* The secret was right, or was not looked at: the card is held again. */
		web->notice = W_hold_again;
		break;
	default:
		finish(web, ending);
	}
}

void web_hold(struct web *web)
{
	AUTO_ARENA arena;
	AUTO_HOLDER holder = {0};
	struct reading reading;
	if (!in_time(web))
		return;
	arena_init(&arena, WEB_ARENA);
	struct reading_order order = flow_order(&web->flow, web->method);
	order.secret = secret_str(&web->secret);
	struct card_port *port = open_card(web, &arena, &holder);
	enum ending ending = port ? reading_take(&arena, port, &order, &reading, &web->tries)
				  : ENDING_card_unreadable;
	if (ending != ENDING_NONE) {
		refused(web, ending);
		return;
	}
	ending = flow_submit(&web->flow, &reading, time_now());
	if (web->flow.stage != FLOW_CODE) {
		finish(web, ending);
		return;
	}
	step(web, WEB_CODE);
	/* A full queue: the page then shows the code until its time is over. */
	IGNORE(server_post(web->server, web_wait, web));
}

void web_back(struct web *web)
{
	if (web->step == WEB_CARD || web->step == WEB_SECRET || web->step == WEB_HOLD)
		step(web, web->step - 1);
}

void web_close(struct web *web)
{
	step(web, WEB_START);
}

/* One question to the portal with a copy of what it needs; the phone goes on meanwhile. */
static bool ask_once(struct web *web)
{
	AUTO_ARENA arena;
	arena_init(&arena, WEB_ARENA);
	struct flow copy = web->flow;
	unsigned scan = web->scan;
	copy.arena = &arena;
	web->asking = true;
	(void)pthread_mutex_unlock(&web->mutex);
	int64_t began = time_monotonic();
	enum ending ending = flow_wait(&copy, WAIT_MS, time_now());
	if (ending == ENDING_NONE && time_monotonic() - began < TIME_SECOND)
		(void)usleep(500000);
	(void)pthread_mutex_lock(&web->mutex);
	web->asking = false;
	(void)pthread_cond_broadcast(&web->asked);
	if (web->scan != scan || web->step != WEB_CODE)
		return false;
	if (copy.stage == FLOW_OVER)
		finish(web, copy.ending);
	return copy.stage == FLOW_CODE;
}

void web_wait(void *arg)
{
	struct web *web = arg;
	(void)pthread_mutex_lock(&web->mutex);
	bool more = web->step == WEB_CODE && ask_once(web);
	/* Again as a task of its own, so that a stop need not wait for the whole of the time: then
	 * it is not taken in. */
	if (more)
		IGNORE(server_post(web->server, web_wait, web));
	(void)pthread_mutex_unlock(&web->mutex);
}
