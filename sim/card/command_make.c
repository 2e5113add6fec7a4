#include "sim/card/commands.h"

#include "base/time.h"
#include "sim/card/cast.h"
#include "sim/card/hall.h"

/* make, cast, unlock, renew, move: what changes a card. */

#define STAY_MONTHS 24

err option_date(const struct options *options, enum option option, int32_t otherwise, int32_t *out)
{
	struct str text = options->v[option];
	uint64_t number;

	if (str_absent(text)) {
		*out = otherwise;
		return ok();
	}
	if (text.n != 8 || !str_to_u64(text, &number) || !date_valid((int32_t)number))
		return fail(ERR_INVALID, "a date must be written YYYYMMDD");
	*out = (int32_t)number;
	return ok();
}

static struct str or_else(const struct options *options, enum option option, struct str otherwise)
{
	return str_absent(options->v[option]) ? otherwise : options->v[option];
}

static err holder_of(struct arena *arena, const struct options *options, struct card_holder *out)
{
	const struct str *v = options->v;

	if (v[OPT_SEX].n != 1 || v[OPT_SEX].p[0] < '1' || v[OPT_SEX].p[0] > '3')
		return fail(ERR_INVALID, "the sex must be 1, 2 or 3");
	*out = (struct card_holder){.name = v[OPT_NAME],
		.address = v[OPT_ADDRESS],
		.birth = v[OPT_BIRTH],
		.era = card_era(v[OPT_BIRTH]),
		.sex = (unsigned)(v[OPT_SEX].p[0] - '0'),
		.name_subst = card_no_substitutes(arena, v[OPT_NAME]),
		.address_subst = card_no_substitutes(arena, v[OPT_ADDRESS]),
		.prefecture = v[OPT_PREFECTURE],
		.municipality = v[OPT_MUNICIPALITY]};
	return ok();
}

err command_make(struct arena *arena, const struct options *options)
{
	int64_t now = time_now();
	struct card_order order = {.now = now,
		.about = {.label = or_else(options, OPT_LABEL, STR("made by hand")),
			.token = or_else(options, OPT_TOKEN, STR("JPKIAPICCTOKEN2")),
			.root = or_else(options, OPT_ROOT, STR("1")),
			.security_code =
				or_else(options, OPT_SECURITY_CODE, STR(CAST_SECURITY_CODE))},
		.secrets = {[SECRET_AUTH] = or_else(options, OPT_PIN, STR(CAST_PIN))}};
	struct ca ca;

	TRY(holder_of(arena, options, &order.about.holder));
	TRY(option_date(options, OPT_EXPIRES, date_add_months(time_date(now), STAY_MONTHS),
		&order.about.expires_on));
	TRY(option_date(options, OPT_ISSUED, 0, &order.issued_on));
	if (str_absent(options->v[OPT_NO_SIGN]))
		order.secrets[SECRET_SIGN] = or_else(options, OPT_PASSWORD, STR(CAST_PASSWORD));
	if (str_absent(options->v[OPT_NO_TEXT]))
		order.secrets[SECRET_TEXT] = or_else(options, OPT_TEXT_PIN, STR(CAST_TEXT_PIN));
	TRY(ca_open(arena, str_c(arena, options->v[OPT_CA]), &ca));
	return card_make(&ca, options->word, &order);
}

static void print_cast(const char *folder, struct str only)
{
	printf("PIN %s, password of the signing certificate %s, PIN of the text applet %s, "
	       "security code %s\n",
		CAST_PIN, CAST_PASSWORD, CAST_TEXT_PIN, CAST_SECURITY_CODE);
	for (size_t i = 0; i < CAST_COUNT; i++) {
		if (cast_wanted(only, cast_cards[i].name))
			printf("  %s/%-14s %s\n", folder, cast_cards[i].name, cast_cards[i].words);
	}
}

err command_cast(struct arena *arena, const struct options *options)
{
	struct ca ca;

	TRY(ca_open(arena, str_c(arena, options->v[OPT_CA]), &ca));
	TRY(cast_make(&ca, options->word, options->v[OPT_ONLY], time_now()));
	print_cast(options->word, options->v[OPT_ONLY]);
	return ok();
}

err command_unlock(struct arena *arena, const struct options *options)
{
	const struct str secrets[SECRET_COUNT] = {[SECRET_AUTH] = options->v[OPT_PIN],
		[SECRET_SIGN] = options->v[OPT_PASSWORD],
		[SECRET_TEXT] = options->v[OPT_TEXT_PIN]};

	(void)arena;
	return hall_unlock(options->word, secrets);
}

err command_renew(struct arena *arena, const struct options *options)
{
	int64_t now = time_now();
	int32_t expires_on;
	struct ca ca;

	TRY(option_date(
		options, OPT_EXPIRES, date_add_months(time_date(now), STAY_MONTHS), &expires_on));
	TRY(ca_open(arena, str_c(arena, options->v[OPT_CA]), &ca));
	return hall_renew(&ca, options->word, expires_on, now);
}

err command_move(struct arena *arena, const struct options *options)
{
	const struct hall_address to = {
		options->v[OPT_ADDRESS], options->v[OPT_PREFECTURE], options->v[OPT_MUNICIPALITY]};
	struct ca ca;

	TRY(ca_open(arena, str_c(arena, options->v[OPT_CA]), &ca));
	return hall_move(&ca, options->word, &to, time_now());
}
