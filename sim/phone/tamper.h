#ifndef SIM_PHONE_TAMPER_H
#define SIM_PHONE_TAMPER_H

#include "sim/phone/letter.h"
#include "sim/phone/link.h"
#include "sim/phone/reading.h"

/*
 * The hostile phone: one of tampers.def, applied where an honest scan comes by. For tests of
 * portals. An honest scan has no struct tamper, and no line of this runs.
 */

enum tamper_kind {
	TAMPER_NONE,
#define X(name, word, when, answer, words) TAMPER_##name,
#include "sim/phone/tampers.def"
#undef X
	TAMPER_COUNT
};

struct tamper {
	enum tamper_kind kind;
	struct jws_key *other; /* another app's */
	struct str other_kid;
	int64_t exp;              /* of the statement, seconds */
	const char *other_card;   /* folder, for other_card */
	struct str second_secret; /* of other_card and other_key */
	unsigned answers, good;   /* race: of so many messages, so many were taken */
};

/* INVALID: no such word. The caller frees with tamper_release. */
err tamper_init(struct arena *arena, struct str word, struct tamper *out);
void tamper_release(struct tamper *tamper);

const char *tamper_word(enum tamper_kind kind);
const char *tamper_words(enum tamper_kind kind);
enum ending tamper_answer(enum tamper_kind kind);

struct str tamper_claim(const struct tamper *tamper, struct str claim);
struct str tamper_statement(struct tamper *tamper, struct arena *arena, struct str statement);
/* `signer` is set by the caller, who opens the card. */
void tamper_twist(const struct tamper *tamper, struct reading_twist *twist);
void tamper_reading(const struct tamper *tamper, struct arena *arena, struct reading *reading);
void tamper_letter(const struct tamper *tamper, struct arena *arena, struct letter *letter);
enum ending tamper_send(struct tamper *tamper, struct arena *arena, const struct link *link,
	struct letter *letter, struct str body, struct reply *reply);

#endif
