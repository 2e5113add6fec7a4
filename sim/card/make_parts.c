#include "sim/card/make.h"

#include "base/time.h"
#include "base/utf8.h"
#include "crypto/password.h"
#include "sim/card/disk.h"
#include "sim/card/text.h"

#define UNKNOWN_DAY 1231 /* the last one that it could be */

static uint64_t number_of(struct str digits)
{
	uint64_t number = 0;

	/* A state that was checked has digits only. */
	return str_to_u64(digits, &number) ? number : 0;
}

static const struct era {
	unsigned first; /* day */
	unsigned era, year;
} eras[] = {{20190501, 5, 2019}, {19890108, 4, 1989}, {19261225, 3, 1926}, {19120730, 2, 1912},
	{18680125, 1, 1868}};

static const struct era *era_of(uint64_t day)
{
	const size_t last = sizeof eras / sizeof *eras - 1;

	for (size_t i = 0; i < last; i++) {
		if (day >= eras[i].first)
			return &eras[i];
	}
	return &eras[last];
}

unsigned card_era(struct str birth)
{
	uint64_t day = number_of(birth);

	return day % 100 == 0 ? 0 : era_of(day)->era;
}

struct str card_code_b(struct arena *arena, const struct card_state *state)
{
	uint64_t birth = number_of(state->holder.birth);
	uint64_t year = birth / 10000 - era_of(birth)->year + 1;

	return str_fmt(arena, "%02u%04u%04u" STR_FMT, (unsigned)(year % 100),
		(unsigned)(birth % 10000), (unsigned)(state->expires_on / 10000),
		STR_ARG(state->security_code));
}

int32_t card_certificates_end(const struct card_state *state, int32_t issued_on)
{
	int32_t day = (int32_t)(number_of(state->holder.birth) % 10000);
	int32_t year = issued_on / 10000;

	if (day % 100 == 0)
		day = UNKNOWN_DAY;
	if (year * 10000 + day <= issued_on)
		year++;
	int32_t end = (year + 4) * 10000 + day;

	if (!date_valid(end))
		end--; /* 29 February of a year that has none */
	return end < state->expires_on ? end : state->expires_on;
}

struct str card_no_substitutes(struct arena *arena, struct str text)
{
	size_t n = utf8_count(text);
	char *zeros = arena_alloc(arena, n + 1);

	memset(zeros, '0', n);
	return str_make(zeros, n);
}

static struct ca_person person_of(const struct card_holder *holder)
{
	uint64_t birth = number_of(holder->birth);

	return (struct ca_person){.name = holder->name,
		.era = (char)('0' + holder->era),
		.year = (unsigned)(birth / 10000),
		.month = (unsigned)(birth / 100 % 100),
		.day = (unsigned)(birth % 100),
		.sex = holder->sex,
		.address = holder->address,
		.name_subst = holder->name_subst,
		.address_subst = holder->address_subst,
		.prefecture = holder->prefecture,
		.municipality = holder->municipality};
}

/* Key first: a certificate without its key would be of no use, the other way round it is absent. */
static err put_pair(const struct ca *ca, struct arena *arena, const char *dir, enum card_key key,
	enum ca_root root, const struct ca_issued *issued)
{
	static const struct {
		enum ca_kind kind;
		const char *key, *cert, *ca;
	} names[KEY_COUNT] = {
		[KEY_AUTH] = {CA_AUTH, CARD_AUTH_KEY, CARD_AUTH_CERT, CARD_AUTH_CA},
		[KEY_SIGN] = {CA_SIGN, CARD_SIGN_KEY, CARD_SIGN_CERT, CARD_SIGN_CA},
	};
	struct str root_cert;

	TRY(ca_root_cert(ca, arena, names[key].kind, root, &root_cert));
	TRY(disk_write(dir, names[key].key, issued->key));
	TRY(disk_write(dir, names[key].cert, issued->cert));
	return disk_write(dir, names[key].ca, root_cert);
}

err card_put_certificate(const struct ca *ca, struct arena *arena, const char *dir,
	struct card_state *state, enum card_key key, int32_t issued_on, int64_t now)
{
	const struct ca_person person = person_of(&state->holder);
	struct ca_request request = {.kind = key == KEY_AUTH ? CA_AUTH : CA_SIGN,
		.person = &person,
		.not_before = date_start(issued_on),
		.now = now};
	int32_t end = card_certificates_end(state, issued_on);
	struct ca_issued issued;

	TRY(ca_root_of(state->root, &request.root));
	request.not_after = date_start(date_add_days(end, 1)) - TIME_SECOND;
	TRY(ca_issue(ca, arena, &request, &issued));
	TRY(put_pair(ca, arena, dir, key, request.root, &issued));
	state->serials[key] = issued.serial;
	return ok();
}

err card_put_basic4(
	const struct ca *ca, struct arena *arena, const char *dir, const struct card_state *state)
{
	struct str my_number, basic4, integrity;

	TRY(disk_read(arena, dir, CARD_TEXT("0001"), &my_number));
	TRY(text_basic4(arena, &state->holder, &basic4));
	TRY(text_integrity(ca, arena, my_number, basic4, &integrity));
	TRY(disk_write(dir, CARD_TEXT("0002"), basic4));
	return disk_write(dir, CARD_TEXT("0003"), integrity);
}

err card_put_secret(
	struct arena *arena, struct card_state *state, enum card_secret secret, struct str text)
{
	const struct secret_rule *rule = &secret_rules[secret];

	if (!secret_valid(secret, text))
		return fail(ERR_INVALID, "the %s must have %u to %u %s", rule->words,
			rule->shortest, rule->longest, rule->letters ? "of A-Z and 0-9" : "digits");
	TRY(password_hash(arena, text, &state->secrets[secret].hash));
	state->secrets[secret].tries = rule->most;
	return ok();
}
