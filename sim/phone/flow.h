#ifndef SIM_PHONE_FLOW_H
#define SIM_PHONE_FLOW_H

#include "sim/phone/ask.h"
#include "sim/phone/home.h"
#include "sim/phone/qr.h"
#include "sim/phone/reading.h"
#include "sim/phone/tamper.h"

/*
 * One scan from the code to its end: the messages of the app in their order.
 *
 *   flow_scan ─▶ ASKED ─▶ flow_submit ─▶ CODE ─▶ flow_wait ─▶ OVER
 *                  │           └────────────────────────────▶ OVER
 *                  └─ flow_report (declined, pin_blocked) ──▶ OVER
 *
 * Each call answers how it ended, ENDING_NONE when it goes on; OVER with `ending` set afterwards.
 * pin_wrong, card_unreadable and no_sign_cert end nothing: the person tries again.
 *
 * Texts live in the arena, which belongs to this one scan. One thread.
 */

enum flow_stage { FLOW_NONE, FLOW_ASKED, FLOW_CODE, FLOW_OVER };

struct flow {
	struct arena *arena;
	const struct home *home;
	struct str ca_file;    /* of https portals; absent: the system's */
	struct tamper *tamper; /* NULL: an honest phone */
	const struct party *party;
	struct qr qr;
	struct ask ask;
	enum flow_stage stage;
	enum ending ending;
	struct str code;        /* in CODE: for the person to type on the computer */
	int64_t code_until;     /* ms */
	enum ending code_after; /* how it ends when that is done: login_completed or
				   signature_completed */
};

/* Of the text of a code, or text around one: blanks at both ends are cut. */
enum ending flow_scan(struct flow *flow, struct str text, int64_t now);

/* The order for reading_take that the request makes; secret and twist are the caller's. */
struct reading_order flow_order(const struct flow *flow, enum ask_method method);

/* ENDING_NONE: a code is to be shown. */
enum ending flow_submit(struct flow *flow, const struct reading *reading, int64_t now);

/* declined, pin_wrong, pin_blocked, card_unreadable or no_sign_cert. That the report did not arrive
 * changes nothing for the person, whose screen says the same; so it answers nothing. */
void flow_report(struct flow *flow, enum ending event, unsigned tries_left, int64_t now);

/* Asks once how the code stands; up to total_ms. ENDING_NONE: still waiting. */
enum ending flow_wait(struct flow *flow, int64_t total_ms, int64_t now);

#endif
