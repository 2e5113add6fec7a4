#include "sim/card/cast.h"

#include "base/time.h"
#include "sim/card/disk.h"
#include "sim/card/hall.h"

#define ROMAN_LONG "VENKATANARASIMHARAJUVARIPETA　SUBRAMANIAM　ARJUN　KRISHNAMURTHY"
/* 32 + 6 × 28 = 200 characters. */
#define TIMES_6(text) text text text text text text
#define ADDRESS_LONG                                                                \
	"大分県別府市石垣東３－４－５　国際交流会館西別棟Ａ－１２３４号室" TIMES_6( \
		"　湯けむりの丘の上の長い名前の留学生のための学生寮の部屋")

#define OITA "Oita-ken"
#define BEPPU "Beppu-shi"
#define TOKYO "Tokyo-to"

enum after { AS_MADE, MOVED, RENEWED, LOCKED };

struct person {
	const char *name, *address, *birth;
	unsigned sex;
	const char *prefecture, *municipality;
	const char *name_subst;   /* NULL: all '0' */
	const char *root, *token; /* NULL: "1", a card's */
	bool expired, no_sign, no_text;
	enum after after;
};

const struct cast_card cast_cards[CAST_COUNT] = {
	{"student", "a student; mai@example.jp of the demo"},
	{"long-name", "a name of 60 letters; arjun@example.jp of the demo"},
	{"mononym", "one name only"},
	{"alias", "a name with an alias"},
	{"substitute", "a character of the name could not be written"},
	{"long-address", "an address of 200 characters"},
	{"birth-unknown", "month and day of birth unknown"},
	{"sex-3", "sex neither male nor female"},
	{"expired", "the card and its certificates have expired"},
	{"moved", "has moved: the signing certificate is revoked"},
	{"renewed", "stay extended: old certificates revoked, new ones on it"},
	{"child", "under 15: no signing certificate"},
	{"locked", "the authentication PIN is locked"},
	{"other-root", "issued by the authority's next root, of the same name"},
	{"phone", "a phone's certificates: another token label, no text applet"},
	{"p384", "the next generation of cards: P-384"},
	{"staff-1", "an officer"},
	{"staff-2", "a second officer"},
};

static const struct person persons[CAST_COUNT] = {
	{"ＮＧＵＹＥＮ　ＴＨＩ　ＭＡＩ", "大分県別府市石垣東１－２－３", "20030409", 2, OITA,
		BEPPU},
	{ROMAN_LONG, "東京都千代田区千代田１－１", "20011231", 1, TOKYO, "Chiyoda-ku"},
	{"ＷＩＲＡＮＡＴＡ", "大分県別府市北浜２－９－１", "20020815", 1, OITA, BEPPU},
	{"ＰＡＲＫ　ＭＩＮＳＥＯ（新井　美書）", "大分県別府市亀川中央町４－５", "20000301", 2,
		OITA, BEPPU},
	{"王　〓琳", "大分県別府市鉄輪東１組", "20010722", 2, OITA, BEPPU, .name_subst = "0010"},
	{"ＯＫＡＦＯＲ　ＣＨＩＤＩ", ADDRESS_LONG, "19991105", 1, OITA, BEPPU},
	{"ＲＡＨＩＭＩ　ＺＡＨＲＡ", "大分県別府市南立石２区", "19980000", 2, OITA, BEPPU},
	{"ＴＡＭＡＬＡ　ＬＥＩ", "大分県別府市上人ケ浜町６－７", "20030930", 3, OITA, BEPPU},
	{"ＳＩＬＶＡ　ＢＥＡＴＲＩＺ", "大分県別府市石垣西３－１", "19970618", 2, OITA, BEPPU,
		.expired = true},
	{"ＴＨＡＰＡ　ＢＩＫＡＳＨ", "大分県別府市火売８組", "20020110", 1, OITA, BEPPU,
		.after = MOVED},
	{"ＬＩ　ＷＥＩ", "大分県別府市石垣東５－６－７", "20010505", 1, OITA, BEPPU,
		.after = RENEWED},
	{"ＮＧＵＹＥＮ　ＢＡＯ", "大分県別府市石垣東１－２－３", "20180620", 1, OITA, BEPPU,
		.no_sign = true},
	{"ＧＡＲＣＩＡ　ＬＵＩＳ", "大分県別府市朝見１－２", "20000229", 1, OITA, BEPPU,
		.after = LOCKED},
	{"ＫＩＭ　ＪＩＷＯＯ", "大分県別府市山の手町９－８", "20021201", 1, OITA, BEPPU,
		.root = "2"},
	{"ＣＨＥＮ　ＹＩＴＩＮＧ", "大分県別府市青山町３－３", "20030214", 2, OITA, BEPPU,
		.token = "JPKIAPGPSETOKEN", .no_text = true},
	{"ＡＤＥＹＥＭＩ　ＴＵＮＤＥ", "大分県別府市元町１－１", "20010911", 1, OITA, BEPPU,
		.root = "p384"},
	{"窓口　花子", "大分県大分市荷揚町２－３１", "19850710", 2, OITA, "Oita-shi"},
	{"審査　一郎", "大分県大分市荷揚町２－３１", "19790123", 1, OITA, "Oita-shi"},
};

static const struct hall_address moved_to = {STR_INIT("福岡県福岡市中央区天神１－８－１"),
	STR_INIT("Fukuoka-ken"), STR_INIT("Fukuoka-shi")};

static struct str or_else(const char *text, const char *other)
{
	return str_of(text ? text : other);
}

static struct card_order order_of(struct arena *arena, size_t i, int64_t now)
{
	const struct person *p = &persons[i];
	int32_t today = time_date(now);
	struct card_order order = {.now = now,
		.about = {.label = str_of(cast_cards[i].words),
			.token = or_else(p->token, "JPKIAPICCTOKEN2"),
			.root = or_else(p->root, "1"),
			.security_code = STR(CAST_SECURITY_CODE),
			.holder = {.name = str_of(p->name),
				.address = str_of(p->address),
				.birth = str_of(p->birth),
				.era = card_era(str_of(p->birth)),
				.sex = p->sex,
				.prefecture = str_of(p->prefecture),
				.municipality = str_of(p->municipality)}},
		.secrets = {[SECRET_AUTH] = STR(CAST_PIN)}};
	struct card_holder *holder = &order.about.holder;

	holder->name_subst =
		p->name_subst ? str_of(p->name_subst) : card_no_substitutes(arena, holder->name);
	holder->address_subst = card_no_substitutes(arena, holder->address);
	/* A stay of two years, one half of it over; the expired one ended last month. */
	order.issued_on = date_add_months(today, p->expired ? -25 : -12);
	order.about.expires_on = date_add_months(today, p->expired ? -1 : 12);
	if (!p->no_sign)
		order.secrets[SECRET_SIGN] = STR(CAST_PASSWORD);
	if (!p->no_text)
		order.secrets[SECRET_TEXT] = STR(CAST_TEXT_PIN);
	return order;
}

static err afterwards(const struct ca *ca, const char *dir, enum after after, int64_t now)
{
	switch (after) {
	case MOVED:
		return hall_move(ca, dir, &moved_to, now);
	case RENEWED:
		return hall_renew(ca, dir, date_add_months(time_date(now), 24), now);
	case LOCKED:
		return hall_lock(dir, SECRET_AUTH);
	case AS_MADE:
		break;
	}
	return ok();
}

bool cast_wanted(struct str only, const char *name)
{
	struct str one;

	if (str_absent(only))
		return true;
	while (str_next(&only, ',', &one)) {
		if (str_eq(one, str_of(name)))
			return true;
	}
	return false;
}

static err check_names(struct str only)
{
	struct str one;

	while (str_next(&only, ',', &one)) {
		size_t i = 0;

		while (i < CAST_COUNT && !str_eq(one, str_of(cast_cards[i].name)))
			i++;
		if (i == CAST_COUNT)
			return fail(ERR_INVALID, "no card of the cast is called " STR_FMT,
				STR_ARG(one));
	}
	return ok();
}

static err make_one(const struct ca *ca, const char *dir, size_t i, int64_t now)
{
	AUTO_ARENA arena;

	arena_init(&arena, 1u << 20);
	const char *card = str_c(&arena, str_fmt(&arena, "%s/%s", dir, cast_cards[i].name));
	const struct card_order order = order_of(&arena, i, now);

	TRY(card_make(ca, card, &order));
	return afterwards(ca, card, persons[i].after, now);
}

err cast_make(const struct ca *ca, const char *dir, struct str only, int64_t now)
{
	TRY(check_names(only));
	err made = disk_make_folder(dir);

	if (failed(made) && made.code != ERR_CONFLICT)
		return made;
	for (size_t i = 0; i < CAST_COUNT; i++) {
		if (cast_wanted(only, cast_cards[i].name))
			TRY(make_one(ca, dir, i, now));
	}
	return ok();
}
