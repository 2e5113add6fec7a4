#include "sim/card/hall.h"

#include "base/auto.h"
#include "base/time.h"
#include "sim/card/disk.h"
#include "sim/card/make.h"

#define HALL_ARENA (4u << 20)

/* One that was revoked before stays as it is. */
static err revoke_once(const struct ca *ca, struct str serial, enum ca_reason reason, int64_t now)
{
	if (str_absent(serial))
		return ok();
	err e = ca_revoke(ca, serial, reason, now);

	return e.code == ERR_CONFLICT ? ok() : e;
}

err hall_unlock(const char *dir, const struct str secrets[SECRET_COUNT])
{
	AUTO_ARENA arena;
	AUTO_FD int lock = -1;
	struct card_state state;

	arena_init(&arena, HALL_ARENA);
	TRY(disk_lock(dir, &lock));
	TRY(card_state_read(&arena, dir, &state));
	for (enum card_secret i = 0; i < SECRET_COUNT; i++) {
		if (str_absent(state.secrets[i].hash) && !str_absent(secrets[i]))
			return fail(ERR_NOT_FOUND, "this card has no %s", secret_rules[i].words);
		state.secrets[i].tries = secret_rules[i].most;
		if (!str_absent(secrets[i]))
			TRY(card_put_secret(&arena, &state, i, secrets[i]));
	}
	return card_state_write(dir, &state);
}

err hall_lock(const char *dir, enum card_secret secret)
{
	AUTO_ARENA arena;
	AUTO_FD int lock = -1;
	struct card_state state;

	arena_init(&arena, HALL_ARENA);
	TRY(disk_lock(dir, &lock));
	TRY(card_state_read(&arena, dir, &state));
	if (str_absent(state.secrets[secret].hash))
		return fail(ERR_NOT_FOUND, "this card has no %s", secret_rules[secret].words);
	state.secrets[secret].tries = 0;
	return card_state_write(dir, &state);
}

err hall_renew(const struct ca *ca, const char *dir, int32_t expires_on, int64_t now)
{
	AUTO_ARENA arena;
	AUTO_FD int lock = -1;
	struct card_state state;

	arena_init(&arena, HALL_ARENA);
	TRY(disk_lock(dir, &lock));
	TRY(card_state_read(&arena, dir, &state));
	state.expires_on = expires_on;
	TRY(card_state_check(&state));
	if (expires_on <= time_date(now))
		return fail(ERR_INVALID, "the new day of expiry must be in the future");
	for (enum card_key i = 0; i < KEY_COUNT; i++) {
		if (str_absent(state.serials[i]))
			continue;
		TRY(revoke_once(ca, state.serials[i], CA_CESSATION, now));
		TRY(card_put_certificate(ca, &arena, dir, &state, i, time_date(now), now));
	}
	/* The year of expiry is part of code B. */
	if (!str_absent(state.secrets[SECRET_CODE_B].hash))
		TRY(card_put_secret(&arena, &state, SECRET_CODE_B, card_code_b(&arena, &state)));
	return card_state_write(dir, &state);
}

err hall_move(const struct ca *ca, const char *dir, const struct hall_address *to, int64_t now)
{
	AUTO_ARENA arena;
	AUTO_FD int lock = -1;
	struct card_state state;

	arena_init(&arena, HALL_ARENA);
	TRY(disk_lock(dir, &lock));
	TRY(card_state_read(&arena, dir, &state));
	state.holder.address = to->address;
	state.holder.address_subst = card_no_substitutes(&arena, to->address);
	state.holder.prefecture = to->prefecture;
	state.holder.municipality = to->municipality;
	TRY(card_state_check(&state));
	TRY(revoke_once(ca, state.serials[KEY_SIGN], CA_AFFILIATION, now));
	if (!str_absent(state.secrets[SECRET_TEXT].hash))
		TRY(card_put_basic4(ca, &arena, dir, &state));
	return card_state_write(dir, &state);
}
