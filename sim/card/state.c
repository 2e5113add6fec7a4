#include "sim/card/state.h"

#include "base/encode.h"
#include "base/time.h"
#include "base/utf8.h"
#include "json/json.h"
#include "sim/card/disk.h"

#define TEXT_MAX_CHARACTERS 200 /* of name and address each */
#define TOKEN_MAX 32

static err read_text(const struct json *map, const char *name, struct str *out)
{
	return json_str(map, str_of(name), out);
}

static err read_number(const struct json *map, const char *name, int64_t most, int64_t *out)
{
	int64_t number;

	TRY(json_int(map, str_of(name), &number));
	if (number < 0 || number > most)
		return fail(ERR_INVALID, "card.json: %s is out of range", name);
	*out = number;
	return ok();
}

static err read_holder(const struct json *map, struct card_holder *out)
{
	int64_t era, sex;

	TRY(read_text(map, "name", &out->name));
	TRY(read_text(map, "address", &out->address));
	TRY(read_text(map, "birth", &out->birth));
	TRY(read_text(map, "name_subst", &out->name_subst));
	TRY(read_text(map, "address_subst", &out->address_subst));
	TRY(read_text(map, "prefecture", &out->prefecture));
	TRY(read_text(map, "municipality", &out->municipality));
	TRY(read_number(map, "era", 9, &era));
	TRY(read_number(map, "sex", 9, &sex));
	out->era = (unsigned)era;
	out->sex = (unsigned)sex;
	return ok();
}

static err read_secrets(const struct json *map, struct card_state *out)
{
	for (size_t i = 0; i < SECRET_COUNT; i++) {
		const struct json *one = json_get(map, str_of(secret_rules[i].name));
		int64_t tries;

		if (!one)
			continue;
		TRY(read_text(one, "hash", &out->secrets[i].hash));
		TRY(read_number(one, "tries", secret_rules[i].most, &tries));
		out->secrets[i].tries = (unsigned)tries;
	}
	return ok();
}

static err read_serials(const struct json *map, struct card_state *out)
{
	for (enum card_key i = 0; i < KEY_COUNT; i++) {
		if (json_get(map, str_of(card_key_names[i])))
			TRY(read_text(map, card_key_names[i], &out->serials[i]));
	}
	return ok();
}

static err read_all(const struct json *map, struct card_state *out)
{
	const struct json *holder, *secrets, *serials;
	int64_t expires;

	TRY(read_text(map, "label", &out->label));
	TRY(read_text(map, "token", &out->token));
	TRY(read_text(map, "security_code", &out->security_code));
	TRY(read_text(map, "root", &out->root));
	TRY(read_number(map, "expires", 99991231, &expires));
	TRY(json_map(map, STR("holder"), &holder));
	TRY(json_map(map, STR("secrets"), &secrets));
	TRY(json_map(map, STR("serials"), &serials));
	TRY(read_serials(serials, out));
	out->expires_on = (int32_t)expires;
	TRY(read_holder(holder, &out->holder));
	return read_secrets(secrets, out);
}

err card_state_read(struct arena *arena, const char *dir, struct card_state *out)
{
	struct card_state state = {0};
	const struct json *map;
	struct str text;

	TRY(disk_read(arena, dir, CARD_STATE_FILE, &text));
	TRY(json_read(arena, text, NULL, &map));
	/* A member that is missing is damage, not the absence of the card. */
	if (failed(read_all(map, &state)))
		return fail(ERR_INVALID, "%s", err_detail());
	TRY(card_state_check(&state));
	*out = state;
	return ok();
}

static void write_text(struct buf *out, const char *name, struct str text)
{
	buf_fmt(out, "\"%s\": ", name);
	json_write_str(out, text);
}

static void write_holder(struct buf *out, const struct card_holder *holder)
{
	buf_lit(out, "\t\"holder\": {\n\t\t");
	write_text(out, "name", holder->name);
	buf_lit(out, ",\n\t\t");
	write_text(out, "address", holder->address);
	buf_lit(out, ",\n\t\t");
	write_text(out, "birth", holder->birth);
	buf_fmt(out, ",\n\t\t\"era\": %u,\n\t\t\"sex\": %u,\n\t\t", holder->era, holder->sex);
	write_text(out, "name_subst", holder->name_subst);
	buf_lit(out, ",\n\t\t");
	write_text(out, "address_subst", holder->address_subst);
	buf_lit(out, ",\n\t\t");
	write_text(out, "prefecture", holder->prefecture);
	buf_lit(out, ",\n\t\t");
	write_text(out, "municipality", holder->municipality);
	buf_lit(out, "\n\t},\n");
}

static void write_serials(struct buf *out, const struct card_state *state)
{
	const char *between = "";

	buf_lit(out, "\t\"serials\": {");
	for (enum card_key i = 0; i < KEY_COUNT; i++) {
		if (str_absent(state->serials[i]))
			continue;
		buf_c(out, between);
		write_text(out, card_key_names[i], state->serials[i]);
		between = ", ";
	}
	buf_lit(out, "},\n");
}

static void write_secrets(struct buf *out, const struct card_state *state)
{
	const char *between = "";

	buf_lit(out, "\t\"secrets\": {");
	for (size_t i = 0; i < SECRET_COUNT; i++) {
		if (str_absent(state->secrets[i].hash))
			continue;
		buf_fmt(out, "%s\n\t\t\"%s\": {\"tries\": %u, ", between, secret_rules[i].name,
			state->secrets[i].tries);
		write_text(out, "hash", state->secrets[i].hash);
		buf_lit(out, "}");
		between = ",";
	}
	buf_lit(out, "\n\t}\n");
}

err card_state_write(const char *dir, const struct card_state *state)
{
	AUTO_ARENA arena;
	struct buf out;

	arena_init(&arena, 2u * CARD_FILE_MAX);
	buf_init(&out, &arena, CARD_FILE_MAX);
	buf_lit(&out, "{\n\t");
	write_text(&out, "label", state->label);
	buf_lit(&out, ",\n\t");
	write_text(&out, "token", state->token);
	buf_lit(&out, ",\n\t");
	write_text(&out, "root", state->root);
	buf_fmt(&out, ",\n\t\"expires\": %d,\n\t", (int)state->expires_on);
	write_text(&out, "security_code", state->security_code);
	buf_lit(&out, ",\n");
	write_serials(&out, state);
	write_holder(&out, &state->holder);
	write_secrets(&out, state);
	buf_lit(&out, "}\n");
	TRY(buf_error(&out));
	return disk_write(dir, CARD_STATE_FILE, buf_view(&out));
}

static bool digits(struct str text, size_t shortest, size_t longest)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	}
	return text.n >= shortest && text.n <= longest;
}

static bool bits(struct str text, struct str of)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '0' && text.p[i] != '1')
			return false;
	}
	return text.n == utf8_count(of);
}

static bool visible(struct str text)
{
	if (str_empty(text) || !utf8_valid(text) || utf8_count(text) > TEXT_MAX_CHARACTERS)
		return false;
	while (!str_empty(text)) {
		if (utf8_is_hidden(utf8_next(&text)))
			return false;
	}
	return true;
}

/* YYYYMMDD that exists; 00 for a month or a day says that it is unknown. */
static bool birth_valid(struct str birth)
{
	uint64_t number;

	if (!digits(birth, 8, 8) || !str_to_u64(birth, &number))
		return false;
	if (number / 10000 < 1868)
		return false;
	if (number / 100 % 100 == 0)
		return number % 100 == 0;
	if (number % 100 == 0)
		return number / 100 % 100 <= 12;
	return date_valid((int32_t)number);
}

static err check_holder(const struct card_holder *holder)
{
	if (!visible(holder->name))
		return fail(ERR_INVALID, "the name must have 1 to %d visible characters",
			TEXT_MAX_CHARACTERS);
	if (!visible(holder->address))
		return fail(ERR_INVALID, "the address must have 1 to %d visible characters",
			TEXT_MAX_CHARACTERS);
	if (str_empty(holder->prefecture) || str_empty(holder->municipality))
		return fail(ERR_INVALID, "prefecture and municipality must be given");
	if (!birth_valid(holder->birth))
		return fail(ERR_INVALID, "the birth date must be YYYYMMDD (00 for unknown)");
	if (holder->sex < 1 || holder->sex > 3)
		return fail(ERR_INVALID, "the sex must be 1, 2 or 3");
	if (holder->era > 9)
		return fail(ERR_INVALID, "the era must be one digit");
	if (!bits(holder->name_subst, holder->name) ||
		!bits(holder->address_subst, holder->address))
		return fail(ERR_INVALID, "a substitute list must have one 0 or 1 per character");
	return ok();
}

err card_state_check(const struct card_state *state)
{
	if (str_empty(state->token) || state->token.n > TOKEN_MAX)
		return fail(ERR_INVALID, "the token label must have 1 to %d bytes", TOKEN_MAX);
	if (!date_valid(state->expires_on))
		return fail(ERR_INVALID, "the card's expiry must be a date YYYYMMDD");
	if (!digits(state->security_code, 4, 4))
		return fail(ERR_INVALID, "the security code must have 4 digits");
	return check_holder(&state->holder);
}
