#include "sim/card/inside.h"

#include "base/auto.h"
#include "crypto/password.h"
#include "sim/card/disk.h"
#include "sim/card/state.h"

/* VERIFY and CHANGE: see the invariants of card.h. */

#define STATE_ARENA (16u * CARD_FILE_MAX)

/* The secret of a PIN file. A status other than SW_OK: there is none. */
static unsigned secret_of(struct card *card, const struct apdu *apdu, enum card_secret *out)
{
	unsigned status = SW_OK;
	const struct ef *ef = card_ef_of_p2(card, apdu->p2, &status);

	if (!ef)
		return status;
	if (ef->kind != EF_SECRET)
		return SW_CONDITIONS;
	*out = ef->secret;
	return SW_OK;
}

static unsigned tries_left(struct card *card, enum card_secret secret)
{
	AUTO_ARENA arena;
	struct card_state state;

	arena_init(&arena, STATE_ARENA);
	if (failed(card_state_read(&arena, card->dir, &state)))
		return SW_MEMORY;
	if (str_absent(state.secrets[secret].hash))
		return SW_NOT_FOUND;
	return SW_WRONG | state.secrets[secret].tries;
}

/* The lock is held: nobody else spends or gives back in between. */
static unsigned present(struct card *card, enum card_secret secret, struct str text)
{
	AUTO_ARENA arena;
	struct card_state state;

	arena_init(&arena, STATE_ARENA);
	if (failed(card_state_read(&arena, card->dir, &state)))
		return SW_MEMORY;
	struct secret_state *one = &state.secrets[secret];

	if (str_absent(one->hash))
		return SW_NOT_FOUND;
	card->verified &= ~OPENED_BY(secret);
	if (one->tries == 0)
		return SW_BLOCKED;
	one->tries--;
	if (failed(card_state_write(card->dir, &state)))
		return SW_MEMORY;
	if (!password_verify(one->hash, text))
		return SW_WRONG | one->tries;
	one->tries = secret_rules[secret].most;
	if (failed(card_state_write(card->dir, &state)))
		return SW_MEMORY;
	card->verified |= OPENED_BY(secret);
	return SW_OK;
}

unsigned card_verify(struct card *card, const struct apdu *apdu, struct buf *out)
{
	enum card_secret secret;
	AUTO_FD int lock = -1;

	(void)out;
	if (apdu->p1 != 0)
		return SW_P1P2;
	unsigned status = secret_of(card, apdu, &secret);

	if (status != SW_OK)
		return status;
	/* An Le without data is what some readers make of the header alone. */
	if (apdu->data.n == 0)
		return tries_left(card, secret);
	if (apdu->has_le || apdu->data.n > SECRET_LENGTH_MAX)
		return SW_LENGTH;
	if (failed(disk_lock(card->dir, &lock)))
		return SW_MEMORY;
	return present(card, secret, apdu->data);
}

static unsigned replace(struct card *card, enum card_secret secret, struct str text)
{
	AUTO_ARENA arena;
	struct card_state state;

	arena_init(&arena, STATE_ARENA);
	if (failed(card_state_read(&arena, card->dir, &state)))
		return SW_MEMORY;
	/* Another who has the card may have locked it since. */
	if (state.secrets[secret].tries == 0)
		return SW_BLOCKED;
	if (failed(password_hash(&arena, text, &state.secrets[secret].hash)))
		return SW_MEMORY;
	state.secrets[secret].tries = secret_rules[secret].most;
	return failed(card_state_write(card->dir, &state)) ? SW_MEMORY : SW_OK;
}

unsigned card_change(struct card *card, const struct apdu *apdu, struct buf *out)
{
	enum card_secret secret;
	AUTO_FD int lock = -1;

	(void)out;
	if (apdu->p1 != 0x01)
		return SW_P1P2;
	unsigned status = secret_of(card, apdu, &secret);

	if (status != SW_OK)
		return status;
	if (apdu->has_le || apdu->data.n == 0 || apdu->data.n > SECRET_LENGTH_MAX)
		return SW_LENGTH;
	if (!secret_rules[secret].changeable)
		return SW_CONDITIONS;
	if (!(card->verified & OPENED_BY(secret)))
		return SW_SECURITY;
	if (!secret_valid(secret, apdu->data))
		return SW_DATA;
	if (failed(disk_lock(card->dir, &lock)))
		return SW_MEMORY;
	return replace(card, secret, apdu->data);
}
